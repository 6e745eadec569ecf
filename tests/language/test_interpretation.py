"""Whether findings use the rendering: reports of tests/cases/interpretation.yaml, and the same facts whatever the case of the letters."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp3d.pipeline import read
from nlp3d.record import Record
from nlp3d.yamlfile import load_yaml

CASES = Path(__file__).parents[1] / "cases" / "interpretation.yaml"


def cases() -> list[tuple[str, bool]]:
    """Every text of the file with what is expected of it."""
    return [(item.text(), bool(group["facts"]["interpretation"].value)) for group in load_yaml(CASES).root for item in group["texts"]]


@pytest.mark.parametrize(("text", "expected"), cases())
def test_finding_says_what_the_rendering_shows(text: str, expected: bool) -> None:
    (study,) = read(Record(text=text)).studies
    assert study.interpretation is expected


@pytest.mark.parametrize(("text", "expected"), cases()[::5])
def test_capitals_change_nothing(text: str, expected: bool) -> None:
    (study,) = read(Record(text=text.upper())).studies
    assert study.interpretation is expected
