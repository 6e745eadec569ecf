"""An answer as the page shows it: plain data for the templates, and the lines that the copy buttons give."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..facts import Evidence
from ..rules.load import load_pack
from ..rules.model import Pack
from ..sources import lines
from ..suggestion import Study, Suggestion
from . import words
from .answering import Answer, Change
from .marks import Piece, pieces

_GOOD = {
    "base": ("eligible",),
    "technique": ("performed",),
    "location": ("workstation", "scanner"),
    "supervision": ("concurrent", "personal"),
    "interpretation": (True,),
}
_AGAINST = {"technique": ("none",), "supervision": ("denied",)}
_NUMBER = re.compile(r"^\s*\d{1,2}[.)]\s*")  # the page numbers studies itself
_OPEN_BASES = ("ambiguous", "unknown")
_MAIN = ("base", "technique", "location", "supervision", "interpretation")
_OTHER = {"output": "display", "automatic": False, "outside": False}


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of a study: its value, whether it helps (`yes`), stands against (`no`) or is open (`open`), the places of its words in
    the evidence, and the machine's value where the coder's is another."""

    name: str
    label: str
    value: object
    says: str
    state: str
    mentions: tuple[int, ...]
    was: str | None


@dataclass(frozen=True, slots=True)
class StudyView:
    """One examination: its name, its answer, why it is not 76377 (None where it is), and its facts."""

    index: int
    name: str
    code: str | None
    headline: str
    says: str
    not_77: str | None
    facts: tuple[Fact, ...]
    others: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """A profile's answer for the comparison."""

    profile: str
    code: str | None
    headline: str
    review: bool
    asked: bool


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule and what became of it in a study."""

    id: str
    study: int
    outcome: str
    because: str
    life: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Everything the answer's template needs."""

    answer: Answer
    suggestion: Suggestion
    pieces: tuple[Piece, ...]
    code: str | None
    units: int
    headline: str
    says: str
    studies: tuple[StudyView, ...]
    first: int
    missing: tuple[tuple[str, str], ...]
    flags: tuple[tuple[str, str], ...]
    checklist: tuple[str, ...]
    sides: tuple[Side, ...]
    rules: tuple[RuleView, ...]
    sources: tuple[tuple[str, str, tuple[str, ...]], ...]
    changes: tuple[str, ...]
    code_line: str
    evidence_lines: str
    query_text: str
    words = words

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The mentions, in the order that pieces and facts name them by."""
        return self.suggestion.evidence


def view(answer: Answer, change: Change | None = None) -> View:
    """The view of an answer; `change` is what another date or profile did to it."""
    shown, pack = answer.shown, load_pack()
    read = {study.facts.index: study for study in answer.suggestion.studies}
    studies = tuple(_study(study, shown, pack, read) for study in shown.studies)
    headline, says = words.STATUSES[shown.status] if shown.status != "answered" else words.REASONS[shown.reason or ""]
    if answer.corrected and shown.code:
        says = "From the facts as you corrected them, not from the report’s words alone."
    cited = tuple(dict.fromkeys(source for row in shown.rules if row.rule.outcome == "fired" for source in row.rule.sources))
    return View(
        answer=answer,
        suggestion=shown,
        pieces=tuple(pieces(answer.text, shown.evidence)),
        code=shown.code,
        units=sum(entry.units for entry in shown.codes),
        headline=headline,
        says=says,
        studies=studies,
        first=next((s.facts.index for s in shown.studies if (s.decision.code, s.decision.reason) == (shown.code, shown.reason)), 0),
        missing=tuple(_missing(shown)),
        flags=tuple(_flags(shown, pack)),
        checklist=tuple(pack.checklist.get(item, item) for item in shown.checklist) if shown.code else (),
        sides=tuple(_side(side, answer) for side in (answer.strict, answer.lenient)),
        rules=tuple(_rules(shown)),
        sources=tuple(_source(line) for line in lines(cited)),
        changes=tuple(_changes(change)) if change else (),
        code_line=code_line(shown),
        evidence_lines="\n".join(evidence_lines(shown)),
        query_text="\n\n".join(query["text"] for query in shown.queries),
    )


def code_line(suggestion: Suggestion) -> str:
    """The answer in one line of plain text.

    A code with its units, or `no code`; then the reason, the profile, the edition of the rules and the date of service."""
    answer = ", ".join(f"{entry.code} x {entry.units}" for entry in suggestion.codes) or "no code"
    reason = words.plain(suggestion.reason or suggestion.status)
    edition = suggestion.edition.date.isoformat() if suggestion.edition.date else "before the first"
    day = suggestion.date_of_service.isoformat() if suggestion.date_of_service else "not given"
    return f"{answer}; {reason}; profile {suggestion.profile}; rules {edition}; date of service {day}"


def evidence_lines(suggestion: Suggestion) -> Iterator[str]:
    """The words that counted, a line each, with what they are about and their section."""
    several = len(suggestion.studies) > 1
    for mention in suggestion.evidence:
        if mention.counts:
            where = mention.section or mention.field
            study = f", study {', '.join(str(index + 1) for index in mention.studies)}" if several else ""
            yield f'{words.FAMILIES[family(mention)][0]}: "{" ".join(mention.text.split())}" ({where}{study})'


def family(mention: Evidence) -> str:
    """The first half of a mention's concept."""
    return mention.concept.partition(".")[0]


