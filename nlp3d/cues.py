"""The word classes of acts.yaml and assertion.yaml in a sentence, found once and kept; shared by assertion, attachment and participation."""

from __future__ import annotations

import re
from functools import lru_cache

from .matching import Match, Matcher, longest
from .report import Report
from .vocabulary.model import Vocabulary, load_vocabulary

_WORD = re.compile(r"[\w'’%.]+")


class Cues:
    """Finds word classes in one sentence at a time; most sentences of a report are never asked about."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.matcher = Matcher(vocabulary.cues)

    def of(self, report: Report, sentence: int, *names: str) -> list[Match]:
        """The cues of the classes in a sentence, in order; a name ending in `.` takes every class that begins with it."""
        if sentence not in report.cues:
            stretch = report.sentences[sentence]
            found = self.matcher.find(report.plain, stretch.start, stretch.end)
            by_class: dict[str, list[Match]] = {}
            for match in found:
                by_class.setdefault(match.concept.split(".")[0] if match.concept.startswith("agent") else match.concept, []).append(match)
            kept = [m for group in by_class.values() for m in longest(group)]
            report.cues[sentence] = sorted(kept, key=lambda m: (m.start, -m.end))
        return [m for m in report.cues[sentence] if any(m.concept == n or (n.endswith(".") and m.concept.startswith(n)) for n in names)]


def words_between(text: str, start: int, end: int) -> int:
    """How many words lie in a stretch (0 if it is empty or reversed)."""
    return len(_WORD.findall(text[start:end])) if start < end else 0


@lru_cache(maxsize=1)
def default_cues() -> Cues:
    """The word classes of the package."""
    return Cues(load_vocabulary())
