"""The figures of an archive, counted over its rows one at a time; memory depends on the kinds of rows, not on their number."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from .repeats import Frequent, statements
from .rows import NOT_GIVEN, Glance, Json, ReasonPath, Run, glance, record_of
from .sampling import Smallest, key_of

MOST_GROUPS = 2000  # months, sites or readers told apart; any further ones are counted together
FURTHER = "all further ones"
MOST_STATEMENTS = 64  # told apart for each reader
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

    def add(self, row: Glance) -> None:
        """Count a report."""
        self.reports += 1
        self.ct_or_mr += row.ct_or_mr
        self.rendered += row.rendered and row.ct_or_mr
        self.outcomes[row.outcome] += 1
        self.questions += "physician" in row.asks
        if row.billed:
            self.billed[row.billed] += 1


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
        self.reports += 1
        self.needs_review += seen.needs_review
        self.outcomes[seen.outcome] += 1
        self.paths[seen.path] += 1
        self.flags.update(seen.flags)
        self.coder_questions += "coder" in seen.asks
        self._miss(seen)
        self._bill(seen)
        self._dated(seen, row)
        for groups, name in ((self.months, seen.month), (self.modalities, seen.modality), (self.sites, seen.site)):
            _group(groups, name).add(seen)
        reader = _group(self.readers, seen.reader)
        reader.add(seen)
        self._state(reader, row)
        if self.words:
            kept = self.examples.setdefault(seen.path, Smallest(EXAMPLES))
            kept.add(key_of(row, 0), self.reports, _example(row))

    def _miss(self, seen: Glance) -> None:
        if (name := missing_of(seen)) is None:
            return
        missing = self.missing.setdefault(name, Missing())
        missing.reports += 1
        if "physician" in seen.asks:
            missing.questions += 1
            missing.age[self.window.place(seen.day) if self.window else "within"] += 1

    def _bill(self, seen: Glance) -> None:
        self.billing = self.billing or bool(seen.billed or seen.billed_code)
        self.matrix[billed_name(seen.billed_code), seen.code or "none"] += 1
        if seen.billed:
            self.billed[seen.billed] += 1
            self.why[seen.billed, seen.path] += 1

    def _dated(self, seen: Glance, row: Json) -> None:
        if seen.day:
            self.first = min(self.first or seen.day, seen.day)
            self.last = max(self.last or seen.day, seen.day)
        edition = row.get("edition") or {}
        self.profiles[row.get("profile") or "unknown"] += 1
        self.packs[edition.get("pack") or "unknown", edition.get("sha256") or ""] += 1
        if own := (row.get("versions") or {}).get("nlp3d"):
            self.versions[own] += 1

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
    for row in run.rows():
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


def _example(row: Json) -> dict[str, Any]:
    """What an example shows, without the rest of the row."""
    counted = [e["text"] for e in row.get("evidence", ()) if e["counts"]]
    return {"id": row.get("id"), "accession": record_of(row).get("accession"), "words": counted}
