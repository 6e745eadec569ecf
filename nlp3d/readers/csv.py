"""Tables as delimited text with a head: comma, semicolon, tab or stroke; quoted cells may hold line ends; old encodings by record.

A row whose quotes do not match swallows nothing: its first physical line becomes a fault, and reading goes on with the next line.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO

from ._columns import mapped, take
from ._items import Fault, Item, Options, Source, fault
from ._lines import Line, Utf8, as_utf8, lines_of, most_bytes
from ._unit import decoded, too_large, unit

SUFFIXES = (".csv", ".tsv", ".tab", ".psv")
_DELIMITERS = ",;\t|"
_NONE = "\x1f"  # of a table with one column
_MOST_LINES = 2_000  # of one row: more is a quote that was never closed
_HEAD = 1 << 16
csv.field_size_limit(1 << 27)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are set apart: the delimiter, and whether a quote within quotes is written `\\"` instead of `""`."""

    delimiter: str
    escaped: bool = False

    def open_after(self, raw: bytes, open_: bool) -> bool:
        """Whether a quoted cell is open at the end of a line, `open_` at its start."""
        plain = raw.replace(b"\\\\", b"").replace(b'\\"', b"") if self.escaped else raw
        return open_ ^ bool(plain.count(b'"') & 1)

    def first(self, line: Line) -> bytes:
        """The first cell of a line, without quotes."""
        return (line.raw or b"").split(self.delimiter.encode(), 1)[0].strip(b'" \r\n')

    def cells(self, text: str) -> list[str] | None:
        """The cells of one row, None where it is none by the strict rules."""
        escape = {"escapechar": "\\", "doublequote": False} if self.escaped else {}
        try:
            rows = list(csv.reader([text] if "\n" not in text.rstrip("\r\n") else text.splitlines(keepends=True), delimiter=self.delimiter, strict=True, **escape))  # type: ignore[arg-type]
        except csv.Error:
            return None
        return rows[0] if len(rows) == 1 else None


def read(stream: BinaryIO, options: Options = Options()) -> Iterator[Item]:  # noqa: B008 (frozen)
    """A unit or a fault for every row below the head. Raises `Nlp3dError` where columns are not clear."""
    source = as_utf8(stream)
    dialect = dialect_of(source.stream.peek(_HEAD)[:_HEAD], options)
    rows = _rows(source, dialect, options)
    header: list[str] | None = None
    columns: Mapping[str, str] = {}
    number = 0
    for lines, whole in rows:
        place = replace(options.source(number + 1), offset=None if source.was else lines[0].offset, lines=(lines[0].number, lines[-1].number))
        text = _text(lines, whole, place, options, source.was)
        cells = dialect.cells(text[0]) if not isinstance(text, Fault) else None
        if header is None:
            header = [cell.strip() for cell in cells or []] if options.header else [str(n) for n in range(1, len(cells or []) + 1)]
            columns = mapped(header, options.columns)
            if options.header:
                continue
        number += 1
        yield _item(text, cells, header, columns, lines, replace(place, record=number), options)


def preview(stream: BinaryIO, options: Options) -> Mapping[str, str]:
    """Field to column. Raises `Nlp3dError` where that is not clear."""
    source = as_utf8(stream)
    dialect = dialect_of(source.stream.peek(_HEAD)[:_HEAD], options)
    for lines, _ in _rows(source, dialect, options):
        text = b"".join(line.raw or b"" for line in lines).decode("utf-8", "replace")
        cells = dialect.cells(text) or []
        return mapped([c.strip() for c in cells] if options.header else [str(n) for n in range(1, len(cells) + 1)], options.columns)
    return {}


def dialect_of(head: bytes, options: Options) -> Dialect:
    """The dialect by the head of the file: the delimiter that parts the first line most often, outside quotes."""
    first = head.lstrip(b"\r\n").splitlines()[0] if head.strip() else b""  # CR, LF or both
    bare = b"".join(part for part in first.split(b'"')[::2]).decode("latin-1")
    delimiter = options.delimiter or max(_DELIMITERS, key=lambda sign: (bare.count(sign), -_DELIMITERS.index(sign)))
    if not options.delimiter and delimiter not in bare:
        delimiter = _NONE
    return Dialect(delimiter, b'\\"' in head and b'""' not in head.replace(b',""', b"").replace(b'\\""', b""))


