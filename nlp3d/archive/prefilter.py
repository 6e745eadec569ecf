"""Answers for an archive: one search decides whether a report can hold anything of 3D; most cannot and take the short way.

The search is one expression made of the vocabulary's own phrases for techniques and acquisitions, over the same reading copy that
the steps work on, so whatever the steps can find is found here too; what is found beyond that only costs time, since the step that
finds mentions is asked next. A report without a mention of 3D runs through the steps that say which examinations it holds, and its
answer is the full one cut down (`suggestion.short`).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from ..admission import status_of
from ..facts import Evidence, Reading, StudyFacts
from ..gathering import default_gather
from ..mentions import default_mentions
from ..pipeline import answer, conclude, steps, versions
from ..record import Record
from ..report import Report
from ..rules.decision import Decision
from ..rules.evaluate import decide
from ..rules.model import Profile
from ..suggestion import Suggestion, build_short, short, unanswered
from ..text import plain, sanitize
from .first_look import FAMILIES, first_look, possible, search
from .outline import Outline, Outlines

_MOST_DAYS = 10_000
_NOBODY = Record("")
# Steps that only speak of what was rendered, by whom and where; they say nothing of a report without a technique.
_OF_RENDERING = ("mentions", "assertion", "attachment", "participation", "attribution")


class TooMuchWork(Exception):
    """A report that would take more work than the budget allows."""


@dataclass(slots=True, eq=False)
class Form:
    """A short answer that many reports share: all but id, date of service, hash, and the date in names of studies, in whose place
    `dated` stands. `made` is for whoever writes it."""

    answer: Suggestion
    dated: str
    made: Any = None


@dataclass(slots=True)
class Filled:
    """A form with what a report adds: the date in its first line, and the hash of its text."""

    form: Form
    dated: str
    sha256: str

    def answer(self, record: Record, day: date | None) -> Suggestion:
        """The whole short answer."""
        whole, wanted = self.form.answer, self.form.dated
        studies = tuple(replace(one, facts=replace(one.facts, name=one.facts.name.replace(wanted, self.dated))) for one in whole.studies) if wanted else whole.studies
        return replace(whole, id=record.id, date_of_service=day, studies=studies, text_sha256=self.sha256)


class Answers:
    """Answers records as `nlp3d.pipeline.answer` does, cut down where nothing of 3D is mentioned.

    `prefilter` False sends every report through all steps; the answers are the same. `budget` bounds the work for one report:
    its characters times its places that speak of 3D (None: no bound)."""

    def __init__(self, profile: str | Profile = "strict", day: date | None = None, prefilter: bool = True, budget: int | None = None) -> None:
        self.profile, self.day, self.prefilter, self.budget = profile, day, prefilter, budget
        self._outlines = Outlines()
        self._ages: dict[date | None, Hashable] = {}

    def __call__(self, record: Record) -> Suggestion:
        """The answer for a record. Raises `TooMuchWork` where the budget does not suffice."""
        known = self.form(record)
        if known is not None:
            return known.answer(record, record.date_of_service or self.day)
        return self.whole(record)

    def form(self, record: Record) -> Filled | None:
        """The short answer for a record, if that can be told without the steps: see `first_look` and `outline`."""
        if not self.prefilter or _in_title(record.title):
            return None
        safe = sanitize(record.text)
        if safe.surrogates_replaced or safe.controls_replaced or not self._affordable(safe.text):
            return None
        copy = first_look()(safe.text)
        if copy is None:
            return None
        found = self._outlines(safe.text, copy, record.title, record.base)
        return None if found is None else Filled(self._form(found[0], record.date_of_service or self.day), found[1], safe.sha256)

    def whole(self, record: Record) -> Suggestion:
        """The answer for a record by the steps. Raises `TooMuchWork`."""
        if not record.text.strip():
            full = answer(record, self.profile, self.day)
            return full if _in_title(record.title) else short(full)
        report = Report(sanitize(record.text).text, title=record.title or "", base=record.base)
        looked = False
        if search().search(report.plain) is not None:
            if self.budget is not None:
                self._afford(report)
            if possible(report.encoded):
                report, looked = default_mentions()(report), True
        held = any(mention.concept.startswith(FAMILIES) for mention in report.mentions) or _in_title(record.title)
        if self.prefilter and not held:
            quick = self._short(record, report)
            if quick is not None:
                return quick
            report, looked = replace(report, mentions=[]), False
        for name, step in steps():
            if name != "mentions" or not looked:
                report = step(report)
        reading = default_gather()(report)
        full = conclude(record, reading, self.profile, self.day)
        return full if _of_3d(reading.evidence) or _in_title(record.title) else short(full)

    def _form(self, outline: Outline, day: date | None) -> Form:
        age = self._ages.get(day)
        if age is None:
            if len(self._ages) > _MOST_DAYS:
                self._ages.clear()
            probe = decide(StudyFacts(), day, self.profile)
            age = self._ages[day] = (probe.edition.date, probe.flags)  # what a day means for an answer
        form: Form | None = outline.made.get(age)
        if form is None:
            decision = replace(decide(outline.studies, day, self.profile), date_of_service=None)
            form = outline.made[age] = Form(build_short(_NOBODY, Reading(outline.studies), decision), outline.date)
        return form

    def _affordable(self, text: str) -> bool:
        """Whether the budget suffices however many places there are, or there are none."""
        return self.budget is None or len(text) ** 2 <= self.budget or search().search(plain(text)) is None

    def _afford(self, report: Report) -> None:
        places = sum(1 for _ in search().finditer(report.plain))
        if self.budget is not None and places * len(report.plain) > self.budget:
            raise TooMuchWork

    def _short(self, record: Record, report: Report) -> Suggestion | None:
        """The short answer for a text without a hit; None where the whole reading must say whether it is a report at all."""
        status = status_of(record.text, False)
        if status == "unsupported_language":
            return short(unanswered(record, status, self.profile, self.day, versions()))
        if status != "answered":
            return None
        for name, step in steps():
            if name not in _OF_RENDERING:
                report = step(report)
        return self._concluded(record, default_gather()(report))

    def _concluded(self, record: Record, reading: Reading) -> Suggestion:
        day = record.date_of_service or self.day
        decision = _decided(tuple(replace(study, name="", start=0, end=0) for study in reading.studies), reading.flags, day, self.profile)
        return build_short(record, reading, decision)


@lru_cache(maxsize=4096)
def _decided(studies: tuple[StudyFacts, ...], flags: tuple[str, ...], day: date | None, profile: str | Profile) -> Decision:
    """The rules' decision, which does not depend on where a study stands or what it is called."""
    return decide(studies, day, profile, flags)


@lru_cache(maxsize=65536)
def _in_title(title: str | None) -> bool:
    """Whether a title given apart names a technique or an acquisition."""
    if not title:
        return False
    report = Report(sanitize(title).text)
    if search().search(report.plain) is None:
        return False
    return any(mention.concept.startswith(FAMILIES) for mention in default_mentions()(report).mentions)


def _of_3d(evidence: tuple[Evidence, ...]) -> bool:
    return any(mention.concept.startswith(FAMILIES) for mention in evidence)
