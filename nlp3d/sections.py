"""Step 3, sections: headings, however written, and each section's default reading. Only splits; decides nothing about mentions."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from functools import lru_cache

from .report import Report, Section
from .vocabulary.model import Vocabulary, load_vocabulary

_DECORATION = " \t*=-_#>~•:.[]"
_LABEL = re.compile(r"(?P<label>[A-Za-z0-9(][^:\n]{0,48}?)\s*(?P<sign>:|\s[-–—]{1,2}\s|\?\s)(?=\s|\S)")
_SIGNS = "?-–—"
_NUMBERED = re.compile(r"^\s*(?:\(?\d{1,2}[.)]|[-*•+]|[A-Z]\.)\s*")
_SUB = re.compile(r"\s*[,(/-].*$")
_BARE = re.compile(r"(Technique|TECHNIQUE|Findings|FINDINGS|Impression|IMPRESSION|Comparison|COMPARISON|Indication|INDICATION|History|HISTORY|Conclusion|CONCLUSION|Recommendation|RECOMMENDATION|Addendum|ADDENDUM)[.,]?\s+(?=[A-Za-z0-9])(?!of\b|was\b|is\b|and\b|with\b|to\b|from\b|in\b|for\b|are\b|were\b|on\b|at\b)")
_BLANK = re.compile(r"\n[ \t]*\r?\n|\r[ \t]*\r")
_ITEM = re.compile(r"\s*(?:[-*•+]|\(?\d{1,2}[.)])\s")
_PREFIXES = ("addendum", "amendment", "impression", "preliminary", "final report", "comparison", "technique", "findings", "recommendation", "clinical")
_OPENING = re.compile(r"[A-Z][A-Z ]{3,30}(?=\s+(?:\(|\d|[A-Z]?[a-z]))")
_DOT_LABEL = re.compile(r"(?P<label>[A-Za-z][A-Za-z /&-]{1,32})\.(?=\s)")


class Sections:
    """Finds the headings listed in sections.yaml: with colon or dash, on a line of their own, inline, in capitals or in brackets."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.headings: Mapping[str, str] = vocabulary.headings
        self.readings: Mapping[str, str] = vocabulary.readings

    def __call__(self, report: Report) -> Report:
        """Fill `report.sections`: they cover the text from start to end, in order; text before any heading is `""`."""
        text = report.plain
        starts: list[Section] = []
        for sentence in report.sentences:
            found = self._heading(text, sentence.start, sentence.end, sentence.first)
            if found is not None:
                name, body, label = found
                starts.append(Section(name, self.readings[name], sentence.start, body, len(text), label, name == "addendum"))
        sections = [Section("", "performed", 0, 0, len(text)), *self._closed(report, starts)]
        for here, following in itertools.pairwise(sections):
            here.end = following.start
        addendum = False
        for section in sections:
            addendum = addendum or section.addendum
            section.addendum = addendum
        report.sections = sections
        for mention in report.mentions:
            section = report.section_at(mention.start)
            mention.section = section.name
            mention.reading = section.reading
        return report

    def _closed(self, report: Report, starts: list[Section]) -> list[Section]:
        """Headings whose text stands beside them hold for that paragraph only, where they would turn a deed into a wish or the past;
        on a line of their own they hold up to a blank line after it. What follows is read as the body. "Protocol" over several sentences
        is the technique, over one the name of a protocol."""
        text, out = report.plain, []
        for position, section in enumerate(starts):
            out.append(section)
            stop = starts[position + 1].start if position + 1 < len(starts) else len(text)
            if section.reading == "performed":
                continue
            inside = [s for s in report.sentences if section.start <= s.start < stop]
            if section.name == "order" and section.heading.lower() == "protocol" and sum(s.start >= section.body for s in inside) > 2:
                section.name, section.reading = "technique", self.readings["technique"]
                continue
            inline = bool(text[section.body : inside[0].end].strip()) if inside else False
            block = inside[0].block if inside else 0
            listed = text[section.start : section.start + 3].lstrip()[:1] in ("*", "-", "•")
            for earlier, sentence in itertools.pairwise(inside):
                blank = _BLANK.search(text[earlier.end : sentence.start])
                started = earlier is not inside[0] or inline
                if sentence.block != block and started and (blank or (inline and (listed or not _ITEM.match(text[sentence.start : sentence.start + 6])))):
                    out.append(Section("", "performed", sentence.start, sentence.start, len(text)))
                    break
        return out

    def _heading(self, text: str, start: int, end: int, first: bool) -> tuple[str, int, str] | None:
        """A heading that opens the stretch: its section name, where the body begins, and the words of the heading."""
        if not first and text.find(":", start, end) < 0:
            return None
        line = text[start:end]
        skip = len(line) - len(line.lstrip(_DECORATION + "\n\r"))
        if first:
            numbered = _NUMBERED.match(line[skip:])
            skip += numbered.end() if numbered else 0
        sign_later = ":" in line or (first and any(sign in line for sign in _SIGNS))
        labelled = _LABEL.match(line, skip) if sign_later else None
        if labelled:
            name = self._known(labelled["label"])
            sign = labelled["sign"].strip()
            if name and (sign == ":" or (first and len(labelled["label"]) > 3)):
                return name, start + labelled.end("sign"), labelled["label"]
        if not first:
            return None
        whole = line[skip:].strip(_DECORATION + "\r\n?!()")
        name = self._known(whole) if len(whole) <= 48 else None
        if name:
            return name, end, whole
        dotted = _DOT_LABEL.match(line, skip)
        if dotted and (name := self._known(dotted["label"])):
            return name, start + dotted.end(), dotted["label"]
        bare = _BARE.match(line[skip:])
        if bare and (name := self._known(bare[1])):
            return name, start + skip + bare.end(1), bare[1]
        opening = _OPENING.match(line, skip)
        if opening and (name := self._known(opening[0])) and name in ("addendum", "impression", "findings", "technique", "comparison", "history"):
            return name, start + skip + opening.end(), opening[0]
        return None

    def _known(self, label: str) -> str | None:
        label = " ".join(label.lower().strip(_DECORATION + "*()").split())
        if label in self.headings:
            return self.headings[label]
        short = _SUB.sub("", label).strip()
        if short != label and short in self.headings and len(short) > 2:
            return self.headings[short]
        for prefix in _PREFIXES if label.startswith(_PREFIXES) else ():
            if label.startswith(prefix + " ") and len(label) < 40:
                return self.headings.get(prefix, None)
        return None


@lru_cache(maxsize=1)
def default_sections() -> Sections:
    """The step over the vocabulary of the package."""
    return Sections(load_vocabulary())
