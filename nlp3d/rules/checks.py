"""Checks over whole rule files: dates without gap or overlap, a table that answers everything, no code without support."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from ..yamlfile import Node
from .model import DOMAIN, InForce, Outcome, Pack, Parent, Profile, Rule

_PLACES = {"76377": frozenset({"workstation"}), "76376": frozenset({"scanner"})}
_SUFFICIENT = frozenset({"concurrent", "personal"})
_FORBIDDEN = re.compile(
    r"\b(?:7637[67]|73677|\d{5}|cod(?:e|es|ed|ing)|bill\w*|pa(?:y|id|ys|yer|yment)s?|charge\w*|claim\w*|reimburs\w*|fee|fees|money|revenue"
    r"|independent workstation|concurrent\w*|supervis\w*)\b|[$€£](?![a-z])",
    re.IGNORECASE,
)
_OPTIONS = ("other: ___", "unable to determine")


def check_lives(entries: Iterable[tuple[Node, str, InForce]]) -> None:
    """Entries of one name follow each other without gap or overlap."""
    lives: dict[str, list[tuple[Node, InForce]]] = {}
    for node, name, days in entries:
        for _, earlier in lives.get(name, ()):
            first = max((day for day in (days.start, earlier.start) if day), default=None)
            ends = [day for day in (days.end, earlier.end) if day]
            if not ends or first is None or first <= min(ends):
                raise node.fault("pack_dates_overlap", name=name, date=first or "every day")
        lives.setdefault(name, []).append((node, days))
    for name, life in lives.items():
        ordered = sorted(life, key=lambda one: (one[1].start is not None, one[1].start))
        for (_, before), (node, after) in pairwise(ordered):
            if before.end and after.start and before.end + timedelta(days=1) != after.start:
                raise node.fault("pack_dates_gap", name=name, date=before.end + timedelta(days=1))


def check_code(node: Node, rule: Rule, outcome: Outcome, parent: Parent) -> None:
    """A code needs its facts in `when`: technique, location and supervision; lenient, technique and one of the two."""
    if outcome.code is None:
        return
    location, supervision = rule.when.get("location"), rule.when.get("supervision")
    placed = location == _PLACES[outcome.code]
    supported = supervision is not None and supervision <= _SUFFICIENT
    rendered = rule.when.get("technique") == frozenset({"performed"})
    unplaced = outcome.code == "76376" and location is not None and location <= {"undocumented", "conflicting"}
    enough = (placed and supported) if parent == "strict" else (placed or (supported and unplaced))
    if not rendered or not enough:
        raise node.fault("pack_code_unsupported", name=rule.id)


def check_words(node: Node, *, options: bool) -> None:
    """A question says nothing of codes and money and suggests nothing; a part leaves every answer open."""
    words = node.text()
    if found := _FORBIDDEN.search(words):
        raise node.fault("pack_words_forbidden", name=found.group())
    for option in _OPTIONS if options else ():
        if option not in words:
            raise node.fault("pack_option_missing", name=option)


def check_table(rows: Node, pack: Pack, profile: Profile) -> None:
    """On every date each combination of facts has an answer and each row can be reached."""
    lives = [*(rule.in_force for rule in pack.rules), *(d.in_force for d in profile.differences)]
    changes = sorted({day for life in lives for day in life.boundaries()})
    for day in [date.min, *changes]:
        open_boxes: list[dict[str, frozenset[Any]]] = [{fact: frozenset(values) for fact, values in DOMAIN.items()}]
        out = {d.row for d in profile.differences if d.outcome is None and d.in_force.covers(day)}
        for rule in pack.rules:
            if rule.id in out or not rule.in_force.covers(day):
                continue
            left = [box for one in open_boxes for box in _without(one, rule.when)]
            if left == open_boxes:
                raise _row(rows, rule.id).fault("pack_row_never", name=rule.id, date=day)
            open_boxes = left
        if open_boxes:
            shown = ", ".join(f"{fact} {min(map(str, values))}" for fact, values in open_boxes[0].items())
            raise rows.fault("pack_table_gap", facts=shown, date=day)


def _row(rows: Node, name: str) -> Node:
    return next((row for row in rows if row.value.get("id") == name), rows)


def _without(box: Mapping[str, frozenset[Any]], when: Mapping[str, frozenset[Any]]) -> list[dict[str, frozenset[Any]]]:
    """What is left of a box of facts when the facts of `when` are taken out of it."""
    if any(not box[fact] & wanted for fact, wanted in when.items()):
        return [dict(box)]
    left, rest = [], dict(box)
    for fact, wanted in when.items():
        if outside := rest[fact] - wanted:
            left.append({**rest, fact: outside})
            rest[fact] = rest[fact] & wanted
    return left
