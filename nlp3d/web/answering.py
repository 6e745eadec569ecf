"""One question of the page answered: the machine's reading, both profiles side by side, and the coder's corrections beside them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from ..decisions.corrections import Corrections, corrected
from ..facts import Reading
from ..pipeline import conclude, read, versions
from ..record import Record
from ..suggestion import Suggestion, build, unanswered
from ..text import sanitize


@dataclass(frozen=True, slots=True)
class Question:
    """A report, the profile asked for, and what the coder corrects in its reading."""

    record: Record
    profile: str = "strict"
    corrections: Corrections = field(default_factory=Corrections)


@dataclass(frozen=True, slots=True)
class Answer:
    """The machine's answer in the profile asked for, in the strict and in the lenient one, and the one after corrections."""

    question: Question
    text: str
    reading: Reading
    suggestion: Suggestion
    strict: Suggestion
    lenient: Suggestion
    corrected: Suggestion | None

    @property
    def shown(self) -> Suggestion:
        """What stands on the page: with the corrections where there are some."""
        return self.corrected or self.suggestion


def answer(question: Question) -> Answer:
    """The answer to a question; the text is read once. Raises `Nlp3dError` for an unknown profile or an impossible correction."""
    record = question.record
    text = sanitize(record.text).text
    if not text.strip():
        none, strict, lenient = (unanswered(record, "no_text", name, None, versions()) for name in (question.profile, "strict", "lenient"))
        return Answer(question, text, Reading(), none, strict, lenient, None)
    reading = read(record)
    mine = None
    if question.corrections:
        mine = build(record, corrected(reading, text, question.corrections), question.profile, None, versions())
    asked = conclude(record, reading, question.profile)
    strict = asked if question.profile == "strict" else conclude(record, reading, "strict")
    lenient = asked if question.profile == "lenient" else conclude(record, reading, "lenient")
    return Answer(question, text, reading, asked, strict, lenient, mine)


@dataclass(frozen=True, slots=True)
class Change:
    """What another date or profile did to an answer."""

    before: Suggestion
    after: Suggestion
    because: tuple[str, ...]


def change(now: Answer, profile: str, day: date | None) -> Change | None:
    """What became of an answer since another profile or date of service was asked; None where neither changed."""
    if (profile, day) == (now.question.profile, now.question.record.date_of_service) or now.suggestion.status != "answered":
        return None
    before = conclude(replace(now.question.record, date_of_service=day), now.reading, profile)
    fired = [(row.study, row.rule.id) for row in before.rules if row.rule.outcome == "fired"]
    because = [
        row.rule.because or ""
        for row in now.suggestion.rules
        if row.rule.outcome == "fired" and (row.study, row.rule.id) not in fired
    ]
    return Change(before, now.suggestion, tuple(dict.fromkeys(filter(None, because))))
