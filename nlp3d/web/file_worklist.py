"""A worklist over a file of records: read once, answered one after the other while the page is in use."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from ..decisions.texts import records_in
from ..errors import error
from ..record import Record
from ..suggestion import Suggestion
from ..text import sanitize
from .worklist import Report, Row, key_of

_MOST = 20_000


class FileWorklist:
    """The records of a file. `answer` gives the suggestion for one; it is called in a thread of its own, from `start` on."""

    def __init__(self, path: str, day: date | None, answer: Callable[[Record], Suggestion]) -> None:
        """Read the file. Raises `Nlp3dError` where it cannot be read, holds no record, or too many to keep in memory."""
        self._answer, self._faults = answer, 0
        self._records: list[Record] = []
        for record in records_in(path):
            if record is None:
                self._faults += 1
                continue
            if len(self._records) == _MOST:
                raise error("worklist_too_long", limit=f"{_MOST:,}")
            self._records.append(replace(record, date_of_service=record.date_of_service or day))
        if not self._records:
            raise error("worklist_empty")
        self._rows = [_row(number, record) for number, record in enumerate(self._records)]
        self._stop = threading.Event()

    def start(self) -> threading.Thread:
        """Begin to answer."""
        thread = threading.Thread(target=self._run, name="worklist", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """Answer no more."""
        self._stop.set()

    def _run(self) -> None:
        for number, record in enumerate(self._records):
            if self._stop.is_set():
                return
            try:
                found = self._answer(record)
            except Exception:  # a report that cannot be answered stays in the list, without a reason
                self._rows[number] = replace(self._rows[number], reason="error")
                continue
            self._rows[number] = replace(
                self._rows[number],
                code=found.code,
                reason=found.reason or found.status,
                flags=tuple(dict.fromkeys(flag.flag for flag in found.flags)),
                needs_review=found.needs_review,
            )

    def __len__(self) -> int:
        return len(self._records)

    def rows(self) -> Sequence[Row]:
        """All reports, in order; those not answered yet without a reason."""
        return self._rows

    def report(self, number: int) -> Report:
        """One report. Raises `Nlp3dError` where there is none."""
        if not 0 <= number < len(self._records):
            raise error("worklist_number")
        return Report(self._records[number], {"record": number + 1})

    def unread(self) -> int:
        """How many inputs are no records."""
        return self._faults


def _row(number: int, record: Record) -> Row:
    month = record.date_of_service.isoformat()[:7] if record.date_of_service else None
    key = key_of(record, sanitize(record.text).sha256)
    return Row(number, record.id, record.accession, record.title, record.reader, month, None, None, (), False, key)
