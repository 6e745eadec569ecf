"""Lines, blocks, sentences and clauses of the raw text, by offsets; no spaCy, so a foreign splitter changes nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|$)")
_BULLET = re.compile(r"\s*(?:[-*+•·>=»▪o]\s+|\d{1,2}\s*[.)]\s|\(?[a-zA-Z]\)\s|[A-Z]\.\s|\[\s?[xX ]?\s?\]\s|#|\d{1,2}\s*-\s)")
_HEADING = re.compile(r"\s*[A-Z][\w /&(),'#.+-]{0,48}:(?:\s|$)")
_SMALL_HEADING = re.compile(r"\s*[a-z][a-z /&#\d]{2,30}:(?:\s|$)")
_RULE = re.compile(r"\s*[-=_*~#. ]{4,}\s*$")
_END = re.compile(r"[.!?]+[\"')\]]*(?=\s+[\"'(\[{]*[A-Z0-9_*?+<]|\s*$)|[.!?]+[\"')\]]*\s{2,}(?=\S)")
# In a text without capitals a small letter opens a sentence too.
_END_SMALL = re.compile(_END.pattern + r"|(?<=[a-z]{3})[.!?]+[\"')\]]*(?=\s+[a-z])")
_ABBREVIATION = re.compile(
    r"\b(?:dr|drs|mr|mrs|ms|prof|vs|approx|e\.?g|i\.?e|cf|st|fig|figs|ser|img|im|indep|dept|hosp|pt|w|wt|ht|ext|int|al|etc|sgt|capt|lt|col|maj|rt|jr|sr|no|nos|incl|excl|ca|ant|post|lat|inf|sup|med|bilat|resp|temp|avg|max|min|vol|dist|prox|[b-hj-z])\.[\"')\]]*$",
    re.I,
)
_NUMBER = re.compile(r"\s*(?:(?:study|exam|examination|part|acc)\s+)?(?:\d{1,2}|[A-Z]|[IVX]{2,4})\.$", re.I)
_SECOND_INITIAL = re.compile(r"\b[A-Z]\.[A-Z]\.[\"')\]]*$")
_BORDER = re.compile(
    r"(?P<strong>;|\s[-–—]{1,2}\s|—|\s\|\s|\||\s/\s)"
    r"|(?P<paren>[()])"
    r"|(?P<but>,?\s\b(?:but|however|although|though|whereas)\b)"
    r"|(?P<while>,?\s\b(?:while|whilst|as|when|before|after|until|then|because|since|so|if|where)\b)"
    r"|(?P<relative>,?\s\b(?:which|who|whom|whose|that)\b)"
    r"|(?P<with>,?\s\b(?:with)\b)"
    r"|(?P<and>,?\s(?:\b(?:and|plus|or|nor)\b|&))"
    r"|(?P<comma>,)"
    r"|(?P<colon>:)",
    re.I,
)


@dataclass(slots=True)
class Sentence:
    """A stretch of text that is read together. `block` numbers the paragraph or list item, `first` says whether it opens it."""

    start: int
    end: int
    block: int
    first: bool
    line: int


@dataclass(slots=True)
class Line:
    """A physical line without its end."""

    start: int
    end: int
    blank: bool


@dataclass(slots=True)
class Border:
    """A punctuation sign or small word that can close a clause."""

    kind: str
    start: int
    end: int


def lines_of(text: str) -> list[Line]:
    """The physical lines of a text, whatever ends them."""
    lines: list[Line] = []
    for match in _LINE.finditer(text):
        if match.start() == match.end() and match.start() == len(text):
            break
        end = match.start() + len(match[0].rstrip("\r\n"))
        lines.append(Line(match.start(), end, not text[match.start() : end].strip()))
    return lines


def _joined(text: str, line: Line, following: Line, wide: int, small: bool) -> bool:
    """Whether a line goes on in the next one (a hard wrap), rather than ending a paragraph, field or list item."""
    if line.blank or following.blank:
        return False
    here, there = text[line.start : line.end].rstrip(), text[following.start : following.end]
    if _BULLET.match(there) or _RULE.match(there) or _RULE.match(here):
        return False
    first = there.strip()[:1]
    if first.islower():
        return not (small and _SMALL_HEADING.match(there) and here[-1:] not in ",(-/&")
    if _HEADING.match(there):
        return False
    long_enough = len(here) >= 0.62 * wide and wide >= 40
    if here[-1:] in ".:!?":
        return False
    if here[-1:] in ",(-/&" or here.rsplit(None, 1)[-1].lower() in _OPEN_ENDED:
        return True
    return long_enough and (first.isalnum() or first in "([\"'_")


_OPEN_ENDED = frozenset(["the", "a", "an", "of", "and", "or", "with", "by", "on", "at", "in", "to", "for", "from", "dr.", "is", "was", "were", "are", "that", "which", "under", "using"])


def sentences_of(text: str) -> list[Sentence]:
    """Sentences in order; hard-wrapped lines are joined, list items, fields and paragraphs kept apart."""
    lines = lines_of(text)
    lengths = sorted((line.end - line.start for line in lines if not line.blank), reverse=True)
    wide = min(lengths[min(len(lengths) - 1, max(0, len(lengths) // 8))], 120) if lengths else 0
    small = text.islower()
    sentences: list[Sentence] = []
    block, at = -1, 0
    while at < len(lines):
        if lines[at].blank:
            at += 1
            continue
        start = at
        while at + 1 < len(lines) and _joined(text, lines[at], lines[at + 1], wide, small):
            at += 1
        block += 1
        _split(text, lines[start].start, lines[at].end, block, start, sentences)
        at += 1
    return sentences


def _split(text: str, start: int, end: int, block: int, line: int, out: list[Sentence]) -> None:
    at, first = start, True
    for match in (_END_SMALL if text.islower() else _END).finditer(text, start, end):
        stop = match.end()
        tail = text[max(at, stop - 14) : stop]
        if first and _NUMBER.match(text[at:stop]):
            continue
        if match[0][0] == "." and stop < end:
            following = text[stop:end].lstrip()[:1]
            if _SECOND_INITIAL.search(tail):
                if following in "([" or following.islower():
                    continue
            elif _ABBREVIATION.search(tail) and not (tail.rstrip().lower().endswith(("no.", "rt.", "post.", "min.", "max.", "pt.")) and following.isupper()):
                continue
        if text[at:stop].strip():
            out.append(Sentence(_skip(text, at, stop), stop, block, first, line))
            first = False
        at = stop
    if text[at:end].strip():
        out.append(Sentence(_skip(text, at, end), end, block, first, line))


def _skip(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def borders_of(text: str, start: int, end: int) -> list[Border]:
    """The signs and small words in a sentence that may close a clause, in order."""
    return [Border(str(m.lastgroup), m.start(), m.end()) for m in _BORDER.finditer(text, start, end)]
