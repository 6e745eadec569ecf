"""The command as a user starts it: real processes, real files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REPORT = (
    "CT FACIAL BONES\nTechnique: 3D volume rendered images were created on an independent workstation by the technologist under my "
    "concurrent supervision.\nFindings: On the 3D images the zygoma is depressed. CANARYWORD.\n"
)
NO_PLACE = REPORT.replace("on an independent workstation ", "")


def run(*arguments: str, stdin: bytes | str = b"") -> subprocess.CompletedProcess[bytes]:
    raw = stdin.encode("utf-8", "surrogatepass") if isinstance(stdin, str) else stdin
    return subprocess.run([sys.executable, "-m", "nlp3d", *arguments], input=raw, capture_output=True, cwd=ROOT, check=False)


def records(*values: object) -> bytes:
    return "".join(json.dumps(value) + "\n" for value in values).encode()


def test_a_report_on_standard_input_is_answered_with_its_words_and_rule() -> None:
    done = run("suggest", "--date-of-service", "2026-03-01", stdin=REPORT)
    out = done.stdout.decode()
    assert done.returncode == 0
    assert out.splitlines()[0].startswith("CPT 76377")
    flat = " ".join(out.split())  # lines are as wide as COLUMNS says
    assert "[independent workstation]" in flat and "supported.workstation" in flat and "human coder decides" in flat
    assert done.stderr == b""


def test_no_code_comes_with_what_is_missing_and_a_question() -> None:
    out = run("suggest", stdin=NO_PLACE).stdout.decode()
    assert out.startswith("NO CODE  location not documented")
    assert "unable to determine" in out


def test_plain_output_holds_no_escape_codes() -> None:
    assert b"\x1b[" not in run("suggest", stdin=REPORT).stdout


def test_what_the_caller_gives_is_shown_as_given() -> None:
    out = run("suggest", "--base", "cta", "--title", "CTA HEAD", stdin=REPORT).stdout.decode()
    assert "given by the caller: cta" in out and "given by the caller: CTA HEAD" in out
    assert out.startswith("NO CODE")


def test_explain_shows_every_rule() -> None:
    short, long = (run("suggest", *more, stdin=REPORT).stdout.decode() for more in ((), ("--explain",)))
    assert "none.no_3d_rendering: blocked by technique" in long
    assert "none.no_3d_rendering" not in short


def test_json_and_jsonl_say_the_same_and_are_the_same_twice() -> None:
    one, other, again = (run("suggest", "--format", name, stdin=REPORT).stdout for name in ("json", "jsonl", "jsonl"))
    assert json.loads(one) == json.loads(other)
    assert other == again


def test_a_file_of_records_gives_a_line_each_in_order_and_never_stops(tmp_path: Path) -> None:
    file = tmp_path / "reports.jsonl"
    good = [{"id": "a", "text": REPORT}, {"id": "b", "text": ""}]
    file.write_bytes(records(*good) + b"{not json CANARYWORD\n" + records({"id": "c"}, {"id": "d", "text": NO_PLACE}, {"id": 7, "text": 5}))
    done = run("suggest", str(file))
    lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [(line["id"], line["status"], line["code"]) for line in lines] == [
        ("a", "answered", "76377"),
        ("b", "no_text", None),
        (None, "error", None),
        ("c", "error", None),
        ("d", "answered", None),
        ("7", "error", None),
    ]
    assert done.returncode == 0
    assert b"CANARYWORD" not in done.stderr and b"line 3" in done.stderr


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", "no_text"),
        (b" \n\t ", "no_text"),
        (b"import os\nfor x in range(10):\n    print(x)\n", "not_a_report"),
        (
            "Die Untersuchung zeigt keine Auff\u00e4lligkeit und ist mit der von gestern nicht zu vergleichen, das ist eine gute Nachricht.".encode(),
            "unsupported_language",
        ),
        (REPORT.encode("utf-16"), "answered"),
        (REPORT.replace("zygoma", "zyg\u00f4ma").encode("cp1252"), "answered"),
        (REPORT.encode().replace(b"zygoma", b"zyg\x00ma"), "answered"),
    ],
)
def test_odd_texts_get_a_status(raw: bytes, status: str) -> None:
    done = run("suggest", "--format", "jsonl", stdin=raw)
    assert json.loads(done.stdout)["status"] == status
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "says"),
    [
        (("suggest", "no-such-file.txt"), b"", 4, b"file_missing"),
        (("suggest", "."), b"", 4, b"file_is_folder"),
        (("suggest",), b"%PDF-1.7 CANARYWORD" + bytes(100), 4, b"text_binary"),
        (("suggest", "--max-chars", "50"), REPORT.encode(), 4, b"text_too_long"),
        (("suggest", "--profile", "CANARYWORD"), REPORT.encode(), 2, b"profile_unknown"),
        (("suggest", "--base", "CANARYWORD"), REPORT.encode(), 2, b"base_unknown"),
        (("suggest", "--date-of-service", "CANARYWORD"), REPORT.encode(), 2, b"date"),
        (("suggest", "--format", "CANARYWORD"), REPORT.encode(), 2, b"usage_format"),
        (("suggest", "--CANARYWORD"), REPORT.encode(), 2, b"usage"),
        (("rules", "show", "CANARYWORD"), b"", 2, b"rule_unknown"),
        (("vocab", "show", "CANARYWORD"), b"", 2, b"concept_unknown"),
        (("rules", "diff", "CANARYWORD", "2020-01-01"), b"", 2, b"date_of_service"),
    ],
)
def test_wrong_use_and_bad_input_say_what_to_do_and_repeat_nothing(
    arguments: tuple[str, ...], stdin: bytes, code: int, says: bytes
) -> None:
    done = run(*arguments, stdin=stdin)
    assert done.returncode == code
    assert says in done.stderr and len(done.stderr.splitlines()) >= 3
    assert b"CANARYWORD" not in done.stderr + done.stdout and b"Traceback" not in done.stderr


def test_fifty_megabytes_are_refused_quickly() -> None:
    done = run("suggest", stdin=b"CT bone. " * 5_600_000)
    assert done.returncode == 4 and b"text_too_long" in done.stderr


@pytest.mark.parametrize(("text", "code"), [(REPORT, 12), (NO_PLACE, 13), ("CT HEAD. Normal.", 10)])
def test_exit_codes_on_request(text: str, code: int) -> None:
    assert run("suggest", "--exit-code", stdin=text).returncode == code


def test_a_reader_that_goes_away_ends_it_silently(tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    file.write_bytes(records(*({"id": str(n), "text": REPORT} for n in range(300))))
    program = f'"{sys.executable}" -m nlp3d suggest "{file}" | head -n 1'
    done = subprocess.run(["sh", "-c", program], capture_output=True, cwd=ROOT, check=False)
    assert len(done.stdout.splitlines()) == 1 and done.stderr == b""


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys\nfrom nlp3d.cli.app import run\nrun(['--help'])\n"
        "print('LOADED', *sorted({m.split('.')[0] for m in sys.modules} & {'spacy', 'pandas', 'sklearn', 'pyarrow', 'pydantic', 'ruamel', 're2'}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.splitlines()[-1].split() == ["LOADED"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("rules", "list"), "none.base_includes_3d"),
        (("rules", "show", "supported.workstation"), "76377"),
        (("rules", "diff", "2005-12-31", "2006-01-01"), "supported.workstation"),
        (("vocab", "list"), "technique.volume_rendering"),
        (("vocab", "show", "technique.volume_rendering"), "technique.yaml"),
        (("vocab", "find", "volume rendered on the Vitrea"), "location.workstation"),
        (("schema",), '"$schema"'),
        (("--version",), "nlp3d"),
    ],
)
def test_looking_things_up(arguments: tuple[str, ...], says: str) -> None:
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    assert says in done.stdout.decode()


def test_the_samples_are_answered_as_their_table_says() -> None:
    table = {}
    for line in (ROOT / "data" / "README.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip(" `") for cell in line.split("|")]
        if len(cells) > 3 and cells[1][:2].isdigit():
            table[cells[1].removesuffix(".txt")] = cells
    assert len(table) == len(list((ROOT / "data" / "samples").glob("*.txt")))
    done = run("suggest", str(ROOT / "data" / "samples" / "reports.jsonl"))
    answers = {answer["id"]: answer for answer in map(json.loads, done.stdout.decode().splitlines())}
    assert answers.keys() == table.keys()
    for name, cells in table.items():
        assert (answers[name]["code"] or answers[name]["reason"]) in " ".join(cells), name
