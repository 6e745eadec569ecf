"""Typing and speech-recognition errors in the words that matter, repaired in a reading copy; offsets go back to the text as it is.

A word of seven letters or more that is one letter off a listed word (two in words of eleven and more) is read as that word, unless it
is a word of its own. What sounds alike but is spelled far off is listed. Nothing shorter is ever guessed: "3d" is one letter from "2d".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

import re2

from .vocabulary.model import Vocabulary, load_vocabulary

_WORD = re.compile(r"[A-Za-z]{6,}")
_NO_LETTERS = {sign: " " for sign in range(128) if not chr(sign).isalpha()}
SHORTEST = 7
_MOST_LEFT = 50_000
LONG = 11
LONGEST = 24  # a longer word is no misspelling of one of the vocabulary


@dataclass(frozen=True, slots=True)
class ReadingCopy:
    """The text as it is matched. `starts` and `shifts` say, from each place in the copy on, how far the original lies ahead."""

    text: str
    starts: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the original of a stretch of the copy."""
        if not self.starts:
            return start, end
        first = self._back(start)
        last = self._back(end) if end == start or end in self.starts else self._back(end - 1) + 1
        return first, max(first, last)

    def _back(self, offset: int) -> int:
        position = bisect_right(self.starts, offset) - 1
        return offset + (self.shifts[position] if position >= 0 else 0)


class Speller:
    """Finds misspelled words of the vocabulary. Built once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.words = vocabulary.words
        self.known = self.words | vocabulary.own_words | {w for p in vocabulary.heard_as.values() for w in p.split()}
        self.deleted: dict[str, str] = {}
        for word in sorted(self.words, key=len):
            if len(word) >= SHORTEST - 1:
                for key in _deletions(word):
                    self.deleted.setdefault(key, word)
        self._left: set[str] = set()  # words found to be left as they are
        self.heard = dict(vocabulary.heard_as.items())
        keys = sorted(self.heard, key=len, reverse=True)
        self.heard_pattern = re2.compile(r"(?i)\b(?:" + "|".join(r"\s+".join(map(re.escape, k.split())) for k in keys) + r")\b")

    def repair(self, text: str) -> ReadingCopy:
        """The reading copy of a text; the very same text where nothing had to be repaired."""
        words = text.lower().translate(_NO_LETTERS).split() if text.isascii() else [word.lower() for word in _WORD.findall(text)]
        new = set(words) - self.known - self._left  # most texts have no word to repair, and few that were never looked at
        wrong = {word for word in new if _nearest(self, word)}
        if len(self._left) > _MOST_LEFT:
            self._left.clear()
        self._left |= new - wrong
        if not wrong and self.heard_pattern.search(text) is None:
            return ReadingCopy(text)
        edits: list[tuple[int, int, str]] = [(m.start(), m.end(), self.heard[" ".join(m[0].lower().split())]) for m in self.heard_pattern.finditer(text)]
        taken = [(a, b) for a, b, _ in edits]
        for match in _WORD.finditer(text):
            meant = self._meant(match[0].lower())
            if meant and not any(a < match.end() and match.start() < b for a, b in taken):
                edits.append((match.start(), match.end(), meant))
        if not edits:
            return ReadingCopy(text)
        return _apply(text, sorted(edits))

    def _meant(self, word: str) -> str | None:
        return _nearest(self, word)


@lru_cache(maxsize=65536)
def _nearest(speller: Speller, word: str) -> str | None:
    if not SHORTEST <= len(word) <= LONGEST or word in speller.known:
        return None
    near = [speller.deleted[key] for key in (word, *_deletions(word)) if key in speller.deleted]
    fits = [n for n in near if _distance(word, n) <= (2 if len(n) >= LONG and word[0] == n[0] else 1)]
    if not fits and len(word) >= LONG:
        for key in _deletions(word):
            for second in _deletions(key):
                candidate = speller.deleted.get(second)
                if candidate and len(candidate) >= LONG and candidate[0] == word[0] and _distance(word, candidate) <= 2:
                    return candidate
    return min(fits, key=lambda n: (_distance(word, n), n)) if fits else None


def _deletions(word: str) -> list[str]:
    return [word] + [word[:i] + word[i + 1 :] for i in range(len(word))]


def _distance(a: str, b: str) -> int:
    """Edit distance with neighbours swapped counted once, cut off at 3."""
    if abs(len(a) - len(b)) > 2:
        return 3
    previous2: list[int] = []
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        current = [i]
        for j, y in enumerate(b, 1):
            cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, previous2[j - 2] + 1)
            current.append(cost)
        previous2, previous = previous, current
    return previous[-1]


def _apply(text: str, edits: list[tuple[int, int, str]]) -> ReadingCopy:
    pieces: list[str] = []
    starts: list[int] = []
    shifts: list[int] = []
    at = length = 0
    for start, end, meant in edits:
        if start < at:
            continue
        pieces.append(text[at:start])
        length += start - at
        replacement = meant.upper() if text[start:end].isupper() else (meant.capitalize() if text[start].isupper() else meant)
        stretched = min(len(replacement), end - start)
        pieces.append(replacement)
        if stretched < len(replacement):
            for extra in range(stretched, len(replacement)):
                starts.append(length + extra)
                shifts.append(end - 1 - (length + extra))
        length += len(replacement)
        starts.append(length)
        shifts.append(end - length)
        at = end
    pieces.append(text[at:])
    return ReadingCopy("".join(pieces), tuple(starts), tuple(shifts))


@lru_cache(maxsize=1)
def default_speller() -> Speller:
    """The speller over the vocabulary of the package."""
    return Speller(load_vocabulary())
