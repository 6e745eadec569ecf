"""Records as JSON, one object a line: `text` and the other fields of `nlp3d.record.Record`, or usual names for them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from io import BufferedReader
from typing import Any, BinaryIO, cast

from ..errors import Nlp3dError
from ._columns import check_fields, mapped, take
from ._items import Fault, Item, Options, Source, fault
from ._lines import Line, Utf8, as_utf8, lines_of, most_bytes
from ._unit import decoded, too_large, unit

SUFFIXES = (".jsonl", ".ndjson")
SEEKS = True


def read(stream: BinaryIO, options: Options = Options()) -> Iterator[Item]:  # noqa: B008 (frozen)
    """A unit or a fault for every line, in order; a bad line never stops the rest."""
    check_fields(options.columns)
    source = Utf8(cast("BufferedReader", stream), None, options.at) if options.at else as_utf8(stream)
    for line in lines_of(source, most_bytes(options.limit), before=options.after if options.at else 0):
        if line.number > options.after:
            yield _item(line, options, source.was)


def preview(stream: BinaryIO, options: Options) -> Mapping[str, str]:
    """Field to key, by the first line that is an object."""
    for line in lines_of(as_utf8(stream), most_bytes(options.limit)):
        values = parsed(line.raw.decode("utf-8", "replace")) if line.raw else None
        if isinstance(values, dict):
            return _columns(tuple(values), tuple(options.columns.items()))
    return {}


def parsed(text: str) -> Any:
    """The value of a JSON text, None where it is none (or nested without end)."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def line_source(line: Line, options: Options, was: str | None) -> Source:
    """The place of a line that holds a record of its own."""
    return options.source(line.number, None if was else line.offset, (line.number, line.number))


def line_text(line: Line, options: Options, was: str | None) -> tuple[str, Source] | Fault:
    """The text of a line and its place, or why it is none."""
    source = line_source(line, options, was)
    if line.raw is None:
        return too_large(source, options, line.size, line.sha256)
    if not line.raw.strip():
        return fault("blank", "line_blank", source, line.raw)
    return decoded(line.raw, source, options, was)


def _item(line: Line, options: Options, was: str | None) -> Item:
    read = line_text(line, options, was)
    if isinstance(read, Fault):
        return read
    text, source = read
    values = parsed(text)
    if values is None:
        return fault("bad_json", "line_not_json", source, line.raw)
    if isinstance(values, dict):
        try:
            values = take(values, _columns(tuple(values), tuple(options.columns.items())))
        except Nlp3dError as problem:
            if problem.code != "columns_no_text":
                return fault("bad_record", problem.code, source, line.raw)
    return unit(values, source, options, line.raw)


@lru_cache(maxsize=256)
def _columns(keys: tuple[str, ...], given: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return mapped(keys, dict(given))
