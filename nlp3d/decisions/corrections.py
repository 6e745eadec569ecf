"""A coder's corrections of a reading: facts that are otherwise, words that were missed, words that do not count.

The machine's reading is never changed. `corrected` gives a second reading beside it, from which the same rules answer again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

from ..errors import error
from ..facts import GROUPS, Evidence, Location, Reading, StudyFacts, Supervision, Technique
from ..rules.model import DOMAIN

Family = Literal["technique", "location", "supervision"]

FAMILIES: Final[tuple[Family, ...]] = ("technique", "location", "supervision")
# What missed words can be marked as.
MARKABLE: Final[Mapping[str, str]] = {
    "technique.three_d": "3D rendering, made for this examination",
    "technique.weak_three_d": "3D wording that leaves open what was made",
    "location.workstation": "place: independent workstation",
    "location.scanner": "place: scanner or its console",
    "supervision.concurrent": "physician supervised while it was made",
    "supervision.personal": "physician made it",
    "supervision.element_other": "one element of supervision",
    "supervision.general": "physician’s part, but not in the making",
    "supervision.denied": "no physician took part",
}
BY_CODER: Final = "marked by the coder"
NOT_BY_CODER: Final = "taken out by the coder"
# What words that were taken out are about instead.
ABOUT: Final[Mapping[str, str]] = {"planar": "about the 2D reformats", "viewing": "about viewing, not making"}


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact of a study as the coder knows it. `base` is the group of the examination."""

    study: int
    fact: str
    value: str | bool


@dataclass(frozen=True, slots=True)
class MarkChange:
    """Words that count, or do not, in a study; offsets are code points of the safe text. `about` (a key of `ABOUT`, or empty) says what
    words that do not count are about."""

    study: int
    start: int
    end: int
    concept: str
    counts: bool
    about: str = ""


@dataclass(frozen=True, slots=True)
class Corrections:
    """All that a coder corrects in one reading."""

    facts: tuple[FactChange, ...] = ()
    marks: tuple[MarkChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.facts or self.marks)

    def to_dict(self) -> dict[str, Any]:
        """The corrections as JSON types."""
        return {
            "facts": [{"study": c.study, "fact": c.fact, "value": c.value} for c in self.facts],
            "marks": [{name: value for name, value in asdict(m).items() if value != ""} for m in self.marks],
        }

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Corrections:
        """Corrections from JSON types that have the right kinds already; what they say is checked in `corrected`."""
        return cls(
            tuple(FactChange(**change) for change in values.get("facts", ())),
            tuple(MarkChange(**change) for change in values.get("marks", ())),
        )


def corrected(reading: Reading, text: str, corrections: Corrections) -> Reading:
    """The reading with the corrections: marks first, then what follows from them for their facts, then the facts that were set.

    Raises `Nlp3dError` where a correction names a study, fact, value, concept or place that does not exist."""
    studies = reading.studies or (StudyFacts(),)
    _check(len(studies), len(text), corrections)
    evidence = _marked(list(reading.evidence), text, corrections.marks)
    facts = tuple(_study(study, evidence, corrections) for study in studies)
    return Reading(facts, tuple(evidence), reading.flags)


def _check(studies: int, length: int, corrections: Corrections) -> None:
    named = [change.study for change in corrections.facts] + [mark.study for mark in corrections.marks]
    for study in named:
        if not 0 <= study < studies:
            raise error("correction_study", allowed=str(studies))
    for fact in corrections.facts:
        values = DOMAIN.get(fact.fact)
        if values is None:
            raise error("correction_fact", allowed=", ".join(DOMAIN))
        if not any(fact.value == value and type(fact.value) is type(value) for value in values):
            raise error("correction_value", name=fact.fact, allowed=", ".join(map(str, values)))
    for mark in corrections.marks:
        if mark.counts and mark.concept.partition(".")[0] not in FAMILIES:
            raise error("correction_concept", allowed=", ".join(MARKABLE))
        if mark.about and (mark.counts or mark.about not in ABOUT):
            raise error("correction_about", allowed=", ".join(ABOUT))
        if not 0 <= mark.start < mark.end <= length:
            raise error("correction_place", length=str(length))


def _marked(evidence: list[Evidence], text: str, marks: Iterable[MarkChange]) -> list[Evidence]:
    for mark in marks:
        places = [i for i, e in enumerate(evidence) if (e.start, e.end, e.concept) == (mark.start, mark.end, mark.concept)]
        if not places and mark.counts and mark.concept not in MARKABLE:
            raise error("correction_concept", allowed=", ".join(MARKABLE))
        for place in places:
            evidence[place] = _changed(evidence[place], mark)
        if not places and mark.counts:
            words = text[mark.start : mark.end]
            evidence.append(Evidence(mark.concept, "text", words, mark.start, mark.end, "", (mark.study,), "performed", True, BY_CODER))
    return sorted(evidence, key=lambda e: (e.start is None, e.start or 0))


def _changed(mention: Evidence, mark: MarkChange) -> Evidence:
    if mark.counts:
        return replace(mention, counts=True, assertion="performed", why=BY_CODER, studies=tuple(sorted({*mention.studies, mark.study})))
    rest = tuple(study for study in mention.studies if study != mark.study)
    why = f"{NOT_BY_CODER}: {ABOUT[mark.about]}" if mark.about else NOT_BY_CODER
    return replace(mention, counts=mention.counts and bool(rest), why=why, studies=rest or mention.studies)


def _study(study: StudyFacts, evidence: Iterable[Evidence], corrections: Corrections) -> StudyFacts:
    touched = {m.concept.partition(".")[0] for m in corrections.marks if m.study == study.index}
    counted = [e.concept for e in evidence if e.counts and study.index in e.studies]
    for family in FAMILIES:
        if family in touched:
            names = [concept.partition(".")[2] for concept in counted if concept.startswith(f"{family}.")]
            study = replace(study, **{family: _FOLLOWS[family](names)})  # type: ignore[arg-type]
    for change in corrections.facts:
        if change.study == study.index:
            study = _set(study, change)
    if study.technique == "none":  # nothing to locate or supervise
        return replace(study, location="undocumented", supervision="absent")
    return study


def _set(study: StudyFacts, change: FactChange) -> StudyFacts:
    if change.fact == "base":
        # The group alone decides: what the text was read as would otherwise be weighed against it.
        return replace(study, procedure="unknown", caller_base=next(group for group in GROUPS if group == change.value))
    return replace(study, **{change.fact: change.value})  # type: ignore[arg-type]


def _technique(names: list[str]) -> Technique:
    if any(not name.startswith("weak") for name in names):
        return "performed"
    return "weak" if names else "none"


def _location(names: list[str]) -> Location:
    values: set[Location] = {"workstation" if name == "workstation" else "scanner" for name in names}
    return "conflicting" if len(values) > 1 else next(iter(values), "undocumented")


def _supervision(names: list[str]) -> Supervision:
    elements = {name for name in names if name.startswith("element_")}
    if "denied" in names:
        return "denied"
    if "personal" in names:
        return "personal"
    if "concurrent" in names or len(elements) > 1:
        return "concurrent"
    return "partial" if elements else "insufficient" if names else "absent"


_FOLLOWS = {"technique": _technique, "location": _location, "supervision": _supervision}
