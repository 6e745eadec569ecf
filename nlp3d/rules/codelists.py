"""A site's own lists: the edit file it downloaded from CMS, and its code lists. Nothing of the kind is shipped.

Every look-up is by date of service. A fault names the file and the line, never what the line holds.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, cast

from ..errors import error
from .model import CODES, InForce

_CODE = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]", re.ASCII)
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})", re.ASCII)
_COLUMNS = ("code", "concept", "from", "to")


@dataclass(frozen=True, slots=True)
class Pair:
    """One edit: the other code, the column in which it stands, and whether a modifier may part the two (`0` no, `1` yes, `9` not
    applicable)."""

    other: str
    column: Literal[1, 2]
    modifier: Literal["0", "1", "9"]
    in_force: InForce


class Edits:
    """The pairs of the NCCI procedure-to-procedure file that name one of our two codes."""

    def __init__(self, pairs: dict[str, list[Pair]]) -> None:
        self._pairs = pairs

    def __len__(self) -> int:
        """The number of pairs, each counted for every code of ours it names."""
        return sum(map(len, self._pairs.values()))

    def pairs_with(self, code: str, day: date) -> tuple[Pair, ...]:
        """The pairs of a code in force on a day."""
        return tuple(pair for pair in self._pairs.get(code, ()) if pair.in_force.covers(day))


class CodeList:
    """A site's list of codes and the concepts of the vocabulary they stand for."""

    def __init__(self, entries: dict[str, list[tuple[str, InForce]]]) -> None:
        self._entries = entries

    def __len__(self) -> int:
        """The number of codes."""
        return len(self._entries)

    def concept(self, code: str, day: date) -> str | None:
        """The concept of a code on a day, or None."""
        return next((concept for concept, days in self._entries.get(code, ()) if days.covers(day)), None)


def load_edits(path: str | os.PathLike[str]) -> Edits:
    """Read the quarterly file as CMS publishes it, comma or tab separated, its introduction included.

    Columns: first code, second code, old-edit mark, first day, last day (`*` for none), modifier indicator, and more that is not
    read. The last day is the deletion date. Raises `Nlp3dError` with file and line."""
    pairs: dict[str, list[Pair]] = {code: [] for code in CODES}
    begun = False
    for where, row in _rows(path):
        cells = [cell.strip() for cell in row]
        if not (len(cells) > 1 and _CODE.fullmatch(cells[0]) and _CODE.fullmatch(cells[1])):
            if begun and any(cells):
                raise error("list_code", where)
            continue
        begun = True
        if len(cells) < 6:
            raise error("list_columns", where, allowed="column 1, column 2, mark, effective date, deletion date, modifier")
        if cells[5] not in ("0", "1", "9"):
            raise error("list_modifier", where)
        start = _day(cells[3], "effective date", where)
        if start is None:
            raise error("list_date", where, name="effective date")
        days = InForce(start, _day(cells[4], "deletion date", where))
        for code, other, column in ((cells[0], cells[1], 2), (cells[1], cells[0], 1)):
            if code in pairs:
                pairs[code].append(Pair(other, cast(Literal[1, 2], column), cast(Literal["0", "1", "9"], cells[5]), days))
    if not begun:
        raise error("list_empty", str(path))
    return Edits(pairs)


def load_code_list(path: str | os.PathLike[str]) -> CodeList:
    """Read a site's list with the header `code,concept,from,to`; an empty `from` or `to` is open. Raises `Nlp3dError`."""
    entries: dict[str, list[tuple[str, InForce]]] = {}
    rows = _rows(path)
    header = next(rows, None)
    if header is None or tuple(cell.strip().lower() for cell in header[1]) != _COLUMNS:
        raise error("list_columns", f"{path}, line 1", allowed=",".join(_COLUMNS))
    for where, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(_COLUMNS) or not row[0].strip() or not row[1].strip():
            raise error("list_columns", where, allowed=",".join(_COLUMNS))
        code, concept, first, last = (cell.strip() for cell in row)
        days = InForce(_day(first, "from", where), _day(last, "to", where))
        if any(_meet(days, other) for _, other in entries.get(code, ())):
            raise error("list_overlap", where)
        entries.setdefault(code, []).append((concept, days))
    if not entries:
        raise error("list_empty", str(path))
    return CodeList(entries)


def _rows(path: str | os.PathLike[str]) -> Iterator[tuple[str, list[str]]]:
    """The rows of a file, each with its place; separated by tabs if there is one in the first lines, else by commas."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        text = Path(path).read_text(encoding="latin-1")
    except OSError as fault:
        raise error("list_unreadable", str(path), problem=type(fault).__name__) from None
    lines = text.splitlines(keepends=True)
    separator = "\t" if any("\t" in line for line in lines[:50]) else ","
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise error("list_columns", f"{path}, line {reader.line_num}", allowed="one row a line") from None
        yield f"{path}, line {reader.line_num}", row


def _day(cell: str, name: str, where: str) -> date | None:
    if cell in ("", "*"):
        return None
    try:
        if found := _DAY.fullmatch(cell):
            return date(*map(int, found.groups()))
    except ValueError:
        pass
    raise error("list_date", where, name=name)


def _meet(one: InForce, other: InForce) -> bool:
    return (one.end is None or other.start is None or other.start <= one.end) and (
        other.end is None or one.start is None or one.start <= other.end
    )
