"""The command as a process of its own, as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import nlp3d

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
CANARY = "Zyxquentin"

REPORT = """CT FACE WITHOUT CONTRAST

TECHNIQUE: Axial images of the face. Coronal reformats were made. Volume rendered images were created on an independent workstation \
under my concurrent supervision.

FINDINGS: The volume rendered images show a displaced fracture of the left zygoma.
"""


@pytest.fixture
def report() -> str:
    """A report that supports 76377."""
    return REPORT


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `nlp3d` with arguments, in an empty folder; `given` is its standard input."""

    def call(*arguments: str, given: bytes | str = b"", **variables: str) -> subprocess.CompletedProcess[bytes]:
        kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
        return subprocess.run(
            [sys.executable, "-m", "nlp3d", *arguments],
            input=given.encode() if isinstance(given, str) else given,
            capture_output=True,
            cwd=tmp_path,
            env={**kept, "PYTHONPATH": str(Path(nlp3d.__file__).parents[1]), **variables},
            timeout=120,
            check=False,
        )

    return call


@pytest.fixture
def silent_on() -> Callable[[subprocess.CompletedProcess[bytes]], None]:
    """Check that standard error names no word of the input and holds no traceback."""

    def check(done: subprocess.CompletedProcess[bytes]) -> None:
        assert CANARY.lower().encode() not in done.stderr.lower(), "words of the input on standard error"
        assert b"Traceback" not in done.stderr

    return check
