"""Step 7, facts: whether the findings use the rendering, that is, say what it shows or that it was looked at for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from .cues import Cues
from .report import Mention, Report
from .studies import Studies
from .topics import SERIES
from .vocabulary.grammar import to_re2
from .yamlfile import load_yaml

_FRAMES = {
    "made": r"{make}",
    # on the volumetric views; measured on these images
    "said_on": r"\b{on}\s+(?:{the}\s+)?(?:[\w-]+\s+){{0,3}}?(?:{image}|(?<=the\s){view})\b",
    # the model shows; the inside view from the palate displays
    "subject": r"\b(?:{the}|of\sthe)\s+(?:[\w-]+\s+){{0,3}}?"
    r"(?:{image}\b[^.;]{{0,40}}?\b(?:{show}|{link})\b|{view}\b[^.;]{{0,30}}?\b{show}\b)",
    # these images confirm
    "these_images": r"\W*(?:these|those)\s(?:image|view|picture)s?\b[^.;]{{0,25}}?\b{show}\b",
    # they show; with the femur off it displays; what they show
    "pronoun": r"\W*(?:(?:with|once|after|seen)\s[^,.;:]{{0,40}},?\s|what\s)?"
    r"(?:{they}\b[^.;]{{0,25}}?\b{show}|(?:both|each)\s{show}|shows?)\b",
    # in them the ridge is ...; ... is rotated on it
    "referring": r"\W*(?:and\s)?{on}\s{it}\b\s(?!way|case|time|order|report|exam|study|patient|occasion)[\w-]+"
    r"|.*\b(?:on|in)\s(?:it|them|these|those)\W*(?:[,;]|$)",
    # MIP exaggerates it
    "bare": r"\s*(?:image|view|picture|serie|display)?s?\s+{show}\b",
    # 3D without the femur: the wall piece is hinged
    "label": r"[\W\d]*(?:the\s)?(?:[\w-]+\s){{0,3}}?{image}(?:\s(?:findings?|reading|result|image|view)s?)?"
    r"(?:,?\s(?:w/?o?|with|without|seen|from)\s[^:.\]]{{1,30}})?\s*[:\]]\s*(?=[\w-]+\W+[\w-]+\W+[\w-])",
}
_ON_WHICH = re.compile(
    r"\b(?:on|in|from) (?:which|it|them|these|that one)\b"
    r"|\bwhich (?:show|shows|demonstrate\w*|depict\w*|confirm\w*|make|makes|reveal\w*)\b"
)
_FROM_ABOVE = re.compile(
    r"\b(?:seen|viewed|looked at|turned|flying|rotated) (?:from|to|through|through the|in)\b"
    r"|from (?:above|below|behind|within|inside|in front|the (?:front|back|side|top|inside|joint side)),?\s"
    r"|[^.;]{0,60}\b(?:seen|appreciated|apparent|evident|visible|clear|plain|obvious)\s+there\b"
)
_MILLILITRES = re.compile(r"\b\d[\d,.]*\s*(?:m ?l|cc|cm3|l|litres?|milliliters?)\b")
_VOLUMES = re.compile(r"segment(?:ed|ation|ing)|volumetr|volumes|lobes")
_MEASURE = re.compile(
    r"\bsegmentation\b|\b(?:those|these|segmented|resulting) volumes?\b|volumetr|\bsoftware (?:puts|gives|makes|reports)\b"
)
_MEASURING = ("segment", "volumes", "these volume", "those volume", "resulting volume", "volumetr", "software ")
_USED = re.compile(
    r"\b(?:interpreted|read|reviewed|correlated|used)\s+(?:\w+\s+){0,3}(?:together |along |in conjunction )?with (?:the|these) "
    r"(?:\w+\s+){0,2}(?:reconstructions?|renderings?|3-?d|mips?|images|model)"
)
_PLAIN_SHOW = re.compile(r"show|demonstrat|confirm|reveal|depict")
_NOT_A_SHOW = re.compile(r"look|turn|trace|open|are|is|has|have|help|add|allow|suggest|there")
_ELSEWHERE = re.compile(r"[;]|\b(?:to|can be)\s*$")
_TAIL = re.compile(
    r"(?:[;:—]|,|\band\b|\.\])\s*(?:(?:and|but|so|then)\s+)*"
    r"(?=(?:they|these|those|it|both|this|the|that|through|in|on|from|with)\b)"
)
_LONGEST_LABEL = 2000
_SAID_IN = ("findings", "impression")


@dataclass(slots=True)
class Statement:
    """A sentence, or a later part of one that names the rendering; whether it tells how the rendering was made."""

    start: int
    end: int
    index: int
    making: bool
    tail: bool = False
    made: bool | None = None
    """Whether it holds a verb of making, once that was asked."""


@lru_cache(maxsize=1)
def _frames() -> dict[str, re.Pattern[str]]:
    """The frames, filled with the word classes of interpretation.yaml."""
    classes: dict[str, str] = {}
    for name, node in load_yaml(Path(str(files("nlp3d"))) / "vocabulary" / "interpretation.yaml").root.items():
        phrases = sorted((item.text() for item in node), key=len, reverse=True)
        classes[name] = "(?:" + "|".join(to_re2(phrase, classes) for phrase in phrases) + ")"
    return {name: re.compile(frame.format(**classes), re.S) for name, frame in _FRAMES.items()}


class Interpretation:
    """Looks for words that make the rendering the source of a finding."""

    def __init__(self, cues: Cues, studies: Studies) -> None:
        self.cues = cues
        self.studies = studies
        self.frames = _frames()

    def __call__(self, report: Report, study: int, counted: list[Mention]) -> bool:
        """Whether any sentence says what the study's rendering shows."""
        if not counted:
            return False
        first = min(m.sentence for m in counted)
        told = [m for m in report.of("location", "supervision") if m.about == "rendering"]
        making = [m for m in told if m.name not in ("reviewed", "attestation", "general")]
        made = {m.sentence for m in making}
        own = [m for m in report.of("technique") if study in m.studies and m.assertion == "performed"]
        own_in: dict[int, list[Mention]] = {}
        for m in own:
            own_in.setdefault(m.sentence, []).append(m)
        series = {n for i in own_in for n in SERIES.findall(report.low, report.sentences[i].start, report.sentences[i].end)}
        for index in range(first, len(report.sentences)):
            sentence = report.sentences[index]
            section = report.section_at(sentence.start)
            if section.reading in ("historical", "planned", "title_only"):
                continue
            here = own_in.get(index, [])
            if not here and study not in self.studies.of(report, sentence.start, sentence.end):
                continue
            if series and index not in own_in and any(n in series for n in SERIES.findall(report.low, sentence.start, sentence.end)):
                return True
            whole = Statement(sentence.start, sentence.end, index, index in made)
            if self._says(report, whole, section.name, here, index > first):
                return True
            if here and any(self._refers(report, tail, section.name) for tail in self._tails(report, whole, here, making)):
                return True
        return self._measured(report, first, own)

    @staticmethod
    def _tails(report: Report, whole: Statement, here: list[Mention], making: list[Mention]) -> list[Statement]:
        """The clauses after the one that first names the rendering."""
        first = min(m.end for m in (*here, *making) if whole.start <= m.start < whole.end)
        starts = [t.end() for t in _TAIL.finditer(report.low, first, whole.end)]
        pairs = zip(starts, [*starts[1:], whole.end], strict=False)
        return [Statement(a, b, whole.index, any(a <= m.start < b for m in making), True) for a, b in pairs]

    def _says(self, report: Report, said: Statement, section: str, here: list[Mention], later: bool) -> bool:
        text = report.low
        if text.find("with the", said.start, said.end) >= 0 and _USED.search(text, said.start, said.end):
            return True
        onward = True
        for m in here:
            near = [c for c in self.cues.of(report, said.index, "show") if m.end <= c.start <= m.end + 110]
            shows = [c for c in near if not _ELSEWHERE.search(text[m.end : c.start])]
            shows = [c for c in shows if not (said.making and _NOT_A_SHOW.match(text, c.start, c.end))]
            if shows and (later or section != "technique" or _PLAIN_SHOW.match(text, shows[0].start, shows[0].end)):
                return True
            onward = onward and _ON_WHICH.search(text, m.end, said.end) is not None  # once nothing follows, nothing does later
            if onward or (later and not said.making and self.frames["bare"].match(text, m.end, said.end)):
                return True
            if said.making or not (later or section in _SAID_IN):
                continue
            if any(f.end() > m.start - said.start for f in self.frames["said_on"].finditer(text[said.start : m.end + 12])):
                return True
            if section in _SAID_IN and not self._made(report, said.index, m):
                return True
        if here and not later:
            return False
        if later and not said.making and section != "technique" and _FROM_ABOVE.match(text, said.start):
            return True
        return later and self._refers(report, said, section)

    def _refers(self, report: Report, said: Statement, section: str) -> bool:
        """Whether a statement after the first naming takes up the rendering as the source of what it says."""
        words = report.low[said.start : said.end]
        idle = not said.making and section != "signature" and (section != "technique" or not self._made_in(report, said))
        if idle and self._names(report, said, words):
            return True
        if self.frames["these_images"].match(words) and self._follows(report, said.index, beyond=True):
            return True
        if self.frames["pronoun"].match(words):
            return said.tail or self._follows(report, said.index)
        if said.making or self._made_in(report, said) or self.frames["referring"].match(words) is None:
            return False
        return said.tail or self._follows(report, said.index)

    def _names(self, report: Report, said: Statement, words: str) -> bool:
        for frame in ("said_on", "subject"):
            for found in self.frames[frame].finditer(words):
                span = (said.start + found.start(), said.start + found.end())
                if not any(m.assertion != "performed" and m.start < span[1] and span[0] < m.end for m in report.of("technique")):
                    return True
        label = None if said.tail or self._made_in(report, said) else self.frames["label"].match(words, 0, _LONGEST_LABEL)
        return label is not None and not any(said.start + label.end() <= m.start < said.end for m in report.of("technique"))

    def _made_in(self, report: Report, said: Statement) -> bool:
        if said.made is None:
            said.made = self.frames["made"].search(report.low, said.start, said.end) is not None
        return said.made

    def _made(self, report: Report, index: int, m: Mention) -> bool:
        acts = [c for c in self.cues.of(report, index, "act.make") if not (m.start <= c.start and c.end <= m.end)]
        return any(abs(c.start - m.end) < 60 or abs(m.start - c.end) < 40 for c in acts)

    @staticmethod
    def _follows(report: Report, index: int, beyond: bool = False) -> bool:
        """Whether one of the two sentences before names the rendering, or one further back with only its making told since.

        A bare pronoun looks no further than its section, `beyond` does."""
        section = None if beyond else report.section_at(report.sentences[index].start)
        named = {m.sentence for m in report.of("technique") if m.assertion == "performed"}
        told = {m.sentence for m in report.of("location", "supervision") if m.about == "rendering"}
        for earlier in range(index - 1, -1, -1):
            if section is not None and report.section_at(report.sentences[earlier].start) is not section:
                return False
            if earlier in named:
                return True
            if index - earlier > 1 and earlier not in told:
                return False
        return False

    @staticmethod
    def _measured(report: Report, first: int, own: list[Mention]) -> bool:
        """Volumes given in millilitres beside or after a segmentation, or said later to come of one."""
        text, sentences = report.low, report.sentences
        for m in own:
            if not report.holds(_VOLUMES, m.sentence):
                continue
            if _MILLILITRES.search(text, m.end, sentences[min(len(sentences) - 1, m.sentence + 4)].end):
                return True
        if not any(word in text for word in _MEASURING):
            return False
        return any(_MEASURE.search(text, s.start, s.end) and _MILLILITRES.search(text, s.start, s.end) for s in sentences[first:])
