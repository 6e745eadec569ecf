"""Physical lines of a byte stream with their places, none read further than it may be long, UTF-16 read as UTF-8."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MOST_BYTES_A_CHARACTER = 12  # an escaped pair in JSON, \ud83d\ude00
ROOM = 1 << 20  # for what is not text: other fields, marks
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHUNK = 1 << 16


def most_bytes(limit: int) -> int:
    """The most bytes that a record with a text of `limit` characters may take."""
    return limit * MOST_BYTES_A_CHARACTER + ROOM


@dataclass(frozen=True, slots=True)
class Line:
    """A physical line: its number from 1, its first byte, its bytes with their end; None and a hash where they are too many."""

    number: int
    offset: int
    raw: bytes | None
    size: int
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Utf8:
    """A stream of bytes that are UTF-8 or older one-byte text, past its byte order mark: what it was before (None: that), and how
    many bytes were passed over."""

    stream: BufferedReader
    was: str | None
    skipped: int


def as_utf8(stream: BinaryIO) -> Utf8:
    """The stream without its byte order mark, and with UTF-16 read as UTF-8 (what is none becomes U+FFFD)."""
    buffered = stream if isinstance(stream, BufferedReader) else BufferedReader(cast("RawIOBase", stream))
    head = buffered.peek(len(codecs.BOM_UTF8))
    if head.startswith(_UTF16):
        return Utf8(BufferedReader(_Recoded(buffered), _CHUNK), "utf-16", 0)
    if head.startswith(codecs.BOM_UTF8):
        return Utf8(buffered, None, len(buffered.read(len(codecs.BOM_UTF8))))
    return Utf8(buffered, None, 0)


def lines_of(source: Utf8, most: int, end: bytes = b"\n", before: int = 0) -> Iterator[Line]:
    """The lines of a stream, `before` of them being before it. A line of more than `most` bytes is passed over, hashed piece by piece."""
    stream, offset, number = source.stream, source.skipped, before
    read = stream.readline if end == b"\n" else _by(stream, end)
    while line := read(most):
        number += 1
        if len(line) < most or line.endswith(end):
            yield Line(number, offset, line, len(line))
            offset += len(line)
            continue
        size, digest = len(line), hashlib.sha256(line)
        while rest := read(_CHUNK):
            digest.update(rest)
            size += len(rest)
            if rest.endswith(end):
                break
        yield Line(number, offset, None, size, digest.hexdigest())
        offset += size


class _Recoded(RawIOBase):
    """UTF-16 read as UTF-8, piece by piece."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-16")("replace")
        self._ready = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        while not self._ready and not self._ended:
            raw = self._stream.read(_CHUNK)
            self._ended = not raw
            self._ready = self._decoder.decode(raw, self._ended).encode("utf-8", "replace")
        view = memoryview(buffer)
        given, self._ready = self._ready[: len(view)], self._ready[len(view) :]
        view[: len(given)] = given
        return len(given)


class _by:
    """`readline` for lines that end otherwise."""

    def __init__(self, stream: BinaryIO, end: bytes) -> None:
        self._stream, self._end, self._rest = stream, end, b""

    def __call__(self, most: int) -> bytes:
        found = self._rest.find(self._end, 0, most)
        while found < 0 and len(self._rest) < most and (more := self._stream.read(_CHUNK)):
            start = len(self._rest)
            self._rest += more
            found = self._rest.find(self._end, start, most)
        cut = found + len(self._end) if found >= 0 else min(most, len(self._rest))
        line, self._rest = self._rest[:cut], self._rest[cut:]
        return line
