"""Queries: neutral words, open options, the report's own words quoted, one per addressee."""

from __future__ import annotations

import re
from typing import Any

import pytest

from nlp3d.facts import Evidence
from nlp3d.rules import decide, load_pack
from nlp3d.rules.queries import Query, fill

FORBIDDEN = re.compile(
    r"\d{5}|[$€£]|\b(cod(e|es|ed|ing)|bill\w*|pay\w*|paid|charge\w*|claim\w*|reimburs\w*|fees?|money|revenue|required|must|should|in order to)\b",
    re.IGNORECASE,
)
MISSING: dict[str, dict[str, Any]] = {
    "location": {"location": "undocumented"},
    "supervision": {"supervision": "insufficient"},
    "location_and_supervision": {"location": "conflicting", "supervision": "absent"},
    "technique": {"technique": "weak"},
    "automatic": {"automatic": True, "supervision": "absent"},
    "outside_dataset": {"outside": True},
    "base_ambiguous": {"procedure": "ambiguous"},
    "base_not_documented": {"procedure": "unknown"},
    "mesh_output": {"output": "mesh"},
}


def mention(concept: str, text: str, **values: Any) -> Evidence:
    given = {"field": "text", "start": 0, "end": len(text), "section": "TECHNIQUE", "studies": (0, 1), "assertion": "performed"}
    return Evidence(concept, **{"text": text, "counts": True, "why": "", **given, **values})


EVIDENCE = (
    mention("technique.volume_rendering", "Volume-  rendered\nimages"),
    mention("location.workstation", "independent  workstation", counts=False, why="viewing", section="FINDINGS"),
    mention("supervision.attestation", "reviewed by me"),
    mention("base.ct", "CT chest PE protocol", section="", field="title", start=None, end=None),
    mention("reformat.mpr", "coronal reformats", counts=False),
    mention("technique.mip", "3D MIP in 2020", counts=False, assertion="historical"),
)


def ask(*studies: dict[str, Any], names: dict[int, str] | None = None, evidence: tuple[Evidence, ...] = EVIDENCE) -> list[Query]:
    whole = {"procedure": "ct", "technique": "performed", "location": "scanner", "supervision": "personal"}
    return fill(decide([{**whole, **study} for study in studies], "2026-03-01"), names or {0: "CT FACE", 1: "CT WRIST"}, evidence)


@pytest.mark.parametrize("template", MISSING)
def test_each_missing_thing_is_asked_neutrally(template: str) -> None:
    (query,) = ask(MISSING[template])
    assert query["template"] == template and query["version"] == load_pack().queries.version
    assert query["to"] == load_pack().queries.parts[template].to and query["studies"] == [0]
    text = query["text"]
    assert not FORBIDDEN.search(text), FORBIDDEN.search(text)
    assert text.count("other: ___") == text.count("unable to determine") >= 1
    assert "Examination: CT FACE" in text and "$" not in text


def test_every_part_is_used() -> None:
    assert set(MISSING) == set(load_pack().queries.parts)


@pytest.mark.parametrize("template", MISSING)
def test_options_stand_in_alphabetical_order(template: str) -> None:
    for block in re.findall(r"(?:^\[ \] .*\n?)+", ask(MISSING[template])[0]["text"], re.MULTILINE):
        options = [line[4:] for line in block.splitlines()]
        assert options[-2:] == ["other: ___", "unable to determine"]
        assert options[:-2] in (sorted(options[:-2]), ["none", *sorted(options[1:-2])])


def test_quotes_are_word_for_word_with_their_section() -> None:
    text = ask(MISSING["location"])[0]["text"]
    assert 'TECHNIQUE: "Volume-  rendered\nimages"' in text
    assert 'FINDINGS: "independent  workstation"' in text  # seen though it did not count
    assert "reviewed by me" not in text and "coronal" not in text and "2020" not in text
    assert 'title: "CT chest PE protocol"' in ask(MISSING["base_ambiguous"])[0]["text"]
    assert '"3D MIP in 2020"' in ask(MISSING["outside_dataset"])[0]["text"]


def test_a_quote_stands_once_and_none_is_said_so() -> None:
    twice = (EVIDENCE[0], EVIDENCE[0])
    assert ask(MISSING["location"], evidence=twice)[0]["text"].count("Volume-") == 1
    assert load_pack().queries.no_quotes in ask(MISSING["location"], evidence=())[0]["text"]


def test_numbers_and_money_are_not_repeated_even_from_the_report() -> None:
    evidence = (mention("technique.title", "3D RECON 76377"), mention("technique.mip", "MIP $5"), mention("technique.mip", "MIPs"))
    text = ask(MISSING["location"], names={0: "CT 3D 76376"}, evidence=evidence)[0]["text"]
    assert not FORBIDDEN.search(text) and '"MIPs"' in text


def test_a_dollar_sign_in_the_words_of_a_report_is_no_placeholder() -> None:
    text = ask(MISSING["location"], names={0: "CT"}, evidence=(mention("technique.mip", "MIP", section="$quotes"),))[0]["text"]
    assert '$quotes: "MIP"' in text


def test_one_query_an_addressee_with_a_part_for_each_study() -> None:
    queries = ask(MISSING["location"], MISSING["supervision"], MISSING["mesh_output"], MISSING["location"])
    assert [(q["to"], q["studies"], q["template"]) for q in queries] == [
        ("physician", [0, 1, 3], "location+supervision"),
        ("coder", [2], "mesh_output"),
    ]
    assert queries[0]["text"].count("Examination:") == 3
    assert "Examination: number 4 of the report" in queries[0]["text"]


def test_nothing_is_asked_where_nothing_is_missing() -> None:
    assert ask({}) == []
