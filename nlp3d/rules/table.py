"""The rules as they are in force in one edition and profile, made ready for fast answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from ..facts import Group, StudyFacts
from .decision import Edition, RuleOutcome
from .model import UNSETTLED, Base, Outcome, Pack, Profile, Rule

_NEVER_DATED: tuple[Group, ...] = ("eligible", "ambiguous", "unknown")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the table says of one combination of facts."""

    rule: Rule
    outcome: Outcome
    lenient_only: bool
    outcomes: tuple[RuleOutcome, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A rule with its outcome in this profile and the things it can say."""

    rule: Rule
    outcome: Outcome
    applies: bool
    fired: RuleOutcome
    outranked: RuleOutcome
    out: RuleOutcome
    blocked: dict[str, RuleOutcome]


class Table:
    """All rules of an edition in a profile. `base` finds the group of a procedure, `answer` the row for a study's facts."""

    def __init__(self, pack: Pack, profile: Profile, edition: date | None) -> None:
        self.pack, self.profile = pack, profile
        self.edition = Edition(edition, pack.version, profile.sha256)
        changes = pack.boundaries(profile)
        self._day = edition or (changes[0] - timedelta(days=1) if changes else date.min)
        self.contiguous = tuple(group.regions for group in pack.contiguous if group.in_force.covers(self._day))
        self.checklist = tuple(dict.fromkeys((*pack.checklist, *profile.checklist)))
        self._rows = tuple(self._lives())
        self._patterns: dict[str, list[Base]] = {}
        for base in pack.bases:
            for pattern in base.patterns:
                self._patterns.setdefault(pattern, []).append(base)
        self._bases: dict[str, tuple[Group, Group, tuple[RuleOutcome, ...]]] = {}
        self._answers: dict[tuple[Any, ...], Answer] = {}

    def base(self, procedure: str) -> tuple[Group, Group, tuple[RuleOutcome, ...]]:
        """The group of a procedure whatever the date, the one in force, and what became of the rules that led there."""
        known = self._bases.get(procedure)
        if known is None:
            known = self._bases[procedure] = self._find_base(procedure)
            if len(self._bases) > 1000:
                self._bases.clear()
        return known

    def group(self, group: Group) -> Group:
        """The group if any of its examinations is in force, else `eligible`."""
        if group in _NEVER_DATED or any(b.base == group and b.in_force.covers(self._day) for b in self.pack.bases):
            return group
        return "eligible"

    def answer(self, base: Group, facts: StudyFacts) -> Answer:
        """The first row that fits, and what became of all of them."""
        key = (
            base, facts.technique, facts.location, facts.supervision, facts.output, facts.automatic, facts.outside, facts.interpretation,
        )  # fmt: skip
        known = self._answers.get(key)
        if known is None:
            known = self._answers[key] = self._decide(base, facts)
        return known

    def _find_base(self, procedure: str) -> tuple[Group, Group, tuple[RuleOutcome, ...]]:
        if procedure in UNSETTLED:
            group = cast(Group, procedure)
            return group, group, ()
        for pattern in _patterns(procedure):
            if entries := self._patterns.get(pattern):
                now = next((entry for entry in entries if entry.in_force.covers(self._day)), None)
                outcomes = tuple(_outcome(e, "fired" if e is now else "not_in_force") for e in entries)
                return entries[0].base, now.base if now else "eligible", outcomes
        return "eligible", "eligible", ()

    def _lives(self) -> Iterator[_Row]:
        """One row an id, in table order: the version in force, else the last one."""
        changes = {d.row: d for d in self.profile.differences if d.in_force.covers(self._day)}
        versions: dict[str, Rule] = {}
        for rule in self.pack.rules:
            if rule.id not in versions or rule.in_force.covers(self._day):
                versions[rule.id] = rule
        for rule in versions.values():
            change = changes.get(rule.id)
            skipped = change is not None and change.outcome is None
            outcome = change.outcome if change and change.outcome else rule.outcome(self.profile.parent)
            yield _Row(
                rule=rule,
                outcome=outcome,
                applies=rule.in_force.covers(self._day) and not skipped,
                fired=_outcome(rule, "fired", because=change.says if change else rule.says),
                outranked=_outcome(rule, "outranked"),
                out=_outcome(rule, "not_in_force", because=change.says if change and skipped else None),
                blocked={fact: _outcome(rule, "blocked", fact, sentence) for fact, sentence in rule.blocked.items()},
            )

    def _decide(self, base: Group, facts: StudyFacts) -> Answer:
        winner: _Row | None = None
        outcomes = []
        for row in self._rows:
            if not row.applies:
                outcomes.append(row.out)
                continue
            wrong = next((f for f, wanted in row.rule.when.items() if (base if f == "base" else getattr(facts, f)) not in wanted), None)
            if wrong is not None:
                outcomes.append(row.blocked[wrong])
            elif winner is None:
                winner = row
                outcomes.append(row.fired)
            else:
                outcomes.append(row.outranked)
        assert winner is not None, "the loaded table answers every combination of facts"
        lenient_only = winner.outcome.code is not None and winner.rule.strict.code is None
        return Answer(winner.rule, winner.outcome, lenient_only, tuple(outcomes))


def settle(text: Group, caller: Group) -> tuple[Group, bool]:
    """The group of text and caller together, and whether they contradict each other.

    A settled group wins over ambiguous and unknown; of two settled ones the one that includes 3D, then the one that is
    not tomographic, then the text's."""
    if caller == text:
        return text, False
    if text in UNSETTLED or caller in UNSETTLED:
        return min(text, caller, key=lambda group: UNSETTLED.index(group) + 1 if group in UNSETTLED else 0), False
    return min(text, caller, key=lambda group: {"eligible": 2, "non_tomographic": 1}.get(group, 0)), True


def _patterns(procedure: str) -> Iterator[str]:
    """`cta.chest`, `cta.chest.*`, `cta.*`: the patterns that fit a procedure, the longest first."""
    yield procedure
    parts = procedure.split(".")
    for length in range(len(parts), 0, -1):
        yield ".".join(parts[:length]) + ".*"


def _outcome(rule: Rule | Base, outcome: Any, blocked_by: str | None = None, because: str | None = None) -> RuleOutcome:
    said = because or (rule.says if outcome == "fired" else None)
    return RuleOutcome(rule.id, outcome, blocked_by, said, rule.in_force, rule.sources)
