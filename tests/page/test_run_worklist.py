"""A worklist over a batch run: answers from its rows, texts from where the run read them, checked by their hash."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from page_server import TEXT_77, TEXT_OPEN

import nlp3d
from nlp3d.errors import Nlp3dError
from nlp3d.web.run_worklist import RunWorklist

RECORDS = [
    {"id": "a", "text": TEXT_77, "reader": "R1", "date_of_service": "2026-03-04"},
    {"id": "b", "text": "Chest radiograph. Clear."},
    {"id": "c", "text": TEXT_OPEN, "accession": "9", "title": "CT LEFT FOOT"},
]


class Rows:
    """A run as `nlp3d batch --no-text` leaves it, held in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "OUT"
        self.file = folder / "in.jsonl"
        self.file.write_text("".join(json.dumps(one) + "\n" for one in RECORDS), encoding="utf-8")
        self.made = [self._row(number, record) for number, record in enumerate(RECORDS, 1)]

    def _row(self, number: int, record: dict[str, Any]) -> dict[str, Any]:
        fields = ("id", "accession", "title", "base", "date_of_service", "modality", "site", "reader", "version", "billed_code")
        row = nlp3d.suggest(**record).to_dict()
        row["detail"] = "short" if number == 2 else "full"
        known = {name: record.get(name) if name != "title" else None for name in fields}
        return {**row, "record": known, "billed": None, "source": [{"file": "in.jsonl", "kind": "jsonl", "record": number}]}

    def rows(self) -> Iterator[dict[str, Any]]:
        yield from self.made

    def row(self, number: int) -> dict[str, Any]:
        return self.made[number]


def test_reports_that_mention_3d_are_listed_with_their_answers(tmp_path: Path) -> None:
    listed = RunWorklist(Rows(tmp_path))
    assert [(row.id, row.code, row.reason, row.month) for row in listed.rows()] == [
        ("a", "76377", "supported", "2026-03"),
        ("c", None, "location_not_documented", None),
    ]


def test_texts_come_from_the_input_again(tmp_path: Path) -> None:
    report = RunWorklist(Rows(tmp_path)).report(1)
    assert (report.record.text, report.record.accession, report.record.title) == (TEXT_OPEN, "9", "CT LEFT FOOT")
    assert report.source == [{"file": "in.jsonl", "kind": "jsonl", "record": 3}]


def test_a_text_that_changed_or_went_is_told(tmp_path: Path) -> None:
    run = Rows(tmp_path)
    listed = RunWorklist(run)
    run.file.write_text(run.file.read_text(encoding="utf-8").replace("talus", "tibia"), encoding="utf-8")
    with pytest.raises(Nlp3dError, match="worklist_text_changed"):
        listed.report(1)
    run.file.write_text("", encoding="utf-8")
    with pytest.raises(Nlp3dError, match="worklist_text_gone"):
        listed.report(1)
    run.file.unlink()
    with pytest.raises(Nlp3dError, match="worklist_text_gone"):
        listed.report(0)
    with pytest.raises(Nlp3dError, match="worklist_number"):
        listed.report(2)
