"""A worklist over a finished batch run: the answers are the run's, the texts are read again from where the run read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from ..archive.accessions import rejoined
from ..decisions.store import report_key
from ..decisions.texts import Again
from ..errors import error
from ..record import Record
from ..text import sanitize
from .worklist import Report, Row


class Run(Protocol):
    """What is needed of a run."""

    folder: Path

    def rows(self) -> Iterator[dict[str, Any]]:
        """All rows in input order."""

    def row(self, number: int) -> dict[str, Any]:
        """One of them."""


def open_run(folder: str) -> Run:
    """The run in a folder. Raises `Nlp3dError` where there is none."""
    try:
        opened: Run = import_module("nlp3d.archive.run").open_run(folder)
    except ImportError:
        raise error("run_support") from None
    return opened


class RunWorklist:
    """The reports of a run that mention 3D: those that were answered in full. What is known of each is kept, never a text."""

    complete = True

    def __init__(self, run: Run, columns: Mapping[str, str] | None = None) -> None:
        """Read the run's rows once; `columns` as the run was told them. Raises `Nlp3dError` where none is left to decide on."""
        self._run, self._again = run, Again(columns)
        self._places: list[int] = []
        self._rows: list[Row] = []
        for place, row in enumerate(run.rows()):
            if row["status"] == "answered" and row["detail"] == "full":
                self._rows.append(_row(len(self._rows), row))
                self._places.append(place)
        if not self._rows:
            raise error("worklist_empty")

    def __len__(self) -> int:
        return len(self._rows)

    def rows(self) -> Sequence[Row]:
        """All reports, in input order."""
        return self._rows

    def report(self, number: int) -> Report:
        """One report with its text. Raises `Nlp3dError` where there is none, or its text is gone or another than the run read."""
        if not 0 <= number < len(self._rows):
            raise error("worklist_number")
        row = self._run.row(self._places[number])
        parts = [self._part(source) for source in row["source"]]
        text = rejoined((part.text, place) for part, place in zip(parts, row["source"], strict=True))
        if sanitize(text).sha256 != row["text_sha256"]:
            raise error("worklist_text_changed")
        return Report(_record(row["record"], parts[0], text), row["source"])

    def unread(self) -> int:
        """A run keeps those apart, in its quarantine."""
        return 0

    def _part(self, source: dict[str, Any]) -> Record:
        """The record at a place of the input. A relative name counts from here, then from the folder of the run."""
        path = Path(source["file"])
        if not path.is_file():
            path = self._run.folder.parent / path
        if not path.is_file():
            raise error("worklist_text_gone")
        found = self._again.record(str(path), source.get("kind"), int(source["record"]))
        if found is None:
            raise error("worklist_text_gone")
        return found


def _row(number: int, row: dict[str, Any]) -> Row:
    record = row["record"]
    day = row["date_of_service"] or record["date_of_service"]
    return Row(
        number=number,
        id=record["id"],
        accession=record["accession"],
        title=record["title"],
        reader=record["reader"],
        month=day[:7] if day else None,
        code=row["code"],
        reason=row["reason"],
        flags=tuple(dict.fromkeys(flag["flag"] for flag in row["flags"])),
        needs_review=row["needs_review"],
        key=report_key(record["id"], record["accession"], row["text_sha256"]),
    )


def _record(row: dict[str, Any], read: Record, text: str) -> Record:
    """The record as the run named it; what a run without words left out, such as the title, is the input's."""
    known = Record.of({**row, "text": ""})
    found = {field.name: getattr(known, field.name) or getattr(read, field.name) for field in fields(Record)}
    return Record(**{**found, "text": text, "id": known.id, "accession": known.accession})
