"""What a sentence is about: its heads (renderings, reformats, acquisitions), the verbs between them, and what "this" refers back to.

Attachment and participation both ask here. A head is a mention that something can be said of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from .cues import Cues
from .matching import Match
from .report import Mention, Report

Kind = Literal["rendering", "planar", "acquisition", "not_done"]
Topic = Literal["rendering", "planar", "none"]

_ANAPHOR = re.compile(
    r"\b(?:this|these|those|it|they|them|both|that|such|same|the latter|the former|its|their|all of (?:this|these|it|them)|each|which|here|there|said|the (?:set|series|images|pictures|views|work|model|models|processing|job|session|product|result|results|volume|data set|output|display|displays|making|reconstructions?|reformats|post-?processing|segmentation|rotations?|projections?|3-?d|spins?|stills|frames|map|shells?)|post-?processing|the whole (?:thing|process))\b",
)
_TRAINEE_WROTE = re.compile(
    r"\b(?:prelim\w*|resident|fellow|trainee|registrar)(?:'s)?\s+(?:report|read|interpretation|dictation)\b[^\n.]{0,12}\b(?:pgy\S*|resident|fellow|trainee|registrar|r[1-5])\b"
    r"|\b(?:dictated|prepared|written|drafted|authored|reported)\s+by\s*:?\s*(?:the\s+|a\s+|our\s+)?(?:[\w\[\].,-]+\s+){0,3}?(?:resident|fellow|registrar|trainee|pgy\S*|house officer)\b"
)
_ATTENDING_PART = re.compile(r"(?:^|\n)\W*(?:attending|staff|consultant|faculty|teaching physician|supervising|final)\b[^\n.]{0,30}\b(?:addendum|attestation|statement|note|report|read|interpretation|comment|review|over-?read)\b")
SERIES = re.compile(r"\bseries (?:number )?#?(\d+)\b")
_DONE = ("performed", "conditional", "template", "title_only")


@dataclass(slots=True)
class Head:
    """A mention that statements can attach to, and what it is."""

    kind: Kind
    start: int
    end: int
    mention: Mention


def _rendering_before(found: dict[int, list[Head]], sentence: int) -> Head | None:
    """"The reconstructions" after a rendering are that rendering; with nothing rendered before they are planar."""
    for earlier in range(sentence, max(-1, sentence - 4), -1):
        heads = found.get(earlier, [])
        if heads:
            return heads[-1] if heads[-1].kind == "rendering" else None
    return None


class Topics:
    """Heads and topics of the sentences of one report."""

    def __init__(self, report: Report, cues: Cues) -> None:
        self.report = report
        self.cues = cues
        self._back: dict[int, bool] = {}

    @cached_property
    def heads(self) -> dict[int, list[Head]]:
        """Heads by sentence, in order."""
        found: dict[int, list[Head]] = {}
        for m in self.report.mentions:
            kind: Kind
            if m.family == "technique":
                kind = "rendering" if m.assertion in _DONE else "not_done"
            elif m.concept == "reformat.volumetry":
                continue
            elif m.family == "reformat":
                kind = "acquisition" if m.name == "slices" else "planar"
            elif m.family == "acquisition":
                kind = "acquisition"
            else:
                continue
            head = Head(kind, m.start, m.end, m)
            if m.concept == "reformat.plain" and (back := _rendering_before(found, m.sentence)) is not None:
                head = Head("rendering", m.start, m.end, back.mention)
            found.setdefault(m.sentence, []).append(head)
        return found

    def of(self, sentence: int) -> list[Head]:
        """The heads of a sentence."""
        return self.heads.get(sentence, [])

    @cached_property
    def rendered(self) -> list[Head]:
        """Every rendering head of the report, in order."""
        return [h for heads in self.heads.values() for h in heads if h.kind == "rendering"]

    @cached_property
    def trainee_until(self) -> int:
        """Up to where "I" is a trainee: the end of the part that a resident dictated (0 if nobody says so)."""
        text = self.report.low
        found = _TRAINEE_WROTE.search(text)
        if found is None:
            return 0
        attending = next((m for m in _ATTENDING_PART.finditer(text) if m.start() > found.start() or m.start() > 200), None)
        return attending.start() if attending else len(text)

    def topic(self, sentence: int) -> Topic:
        """What the sentence itself names: a rendering before a reformat before nothing."""
        kinds = [h.kind for h in self.of(sentence)]
        if "rendering" in kinds:
            return "rendering"
        return "planar" if "planar" in kinds else "none"

    def refers_back(self, sentence: int) -> bool:
        """Whether the sentence holds a word that points at something said before."""
        known = self._back.get(sentence)
        if known is None:
            s = self.report.sentences[sentence]
            known = self._back[sentence] = _ANAPHOR.search(self.report.low, s.start, s.end) is not None or self._named_series(sentence) is not None
        return known

    @cached_property
    def _series(self) -> dict[str, Head]:
        """Renderings by the number of the series that they are said to be."""
        known: dict[str, Head] = {}
        if "series" not in self.report.low:
            return known
        for index, heads in self.heads.items():
            done = [h for h in heads if h.kind == "rendering"]
            s = self.report.sentences[index]
            for number in SERIES.findall(self.report.low, s.start, s.end) if done else ():
                known.setdefault(number, done[-1])
        return known

    def _named_series(self, sentence: int) -> Head | None:
        """The rendering whose series a later sentence names: "Series 901 was made on ..."."""
        s = self.report.sentences[sentence]
        for number in SERIES.findall(self.report.low, s.start, s.end) if self._series else ():
            head = self._series.get(number)
            if head is not None and head.mention.sentence < sentence:
                return head
        return None

    def points_back(self, start: int, end: int) -> re.Match[str] | None:
        """The first word of a stretch that points at something said before."""
        return _ANAPHOR.search(self.report.low, start, end)

    def antecedent(self, sentence: int, reach: int = 3) -> Head | None:
        """The head that a sentence without one speaks of: in the sentences before it, the nearest that names a rendering or a
        reformat; there a rendering before a reformat. None where the text before speaks of neither."""
        if (series := self._named_series(sentence)) is not None:
            return series
        for earlier in range(sentence - 1, max(-1, sentence - 1 - reach), -1):
            heads = [h for h in self.of(earlier) if h.kind in ("rendering", "planar")]
            done = [h for h in heads if h.kind == "rendering"]
            if done:
                return done[-1]
            if heads:
                return heads[-1]
        here = self.report.sentences[sentence].start
        if reach >= 3 and self.report.section_at(here).addendum:
            return next((h for h in reversed(self.rendered) if h.start < here), None)
        return None

    def subsequent(self, sentence: int, reach: int = 2) -> Head | None:
        """The first rendering named in the sentences after one, with no reformat before it."""
        for later in range(sentence + 1, min(len(self.report.sentences), sentence + 1 + reach)):
            for head in self.of(later):
                if head.kind == "rendering":
                    return head
        return None

    def acts(self, sentence: int, *names: str) -> list[Match]:
        """The verbs of the classes in a sentence."""
        return self.cues.of(self.report, sentence, *names)
