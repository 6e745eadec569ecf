"""The report as the steps fill it: plain objects over one text, offsets in code points. No spaCy here."""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from .facts import Assertion, Group
from .layout import Border, Sentence, borders_of, sentences_of
from .matching import Encoded, Match
from .spelling import ReadingCopy, default_speller
from .text import plain

_BOX = re.compile(r"(?:\[\s*\]|\(\s*\)|☐)\s*(?:[^\W\d_]+\s+){0,3}$")
_TICKED = re.compile(r"[\[(]\s*x\s*[\])]|☒|☑", re.I)


@dataclass(slots=True, eq=False)
class Mention:
    """A phrase that matters. `family` and `concept` come from the vocabulary; later steps add what they find out.

    `about` is what a location or supervision statement is said of: `rendering`, `planar`, `viewing`, `other`, `unknown`.
    """

    concept: str
    start: int
    end: int
    kind: str = ""
    product: str = ""
    sentence: int = 0
    section: str = ""
    reading: str = "performed"
    assertion: Assertion = "performed"
    counts: bool = False
    why: str = ""
    about: str = "unknown"
    studies: tuple[int, ...] = ()
    value: str = ""
    family: str = field(init=False)
    """The first half of the concept; a step may change the second half, never this one."""

    def __post_init__(self) -> None:
        self.family = self.concept.split(".", 1)[0]

    @property
    def name(self) -> str:
        """The second half of the concept."""
        return self.concept.split(".", 1)[1]

    @property
    def weak(self) -> bool:
        """A wording that leaves open whether anything was rendered in 3D."""
        return self.concept.startswith("technique.weak")


@dataclass(slots=True)
class Section:
    """A headed part: its name (`technique`, `comparison` ...), the default reading, and where heading and body lie."""

    name: str
    reading: str
    start: int
    body: int
    end: int
    heading: str = ""
    addendum: bool = False


@dataclass(slots=True)
class Study:
    """One examination of the report: where it is named, its procedure concept and regions, the stretches that speak of it."""

    index: int
    name: str
    start: int
    end: int
    procedure: str = "unknown"
    regions: tuple[str, ...] = ()
    modality: str = ""
    label: str = ""
    caller_base: Group | None = None
    stretches: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class CuesHere:
    """The word classes of one sentence: those that occur, their places as far as looked for, and the answers given to whom asked."""

    classes: list[int]
    found: dict[int, list[Match]] = field(default_factory=dict)
    asked: dict[tuple[str, ...], list[Match]] = field(default_factory=dict)


@dataclass
class Report:
    """A record's text on its way through the steps."""

    text: str
    title: str = ""
    base: Group | None = None
    mentions: list[Mention] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    studies: list[Study] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    study_flags: dict[int, set[str]] = field(default_factory=dict)
    cues: dict[int, CuesHere] = field(default_factory=dict)
    """Word classes found so far, by sentence; see `cues.Cues`."""
    spoken_of: dict[tuple[int, int, int], tuple[int, ...]] = field(default_factory=dict)
    """The studies that clauses speak of, as far as asked, by sentence, start and end."""

    def __post_init__(self) -> None:
        self._indexed: list[Mention] | None = None
        self._held: dict[tuple[int, int], bool] = {}
        self._chosen: dict[tuple[str, ...], list[Mention]] = {}
        self._placed: list[Section] | None = None
        self._section_starts: list[int] = []

    @cached_property
    def copy(self) -> ReadingCopy:
        """The reading copy that all steps work on: look-alike signs unified, misspelled words of the vocabulary repaired."""
        return default_speller().repair(plain(self.text))

    @cached_property
    def plain(self) -> str:
        """The text of the reading copy; offsets of mentions, sentences and sections refer to it."""
        return self.copy.text

    @cached_property
    def encoded(self) -> Encoded:
        """The same as the matcher reads it."""
        return Encoded(self.plain)

    @cached_property
    def low(self) -> str:
        """The same in small letters, of the same length: how words are compared in clauses."""
        low = self.plain.lower()
        return low if len(low) == len(self.plain) else "".join(c.lower() if len(c.lower()) == 1 else c for c in self.plain)

    def holds(self, expression: re.Pattern[str], sentence: int) -> bool:
        """Whether an expression matches anywhere in a sentence, in small letters; searched once, whoever asks."""
        key = id(expression), sentence
        known = self._held.get(key)
        if known is None:
            s = self.sentences[sentence]
            known = self._held[key] = expression.search(self.low, s.start, s.end) is not None
        return known

    def original(self, start: int, end: int) -> tuple[int, int, str]:
        """A stretch of the reading copy in the text as it is: its offsets there, and its words."""
        start, end = self.copy.origin(start, end)
        return start, end, self.text[start:end]

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences of the text in order."""
        return sentences_of(self.plain)

    @cached_property
    def borders(self) -> dict[int, list[Border]]:
        """Clause borders found so far, by sentence."""
        return {}

    def borders_in(self, sentence: int) -> list[Border]:
        """Clause borders of a sentence."""
        if sentence not in self.borders:
            s = self.sentences[sentence]
            self.borders[sentence] = borders_of(self.low, s.start, s.end)
        return self.borders[sentence]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def sentence_at(self, offset: int) -> int:
        """The position of the sentence that holds an offset (the one before it where it lies between two)."""
        return max(0, bisect_right(self._sentence_starts, offset) - 1)

    def section_at(self, offset: int) -> Section:
        """The section that holds an offset."""
        if self._placed is not self.sections:
            self._placed, self._section_starts = self.sections, [section.start for section in self.sections]
        at = bisect_right(self._section_starts, offset) - 1
        return self.sections[at if at > 0 else 0]

    def unticked(self, offset: int) -> bool:
        """Whether a place stands behind an empty box in a form whose other boxes are ticked."""
        line = self.plain.rfind("\n", 0, offset) + 1
        box = _BOX.search(self.plain, max(line, offset - 30), offset)
        end = self.plain.find("\n", offset)
        return box is not None and _TICKED.search(self.plain, max(0, line - 160), len(self.plain) if end < 0 else end + 160) is not None

    def add(self, mention: Mention) -> None:
        """Put a mention in its place among the others."""
        insort(self.mentions, mention, key=place)
        self._chosen.clear()

    def of(self, *families: str) -> Sequence[Mention]:
        """Mentions of the families, in order; kept as long as the list of mentions stays the same."""
        if self._indexed is not self.mentions:
            self._indexed, self._chosen = self.mentions, {}
        found = self._chosen.get(families)
        if found is None:
            found = self._chosen[families] = [m for m in self.mentions if m.family in families]
        return found


def place(mention: Mention | Match) -> tuple[int, int]:
    """The order of mentions: by where they begin, the longer first."""
    return mention.start, -mention.end
