"""Corrections: the machine's reading is never touched, and what follows from marks is what the same facts would give."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_server import TEXT_77, TEXT_OPEN

from nlp3d.decisions.corrections import MARKABLE, Corrections, FactChange, MarkChange, corrected
from nlp3d.errors import Nlp3dError
from nlp3d.facts import Reading
from nlp3d.pipeline import read
from nlp3d.record import Record
from nlp3d.rules import decide
from nlp3d.rules.model import DOMAIN

TEXTS = (TEXT_77, TEXT_OPEN, "CT KNEE. Axial images with coronal reformats.", "CTA HEAD. MIPs were made.")
READINGS = {text: read(Record(text)) for text in TEXTS}
FACTS = st.sampled_from([(fact, value) for fact, values in DOMAIN.items() for value in values])


def marks(text: str) -> st.SearchStrategy[MarkChange]:
    return st.builds(
        lambda start, size, concept, counts: MarkChange(0, start, min(len(text), start + size), concept, counts),
        st.integers(0, len(text) - 1), st.integers(1, 30), st.sampled_from(list(MARKABLE)), st.booleans(),
    )  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(TEXTS), st.lists(FACTS, max_size=6))
def test_the_reading_stays_and_facts_that_were_set_hold(data: st.DataObject, text: str, facts: list[tuple[str, str | bool]]) -> None:
    reading = READINGS[text]
    before = copy.deepcopy(reading)
    wanted = Corrections(tuple(FactChange(0, *fact) for fact in facts), tuple(data.draw(st.lists(marks(text), max_size=4))))
    mine = corrected(reading, text, wanted)
    assert reading == before
    last = dict(facts)
    for fact, value in last.items():
        if fact == "base":
            assert mine.studies[0].caller_base == value
        elif mine.studies[0].technique != "none" or fact not in ("location", "supervision"):
            assert getattr(mine.studies[0], fact) == value
    for mention in mine.evidence:
        if mention.field == "text":
            assert text[mention.start : mention.end] == mention.text
    decide(mine.studies, "2026-03-01")


@pytest.mark.parametrize("text", TEXTS)
def test_no_correction_is_the_machines_reading(text: str) -> None:
    assert corrected(READINGS[text], text, Corrections()).studies == READINGS[text].studies


def test_a_base_that_was_set_decides_against_the_text() -> None:
    reading = READINGS[TEXTS[3]]
    assert decide(reading.studies, "2026-03-01").studies[0].base == "cta"
    mine = corrected(reading, TEXTS[3], Corrections((FactChange(0, "base", "eligible"),)))
    assert decide(mine.studies, "2026-03-01").studies[0].base == "eligible"


@pytest.mark.parametrize(
    ("concepts", "fact", "value"),
    [
        (["technique.three_d"], "technique", "performed"),
        (["technique.weak_three_d"], "technique", "weak"),
        (["technique.three_d", "location.workstation"], "location", "workstation"),
        (["technique.three_d", "location.workstation", "location.scanner"], "location", "conflicting"),
        (["technique.three_d", "supervision.element_other"], "supervision", "partial"),
        (["technique.three_d", "supervision.concurrent", "supervision.denied"], "supervision", "denied"),
        (["technique.three_d", "supervision.general"], "supervision", "insufficient"),
        (["location.workstation"], "location", "undocumented"),  # nothing was rendered that it could be the place of
    ],
)
def test_what_follows_from_marked_words(concepts: list[str], fact: str, value: str) -> None:
    text = TEXTS[2]
    made = tuple(MarkChange(0, place, place + 1, concept, True) for place, concept in enumerate(concepts))
    assert getattr(corrected(READINGS[text], text, Corrections(marks=made)).studies[0], fact) == value


@pytest.mark.parametrize(
    "wrong",
    [
        Corrections((FactChange(3, "technique", "none"),)),
        Corrections((FactChange(0, "colour", "red"),)),
        Corrections((FactChange(0, "technique", "maybe"),)),
        Corrections((FactChange(0, "automatic", "True"),)),
        Corrections(marks=(MarkChange(0, 5, 5, "technique.three_d", True),)),
        Corrections(marks=(MarkChange(0, 0, 10**6, "technique.three_d", True),)),
        Corrections(marks=(MarkChange(0, 0, 3, "base.ct", True),)),
        Corrections(marks=(MarkChange(0, 0, 3, "location.scanner", True, "planar"),)),
        Corrections(marks=(MarkChange(0, 0, 3, "location.scanner", False, "weather"),)),
        Corrections(marks=(MarkChange(0, 0, 3, "technique.unheard_of", True),)),
    ],
)
def test_an_impossible_correction_is_refused(wrong: Corrections) -> None:
    with pytest.raises(Nlp3dError, match="correction_"):
        corrected(READINGS[TEXT_77], TEXT_77, wrong)


def test_a_text_without_studies_can_be_corrected() -> None:
    assert corrected(Reading(), "x", Corrections((FactChange(0, "technique", "performed"),))).studies[0].technique == "performed"
