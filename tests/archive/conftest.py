"""Archives of invented reports, and `nlp3d batch` as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FAULTY = Path(__file__).with_name("faulty")
Batch = Callable[..., "subprocess.CompletedProcess[bytes]"]
# What differs from run to run, or stays behind for `--resume` only.
_NOT_COMPARED = ("timings.json", "lock", "ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm")


def command(*arguments: str | Path, faulty: bool = False, **variables: str) -> tuple[list[str], dict[str, str]]:
    """The command line and the environment of `nlp3d batch`; `faulty` lets sitecustomize.py in."""
    path = os.pathsep.join(map(str, ([FAULTY] if faulty else []) + [ROOT]))
    return [sys.executable, "-m", "nlp3d", "batch", *map(str, arguments)], {**os.environ, "PYTHONPATH": path, **variables}


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    """Run `nlp3d batch` and wait for its end."""

    def call(*arguments: str | Path, faulty: bool = False, **variables: str) -> subprocess.CompletedProcess[bytes]:
        line, environment = command(*arguments, faulty=faulty, **variables)
        return subprocess.run(line, capture_output=True, env=environment, cwd=tmp_path, timeout=300, check=False)

    return call


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A hundred invented reports, every fifth with a rendering, and two lines that are none."""
    return write(tmp_path / "archive.jsonl", reports(100, 0.2), ["{", '{"id": "no text"}'])


def reports(count: int, prevalence: float = 0.1) -> list[dict[str, Any]]:
    """Invented reports."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        from made_archive import made
    finally:
        sys.path.pop(0)
    return [made(number, prevalence, 1) for number in range(count)]


def write(path: Path, records: Iterable[dict[str, Any]], faults: Iterable[str] = ()) -> Path:
    """Records as lines, then lines that are none."""
    lines = [json.dumps(record) for record in records]
    for place, line in enumerate(faults):
        lines.insert(place * 7 + 3, line)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of every file of a run that must be the same each time."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in _NOT_COMPARED)
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}
