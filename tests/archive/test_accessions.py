"""Parts of one accession through the real command: corrections replace, addenda follow, repetitions count once, conflicts stay apart."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from nlp3d.archive.accessions import joined, rejoined
from nlp3d.archive.repeats import Repeats
from nlp3d.archive.run import open_run
from nlp3d.archive.waiting import Waiting
from nlp3d.readers import Source, State, Unit
from nlp3d.record import Record
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
    rows = run(tmp_path, {"id": "1", "accession": "A", "text": FIRST}, {"id": "9", "accession": "B", "text": f"{FIRST} Left."}, {"id": "2", "accession": "A", "text": ADDED, "status": "addendum"})
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
        {"id": "2", "accession": "B", "text": f"{FIRST} Left."}, {"id": "2", "accession": "B", "text": "CT PELVIS\nNormal."},
        {"id": "3", "accession": "C", "title": "CT HEAD", "text": "CT HEAD\nNormal."}, {"id": "3", "accession": "C", "title": "CT NECK", "text": "CT NECK\nNormal."},
    )  # fmt: skip
    assert [(row["record"]["accession"], row["notes"], row["source"][0].get("occurrence")) for row in rows] == [  # type: ignore[index]
        ("A", ["duplicate_same"], None), ("B", ["duplicate_conflict"], 1), ("B", ["duplicate_conflict"], 2), ("C", [], None), ("C", [], None),
    ]  # fmt: skip


def test_records_of_one_id_are_all_kept_and_numbered(tmp_path: Path) -> None:
    records = [
        {"id": "1", "text": FIRST}, {"id": "2", "text": "CT HEAD\nNormal."}, {"id": "1", "text": FIRST},
        {"id": "3", "accession": "A", "text": "CT NECK\nNormal."}, {"id": "3", "accession": "B", "text": "CT KNEE\nNormal."}, {"id": "2", "text": "CT HEAD\nBleed."},
        {"id": "4", "text": "CT FACE"},
    ]  # fmt: skip
    rows = run(tmp_path, *records)
    assert [(row["id"], row["source"][0].get("occurrence"), row["notes"]) for row in rows] == [  # type: ignore[index]
        ("1", 1, ["duplicate_same"]), ("2", 1, ["duplicate_conflict"]), ("1", 2, ["duplicate_same"]),
        ("3", 1, ["duplicate_conflict"]), ("3", 2, ["duplicate_conflict"]), ("2", 2, ["duplicate_conflict"]), ("4", None, []),
    ]  # fmt: skip
    line = json.loads((tmp_path / "out" / "run.json").read_text())["reconciliation"]
    assert line == "read 7 = in rows 7 (7 rows) + quarantined 0; noted duplicate_conflict 4, duplicate_same 2"
    assert pq.read_table(tmp_path / "out" / "answers", columns=["occurrence"])["occurrence"].to_pylist() == [1, 1, 2, 1, 2, 2, None]


def test_one_text_under_several_accessions_is_a_row_of_each_and_told(tmp_path: Path) -> None:
    day = {"date_of_service": "2026-03-01", "reader": "A. Reader"}
    rows = run(tmp_path, *({"id": name, "accession": name, "text": FIRST, **day} for name in "ABC"), {"id": "D", "accession": "D", "text": FIRST, **day, "date_of_service": "2026-03-02"})
    assert [row["notes"] for row in rows] == [["same_text_other_accession"]] * 3 + [[]]
    assert len({json.dumps({**row, "id": "", "record": "", "source": ""}) for row in rows[:3]}) == 1
    assert "noted same_text_other_accession 3" in json.loads((tmp_path / "out" / "run.json").read_text())["reconciliation"]


@given(st.lists(st.integers(0, 20), max_size=80), st.integers(1, 7))
def test_repeats_are_found_however_often_they_are_written_to_the_disk(numbers: list[int], run: int) -> None:
    repeats = Repeats(run)
    for number in numbers:
        repeats.add(number - 10)
    assert sorted(repeats.found().values()) == sorted(count for count in Counter(numbers).values() if count > 1)


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(["x", "yy", "\ud800"])), max_size=12), st.integers(0, 6))
def test_waiting_parts_come_back_as_they_were(parts: list[tuple[str, str]], most: int) -> None:
    waiting, kept = Waiting(most=most), dict[str, list[Unit]]()
    for number, (name, text) in enumerate(parts):
        part = Unit(Record(text, accession=name, date_of_service=date(2026, 3, 1)), Source("f", "csv", number, lines=(1, 2), counts={"controls": 1}), "final")
        kept.setdefault(name, []).append(part)
        assert waiting.add(name, part) == len(kept[name])
    assert waiting.names() == list(kept)
    for name, wanted in kept.items():
        assert waiting.take(name) == wanted
    assert waiting.held == 0


def test_waiting_parts_beyond_the_limit_leave_no_file(tmp_path: Path) -> None:
    waiting = Waiting(tmp_path, 10)
    for number in range(50):
        waiting.add("A", Unit(Record("x" * 9), Source("f", "csv", number)))
    assert waiting.held == 9 and not list(tmp_path.iterdir()) and len(waiting.take("A")) == 50


states = st.sampled_from([None, "final", "addendum", "corrected", "preliminary", "withdrawn"])


@given(st.lists(st.tuples(st.sampled_from(["A", "B", None]), st.sampled_from(["x", "y", "Addendum: z", " "]), states, st.sampled_from([None, "1", "2"])), max_size=12))
def test_every_record_is_in_exactly_one_report(rows: list[tuple[str | None, str, State | None, str | None]]) -> None:
    parts = [Unit(Record(text, id="i", accession=name, version=version), Source("f", "csv", number), state) for number, (name, text, state, version) in enumerate(rows, 1)]
    given = list(joined(lambda: iter(parts)))
    alone = [item for item in given if isinstance(item, Unit)]
    made = [report for found in given if isinstance(found, list) for report in found]
    assert sorted([*(place["record"] for report in made for place in report.places), *(item.source.record for item in alone)]) == [part.source.record for part in parts]
    assert len(alone) + sum(report.records for report in made) == len(parts)
    assert not alone or len(parts) == 1  # all are called the same


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
