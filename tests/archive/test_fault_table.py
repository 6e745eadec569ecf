"""Faults that a batch run has to stand, one after the other; those that need a failing disk, sudden death or a poison report are in test_faults.py,
repeats of an id in test_accessions.py, refusals and equal bytes in test_batch.py, rows that are not whole in tests/readers."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from nlp3d.archive.engine import Plan, Progress, run_archive
from nlp3d.archive.intake import input_of
from nlp3d.archive.machine import over_network
from nlp3d.archive.rows import Settings
from nlp3d.archive.run import open_run
from nlp3d.errors import Nlp3dError
from tests.readers.test_sources import CANARY, FAULTY, SAMPLES

from .conftest import Batch, command, reports, write


def test_texts_of_every_kind_in_one_file(batch: Batch, tmp_path: Path) -> None:
    """Old encodings, controls, surrogates and marks are read and counted; nothing and blanks are no answer; too long is quarantined, and on it goes."""
    lines = [
        '{"id": "old", "text": "CT HEAD. 37°"}'.encode("cp1252"), b'{"id": "nul", "text": "CT\\u0000 HEAD\\u001f."}', b'{"id": "half", "text": "CT HEAD \\ud800."}',
        b'{"id": "mark", "text": "CT \\ufeffHEAD"}', b'{"id": "none", "text": ""}', b'{"id": "blank", "text": " \\n\\t"}',
        b'{"id": "long", "text": "' + b"x" * 200_000 + b'"}', b'{"id": "last", "text": "CT HEAD"}',
    ]  # fmt: skip
    (tmp_path / "in.jsonl").write_bytes(b"\n".join(lines))
    done = batch("in.jsonl", "out", "--max-chars", "100000", "--max-errors", "1")
    assert (done.returncode, done.stderr) == (0, b"")
    run = open_run(tmp_path / "out")
    assert [(row["id"], row["status"]) for row in run.rows()][4:] == [("none", "no_text"), ("blank", "no_text"), ("last", "answered")]
    assert [(entry["reason"], entry["payload"]) for entry in run.quarantine()] == [("too_large", None)]
    assert run.manifest["counts"]["replaced"] == {"byte_order_marks": 1, "controls": 2, "surrogates": 1}
    assert pq.read_table(tmp_path / "out" / "answers", columns=["encoding"])["encoding"].to_pylist() == ["cp1252"] + ["utf-8"] * 6
    batch("in.jsonl", "strict", "--max-chars", "100000", "--max-errors", "2", "--strict-encoding")
    assert sorted(entry["reason"] for entry in open_run(tmp_path / "strict").quarantine()) == ["encoding", "too_large"]


def test_a_row_that_is_not_whole_has_its_place_in_the_index(batch: Batch, tmp_path: Path) -> None:
    raw = b'id,text\n1,"CT HEAD.\nNormal."\n2,"open\n3,CT NECK\n'
    (tmp_path / "in.csv").write_bytes(raw)
    assert batch("in.csv", "out").returncode == 3
    (entry,) = open_run(tmp_path / "out").quarantine()
    assert (entry["reason"], entry["source"][0]["offset"], entry["source"][0]["lines"]) == ("bad_row", raw.index(b"2,"), [4, 4])
    assert (tmp_path / "out" / "quarantine" / "payload" / entry["payload"]).read_bytes() == b'2,"open\n'
    assert [row["id"] for row in open_run(tmp_path / "out").rows()] == ["1", "3"]


def test_a_report_that_needs_too_much_memory(batch: Batch, tmp_path: Path) -> None:
    write(tmp_path / "in.jsonl", [{"id": "1", "text": "CT HEAD greedy"}, {"id": "2", "text": "CT HEAD"}])
    done = batch("in.jsonl", "out", "--max-errors", "1", "--memory", "4096", faulty=True, POISON="marker")
    assert done.returncode == 0, done.stderr
    assert [entry["reason"] for entry in open_run(tmp_path / "out").quarantine()] == ["out_of_memory"]


def test_the_input_changes_while_it_is_read(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", reports(30))

    def grow(_: Progress) -> None:
        with source.open("ab") as more:
            more.write(b"\n")

    with pytest.raises(Nlp3dError) as told:
        run_archive(input_of(str(source)), tmp_path / "out", Plan(Settings(), part_size=10), grow)
    assert told.value.code == "run_changed" and not (tmp_path / "out" / "run.json").exists()


def test_a_second_signal_ends_at_once(tmp_path: Path) -> None:
    write(tmp_path / "in.jsonl", [{"text": "CT HEAD"} for _ in range(20)] + [{"text": "endless"}])
    line, environment = command("in.jsonl", "out", "--part-size", "10", "--workers", "1", "--wall-limit", "600", faulty=True, POISON="marker")
    with subprocess.Popen(line, stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=tmp_path) as process:
        for _ in range(600):
            if any((tmp_path / "out" / "answers").glob("*.parquet")):
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode in (-signal.SIGINT, 130)


def test_little_room_and_far_disks_are_told_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from nlp3d.cli.app import run

    write(tmp_path / "in.jsonl", [{"text": "CT HEAD"}])
    monkeypatch.setattr("nlp3d.archive.engine.shutil.disk_usage", lambda _: type("Usage", (), {"free": 1 << 20})())
    monkeypatch.setattr("nlp3d.archive.machine.over_network", lambda _: True)
    assert run(["batch", str(tmp_path / "in.jsonl"), str(tmp_path / "out"), "--workers", "1"]) == 0
    told = capsys.readouterr().err
    assert "1 MB are free" in told and "local disk" in told and str(tmp_path) not in told


def test_the_file_system_of_a_folder(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nhost:/x {tmp_path}/far\\040disk nfs4 rw 0 0\nt {tmp_path}/far\\040disk/near tmpfs rw 0 0\n")
    found = [over_network(tmp_path / name, mounts) for name in ("out", "far disk", "far disk/a/b", "far disk/near/out")]
    assert found == [False, True, True, False] and not over_network(tmp_path, tmp_path / "missing")


def test_no_word_of_any_format_under_any_fault_is_told(batch: Batch, tmp_path: Path) -> None:
    """A canary in every text, id and file name; every reader, every fault it knows, a failing disk and deadly reports, and most talk."""
    folder = tmp_path / "in" / CANARY
    (folder / "sub").mkdir(parents=True)
    for name, raw in [*SAMPLES.items(), *((f"bad{name}", raw) for name, raw in FAULTY.items())]:
        place = folder / name
        place.with_name(f"{CANARY} {place.name}").write_bytes(raw)
    write(folder / f"{CANARY}.jsonl", [{"id": f"{CANARY}{n}", "accession": CANARY, "text": f"{CANARY} {word}"} for n, word in enumerate(("deadly", "endless", "raising", "greedy", "x", "y"))])
    folder.joinpath(f"{CANARY} gone.txt").symlink_to(folder / "nowhere")
    line, environment = command(faulty=True, POISON="marker")
    arguments = [*line[:3], "--verbose", "batch", str(folder), "out", "--resume", "--wall-limit", "1", "--memory", "4096", "--part-size", "8", "--format", "csv", "--strict-encoding"]
    told = b""
    for fault in ("write 5", "replace 3", "fsync 4", "sqlite 14", "open 1", ""):
        variables = {**environment, **({"FAULT": fault} if fault else {})}
        done = subprocess.run(arguments, capture_output=True, env=variables, cwd=tmp_path, timeout=300, check=False)
        told += done.stdout + done.stderr
    for more in (["--dry-run"], ["--column", f"text={CANARY}", "--overwrite"], ["--profile", "lenient"]):
        done_more = subprocess.run([*arguments, *more], capture_output=True, env=environment, cwd=tmp_path, timeout=300, check=False)
        told += done_more.stdout + done_more.stderr
    assert done.returncode == 3 and b"Traceback" not in told, told.decode()[-2000:]
    assert re.findall(CANARY.encode() + rb".{0,60}", told) == []
    reasons = {entry["reason"] for entry in open_run(tmp_path / "out").quarantine()}
    assert reasons >= {"bad_row", "bad_json", "bad_record", "blank", "bad_hl7", "bad_fhir", "bad_rtf", "not_text", "unreadable", "encoding", "worker_crash", "timeout", "internal"}
    searched = 0
    for path in (tmp_path / "out").rglob("*"):
        name = str(path.relative_to(tmp_path / "out"))
        assert CANARY not in name
        if path.is_file() and not re.match(r"answers/|answers\.csv|quarantine/payload/", name):
            searched += 1
            assert CANARY.encode() not in path.read_bytes(), name
    assert searched >= 4 and json.loads((tmp_path / "out" / "run.json").read_text())["counts"]["read"] > 20

