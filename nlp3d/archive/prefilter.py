"""Answers for an archive: one search decides whether a report can hold anything of 3D; most cannot and take the short way.

The search is one expression made of the vocabulary's own phrases for techniques and acquisitions, over the same reading copy that
the steps work on, so whatever the steps can find is found here too; what is found beyond that only costs time, since the step that
finds mentions is asked next. A report without a mention of 3D runs through the steps that say which examinations it holds, and its
answer is the full one cut down (`suggestion.short`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

import re2

from ..admission import status_of
from ..facts import Evidence, Reading, StudyFacts
from ..gathering import default_gather
from ..mentions import default_mentions
from ..pipeline import answer, conclude, read, steps, versions
from ..record import Record
from ..report import Report
from ..rules.decision import Decision
from ..rules.evaluate import decide
from ..rules.model import Profile
from ..suggestion import Suggestion, build_short, short, unanswered
from ..text import sanitize
from ..vocabulary.model import load_vocabulary

_FAMILIES = ("technique.", "acquisition.")
_MEMORY = 64 << 20
# Steps that only speak of what was rendered, by whom and where; they say nothing of a report without a technique.
_OF_RENDERING = ("mentions", "assertion", "attachment", "participation", "attribution")


class TooMuchWork(Exception):
    """A report that would take more work than the budget allows."""


class Answers:
    """Answers records as `nlp3d.pipeline.answer` does, cut down where nothing of 3D is mentioned.

    `prefilter` False sends every report through all steps; the answers are the same. `budget` bounds the work for one report:
    its characters times its places that speak of 3D (None: no bound)."""

    def __init__(self, profile: str | Profile = "strict", day: date | None = None, prefilter: bool = True, budget: int | None = None) -> None:
        self.profile, self.day, self.prefilter, self.budget = profile, day, prefilter, budget

    def __call__(self, record: Record) -> Suggestion:
        """The answer for a record. Raises `TooMuchWork` where the budget does not suffice."""
        if not record.text.strip():
            full = answer(record, self.profile, self.day)
            return full if _in_title(record.title) else short(full)
        report = Report(sanitize(record.text).text, title=record.title or "", base=record.base)
        if search().search(report.plain) is not None:
            if self.budget is not None:
                self._afford(report)
            report = default_mentions()(report)
        held = any(mention.concept.startswith(_FAMILIES) for mention in report.mentions) or _in_title(record.title)
        if self.prefilter and not held:
            quick = self._short(record, report)
            if quick is not None:
                return quick
        reading = read(record)
        full = conclude(record, reading, self.profile, self.day)
        return full if _of_3d(reading.evidence) or _in_title(record.title) else short(full)

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


@lru_cache(maxsize=1)
def search() -> re2.Pattern:
    """The expression that finds a place in a reading copy where a technique or an acquisition may be named."""
    vocabulary = load_vocabulary()
    concepts = [concept for concept in vocabulary.mentions if concept.name.startswith(_FAMILIES)]
    any_case = [vocabulary.three_d_spelling, *(phrase for concept in concepts if not concept.case for phrase in concept.phrases)]
    as_written = [phrase for concept in concepts if concept.case for phrase in concept.phrases]
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    return re2.compile("|".join([f"(?i:{'|'.join(any_case)})", *as_written]), options)


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
    return any(mention.concept.startswith(_FAMILIES) for mention in default_mentions()(report).mentions)


def _of_3d(evidence: tuple[Evidence, ...]) -> bool:
    return any(mention.concept.startswith(_FAMILIES) for mention in evidence)
