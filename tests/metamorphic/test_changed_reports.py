"""Changes that leave a report's meaning alone leave its answer alone; changes that take the 3D away take the code away."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import pytest

from nlp3d.pipeline import answer
from nlp3d.record import Record
from nlp3d.suggestion import Suggestion

GOLD = Path(__file__).parents[2] / "data" / "gold"
FLOOR = 0.97

Change = Callable[[str], str]

_PRODUCTS = {
    "Vitrea": "TeraRecon",
    "TeraRecon": "Vitrea",
    "syngo.via": "Ziostation",
    "Ziostation": "syngo.via",
    "Aquarius": "Vitrea",
    "IntelliSpace Portal": "Vitrea",
}
_PRODUCT = re.compile("|".join(map(re.escape, _PRODUCTS)))
_BRITISH = {
    "color": "colour", "center": "centre", "tumor": "tumour", "hemorrhage": "haemorrhage", "edema": "oedema", "esophag": "oesophag",
    "analyz": "analys", "utiliz": "utilis", "visualiz": "visualis", "labeled": "labelled", "program": "programme", "localiz": "localis",
    "characteriz": "characteris", "ischemi": "ischaemi", "anesthe": "anaesthe", "fetal": "foetal", "gray": "grey", "fiber": "fibre",
}  # fmt: skip
_AMERICAN = re.compile(r"\b(?:" + "|".join(_BRITISH) + ")", re.I)
_THREE_D = re.compile(r"\b3-?D\b")
_NEUTRAL = "The patient tolerated the examination well."


@lru_cache(maxsize=1)
def reports() -> tuple[tuple[str, str], ...]:
    """Id and text of each whole report."""
    rows = [json.loads(line) for path in sorted(GOLD.glob("dev_*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    return tuple((row["id"], row["text"]) for row in rows if not row.get("passage"))


@lru_cache(maxsize=4096)
def ask(text: str) -> Suggestion:
    return answer(Record(text))


def british(text: str) -> str:
    def spell(found: re.Match[str]) -> str:
        word = _BRITISH[found[0].lower()]
        return word.capitalize() if found[0][0].isupper() else word

    return re.sub(r"\bprogramme(?=m)", "program", _AMERICAN.sub(spell, text))


def bullets(text: str) -> str:
    """A bullet before each line of running text, none before headings."""
    return "\n".join(f"- {line}" if re.match(r"[A-Z][a-z].*[a-z].*\.$", line) and ":" not in line else line for line in text.split("\n"))


def wrapped(text: str) -> str:
    return "\n".join("\n".join(textwrap.wrap(line, 72, break_long_words=False, break_on_hyphens=False)) for line in text.split("\n"))


def neutral(text: str) -> str:
    """The neutral sentence at the end of the first line of running text."""
    place = re.search(r"(?<=[a-z]{3}\.)(?=\n|\Z)", text)
    return f"{text[: place.start()]} {_NEUTRAL}{text[place.start() :]}" if place else text


SAME: dict[str, Change] = {
    "upper case": str.upper,
    "lower case": str.lower,
    "hard wraps": wrapped,
    "double spaces": lambda text: re.sub(r"(?<=\S) (?=\S)", "  ", text),
    "3-D": lambda text: _THREE_D.sub("3-D", text),
    "3 D": lambda text: _THREE_D.sub("3 D", text),
    "3D": lambda text: _THREE_D.sub("3D", text),
    "non-breaking hyphen": lambda text: _THREE_D.sub("3\N{NON-BREAKING HYPHEN}D", text),
    "three-dimensional": lambda text: _THREE_D.sub("three-dimensional", text),
    "bullets": bullets,
    "a neutral sentence": neutral,
    "another workstation": lambda text: _PRODUCT.sub(lambda found: _PRODUCTS[found[0]], text),
    "British spelling": british,
    "carriage returns": lambda text: text.replace("\n", "\r\n"),
}



@pytest.mark.parametrize("name", SAME)
def test_same_answer(name: str) -> None:
    changed = [(key, text, other) for key, text in reports() if (other := SAME[name](text)) != text]
    assert changed, "the change touches no report"
    differ = [key for key, text, other in changed if (ask(text).code, ask(text).reason) != (ask(other).code, ask(other).reason)]
    assert 1 - len(differ) / len(changed) >= FLOOR, differ


def without_rendering(suggestion: Suggestion, text: str, put: Callable[[str], str]) -> str:
    """The text with each sentence that holds a rendering that counts replaced by `put` of it."""
    ends = [0, *(m.end() for m in re.finditer(r"(?<=[a-z0-9)\]]{2})[.;](?=\s)|\n", text)), len(text)]
    spots = [e.start for e in suggestion.evidence if e.concept.startswith("technique") and e.counts and e.start is not None]
    pieces = [(text[a:b], any(a <= spot < b for spot in spots)) for a, b in pairwise(ends)]
    return "".join(put(piece) if hit else piece for piece, hit in pieces)


def negated(piece: str) -> str:
    return "\n" if not piece.strip() else " No 3D rendering was performed.\n"


def recommended(piece: str) -> str:
    return "\n" if not piece.strip() else " 3D rendering on an independent workstation is recommended.\n"


def dropped_to_comparison(suggestion: Suggestion, text: str) -> str:
    """The sentences that render, moved under COMPARISON with their prior date."""
    moved: list[str] = []

    def move(piece: str) -> str:
        moved.append(re.sub(r"^\W*[A-Z][A-Za-z /]+:", "", piece).strip())
        return "\n"

    rest = without_rendering(suggestion, text, move)
    return f"COMPARISON: Prior CT of 3 January 2019: {' '.join(moved)}\n\n{rest}"


GONE: dict[str, Callable[[Suggestion, str], str]] = {
    "negated": lambda suggestion, text: without_rendering(suggestion, text, negated),
    "recommended": lambda suggestion, text: without_rendering(suggestion, text, recommended),
    "moved to comparison": dropped_to_comparison,
}


@pytest.mark.parametrize("name", GONE)
def test_code_goes(name: str) -> None:
    coded = [(key, text) for key, text in reports() if ask(text).code]
    assert len(coded) >= 30
    kept = [key for key, text in coded if ask(GONE[name](ask(text), text)).code]
    assert 1 - len(kept) / len(coded) >= FLOOR, kept
