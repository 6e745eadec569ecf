"""One report as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from ..errors import error
from ..record import Record
from . import MAX_CHARS, Fault, Tell, silent
from ._decode import decode, is_binary

SUFFIXES = (".txt", ".text", "")
_MOST_BYTES_A_CHARACTER = 4


def read(source: BinaryIO, limit: int = MAX_CHARS, tell: Tell = silent) -> Iterator[Record | Fault]:
    """The one record of a text file, or what keeps it from being one: binary content, or too much of it."""
    most = limit * _MOST_BYTES_A_CHARACTER + len("\ufeff".encode())
    try:
        raw = source.read(most + 1)
    except OSError:
        yield Fault(error("file_is_folder"))
        return
    if is_binary(raw):
        yield Fault(error("text_binary"))
        return
    text, encoding = decode(raw) if len(raw) <= most else ("", "")
    if len(raw) > most or len(text) > limit:
        yield Fault(error("text_too_long", limit=f"{limit:,}"))
        return
    if encoding != "utf-8":
        tell(error("note_encoding", encoding=encoding))
    yield Record(text)
