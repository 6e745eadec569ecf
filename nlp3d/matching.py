"""The matcher: vocabulary expressions over the raw text with google-re2, in time linear in the text.

A set is asked first which expressions match at all, once for a whole text; only those are then searched for their places. The
archive's prefilter asks the same set. Texts are matched in their plain form (`text.plain`), whose offsets are those of the text itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import re2

from .vocabulary.model import Concept

_WIDE = re.compile(r"[^\x00-\x7f]")
_WORD_BYTES = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")  # what re2's \b and \w take for a word
_ANYWHERE = re2._Anchor.UNANCHORED
_FEW = 8
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

    __slots__ = ("_wide_bytes", "_wide_chars", "data", "hits", "places", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.data = text.encode()
        self.hits: dict[Matcher, list[int]] = {}
        self.places: dict[tuple[Matcher, int], list[tuple[int, int]]] = {}
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
        if not self._wide_chars:
            return char
        before = bisect_right(self._wide_chars, char) - 1
        return char if before < 0 else char + self._wide_bytes[before] - self._wide_chars[before]

    def char(self, byte: int) -> int:
        """The offset in code points of an offset in bytes."""
        if not self._wide_bytes:
            return byte
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


def _search(expression: str, case: bool = False) -> Any:
    """The search of a compiled expression: with an anchor, a text and the stretch to look in, the spans of the first match."""
    return re2.compile(expression, _options(case))._regexp.Match


def _spans(search: Any, data: bytes) -> list[tuple[int, int]]:
    """The places of an expression in a text in UTF-8, those that `finditer` gives. Asks the compiled expression itself: the iterator of
    the package takes longer to make a match than to find it."""
    found: list[tuple[int, int]] = []
    anywhere, at, end = _ANYWHERE, 0, len(data)
    while True:
        span = search(anywhere, data, at, end)[0]
        if span[0] < 0:
            return found
        found.append(span)
        if at == end:
            return found
        at = span[1] if span[1] != at else at + 1  # an empty match must not be found for ever


def _place(match: Match) -> tuple[int, int]:
    return match.start, -match.end


class Matcher:
    """Finds concepts in a text. Built once from vocabulary entries; safe to share between threads.

    A set remembers what it has met so far in a text, so that one of many expressions with open places passes through ever new states
    in texts that it has not seen; `sets` smaller ones pass through fewer in all, and take a little longer where all states are known."""

    def __init__(self, concepts: Sequence[Concept], sets: int = 1) -> None:
        self.concepts = tuple(concepts)
        self._patterns = [_search("|".join(c.phrases), c.case) for c in concepts]
        self._traps = [_search("|".join(c.traps), False) if c.traps else None for c in concepts]
        made = [re2.Set.SearchSet(_options(False)) for _ in range(sets)]
        self._anchored: set[int] = set()
        for position, concept in enumerate(concepts):
            # without "^" and "$" an expression matches in a text wherever it does in a part of it, so that the set may be asked of the whole
            expression = "|".join(concept.phrases)
            free = unanchored(expression)
            made[position % sets].Add(free)
            if free != expression:
                self._anchored.add(position)
        for one in made:
            one.Compile()
        self._sets = [one._set.Match for one in made]

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
            known = encoded.hits.get(self)
            if known is not None and len(known) <= _FEW and encoded.whole_words(a, b):
                positions = [p for p in known if self._reaches(encoded, p, a, b)]
                data = encoded.data[a:b] if positions else b""
            else:
                data = encoded.data[a:b]
                positions = self._which(data)
        found = [match for position in positions for match in self._places(encoded, a, data, position)]
        if len(found) > 1:
            found.sort(key=_place)
        return found

    def may_hold(self, encoded: Encoded, position: int, start: int, end: int) -> bool:
        """False where the concept at a position certainly has no place within `text[start:end]`."""
        a, b = encoded.byte(start), encoded.byte(end)
        return not encoded.whole_words(a, b) or self._reaches(encoded, position, a, b)

    def _reaches(self, encoded: Encoded, position: int, start: int, end: int) -> bool:
        """Whether a concept may occur in a stretch of whole words: its places in the whole text, looked for once, cover any in a part."""
        if position in self._anchored:
            return True
        key = self, position
        places = encoded.places.get(key)
        if places is None:
            places = encoded.places[key] = _spans(self._patterns[position], encoded.data)
        after = bisect_left(places, (end, 0))
        return after > 0 and places[after - 1][1] > start

    def named(self, encoded: Encoded, start: int, end: int) -> list[int]:
        """Positions in `concepts` of those that may occur within `text[start:end]`, for `at`."""
        return self._which(encoded.data[encoded.byte(start) : encoded.byte(end)])

    def at(self, encoded: Encoded, start: int, end: int, positions: Iterable[int]) -> dict[int, list[Match]]:
        """The matches within `text[start:end]` of the concepts at some positions, each concept's by place."""
        a = encoded.byte(start)
        data = encoded.data[a : encoded.byte(end)]
        return {position: self._places(encoded, a, data, position) for position in positions}

    def _places(self, encoded: Encoded, offset: int, data: bytes, position: int) -> list[Match]:
        spans = _spans(self._patterns[position], data)
        trap = self._traps[position]
        if spans and trap is not None and (refused := _spans(trap, data)):
            spans = [s for s in spans if not any(s[0] < r[1] and r[0] < s[1] for r in refused)]
        concept, char = self.concepts[position], encoded.char
        return [Match(concept.name, char(offset + s), char(offset + e), concept.kind, concept.product) for s, e in spans if s < e]

    def _which(self, data: bytes) -> list[int]:
        if not data:
            return []
        return sorted([found * len(self._sets) + number for number, match in enumerate(self._sets) for found in match(data)])


class Sieve:
    """An expression of `re` asked of google-re2, which is many times as fast; for expressions that look neither ahead nor behind and
    hold no `$`. Texts are in small letters or as they are, case is ignored; other signs than those of ASCII are left to `re`."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._pattern = pattern

    def passes(self, encoded: Encoded) -> bool:
        """False where the expression certainly matches nowhere in the text."""
        return not encoded.text.isascii() or bool(self._search(_ANYWHERE, encoded.data, 0, len(encoded.data))[0][0] >= 0)

    def starts(self, encoded: Encoded, low: str) -> list[int]:
        """Where the expression matches in a text, given in small letters too."""
        if not encoded.text.isascii():
            return [match.start() for match in self._pattern.finditer(low)]
        return [start for start, _ in _spans(self._search, encoded.data)]

    @cached_property
    def _search(self) -> Any:
        return _search(self._pattern.pattern)


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