def _study(study: Study, shown: Suggestion, pack: Pack, read: Mapping[int, Study]) -> StudyView:
    index, reason = study.facts.index, study.decision.reason
    machine = read.get(index)
    headline, says = words.REASONS[reason]
    facts = tuple(_fact(name, study, machine, shown.evidence) for name in _MAIN)
    others = tuple(_fact(name, study, machine, shown.evidence) for name in _OTHER)
    return StudyView(index, _NUMBER.sub("", study.facts.name) or "not named", study.decision.code, headline, says, _not_77(study, pack), facts, others)


def _not_77(study: Study, pack: Pack) -> str | None:
    """What keeps a study from 76377, in the words of the rule that would give it, or of the one that came first."""
    if study.decision.code == "76377":
        return None
    wanted = {rule.id for rule in pack.rules if rule.strict.code == "76377"}
    fired = next((row.because for row in study.decision.outcomes if row.id == study.decision.rule and row.because), None)
    for row in study.decision.outcomes:
        if row.id in wanted and row.outcome == "blocked" and row.because:
            return row.because
    return fired or words.REASONS[study.decision.reason][1]


def _fact(name: str, study: Study, machine: Study | None, evidence: Sequence[Evidence]) -> Fact:
    given = _value(name, study)
    before = _value(name, machine) if machine else given
    mentions = tuple(
        place for place, m in enumerate(evidence) if family(m) == name and m.counts and (study.facts.index in m.studies or not m.studies)
    )
    was = words.value(name, before) if before != given else None
    return Fact(name, words.FACTS[name], given, words.value(name, given), _state(name, given), mentions, was)


def _value(name: str, study: Study) -> object:
    return study.decision.base if name == "base" else getattr(study.facts, name)


def _state(name: str, given: object) -> str:
    if name in _OTHER:
        return "yes" if given == _OTHER[name] else "no"
    if given in _GOOD[name]:
        return "yes"
    if given in _AGAINST.get(name, ()) or (name == "base" and given not in _OPEN_BASES):
        return "no"
    return "open"


def _missing(shown: Suggestion) -> Iterator[tuple[str, str]]:
    for row in shown.rules:
        if row.rule.outcome == "fired" and row.rule.id.startswith("query."):
            study = f"Study {row.study + 1}: " if len(shown.studies) > 1 else ""
            yield row.rule.id, f"{study}{row.rule.because}"


def _flags(shown: Suggestion, pack: Pack) -> Iterator[tuple[str, str]]:
    for flag in shown.flags:
        study = f" (study {flag.study + 1})" if flag.study is not None and len(shown.studies) > 1 else ""
        yield pack.flags[flag.flag].title + study, pack.flags[flag.flag].says


def _side(side: Suggestion, answer: Answer) -> Side:
    headline = words.STATUSES[side.status][0] if side.status != "answered" else words.REASONS[side.reason or ""][0]
    return Side(side.profile, side.code, headline, side.needs_review, side.profile == answer.question.profile)


def _rules(shown: Suggestion) -> Iterator[RuleView]:
    order = {"fired": 0, "blocked": 1, "outranked": 2, "not_in_force": 3}
    for row in sorted(shown.rules, key=lambda row: (row.study, order[row.rule.outcome])):
        rule = row.rule
        life = f"{rule.in_force.start or 'always'} to {rule.in_force.end or 'now'}"
        yield RuleView(rule.id, row.study, rule.outcome, rule.because or "", life, rule.sources)


def _source(line: str) -> tuple[str, str, tuple[str, ...]]:
    """Id, title and addresses of a line of the register."""
    name, _, rest = line.partition("  ")
    title, _, addresses = rest.partition("  ")
    return name, title, tuple(part for part in addresses.split() if part.startswith(("http://", "https://")))


def _changes(change: Change) -> Iterator[str]:
    before, after = _said(change.before), _said(change.after)
    yield f"The answer stays {after}." if before == after else f"The answer was {before}, and is now {after}."
    if before != after:
        yield from change.because


def _said(suggestion: Suggestion) -> str:
    day = suggestion.date_of_service.isoformat() if suggestion.date_of_service else "no date of service"
    return f"{suggestion.code or 'no code'} ({words.REASONS[suggestion.reason or ''][0].lower()}; {suggestion.profile}, {day})"
