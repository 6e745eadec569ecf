"""The matcher: vocabulary expressions over the raw text with google-re2, in time linear in the text.

A set is asked first which expressions match at all; only those are then searched for their places. The archive's prefilter
asks the same set. Texts are matched in their plain form (`text.plain`), whose offsets are those of the text itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import re2

from .vocabulary.model import Concept


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
        self._case = tuple(c.case for c in concepts)
        self._patterns = [re2.compile("|".join(c.phrases), _options(c.case)) for c in concepts]
        self._traps = [re2.compile("|".join(c.traps), _options(False)) if c.traps else None for c in concepts]
        self._set = re2.Set.SearchSet(_options(False))
        for concept in concepts:
            self._set.Add("|".join(concept.phrases))
        self._set.Compile()

    def which(self, text: str) -> list[int]:
        """Positions in `concepts` of those that occur in the text (traps not yet looked at)."""
        return sorted(self._set.Match(text) or ()) if text else []

    def find(self, text: str, start: int = 0, end: int | None = None) -> list[Match]:
        """All matches within `text[start:end]`, sorted by place; offsets are those of the whole text."""
        part = text if start == 0 and end is None else text[start:end]
        found: list[Match] = []
        for position in self.which(part):
            concept = self.concepts[position]
            spans = [m.span() for m in self._patterns[position].finditer(part)]
            trap = self._traps[position]
            if spans and trap is not None:
                refused = [m.span() for m in trap.finditer(part)]
                spans = [s for s in spans if not any(s[0] < r[1] and r[0] < s[1] for r in refused)]
            found += [Match(concept.name, a + start, b + start, concept.kind, concept.product) for a, b in spans if a < b]
        found.sort(key=lambda m: (m.start, -m.end))
        return found


def longest(matches: Iterable[Match]) -> list[Match]:
    """Of matches that overlap, the longest; of equally long ones, the first. Sorted by place."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda m: (m.start - m.end, m.start)):
        if not any(match.start < k.end and k.start < match.end for k in kept):
            kept.append(match)
    return sorted(kept, key=lambda m: m.start)
