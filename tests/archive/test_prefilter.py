"""The prefilter is a superset: with it and without it the rows are the same, on every text there is and on made-up ones."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp3d.archive.prefilter import search
from nlp3d.archive.rows import Settings, row_json, row_of
from nlp3d.mentions import default_mentions
from nlp3d.record import Record
from nlp3d.report import Report
from nlp3d.text import sanitize

from .conftest import ROOT, reports

WITH, WITHOUT = Settings(), Settings(prefilter=False)
# Pieces of which 3D words, and words close to them, are made.
PIECES = ("3", "D", "d", "-", " ", "\n", "three", "dimensional", "volume", "render", "ed", "ing", "MIP", "mip", "SPACE", "space", "VR", "surface", "shaded", "recon",
          "struction", "reformat", "model", "CT ", "MRI ", "CTA ", "chest", "head", ".", ":", "TECHNIQUE", "FINDINGS", "é", "３Ｄ", "\u2011", "volumme", "rendring", "no ", "prior ")  # fmt: skip


def _same(record: Record) -> bool:
    row = row_of(record, WITH)
    assert row_json(row) == row_json(row_of(record, WITHOUT))
    return bool(row["detail"] == "short")


def _corpus(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        return [json.loads(line).get("text", "") for line in text.splitlines() if line.strip()]
    return re.findall(r'"((?:[^"\\]|\\.){30,})"', text) if path.suffix == ".yaml" else [text]


@pytest.mark.parametrize("folder", ["data/gold", "data/samples", "tests/cases"])
def test_same_rows_on_every_corpus(folder: str) -> None:
    texts = [text for path in sorted((ROOT / folder).rglob("*")) if path.suffix in (".jsonl", ".yaml", ".txt") for text in _corpus(path)]
    assert len(texts) >= 24
    for text in texts:
        _same(Record(text))


def test_same_rows_on_invented_archives() -> None:
    short = [_same(Record.of(record)) for record in reports(600, 0.1)]
    assert 400 < sum(short) < 560


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map("".join), st.sampled_from(("", "CT CHEST 3D", "CT CHEST", "MRA head")))
def test_nothing_found_by_the_steps_is_missed(text: str, title: str) -> None:
    report = Report(sanitize(text).text)
    found = [one for one in default_mentions()(report).mentions if one.family in ("technique", "acquisition")]
    assert not found or search().search(report.plain) is not None
    _same(Record(text, title=title or None))


def test_a_title_of_its_own_counts() -> None:
    text = "The lungs are clear. No effusion of the chest."
    assert row_of(Record(text, title="CT CHEST WITH 3D RENDERING"), WITH)["detail"] == "full"
    assert row_of(Record(text, title="CT CHEST"), WITH)["detail"] == "short"


@pytest.mark.parametrize(("text", "status"), [("", "no_text"), ("import sys; sys.exit(main())", "not_a_report")])
def test_status_without_an_answer(text: str, status: str) -> None:
    assert row_of(Record(text), WITH)["status"] == status
    _same(Record(text))
