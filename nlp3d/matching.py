"""The matcher: vocabulary expressions over the raw text with google-re2, in time linear in the text.

A set is asked first which expressions match at all, once for a whole text; only those are then searched for their places. The
archive's prefilter asks the same set. Texts are matched in their plain form (`text.plain`), whose offsets are those of the text itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import re2

from .vocabulary.model import Concept

_WIDE = re.compile(r"[^\x00-\x7f]")
_WORD_BYTES = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")  # what re2's \b and \w take for a word
_FEW = 3
_ANCHOR = re.compile(r"(\\.|\[\^?(?:\\.|[^\]\\])+\])|[$^]", re.S)


@dataclass(slots=True)
class Match:
    """A place where a concept's phrase stands: `start` and `end` in code points."""

    concept: str
    start: int
    end: int
    kind: str = ""
    product: str = ""

    @property
    def name(self) -> str:
        """The second half of the concept."""
        return self.concept.split(".", 1)[1]


class Encoded:
    """A text as re2 reads it, made once and searched many times: its UTF-8 form, and the way between code points and bytes."""

    __slots__ = ("_wide_bytes", "_wide_chars", "data", "hits", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.data = text.encode()
        self.hits: dict[Matcher, list[int]] = {}
        self._wide_chars: list[int] = []  # where each sign of several bytes ends, in code points ...
        self._wide_bytes: list[int] = []  # ... and in bytes
        if len(self.data) != len(text):
            extra = 0
            for wide in _WIDE.finditer(text):
                extra += len(wide[0].encode()) - 1
                self._wide_chars.append(wide.end())
                self._wide_bytes.append(wide.end() + extra)

    def byte(self, char: int) -> int:
        """The offset in bytes of an offset in code points."""
        before = bisect_right(self._wide_chars, char) - 1
        return char if before < 0 else char + self._wide_bytes[before] - self._wide_chars[before]

    def char(self, byte: int) -> int:
        """The offset in code points of an offset in bytes."""
        before = bisect_right(self._wide_bytes, byte) - 1
        return byte if before < 0 else byte + self._wide_chars[before] - self._wide_bytes[before]

    def whole_words(self, start: int, end: int) -> bool:
        """Whether a stretch, in bytes, may be searched in its place: what lies next to it is no part of a word, so that a word
        border is where it would be if the stretch stood alone."""
        data = self.data
        return (start == 0 or data[start - 1] not in _WORD_BYTES) and (end >= len(data) or data[end] not in _WORD_BYTES)


def _options(case: bool) -> Any:
    options = re2.Options()
    options.case_sensitive = case
    options.log_errors = False
    options.max_mem = 64 << 20
    return options


class Matcher:
    """Finds concepts in a text. Built once from vocabulary entries; safe to share between threads."""

    def __init__(self, concepts: Sequence[Concept]) -> None:
        self.concepts = tuple(concepts)
        self._patterns = [re2.compile("|".join(c.phrases), _options(c.case)) for c in concepts]
        self._traps = [re2.compile("|".join(c.traps), _options(False)) if c.traps else None for c in concepts]
        self._set = re2.Set.SearchSet(_options(False))
        for concept in concepts:
            # without "^" and "$" an expression matches in a text wherever it does in a part of it, so that the set may be asked of the whole
            self._set.Add(unanchored("|".join(concept.phrases)))
        self._set.Compile()

    def which(self, text: str | Encoded) -> list[int]:
        """Positions in `concepts` of those that may occur in the text (traps not yet looked at)."""
        encoded = Encoded(text) if isinstance(text, str) else text
        found = encoded.hits.get(self)
        if found is None:
            found = encoded.hits[self] = self._which(encoded.data)
        return found

    def find(self, text: str | Encoded, start: int = 0, end: int | None = None) -> list[Match]:
        """All matches within `text[start:end]`, sorted by place; offsets are those of the whole text.

        Where `which` was asked of the whole text and named few concepts, a part is searched for these alone."""
        encoded = Encoded(text) if isinstance(text, str) else text
        if start == 0 and end is None:
            a, data, positions = 0, encoded.data, self.which(encoded)
        else:
            a, b = encoded.byte(start), len(encoded.data) if end is None else encoded.byte(end)
            data, known = encoded.data[a:b], encoded.hits.get(self)
            positions = known if known is not None and len(known) <= _FEW and encoded.whole_words(a, b) else self._which(data)
        found: list[Match] = []
        for position in positions:
            spans = [m.span() for m in self._patterns[position].finditer(data)]
            trap = self._traps[position]
            if spans and trap is not None and (refused := [m.span() for m in trap.finditer(data)]):
                spans = [s for s in spans if not any(s[0] < r[1] and r[0] < s[1] for r in refused)]
            concept, char = self.concepts[position], encoded.char
            found += [Match(concept.name, char(a + s), char(a + e), concept.kind, concept.product) for s, e in spans if s < e]
        if len(found) > 1:
            found.sort(key=lambda m: (m.start, -m.end))
        return found

    def _which(self, data: bytes) -> list[int]:
        return sorted(self._set.Match(data) or ()) if data else []


def unanchored(expression: str) -> str:
    """The expression without "^" and "$"."""
    return _ANCHOR.sub(lambda m: m[1] or "(?:)", expression)


def longest(matches: Iterable[Match]) -> list[Match]:
    """Of matches that overlap, the longest; of equally long ones, the first. Sorted by place."""
    kept: list[Match] = []
    taken: list[int] = []  # starts of those kept, which never overlap
    for match in sorted(matches, key=lambda m: (m.start - m.end, m.start)):
        place = bisect_left(taken, match.start)
        if (place == 0 or kept[place - 1].end <= match.start) and (place == len(kept) or match.end <= kept[place].start):
            kept.insert(place, match)
            taken.insert(place, match.start)
    return kept
