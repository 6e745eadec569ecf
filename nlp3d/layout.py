"""Lines, blocks, sentences and clauses of the raw text, by offsets; no spaCy, so a foreign splitter changes nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE_END = re.compile(r"\r\n|\n|\r")
_BULLET = re.compile(r"\s*(?:[-*+•·>=»▪o]\s+|\d{1,2}\s*[.)]\s|\(?[a-zA-Z]\)\s|[A-Z]\.\s|\[\s?[xX ]?\s?\]\s|#|\d{1,2}\s*-\s)")
_HEADING = re.compile(r"\s*[A-Z][\w /&(),'#.+-]{0,48}:(?:\s|$)")
_SMALL_HEADING = re.compile(r"\s*[a-z][a-z /&#\d]{2,30}:(?:\s|$)")
_RULE = re.compile(r"\s*[-=_*~#. ]{4,}\s*$")
_END = re.compile(r"[.!?](?<![.!?]{2})[.!?]*+[\"')\]]*+(?:(?=\s+[\"'(\[{]*[A-Z0-9_*?+<]|\s*$)|\s{2,}(?=\S))")
# In a text without capitals a small letter opens a sentence too.
_END_SMALL = re.compile(_END.pattern + r"|(?<=[a-z]{3})[.!?]++[\"')\]]*(?=\s+[a-z])")
_ABBREVIATED = frozenset(
    ["dr", "drs", "mr", "mrs", "ms", "prof", "vs", "approx", "eg", "ie", "cf", "st", "fig", "figs", "ser", "img", "im", "indep", "dept", "hosp", "pt", "wt", "ht", "ext", "int", "al", "etc", "sgt", "capt", "lt", "col", "maj", "rt", "jr", "sr", "no", "nos", "incl", "excl", "ca", "ant", "post", "lat", "inf", "sup", "med", "bilat", "resp", "temp", "avg", "max", "min", "vol", "dist", "prox"]
).union("bcdefghjklmnopqrstuvwxyz")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|" + "|".join(sorted(_ABBREVIATED)) + r")\.[\"')\]]*$", re.I)
_NUMBER = re.compile(r"\s*(?:(?:study|exam|examination|part|acc)\s+)?(?:\d{1,2}|[A-Z]|[IVX]{2,4})\.$", re.I)
_SECOND_INITIAL = re.compile(r"\b[A-Z]\.[A-Z]\.[\"')\]]*$")
_WORDS_OF_KIND = {
    "but": "but however although though whereas",
    "while": "while whilst as when before after until then because since so if where",
    "relative": "which who whom whose that",
    "with": "with",
    "and": "and plus or nor",
}
_KIND = {word: kind for kind, words in _WORDS_OF_KIND.items() for word in words.split()} | {"&": "and"}
# One sign first, which the search jumps to; then what it is the beginning of.
_BORDER = re.compile(
    r"[\s,;()|:—](?:(?P<strong>(?<=[;|—])|(?<=\s)(?:[-–—]{1,2}|[|/])\s)"
    r"|(?P<paren>(?<=[()]))"
    r"|(?:(?<=,)\s|(?<=\s))(?P<word>(?:" + "|".join(word for word in _KIND if word != "&") + r")\b|&)"
    r"|(?P<comma>(?<=,))"
    r"|(?P<colon>(?<=:)))"
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
    at = 0
    for match in _LINE_END.finditer(text):
        end = match.start()
        lines.append(Line(at, end, at == end or text[at:end].isspace()))
        at = match.end()
    if at < len(text):
        lines.append(Line(at, len(text), text[at:].isspace()))
    return lines


def _joined(text: str, line: Line, following: Line, wide: int, lower: bool) -> bool:
    """Whether a line goes on in the next one (a hard wrap), rather than ending a paragraph, field or list item."""
    if line.blank or following.blank:
        return False
    here, there = text[line.start : line.end].rstrip(), text[following.start : following.end]
    first = there.lstrip()[:1]
    small, last = first.islower(), here[-1:]
    if not small and last in ".:!?":
        return False
    if _BULLET.match(there) or _RULE.match(there) or _RULE.match(here):
        return False
    if small:
        return not (lower and _SMALL_HEADING.match(there) and last not in ",(-/&")
    if _HEADING.match(there):
        return False
    long_enough = len(here) >= 0.62 * wide and wide >= 40
    if last in ",(-/&" or here.rsplit(None, 1)[-1].lower() in _OPEN_ENDED:
        return True
    return long_enough and (first.isalnum() or first in "([\"'_")


_OPEN_ENDED = frozenset(["the", "a", "an", "of", "and", "or", "with", "by", "on", "at", "in", "to", "for", "from", "dr.", "is", "was", "were", "are", "that", "which", "under", "using"])


def sentences_of(text: str) -> list[Sentence]:
    """Sentences in order; hard-wrapped lines are joined, list items, fields and paragraphs kept apart."""
    lines = lines_of(text)
    lengths = sorted((line.end - line.start for line in lines if not line.blank), reverse=True)
    wide = min(lengths[min(len(lengths) - 1, max(0, len(lengths) // 8))], 120) if lengths else 0
    lower = text.islower()
    sentences: list[Sentence] = []
    ends = _END_SMALL if lower else _END
    block, at = -1, 0
    while at < len(lines):
        if lines[at].blank:
            at += 1
            continue
        start = at
        while at + 1 < len(lines) and _joined(text, lines[at], lines[at + 1], wide, lower):
            at += 1
        block += 1
        _split(text, ends, lines[start].start, lines[at].end, block, start, sentences)
        at += 1
    return sentences


def _split(text: str, ends: re.Pattern[str], start: int, end: int, block: int, line: int, out: list[Sentence]) -> None:
    at, first = start, True
    for match in ends.finditer(text, start, end):
        stop = match.end()
        if first and _NUMBER.match(text, at, stop):
            continue
        word = text[max(at, match.start() - 7) : match.start()]  # an abbreviation has no more than six letters
        if text[match.start()] == "." and stop < end and word[-1:].isalpha() and not (len(word) == 7 and word.isalpha()) and not (stop == match.start() + 1 and _ordinary(word)):
            tail = text[max(at, stop - 14) : stop]
            following = text[(here := _skip(text, stop, end)) : min(end, here + 1)]
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


def _ordinary(before: str) -> bool:
    """Whether what stands before a full stop ends in a word that is no abbreviation."""
    word = before.rpartition(" ")[2]
    return word.isascii() and word.isalpha() and word.lower() not in _ABBREVIATED


def _skip(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def borders_of(low: str, start: int, end: int) -> list[Border]:
    """The signs and small words in a sentence that may close a clause, in order. `low` is the text in small letters."""
    return [Border(_KIND[m["word"]] if m.lastgroup == "word" else str(m.lastgroup), m.start(), m.end()) for m in _BORDER.finditer(low, start, end)]
