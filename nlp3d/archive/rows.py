"""A record and where it stands, made into a row; the row's keys are written in `run.py`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Any

from ..record import Record
from ..suggestion import Suggestion
from .billing import compare
from .prefilter import Answers
from .words import without_words

GIVEN = tuple(field.name for field in fields(Record) if field.name != "text")
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
BUDGET = 20_000_000  # characters times places; an ordinary report needs less than a hundredth


@dataclass(frozen=True, slots=True)
class Settings:
    """What a row depends on besides its record.

    `billed`: the input tells what was billed, so a supported code that was not is `missed`. `words`: rows may hold words of
    reports. `prefilter` and `budget`: see `prefilter.Answers`."""

    profile: str = "strict"
    date_of_service: date | None = None
    billed: bool = False
    words: bool = True
    prefilter: bool = True
    budget: int | None = BUDGET


def row_of(record: Record, settings: Settings, source: Sequence[Mapping[str, Any]] = (), notes: Sequence[str] = ()) -> dict[str, Any]:
    """The row for a record. Raises `prefilter.TooMuchWork`."""
    return wrapped(answers_of(settings)(record), record, settings, source, notes)


def wrapped(
    answer: Suggestion, record: Record, settings: Settings, source: Sequence[Mapping[str, Any]], notes: Sequence[str]
) -> dict[str, Any]:
    """The row for an answer that is there."""
    row = answer.to_dict()
    given = {name: getattr(record, name) for name in GIVEN}
    given["date_of_service"] = record.date_of_service.isoformat() if record.date_of_service else None
    row["record"] = given
    row["billed"] = compare(record.billed_code, answer) if settings.billed else None
    row["source"] = list(source)
    row["notes"] = list(notes)
    return row if settings.words else without_words(row)


def row_json(row: Any) -> str:
    """A row as one line of JSON; the same row gives the same bytes."""
    return _ENCODE(row)


@lru_cache(maxsize=8)
def answers_of(settings: Settings) -> Answers:
    """What answers records with certain settings."""
    return Answers(settings.profile, settings.date_of_service, settings.prefilter, settings.budget)
