"""The figures of an archive, counted over its rows one at a time; memory depends on the kinds of rows, not on their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from .repeats import Frequent, statements
from .rows import NOT_GIVEN, Glance, Json, ReasonPath, Run, glance, record_of
from .sampling import Smallest, key_of

MOST_GROUPS = 2000  # months, sites or readers told apart; any further ones are counted together
FURTHER = "all further ones"
MOST_STATEMENTS = 64  # told apart for each reader
_ALIKE = ("status", "reason", "needs_review", "billed", "billed_code", "procedure", "modality")
SHORT = (*_ALIKE, "flags", "date_of_service", "site", "reader")  # columns that short rows are counted by
EXAMPLES = 3  # shown for each reason path, where words are asked for


@dataclass(frozen=True, slots=True)
class Window:
    """Questions are worth sending for examinations of the last `days` days up to `as_of`."""

    days: int
    as_of: date

    def place(self, day: str | None) -> str:
        """`within`, `older`, `later` or `undated`."""
        if day is None:
            return "undated"
        if day > self.as_of.isoformat():
            return "later"
        return "within" if day >= (self.as_of - timedelta(days=self.days)).isoformat() else "older"


@dataclass(slots=True)
class Group:
    """The reports of one month, modality, site or reader."""

    reports: int = 0
    ct_or_mr: int = 0
    rendered: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    billed: Counter[str] = field(default_factory=Counter)
    questions: int = 0
    stated: int = 0
    repeated: Frequent = field(default_factory=lambda: Frequent(MOST_STATEMENTS))

    def add(self, row: Glance, times: int = 1) -> None:
        """Count a report, or several that look alike."""
        self.reports += times
        self.ct_or_mr += row.ct_or_mr * times
        self.rendered += (row.rendered and row.ct_or_mr) * times
        self.outcomes[row.outcome] += times
        self.questions += ("physician" in row.asks) * times
        if row.billed:
            self.billed[row.billed] += times


@dataclass(slots=True)
class Missing:
    """Reports that lack the same fact: how many, how many of them ask the physician, and how old those are."""

    reports: int = 0
    questions: int = 0
    age: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Tally:
    """Everything that is counted. `words` keeps examples and the wording of repeated statements; without it no word stays."""

    window: Window | None = None
    words: bool = False
    reports: int = 0
    needs_review: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    paths: Counter[ReasonPath] = field(default_factory=Counter)
    missing: dict[str, Missing] = field(default_factory=dict)
    coder_questions: int = 0
    flags: Counter[str] = field(default_factory=Counter)
    billing: bool = False
    billed: Counter[str] = field(default_factory=Counter)
    matrix: Counter[tuple[str, str]] = field(default_factory=Counter)
    why: Counter[tuple[str, ReasonPath]] = field(default_factory=Counter)
    months: dict[str, Group] = field(default_factory=dict)
    modalities: dict[str, Group] = field(default_factory=dict)
    sites: dict[str, Group] = field(default_factory=dict)
    readers: dict[str, Group] = field(default_factory=dict)
    profiles: Counter[str] = field(default_factory=Counter)
    packs: Counter[tuple[str, str]] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)
    first: str | None = None
    last: str | None = None
    quarantined: Counter[str] = field(default_factory=Counter)
    examples: dict[ReasonPath, Smallest[dict[str, Any]]] = field(default_factory=dict)
    wording: dict[int, str] = field(default_factory=dict)

    def add(self, row: dict[str, Any]) -> None:
        """Count a row."""
        seen = glance(row)
        self._count(seen, row)
        self._dated(seen.day, seen.day)
        for groups, name in ((self.months, seen.month), (self.modalities, seen.modality), (self.sites, seen.site)):
            _group(groups, name).add(seen)
        reader = _group(self.readers, seen.reader)
        reader.add(seen)
        self._state(reader, row)
        if self.words:
            kept = self.examples.setdefault(seen.path, Smallest(EXAMPLES))
            kept.add(key_of(row, 0), self.reports, _example(row))

    def add_short(self, columns: Mapping[str, Sequence[Any]], row: Json) -> None:
        """Count short rows by their columns (`SHORT`); `row` is one of them, whole, for what all rows of a run share."""
        days = [day.isoformat() if day else None for day in columns["date_of_service"]]
        alike: dict[tuple[Any, ...], int] = {}
        numbers = [alike.setdefault(key, len(alike)) for key in zip(*(columns[name] for name in _ALIKE), map(tuple, columns["flags"]), strict=True)]
        rows = [_short_row(row, dict(zip((*_ALIKE, "flags"), key, strict=True))) for key in alike]
        seen = [glance(one) for one in rows]
        for number, times in Counter(numbers).items():
            self._count(seen[number], rows[number], times)
            _group(self.modalities, seen[number].modality).add(seen[number], times)
        given = [day for day in days if day]
        if given:
            self._dated(min(given), max(given))
        months = (day[:7] if day else NOT_GIVEN for day in days)
        for groups, names in ((self.months, months), (self.sites, columns["site"]), (self.readers, columns["reader"])):
            for (name, number), times in Counter(zip(names, numbers, strict=True)).items():
                _group(groups, name or NOT_GIVEN).add(seen[number], times)

    def _count(self, seen: Glance, row: Json, times: int = 1) -> None:
        self.reports += times
        self.needs_review += seen.needs_review * times
        self.outcomes[seen.outcome] += times
        self.paths[seen.path] += times
        self.flags.update(dict.fromkeys(seen.flags, times))
        self.coder_questions += ("coder" in seen.asks) * times
        self._miss(seen)
        self._bill(seen, times)
        edition = row.get("edition") or {}
        self.profiles[row.get("profile") or "unknown"] += times
        self.packs[edition.get("pack") or "unknown", edition.get("sha256") or ""] += times
        if own := (row.get("versions") or {}).get("nlp3d"):
            self.versions[own] += times

    def _miss(self, seen: Glance) -> None:
        if (name := missing_of(seen)) is None:
            return
        missing = self.missing.setdefault(name, Missing())
        missing.reports += 1
        if "physician" in seen.asks:
            missing.questions += 1
            missing.age[self.window.place(seen.day) if self.window else "within"] += 1

    def _bill(self, seen: Glance, times: int) -> None:
        self.billing = self.billing or bool(seen.billed or seen.billed_code)
        self.matrix[billed_name(seen.billed_code), seen.code or "none"] += times
        if seen.billed:
            self.billed[seen.billed] += times
            self.why[seen.billed, seen.path] += times

    def _dated(self, first: str | None, last: str | None) -> None:
        if first and last:
            self.first = min(self.first or first, first)
            self.last = max(self.last or last, last)

    def _state(self, reader: Group, row: Json) -> None:
        found = list(statements(row))
        reader.stated += bool(found)
        for statement in found:
            reader.repeated.add(statement.hash)
            if self.words and statement.hash in reader.repeated.counts:
                self.wording.setdefault(statement.hash, statement.words)
        if len(self.wording) > MOST_GROUPS * MOST_STATEMENTS:
            held = {hash for group in self.readers.values() for hash in group.repeated.counts}
            self.wording = {hash: words for hash, words in self.wording.items() if hash in held}


def count(run: Run, window: Window | None = None, words: bool = False) -> Tally:
    """The figures of a run."""
    tally = Tally(window, words)
    if words or (brief := getattr(run, "brief", None)) is None:
        for row in run.rows():
            tally.add(row)
    else:
        for columns, rows in brief(SHORT):
            whole = iter(rows)
            if columns["status"]:
                tally.add_short(columns, next(whole))
            for row in whole:
                tally.add(row)
    tally.quarantined.update(str(entry.get("reason", "unknown")) for entry in run.quarantine())
    return tally


def missing_of(seen: Glance) -> str | None:
    """What is missing in a report that might support a code: `supervision.workstation`, `supervision.scanner`, `location`, `both`,
    `technique`, `automatic`; `beside` for a report with a code that asks about another of its examinations; None for nothing."""
    reason = seen.path.reason
    if reason == "supervision_not_documented":
        return f"supervision.{seen.location}"
    if reason == "location_not_documented":
        return "location"
    if reason == "supervision_and_location_not_documented":
        return "both"
    if reason == "technique_ambiguous":
        return "technique"
    if "physician" in seen.asks:
        return "automatic" if seen.code is None and reason == "no_physician_supervision" else "beside"
    return None


def billed_name(code: str | None) -> str:
    """A billed code as the table has it: one of the two numbers, `another` or `none`."""
    given = (code or "").strip()
    return given if given in ("76376", "76377") else "another" if given else "none"


def _group(groups: dict[str, Group], name: str) -> Group:
    if name not in groups and len(groups) >= MOST_GROUPS and name != NOT_GIVEN:
        name = FURTHER
    return groups.setdefault(name, Group())


def _short_row(row: Json, values: Json) -> dict[str, Any]:
    """A short row with these values in its columns, as far as a glance sees it."""
    record = {"modality": values["modality"], "billed_code": values["billed_code"]}
    return {
        **row, "status": values["status"], "reason": values["reason"], "needs_review": values["needs_review"], "billed": values["billed"],
        "flags": [{"flag": flag} for flag in values["flags"]], "studies": [{"procedure": values["procedure"]}], "record": record,
    }  # fmt: skip


def _example(row: Json) -> dict[str, Any]:
    """What an example shows, without the rest of the row."""
    counted = [e["text"] for e in row.get("evidence", ()) if e["counts"]]
    return {"id": row.get("id"), "accession": record_of(row).get("accession"), "words": counted}
