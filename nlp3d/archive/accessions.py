"""The parts of one accession put together: a correction replaces what came before, an addendum follows it, a repetition counts once.

Only what the sender says decides: a status (`corrected`, `addendum` ...) or the very same text. Two different texts of one accession with
no such word are two reports; where even their title is the same, both are kept, numbered, and marked `duplicate_conflict`. So are records
of one id without an accession, or of several: all are kept, numbered, and marked `duplicate_same` or `duplicate_conflict`. One text of one
reader on one day under several accessions is a report of each of them, marked `same_text_other_accession`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from ..readers import Item, Source
from ..readers import Unit as Part
from ..record import Record
from .repeats import Repeats, times
from .waiting import Waiting

T = TypeVar("T")
NOTES = ("addendum_joined", "corrected", "preliminary_replaced", "withdrawn", "duplicate_same", "duplicate_conflict", "same_text_other_accession")
_PLACES = tuple(field.name for field in fields(Source))
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

    def number(self, occurrence: int) -> None:
        """Say that this is so-manieth report with its id, or of its accession."""
        self.places = [{**place, "occurrence": occurrence} for place in self.places]


def joined(read: Callable[[], Iterable[Item | T]], folder: Path | None = None) -> Iterator[Item | T | list[Joined]]:
    """The items of an input as they are where nothing is to be said of them; reports of which something is, those of one accession at the
    place of its last part; what is no item is passed on. `read` is called twice: once to learn what comes more than once, so that only
    such parts are held, in memory or (beyond a limit) in a file without a name in `folder`."""
    repeats = Repeats()
    for item in read():
        if isinstance(item, Part):
            repeats.add(*_keys(item.record).values())
    often = repeats.found()
    waiting, seen = Waiting(folder), Counter[int]()
    for item in read():
        keys = _keys(item.record) if often and isinstance(item, Part) else {}
        if not isinstance(item, Part) or all(times(often, key) == 1 for key in keys.values()):
            yield item
            continue
        name = item.record.accession
        most = times(often, keys["accession"]) if name else 1
        if name is None or most == 1:
            yield _told([Joined(item.record, [_place(item)])], often, seen)
        elif waiting.add(name, item) == most:
            yield _told(together(waiting.take(name)), often, seen)
    for name in waiting.names():
        yield _told(together(waiting.take(name)), often, seen)


def alone(record: Record) -> tuple[int, int, int]:
    """Hashes of an accession, an id, and a text of one reader on one day, 0 for what is not there: a record none of whose hashes comes again
    has nothing to do with any other."""
    name = record.accession
    text = hash(("text", record.text, record.date_of_service, record.reader, record.site)) if name and record.text.strip() else 0
    return hash(("accession", name)) if name else 0, hash(("id", record.id)) if record.id else 0, text


def _keys(record: Record) -> dict[str, int]:
    """Hashes of what may come more than once: those of `alone`; an id with its text, with its accession; a text with its accession."""
    accession, id, text = alone(record)
    keys: dict[str, int] = {}
    if accession:
        keys["accession"] = accession
    if id:
        keys["id"] = id
        keys["id_text"] = hash(("id", id, record.text))
        if accession:
            keys["id_accession"] = hash(("id", id, accession, 1))
    if text:
        keys["text"] = text
        keys["text_accession"] = hash(("text", text, accession))
    return keys


def _told(reports: list[Joined], often: Mapping[int, int], seen: Counter[int]) -> list[Joined]:
    """The reports with what is to be said of them among all others: an id that comes again, a text that stands under other accessions."""
    conflicts = [report for report in reports if "duplicate_conflict" in report.notes]
    for number, report in enumerate(conflicts, 1):
        report.number(number)
    for report in reports:
        keys = _keys(report.record)
        count = {name: times(often, key) for name, key in keys.items()}
        if "id" in keys and count["id"] > count.get("id_accession", 1):
            seen[keys["id"]] += 1
            report.number(seen[keys["id"]])
            report.notes |= ({"duplicate_same"} if count["id_text"] > 1 else set()) | ({"duplicate_conflict"} if count["id"] > count["id_text"] else set())
        if "text" in keys and count["text"] > count["text_accession"]:
            report.notes.add("same_text_other_accession")
    return reports


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
                reports.append(Joined(part.record, [_place(part, 0)], {"duplicate_conflict"}))
            else:
                reports.append(Joined(part.record, [_place(part, 0)]))
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
    report.places.append(_place(part, start))
    report.notes.add(note)
    report.records += 1


def place_of(source: Source) -> dict[str, Any]:
    """The fields of a place."""
    return {name: getattr(source, name) for name in _PLACES}


def _place(part: Part, start: int | None = None) -> dict[str, Any]:
    place = place_of(part.source)
    return place if start is None else {**place, "start": start, "end": start + len(part.record.text)}
