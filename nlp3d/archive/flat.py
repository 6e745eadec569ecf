"""A row as columns: the same for Parquet (typed), CSV and XLSX. What a column holds is written only here.

A report may hold several studies; `base`, `procedure`, `technique`, `location` and `supervision` are those of the study that
decided the answer (the first whose own code and reason are the answer's), joined lists stand in the order of the row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Kind = Literal["text", "number", "truth", "day", "list"]
Cell = str | int | bool | date | list[str] | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the kind of its values, and how a row gives one."""

    name: str
    kind: Kind
    value: Callable[[Mapping[str, Any]], Cell]


def _key(name: str) -> Column:
    return Column(name, "text", lambda row: row[name])


def _given(name: str) -> Column:
    return Column(name, "text", lambda row: row["record"][name])


def _deciding(name: str) -> Column:
    return Column(name, "text", lambda row: _study(row).get(name))


def _study(row: Mapping[str, Any]) -> Mapping[str, Any]:
    studies: list[Mapping[str, Any]] = row["studies"]
    wanted = (row["code"], row["reason"])
    return next((one for one in studies if (one.get("code"), one.get("reason")) == wanted), studies[0] if studies else {})


def _iso(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _source(row: Mapping[str, Any], key: str) -> Cell:
    value: Cell = row["source"][0].get(key) if row["source"] else None
    return value


COLUMNS: tuple[Column, ...] = (
    _key("id"),
    _given("accession"),
    _key("status"),
    _key("detail"),
    _key("code"),
    _key("reason"),
    Column("units", "number", lambda row: sum(entry["units"] for entry in row.get("codes", ()))),
    Column("needs_review", "truth", lambda row: row["needs_review"]),
    Column("flags", "list", lambda row: list(dict.fromkeys(one["flag"] for one in row["flags"]))),
    Column("queries_to", "list", lambda row: [query["to"] for query in row.get("queries", ())]),
    Column("studies", "number", lambda row: len(row["studies"])),
    Column("study", "text", lambda row: _study(row).get("name")),
    _deciding("procedure"),
    _deciding("base"),
    _deciding("technique"),
    _deciding("location"),
    _deciding("supervision"),
    _key("billed"),
    _given("billed_code"),
    Column("date_of_service", "day", lambda row: _iso(row["date_of_service"])),
    _given("title"),
    _given("modality"),
    _given("site"),
    _given("reader"),
    _given("version"),
    _key("profile"),
    Column("edition", "day", lambda row: _iso(row["edition"]["date"])),
    Column("parts", "number", lambda row: len(row["source"])),
    Column("source_file", "text", lambda row: _source(row, "file")),
    Column("source_record", "number", lambda row: _source(row, "record")),
    Column("occurrence", "number", lambda row: _source(row, "occurrence")),
    Column("encoding", "text", lambda row: _source(row, "encoding")),
    Column("notes", "list", lambda row: row["notes"]),
    _key("text_sha256"),
)


def as_text(value: Cell) -> str:
    """A value as one cell of a text table: lists joined by a space, truth as true and false, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(value)
    return value.isoformat() if isinstance(value, date) else str(value)
