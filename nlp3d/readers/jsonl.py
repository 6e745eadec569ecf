"""Records as JSON, one object a line: `text` and the other fields of `nlp3d.record.Record`."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from ..errors import Nlp3dError, error
from ..record import Record
from . import MAX_CHARS, Fault, Tell, silent
from ._decode import decode

SUFFIXES = (".jsonl", ".ndjson")
_MOST_BYTES_A_CHARACTER = 12  # an escaped pair, \ud83d\ude00
_ROOM = 1 << 20  # for the other fields


def read(source: BinaryIO, limit: int = MAX_CHARS, tell: Tell = silent) -> Iterator[Record | Fault]:
    """A record or a fault for every line, in order; a bad line never stops the rest, and none is read further than it may be long."""
    for number, line in enumerate(_lines(source, limit * _MOST_BYTES_A_CHARACTER + _ROOM), 1):
        where = f"line {number}"
        yield Fault(_too_long(where, limit)) if line is None else _record(line, where, limit, tell)


def _record(line: bytes, where: str, limit: int, tell: Tell) -> Record | Fault:
    if not line.strip():
        return Fault(error("line_blank", where))
    text, encoding = decode(line)
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return Fault(error("line_not_json", where))
    name = values.get("id") if isinstance(values, dict) else None
    try:
        record = Record.of(values, where)
    except Nlp3dError as problem:
        return Fault(problem, Record.of({"text": None, "id": name}).id if type(name) in (str, int) else None)
    if len(record.text) > limit:
        return Fault(_too_long(where, limit), record.id)
    if encoding != "utf-8":
        tell(error("note_encoding", where, encoding=encoding))
    return record


def _too_long(where: str, limit: int) -> Nlp3dError:
    return error("text_too_long", where, limit=f"{limit:,}")


def _lines(source: BinaryIO, most: int) -> Iterator[bytes | None]:
    """The lines without their ends; None for one of more than `most` bytes."""
    first = source.readline(most)
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        source = BytesIO((first + source.read()).decode("utf-16", "replace").encode("utf-8", "replace"))
        first = source.readline(most)
    line = first.removeprefix(codecs.BOM_UTF8) or (first and b"\n")
    while line:
        if line.endswith(b"\n") or len(line) < most:
            yield line.rstrip(b"\r\n")
        else:
            while (rest := source.readline(most)) and not rest.endswith(b"\n"):
                pass
            yield None
        line = source.readline(most)
