"""A worklist over files of any format: listed once, answered one after the other while the page is in use, no text kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from sys import intern

from ..decisions.texts import Again, known
from ..errors import error
from ..readers import Fault, Item, Unit, files_of, open_source
from ..record import Record
from ..suggestion import Suggestion
from ..text import sanitize
from .worklist import Report, Row, key_of

_AT_ONCE = 2.0  # seconds of listing before the page opens; the rest is listed while it is in use
STANDARD_INPUT = "-"


class FileWorklist:
    """The records of files, folders and patterns. `answer` gives the suggestion for one; it is called in a thread of its own, from `start` on.

    What is kept of a report is its row and its place; its text is read again when it is opened, and checked by its hash."""

    def __init__(
        self,
        paths: Sequence[str],
        day: date | None,
        answer: Callable[[Record], Suggestion],
        format: str | None = None,
        columns: Mapping[str, str] | None = None,
        at_once: float = _AT_ONCE,
    ) -> None:
        """Begin to list. Raises `Nlp3dError` where nothing can be read or nothing is a record."""
        if STANDARD_INPUT in paths:
            raise error("worklist_stream")
        self._paths, self._format, self._columns = paths, format, columns
        self._day, self._answer, self._faults = day, answer, 0
        self._rows: list[Row] = []
        self._places: list[tuple[str, str, int]] = []
        self._files = known(files_of(paths))
        self._again = Again(columns)
        self._listed = self._all()
        self._stop = threading.Event()
        self.complete = False
        self._list(time.monotonic() + at_once)
        if self.complete and not self._rows:
            raise error("worklist_empty")

    def start(self) -> threading.Thread:
        """List what is left, and answer."""
        thread = threading.Thread(target=self._run, name="worklist", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """Answer no more."""
        self._stop.set()

    def _all(self) -> Iterator[Item]:
        return open_source(self._paths, format=self._format, columns=self._columns)

    def _list(self, until: float) -> None:
        """List until a time on the clock, but one record at least."""
        for item in self._listed:
            if isinstance(item, Fault):
                self._faults += 1
            else:
                source = item.source
                self._places.append((intern(source.file), intern(source.kind), source.record))
                self._rows.append(_row(len(self._rows), item.record, self._day))
            if self._stop.is_set() or (self._rows and time.monotonic() > until):
                return
        self.complete = True

    def _run(self) -> None:
        self._list(float("inf"))
        units = (item for item in self._all() if isinstance(item, Unit))
        for number, item in enumerate(units):
            if self._stop.is_set() or number >= len(self._rows):
                return
            row = self._rows[number]
            record = replace(item.record, date_of_service=item.record.date_of_service or self._day)
            try:
                found = self._answer(record) if _key(record) == row.key else None
            except Exception:  # a report that cannot be answered stays in the list, as such
                found = None
            if found is None:
                self._rows[number] = replace(row, reason="error")
                continue
            self._rows[number] = replace(
                row,
                code=found.code,
                reason=found.reason or found.status,
                flags=tuple(dict.fromkeys(flag.flag for flag in found.flags)),
                needs_review=found.needs_review,
            )

    def __len__(self) -> int:
        return len(self._rows)

    def rows(self) -> Sequence[Row]:
        """All reports so far, in order; those not answered yet without a reason."""
        return self._rows

    def report(self, number: int) -> Report:
        """One report. Raises `Nlp3dError` where there is none, or where it is gone or another since it was listed."""
        if not 0 <= number < len(self._rows):
            raise error("worklist_number")
        file, kind, place = self._places[number]
        record = self._again.record(self._files.get(file, file), kind, place)
        if record is None:
            raise error("worklist_text_gone")
        if _key(record) != self._rows[number].key:
            raise error("worklist_text_changed")
        dated = replace(record, date_of_service=record.date_of_service or self._day)
        return Report(dated, [{"file": file, "kind": kind, "record": place}])

    def unread(self) -> int:
        """How many inputs are no records."""
        return self._faults


def _key(record: Record) -> str:
    return key_of(record, sanitize(record.text).sha256)


def _row(number: int, record: Record, day: date | None) -> Row:
    """The row of a record that is not answered yet. Values that many reports share are kept once."""
    given = record.date_of_service or day
    title, reader = (intern(value) if value else None for value in (record.title, record.reader))
    return Row(number, record.id, record.accession, title, reader, intern(given.isoformat()[:7]) if given else None, None, None, (), False, _key(record))
