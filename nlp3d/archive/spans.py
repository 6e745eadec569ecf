"""Stretches of an input that are read where they are answered: a worker gets the place of lines, not the lines.

That needs an input whose every file has an index (`nlp3d.readers`): where each record begins, and its accession. Records whose accession
comes more than once are read here, to be put together; all others stay in stretches.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from ..errors import Nlp3dError
from ..readers import Item, Options, opened, reader, reader_for, shown_path

if TYPE_CHECKING:
    from .intake import Input

_HEAD = 1 << 13
_BITS = 16  # of the filter, for each record


@dataclass(frozen=True, slots=True)
class Span:
    """Records that stand one after the other in a file: its number, the first one's number (from 1) and byte, and how many they are."""

    file: int
    record: int
    offset: int
    count: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Records from `start` up to `stop` of a file whose records begin at `offsets`."""

    file: int
    start: int
    stop: int
    offsets: Sequence[int]

    def __len__(self) -> int:
        """The number of records."""
        return self.stop - self.start

    def first(self, count: int) -> Span:
        """The first so many records."""
        return Span(self.file, self.start + 1, self.offsets[self.start], count)

    def rest(self, count: int) -> Stretch:
        """Without the first so many records."""
        return replace(self, start=self.start + count)


def stretched(source: Input) -> Callable[[], Iterator[Item | Stretch]] | None:
    """Gives an input's records in order as stretches, with the records between them whose accession comes more than once; None where
    a file of the input has no index."""
    indexes: list[tuple[Sequence[int], Sequence[int]]] = []
    options = Options(limit=source.limit, columns=source.columns)
    for name in source.files:
        found = _index(name, source.format, options)
        if found is None:
            return None
        indexes.append(found)
    apart = _repeated([keys for _, keys in indexes])
    indexes = [(offsets, ()) for offsets, _ in indexes]

    def read() -> Iterator[Item | Stretch]:
        for number, (offsets, _) in enumerate(indexes):
            start = 0
            for position in apart[number]:
                if start < position:
                    yield Stretch(number, start, position, offsets)
                yield from read_span(source, Span(number, position + 1, offsets[position], 1))
                start = position + 1
            if start < len(offsets):
                yield Stretch(number, start, len(offsets), offsets)

    return read


def read_span(source: Input, span: Span) -> Iterator[Item]:
    """The records of a span. Raises `OSError`, `Nlp3dError`."""
    name = source.files[span.file]
    with open(name, "rb") as stream:
        kind = source.format or reader_for(name, stream.peek(_HEAD)[:_HEAD])
        stream.seek(span.offset)
        options = Options(limit=source.limit, columns=source.columns, file=shown_path(name), kind=kind, after=span.record - 1, at=span.offset)
        yield from islice(reader(kind).read(stream, options), span.count)


def _index(name: str, format: str | None, options: Options) -> tuple[Sequence[int], Sequence[int]] | None:
    """Where the records of a file begin, and a number for the accession of each (0 for none)."""
    offsets, keys = array("Q"), array("q")
    try:
        with opened(name) as stream:
            found = _found(name, stream, format, options)
            if found is None:
                return None
            for offset, accession in found:
                offsets.append(offset)
                keys.append(0 if accession is None else hash(accession))
    except (OSError, Nlp3dError):
        return None  # the reader says what is wrong
    return offsets, keys


def _found(name: str, stream: BinaryIO, format: str | None, options: Options) -> Iterator[tuple[int, str | None]] | None:
    from io import BufferedReader, FileIO

    if not isinstance(stream, BufferedReader) or not isinstance(stream.raw, FileIO) or not stream.seekable():
        return None  # packed, or standard input
    index = getattr(reader(format or reader_for(name, stream.peek(_HEAD)[:_HEAD])), "index", None)
    found: Iterator[tuple[int, str | None]] | None = index(stream, options) if index else None
    return found


def _repeated(files: Sequence[Sequence[int]]) -> list[list[int]]:
    """The positions, in each file, of the numbers that come more than once in all: a filter of bits leaves few to count."""
    size = 1 << max(10, (_BITS * sum(map(len, files))).bit_length())
    seen, doubtful = bytearray(size >> 3), set()
    for keys in files:
        for key in keys:
            if key:
                place = key & (size - 1)
                byte, bit = place >> 3, 1 << (place & 7)
                if seen[byte] & bit:
                    doubtful.add(key)
                else:
                    seen[byte] |= bit
    counts = Counter(key for keys in files for key in keys if key in doubtful)
    often = {key for key, count in counts.items() if count > 1}
    return [[position for position, key in enumerate(keys) if key in often] if often else [] for keys in files]
