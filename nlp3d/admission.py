"""Whether a text is a radiology report in English at all; in doubt it is.

Asked only for texts in which no step found a technique, a place or a supervision statement.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

from .yamlfile import load_yaml

_WORD = re.compile(r"[^\W\d_]+")
_MOSTLY = 0.5


@lru_cache(maxsize=1)
def _lists() -> tuple[re.Pattern[str], re.Pattern[str], frozenset[str], frozenset[str], int, int]:
    data = load_yaml(Path(__file__).with_name("admission.yaml")).data
    medical = re.compile(r"\b(?:" + "|".join(map(re.escape, data["medical"])) + ")", re.I)
    capitals = re.compile(r"\b(?:" + "|".join(map(re.escape, data["capitals"])) + r")\b")
    foreign, english = frozenset(data["other_languages"]), frozenset(data["english"])
    return medical, capitals, foreign - english, english, data["outnumber"], data["least"]


def admit(text: str) -> Literal["answered", "not_a_report", "unsupported_language"]:
    """`answered` for a text that can be read; else what is wrong with it."""
    medical, capitals, foreign, english, outnumber, least = _lists()
    words = _WORD.findall(text.lower())
    other_script = sum(not word.isascii() and not any("a" <= c <= "z" or "\u00c0" <= c <= "\u024f" for c in word) for word in words)
    if words and other_script > _MOSTLY * len(words):
        return "unsupported_language"
    theirs, ours = sum(word in foreign for word in words), sum(word in english for word in words)
    if theirs >= least and theirs >= outnumber * max(1, ours):
        return "unsupported_language"
    return "answered" if medical.search(text) or capitals.search(text) else "not_a_report"
