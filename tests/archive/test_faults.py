"""Deadly reports, failing disks, signals, sudden death: the end is that of an undisturbed run, and nothing is lost or told."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from nlp3d.archive.run import open_run

from .conftest import Batch, command, contents, reports, write
from .fault_harness import OPERATIONS, Harness

# The short form; the long one is `python tests/archive/fault_harness.py`: every place, 30 kills.
EVERY, KILLS = 31, 2
CANARY = "Zyxquentin"


@pytest.mark.parametrize(("word", "reason"), [("deadly", "worker_crash"), ("endless", "timeout"), ("raising", "internal")])
def test_a_poison_report_goes_alone(batch: Batch, tmp_path: Path, word: str, reason: str) -> None:
    records = reports(40)
    for place in (3, 17, 39):
        records[place]["text"] += word
    write(tmp_path / "in.jsonl", records)
    done = batch("in.jsonl", "out", "--workers", "2", "--part-size", "20", "--wall-limit", "1", "--max-errors", "10", faulty=True, POISON="marker")
    assert done.returncode == 0, done.stderr
    run = open_run(tmp_path / "out")
    assert [(entry["unit"], entry["reason"]) for entry in run.quarantine()] == [(3, reason), (17, reason), (39, reason)]
    assert [row["id"] for row in run.rows()] == [record["id"] for place, record in enumerate(records) if place not in (3, 17, 39)]
    assert b"Traceback" not in done.stderr and records[3]["text"].encode() not in done.stderr

    again = batch("retry-quarantine", "out", "new", "--max-errors", "10")
    assert (again.returncode, again.stdout) == (0, b"read 3 = in rows 3 (3 rows) + quarantined 0\n")
    assert [row["id"] for row in open_run(tmp_path / "new").rows()] == [records[place]["id"] for place in (3, 17, 39)]


def test_a_worker_that_is_killed_from_outside_costs_nothing(batch: Batch, tmp_path: Path) -> None:
    records = reports(30)
    records[11]["text"] += "once deadly"
    write(tmp_path / "in.jsonl", records)
    done = batch("in.jsonl", "out", faulty=True, POISON=str(tmp_path / "marker"))
    assert (done.returncode, done.stdout) == (0, b"read 30 = in rows 30 (30 rows) + quarantined 0\n")


def test_a_text_beyond_the_budget(batch: Batch, tmp_path: Path) -> None:
    write(tmp_path / "in.jsonl", [{"id": "1", "text": "CT. " + "3D mip, " * 2000}, {"id": "2", "text": "CT. 3D."}])
    batch("in.jsonl", "out", "--max-errors", "1")
    assert [entry["reason"] for entry in open_run(tmp_path / "out").quarantine()] == ["too_complex"]


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Harness:
    """A small archive, and what an undisturbed run makes of it."""
    return Harness(tmp_path_factory.mktemp("faults"), 24, 8)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_failing_disk_stops_the_run_and_it_goes_on(harness: Harness, operation: str) -> None:
    codes = [code for _, code in harness.failing(operation, EVERY)]
    assert codes and 4 in codes


def test_killed_at_any_moment(harness: Harness) -> None:
    assert harness.killed(KILLS, 5) == KILLS


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals(batch: Batch, tmp_path: Path, number: int, code: int) -> None:
    write(tmp_path / "in.jsonl", reports(4000))
    common = ("in.jsonl", "out", "--part-size", "100", "--no-prefilter")
    line, environment = command(*common)
    with subprocess.Popen(line, stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=tmp_path) as process:
        _wait_for_a_part(tmp_path / "out")
        process.send_signal(number)
        _, told = process.communicate(timeout=30)
    assert process.returncode == code and b"--resume" in told and b"Traceback" not in told
    assert not (tmp_path / "out" / "run.json").exists()
    assert open_run_fails(tmp_path / "out")
    assert batch(*common, "--resume").returncode == 0
    times = json.loads((tmp_path / "out" / "timings.json").read_text())
    assert times["units_before"] > 0 and times["units_before"] + times["units_in_this_process"] == 4000


def open_run_fails(folder: Path) -> bool:
    """Whether a run that has not come to its end is refused."""
    try:
        open_run(folder)
    except Exception as problem:
        return getattr(problem, "code", "") == "run_missing"
    return False


def _wait_for_a_part(out: Path) -> None:
    for _ in range(600):
        if any((out / "answers").glob("*.parquet")):
            return
        time.sleep(0.05)
    raise AssertionError("no part was finished")


def test_a_part_that_was_damaged_is_made_again(batch: Batch, archive: Path, tmp_path: Path) -> None:
    common = (archive, "out", "--part-size", "30", "--max-errors", "5%")
    batch(*common)
    before = contents(tmp_path / "out")
    part = tmp_path / "out" / "answers" / "part-000001.parquet"
    part.write_bytes(part.read_bytes()[:-9])
    batch(*common, "--resume")
    assert contents(tmp_path / "out") == before


def test_nothing_is_told_of_a_report(batch: Batch, tmp_path: Path) -> None:
    """A canary in texts, ids and the file's name, under every fault at once: only results and payloads may hold it."""
    records = reports(60)
    for place, word in ((2, "deadly"), (9, "endless"), (20, "raising"), (30, "3D mip, " * 3000)):
        records[place]["text"] += word
    for record in records:
        record.update(id=f"{CANARY} {record['id']}", text=f"{CANARY} {record['text']}")
    faults = [f'{{"id": "{CANARY}", "text"', f'{{"id": "{CANARY}"}}', f'{{"text": "{CANARY}", "date_of_service": "{CANARY}"}}']
    source = write(tmp_path / f"{CANARY}.jsonl", records, faults)
    common = (source, "out", "--part-size", "10", "--wall-limit", "1", "--format", "csv", "--no-prefilter")
    told = b""
    for variables in ({"FAULT": "fsync 9"}, {"FAULT": "replace 4"}, {"FAULT": "write 12"}, {}):
        done = batch(*common, "--resume", faulty=True, POISON="marker", NLP3D_LOG="debug", **variables)
        told += done.stdout + done.stderr
    assert done.returncode == 3
    allowed = re.compile(r"answers/|answers\.csv|quarantine/payload/")
    assert CANARY.encode() not in told
    searched = 0
    for path in (tmp_path / "out").rglob("*"):
        name = str(path.relative_to(tmp_path / "out"))
        assert CANARY not in name
        if path.is_file() and not allowed.match(name):
            searched += 1
            assert CANARY.encode() not in path.read_bytes(), name
    assert searched >= 4
    payload = list((tmp_path / "out" / "quarantine" / "payload").iterdir())
    assert payload and all(path.stat().st_mode & 0o077 == 0 for path in payload)
