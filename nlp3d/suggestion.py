"""Step 9, the answer: a suggestion a coder can check, and its JSON, whose keys are spelled only here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, NamedTuple

from .facts import Evidence, Reading, StudyFacts
from .record import Record
from .rules.decision import CodeUnits, Decision, Edition, Flag, RuleOutcome, StudyDecision
from .rules.evaluate import decide, table_of
from .rules.model import Code, Profile
from .rules.queries import Query, fill
from .text import sanitize

SCHEMA = "1"
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
Status = Literal["answered", "no_text", "not_a_report", "unsupported_language", "error"]
Detail = Literal["full", "short"]


@dataclass(frozen=True, slots=True)
class Study:
    """One examination: its facts, the group its procedure has on the date, and its own answer."""

    facts: StudyFacts
    decision: StudyDecision


class StudyRule(NamedTuple):
    """What became of a rule in one study."""

    study: int
    rule: RuleOutcome


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The answer for a record. With a `status` other than `answered` there is no code and no reason, and the lists are empty."""

    id: str | None
    status: Status
    detail: Detail
    code: Code | None
    reason: str | None
    profile: str
    codes: tuple[CodeUnits, ...]
    edition: Edition
    date_of_service: date | None
    needs_review: bool
    flags: tuple[Flag, ...]
    studies: tuple[Study, ...]
    evidence: tuple[Evidence, ...]
    rules: tuple[StudyRule, ...]
    queries: tuple[Query, ...]
    checklist: tuple[str, ...]
    text_sha256: str | None
    versions: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON types, keys in their published order; a short one holds fewer of them."""
        rules = {"rules": [_rule(row) for row in self.rules]} if self.detail == "full" else {}
        return self._before_rules() | rules | self._after_rules()

    def _before_rules(self) -> dict[str, Any]:
        full = self.detail == "full"
        answer: dict[str, Any] = {
            "schema": SCHEMA,
            "id": self.id,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "reason": self.reason,
            "profile": self.profile,
        }
        if full:
            answer["codes"] = [{"code": c.code, "units": c.units, "studies": list(c.studies)} for c in self.codes]
        answer["edition"] = {"date": _iso(self.edition.date), "pack": self.edition.pack, "sha256": self.edition.sha256}
        answer["date_of_service"] = _iso(self.date_of_service)
        answer["needs_review"] = self.needs_review
        answer["flags"] = [{"flag": f.flag, "study": f.study} for f in self.flags]
        answer["studies"] = [_full_study(study) if full else _short_study(study) for study in self.studies]
        if full:
            answer["evidence"] = [_mention(mention) for mention in self.evidence]
        return answer

    def _after_rules(self) -> dict[str, Any]:
        full = self.detail == "full"
        answer: dict[str, Any] = {}
        if full:
            answer["queries"] = [dict(query) for query in self.queries]
            answer["checklist"] = list(self.checklist)
            answer["hints"] = []
            answer["confidence"] = None
        answer["text_sha256"] = self.text_sha256
        if full:
            answer["versions"] = dict(sorted(self.versions.items()))
        return answer

    def to_json(self) -> str:
        """The answer as one line of JSON; the same answer gives the same bytes."""
        if self.detail == "short":
            return _ENCODE(self._before_rules() | self._after_rules())
        # within a string the quotes of this gap would be escaped: it stands once, between the keys
        before, gap, after = _ENCODE(self._before_rules() | {"rules": []} | self._after_rules()).partition('"rules":[]')
        return f"{before}{gap[:-1]}{','.join(map(_rule_json, self.rules))}]{after}"


def build(
    record: Record,
    reading: Reading,
    profile: str | Profile = "strict",
    date_of_service: date | None = None,
    versions: Mapping[str, str] | None = None,
) -> Suggestion:
    """The suggestion for what was read in a record. The record's own date of service comes before `date_of_service`.

    Raises `Nlp3dError` for an unknown profile."""
    day = record.date_of_service or date_of_service
    decision = decide(reading.studies, day, profile, reading.flags)
    names = {study.index: study.name for study in reading.studies}
    return _suggestion(
        record,
        reading,
        decision,
        detail="full",
        codes=decision.codes,
        evidence=reading.evidence,
        rules=_rules(decision),
        queries=tuple(fill(decision, names, reading.evidence, profile.pack if isinstance(profile, Profile) else None)),
        checklist=decision.checklist,
        versions=versions or {},
    )


def build_short(record: Record, reading: Reading, decision: Decision) -> Suggestion:
    """The short answer for what was read in a record and decided on it: the full one cut down, without the full one being made."""
    return _suggestion(record, reading, decision, "short", (), (), (), (), (), {})


def _suggestion(
    record: Record,
    reading: Reading,
    decision: Decision,
    detail: Detail,
    codes: tuple[CodeUnits, ...],
    evidence: tuple[Evidence, ...],
    rules: tuple[StudyRule, ...],
    queries: tuple[Query, ...],
    checklist: tuple[str, ...],
    versions: Mapping[str, str],
) -> Suggestion:
    return Suggestion(
        id=record.id,
        status="answered",
        detail=detail,
        code=decision.code,
        reason=decision.reason,
        profile=decision.profile,
        codes=codes,
        edition=decision.edition,
        date_of_service=decision.date_of_service,
        needs_review=decision.needs_review,
        flags=decision.flags,
        studies=tuple(map(Study, reading.studies, decision.studies)),
        evidence=evidence,
        rules=rules,
        queries=queries,
        checklist=checklist,
        text_sha256=sanitize(record.text).sha256,
        versions=versions,
    )


def unanswered(
    record: Record | None,
    status: Status,
    profile: str | Profile = "strict",
    date_of_service: date | None = None,
    versions: Mapping[str, str] | None = None,
) -> Suggestion:
    """The answer for a record that is not read (`status` says why), or that could not even be formed (`record` None)."""
    day = (record.date_of_service if record else None) or date_of_service
    table = table_of(profile, day)
    return Suggestion(
        id=record.id if record else None,
        status=status,
        detail="full",
        code=None,
        reason=None,
        profile=table.profile.name,
        codes=(),
        edition=table.edition,
        date_of_service=day,
        needs_review=False,
        flags=(),
        studies=(),
        evidence=(),
        rules=(),
        queries=(),
        checklist=(),
        text_sha256=sanitize(record.text).sha256 if record else None,
        versions=versions or {},
    )


def short(suggestion: Suggestion) -> Suggestion:
    """The answer cut down to what a report without any 3D mention needs."""
    return replace(suggestion, detail="short", codes=(), evidence=(), rules=(), queries=(), checklist=(), versions={})


def _rules(decision: Decision) -> tuple[StudyRule, ...]:
    return tuple(StudyRule(study.index, rule) for study in decision.studies for rule in study.outcomes)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _short_study(study: Study) -> dict[str, Any]:
    facts = study.facts
    return {"index": facts.index, "name": facts.name, "procedure": facts.procedure, "base": study.decision.base}


def _full_study(study: Study) -> dict[str, Any]:
    facts = study.facts
    return {
        "index": facts.index,
        "name": facts.name,
        "start": facts.start,
        "end": facts.end,
        "procedure": facts.procedure,
        "base": study.decision.base,
        "technique": facts.technique,
        "location": facts.location,
        "supervision": facts.supervision,
        "interpretation": facts.interpretation,
        "output": facts.output,
        "automatic": facts.automatic,
        "outside": facts.outside,
        "code": study.decision.code,
        "reason": study.decision.reason,
    }


def _mention(mention: Evidence) -> dict[str, Any]:
    return {
        "concept": mention.concept,
        "field": mention.field,
        "text": mention.text,
        "start": mention.start,
        "end": mention.end,
        "section": mention.section,
        "studies": list(mention.studies),
        "assertion": mention.assertion,
        "counts": mention.counts,
        "why": mention.why,
    }


# Most of an answer are rules, which are the same objects in every answer of an edition: their JSON, with a gap for the study.
_written: dict[int, tuple[RuleOutcome, str, str]] = {}
_MOST_WRITTEN = 10_000


def _rule_json(row: StudyRule) -> str:
    known = _written.get(id(row.rule))
    if known is None or known[0] is not row.rule:
        before, after = _ENCODE(_rule(StudyRule(-1, row.rule))).split('"study":-1', 1)
        if len(_written) >= _MOST_WRITTEN:
            _written.clear()
        known = _written[id(row.rule)] = (row.rule, before + '"study":', after)
    return f"{known[1]}{row.study}{known[2]}"


def _rule(row: StudyRule) -> dict[str, Any]:
    rule = row.rule
    return {
        "id": rule.id,
        "study": row.study,
        "outcome": rule.outcome,
        "blocked_by": rule.blocked_by,
        "because": rule.because,
        "in_force": {"from": _iso(rule.in_force.start), "to": _iso(rule.in_force.end)},
        "sources": list(rule.sources),
    }
