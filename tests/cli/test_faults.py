"""Bad input: a clear message and exit code each, no traceback, and never a word of the input on standard error."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
Check = Callable[[subprocess.CompletedProcess[bytes]], None]
CANARY = "Zyxquentin"
WORDS = f"{CANARY} {CANARY}@example"
USAGE, IO = 2, 4
BINARY = {
    "pdf": b"%PDF-1.7 " + CANARY.encode(),
    "png": b"\x89PNG\r\n\x1a\n" + CANARY.encode(),
    "zip": b"PK\x03\x04" + CANARY.encode(),
    "noise": bytes(range(256)) * 20,
}


@pytest.mark.parametrize("name", sorted(BINARY))
def test_binary_files(run: Run, silent_on: Check, tmp_path: Path, name: str) -> None:
    (tmp_path / f"{CANARY}.txt").write_bytes(BINARY[name])
    done = run("suggest", f"{CANARY}.txt")
    silent_on(done)
    assert (done.returncode, done.stdout) == (IO, b"")
    assert b"plain text" in done.stderr


@pytest.mark.parametrize("name", ["missing", "folder"])
def test_files_that_cannot_be_opened(run: Run, silent_on: Check, tmp_path: Path, name: str) -> None:
    (tmp_path / f"{CANARY}folder").mkdir()
    done = run("suggest", f"{CANARY}{name}")
    silent_on(done)
    assert (done.returncode, done.stdout) == (IO, b"")
    assert len(done.stderr.splitlines()) >= 2, "what is wrong, and what to do"


USES = {
    "unquoted words": ("suggest", "the", *WORDS.split()),
    "option": ("suggest", f"--{CANARY}"),
    "option value": ("suggest", "--max-chars", CANARY),
    "profile": ("suggest", "--profile", CANARY, "--text", "CT"),
    "date": ("suggest", "--date-of-service", CANARY, "--text", "CT"),
    "base": ("suggest", "--base", CANARY, "--text", "CT"),
    "format": ("suggest", "--format", CANARY, "--text", "CT"),
    "two texts": ("suggest", f"{CANARY}.txt", "--text", CANARY),
    "command": (CANARY,),
    "rule": ("rules", "show", CANARY),
    "rule command": ("rules", CANARY),
    "days": ("rules", "diff", CANARY, CANARY),
    "concept": ("vocab", "show", CANARY),
    "schema": ("schema", CANARY),
    "lacking": ("rules", "diff", "2026-01-01"),
}


@pytest.mark.parametrize("name", sorted(USES))
def test_wrong_use(run: Run, silent_on: Check, name: str) -> None:
    done = run(*USES[name], given=WORDS)
    silent_on(done)
    assert (done.returncode, done.stdout) == (USAGE, b"")
    assert done.stderr


STATUSES = {
    "empty": ("", "no_text"),
    "blank": (" \r\n\t \n", "no_text"),
    "invoice": (f"Invoice {CANARY}\nToner 2 x 60.00\nTotal due 120.00, payable within 30 days.", "not_a_report"),
    "code": (f"import os\n\ndef {CANARY}(argv):\n    return os.getenv(argv[1])\n", "not_a_report"),
    "numbers": ("12345 67890", "not_a_report"),
    "Spanish": (
        f"{CANARY}. TC de tórax con contraste. No se observan nódulos. El corazón es de tamaño normal. Sin derrame.",
        "unsupported_language",
    ),
    "German": (
        "Befund: Die Lunge ist frei, kein Erguss. Das Herz ist nicht vergrößert. Keine Fraktur der Rippen und des Sternums.",
        "unsupported_language",
    ),
    "Russian": ("КТ органов грудной клетки. Очаговых изменений в легких не выявлено. Сердце не увеличено.", "unsupported_language"),
    "Chinese": ("胸部CT平扫。双肺未见明显异常。心影大小正常，纵隔淋巴结未见肿大。胸腔无积液。", "unsupported_language"),
    "fragment": ("Axial, coronal and sagittal images", "answered"),
    "one word": ("Unremarkable.", "answered"),
    "3D alone": ("MIPs.", "answered"),
}


@pytest.mark.parametrize("name", sorted(STATUSES))
def test_texts_that_are_no_report(run: Run, silent_on: Check, name: str) -> None:
    text, status = STATUSES[name]
    for form in ("text", "jsonl"):
        done = run("suggest", "--format", form, given=text)
        silent_on(done)
        assert done.returncode == 0
        if form == "jsonl":
            answer = json.loads(done.stdout)
            assert answer["status"] == status
            assert answer["code"] is None
        elif status != "answered":
            assert len(done.stdout.split()) > 5, "what to do next"


def test_too_long(run: Run, silent_on: Check, tmp_path: Path) -> None:
    with (tmp_path / "long.txt").open("w", encoding="utf-8") as file:
        for _ in range(50):
            file.write(f"{CANARY} " * (1_000_000 // (len(CANARY) + 1)))
    done = run("suggest", "long.txt")
    silent_on(done)
    assert (done.returncode, done.stdout) == (IO, b"")
    assert b"1,000,000" in done.stderr and b"--max-chars" in done.stderr


def test_a_long_line_stops_no_other(run: Run, silent_on: Check, tmp_path: Path, report: str) -> None:
    rows = [{"id": "a", "text": CANARY * 20_000}, {"id": "b", "text": report}]
    (tmp_path / "r.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = run("suggest", "r.jsonl", "--max-chars", "5000")
    silent_on(done)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(answer["id"], answer["status"], answer["code"]) for answer in answers] == [("a", "error", None), ("b", "answered", "76377")]


def test_bad_lines_are_told_by_number_only(run: Run, silent_on: Check, tmp_path: Path) -> None:
    rows = [
        "{" + CANARY,
        json.dumps({"id": CANARY, "text": [CANARY]}),
        json.dumps({"id": CANARY, "text": CANARY, "date_of_service": CANARY}),
    ]
    (tmp_path / f"{CANARY}.jsonl").write_text("\n".join(rows), encoding="utf-8")
    done = run("suggest", f"{CANARY}.jsonl")
    silent_on(done)
    assert done.returncode == 0
    assert [json.loads(line)["status"] for line in done.stdout.splitlines()] == ["error"] * 3
    assert all(f"line {number}".encode() in done.stderr for number in (1, 2, 3))


ENCODINGS = {"utf-8": b"", "utf-8-sig": b"", "utf-16": b"", "cp1252": b"cp1252"}


@pytest.mark.parametrize("encoding", sorted(ENCODINGS))
def test_encodings(run: Run, silent_on: Check, encoding: str, report: str) -> None:
    text = f"{CANARY}: café, 5 × 3 mm – {report}"
    done = run("suggest", "--format", "jsonl", given=text.encode(encoding))
    silent_on(done)
    answer = json.loads(done.stdout)
    assert answer["code"] == "76377"
    assert answer["evidence"][-1]["text"] == text[answer["evidence"][-1]["start"] : answer["evidence"][-1]["end"]]
    assert ENCODINGS[encoding] in done.stderr


def test_nul_and_controls_are_read_over(run: Run, silent_on: Check, report: str) -> None:
    done = run("suggest", "--format", "jsonl", given=report.replace("FINDINGS", "\x00FIND\x07INGS"))
    silent_on(done)
    assert json.loads(done.stdout)["code"] == "76377"
