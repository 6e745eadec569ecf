"""What the routes do, free of HTTP: questions answered, reports of the worklist opened, decisions recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from ..decisions.chain import Entry
from ..decisions.model import Choice, decision
from ..decisions.store import Store
from ..errors import error
from ..record import Record
from ..rules import decide
from ..text import sanitize
from .answering import Question
from .endpoints import elsewhere
from .models import AnswerBody, BeforeBody, DecideBody, DecisionBody, Feedback, ItemBody, SuggestBody
from .replies import Place, fragment, judged, opened, suggested
from .settings import Settings
from .work import Work
from .worklist import Report, Worklist, key_of


class Desk:
    """The page's work, over the settings of a server and its workers."""

    def __init__(self, settings: Settings, work: Work) -> None:
        self.settings, self.work = settings, work

    async def page(self, body: AnswerBody) -> str:
        """The answer to a pasted report as the page shows it, and what changed since the profile and date of `before`."""
        return await self.work.run(fragment, self._question(body), self._before(body.before), None, self.settings.store is not None)

    async def suggest(self, body: SuggestBody) -> dict[str, Any]:
        """The answer to a report as the API gives it."""
        return await self.work.run(suggested, self._question(body))

    async def item_page(self, body: ItemBody) -> str:
        """A report of the worklist as the page shows it. Raises `Nlp3dError` where there is no worklist, or no such report."""
        report = await self._report(body)
        latest = await self._latest(report.record)
        shown = {"seq": latest.seq, "recorded_at": latest.recorded_at, **latest.decision} if latest else None
        place = Place(body.number, len(self.worklist()), shown)
        return await self.work.run(fragment, self._asked(report.record, body), self._before(body.before), place, self.settings.store is not None)

    async def item(self, body: ItemBody) -> dict[str, Any]:
        """The same for the API."""
        report = await self._report(body)
        latest = await self._latest(report.record)
        text, suggestion = await self.work.run(opened, self._asked(report.record, body))
        return {"number": body.number, "text": text, "suggestion": suggestion, "latest": latest.to_dict() if latest else None}

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
        question = self._asked(record, asked)
        suggestion, corrected = await self.work.run(judged, question)
        choice = Choice(body.key, body.action, body.reviewer, body.code, body.reason, body.note, body.follows)
        made = decision(choice, record, suggestion, corrected, question.corrections, source)
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

    def _question(self, body: SuggestBody) -> Question:
        return self._asked(self.settings.dated(body.record()), body)

    def _asked(self, record: Record, body: SuggestBody | ItemBody) -> Question:
        return Question(record, self.settings.profile_of(body.profile), body.corrections.made())

    async def _latest(self, record: Record) -> Entry | None:
        if self.settings.store is None:
            return None
        key = key_of(record, sanitize(record.text).sha256)
        return (await elsewhere(self.settings.store.latest)).get(key)

    async def _report(self, body: ItemBody) -> Report:
        """The record with what the coder knows better; a field that was sent empty counts as not given."""
        report = await elsewhere(self.worklist().report, body.number)
        given: dict[str, Any] = {name: getattr(body, name) for name in ("title", "base", "date_of_service") if name in body.model_fields_set}
        known = Record.of({**given, "text": ""})
        record = replace(report.record, **{name: getattr(known, name) for name in given})
        return replace(report, record=self.settings.dated(record))

    def _before(self, before: BeforeBody | None) -> tuple[str, date | None] | None:
        if before is None:
            return None
        day: date | None = Record.of({"text": "", "date_of_service": before.date_of_service}).date_of_service
        return self.settings.profile_of(before.profile), day or self.settings.day
