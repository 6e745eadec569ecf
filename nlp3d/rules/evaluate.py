"""Step 8, evaluation: all rules against the facts of a report's studies. Plain data in, plain data out; no text ever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from ..errors import error
from ..facts import FLAGS, StudyFacts
from .decision import CodeUnits, Decision, Flag, QueryRequest, StudyDecision
from .load import load_pack, load_profile
from .model import CODES, REASONS, Code, Profile, last_on
from .table import Table, settle

_FLAG_ORDER = {flag: position for position, flag in enumerate(FLAGS)}
_REASON_ORDER = {reason: position for position, reason in enumerate(REASONS)}
_tables: dict[tuple[str, str], tuple[tuple[date, ...], dict[date | None, Table]]] = {}


def decide(
    facts: StudyFacts | Mapping[str, Any] | Iterable[StudyFacts | Mapping[str, Any]],
    date_of_service: date | str | None = None,
    profile: str | Profile = "strict",
    observed: Sequence[str] = (),
) -> Decision:
    """The answer for the facts of one study or of several, in text order.

    `observed` are flags of the whole report that the reader of the text raises. Without a date of service the newest edition
    is used. A mapping without `index` gets its place in the sequence. Raises `Nlp3dError` for an unknown profile or date,
    `ValueError` for unknown facts. Rules: the answer table of DESIGN, in decision.yaml.

    >>> decide({"procedure": "ct", "technique": "performed", "location": "workstation", "supervision": "personal"}, "2026-03-01").code
    '76377'
    """
    day = _day(date_of_service)
    table = table_of(profile, day)
    studies = _studies(facts)
    flags: set[tuple[str, int | None]] = {(flag, None) for flag in observed}
    decisions = tuple(_study(table, study, flags) for study in studies)
    codes, several = _codes(table, studies, decisions)
    _report_flags(table, day, decisions, several, flags)
    queries = tuple(
        QueryRequest(*rule.query, decision.index)
        for rule, decision in ((table.answer(d.base, s).rule, d) for s, d in zip(studies, decisions, strict=True))
        if rule.query
    )
    furthest = min(decisions, key=_furthest, default=None)
    meanings = table.pack.flags
    ordered = sorted(flags, key=lambda one: (_FLAG_ORDER[one[0]], -1 if one[1] is None else one[1]))
    return Decision(
        code=furthest.code if furthest else None,
        reason=furthest.reason if furthest else "no_3d_rendering",
        profile=table.profile.name,
        codes=codes,
        edition=table.edition,
        date_of_service=day,
        needs_review=bool(queries) or any(d.lenient_only for d in decisions) or any(meanings[flag].review for flag, _ in flags),
        flags=tuple(Flag(flag, study) for flag, study in ordered),
        studies=decisions,
        queries=queries,
        checklist=table.checklist,
    )


def table_of(profile: str | Profile, day: date | None) -> Table:
    """The table of a profile on a day, made once per edition. Raises `Nlp3dError` for an unknown profile."""
    loaded = profile if isinstance(profile, Profile) else _profile(profile)
    pack = loaded.pack or load_pack()
    key = (loaded.name, loaded.sha256)
    if key not in _tables:
        _tables[key] = (pack.boundaries(loaded), {})
    changes, tables = _tables[key]
    edition = last_on(changes, day)
    if edition not in tables:
        tables[edition] = Table(pack, loaded, edition)
    return tables[edition]


@lru_cache(maxsize=64)
def _profile(name: str) -> Profile:
    return load_profile(name)


def _day(value: date | str | None) -> date | None:
    if value is None or type(value) is date:
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else value.isoformat()[:10])
    except ValueError:
        raise error("date_of_service") from None


def _studies(facts: Any) -> tuple[StudyFacts, ...]:
    given = [facts] if isinstance(facts, StudyFacts | Mapping) else list(facts)
    return tuple(one if isinstance(one, StudyFacts) else StudyFacts.of({"index": place, **one}) for place, one in enumerate(given))


def _study(table: Table, facts: StudyFacts, flags: set[tuple[str, int | None]]) -> StudyDecision:
    """The answer for one study; the flags that follow from its facts are added to `flags`."""
    named, base, base_rules = table.base(facts.procedure)
    contradiction = facts.location == "conflicting"
    if facts.caller_base is not None and facts.caller_base != named:
        base, differs = settle(base, table.group(facts.caller_base))
        contradiction = contradiction or differs
    answer = table.answer(base, facts)
    raised = {
        "cta_without_3d": base == "cta" and facts.technique != "performed",
        "findings_3d_not_described": answer.outcome.code is not None and not facts.interpretation,
        "contradiction": contradiction,
        "outside_dataset": facts.outside,
        "mesh_output": facts.output == "mesh",
        "printed_output": facts.output == "print",
        "needle_mapping": base == "guidance" and facts.technique != "none",
    }
    flags.update((flag, facts.index) for flag, holds in raised.items() if holds)
    flags.update((flag, facts.index) for flag in facts.observed)
    return StudyDecision(
        facts.index, base, answer.outcome.code, answer.outcome.reason, answer.rule.id, answer.lenient_only, base_rules + answer.outcomes
    )


def _report_flags(
    table: Table, day: date | None, studies: Sequence[StudyDecision], several: bool, flags: set[tuple[str, int | None]]
) -> None:
    if several:
        flags.add(("several_units", None))
    if any(s.code for s in studies) and any(s.reason == "base_includes_3d" for s in studies):
        flags.add(("excluded_base_in_same_report", None))
    if day is None:
        flags.add(("date_of_service_unknown", None))
    elif day > min(table.pack.checked_through, table.profile.checked_through or day):
        flags.add(("date_after_checked_through", None))


def _furthest(study: StudyDecision) -> tuple[bool, int, int]:
    """Order of studies: a code first, then the reasons in their order, then 76377 before 76376; `min` keeps the earlier one."""
    return study.code is None, _REASON_ORDER[study.reason], CODES.index(study.code) if study.code else 0


def _codes(table: Table, facts: Sequence[StudyFacts], decisions: Sequence[StudyDecision]) -> tuple[tuple[CodeUnits, ...], bool]:
    """What the report supports, and whether that is more than one unit.

    Contiguous studies of one code are a unit; over `max_units`, the first units in text order stay."""
    areas: list[tuple[set[int], list[int]]] = []  # contiguity groups, positions of the studies
    for position, study in enumerate(facts):
        if decisions[position].code is None:
            continue
        groups = {number for number, regions in enumerate(table.contiguous) if not regions.isdisjoint(study.regions)}
        members = [position]
        for area in [area for area in areas if area[0] & groups]:
            areas.remove(area)
            groups |= area[0]
            members = sorted(area[1] + members)
        areas.append((groups, members))
    units: list[tuple[Code, list[int]]] = []
    for _, members in areas:
        for code in CODES:
            if same := [position for position in members if decisions[position].code == code]:
                units.append((code, same))
    units.sort(key=lambda unit: unit[1][0])
    found: dict[Code, list[list[int]]] = {}
    for code, members in units[: table.pack.max_units]:
        found.setdefault(code, []).append(members)
    entries = []
    for code, parts in found.items():
        positions = sorted(position for members in parts for position in members)
        entries.append(CodeUnits(code, len(parts), tuple(facts[position].index for position in positions)))
    return tuple(entries), len(units) > 1
