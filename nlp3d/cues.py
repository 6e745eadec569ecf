"""The word classes of acts.yaml and assertion.yaml in a sentence, found once and kept; shared by assertion, attachment and participation."""

from __future__ import annotations

import re
from functools import lru_cache

from .matching import Match, Matcher, longest
from .report import Report, place
from .vocabulary.model import Concept, Vocabulary, load_vocabulary

FAR = 800
_WORD = re.compile(r"[\w'’%.]+")


class Cues:
    """Finds word classes in one sentence at a time; most sentences of a report are never asked about."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.matcher = Matcher(vocabulary.cues)
        self._other_verbs = Matcher([Concept("act.other", (vocabulary.other_verbs,))])
        self._asked: dict[tuple[str, ...], frozenset[str]] = {}

    def of(self, report: Report, sentence: int, *names: str) -> list[Match]:
        """The cues of the classes in a sentence, in order; a name ending in `.` takes every class that begins with it. The list is
        kept for the next who asks: not to be changed."""
        known = report.cues.get(sentence)
        if known is None:
            known = report.cues[sentence] = {(): self._all(report, sentence)}
        found = known.get(names)
        if found is None:
            everything = known[()]
            if everything:
                wanted = self._asked.get(names) or self._asked.setdefault(names, self._concepts(names))
                found = [m for m in everything if m.concept in wanted]
            else:
                found = everything
            known[names] = found
        return found

    def is_other_verb(self, word: str) -> bool:
        """Whether a word is a verb that says nothing of making (`act.other`)."""
        return any(m.start == 0 and m.end == len(word) for m in self._other_verbs.find(word))

    def _all(self, report: Report, sentence: int) -> list[Match]:
        stretch = report.sentences[sentence]
        found = self.matcher.find(report.encoded, stretch.start, stretch.end)
        if len(found) < 2:
            return found
        by_class: dict[str, list[Match]] = {}
        for match in found:
            by_class.setdefault("agent" if match.concept.startswith("agent") else match.concept, []).append(match)
        kept = [m for name, group in by_class.items() for m in (longest(group) if name == "agent" else group)]
        kept.sort(key=place)
        return kept

    def _concepts(self, names: tuple[str, ...]) -> frozenset[str]:
        """The classes that the names stand for."""
        return frozenset(c.name for c in self.matcher.concepts if any(c.name == n or (n.endswith(".") and c.name.startswith(n)) for n in names))


def words_between(text: str, start: int, end: int) -> int:
    """How many words lie in a stretch (0 if it is empty or reversed); counted no further than `FAR`, which is beyond every reach."""
    return len(_WORD.findall(text, start, min(end, start + FAR))) if start < end else 0


@lru_cache(maxsize=1)
def default_cues() -> Cues:
    """The word classes of the package."""
    return Cues(load_vocabulary())
