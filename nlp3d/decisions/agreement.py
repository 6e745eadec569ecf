"""How suggestions and coders agree: numbers over time, from the last decision on each report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..evaluation import wilson
from .chain import Entry
from .store import report_of


@dataclass(frozen=True, slots=True)
class Period:
    """The decisions of a month (`all` for all of them). `agreed` counts accepted ones, `judged` those that are not held."""

    name: str
    accept: int
    change: int
    reject: int
    hold: int
    corrected: int

    @property
    def judged(self) -> int:
        """Decisions that are not held."""
        return self.accept + self.change + self.reject

    @property
    def share(self) -> float | None:
        """The share of judged suggestions that were accepted, None where none was judged."""
        return self.accept / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval (Wilson)."""
        return wilson(self.accept, self.judged)


@dataclass(frozen=True, slots=True)
class Agreement:
    """All periods, newest first, the whole, and how often which suggestion became which final code."""

    whole: Period
    months: tuple[Period, ...]
    pairs: tuple[tuple[str, str, int], ...]


def agreement(entries: Iterable[Entry]) -> Agreement:
    """The numbers over entries in their order; of several on one report the last one counts, in its own month."""
    last = {report_of(dict(entry.decision)): entry for entry in entries}.values()
    by_month: dict[str, list[Entry]] = defaultdict(list)
    pairs: Counter[tuple[str, str]] = Counter()
    for entry in last:
        by_month[entry.recorded_at[:7]].append(entry)
        if entry.decision["action"] in ("accept", "change"):
            pairs[entry.decision["suggestion"]["code"] or "no code", entry.decision["code"] or "no code"] += 1
    months = tuple(_period(month, by_month[month]) for month in sorted(by_month, reverse=True))
    return Agreement(_period("all", last), months, tuple((*pair, times) for pair, times in sorted(pairs.items())))


def _period(name: str, entries: Iterable[Entry]) -> Period:
    listed = list(entries)
    counts = Counter(entry.decision["action"] for entry in listed)
    corrected = sum(1 for entry in listed if entry.decision["corrected"])
    return Period(name, counts["accept"], counts["change"], counts["reject"], counts["hold"], corrected)


def lines(numbers: Agreement) -> Iterator[str]:
    """The numbers for a terminal."""
    for period in (numbers.whole, *numbers.months):
        share = "-" if period.share is None else f"{period.share:.2f} [{period.interval[0]:.2f}, {period.interval[1]:.2f}]"
        yield f"{period.name:8} accepted {period.accept} of {period.judged} ({share}), held {period.hold}, with corrections {period.corrected}"
