"""Reports and records that the tests of the surfaces share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SUPPORTED = "CT FEMUR\nTECHNIQUE: Volume rendered 3D images were made on an independent workstation under my concurrent supervision."


@pytest.fixture(scope="session")
def gold() -> list[dict[str, Any]]:
    """The annotated reports."""
    found = []
    for path in sorted((ROOT / "data" / "gold").glob("dev_*.jsonl")):
        found += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return found


@pytest.fixture(scope="session")
def records(gold: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records with all that a caller can know, some texts hard on offsets."""
    known = [
        {"text": r["text"], "id": f"r{n}", "title": "CT FEMUR" if n % 3 == 0 else None, "date_of_service": "2026-03-01" if n % 2 else None}
        for n, r in enumerate(gold[::10])
    ]
    hard = [
        {"text": "\U0001f600 " + SUPPORTED.replace("\n", "\r\n"), "id": "emoji", "date_of_service": "2020-01-05"},
        {"text": SUPPORTED.replace("made", "ma\u0301de"), "id": "combining", "base": "cta"},
        {"text": "", "id": "empty"},
        {"text": "Radiographie du thorax. Les poumons sont clairs et le coeur est de taille normale pour une femme de cet age.", "id": "french"},
    ]
    return known + hard
