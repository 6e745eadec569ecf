"""The word classes of acts.yaml and assertion.yaml in a sentence, found once and kept; shared by assertion, attachment and participation."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache

from .matching import Match, Matcher, longest
from .report import CuesHere, Report, place
from .vocabulary.model import Concept, Vocabulary, load_vocabulary

FAR = 800
_LONG = 200
_NONE: list[Match] = []
_WORD = re.compile(r"[\w'’%.]+")


class Cues:
    """Finds word classes in one sentence at a time; most sentences of a report are never asked about."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.matcher = Matcher(vocabulary.cues, sets=4)
        self._other_verbs = Matcher([Concept("act.other", (vocabulary.other_verbs,))])
        self._agents = frozenset(i for i, c in enumerate(vocabulary.cues) if c.name.startswith("agent"))
        self._asked: dict[tuple[str, ...], frozenset[int]] = {}

    def of(self, report: Report, sentence: int, *names: str) -> list[Match]:
        """The cues of the classes in a sentence, in order; a name ending in `.` takes every class that begins with it. The list is
        kept for the next who asks: not to be changed."""
        known = report.cues.get(sentence)
        if known is not None and (found := known.asked.get(names)) is not None:
            return found
        wanted = self._asked.get(names) or self._asked.setdefault(names, self._classes(names))
        if known is None:
            s = report.sentences[sentence]
            if len(wanted) == 1 and not self.matcher.may_hold(report.encoded, next(iter(wanted)), s.start, s.end):
                return _NONE
            known = report.cues[sentence] = CuesHere(self.matcher.named(report.encoded, s.start, s.end))
        if wanted.isdisjoint(known.classes):
            found = _NONE
        else:
            found = self._found(report, sentence, known, [c for c in known.classes if c in wanted])
        known.asked[names] = found
        return found

    def is_other_verb(self, word: str) -> bool:
        """Whether a word is a verb that says nothing of making (`act.other`)."""
        return any(m.start == 0 and m.end == len(word) for m in self._other_verbs.find(word))

    def _found(self, report: Report, sentence: int, known: CuesHere, wanted: list[int]) -> list[Match]:
        """The cues of classes that the sentence holds; of agents that overlap the longest, whatever agents are wanted."""
        several = wanted if self._agents.isdisjoint(wanted) else [c for c in known.classes if c in wanted or c in self._agents]
        if missing := [c for c in several if c not in known.found]:
            s = report.sentences[sentence]
            known.found.update(self.matcher.at(report.encoded, s.start, s.end, missing))
        found = [m for c in several for m in known.found[c]]
        if len(found) > 1:
            found = self._longest_agents(found)
        if len(several) == len(wanted):
            return found
        names = {self.matcher.concepts[c].name for c in wanted}
        return [m for m in found if m.concept in names]

    @staticmethod
    def _longest_agents(found: list[Match]) -> list[Match]:
        found.sort(key=place)
        by_class: dict[str, list[Match]] = {}
        for match in found:
            by_class.setdefault("agent" if match.concept.startswith("agent") else match.concept, []).append(match)
        if "agent" not in by_class and len(by_class) == 1:
            return found
        kept = [m for name, group in by_class.items() for m in (longest(group) if name == "agent" else group)]
        kept.sort(key=place)
        return kept

    def _classes(self, names: tuple[str, ...]) -> frozenset[int]:
        """The classes that the names stand for."""
        return frozenset(
            i for i, c in enumerate(self.matcher.concepts) if any(c.name == n or (n.endswith(".") and c.name.startswith(n)) for n in names)
        )


def words_between(text: str, start: int, end: int) -> int:
    """How many words lie in a stretch (0 if it is empty or reversed); counted no further than `FAR`, which is beyond every reach."""
    if start >= end:
        return 0
    if end - start < _LONG:
        return len(_WORD.findall(text, start, end))
    starts, ends = _words(text)
    return bisect_left(starts, min(end, start + FAR)) - bisect_right(ends, start)


@lru_cache(maxsize=1)
def _words(text: str) -> tuple[list[int], list[int]]:
    """Where the words of a text begin and end: a sentence of a thousand cues asks for as many long stretches of it."""
    spans = [match.span() for match in _WORD.finditer(text)]
    return [start for start, _ in spans], [end for _, end in spans]


@lru_cache(maxsize=1)
def default_cues() -> Cues:
    """The word classes of the package."""
    return Cues(load_vocabulary())
