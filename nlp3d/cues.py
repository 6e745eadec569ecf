"""The word classes of acts.yaml and assertion.yaml by sentence, found once and kept; shared by assertion, attachment and participation."""

from __future__ import annotations

import re
from functools import lru_cache

from .matching import Match, Matcher, longest
from .report import CueClass, Report, place
from .vocabulary.model import Vocabulary, load_vocabulary

_WORD = re.compile(r"[\w'’%.]+")


class Cues:
    """Finds word classes by sentence: a class over the whole text when a sentence is first asked for it, since most are never asked for."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.matcher = Matcher(vocabulary.cues)
        self._classes: dict[str, list[int]] = {}  # positions in the matcher; agents, whose words overlap, are one class
        for position, concept in enumerate(self.matcher.concepts):
            self._classes.setdefault("agent" if concept.name.startswith("agent") else concept.name, []).append(position)
        self._position = {concept.name: position for position, concept in enumerate(self.matcher.concepts)}
        self._asked: dict[tuple[str, ...], list[str]] = {}

    def of(self, report: Report, sentence: int, *names: str) -> list[Match]:
        """The cues of the classes in a sentence, in order; a name ending in `.` takes every class that begins with it. The list is
        kept for the next who asks: not to be changed."""
        found = report.cues.get((sentence, names))
        if found is None:
            found = report.cues[sentence, names] = self._find(report, sentence, names)
        return found

    def _find(self, report: Report, sentence: int, names: tuple[str, ...]) -> list[Match]:
        groups = [group for name in self._named(names) if (group := self._class(report, name).get(sentence)) is not None]
        if not groups:
            return []
        if len(groups) > 1:
            groups.sort(key=lambda group: group[0])
        found = [match for _, matches in groups for match in matches if any(_fits(match.concept, n) for n in names)]
        if len(groups) > 1:
            found.sort(key=place)
        return found

    def _named(self, names: tuple[str, ...]) -> list[str]:
        """The classes that hold what the names ask for."""
        if names not in self._asked:
            self._asked[names] = [c for c in self._classes if any(_fits(c, n) or (c == "agent" and n.startswith(c)) for n in names)]
        return self._asked[names]

    def _class(self, report: Report, name: str) -> CueClass:
        """A class in every sentence that holds it, with the place of its first word, by which classes at one place are put in order."""
        known = report.cue_classes.get(name)
        if known is not None:
            return known
        found: dict[int, list[tuple[tuple[int, int, int], Match]]] = {}
        for position in self._classes[name]:
            for sentence, matches in self.matcher.find_each(report.encoded, position, *report.sentence_bytes).items():
                found.setdefault(sentence, []).extend(((m.start, -m.end, position), m) for m in matches)
        for sentence in report.cut_sentences:
            for m in self.matcher.find(report.encoded, report.sentences[sentence].start, report.sentences[sentence].end):
                if (position := self._position[m.concept]) in self._classes[name]:
                    found.setdefault(sentence, []).append(((m.start, -m.end, position), m))
        several = len(self._classes[name]) > 1
        known = {s: (min(rows)[0], longest(m for _, m in sorted(rows)) if several else [m for _, m in rows]) for s, rows in found.items()}
        report.cue_classes[name] = known
        return known


def _fits(concept: str, name: str) -> bool:
    return concept == name or (name.endswith(".") and concept.startswith(name))


def words_between(text: str, start: int, end: int) -> int:
    """How many words lie in a stretch (0 if it is empty or reversed)."""
    return len(_WORD.findall(text, start, end)) if start < end else 0


@lru_cache(maxsize=1)
def default_cues() -> Cues:
    """The word classes of the package."""
    return Cues(load_vocabulary())
