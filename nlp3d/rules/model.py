"""What the rule files may say: the types they are read into, and the closed lists of codes, reasons and facts a row can ask for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from string import Template
from typing import Any, Literal

from ..facts import GROUPS, LOCATIONS, OUTPUTS, SUPERVISIONS, TECHNIQUES, Group

Code = Literal["76377", "76376"]
Addressee = Literal["physician", "coder"]
Parent = Literal["strict", "lenient"]

CODES: tuple[Code, ...] = ("76377", "76376")
# From the study that gets furthest to the one that gets least far.
REASONS = (
    "supported",
    "supervision_not_documented",
    "location_not_documented",
    "supervision_and_location_not_documented",
    "technique_ambiguous",
    "base_ambiguous",
    "base_not_documented",
    "outside_dataset",
    "no_physician_supervision",
    "other_output",
    "base_includes_3d",
    "not_tomographic",
    "not_in_force",
    "no_3d_rendering",
)
UNSETTLED = ("ambiguous", "unknown")
# What a row may ask for, with every value a fact can have.
DOMAIN: Mapping[str, tuple[Any, ...]] = {
    "technique": TECHNIQUES,
    "base": GROUPS,
    "outside": (False, True),
    "supervision": SUPERVISIONS,
    "automatic": (False, True),
    "output": OUTPUTS,
    "location": LOCATIONS,
    "interpretation": (False, True),
}


@dataclass(frozen=True, slots=True)
class InForce:
    """First and last day; None is open (a start that is not known, no end)."""

    start: date | None = None
    end: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the day lies within."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def boundaries(self) -> tuple[date, ...]:
        """The days on which something changes: the first day, and the day after the last."""
        after = self.end + timedelta(days=1) if self.end else None
        return tuple(day for day in (self.start, after) if day)


ALWAYS = InForce()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a row answers in one profile."""

    code: Code | None
    reason: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the answer table. `when`: fact -> the values that hold; `query`: (addressee, part of queries.yaml)."""

    id: str
    says: str
    when: Mapping[str, frozenset[Any]]
    blocked: Mapping[str, str]
    strict: Outcome
    lenient: Outcome
    query: tuple[Addressee, str] | None
    skippable: bool
    in_force: InForce
    sources: tuple[str, ...]

    def outcome(self, parent: Parent) -> Outcome:
        """What the row answers in the profile."""
        return self.strict if parent == "strict" else self.lenient


@dataclass(frozen=True, slots=True)
class Base:
    """One entry of bases.yaml: examinations that lead to a group while it is in force; `dated` False is always."""

    id: str
    base: Group
    says: str
    patterns: tuple[str, ...]
    in_force: InForce
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contiguous:
    """Regions that are one unit together."""

    id: str
    regions: frozenset[str]
    in_force: InForce


@dataclass(frozen=True, slots=True)
class FlagMeaning:
    """What a flag means, and whether it asks for a second look by itself."""

    id: str
    title: str
    says: str
    review: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueryPart:
    """The question about one missing thing."""

    id: str
    to: Addressee
    asks: tuple[str, ...]
    shows: tuple[str, ...]
    words: Template


@dataclass(frozen=True, slots=True)
class QueryWords:
    """The questions, and what stands before and after them."""

    version: str
    opening: str
    closing: Mapping[Addressee, str]
    quote: Template
    no_quotes: str
    parts: Mapping[str, QueryPart]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a policy changes in one row: it is taken out (`outcome` None), or answers otherwise."""

    row: str
    outcome: Outcome | None
    says: str
    in_force: InForce
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """Strict, lenient, or the policy of a payer or site as differences from one of them. `pack` None: the installed rules."""

    name: str
    parent: Parent
    policy: str = ""
    checked_through: date | None = None
    sources: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    checklist: Mapping[str, str] = field(default_factory=dict)
    sha256: str = ""
    pack: Pack | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Pack:
    """The loaded rule files. `sha256` is over the bytes of all of them, payer policies included."""

    version: str
    sha256: str
    checked_through: date
    rules: tuple[Rule, ...]
    bases: tuple[Base, ...]
    contiguous: tuple[Contiguous, ...]
    max_units: int
    flags: Mapping[str, FlagMeaning]
    queries: QueryWords
    checklist: Mapping[str, str]
    profiles: Mapping[str, Profile]
    sources: frozenset[str]

    def boundaries(self, profile: Profile | None = None) -> tuple[date, ...]:
        """Every day on which something changes, in order."""
        lives = [*(rule.in_force for rule in self.rules), *(base.in_force for base in self.bases)]
        lives += [*(group.in_force for group in self.contiguous), *(d.in_force for d in (profile.differences if profile else ()))]
        return tuple(sorted({day for life in lives for day in life.boundaries()}))

    def edition(self, day: date | None) -> date | None:
        """The edition of a date of service: the last change on or before it; the newest one without a date."""
        return last_on(self.boundaries(), day)


def last_on(days: Sequence[date], day: date | None) -> date | None:
    """The last of the ordered days on or before a day (the last of all for None); None before the first."""
    position = len(days) if day is None else bisect_right(days, day)
    return days[position - 1] if position else None
