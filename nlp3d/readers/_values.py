"""JSON of any size parted into what is worth parsing: the lines of NDJSON, or the entries of a Bundle or a list, one at a time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, BinaryIO

from ._lines import Utf8, lines_of

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CHUNK = 1 << 18
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)
_REST = re.compile(rb'(?:[^"\\]|\\.)*"', re.DOTALL)
_ENTRIES = re.compile(rb'"entry"\s*:\s*\Z')
_TYPE = re.compile(rb'"resourceType"\s*:\s*"([^"]{0,64})"')
_BETWEEN = b", \t\r\n"
_TAIL = 256


@dataclass(frozen=True, slots=True)
class Value:
    """A stretch of a file that should be one JSON value: its bytes (None, with size and hash, where they are too many), its first byte,
    its line where lines count, its number in the list it stands in."""

    raw: bytes | None
    offset: int
    size: int
    sha256: str | None = None
    line: int | None = None
    entry: int | None = None


def values_of(source: Utf8, most: int) -> Iterator[Value]:
    """The values of a file in order, blank lines of NDJSON too. No more than `most` bytes of one are held."""
    first = b""
    while not first.strip() and (head := source.stream.readline(most)):
        first += head
    second = next((line.strip() for line in source.stream.peek(_CHUNK).split(b"\n") if line.strip()), b"")
    again = Utf8(BufferedReader(_Again(first, source.stream), _CHUNK), source.was, source.skipped)
    if _is_lines(first, second):
        for line in lines_of(again, most):
            yield Value(line.raw, line.offset, line.size, line.sha256, line.number)
    else:
        yield from _Document(again.stream, source.skipped, most).values()


def _is_lines(first: bytes, second: bytes) -> bool:
    """Whether a file has a value on each line, by its first two lines with anything on them; a Bundle or a list alone is none."""
    line = first.strip()
    if line.startswith(b"[") or line.endswith((b"[", b",")) or line == b"{":
        return False
    kind = _TYPE.search(line)
    alone = first.endswith(b"\n") and line.endswith(b"}") and kind is not None and kind[1] != b"Bundle"
    return second.startswith(b'{"') or alone


class _Again(RawIOBase):
    """A stream with bytes put back before it."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self.head, self.stream = head, stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        given, self.head = self.head[: len(view)], self.head[len(view) :]
        given = given or self.stream.read(len(view))
        view[: len(given)] = given
        return len(given)


class _Document:
    """One JSON document after the other, read a piece at a time: of a Bundle or a list its entries, of others the whole."""

    def __init__(self, stream: BinaryIO, offset: int, most: int) -> None:
        self.stream, self.most = stream, most
        self.held, self.offset = b"", offset  # bytes from the beginning of what is not given out yet
        self.at = 0  # how far `held` was looked at
        self.dropped, self.digest = 0, hashlib.sha256()  # of a value that is too long
        self.in_string = False  # in one whose beginning was dropped
        self.depth = 0
        self.inside: int | None = None  # the depth of entries, once there are some
        self.ended = False  # whether their list is closed
        self.number = 0

    def values(self) -> Iterator[Value]:
        """The values in order; what is cut off at the end is one."""
        while more := self.stream.read(_CHUNK):
            self.held += more
            yield from self._tokens()
            if len(self.held) > self.most:
                self._drop()
        if self.dropped or self.depth or self.held.strip(_BETWEEN):
            yield self._cut(len(self.held))

    def _tokens(self) -> Iterator[Value]:
        if self.in_string:
            rest = _REST.match(self.held)
            if rest is None:
                return
            self.at, self.in_string = rest.end(), False
        while token := _TOKEN.search(self.held, self.at):
            quote = self.held.find(b'"', self.at, token.start())
            if quote >= 0:  # a string that goes on in the next piece
                self.at = quote
                return
            self.at = token.end()
            if token[0] in (b"{", b"["):
                yield from self._opened(token[0], token.start())
            elif token[0] in (b"}", b"]") and self.depth:
                yield from self._closed()
        quote = self.held.find(b'"', self.at)
        self.at = quote if quote >= 0 else len(self.held)

    def _opened(self, sign: bytes, start: int) -> Iterator[Value]:
        if self.depth == (self.inside or 0) and not self.ended:
            yield from self._between(start)
        before = self.held[: self.at - 1]
        self.depth += 1
        if self.inside is not None or sign != b"[" or self.dropped:
            return
        kind = _TYPE.search(before)
        if self.depth == 1 or (self.depth == 2 and _ENTRIES.search(before, max(0, len(before) - _TAIL)) and (kind is None or kind[1] == b"Bundle")):
            self.inside, self.number = self.depth, 0
            self._forget(self.at)

    def _closed(self) -> Iterator[Value]:
        self.depth -= 1
        if self.ended or (self.inside is not None and self.depth < self.inside):
            if not self.ended:
                yield from self._between(self.at - 1)
            self._forget(self.at)
            self.ended = self.depth > 0
            self.inside = self.inside if self.ended else None
        elif self.depth == self.inside:
            self.number += 1
            yield self._cut(self.at, self.number)
        elif not self.depth:
            yield self._cut(self.at)

    def _between(self, start: int) -> Iterator[Value]:
        """What stands between values and is none of them."""
        if self.held[:start].strip(_BETWEEN):
            self.number += 1
            yield self._cut(start, self.number if self.inside else None)
        else:
            self._forget(start)

    def _cut(self, end: int, entry: int | None = None) -> Value:
        raw = self.held[:end]
        blanks = 0 if self.dropped else len(raw) - len(raw.lstrip(_BETWEEN))
        if self.dropped:
            self.digest.update(raw)
            found = Value(None, self.offset, self.dropped + end, self.digest.hexdigest(), entry=entry)
            self.offset += self.dropped
            self.dropped, self.digest = 0, hashlib.sha256()
        else:
            found = Value(raw[blanks:], self.offset + blanks, end - blanks, entry=entry)
        self._forget(end)
        return found

    def _forget(self, end: int) -> None:
        self.held, self.offset, self.at = self.held[end:], self.offset + end, max(0, self.at - end)

    def _drop(self) -> None:
        """Keep only size and hash of what is too long so far, but for what was not looked at."""
        self.in_string = self.in_string or not self.at
        end = len(self.held.rstrip(b"\\")) if self.in_string else self.at
        self.digest.update(self.held[:end])
        self.dropped += end
        self.held, self.at = self.held[end:], 0
