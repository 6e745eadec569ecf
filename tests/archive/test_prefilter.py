"""The prefilter is a superset: with it and without it the rows are the same, on every text there is and on made-up ones."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp3d.archive.first_look import search
from nlp3d.archive.prefilter import Answers
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

# First lines, and lines below them that have a say in which examinations a report holds, or seem to.
FIRST = ("CT ABDOMEN AND PELVIS", "EXAM: CT CHEST", "CTA HEAD AND NECK", "Ct Chest Without Contrast 03/04/2024", "MRI LUMBAR SPINE", "EXAM: CT HEAD 01/02/2023",
         "STUDY: MRI BRAIN AND CT HEAD", "CT CERVICAL AND THORACIC SPINE", "CT chest compared with MRI", "CT PE protocol", "TECHNIQUE: CT head", "1. CT HEAD 2. CT NECK",
         "CT HEAD of 03/04/2024", "CT HEAD from 20/04/2024", "EXAM: CT CHEST. MRI BRAIN", "CT FACE: normal", "A. CT HEAD", "ct head", "HISTORY: fall",
         "CT ORBITS WITH LACRIMAL CONTRAST (CT DACRYOCYSTOGRAM) AND A LONG TITLE OF 03/12/2025")  # fmt: skip
BELOW = ("FINDINGS:", "Findings: clear.", "IMPRESSION: 1. CT normal", "COMPARISON: CT of 03/12/2025", "1. No CT", "Part 2: CT head", "64CT", "CHEST: clear", "HEAD:",
         "ABDOMEN: technique fine", "PELVIS: technique", "Exam: MRI brain", "The exam was limited.", "STUDY", "prior study of the head", "MRI BRAIN", "CT HEAD:", "MRCP",
         "And CT pelvis", "also mri", "I. CT", "CT\nchest", "Technique: axial", "History: fall", "history: fall. Exam: CT.", "Exam - CT", "Note: see CT. Findings: ok", "HX: ct",
         "Protocol: CT", "Cervical spine: ok", "THORACIC SPINE: ok", "The joint space is narrow.", "CT head 73677", "_Exam: CT", "Exam**: MRI", "scanner", "volumme", "Exam(s): CT",
         "The lungs are clear.", "The liver is of normal size and shape.", "There is no acute fracture.", "   ", "CT chest", "Dictated by Dr. Ash")  # fmt: skip
_LINE_ENDS = ("\n", "\n\n", "\r\n", "\r\n\r\n", " ", "\n   ")
_ENGLISH_ENOUGH = " The liver is normal and the lungs are clear of the disease in this patient."


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


_below = st.lists(st.tuples(st.sampled_from(_LINE_ENDS), st.sampled_from(BELOW)).map("".join), max_size=7).map("".join)


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(FIRST), st.sampled_from(("\n\n", "\n", "\r\n\r\n")), _below, st.sampled_from((None, None, "CT CHEST", "MRA head", "CT PE protocol")))
def test_what_a_first_line_tells_is_what_the_steps_say(first: str, between: str, below: str, title: str | None) -> None:
    _same(Record(first + between + below + _ENGLISH_ENOUGH, title=title))


def test_most_reports_need_no_steps() -> None:
    """Else the outlines above would be tested by nothing."""
    answers = Answers()
    records = [Record.of(record) for record in reports(300, 0.02)]
    told = [answers.form(record) is not None for record in records]
    assert told.count(True) == sum(row_of(record, WITH)["detail"] == "short" for record in records) > 270
    plain = "CT CHEST\n\nCOMPARISON: CT of May.\n\nFindings:\nThe lungs are clear and the joint space is narrow.\n"
    assert answers.form(Record(plain)) and answers.form(Record(plain.replace("\n", "\r\n")))
    for doubt in ("Exam: CT head.", "MRI BRAIN", "CT ABDOMEN:", "64CT", "A 3D view.", "reconstuctions", "CT chest."):
        assert answers.form(Record(plain + doubt + "\n")) is None


def test_a_title_of_its_own_counts() -> None:
    text = "The lungs are clear. No effusion of the chest."
    assert row_of(Record(text, title="CT CHEST WITH 3D RENDERING"), WITH)["detail"] == "full"
    assert row_of(Record(text, title="CT CHEST"), WITH)["detail"] == "short"


@pytest.mark.parametrize(("text", "status"), [("", "no_text"), ("import sys; sys.exit(main())", "not_a_report")])
def test_status_without_an_answer(text: str, status: str) -> None:
    assert row_of(Record(text), WITH)["status"] == status
    _same(Record(text))
