"""Stretches of an input that are read where they are answered: a worker gets the place of lines, not the lines.

That needs an input whose every file can be read from any record on (`SEEKS`, `nlp3d.readers`). Records that may have to do with others, as
their accession, id or text comes more than once, are read here; all others stay in stretches.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BufferedReader, FileIO
from itertools import groupby, islice
from typing import TYPE_CHECKING

from ..errors import Nlp3dError
from ..readers import Item, Unit, opened, reader, reader_for, shown_path
from .accessions import alone

if TYPE_CHECKING:
    from .intake import Input

_HEAD = 1 << 13
_BITS = 16  # of the filter, for each number
_KEYS = 3  # numbers of a record
_MASK = (1 << 32) - 1  # of a number: one that seems to come again by chance costs a look, no more


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
    """Gives an input's records in order as stretches, with the records between them that may have to do with others; None where a file
    of the input can be read from its beginning only."""
    indexes: list[tuple[Sequence[int], Sequence[int]]] = []
    for name in source.files:
        found = _index(source, name)
        if found is None:
            return None
        indexes.append(found)
    apart = _repeated([keys for _, keys in indexes])
    indexes = [(offsets, ()) for offsets, _ in indexes]

    def read() -> Iterator[Item | Stretch]:
        for number, (offsets, _) in enumerate(indexes):
            start = 0
            for position, count in apart[number]:
                if start < position:
                    yield Stretch(number, start, position, offsets)
                yield from read_span(source, Span(number, position + 1, offsets[position], count))
                start = position + count
            if start < len(offsets):
                yield Stretch(number, start, len(offsets), offsets)

    return read


def read_span(source: Input, span: Span) -> Iterator[Item]:
    """The records of a span. Raises `OSError`, `Nlp3dError`."""
    name = source.files[span.file]
    with open(name, "rb") as stream:
        kind = source.format or reader_for(name, stream.peek(_HEAD)[:_HEAD])
        stream.seek(span.offset)
        options = replace(source.options, file=shown_path(name), kind=kind, after=span.record - 1, at=span.offset)
        yield from islice(reader(kind).read(stream, options), span.count)


def _index(source: Input, name: str) -> tuple[Sequence[int], Sequence[int]] | None:
    """Where the records of a file begin, and the numbers of each by which it may have to do with others (0 for none)."""
    offsets, keys = array("Q"), array("I")
    try:
        with opened(name) as stream:
            if not isinstance(stream, BufferedReader) or not isinstance(stream.raw, FileIO) or not stream.seekable():
                return None  # packed, or standard input
            module = reader(source.format or reader_for(name, stream.peek(_HEAD)[:_HEAD]))
            if not getattr(module, "SEEKS", False):
                return None
            for item in module.read(stream, source.options):
                if item.source.offset is None:
                    return None
                offsets.append(item.source.offset)
                keys.extend([key and (key & _MASK or 1) for key in alone(item.record)] if isinstance(item, Unit) else (0,) * _KEYS)
    except (OSError, Nlp3dError):
        return None  # the reader says what is wrong
    return offsets, keys


def _repeated(files: Sequence[Sequence[int]]) -> list[list[tuple[int, int]]]:
    """Runs of records (position and length), in each file, that have a number which comes more than once in all: a filter of bits leaves few
    to count."""
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
    return [_runs(dict.fromkeys(place // _KEYS for place, key in enumerate(keys) if key in often)) if often else [] for keys in files]


def _runs(positions: Iterable[int]) -> list[tuple[int, int]]:
    """Rising positions as runs of neighbours."""
    runs = (list(run) for _, run in groupby(enumerate(positions), lambda one: one[1] - one[0]))
    return [(run[0][1], len(run)) for run in runs]
