"""A report cut into pieces at every border of a mention, so that overlapping evidence needs no nested elements.

The pieces put together are the text, character for character; the page draws them and never searches the text again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..facts import Evidence

# Signs that move or hide other signs: bidi controls, zero-width signs, other controls and format signs.
_UNSEEN = re.compile("[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_SHORT = {"\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO", "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI"}
_SHORT |= {"\u2069": "PDI", "\u200e": "LRM", "\u200f": "RLM", "\u061c": "ALM", "\u200b": "ZWSP", "\u200c": "ZWNJ", "\u200d": "ZWJ", "\u00ad": "SHY"}


@dataclass(frozen=True, slots=True)
class Part:
    """Signs of one kind: ordinary text (`unseen` empty), or one sign that cannot be seen, with its name."""

    text: str
    unseen: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text that the same mentions cover. `mentions` are places in the evidence, counted ones first;
    `opens` are those of them that begin here."""

    start: int
    end: int
    parts: tuple[Part, ...]
    mentions: tuple[int, ...]
    opens: tuple[int, ...]


def pieces(text: str, evidence: Sequence[Evidence]) -> Iterator[Piece]:
    """The text in pieces, in order; mentions of a title or base given apart lie in none."""
    size = len(text)
    given = ((m.start, m.end, place) for place, m in enumerate(evidence) if m.field == "text" and m.start is not None and m.end is not None)
    spans = [(max(0, start), min(size, end), place) for start, end, place in given if max(0, start) < min(size, end)]
    borders = sorted({0, size, *(s for s, _, _ in spans), *(e for _, e, _ in spans)})
    opening = sorted(spans)
    running: list[tuple[int, int, int]] = []
    upcoming = 0
    for start, end in pairwise(borders):
        running = [span for span in running if span[1] > start]
        begun = upcoming
        while upcoming < len(opening) and opening[upcoming][0] <= start:
            running.append(opening[upcoming])
            upcoming += 1
        inside = sorted((place for _, _, place in running), key=lambda place: (not evidence[place].counts, place))
        opens = tuple(place for _, _, place in opening[begun:upcoming])
        yield Piece(start, end, tuple(parts(text[start:end])), tuple(inside), opens)


def parts(text: str) -> Iterator[Part]:
    """A stretch with each sign that cannot be seen, or that moves others, apart and named."""
    at = 0
    for found in _UNSEEN.finditer(text):
        if found.start() > at:
            yield Part(text[at : found.start()])
        yield Part(found[0], _name(found[0]))
        at = found.end()
    if at < len(text):
        yield Part(text[at:])


def _name(sign: str) -> str:
    point = f"U+{ord(sign):04X}"
    short = _SHORT.get(sign)
    return f"{short} {point}" if short else f"{point} {unicodedata.name(sign, 'control').lower()}"
