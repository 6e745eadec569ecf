"""`doctor`, `codes`, the options every command takes, and completion."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
Write = Callable[[str, str], Path]
TEXT = "CT FEMUR. 3D volume rendered images were made on an independent workstation under my concurrent supervision."


def test_doctor_finds_all_well_and_leaves_nothing(run: Any, tmp_path: Path) -> None:
    done = run("doctor")
    assert done.returncode == 0, done.stdout
    states = {line.split()[1]: line.split()[0] for line in done.stdout.splitlines()}
    assert set(states) == {"nlp3d", "parts", "memory", "disk", "write", "settings", "rules", "vocabulary", "sqlite", "google-re2", "answer"}
    assert set(states.values()) <= {"ok", "warn"} and states["answer"] == "ok"
    assert not list(tmp_path.iterdir())
    pack = json.loads(run("suggest", "--format", "json", given=TEXT).stdout)["edition"]["sha256"]
    assert pack in done.stdout


def test_doctor_says_what_is_wrong(run: Any, write: Write, tmp_path: Path, policy: str) -> None:
    write("nlp3d.toml", "profile = 'nowhere'\n")
    done = run("doctor", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 1 and found["rules"] == {"state": "fail", "found": "profile_unknown"}
    assert found["answer"]["state"] == "ok"
    write("nlp3d.toml", "profiles = ['plans']\n")
    write("plans/plan.yaml", policy)
    (tmp_path / "nlp3d.toml").chmod(0o666)
    settings = json.loads(run("doctor", "--json", NLP3D_PROFIL="x").stdout)["settings"]
    assert settings["state"] == "warn" and "chmod" in settings["found"] and "1 variables" in settings["found"]
    write("plans/plan.yaml", "payer: x\n")
    assert json.loads(run("doctor", "--json").stdout)["rules"]["found"].startswith("pack_key_missing")


def test_codes_are_checked_and_shown_by_date(run: Any, write: Write) -> None:
    write("codes.csv", "code,concept,from,to\n9990A,ct,2020-01-01,2025-12-31\n9990A,cta,2026-01-01,\n")
    write("edits.csv", "76377,9991A,,20080101,20151231,1,y\n")
    write("nlp3d.toml", "code_lists = ['codes.csv']\nedits = ['edits.csv']\n")
    assert run("codes", "check").returncode == 0
    assert "cta" in run("codes", "show", "9990A", "--date-of-service", "2026-03-01").stdout
    assert "9991A" in run("codes", "show", "76377", "--date-of-service", "2015-12-31").stdout
    assert "code_unlisted" in run("codes", "show", "76377", "--date-of-service", "2016-01-01").stderr
    bad = write("bad.csv", "code,concept,from,to\n9990A,CANARY,2020-13-01,\n")
    done = run("codes", "check", str(bad))
    assert done.returncode == 2 and f"list_date: {bad}, line 2" in done.stderr and "CANARY" not in done.stdout + done.stderr


@pytest.mark.parametrize("place", ["before", "after"])
def test_shared_options_stand_before_or_after_the_command(run: Any, place: str) -> None:
    def call(*options: str, **more: str) -> Any:
        arguments = (*options, "suggest") if place == "before" else ("suggest", *options)
        return run(*arguments, given=TEXT + " caf\u00e9", **more)

    assert "\x1b[" in call("--color", "always").stdout
    assert "\x1b[" not in call("--color", "never", FORCE_COLOR="1").stdout
    assert "\x1b[" in call("--color", "always", NO_COLOR="1").stdout
    assert "sha256" in call("-v").stderr and "sha256" in call("--verbose").stderr
    assert call().stderr == "" and call("-q").stderr == ""
    assert "config_value" in call("--color", "purple").stderr


def test_colour_heeds_the_two_variables(run: Any) -> None:
    assert "\x1b[" in run("suggest", given=TEXT, FORCE_COLOR="1").stdout
    assert "\x1b[" not in run("suggest", given=TEXT, FORCE_COLOR="0").stdout
    assert "\x1b[" not in run("suggest", given=TEXT, FORCE_COLOR="1", NO_COLOR="1").stdout
    assert "\x1b[" in run("suggest", given=TEXT, NLP3D_COLOR="always").stdout


def test_quiet_keeps_errors_and_drops_notes(run: Any, tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_bytes(TEXT.encode() + b" na\xefve")
    assert "note_encoding" in run("suggest", "r.txt").stderr
    assert run("suggest", "r.txt", "-q").stderr == ""
    assert "note_encoding" in run("annotate", "export", "doccano", "r.txt").stderr
    assert run("annotate", "export", "doccano", "r.txt", "-q").stderr == ""
    assert "file_missing" in run("suggest", "-q", "nowhere.txt").stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_completes_commands(tmp_path: Path, shell: str) -> None:
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "_NLP3D_COMPLETE": f"complete_{shell}", "COMP_CWORD": "1"}
    variables |= {"COMP_WORDS": "nlp3d do", "_TYPER_COMPLETE_ARGS": "nlp3d do", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    done = subprocess.run([sys.executable, "-m", "nlp3d"], capture_output=True, text=True, cwd=tmp_path, env=variables, check=False)
    assert "doctor" in done.stdout and "suggest" not in done.stdout
