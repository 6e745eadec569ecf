"""`nlp3d suggest` as a process: input, output, order, exit codes, colours, closed pipes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

import nlp3d

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
REPORT = """CT FACE WITHOUT CONTRAST

TECHNIQUE: Axial images of the face. Coronal reformats were made. Volume rendered images were created on an independent workstation \
under my concurrent supervision.

FINDINGS: The volume rendered images show a displaced fracture of the left zygoma.
"""
SCHEMA = json.loads((Path(nlp3d.__file__).parent / "schema" / "suggestion.schema.json").read_text(encoding="utf-8"))
NO_PLACE = REPORT.replace("on an independent workstation ", "")
EXIT = {"76377": (REPORT, 12), "76376": (REPORT.replace("an independent workstation", "the scanner console"), 11), "query": (NO_PLACE, 13)}
EXIT["none"] = ("CT of the face without contrast. No fracture.", 10)


def lines(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_text_from_standard_input_a_file_and_an_option_give_the_same(run: Run, tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text(REPORT, encoding="utf-8")
    answers = [
        run("suggest", "-", given=REPORT),
        run("suggest", given=REPORT),
        run("suggest", "report.txt"),
        run("suggest", "--text", REPORT),
    ]
    assert {done.returncode for done in answers} == {0}
    assert len({done.stdout for done in answers}) == 1
    assert "76377" in answers[0].stdout.decode().splitlines()[0]


def test_the_answer_for_a_person_shows_words_marks_and_who_decides(run: Run) -> None:
    shown = run("suggest", "--title", "CT FACE", "--date-of-service", "2026-03-01", given=NO_PLACE).stdout.decode()
    flat = " ".join(shown.split())
    assert "location_not_documented" in flat or "where the rendering was made is not said" in flat
    for words in (
        "strict",
        "2026-03-01",
        "Volume rendered",
        "Coronal reformats",
        "two-dimensional",
        "Where were the images quoted above made?",
    ):
        assert words in flat
    assert "CT FACE" in shown and "caller" in shown
    assert "human coder decides" in flat[-200:]


def test_explain_adds_every_rule_and_the_addresses_of_its_sources(run: Run) -> None:
    brief, full = (run("suggest", *more, given=REPORT).stdout.decode() for more in ((), ("--explain",)))
    assert "query.base_ambiguous" not in brief
    for words in ("query.base_ambiguous", "blocked", "none.not_in_force", "2005-12-31", "https://"):
        assert words in full


def test_formats(run: Run) -> None:
    by_eye, line = (run("suggest", "--format", name, given=REPORT) for name in ("json", "jsonl"))
    assert json.loads(by_eye.stdout) == json.loads(line.stdout)
    assert line.stdout.count(b"\n") == 1
    jsonschema.validate(json.loads(line.stdout), SCHEMA)


def test_the_same_input_gives_the_same_bytes(run: Run) -> None:
    first, second = (run("suggest", "--format", "jsonl", given=REPORT, PYTHONHASHSEED=seed).stdout for seed in ("1", "2"))
    assert first == second != b""


def test_records_come_back_one_a_line_in_order(run: Run, tmp_path: Path) -> None:
    rows: list[Any] = [
        json.dumps({"id": "a", "text": REPORT}),
        "{ no json",
        json.dumps({"id": "c", "text": 7}),
        "",
        json.dumps({"id": "e", "text": NO_PLACE, "base": "eligible", "date_of_service": "2007-01-01"}),
        json.dumps({"id": "f", "text": "x", "base": "no such group"}),
        json.dumps(["a", "list"]),
        json.dumps({"id": 8, "text": "lone \ud800 surrogate, CT chest", "title": "\udfff"}),
        "[" * 100_000,
        json.dumps({"id": "j", "text": ""}),
    ]
    (tmp_path / "records.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    done = run("suggest", "records.jsonl")
    assert done.returncode == 0
    answers = lines(done)
    assert [answer["id"] for answer in answers] == ["a", None, "c", None, "e", "f", None, "8", None, "j"]
    expected = ["answered", "error", "error", "error", "answered", "error", "error", "answered", "error", "no_text"]
    assert [answer["status"] for answer in answers] == expected
    assert (answers[0]["code"], answers[4]["reason"], answers[4]["date_of_service"]) == ("76377", "location_not_documented", "2007-01-01")
    for answer in answers:
        jsonschema.validate(answer, SCHEMA)


def test_options_fill_in_what_records_lack(run: Run, tmp_path: Path) -> None:
    rows = [{"id": "a", "text": NO_PLACE}, {"id": "b", "text": NO_PLACE, "date_of_service": "2007-01-01"}]
    (tmp_path / "r.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    answers = lines(run("suggest", "r.jsonl", "--date-of-service", "2026-03-01", "--profile", "lenient"))
    assert [answer["date_of_service"] for answer in answers] == ["2026-03-01", "2007-01-01"]
    assert {answer["code"] for answer in answers} == {"76376"}
    assert {answer["profile"] for answer in answers} == {"lenient"}


@pytest.mark.parametrize("name", sorted(EXIT))
def test_exit_codes_on_request(run: Run, name: str) -> None:
    text, code = EXIT[name]
    assert run("suggest", "--exit-code", given=text).returncode == code
    assert run("suggest", given=text).returncode == 0


def test_colour_only_on_request_or_on_a_terminal(run: Run) -> None:
    assert b"\x1b[" not in run("suggest", given=REPORT).stdout
    assert b"\x1b[" in run("suggest", given=REPORT, FORCE_COLOR="1", TERM="xterm").stdout
    assert b"\x1b[" not in run("suggest", given=REPORT, FORCE_COLOR="1", NO_COLOR="1").stdout


def test_signs_that_steer_a_terminal_never_reach_it(run: Run) -> None:
    evil = REPORT.replace("Coronal reformats", "Coronal \x1b[31m\x9b2J\u202e reformats were made, coronal reformats")
    shown = run("suggest", given=evil).stdout.decode()
    assert not {"\x1b", "\x9b", "\u202e"} & set(shown)


def test_a_closed_pipe_is_no_fault(run: Run, tmp_path: Path) -> None:
    (tmp_path / "many.jsonl").write_text(json.dumps({"id": "a", "text": REPORT}) + "\n", encoding="utf-8")
    (tmp_path / "many.jsonl").write_text((tmp_path / "many.jsonl").read_text(encoding="utf-8") * 300, encoding="utf-8")
    command = [sys.executable, "-m", "nlp3d", "suggest", "many.jsonl"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env={"PYTHONPATH": str(Path(nlp3d.__file__).parents[1])}
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline().startswith(b'{"schema"')
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) in (0, 141, -13)


def test_answers_stream(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    command = [sys.executable, "-m", "nlp3d", "suggest", "pipe.jsonl"]
    environment = {"PYTHONPATH": str(Path(nlp3d.__file__).parents[1])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=tmp_path, env=environment) as process:
        assert process.stdout is not None
        with (tmp_path / "pipe.jsonl").open("wb") as pipe:
            pipe.write(json.dumps({"id": "a", "text": REPORT}).encode() + b"\n")
            pipe.flush()
            assert json.loads(process.stdout.readline())["id"] == "a", "the answer comes before the input ends"
        assert process.wait(60) == 0


def test_a_fault_within_stops_no_other_record(tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text("".join(json.dumps({"id": name, "text": REPORT}) + "\n" for name in "ab"), encoding="utf-8")
    code = (
        "import nlp3d.pipeline as p; real = p.answer\n"
        "def answer(record, *more):\n    if record.id == 'a': raise KeyError(record.text)\n    return real(record, *more)\n"
        "p.answer = answer\nfrom nlp3d.cli.app import run\nraise SystemExit(run(['suggest', 'r.jsonl']))"
    )
    environment = {"PYTHONPATH": str(Path(nlp3d.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=tmp_path, env=environment, check=False)
    assert [(answer["id"], answer["status"]) for answer in lines(done)] == [("a", "error"), ("b", "answered")]
    assert done.returncode == 0 and b"KeyError" in done.stderr and b"zygoma" not in done.stderr
