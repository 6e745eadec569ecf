"""One report as plain text; its id is the caller's to know, since a file name may be a patient's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from ._decode import is_binary
from ._items import Fault, Item, Options, fault
from ._unit import decoded, too_large, unit

SUFFIXES = (".txt", ".text", "")
SINGLE = True
_MOST_BYTES_A_CHARACTER = 4
_MARK = len("\ufeff".encode())
_CHUNK = 1 << 16


def read(stream: BinaryIO, options: Options = Options()) -> Iterator[Item]:  # noqa: B008 (frozen)
    """The one unit of a text file, or what keeps it from being one: binary content, or too much of it."""
    source = options.source(1, 0)
    raw = whole(stream, options)
    if isinstance(raw, Fault):
        yield raw
        return
    if is_binary(raw):
        yield fault("not_text", "text_binary", source, raw)
        return
    read = decoded(raw, source, options)
    yield read if isinstance(read, Fault) else unit({"text": read[0]}, read[1], options, raw)


def whole(stream: BinaryIO, options: Options, a_character: int = _MOST_BYTES_A_CHARACTER) -> bytes | Fault:
    """The bytes of a file that is one report, or the fault of one with more than `a_character` bytes for each that a text may have."""
    most = options.limit * a_character + _MARK
    raw = stream.read(most + 1)
    if len(raw) <= most:
        return raw
    size, digest = len(raw), hashlib.sha256(raw)
    while more := stream.read(_CHUNK):
        size += len(more)
        digest.update(more)
    return too_large(options.source(1, 0), options, size, digest.hexdigest())
