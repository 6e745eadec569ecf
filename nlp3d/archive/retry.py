"""What a run put into quarantine, as the input of a new run."""

from __future__ import annotations

from pathlib import Path

from ..errors import error
from .intake import Input
from .quarantine import PAYLOAD
from .run import QUARANTINE, open_run


def quarantined(folder: Path, limit: int) -> Input:
    """The kept bytes of a run's quarantine in their order. Raises `Nlp3dError` where there are none."""
    kept = [entry["payload"] for entry in open_run(folder).quarantine() if entry["payload"]]
    if not kept:
        raise error("quarantine_empty")
    paths = [folder / QUARANTINE / PAYLOAD / name for name in kept]
    return Input(tuple(map(str, paths)), limit, None, tuple(path.stat().st_size for path in paths))
