"""What could not become a row: an index without words, and the very bytes apart, for their owner only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .durable import make_folder, write
from .intake import Unit
from .rows import row_json
from .run import INDEX, QUARANTINE

PAYLOAD = "payload"
# Reasons of this engine; those of the readers come besides.
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "worker_crash": "the process that answered it ended, twice, at this report",
        "timeout": "it took longer than --wall-limit; another computer may be fast enough",
        "too_complex": "it would take more work than the budget for one report allows",
        "out_of_memory": "it needs more memory than one worker may have",
        "internal": "a fault inside nlp3d; please report it, without any patient's words",
    }
)
_NOT_IN_INDEX = ("file", "kind")


def entry_of(number: int, unit: Unit, reason: str, payload: str | None, raw: bytes | None) -> dict[str, Any]:
    """The line of the index for a unit: where it stood (the file by its number), why, size and hash of its bytes."""
    places = [{key: value for key, value in place.items() if key != "file"} for place in unit.source]
    return {
        "unit": number,
        "records": unit.records,
        "reason": reason,
        "source": places,
        "bytes": None if raw is None else len(raw),
        "sha256": None if raw is None else hashlib.sha256(raw).hexdigest(),
        "payload": payload,
    }


def raw_of(unit: Unit) -> tuple[bytes | None, str]:
    """The bytes to keep for a unit, and the format that reads them again: those of the input, or the record as a line of JSON."""
    if unit.record is None:
        return unit.payload, str(unit.source[0]["kind"]) if unit.source else "jsonl"
    from dataclasses import asdict

    values = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in asdict(unit.record).items() if value is not None}
    return row_json(values).encode("utf-8", "backslashreplace") + b"\n", "jsonl"


def keep(folder: Path, number: int, raw: bytes, kind: str) -> str:
    """Keep the bytes of a unit; the name of their file in `quarantine/payload`. Raises `OSError`."""
    place = folder / QUARANTINE / PAYLOAD
    make_folder(place)
    name = f"{number:09d}.{kind}"
    write(place / name, raw)
    return name


def write_index(folder: Path, entries: list[dict[str, Any]]) -> None:
    """Write the index. Raises `OSError`."""
    make_folder(folder / QUARANTINE)
    write(folder / QUARANTINE / INDEX, "".join(json.dumps(entry) + "\n" for entry in entries).encode())
