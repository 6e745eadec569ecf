"""What differs between two runs over the same reports, and which rule, fact or mention made the difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .rows import Json, Run, deciding, fired, record_of

FACTS = ("procedure", "base", "technique", "location", "supervision", "interpretation", "output", "automatic", "outside")
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Change:
    """One way in which answers changed: code and reason before and after, the rules that fired, the facts of the deciding study that
    differ (`fact: before -> after`), and the concepts that count only before (`-`) or only after (`+`)."""

    before: tuple[str | None, str | None]
    after: tuple[str | None, str | None]
    rules: tuple[str | None, str | None]
    facts: tuple[str, ...]
    mentions: tuple[str, ...]


@dataclass(slots=True)
class Comparison:
    """Counts over both runs. `changes` holds how often each change was met, `examples` the first places in run B (rows from 1)."""

    both: int = 0
    same: int = 0
    only_a: int = 0
    only_b: int = 0
    other_text: int = 0
    changes: Counter[Change] = field(default_factory=Counter)
    examples: dict[Change, list[int]] = field(default_factory=dict)
    versions: tuple[str, ...] = ()


def compare(a: Run, b: Run) -> Comparison:
    """Go through both runs together. Rows are matched by accession, id and how often these were met; where both runs keep the order of
    the input, memory stays flat."""
    found = Comparison(versions=tuple(_versions(a.manifest, b.manifest)))
    waiting_a: dict[tuple[Any, ...], Json] = {}
    waiting_b: dict[tuple[Any, ...], tuple[int, Json]] = {}
    rows_a, rows_b = _keyed(a), _keyed(b)
    number = 0
    while True:
        left, right = next(rows_a, None), next(rows_b, None)
        if left is None and right is None:
            break
        if left is not None:
            waiting_a[left[0]] = left[1]
        if right is not None:
            number += 1
            waiting_b[right[0]] = (number, right[1])
        for key in {one[0] for one in (left, right) if one is not None}:
            if key in waiting_a and key in waiting_b:
                place, row = waiting_b.pop(key)
                _count(found, waiting_a.pop(key), row, place)
    found.only_a, found.only_b = len(waiting_a), len(waiting_b)
    return found


def _keyed(run: Run) -> Iterator[tuple[tuple[Any, ...], Json]]:
    met: Counter[tuple[Any, ...]] = Counter()
    for row in run.rows():
        name = (record_of(row).get("accession"), row.get("id"))
        met[name] += 1
        yield (*name, met[name]), row


def _count(found: Comparison, before: Json, after: Json, place: int) -> None:
    found.both += 1
    if before.get("text_sha256") != after.get("text_sha256"):
        found.other_text += 1
    change = _change(before, after)
    if change is None:
        found.same += 1
        return
    found.changes[change] += 1
    examples = found.examples.setdefault(change, [])
    if len(examples) < EXAMPLES:
        examples.append(place)


def _change(before: Json, after: Json) -> Change | None:
    answers = tuple((row.get("code"), row.get("reason") or row.get("status")) for row in (before, after))
    studies = tuple(deciding(row) for row in (before, after))
    facts = tuple(f"{name}: {_said(studies[0].get(name))} -> {_said(studies[1].get(name))}" for name in FACTS if studies[0].get(name) != studies[1].get(name))
    if answers[0] == answers[1] and not facts:
        return None
    rules = (fired(before, studies[0].get("index")), fired(after, studies[1].get("index")))
    counted = [Counter(e["concept"] for e in row.get("evidence", ()) if e["counts"]) for row in (before, after)]
    mentions = tuple(sorted([f"-{c}" for c in counted[0] - counted[1]] + [f"+{c}" for c in counted[1] - counted[0]]))
    return Change(answers[0], answers[1], rules, facts, mentions)


def _said(value: Any) -> str:
    return "not stated" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _versions(a: Json, b: Json) -> Iterator[str]:
    """The versions and arguments that differ, so that a change can be laid to its cause."""
    for part in ("versions", "rules", "vocabulary", "arguments"):
        one, other = _flat(part, a.get(part)), _flat(part, b.get(part))
        yield from (f"{name}: {one.get(name)} -> {other.get(name)}" for name in sorted({*one, *other}) if one.get(name) != other.get(name))


def _flat(part: str, value: Any) -> dict[str, Any]:
    return {f"{part}.{name}": one for name, one in value.items()} if isinstance(value, dict) else {part: value}
