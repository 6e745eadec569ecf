"""Runs made by the real command over invented reports."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TEXTS = [
    "CT PELVIS WITHOUT CONTRAST\nTECHNIQUE: Axial images. 3D volume renderings were made by me on the Vitrea.\nFINDINGS: On the 3D images, acetabular fracture.",
    "CT PELVIS WITHOUT CONTRAST\nTECHNIQUE: 3D volume renderings were made by me at the scanner console.\nFINDINGS: The 3D images show a fracture.",
    "CT PELVIS WITHOUT CONTRAST\nTECHNIQUE: 3D volume renderings were made by me.\nFINDINGS: The 3D images show a fracture.",
    "CT PELVIS WITHOUT CONTRAST\nTECHNIQUE: 3D volume renderings were made on the Vitrea.\nFINDINGS: No fracture.",
    "CT PELVIS WITHOUT CONTRAST\nTECHNIQUE: Coronal reformats.\nFINDINGS: No fracture.",
    "CTA HEAD\nTECHNIQUE: 3D MIPs on the Vitrea by me.\nFINDINGS: No aneurysm.",
]


def records() -> list[dict[str, object]]:
    """Thirty records over three months, two sites and two readers."""
    return [
        {
            "id": f"R{n:03}", "accession": f"A{n:03}", "text": f"{TEXTS[n % len(TEXTS)]} Measurement {n} mm.", "date_of_service": f"2026-0{1 + n % 3}-1{n % 9}",
            "modality": "CT", "site": f"site {n % 2}", "reader": f"reader {n % 2}", "billed_code": ("76377", "76377", None, "76376", None, None)[n % 6],
        }
        for n in range(30)
    ]  # fmt: skip


def nlp3d(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a user calls it."""
    return subprocess.run([sys.executable, "-m", "nlp3d", *arguments], capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same records answered strictly and leniently."""
    folder = tmp_path_factory.mktemp("runs")
    source = folder / "in.jsonl"
    source.write_text("".join(json.dumps(record) + "\n" for record in records()))
    for profile in ("strict", "lenient"):
        done = nlp3d("batch", str(source), str(folder / profile), "--workers", "1", "--profile", profile)
        assert done.returncode == 0, done.stderr
    return folder / "strict", folder / "lenient"
