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


class _Expression:
    """The phrases of a concept as one expression. One that looks at the ends of its text ("^", "$") finds a part of a text only when
    that is cut out; `loose` is the same without these signs and matches wherever any part would."""

    def __init__(self, phrases: Sequence[str], case: bool = False) -> None:
        source = "|".join(phrases)
        self.loose = _ANCHOR.sub(lambda m: m[1] or "(?:)", source)
        self.anchored = self.loose != source
        self._regexp = re2.compile(source, _options(case))
        self._hint = re2.compile(self.loose, _options(case)) if self.anchored else self._regexp

    def spans(self, data: bytes, start: int, end: int) -> list[tuple[int, int]]:
        """Where it matches in a stretch of bytes that begins and ends at word borders."""
        if self.anchored:
            return [(m.start() + start, m.end() + start) for m in self._regexp.finditer(data[start:end])]
        return [m.span() for m in self._regexp.finditer(data, start, end)]

    def each(self, data: bytes, starts: Sequence[int], ends: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
        """The `spans` of each of many stretches, one behind the other, by their number. The text is walked once, and again only from
        where a match runs out of its stretch."""
        found: dict[int, list[tuple[int, int]]] = {}
        at = 0
        while at < len(starts):
            begin, stop = -1, 0
            for match in self._hint.finditer(data, starts[at]):
                begin, stop = match.span()
                at = bisect_right(starts, begin) - 1
                if stop > ends[at] or self.anchored:
                    break
                found.setdefault(at, []).append((begin, stop))
            else:
                break
            if begin < ends[at] and (spans := self.spans(data, starts[at] if self.anchored else begin, ends[at])):
                found.setdefault(at, []).extend(spans)
            at += 1
        return found


class Matcher:
    """Finds concepts in a text. Built once from vocabulary entries; safe to share between threads."""

    def __init__(self, concepts: Sequence[Concept]) -> None:
        self.concepts = tuple(concepts)
        self._expressions = [_Expression(c.phrases, c.case) for c in concepts]
        self._traps = [_Expression(c.traps) if c.traps else None for c in concepts]
        self._set = re2.Set.SearchSet(_options(False))
        for expression in self._expressions:
            self._set.Add(expression.loose)
        self._set.Compile()

    def which(self, text: str | Encoded) -> list[int]:
        """Positions in `concepts` of those that occur in the text (traps not yet looked at)."""
        encoded = Encoded(text) if isinstance(text, str) else text
        found = encoded.hits.get(self)
        if found is None:
            found = encoded.hits[self] = sorted(self._set.Match(encoded.data) or ()) if encoded.data else []
        return found

    def find(self, text: str | Encoded, start: int = 0, end: int | None = None) -> list[Match]:
        """All matches within `text[start:end]`, sorted by place; offsets are those of the whole text."""
        encoded = Encoded(text) if isinstance(text, str) else text
        a, b = encoded.byte(start), len(encoded.data) if end is None else encoded.byte(min(end, len(encoded.text)))
        if not encoded.whole_words(a, b):
            found = self.find(encoded.text[start:end])
            for match in found:
                match.start, match.end = match.start + start, match.end + start
            return found
        found = []
        for position in self.which(encoded):
            found += self._matches(encoded, position, a, b, self._expressions[position].spans(encoded.data, a, b))
        found.sort(key=lambda m: (m.start, -m.end))
        return found

    def find_each(self, encoded: Encoded, position: int, starts: Sequence[int], ends: Sequence[int]) -> dict[int, list[Match]]:
        """What `find` gives for the concept at a position in each of many stretches, by their number. They are given in bytes, lie one
        behind the other and hold whole words."""
        if position not in self.which(encoded):
            return {}
        found = {}
        for stretch, spans in self._expressions[position].each(encoded.data, starts, ends).items():
            if matches := self._matches(encoded, position, starts[stretch], ends[stretch], spans):
                found[stretch] = matches
        return found

    def _matches(self, encoded: Encoded, position: int, start: int, end: int, spans: list[tuple[int, int]]) -> list[Match]:
        """The places found in a stretch that no trap refuses."""
        trap = self._traps[position]
        if spans and trap is not None and (refused := trap.spans(encoded.data, start, end)):
            spans = [s for s in spans if not any(s[0] < r[1] and r[0] < s[1] for r in refused)]
        concept, char = self.concepts[position], encoded.char
        return [Match(concept.name, char(a), char(b), concept.kind, concept.product) for a, b in spans if a < b]


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
