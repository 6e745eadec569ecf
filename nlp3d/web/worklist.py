"""The worklist: reports to decide on, from a file of records or from a finished batch run, with what a filter needs to know of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from ..decisions.chain import Entry
from ..decisions.store import report_key
from ..record import Record

State = Literal["open", "decided", "held"]


@dataclass(frozen=True, slots=True)
class Row:
    """A report of the worklist and its answer in short. `reason` is None while it is not answered yet; `key` names the report
    in the store of decisions."""

    number: int
    id: str | None
    accession: str | None
    title: str | None
    reader: str | None
    month: str | None
    code: str | None
    reason: str | None
    flags: tuple[str, ...]
    needs_review: bool
    key: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report to show: its record, and where it came from as the decision will name it."""

    record: Record
    source: Any


class Worklist(Protocol):
    """What the page needs of a worklist. `complete` is False while reports are still being listed."""

    complete: bool

    def __len__(self) -> int:
        """How many reports there are."""

    def rows(self) -> Sequence[Row]:
        """All of them, in order, with what is known so far."""

    def report(self, number: int) -> Report:
        """One with its text. Raises `Nlp3dError` where there is none, or its text cannot be found again."""

    def unread(self) -> int:
        """How many inputs are no records."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which reports; None is any."""

    reason: str | None = None
    flag: str | None = None
    reader: str | None = None
    month: str | None = None
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to filter by, and how many reports have it."""

    value: str
    count: int


def chosen(rows: Iterable[Row], by: Filter, latest: dict[str, Entry]) -> Iterator[tuple[Row, Entry | None]]:
    """The reports a filter leaves, in order, each with the last decision on it."""
    for row in rows:
        entry = latest.get(row.key)
        if by.reason not in (None, row.reason) or by.reader not in (None, row.reader) or by.month not in (None, row.month):
            continue
        if (by.flag is not None and by.flag not in row.flags) or by.state not in (None, state_of(entry)):
            continue
        yield row, entry


def state_of(entry: Entry | None) -> State:
    """Whether a report is open, decided, or held."""
    if entry is None:
        return "open"
    return "held" if entry.decision["action"] == "hold" else "decided"


def choices(rows: Sequence[Row]) -> dict[str, list[Choice]]:
    """What there is to filter by: reasons, flags, readers, months, most frequent first."""
    counted = {
        "reason": Counter(row.reason for row in rows if row.reason),
        "flag": Counter(flag for row in rows for flag in row.flags),
        "reader": Counter(row.reader for row in rows if row.reader),
        "month": Counter(row.month for row in rows if row.month),
    }
    return {name: [Choice(value, times) for value, times in sorted(of.items(), key=lambda one: (-one[1], one[0]))] for name, of in counted.items()}


def ranges(numbers: Sequence[int]) -> str:
    """Rising numbers in short: `0-3 7 9-10`."""
    made: list[list[int]] = []
    for number in numbers:
        if made and made[-1][1] == number - 1:
            made[-1][1] = number
        else:
            made.append([number, number])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in made)


def key_of(record: Record, text_sha256: str) -> str:
    """The key of a record in the store of decisions."""
    return report_key(record.id, record.accession, text_sha256)
