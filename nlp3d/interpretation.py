"""Step 7, facts: whether the findings use the rendering, that is, say what it shows or that it was looked at for them."""

from __future__ import annotations

import re

from .cues import Cues
from .report import Mention, Report
from .studies import Studies

_IMAGE = r"(?:3-?d\w*|three[- ]d\w*|models?|renderings?|rendered\s+\w+|renders?|projections?|segmentation|pictures?|spins?|volume[- ](?:view|image|picture)s?|volumes?|mips?|minips?|vrt?|fly-?\s?through|flythrough|surface\s+\w+|frames?|cinematic\w*(?:\s+\w+)?|overlay|virtual\s+\w+|series\s+\d+|shaded\w*(?:\s+\w+)?|map)"
_SAID_ON = re.compile(rf"\b(?:on|in|by|from|with|per|see|through|via|across|using)\s+(?:(?:the|these|those|this|that|its|our|both|all|each|said|edited)\s+)?(?:[\w-]+\s+){{0,3}}?{_IMAGE}\b", re.I)
_SUBJECT = re.compile(rf"\b(?:the|these|those|this|that|its|our|both|all|of the)\s+(?:[\w-]+\s+){{0,3}}?{_IMAGE}\b", re.I)
_SHOWS = re.compile(r"\b(?:show\w*|demonstrat\w*|confirm\w*|reveal\w*|depict\w*|illustrat\w*|makes?|lets?|brings?|brought|delineat\w*|places?|puts?|has|have|prove\w*|displays|convey\w*|enters?|holds?|indicat\w*|exaggerat\w*|agrees?|matched|highlight\w*|clarif\w*|allows?|define[sd]?|outlines?|tells?|adds?|suggest\w*|added|is|are|was plain|put)\b", re.I)
_PRONOUN = re.compile(r"\W*(?:they|these|it|this|those|both|shows?|each|the latter)\b[^.;]{0,25}?\b(?:show\w*|demonstrat\w*|confirm\w*|reveal\w*|depict\w*|make|makes|let|lets|bring|brings|place|places|put|puts|indicate\w*|convey|conveys|tell|tells)\b", re.I)
_ON_WHICH = re.compile(r"\b(?:on|in|from) (?:which|it|them|these|that one)\b|\bwhich (?:show|shows|demonstrate\w*|depict\w*|confirm\w*|make|makes|reveal\w*)\b", re.I)
_FROM_ABOVE = re.compile(r"\b(?:seen|viewed|looked at|turned|flying|rotated) (?:from|to|through|through the|in)\b", re.I)
_MILLILITRES = re.compile(r"\b\d[\d,.]*\s*(?:m ?l|cc|cm3|l|litres?|milliliters?)\b", re.I)
_VOLUMES = re.compile(r"segment|volumetr|volumes|lobes", re.I)
_USED = re.compile(r"\b(?:interpreted|read|reviewed|correlated|used)\s+(?:\w+\s+){0,3}(?:together |along |in conjunction )?with (?:the|these) (?:\w+\s+){0,2}(?:reconstructions?|renderings?|3-?d|mips?|images|model)", re.I)


class Interpretation:
    """Looks for words that make the rendering the source of a finding."""

    def __init__(self, cues: Cues, studies: Studies) -> None:
        self.cues = cues
        self.studies = studies

    def __call__(self, report: Report, study: int, counted: list[Mention]) -> bool:
        """Whether any sentence says what the study's rendering shows."""
        if not counted:
            return False
        first = min(m.sentence for m in counted)
        making = {m.sentence for m in report.mentions if m.about == "rendering" and m.family in ("location", "supervision") and m.name not in ("reviewed", "attestation", "general")}
        own = [m for m in report.of("technique") if study in m.studies and m.assertion == "performed"]
        for index in range(first, len(report.sentences)):
            section = report.section_at(report.sentences[index].start)
            if section.reading in ("historical", "planned", "title_only"):
                continue
            here = [m for m in own if m.sentence == index]
            if self._says(report, index, section.name, here, index in making, index > first) and (here or study in self.studies.of(report, report.sentences[index].start, report.sentences[index].end)):
                return True
        return self._measured(report, first, own)

    def _says(self, report: Report, index: int, section: str, here: list[Mention], making: bool, later: bool) -> bool:
        sentence, text = report.sentences[index], report.low
        words = text[sentence.start : sentence.end]
        if _USED.search(words):
            return True
        for m in here:
            after = text[m.end : sentence.end]
            shows = [c for c in self.cues.of(report, index, "show") if m.end <= c.start <= m.end + 110 and not re.search(r"[;]|\b(?:to|can be)\s*$", text[m.end : c.start])]
            shows = [c for c in shows if not (making and re.match(r"(?:look|turn|trace|open|are|is|has|have|help|add|allow|suggest|there)", text[c.start : c.end], re.I))]
            if shows and (later or section != "technique" or re.match(r"show|demonstrat|confirm|reveal|depict", text[shows[0].start : shows[0].end], re.I)):
                return True
            if _ON_WHICH.search(after):
                return True
            lead = text[sentence.start : m.end]
            if _SAID_ON.search(lead) and not making and (later or section in ("findings", "impression")):
                return True
            if section in ("findings", "impression") and not making and not self._made(report, index, m):
                return True
        if here and not later:
            return False
        idle = section != "signature" and (section != "technique" or not self.cues.of(report, index, "act.make"))
        if _SAID_ON.search(words) and not making and later and idle:
            return True
        subject = _SUBJECT.search(words)
        if subject and later and not making and _SHOWS.search(words[subject.end() : subject.end() + 40]) and idle:
            return True
        if later and _PRONOUN.match(words) and self._follows(report, index):
            return True
        return later and not making and section != "technique" and _FROM_ABOVE.match(words) is not None

    def _made(self, report: Report, index: int, m: Mention) -> bool:
        return any(abs(c.start - m.end) < 60 or abs(m.start - c.end) < 40 for c in self.cues.of(report, index, "act.make") if not (m.start <= c.start and c.end <= m.end))

    @staticmethod
    def _follows(report: Report, index: int) -> bool:
        """Whether the sentence before, or the one before that, names the rendering."""
        return any(m.sentence in (index - 1, index - 2) and m.assertion == "performed" for m in report.of("technique"))

    @staticmethod
    def _measured(report: Report, first: int, own: list[Mention]) -> bool:
        """Volumes given in millilitres beside or after a segmentation."""
        text = report.low
        for m in own:
            sentence = report.sentences[m.sentence]
            if not _VOLUMES.search(text[sentence.start : sentence.end]):
                continue
            stop = report.sentences[min(len(report.sentences) - 1, m.sentence + 4)].end
            if _MILLILITRES.search(text, m.end, stop):
                return True
        return False
