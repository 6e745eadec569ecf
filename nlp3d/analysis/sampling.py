"""A stratified sample of rows for audit: the same seed and rows give the same sample, whatever their order."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Generic, TypeVar

from .rows import Glance, Json, Run, glance, record_of

T = TypeVar("T")
# What rows can be put into strata by.
STRATA: Mapping[str, Callable[[Glance], str]] = {
    "reason": lambda g: g.path.reason or g.path.status,
    "outcome": lambda g: g.outcome,
    "rule": lambda g: g.path.rule or g.path.status,
    "billed": lambda g: g.billed or "neither billed nor supported",
    "month": lambda g: g.month,
    "modality": lambda g: g.modality,
    "site": lambda g: g.site,
    "reader": lambda g: g.reader,
}


@dataclass(slots=True)
class Smallest(Generic[T]):
    """The things with the smallest keys, at most `room`: a uniform sample where keys are hashes."""

    room: int
    heap: list[tuple[int, int, T]] = field(default_factory=list)

    def add(self, key: int, number: int, thing: T) -> None:
        """Offer one; `number` (unique) settles equal keys, the earlier first."""
        entry = (-key, -number, thing)
        if len(self.heap) < self.room:
            heapq.heappush(self.heap, entry)
        elif entry > self.heap[0]:
            heapq.heapreplace(self.heap, entry)

    def things(self, most: int | None = None) -> list[tuple[int, T]]:
        """Those kept (at most `most`), smallest key first, each with its number."""
        ordered = sorted(self.heap, key=lambda entry: entry[:2], reverse=True)
        return [(-number, thing) for _, number, thing in ordered[:most]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sampled row, its place in the run (from 1), and its stratum: of `size` rows `drawn` were taken, so that each stands for
    `size / drawn` rows when shares are worked out from the audit."""

    number: int
    row: dict[str, Any]
    stratum: str
    size: int
    drawn: int

    @property
    def weight(self) -> float:
        """How many rows of the run this one stands for."""
        return self.size / self.drawn


def sample(run: Run, n: int, by: str = "reason", seed: int = 0) -> Iterator[Drawn]:
    """`n` rows (or all, where there are fewer), the same number from each stratum as far as it has them, in the order of the run.

    `by` is one of `STRATA`. The run is gone through twice, so that memory holds lots and places but no rows."""
    sizes: Counter[str] = Counter()
    kept: dict[str, Smallest[None]] = {}
    for number, row in enumerate(run.rows(), 1):
        stratum = STRATA[by](glance(row))
        sizes[stratum] += 1
        kept.setdefault(stratum, Smallest(n)).add(key_of(row, seed), number, None)
    shares = allocate(sizes, n, seed)
    chosen = {number: name for name, share in shares.items() for number, _ in kept[name].things(share)}
    for number, row in enumerate(run.rows(), 1):
        if number in chosen:
            name = chosen[number]
            yield Drawn(number, row, name, sizes[name], shares[name])


def allocate(sizes: Mapping[str, int], n: int, seed: int = 0) -> dict[str, int]:
    """How many to draw from each stratum: evenly, what a small one lacks going to the others, odd ones by lot."""
    lot = sorted(sizes, key=lambda name: _hash(f"{seed}\0{name}"))
    shares = dict.fromkeys(lot, 0)
    left = n
    while left > 0 and (open_ := [name for name in lot if shares[name] < sizes[name]]):
        each, odd = divmod(left, len(open_))
        for place, name in enumerate(open_):
            more = min(each + (place < odd), sizes[name] - shares[name])
            shares[name] += more
            left -= more
    return {name: share for name, share in shares.items() if share}


def key_of(row: Json, seed: int) -> int:
    """The lot of a row: a hash of the seed and of what names the report."""
    record = record_of(row)
    return _hash("\0".join(map(str, (seed, record.get("accession"), row.get("id"), row.get("text_sha256")))))


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")
