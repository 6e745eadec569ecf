"""A site of its own: an empty folder with its files, no settings of the machine, and the command as a process in it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]

POLICY = (ROOT / "tests" / "data" / "site" / "policy.yaml").read_text(encoding="utf-8")


@pytest.fixture
def policy() -> str:
    """A policy of a site that changes one row."""
    return POLICY


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a file of the site."""

    def make(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return make


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the command in the site's folder; `/etc` is the only place outside of it where settings could come from."""

    def call(*arguments: str, given: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        taken = ("NLP3D_", "XDG_", "NO_COLOR", "FORCE_COLOR", "COLUMNS")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(taken)}
        places = {"HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(
            [sys.executable, "-m", "nlp3d", *arguments],
            input=given,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**kept, **places, **variables},
            timeout=120,
            check=False,
        )

    return call
