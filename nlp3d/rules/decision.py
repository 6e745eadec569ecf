"""The answer of the rules: plain, frozen data that say what was decided, by which rule, and what is to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ..facts import Group
from .model import Addressee, Code, InForce


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What became of one rule: it fired, was blocked by a fact, came too late (`outranked`) or is not in force."""

    id: str
    outcome: Literal["fired", "blocked", "outranked", "not_in_force"]
    blocked_by: str | None
    because: str | None
    in_force: InForce
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StudyDecision:
    """The answer for one study. `lenient_only`: a code that the strict profile does not give."""

    index: int
    base: Group
    code: Code | None
    reason: str
    rule: str
    lenient_only: bool
    outcomes: tuple[RuleOutcome, ...]


@dataclass(frozen=True, slots=True)
class CodeUnits:
    """A code the report supports, its units, and the studies they come from."""

    code: Code
    units: int
    studies: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag of `facts.FLAGS`; `study` is None where it is about the whole report."""

    flag: str
    study: int | None


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """Whom to ask about which study, and with which part of queries.yaml."""

    to: Addressee
    template: str
    study: int


@dataclass(frozen=True, slots=True)
class Edition:
    """The data in force: the last change on or before the date of service (None before the first), the pack and its hash."""

    date: date | None
    pack: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer for a report."""

    code: Code | None
    reason: str
    profile: str
    codes: tuple[CodeUnits, ...]
    edition: Edition
    date_of_service: date | None
    needs_review: bool
    flags: tuple[Flag, ...]
    studies: tuple[StudyDecision, ...]
    queries: tuple[QueryRequest, ...]
    checklist: tuple[str, ...]
