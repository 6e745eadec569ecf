"""Before the steps: whether a text is an English radiology report at all. Heuristics only, and when in doubt a text is read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from .suggestion import Status
from .yamlfile import load_yaml

_WORD = re.compile(r"[^\W\d_]+")
_NO_LETTERS = {sign: " " for sign in range(128) if not chr(sign).isalpha()}
LOOKED_AT = 100_000  # characters; a report says what it is long before
_SHORT = 40  # words
_LETTERS, _OTHER_SCRIPT = 20, 0.5
_FOREIGN, _FOREIGN_SHARE, _FOREIGN_TO_ENGLISH = 5, 0.12, 2
_ORDINARY = 6
_ENGLISH = 8  # one small word in eight is English enough


@dataclass(frozen=True, slots=True)
class _Lists:
    """The word lists of admission.yaml."""

    certain: re.Pattern[str]
    ordinary: re.Pattern[str]
    english: frozenset[str]
    foreign: Mapping[str, frozenset[str]]


def status_of(text: str, has_mentions: bool) -> Status:
    """The status for a text: `answered` if it is to be read. `has_mentions`: it holds a technique, location or supervision
    mention, and so is never `not_a_report`.

    >>> status_of("Axial, coronal and sagittal images", False), status_of("import sys; sys.exit(main())", False)
    ('answered', 'not_a_report')
    """
    if not text.strip():
        return "no_text"
    head = text[:LOOKED_AT].lower()
    if _other_script(head) or _foreign(head):
        return "unsupported_language"
    return "answered" if has_mentions or _medical(head) else "not_a_report"


def surely_english(words: Collection[bytes]) -> bool:
    """Whether so many of a text's words (ASCII, in small letters) are small words of English that no other language is thought of."""
    small = _small_words()
    return sum(map(small.__contains__, words)) * _ENGLISH > len(words)


def names_medicine(low: str) -> bool:
    """Whether a text (in small letters) holds a word that alone makes it a report."""
    return _lists().certain.search(low) is not None


def _other_script(text: str) -> bool:
    """Whether most letters are not Latin ones; a letter used as a sign (a Greek one, say) is no script."""
    if text.isascii():
        return False
    letters = [sign for sign in text if sign.isalpha()]
    other = sum(not sign.isascii() and not unicodedata.name(sign, "").startswith("LATIN") for sign in letters)
    return len(letters) >= _LETTERS and other > _OTHER_SCRIPT * len(letters)


def _foreign(text: str) -> bool:
    """Whether the small words are those of another language, and hardly those of English."""
    lists, words = _lists(), _words(text)
    english = sum(map(lists.english.__contains__, words))
    if english * _ENGLISH > len(words):
        return False
    most = max(sum(word in small for word in words) for small in lists.foreign.values())
    return most >= _FOREIGN and most >= _FOREIGN_SHARE * len(words) and most > _FOREIGN_TO_ENGLISH * english


def _words(text: str) -> list[str]:
    return text.translate(_NO_LETTERS).split() if text.isascii() else _WORD.findall(text)


def _medical(text: str) -> bool:
    """Whether a text holds a word of medicine: a certain one, or ordinary ones enough for its length."""
    lists = _lists()
    if names_medicine(text):
        return True
    needed = _ORDINARY if len(_words(text)) > _SHORT else 1
    found: set[str] = set()
    for match in lists.ordinary.finditer(text):
        found.add(match[0])
        if len(found) >= needed:
            return True
    return False


@lru_cache(maxsize=1)
def _small_words() -> frozenset[bytes]:
    return frozenset(word.encode() for word in _lists().english)


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    data = load_yaml(Path(str(files("nlp3d"))) / "admission.yaml").data
    english = frozenset(data["english"])
    whole, begun, ordinary = ("|".join(map(re.escape, data[name])) for name in ("words", "stems", "ordinary"))
    return _Lists(
        certain=re.compile(rf"(?<![\w.$@/\\-])(?:(?:{whole})(?![\w(=/\\@-]|\.\w)|(?:{begun}))"),
        ordinary=re.compile(rf"(?<![\w.$@/\\-])(?:{ordinary})"),
        english=english,
        foreign={language: frozenset(small) - english for language, small in data["foreign"].items()},
    )
