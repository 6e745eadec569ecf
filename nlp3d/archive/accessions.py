"""The parts of one accession put together: a correction replaces what came before, an addendum follows it, a repetition counts once.

Only what the sender says decides: a status (`corrected`, `addendum` ...) or the very same text. Two different texts of one accession with
no such word are two reports; where even their title is the same, both are kept and marked `duplicate_conflict`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import blake2b
from typing import Any, TypeVar

from ..readers import Item
from ..readers import Unit as Part
from ..record import Record

T = TypeVar("T")
NOTES = ("addendum_joined", "corrected", "preliminary_replaced", "withdrawn", "duplicate_same", "duplicate_conflict")
_MARKED = re.compile(r"\s*(?:\W*)(?:addend|amend|late entry|supplement)", re.I)
_HEADING = "ADDENDUM:\n"
_BETWEEN = "\n\n"


@dataclass(slots=True)
class Joined:
    """One report made of parts: the record, the places of its parts (with `start` and `end` of each in the text), and what was noticed."""

    record: Record
    places: list[Mapping[str, Any]]
    notes: set[str] = field(default_factory=set)
    records: int = 1


def joined(read: Callable[[], Iterable[Item | T]]) -> Iterator[Item | T | list[Joined]]:
    """The items of an input, those that share an accession together, at the place of the last of them; what is no record is passed on.
    `read` is called twice: once to learn which accessions come more than once, so that only their parts are held."""
    often = _repeated(read())
    waiting: dict[str, list[Part]] = {}
    for item in read():
        name = _accession(item)
        if name is None or often.get(_key(name), 0) < 2:
            yield item
            continue
        assert isinstance(item, Part)
        parts = waiting.setdefault(name, [])
        parts.append(item)
        if len(parts) == often[_key(name)]:
            yield together(waiting.pop(name))
    for parts in waiting.values():
        yield together(parts)


def together(parts: list[Part]) -> list[Joined]:
    """The reports that the parts of one accession make, in order."""
    if all(part.record.version for part in parts):
        parts = sorted(parts, key=lambda part: part.record.version or "")
    reports: list[Joined] = []
    replaceable: dict[int, bool] = {}
    for part in parts:
        same = next((one for one in reports if one.record.text == part.record.text and one.record.title == part.record.title), None)
        target = next((one for one in reversed(reports) if one.record.title in (None, part.record.title) or part.record.title is None), None)
        if same is not None:
            _add(same, part, "duplicate_same")
        elif part.state == "addendum" and target is not None:
            _follow(target, part)
        elif part.state in ("corrected", "withdrawn") and target is not None:
            _replace(target, part, "corrected" if part.state == "corrected" else "withdrawn")
        elif target is not None and replaceable.get(id(target)) and part.state == "final":
            _replace(target, part, "preliminary_replaced")
            replaceable[id(target)] = False
        else:
            if target is not None and target.record.title == part.record.title:
                target.notes.add("duplicate_conflict")
                reports.append(Joined(part.record, [_place(part, 0, len(part.record.text))], {"duplicate_conflict"}))
            else:
                reports.append(Joined(part.record, [_place(part, 0, len(part.record.text))]))
            replaceable[id(reports[-1])] = part.state == "preliminary"
    return reports


def rejoined(parts: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    """The text of a row from the texts of its parts and their places, as `together` joined them."""
    text: str | None = None
    for words, place in parts:
        start = int(place.get("start") or 0)
        if place.get("replaced"):
            continue
        if text is None or start == 0:
            text = text if text is not None and not words.strip() else words
        elif start >= len(text):
            text += (_BETWEEN if start == len(text) + len(_BETWEEN) else _BETWEEN + _HEADING) + words
    return text or ""


def _follow(report: Joined, part: Part) -> None:
    heading = "" if _MARKED.match(part.record.text) else _HEADING
    text = report.record.text + _BETWEEN + heading
    _add(report, part, "addendum_joined", len(text))
    report.record = replace(report.record, text=text + part.record.text)


def _replace(report: Joined, part: Part, note: str) -> None:
    """The later text stands for the earlier one, a withdrawal's even where it is empty; what it does not say of the record stays."""
    with_text = note == "withdrawn" or bool(part.record.text.strip())
    kept = {name: value for name, value in asdict(part.record).items() if value is not None and (name != "text" or with_text)}
    if with_text:
        report.places = [{**place, "replaced": True} for place in report.places]
    report.record = replace(report.record, **kept)
    _add(report, part, note)


def _add(report: Joined, part: Part, note: str, start: int = 0) -> None:
    report.places.append(_place(part, start, start + len(part.record.text)))
    report.notes.add(note)
    report.records += 1


def _place(part: Part, start: int, end: int) -> dict[str, Any]:
    return {**asdict(part.source), "start": start, "end": end}


def _repeated(items: Iterable[object]) -> Mapping[int, int]:
    """How often each accession comes that comes more than once, by a hash of it."""
    once: set[int] = set()
    often: Counter[int] = Counter()
    for item in items:
        name = _accession(item)
        if name is None:
            continue
        key = _key(name)
        if key in once:
            often[key] = often.get(key, 1) + 1
        once.add(key)
    return often


def _accession(item: object) -> str | None:
    return item.record.accession if isinstance(item, Part) else None


def _key(name: str) -> int:
    return int.from_bytes(blake2b(name.encode("utf-8", "replace"), digest_size=8).digest(), "big")
