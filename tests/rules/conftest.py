"""What the rule tests share: facts that support a code, and a copy of the pack that may be spoilt."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nlp3d.rules import load

SUPPORTED = {
    "procedure": "ct",
    "technique": "performed",
    "location": "workstation",
    "supervision": "concurrent",
    "interpretation": True,
}


@pytest.fixture
def supported() -> dict[str, object]:
    """Facts of one study that support 76377."""
    return dict(SUPPORTED)


@pytest.fixture
def spoil(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """Copy the pack and replace the first occurrence of some words of a file."""

    def change(name: str, old: str, new: str) -> Path:
        folder = tmp_path / "rules"
        shutil.copytree(load.HERE, folder, ignore=shutil.ignore_patterns("__pycache__", "*.py"), dirs_exist_ok=True)
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text, f"{name} no longer holds {old!r}"
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return change
