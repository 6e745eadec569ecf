"""Records in and suggestions out: published schema, key order, the same bytes every time, the short form."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

import nlp3d.suggestion as module
from nlp3d.errors import Nlp3dError
from nlp3d.facts import Evidence, Reading, StudyFacts
from nlp3d.record import Record
from nlp3d.suggestion import Suggestion, build, short, unanswered

SCHEMAS = Path(module.__file__).parent / "schema"
KEYS = [
    "schema", "id", "status", "detail", "code", "reason", "profile", "codes", "edition", "date_of_service", "needs_review", "flags",
    "studies", "evidence", "rules", "queries", "checklist", "hints", "confidence", "text_sha256", "versions",
]  # fmt: skip
STUDY_KEYS = [
    "index", "name", "start", "end", "procedure", "base", "technique", "location", "supervision", "interpretation", "output",
    "automatic", "outside", "code", "reason",
]  # fmt: skip
SHORT_KEYS = [
    "schema", "id", "status", "detail", "code", "reason", "profile", "edition", "date_of_service", "needs_review", "flags", "studies",
    "text_sha256",
]  # fmt: skip
RECORD = Record.of({"text": "CT face. Volume rendering \N{EM DASH} \N{GRINNING FACE}.", "id": "A-1", "date_of_service": "2026-03-01"})
EVIDENCE = (
    Evidence("technique.volume_rendering", "text", "Volume rendering", 9, 25, "TECHNIQUE", (0,), "performed", True, "a rendering"),
    Evidence("base.ct", "title", "CT FACE", None, None, "", (0, 1), "performed", True, "the title"),
)


def reading() -> Reading:
    first = StudyFacts(
        0, "CT face", 0, 28, "ct", None, "performed", "workstation", "absent", True, regions=("face",), observed=("late_addendum",)
    )
    second = StudyFacts(1, "CT wrist", 28, 30, "ct", None, "performed", "scanner", "personal", regions=("wrist",))
    return Reading((first, second), EVIDENCE, ("suspicious_token",))


def validator(name: str) -> Any:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def examples() -> list[Suggestion]:
    plain = Reading((StudyFacts(procedure="cta.chest"),))
    return [
        build(RECORD, reading(), versions={"nlp3d": "1"}),
        build(RECORD, reading(), "lenient"),
        build(Record("x"), plain),
        build(Record("x"), Reading()),
        short(build(Record("x"), plain)),
        *(unanswered(RECORD, status) for status in ("no_text", "not_a_report", "unsupported_language", "error")),
        unanswered(None, "error"),
    ]


@pytest.mark.parametrize("number", range(10))
def test_answers_fit_the_published_schema(number: int) -> None:
    suggestion = examples()[number]
    validator("suggestion").validate(json.loads(suggestion.to_json()))


def test_the_schema_is_closed() -> None:
    answer = build(RECORD, reading()).to_dict()
    check = validator("suggestion")
    for key in KEYS:
        assert not check.is_valid({name: value for name, value in answer.items() if name != key}), key
    assert not check.is_valid({**answer, "more": 1})
    assert not check.is_valid({**answer, "code": "73677"})
    assert not check.is_valid({**answer, "confidence": 0.9})


def test_keys_stand_in_the_published_order() -> None:
    answer = build(RECORD, reading()).to_dict()
    assert list(answer) == KEYS
    assert list(answer["studies"][0]) == STUDY_KEYS
    assert list(answer["edition"]) == ["date", "pack", "sha256"]
    assert list(answer["codes"][0]) == ["code", "units", "studies"]
    assert list(answer["flags"][0]) == ["flag", "study"]
    keys = ["concept", "field", "text", "start", "end", "section", "studies", "assertion", "counts", "why"]
    assert list(answer["evidence"][0]) == keys
    assert list(answer["rules"][0]) == ["id", "study", "outcome", "blocked_by", "because", "in_force", "sources"]
    assert list(answer["queries"][0]) == ["to", "studies", "template", "version", "text"]


def test_the_answer_says_what_was_decided() -> None:
    suggestion = build(RECORD, reading())
    assert (suggestion.code, suggestion.reason, suggestion.profile) == ("76376", "supported", "strict")
    answer = suggestion.to_dict()
    assert answer["codes"] == [{"code": "76376", "units": 1, "studies": [1]}]
    assert [study["reason"] for study in answer["studies"]] == ["supervision_not_documented", "supported"]
    assert [flag["flag"] for flag in answer["flags"]] == ["findings_3d_not_described", "late_addendum", "suspicious_token"]
    assert [(query["to"], query["studies"]) for query in answer["queries"]] == [("physician", [0])]
    assert answer["checklist"] == ["order", "necessity", "billing_physician"]
    assert answer["needs_review"] and answer["hints"] == [] and answer["confidence"] is None
    assert {rule["study"] for rule in answer["rules"]} == {0, 1}


def test_the_hash_is_of_the_sanitised_text() -> None:
    assert build(RECORD, Reading()).text_sha256 == hashlib.sha256(RECORD.text.encode()).hexdigest()
    assert build(Record("a\ud800\x00b"), Reading()).text_sha256 == hashlib.sha256("a\ufffd b".encode()).hexdigest()


def test_the_records_own_date_comes_first() -> None:
    assert build(RECORD, Reading(), date_of_service=date(2020, 1, 1)).date_of_service == date(2026, 3, 1)
    assert build(Record("x"), Reading(), date_of_service=date(2020, 1, 1)).date_of_service == date(2020, 1, 1)


def test_the_same_input_gives_the_same_bytes_in_another_process() -> None:
    here = build(RECORD, reading(), versions={"b": "2", "a": "1"}).to_json()
    assert "\n" not in here and "\N{EM DASH}" not in here
    assert here == build(RECORD, reading(), versions={"a": "1", "b": "2"}).to_json()
    program = f"import sys; sys.path[:0] = {sys.path!r}; import test_suggestion as t; from nlp3d.suggestion import build; " + (
        "sys.stdout.buffer.write(build(t.RECORD, t.reading(), versions={'a': '1', 'b': '2'}).to_json().encode())"
    )
    there = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parent,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert there.stdout.decode() == here


def test_short_is_the_full_answer_cut_down() -> None:
    full = build(RECORD, Reading((StudyFacts(procedure="cta.chest", name="CTA chest"),), (), ("suspicious_token",)))
    cut = short(full).to_dict()
    assert list(cut) == SHORT_KEYS
    assert list(cut["studies"][0]) == ["index", "name", "procedure", "base"]
    whole = full.to_dict()
    for key in SHORT_KEYS:
        if key not in ("detail", "studies"):
            assert cut[key] == whole[key]
    assert (cut["detail"], cut["reason"], cut["needs_review"]) == ("short", "no_3d_rendering", True)
    assert [flag["flag"] for flag in cut["flags"]] == ["cta_without_3d", "suspicious_token"]


def test_other_statuses_hold_nothing() -> None:
    answer = unanswered(RECORD, "no_text").to_dict()
    assert answer["id"] == "A-1" and answer["code"] is answer["reason"] is None
    assert all(answer[key] == [] for key in ("codes", "flags", "studies", "evidence", "rules", "queries", "checklist", "hints"))


def test_importing_reads_no_rules_and_neither_spacy_nor_yaml() -> None:
    program = f"import sys; sys.path[:0] = {sys.path!r}; import nlp3d.suggestion, nlp3d.rules as r; " + (
        "assert not [m for m in sys.modules if m.startswith(('spacy', 'ruamel', 'pydantic'))]; assert r.load_pack.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    "day", ["2026-03-01", "20260301", "2026-03-01T10:00:00Z", "202603011000", date(2026, 3, 1), datetime(2026, 3, 1, 9)]
)
def test_a_record_reads_dates_as_archives_write_them(day: object) -> None:
    assert Record.of({"text": "x", "date_of_service": day}).date_of_service == date(2026, 3, 1)
    if isinstance(day, str):
        validator("record").validate({"text": "x", "date_of_service": day})


def test_a_record_takes_whole_numbers_as_text_and_ignores_what_it_does_not_know() -> None:
    record = Record.of({"text": None, "id": 123, "accession": "00123", "title": "", "date_of_service": "", "ward": "7"})
    assert record == Record("", "123", "00123")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ("SECRET", "record_not_a_mapping"),
        ({"id": "SECRET"}, "record_text_missing"),
        ({"text": ["SECRET"]}, "record_field_type"),
        ({"text": 5}, "record_field_type"),
        ({"text": "x", "title": {"SECRET": 1}}, "record_field_type"),
        ({"text": "x", "id": True}, "record_field_type"),
        ({"text": "x", "date_of_service": "SECRET"}, "record_date"),
        ({"text": "x", "date_of_service": "2026-02-30"}, "record_date"),
        ({"text": "x", "date_of_service": 20260301}, "record_date"),
    ],
)
def test_a_faulty_record_is_refused_without_its_values(values: Any, code: str) -> None:
    with pytest.raises(Nlp3dError) as caught:
        Record.of(values, "line 7")
    assert caught.value.code == code and caught.value.where == "line 7"
    assert "SECRET" not in str(caught.value)
