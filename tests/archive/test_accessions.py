"""Parts of one accession through the real command: corrections replace, addenda follow, repetitions count once, conflicts stay apart."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from nlp3d.archive.accessions import rejoined
from nlp3d.archive.run import open_run
from nlp3d.text import sanitize

FIRST = "CT PELVIS WITHOUT CONTRAST\nTECHNIQUE: 3D volume renderings were made by me.\nFINDINGS: The 3D images show a fracture."
ADDED = "The 3D volume renderings were made by me on the Vitrea workstation."


def run(tmp_path: Path, *records: dict[str, str]) -> list[dict[str, object]]:
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(record) + "\n" for record in records))
    done = subprocess.run([sys.executable, "-m", "nlp3d", "batch", str(source), str(tmp_path / "out"), "--workers", "1"], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert f"read {len(records)} = in rows {len(records)}" in done.stdout
    return list(open_run(tmp_path / "out").rows())


def test_an_addendum_follows_and_is_read_with_its_report(tmp_path: Path) -> None:
    rows = run(tmp_path, {"id": "1", "accession": "A", "text": FIRST}, {"id": "9", "accession": "B", "text": FIRST}, {"id": "2", "accession": "A", "text": ADDED, "status": "addendum"})
    assert [(row["record"]["accession"], row["code"], row["notes"]) for row in rows] == [("B", None, []), ("A", "76377", ["addendum_joined"])]  # type: ignore[index]
    places = rows[1]["source"]
    assert [(place["record"], place["start"]) for place in places] == [(1, 0), (3, len(FIRST) + len("\n\nADDENDUM:\n"))]  # type: ignore[index,attr-defined]
    assert any(flag["flag"] == "late_addendum" for flag in rows[1]["flags"])  # type: ignore[attr-defined]


def test_a_correction_replaces(tmp_path: Path) -> None:
    rows = run(tmp_path, {"id": "1", "accession": "A", "text": FIRST}, {"id": "1", "accession": "A", "text": "CT PELVIS\nNo rendering was made.", "status": "corrected"})
    assert [(row["reason"], row["notes"], len(row["source"])) for row in rows] == [("no_3d_rendering", ["corrected"], 2)]  # type: ignore[arg-type]


def test_a_withdrawn_report_supports_nothing(tmp_path: Path) -> None:
    rows = run(tmp_path, {"id": "1", "accession": "A", "text": f"{FIRST} {ADDED}"}, {"id": "1", "accession": "A", "text": "", "status": "withdrawn"})
    assert [(row["code"], row["status"], row["notes"]) for row in rows] == [(None, "no_text", ["withdrawn"])]


def test_repetitions_count_once_and_conflicts_stay_apart(tmp_path: Path) -> None:
    rows = run(
        tmp_path,
        {"id": "1", "accession": "A", "text": FIRST}, {"id": "1", "accession": "A", "text": FIRST},
        {"id": "2", "accession": "B", "text": FIRST}, {"id": "2", "accession": "B", "text": "CT PELVIS\nNormal."},
        {"id": "3", "accession": "C", "title": "CT HEAD", "text": "CT HEAD\nNormal."}, {"id": "3", "accession": "C", "title": "CT NECK", "text": "CT NECK\nNormal."},
    )  # fmt: skip
    assert [(row["record"]["accession"], row["notes"]) for row in rows] == [  # type: ignore[index]
        ("A", ["duplicate_same"]), ("B", ["duplicate_conflict"]), ("B", ["duplicate_conflict"]), ("C", []), ("C", []),
    ]  # fmt: skip


def test_the_texts_of_parts_make_the_text_that_was_read(tmp_path: Path) -> None:
    records = [
        {"id": "1", "accession": "A", "text": FIRST}, {"id": "2", "accession": "A", "text": ADDED, "status": "addendum"},
        {"id": "3", "accession": "B", "text": FIRST}, {"id": "4", "accession": "B", "text": f"ADDENDUM: {ADDED}", "status": "addendum"},
        {"id": "5", "accession": "C", "text": FIRST}, {"id": "6", "accession": "C", "text": "CT PELVIS\nNormal.", "status": "corrected"},
        {"id": "7", "accession": "D", "text": FIRST}, {"id": "7", "accession": "D", "text": FIRST},
        {"id": "8", "accession": "E", "text": FIRST}, {"id": "9", "accession": "E", "text": "", "status": "withdrawn"},
        {"id": "10", "accession": "F", "text": FIRST},
    ]  # fmt: skip
    for row in run(tmp_path, *records):
        places = row["source"]
        text = rejoined((records[place["record"] - 1]["text"], place) for place in places)  # type: ignore[attr-defined]
        assert sanitize(text).sha256 == row["text_sha256"], row["record"]
