"""The report's own sentences with the words that count and those that do not, told apart without colour: [1] and (a)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ..facts import Evidence
from ._console import visible

if TYPE_CHECKING:
    from rich.text import Text

COUNTS, SEEN = "bold underline", "dim"
_LONG, _KEPT = 240, 100


@dataclass(frozen=True, slots=True)
class Mark:
    """One mention with the label it is shown under: [1] where it counts, (a) where it does not."""

    mention: Evidence
    label: str

    @property
    def start(self) -> int:
        """Where it starts in the text."""
        return self.mention.start or 0

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.mention.end or 0

    @property
    def shown(self) -> str:
        """The label in its brackets."""
        return f"[{self.label}]" if self.mention.counts else f"({self.label})"


def marks_of(evidence: Sequence[Evidence]) -> list[Mark]:
    """The mentions in text order, those that count numbered, the others lettered; what the caller gave stands last."""
    ordered = sorted(evidence, key=lambda m: (m.start is None, m.start or 0, m.end or 0))
    numbers = letters = 0
    marks = []
    for mention in ordered:
        if mention.counts:
            numbers += 1
            marks.append(Mark(mention, str(numbers)))
        else:
            marks.append(Mark(mention, _letter(letters)))
            letters += 1
    return marks


def sentences(text: str, marks: Sequence[Mark]) -> Iterator[tuple[int, int, list[Mark]]]:
    """The stretches of the text that hold marks, a sentence or more each, with their marks."""
    from ..layout import sentences_of
    from ..text import plain

    left = [mark for mark in marks if mark.mention.start is not None]
    for sentence in sentences_of(plain(text)):
        inside = [mark for mark in left if mark.start < sentence.end]
        if inside:
            left = left[len(inside) :]
            yield min(sentence.start, inside[0].start), max(sentence.end, *(mark.end for mark in inside)), inside
    if left:
        yield left[0].start, max(mark.end for mark in left), left


def marked(text: str, start: int, end: int, marks: Sequence[Mark], *, plain: bool) -> Text:
    """A stretch of the text with its marks. Plain: brackets around the words; else style, and the label behind them."""
    from rich.text import Text

    out = Text()
    cuts = sorted({start, end, *(m.start for m in marks), *(m.end for m in marks)})
    for at, to in pairwise(cuts):
        over = [m for m in marks if m.start <= at and to <= m.end]
        if plain:
            for mark in (m for m in reversed(marks) if m.start == at):
                out.append(f"[{mark.label}: " if mark.mention.counts else f"({mark.label}: ")
        words = visible(text[at:to])
        if not over:
            words = _shortened(words, first=at == start, last=to == end)
        out.append(words, (COUNTS if any(m.mention.counts for m in over) else SEEN) if over else "")
        for mark in (m for m in marks if m.end == to):
            if plain:
                out.append("]" if mark.mention.counts else ")")
            else:
                out.append(f" {mark.shown}", "bold" if mark.mention.counts else SEEN)
    return out


def _shortened(words: str, *, first: bool, last: bool) -> str:
    """Long words between marks, cut in the middle; before the first and after the last mark, on the far side."""
    if len(words) <= _LONG:
        return words
    return ("" if first else words[:_KEPT]) + " ... " + ("" if last else words[-_KEPT:])


def _letter(position: int) -> str:
    """a, b ... z, aa, ab ..."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
