"""The pages as Sphinx renders them, and the table of exit codes against the program."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from nlp3d.archive.flat import COLUMNS
from nlp3d.archive.ledger import Ledger
from nlp3d.cli.app import app, run

from .conftest import ROOT

REPORT = "CT FEMUR. Volume rendered images were made{place}{physician}."
PLACES = {"": "", "scanner": " on the scanner console", "workstation": " on the independent workstation"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rendered pages; any warning is an error."""
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-d", str(out / "trees"), str(ROOT / "docs"), str(out / "html")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return out / "html"


def _paths(name: str, command: object) -> list[str]:
    children = getattr(command, "commands", {})
    return [name, *(path for child in children for path in _paths(f"{name} {child}", children[child]))]


def test_pages_load_nothing_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        loaded = re.findall(r"<(?:script|img|link|iframe)\b[^>]*\b(?:src|href)=\"([^\"]+)\"", page.read_text(encoding="utf-8"))
        assert [url for url in loaded if re.match(r"(https?:)?//", url)] == [], page.name


def test_the_reference_holds_every_command_and_field(site: Path) -> None:
    commands = (site / "reference-cli.html").read_text(encoding="utf-8")
    heads = set(re.findall(r"<h[2-6]><code[^>]*>(?:<span class=\"pre\">)?(.*?)</code>", commands))
    assert set(_paths("nlp3d", typer.main.get_command(app))) <= {re.sub(r"<[^>]+>", "", head) for head in heads}
    fields = (site / "reference-schemas.html").read_text(encoding="utf-8")
    assert all(f">{name}</span>" in fields for name in ("billed_code", "evidence[].counts", "studies[].supervision", "decision.reviewer"))
    assert "made from the program:" not in commands + fields


def test_the_pages_for_people_are_one_step_from_the_first(site: Path) -> None:
    first = (site / "index.html").read_text(encoding="utf-8").split('id="furo-main-content"')[1]
    assert {"page.html", "how-to-analyst.html", "how-to-engineer.html", "how-to-auditor.html", "how-to-administrator.html"} <= set(re.findall(r'href="([\w-]+\.html)"', first))


def test_every_column_of_a_run_is_told() -> None:
    page = (ROOT / "docs" / "archive.md").read_text(encoding="utf-8")
    told = {name for cell in re.findall(r"^\| (`.+?`) \| ", page.split("As columns")[1].split("\n\nA report")[0], re.MULTILINE) for name in re.findall(r"`(\w+)`", cell)}
    assert told == {*(column.name for column in COLUMNS), "row"}


def _exit_code(command: str) -> int:
    return subprocess.run(["sh", "-c", command], capture_output=True, timeout=300, check=False).returncode


def _documented() -> set[int]:
    rows = re.findall(r"^\| ([\d, ]+) \| .+ \|$", (ROOT / "docs" / "reference-cli.md").read_text(encoding="utf-8"), re.MULTILINE)
    return {int(code) for row in rows for code in row.split(",")}


def test_every_documented_exit_code_is_met(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (at_home / "bad.toml").write_text("profile = 'nowhere'\n")
    (at_home / "r.jsonl").write_text('{"id": "1", "text": "CT."}\n{"id": "2", "text": "CT."}\n')
    (at_home / "broken.jsonl").write_text('{"id": "1", "text": "CT."}\n{broken\n')
    text = {place: REPORT.format(place=words, physician=" under my direct supervision") for place, words in PLACES.items()}
    met = {
        0: "nlp3d --version",
        1: "nlp3d --config bad.toml doctor",
        2: "nlp3d --no-such-option",
        3: "nlp3d batch broken.jsonl three",
        4: "nlp3d suggest no-such-file.txt",
        5: "nlp3d batch r.jsonl five && echo '{}' >> r.jsonl && nlp3d batch r.jsonl five --resume",
        6: "mkdir six && flock six/lock nlp3d batch r.jsonl six",
        10: "nlp3d suggest --exit-code --text 'CT FEMUR. Normal.'",
        11: f"nlp3d suggest --exit-code --text '{text['scanner']}'",
        12: f"nlp3d suggest --exit-code --text '{text['workstation']}'",
        13: f"nlp3d suggest --exit-code --text '{text['']}'",
        141: "bash -c 'nlp3d rules show supported.workstation | true; exit ${PIPESTATUS[0]}'",
    }
    assert {code: _exit_code(command) for code, command in met.items()} == {code: code for code in met}
    monkeypatch.setattr(Ledger, "quarantine", lambda _: iter(()))  # an entry is lost
    assert run(["batch", "broken.jsonl", "seventy"]) == 70
    by_signals = {130, 143}  # tests/archive/test_faults.py
    assert _documented() == {*met, 70, *by_signals}
