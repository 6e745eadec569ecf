"""`nlp3d batch` as its user sees it: rows, formats, quarantine, the sum, refusals."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import nlp3d
from nlp3d.archive.run import open_run

from .conftest import Batch, contents, reports, write

REPORT = "CT FACE\n\nTECHNIQUE: Volume rendered 3D images were made on an independent workstation under my concurrent supervision.\n\nFINDINGS: The 3D images show a fracture."


def test_every_record_is_a_row_or_in_quarantine(batch: Batch, archive: Path, tmp_path: Path) -> None:
    done = batch(archive, "out", "--workers", "2", "--part-size", "30", "--max-errors", "5%")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == "read 102 = in rows 100 (100 rows) + quarantined 2 (bad_json 1, bad_record 1)\n"
    run = open_run(tmp_path / "out")
    rows = list(run.rows())
    assert [row["id"] for row in rows] == [f"R{number:09d}" for number in range(100)]
    assert len(run) == 100 and run.row(57) == rows[57]
    assert [(entry["unit"], entry["reason"]) for entry in run.quarantine()] == [(3, "bad_json"), (10, "bad_record")]


def test_rows_are_the_answers_of_suggest(batch: Batch, archive: Path, tmp_path: Path) -> None:
    batch(archive, "out", "--max-errors", "5%")
    by_id = {row["id"]: row for row in open_run(tmp_path / "out").rows()}
    full = 0
    for record in reports(100, 0.2):
        row = by_id[record["id"]]
        answer = nlp3d.suggest(**record).to_dict()
        if row["detail"] == "full":
            full += 1
            assert {key: row[key] for key in answer} == answer
        else:
            assert row["reason"] == answer["reason"] == "no_3d_rendering"
            assert not [one for one in answer["evidence"] if one["concept"].startswith(("technique.", "acquisition."))]
            assert [one["base"] for one in row["studies"]] == [one["base"] for one in answer["studies"]]
    assert full > 15


@pytest.mark.parametrize("options", [("--workers", "2"), ("--no-prefilter",), ("--workers", "2", "--no-prefilter")], ids=" ".join)
def test_the_same_bytes_however_it_runs(batch: Batch, archive: Path, tmp_path: Path, options: tuple[str, ...]) -> None:
    common = ("--part-size", "20", "--max-errors", "5%", "--format", "csv", "--format", "xlsx", "--format", "jsonl")
    batch(archive, "one", *common, "--workers", "1")
    batch(archive, "other", *common, *options, PYTHONHASHSEED="7", TZ="Asia/Tokyo", LC_ALL="C")
    assert contents(tmp_path / "one") == contents(tmp_path / "other")


def test_shards_together_are_the_whole(batch: Batch, archive: Path, tmp_path: Path) -> None:
    for out, shard in (("whole", "1/1"), ("a", "1/2"), ("b", "2/2")):
        batch(archive, out, "--part-size", "25", "--shard", shard, "--max-errors", "5%")
    parts = {out: {path.name: path.read_bytes() for path in (tmp_path / out / "answers").iterdir()} for out in ("whole", "a", "b")}
    assert parts["whole"] == {**parts["a"], **parts["b"]} and not parts["a"].keys() & parts["b"].keys()


def test_columns_are_typed_and_formulas_harmless(batch: Batch, tmp_path: Path) -> None:
    write(tmp_path / "in.jsonl", [{"id": "=1+1", "text": REPORT, "date_of_service": "2026-03-01", "site": "@here"}])
    assert batch("in.jsonl", "out", "--format", "csv", "--format", "xlsx").returncode == 0
    table = pq.read_table(tmp_path / "out" / "answers")
    assert {name: str(table.schema.field(name).type) for name in ("code", "units", "needs_review", "date_of_service", "flags")} == {
        "code": "string", "units": "int64", "needs_review": "bool", "date_of_service": "date32[day]", "flags": "list<element: string>",
    }  # fmt: skip
    with (tmp_path / "out" / "answers.csv").open(encoding="utf-8-sig", newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert (row["id"], row["site"], row["code"]) == ("'=1+1", "'@here", "76377")
    import zipfile

    with zipfile.ZipFile(tmp_path / "out" / "answers.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet and b"2+" not in sheet


def test_no_text_leaves_no_word(batch: Batch, tmp_path: Path) -> None:
    words = "Zyxquentin"
    text = REPORT.replace("CT FACE", f"CT FACE {words}").replace("a fracture", f"{words} 3D {words}").replace("my", f"Dr. {words}'s")
    partly = text.replace("on an independent workstation ", "")
    write(tmp_path / "in.jsonl", [{"id": "1", "text": text, "title": f"CT {words}"}, {"id": "2", "text": partly}, {"id": "3", "text": f"CT {words}. Clear."}])
    batch("in.jsonl", "with", "--format", "jsonl", "--format", "csv")
    assert words.encode() in (tmp_path / "with" / "answers.jsonl").read_bytes()
    batch("in.jsonl", "without", "--no-text", "--format", "jsonl", "--format", "csv")
    for name in ("answers.jsonl", "answers.csv"):
        content = (tmp_path / "without" / name).read_text(encoding="utf-8")
        assert words not in content and "rendered" not in content.lower()
    pairs = zip(open_run(tmp_path / "with").rows(), open_run(tmp_path / "without").rows(), strict=True)
    for full, blank in pairs:
        assert (full["code"], full["reason"], _places(full)) == (blank["code"], blank["reason"], _places(blank))


def _places(row: dict[str, Any]) -> list[tuple[str, int]]:
    return [(one["concept"], one["start"]) for one in row.get("evidence", [])]


def test_billed_against_supported(batch: Batch, tmp_path: Path) -> None:
    plain = "CT FACE. No fracture."
    cases = [(REPORT, "76377"), (REPORT, "70486"), (REPORT, "76376-26"), (plain, "76377"), (plain, None), ("", "76377")]
    write(tmp_path / "in.jsonl", [{"text": text, "billed_code": code} for text, code in cases])
    batch("in.jsonl", "out")
    rows = open_run(tmp_path / "out").rows()
    assert [row["billed"] for row in rows] == ["supported_and_billed", "missed", "wrong_one", "unsupported", None, None]
    batch("in.jsonl", "none", "--billed", "no")
    assert {row["billed"] for row in open_run(tmp_path / "none").rows()} == {None}


def test_refusals(batch: Batch, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("x")
    assert batch(archive, "full").returncode == 2
    assert batch(archive, "full", "--overwrite").returncode == 2 and (tmp_path / "full" / "letter.txt").exists()
    assert batch("missing", "out").returncode == 4
    assert batch(archive, "out").returncode == 3  # two of 102 records are over 1 %
    assert batch(archive, "out").returncode == 2
    assert batch(archive, "out", "--overwrite", "--max-errors", "2").returncode == 0
    assert batch(archive, "out", "--resume", "--profile", "lenient").returncode == 5
    archive.write_bytes(archive.read_bytes() + b"\n")
    assert batch(archive, "out", "--resume").returncode == 5


def test_dry_run_writes_nothing_and_shows_no_word(batch: Batch, archive: Path, tmp_path: Path) -> None:
    done = batch(archive, "out", "--dry-run")
    assert done.returncode == 0 and not (tmp_path / "out").exists()
    assert b"about 102" in done.stdout and b"billed codes   compared" in done.stdout
    assert b"R0000" not in done.stdout and b"archive" not in done.stdout


def test_results_inside_the_input_are_not_read_again(batch: Batch, archive: Path, tmp_path: Path) -> None:
    for _ in range(2):
        done = batch(tmp_path, "out", "--overwrite", "--max-errors", "5%")
        assert json.loads((tmp_path / "out" / "run.json").read_text())["input"]["files"] == 1, done.stderr


def test_another_run_in_the_folder(batch: Batch, archive: Path, tmp_path: Path) -> None:
    import fcntl

    (tmp_path / "out").mkdir()
    with (tmp_path / "out" / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert batch(archive, "out").returncode == 6
    assert batch(archive, "out", "--max-errors", "5%").returncode == 0


def test_dry_run_shows_how_columns_are_taken(batch: Batch, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("Report ID,Report Text,DOS\n1,CT head.,2026-03-01\n")
    done = batch("in.csv", "out", "--dry-run")
    assert done.returncode == 0 and b"columns        id from Report ID, text from Report Text, date_of_service from DOS" in done.stdout
    (tmp_path / "two.csv").write_text("report_text,narrative\na,b\n")
    done = batch("two.csv", "out", "--dry-run")
    assert done.returncode == 2 and b"columns_two_fit" in done.stderr and b"Traceback" not in done.stderr
    assert batch("two.csv", "out", "--dry-run", "--column", "text=narrative").returncode == 0
