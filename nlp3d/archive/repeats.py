"""Which numbers come more than once in a stream of any length: sorted runs on the disk, merged; in memory a run and the repeats."""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Iterator, Mapping
from itertools import groupby
from tempfile import TemporaryFile
from typing import BinaryIO

_RUN = 1 << 20  # numbers in memory
_READ = 1 << 13
_MASK = (1 << 64) - 1


class Repeats:
    """Counts hashes. They are written to a file without a name, which goes with its process; Python keys them anew in every process."""

    def __init__(self, run: int = _RUN) -> None:
        self.run = run
        self.now = array("Q")
        self.runs: list[BinaryIO] = []

    def add(self, *keys: int) -> None:
        """Note hashes."""
        self.now.extend([key & _MASK for key in keys])
        if len(self.now) >= self.run:
            self._spill()

    def found(self) -> Mapping[int, int]:
        """How often each came that came more than once. Call it once."""
        self.now = array("Q", sorted(self.now))
        merged = heapq.merge(self.now, *(_numbers(file) for file in self.runs))
        often = {key: count for key, same in groupby(merged) if (count := sum(1 for _ in same)) > 1}
        for file in self.runs:
            file.close()
        self.now, self.runs = array("Q"), []
        return often

    def _spill(self) -> None:
        file = TemporaryFile()  # noqa: SIM115
        file.write(array("Q", sorted(self.now)).tobytes())
        file.seek(0)
        self.runs.append(file)
        self.now = array("Q")


def times(often: Mapping[int, int], key: int) -> int:
    """How often a hash came, 1 for one that was not repeated."""
    return often.get(key & _MASK, 1)


def _numbers(file: BinaryIO) -> Iterator[int]:
    while raw := file.read(8 * _READ):
        yield from array("Q", raw)
