"""Where settings come from, and that the stronger place wins; every fault has its file and line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Write = Callable[[str, str], Path]


def shown(run: Any, *arguments: str, **variables: str) -> dict[str, dict[str, Any]]:
    done = run("config", "show", "--origin", "--json", *arguments, **variables)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_the_later_place_wins_and_is_named(run: Any, write: Write, tmp_path: Path) -> None:
    places = [
        ({"XDG_CONFIG_DIRS": str(tmp_path / "sys")}, write("sys/nlp3d/config.toml", "# ours\nmax_chars = 1\nprofile = 'lenient'\n")),
        ({"XDG_CONFIG_HOME": str(tmp_path / "own")}, write("own/nlp3d/config.toml", "# ours\nmax_chars = 2\n")),
        ({}, write("nlp3d.toml", "# ours\nmax_chars = 3\n")),
        ({"NLP3D_CONFIG": "named.toml"}, write("named.toml", "# ours\nmax_chars = 4\n")),
    ]
    (tmp_path / "nlp3d.toml").rename(tmp_path / "later.toml")
    variables: dict[str, str] = {}
    for number, (more, path) in enumerate(places, 1):
        variables |= more
        if number == 3:
            (tmp_path / "later.toml").rename(path)
        assert shown(run, **variables)["max_chars"] == {"value": number, "origin": f"{path}, line 2"}
    found = shown(run, **variables, NLP3D_MAX_CHARS="5")
    assert found["max_chars"] == {"value": 5, "origin": "NLP3D_MAX_CHARS"}
    assert found["profile"]["value"] == "lenient"
    assert shown(run, **{**variables, "NLP3D_CONFIG": "off"})["max_chars"] == {"value": 1_000_000, "origin": "default"}
    assert shown(run, "--config", "off", **variables)["max_chars"]["origin"] == "default"


def test_the_user_file_is_in_the_home_folder(run: Any, write: Write) -> None:
    write("home/.config/nlp3d/config.toml", "color = 'never'\n")
    assert shown(run)["color"]["value"] == "never"
    assert "read" in next(line for line in run("config", "files").stdout.splitlines() if line.startswith("user"))


def test_an_option_wins_over_every_setting(run: Any, write: Write) -> None:
    write("nlp3d.toml", "max_chars = 10\nprofile = 'lenient'\n")
    refused = run("suggest", given="CT of the femur, without contrast.")
    assert refused.returncode == 4 and "text_too_long" in refused.stderr
    done = run("suggest", "--format", "json", "--max-chars", "100", "--profile", "strict", given="CT of the femur, without contrast.")
    assert json.loads(done.stdout)["profile"] == "strict"
    done = run("suggest", "--format", "json", "--max-chars", "100", given="CT of the femur, without contrast.")
    assert json.loads(done.stdout)["profile"] == "lenient"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("max_chars = 3\nmax_chars = 4\n", "config_syntax", "line 2"),
        ("profile = NO\n", "config_syntax", "line 1"),
        ("# x\n\nmax_char = 3\n", "config_key_unknown", "line 3"),
        ("max_chars = true\n", "config_value", "line 1"),
        ("max_chars = 0\n", "config_value", "line 1"),
        ("\nprofile = 3\n", "config_value", "line 2"),
        ("color = 'CANARY'\n", "config_value", "line 1"),
        ("vocabulary = 'one'\n", "config_value", "line 1"),
        ("vocabulary = ['../up']\n", "config_path_outside", "line 1"),
        ("vocabulary = ['a/../../up']\n", "config_path_outside", "line 1"),
        ("profile = '../../etc/p.yaml'\n", "config_path_outside", "line 1"),
        ("[vocabulary]\na = 1\n", "config_value", "line 1"),
        ("profile = 'CANARY", "config_syntax", ""),
    ],
)
def test_a_fault_names_file_and_line_and_repeats_no_value(run: Any, write: Write, text: str, code: str, line: str) -> None:
    path = write("nlp3d.toml", text)
    done = run("config", "show")
    assert done.returncode == 2
    assert f"{code}: {path}" in done.stderr and line in done.stderr
    assert "CANARY" not in done.stderr and "Traceback" not in done.stderr


def test_a_named_file_must_exist_and_be_text(run: Any, tmp_path: Path) -> None:
    assert "config_missing: NLP3D_CONFIG" in run("config", "show", NLP3D_CONFIG="nowhere.toml").stderr
    assert "config_missing: --config" in run("config", "show", "--config", "nowhere.toml").stderr
    (tmp_path / "nlp3d.toml").write_bytes(b"\xff\xfe\x00")
    assert "config_unreadable" in run("config", "show").stderr


def test_help_works_with_broken_settings(run: Any, write: Write) -> None:
    write("nlp3d.toml", "nonsense")
    assert run("--help").returncode == 0 and run("suggest", "--help").returncode == 0
    assert run("suggest", given="CT of the femur.").returncode == 2


@pytest.mark.parametrize(("name", "profile"), [("vocabulary", "strict"), ("profiles", "plan")])
def test_a_missing_folder_is_never_passed_over(run: Any, name: str, profile: str) -> None:
    done = run("suggest", "--profile", profile, given="CT of the femur.", **{f"NLP3D_{name.upper()}": "nowhere"})
    assert done.returncode == 2 and "config_path_missing" in done.stderr

