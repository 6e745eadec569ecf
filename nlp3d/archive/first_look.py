"""A quick look at a text, before any step: whether it surely is an ordinary English report that says nothing of 3D.

Most of an archive is such reports. What is told here is what the steps would find out, or nothing: every doubt is left to them.
"""

from __future__ import annotations

from functools import lru_cache

import re2

from ..admission import LOOKED_AT, surely_english
from ..matching import Encoded, Matcher
from ..spelling import LONGEST, default_speller
from ..text import plain
from ..vocabulary.model import Concept, load_vocabulary

FAMILIES = ("technique.", "acquisition.")
_MEMORY = 64 << 20
_MOST_WORDS = 100_000  # remembered
_LETTERS = bytes(code if chr(code).isascii() and chr(code).isalpha() else ord(" ") for code in range(256))


class FirstLook:
    """Looks at texts. Built once; remembers words that are spelled as they should be."""

    def __init__(self) -> None:
        self._speller = default_speller()
        self._fine: set[bytes] = set()
        self._pattern = compiled(f"{search().pattern}|{self._speller.heard_pattern.pattern}")

    def __call__(self, text: str) -> str | None:
        """The reading copy of a text if that is plain ASCII, in English beyond doubt, with no word to repair, no technique and no
        acquisition; else None. The text must be safe (`sanitize`)."""
        copy = plain(text)
        if not copy.isascii() or len(copy) > LOOKED_AT:
            return None
        data = copy.encode()
        if self._pattern.search(data) is not None and (self._speller.heard_pattern.search(data) is not None or possible(Encoded(copy))):
            return None
        words = data.lower().translate(_LETTERS).split()
        if not self._fine.issuperset(words) and not self._spelled(words):
            return None
        return copy if surely_english(words) else None

    def _spelled(self, words: list[bytes]) -> bool:
        if len(self._fine) > _MOST_WORDS:
            self._fine.clear()
        for word in {*words} - self._fine:
            if len(word) <= LONGEST:  # a longer one is never repaired
                if self._speller.repair(word.decode()).starts:
                    return False
                self._fine.add(word)
        return True


@lru_cache(maxsize=1)
def search() -> re2.Pattern:
    """The expression that finds a place in a reading copy where a technique or an acquisition may be named."""
    concepts = _concepts()
    any_case = [load_vocabulary().three_d_spelling, *(phrase for concept in concepts if not concept.case for phrase in concept.phrases)]
    as_written = [phrase for concept in concepts if concept.case for phrase in concept.phrases]
    return compiled("|".join([f"(?i:{'|'.join(any_case)})", *as_written]))


def possible(encoded: Encoded) -> bool:
    """Whether a technique or an acquisition may be named: as `search`, but what the vocabulary says is a trap is none."""
    return bool(_matcher().find(encoded))


def compiled(expression: str) -> re2.Pattern:
    """A large expression, compiled."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    return re2.compile(expression, options)


@lru_cache(maxsize=1)
def first_look() -> FirstLook:
    """The first look with the vocabulary of the package."""
    return FirstLook()


@lru_cache(maxsize=1)
def _matcher() -> Matcher:
    return Matcher([Concept("technique.three_d", (load_vocabulary().three_d_spelling,)), *_concepts()])


def _concepts() -> list[Concept]:
    return [concept for concept in load_vocabulary().mentions if concept.name.startswith(FAMILIES)]
