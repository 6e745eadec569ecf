"""Any text at all is answered: no crash, exact offsets, the same answer again, JSON as its schema says."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from nlp3d.pipeline import answer
from nlp3d.record import Record
from nlp3d.text import sanitize

FRAGMENTS = (
    "3D", "3-D", "three dimensional", "volume rendered images", "MIP", "MIPs", "surface rendering", "MPR", "thin 5 mm", "curved",
    "on an independent workstation", "at the scanner console", "Vitrea", "PACS", "was performed", "were generated", "by the technologist",
    "under concurrent supervision", "by me", "Dr. [NAME]", "no", "without", "not", "if needed", "recommended", "prior", "outside",
    "TECHNIQUE:", "FINDINGS:", "IMPRESSION:", "COMPARISON:", "ADDENDUM:", "CT CHEST", "CTA HEAD", "MRI BRAIN", "1.", "2)", "[ ]", "[x]", "( )",
    "This", "these", "the latter", "and", "or", "/", "-", "|", ":", ".", ",", ";", "\n", "\n\n", "\r\n", "\t", "  ", "*", "_____",
)  # fmt: skip
HOSTILE = (
    "\x00",
    "\ud800",
    "\udfff",
    "\u0301",
    "\u200b",
    "\u202e",
    "\ufeff",
    "\x85",
    "\u2028",
    "İ",
    "ß",
    "ﬁ",
    "𝟛D",
    "３Ｄ",
    "😀",
    "\x1b[31m",
)

dictation = st.lists(st.sampled_from(FRAGMENTS + HOSTILE), max_size=40).map(" ".join)
glued = st.lists(st.sampled_from(FRAGMENTS + HOSTILE), max_size=25).map("".join)
anything = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)
mixed = st.lists(st.one_of(st.sampled_from(FRAGMENTS), anything), max_size=12).map(" ".join)
calm = settings(max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


@lru_cache(maxsize=1)
def validator() -> Any:
    return Draft202012Validator(json.loads((files("nlp3d") / "schema" / "suggestion.schema.json").read_text(encoding="utf-8")))


def check(text: str, title: str | None = None) -> None:
    record = Record(text, title=title)
    first = answer(record)
    line = first.to_json()
    assert line == answer(record).to_json()
    assert "\n" not in line
    line.encode("utf-8")
    data = json.loads(line)
    assert validator().is_valid(data), next(validator().iter_errors(data)).message[:200]
    safe = sanitize(text).text
    assert len(safe) == len(text)
    for mention in first.evidence:
        if mention.field == "text":
            assert mention.start is not None and mention.end is not None and 0 <= mention.start < mention.end <= len(safe)
            assert safe[mention.start : mention.end] == mention.text
    assert not (first.code and first.status != "answered")


@calm
@given(dictation)
def test_dictation(text: str) -> None:
    check(text)


@calm
@given(glued)
def test_glued_dictation(text: str) -> None:
    check(text)


@calm
@given(anything)
def test_any_characters(text: str) -> None:
    check(text)


@calm
@given(mixed, st.one_of(st.none(), anything))
def test_mixed_with_title(text: str, title: str | None) -> None:
    check(text, title)
