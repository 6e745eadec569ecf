"""What README says that the program never does, seen from outside: in a process whose every connection and every opened file is noted."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import nlp3d
from nlp3d.evaluation import answered, lines_of
from nlp3d.record import Record

ROOT = Path(__file__).parents[2]
CANARY = "Zyxquentin"
TEXT = f"CT FEMUR. Volume rendered images were made on the independent workstation under my direct supervision. {CANARY} is displaced."
# Runs in every process of the command, workers too, before anything else does.
WATCH = """
import os, sys
_log = os.open(os.environ["WATCH_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
def _watch(event, args):
    if event in ("socket.connect", "socket.bind", "socket.sendto") and isinstance(args[1], tuple):
        os.write(_log, b"network %s\\n" % event.encode())
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"):
        os.write(_log, b"network %s\\n" % event.encode())
    elif event == "open" and isinstance(args[0], str) and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR):
        os.write(_log, b"write %s\\n" % os.fsencode(os.path.abspath(args[0])))
sys.addaudithook(_watch)
"""


def _watched(folder: Path, *command: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """A command, and what it did: `network EVENT` and `write PATH` lines."""
    (folder / "watch").mkdir(exist_ok=True)
    (folder / "watch" / "sitecustomize.py").write_text(WATCH)
    (folder / "tmp").mkdir(exist_ok=True)
    (folder / "log").unlink(missing_ok=True)
    places = {"HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"), "WATCH_LOG": str(folder / "log")}
    environment = {**os.environ, **places, "PYTHONPATH": f"{folder / 'watch'}{os.pathsep}{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, cwd=folder, env=environment, timeout=300, check=False)
    return done, (folder / "log").read_text().splitlines()


@pytest.mark.parametrize(
    "command",
    [("suggest", "in.jsonl"), ("suggest", "in.txt", "--explain"), ("batch", "in.jsonl", "out", "--workers", "2", "--format", "csv"), ("doctor",), ("rules", "list")],
    ids=" ".join,
)
def test_no_network_and_no_file_but_the_results(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": "1", "text": TEXT}) + "\n" + json.dumps({"id": "2", "text": TEXT, "date_of_service": CANARY}) + "\n")
    (tmp_path / "in.txt").write_text(TEXT)
    done, seen = _watched(tmp_path, "-m", "nlp3d", *command)
    assert done.returncode in (0, 3), done.stderr  # 3: one of the two records goes to quarantine
    assert not [line for line in seen if line.startswith("network")]
    written = {line.removeprefix("write ") for line in seen}
    # /dev/null, the semaphores of worker processes, and the parsed copies of our own rules; doctor's write test is in the folder it is given.
    ours = [path for path in written if not path.startswith(("/dev/", str(tmp_path / "out"))) and "/__pycache__/" not in path]
    assert [path for path in ours if command != ("doctor",)] == []
    assert CANARY not in done.stderr
    assert not list((tmp_path / "tmp").iterdir()) and not (tmp_path / "home").exists()


def test_the_watch_sees_connections_and_files(tmp_path: Path) -> None:
    program = "import socket, tempfile\nsocket.socket().connect_ex(('127.0.0.1', 9))\ntempfile.NamedTemporaryFile()"
    _, seen = _watched(tmp_path, "-c", program)
    assert "network socket.connect" in seen and any(line.startswith(f"write {tmp_path / 'tmp'}") for line in seen)


def test_a_strict_code_has_words_for_all_three() -> None:
    coded = [one for one in answered(lines_of([ROOT / "data" / "gold"])).values() if one["code"]]
    assert len(coded) > 40
    for one in coded:
        counted = {mention["concept"].split(".")[0] for mention in one["evidence"] if mention["counts"]}
        assert {"technique", "location", "supervision"} <= counted
    assert nlp3d.suggest(TEXT).profile == "strict"


def test_what_no_report_can_tell_is_left_to_the_coder() -> None:
    assert nlp3d.answer(Record(TEXT)).checklist == ("order", "necessity", "billing_physician")


def test_no_other_code_numbers() -> None:
    files = [path for path in (ROOT / "nlp3d").rglob("*") if path.suffix in (".py", ".yaml", ".json", ".html", ".js") and "__pycache__" not in path.parts]
    texts = {path: path.read_text(encoding="utf-8") for path in files if path.name != "sources.yaml"}  # titles of what is cited
    assert len(texts) > 100
    found = {(path.name, number) for path, text in texts.items() for number in re.findall(r"(?<![\d.#])7\d{4}(?![\d.])", text)}
    assert {number for _, number in found} == {"76376", "76377", "73677"}  # the last is a misprint of the second that is flagged