def _rows(source: Utf8, dialect: Dialect, options: Options) -> Iterator[tuple[list[Line], bool]]:
    """The physical lines of each row, with whether its quotes match; blank lines between rows are none."""
    most = most_bytes(options.limit)
    head = source.stream.peek(_HEAD)[:_HEAD]
    bare = b"".join(head.split(b'"')[::2])  # line ends inside of quotes are words of a report
    ending = b"\r" if b"\r" in bare and b"\n" not in bare else b"\n"
    coming, waiting = lines_of(source, most, ending), deque[Line]()
    numbered: bool | None = None  # whether every row so far began with a number

    def following() -> Line | None:
        return waiting.popleft() if waiting else next(coming, None)

    while (line := following()) is not None:
        if line.raw is not None and not line.raw.strip(b"\r\n"):
            continue
        lines, size = [line], line.size
        is_open = line.raw is not None and dialect.open_after(line.raw, False)
        while is_open and len(lines) < _MOST_LINES and size < most and (more := following()) is not None:
            lines.append(more)
            size += more.size
            is_open = more.raw is not None and dialect.open_after(more.raw, is_open)
            if more.raw is None:
                break
        broken = is_open or (len(lines) > 1 and not _strict(lines, dialect)) or (numbered is True and _strange(lines, dialect))
        if broken:
            waiting.extendleft(reversed(lines[1:]))
            lines = lines[:1]
        elif line.number > 1 or not options.header:
            numbered = numbered is not False and dialect.first(line).isdigit()
        yield lines, not broken


def _strange(lines: list[Line], dialect: Dialect) -> bool:
    """Whether a row of a table whose rows begin with numbers is none: it begins with words (a text was broken over lines without quotes), or
    one of its further lines begins as a row with a quoted cell does (the quote before it was never closed)."""
    sign = re.escape(dialect.delimiter.encode())
    row = re.compile(rb"\d+" + sign + rb'(?:[^"\r\n]*' + sign + rb')?"(?:"")*(?!")')
    words = lines[0].raw is not None and re.fullmatch(rb"[^\d]*[A-Za-z][^\d]*", dialect.first(lines[0])) is not None
    return words or any(row.match(line.raw or b"") for line in lines[1:])


def _strict(lines: list[Line], dialect: Dialect) -> bool:
    return all(line.raw is not None for line in lines) and dialect.cells(b"".join(line.raw or b"" for line in lines).decode("latin-1")) is not None


def _text(lines: list[Line], whole: bool, place: Source, options: Options, was: str | None) -> tuple[str, Source] | Fault:
    if any(line.raw is None for line in lines):
        return too_large(place, options, sum(line.size for line in lines), lines[0].sha256 if len(lines) == 1 else None)
    raw = b"".join(line.raw or b"" for line in lines)
    if not whole:
        return fault("bad_row", "row_not_whole", place, raw)
    return decoded(raw, place, options, was)


def _item(
    text: tuple[str, Source] | Fault, cells: list[str] | None, header: list[str], columns: Mapping[str, str], lines: list[Line], place: Source, options: Options
) -> Item:
    raw = b"".join(line.raw or b"" for line in lines)
    if isinstance(text, Fault):
        return replace(text, source=replace(text.source, record=place.record))
    if cells is None or len(cells) != len(header):
        return fault("bad_row", "row_not_whole", place, raw)
    values = {name: cell or None for name, cell in zip(header, cells, strict=True)}
    values = {**values, columns["text"]: values.get(columns["text"]) or ""} if columns["text"] in values else values
    taken = take(values, columns)
    return unit({**taken, "text": taken.get("text") or ""}, replace(place, encoding=text[1].encoding), options, raw)
