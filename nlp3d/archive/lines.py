"""Rows as they are written: the cells of a row in the order of the table's columns, without the row being built where it is short.

What short rows of one kind share is taken from one row that is built and written as any other, with marks where they differ; so keys,
columns and blanked words are spelled once. The cells of any row are those of `row_of`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring
from typing import Any

from ..record import Record
from ..suggestion import Suggestion
from .billing import compare
from .flat import COLUMNS
from .prefilter import Filled
from .rows import GIVEN, Settings, answers_of, row_json, wrapped

KINDS = ("status", "code", "reason", "billed", "detail")  # what a run counts
Kind = tuple[str | None, ...]
Cells = list[Any]
_PLACE = {column.name: position for position, column in enumerate(COLUMNS)}
_BILLED = KINDS.index("billed")
_MARK = "\0"
_ADDED = ("record", "billed", "source", "notes")  # to an answer, in this order
_MARKED = ("id", "date_of_service", "text_sha256", "record", "billed", "source", "notes")
_GIVEN_CELLS = tuple((name, _PLACE[name]) for name in GIVEN if name in _PLACE and name not in ("id", "base", "date_of_service"))  # "base" is that of a study
_ID, _DAY, _STUDY, _BILLED_CELL, _TITLE, _PARTS, _NOTES, _HASH = (
    _PLACE[name] for name in ("id", "date_of_service", "study", "billed", "title", "parts", "notes", "text_sha256")
)
_SOURCE_CELLS = tuple((name, _PLACE[column]) for name, column in (("file", "source_file"), ("record", "source_record"), ("occurrence", "occurrence"), ("encoding", "encoding")))


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the rows of a form share: the pieces of the JSON between the marks, the cells, and what is counted."""

    pieces: tuple[str, ...]
    cells: Cells
    kind: Kind


class Lines:
    """Writes rows with certain settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._answers = answers_of(settings)

    def __call__(self, record: Record, source: Sequence[Mapping[str, Any]], notes: Sequence[str] = ()) -> tuple[Cells, Kind]:
        """The cells of a record's row, the whole row as JSON last, and what is counted of it. Raises `prefilter.TooMuchWork`."""
        filled = self._answers.form(record)
        if filled is not None:
            return self._short(filled, record, source, notes)
        answer = self._answers.whole(record)
        row = wrapped(answer, record, self.settings, source, notes)
        written = _whole(answer, row) if self.settings.words else row_json(row)
        return [*(column.value(row) for column in COLUMNS), written], tuple(row[name] for name in KINDS)

    def _short(self, filled: Filled, record: Record, source: Sequence[Mapping[str, Any]], notes: Sequence[str]) -> tuple[Cells, Kind]:
        form, words = filled.form, self.settings.words
        shared: _Shared = form.made or self._share(filled)
        day = record.date_of_service or self.settings.date_of_service
        billed = compare(record.billed_code, form.answer) if self.settings.billed else None
        start, after_id, after_day, after_hash, after_record, after_billed, after_source, end = shared.pieces
        noted = row_json(notes) if notes else "[]"
        name: str = shared.cells[_STUDY]
        if form.dated and words:
            after_day, name = after_day.replace(form.dated, filled.dated), name.replace(form.dated, filled.dated)
        row = (
            f"{start}{_text(record.id)}{after_id}{_text(day.isoformat() if day else None)}{after_day}{_text(filled.sha256)}{after_hash}"
            f"{_given(record, words)}{after_record}{_text(billed)}{after_billed}{_list(source)}{after_source}{noted}{end}"
        )
        cells = shared.cells.copy()
        cells[_ID], cells[_DAY], cells[_STUDY], cells[_BILLED_CELL], cells[_HASH] = record.id, day, name, billed, filled.sha256
        for key, place in _GIVEN_CELLS:
            cells[place] = getattr(record, key)
        if not words:
            cells[_TITLE] = None
        cells[_PARTS], cells[_NOTES] = len(source), list(notes)
        if source:
            for key, place in _SOURCE_CELLS:
                cells[place] = source[0].get(key)
        cells.append(row)
        return cells, shared.kind if billed is None else (*shared.kind[:_BILLED], billed, *shared.kind[_BILLED + 1 :])

    def _share(self, filled: Filled) -> _Shared:
        row = wrapped(filled.form.answer, Record(""), self.settings, (), ())
        cells = [column.value(row) for column in COLUMNS]
        marked = row_json({**row, **{name: _MARK + name for name in _MARKED}})
        pieces = []
        for name in _MARKED:
            before, marked = marked.split(_text(_MARK + name), 1)
            pieces.append(before)
        shared = filled.form.made = _Shared((*pieces, marked), cells, tuple(row[name] for name in KINDS))
        return shared


def _text(value: str | None) -> str:
    return "null" if value is None else encode_basestring(value)


def _whole(answer: Suggestion, row: Mapping[str, Any]) -> str:
    """The JSON of a row in which the answer stands as it is; an answer writes itself faster than its row would be written."""
    return f"{answer.to_json()[:-1]},{row_json({name: row[name] for name in _ADDED})[1:]}"


def _given(record: Record, words: bool) -> str:
    """The JSON of what the input said besides the text."""
    day = record.date_of_service
    values = {name: getattr(record, name) for name in GIVEN}
    values["date_of_service"] = day.isoformat() if day else None
    if not words:
        values["title"] = None
    return "{" + ",".join([before + _text(values[name]) for name, before in _BEFORE]) + "}"


def _list(places: Sequence[Mapping[str, Any]]) -> str:
    """The JSON of places: flat, of text, whole numbers, and pairs of them."""
    return "[" + ",".join(["{" + ",".join([f'"{name}":{_value(value)}' for name, value in place.items()]) + "}" for place in places]) + "]"


def _value(value: Any) -> str:
    if type(value) is str:
        return encode_basestring(value)
    if type(value) is int:
        return str(value)
    return f"[{value[0]},{value[1]}]" if type(value) is tuple and len(value) == 2 else row_json(value)


_BEFORE = tuple((name, f'"{name}":') for name in GIVEN)
