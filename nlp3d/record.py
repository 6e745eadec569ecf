"""One input unit: a report's text, and what is known apart from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Any

from .errors import error
from .facts import GROUPS, Group
from .text import sanitize

_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*|\d{4,6}.*)?", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Record:
    """A report and what the caller knows of it; only `text` is needed.

    `title` is the exam title or order description known apart from the text, `base` what the caller knows the examination to
    be, `version` the order of addenda and corrections, `billed_code` what was billed."""

    text: str
    id: str | None = None
    accession: str | None = None
    title: str | None = None
    base: Group | None = None
    date_of_service: date | None = None
    modality: str | None = None
    site: str | None = None
    reader: str | None = None
    version: str | None = None
    billed_code: str | None = None

    @classmethod
    def of(cls, values: Mapping[str, Any], where: str = "") -> Record:
        """A record from named values, unknown names ignored, whole numbers read as text, empty values as not given.

        Raises `Nlp3dError`, which names the field and `where` (say, a line number) but never a value."""
        if not isinstance(values, Mapping):
            raise error("record_not_a_mapping", where)
        if "text" not in values:
            raise error("record_text_missing", where)
        given: dict[str, Any] = {name: _text(name, values[name], where) for name in _NAMES if name in values}
        given["text"] = given["text"] or ""
        if given.get("base") not in (None, *GROUPS):
            raise error("base_unknown", where, allowed=", ".join(GROUPS))
        return cls(**given, date_of_service=_day(values.get("date_of_service"), where))


_NAMES = tuple(field.name for field in fields(Record) if field.name != "date_of_service")


def _text(name: str, value: Any, where: str) -> str | None:
    if isinstance(value, str):
        safe = name == "text" or (value.isascii() and value.isprintable())
        return (value if safe else sanitize(value).text) or None
    if value is None:
        return None
    if type(value) is int and name != "text":
        return str(value)
    raise error("record_field_type", where, name=name)


def _day(value: Any, where: str) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    day = _written_day(value) if isinstance(value, str) else None
    if day is None:
        raise error("record_date", where, name="date_of_service")
    return day


@lru_cache(maxsize=4096)
def _written_day(value: str) -> date | None:
    found = _DATE.fullmatch(value.strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
