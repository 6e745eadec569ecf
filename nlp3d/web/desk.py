"""What the routes do, free of HTTP: questions answered, reports of the worklist opened, decisions recorded."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ..decisions.chain import Entry
from ..decisions.corrections import Corrections
from ..decisions.model import Choice, decision
from ..decisions.store import Store
from ..errors import error
from ..record import Record
from ..rules import decide
from ..text import sanitize
from .answering import Answer, Change, Question, change
from .endpoints import elsewhere
from .models import AnswerBody, BeforeBody, DecideBody, DecisionBody, Feedback, ItemBody, SuggestBody
from .settings import Settings
from .work import Work
from .worklist import Report, Worklist, key_of


@dataclass(frozen=True, slots=True)
class Opened:
    """A report of the worklist with its answer and the last decision on it."""

    number: int
    of: int
    answer: Answer
    change: Change | None
    latest: Entry | None


class Desk:
    """The page's work, over the settings of a server and its workers."""

    def __init__(self, settings: Settings, work: Work) -> None:
        self.settings, self.work = settings, work

    async def answer(self, body: SuggestBody) -> tuple[Answer, Change | None]:
        """The answer to a pasted report, and what changed since the profile and date of `before`."""
        record = self.settings.dated(body.record())
        answer = await self._ask(record, body.profile, body.corrections.made())
        return answer, self._change(answer, body.before if isinstance(body, AnswerBody) else None)

    async def open(self, body: ItemBody) -> Opened:
        """A report of the worklist. Raises `Nlp3dError` where there is no worklist, or no such report."""
        report = await self._report(body)
        answer = await self._ask(report.record, body.profile, body.corrections.made())
        latest = None
        if self.settings.store:
            key = key_of(report.record, sanitize(report.record.text).sha256)
            latest = (await elsewhere(self.settings.store.latest)).get(key)
        return Opened(body.number, len(self.worklist()), answer, self._change(answer, body.before), latest)

    async def decide(self, body: DecisionBody) -> Entry:
        """Record a decision. Raises `Nlp3dError`; when it returns, the decision is on disk."""
        store = self.store()
        source: Any = None
        if (body.item is None) == (body.report is None):
            raise error("decision_subject")
        if body.item is not None:
            report = await self._report(body.item)
            record, source, asked = report.record, report.source, body.item
        else:
            assert body.report is not None
            record, asked = self.settings.dated(body.report.record()), body.report  # type: ignore[assignment]
        corrections = asked.corrections.made()
        answer = await self._ask(record, asked.profile, corrections)
        choice = Choice(body.key, body.action, body.reviewer, body.code, body.reason, body.note, body.follows)
        made = decision(choice, record, answer.suggestion, answer.corrected, corrections, source)
        return await elsewhere(store.add, made)

    async def feedback(self, entry: Feedback) -> Entry:
        """A CDS Hooks feedback entry as a decision: its outcome must be the one that the decision says."""
        body = entry.extension.decision
        override = entry.overrideReason
        if (entry.outcome == "accepted") != (body.action == "accept") or entry.card != body.key:
            raise error("request_field", "outcome")
        if override:
            body = body.model_copy(
                update={
                    "reason": body.reason or (override.reason.code if override.reason else None),
                    "note": body.note or override.userComment or "",
                }
            )
        return await self.decide(body)

    def rules(self, body: DecideBody) -> dict[str, Any]:
        """The rules alone over facts. Raises `Nlp3dError` for facts that do not exist."""
        try:
            made = decide(body.facts, body.date_of_service, self.settings.profile_of(body.profile))
        except (ValueError, TypeError, AttributeError):
            raise error("facts_unknown") from None
        return {
            "code": made.code,
            "reason": made.reason,
            "profile": made.profile,
            "codes": [{"code": c.code, "units": c.units, "studies": list(c.studies)} for c in made.codes],
            "edition": {
                "date": made.edition.date.isoformat() if made.edition.date else None,
                "pack": made.edition.pack,
                "sha256": made.edition.sha256,
            },
            "needs_review": made.needs_review,
            "flags": [{"flag": f.flag, "study": f.study} for f in made.flags],
            "studies": [{"index": s.index, "base": s.base, "code": s.code, "reason": s.reason, "rule": s.rule} for s in made.studies],
        }

    def worklist(self) -> Worklist:
        """The worklist. Raises `Nlp3dError` where none is open."""
        if self.settings.worklist is None:
            raise error("worklist_none")
        return self.settings.worklist

    def store(self) -> Store:
        """The store of decisions. Raises `Nlp3dError` where none is open."""
        if self.settings.store is None:
            raise error("store_none")
        return self.settings.store

    async def _ask(self, record: Record, profile: str | None, corrections: Corrections) -> Answer:
        return await self.work.answer(Question(record, self.settings.profile_of(profile), corrections))

    async def _report(self, body: ItemBody) -> Report:
        """The record with what the coder knows better; a field that was sent empty counts as not given."""
        report = await elsewhere(self.worklist().report, body.number)
        given: dict[str, Any] = {name: getattr(body, name) for name in ("title", "base", "date_of_service") if name in body.model_fields_set}
        known = Record.of({**given, "text": ""})
        record = replace(report.record, **{name: getattr(known, name) for name in given})
        return replace(report, record=self.settings.dated(record))

    def _change(self, answer: Answer, before: BeforeBody | None) -> Change | None:
        if before is None:
            return None
        day: date | None = Record.of({"text": "", "date_of_service": before.date_of_service}).date_of_service
        return change(answer, self.settings.profile_of(before.profile), day or self.settings.day)


def suggestion_json(answer: Answer) -> dict[str, Any]:
    """The machine's answer, and under `corrected` the one after the coder's corrections."""
    given: dict[str, Any] = json.loads(answer.suggestion.to_json())
    return {**given, "corrected": json.loads(answer.corrected.to_json()) if answer.corrected else None}
