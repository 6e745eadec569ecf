"""The papers of a run: what it was started with, and at its end the counts, the reconciliation and the index of its quarantine."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import error
from ..pipeline import versions
from ..rules.evaluate import table_of
from ..suggestion import SCHEMA
from .durable import write
from .formats import exporter
from .intake import Input
from .ledger import Ledger
from .lines import KINDS
from .quarantine import write_index
from .rows import Settings
from .run import MANIFEST, open_run


def identity_of(source: Input, printed: Mapping[str, Any], settings: Settings, part_size: int, shard: tuple[int, int]) -> dict[str, Any]:
    """What the bytes of a run depend on; the same identity gives the same run. Holds no word, name or id of the input."""
    table = table_of(settings.profile, settings.date_of_service)
    return {
        "versions": {**versions(), "schema": SCHEMA, "pyarrow": version("pyarrow")},
        "rules": {"pack": table.pack.version, "pack_sha256": table.pack.sha256, "profile": table.profile.name, "profile_sha256": table.profile.sha256},
        "vocabulary": _vocabulary(),
        "input": dict(printed),
        "arguments": {
            "date_of_service": settings.date_of_service.isoformat() if settings.date_of_service else None,
            "billed": settings.billed,
            "text": settings.words,
            "budget": settings.budget,
            "max_chars": source.limit,
            "strict_encoding": source.strict_encoding,
            "part_size": part_size,
            "shard": f"{shard[0]}/{shard[1]}",
        },
    }


def close(folder: Path, ledger: Ledger, identity: Mapping[str, Any], formats: tuple[str, ...]) -> dict[str, Any]:
    """Write the quarantine's index, run.json and the other formats; give the manifest. Raises `Nlp3dError` where the sums do not meet."""
    parts = list(ledger.parts())
    refused = list(ledger.quarantine())
    quarantined: Counter[str] = Counter()
    for entry in refused:
        quarantined[entry["reason"]] += entry["records"]
    counts: dict[str, Counter[str]] = {}
    for part in parts:
        for name, values in part.counts.items():
            counts.setdefault(name, Counter()).update(values)
    read, taken, rows = (sum(getattr(part, name) for part in parts) for name in ("records", "taken", "rows"))
    if read != taken + sum(quarantined.values()) or any(sum(counts[name].values()) != rows for name in KINDS if name in counts):
        raise error("run_unbalanced")
    write_index(folder, refused)
    manifest = {
        "schema": "1",
        **identity,
        "counts": {
            "read": read,
            "in_rows": taken,
            "rows": rows,
            "quarantined": sum(quarantined.values()),
            **{name: dict(sorted(values.items())) for name, values in sorted(counts.items())},
            "quarantine": dict(sorted(quarantined.items())),
        },
        "reconciliation": reconciliation(read, taken, rows, quarantined, counts.get("notes", {})),
        "parts": [
            {"file": f"part-{part.number:06d}.parquet", "rows": part.rows, "sha256": part.sha256} for part in parts if part.sha256
        ],
    }
    write(folder / MANIFEST, (json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode())
    run = open_run(folder)
    for name in formats:
        exporter(name).write(run.rows(), folder / f"answers.{name}")
    return manifest


def reconciliation(read: int, taken: int, rows: int, quarantined: Mapping[str, int], notes: Mapping[str, int] = MappingProxyType({})) -> str:
    """The sum in one line, and how many rows have which note.

    >>> reconciliation(10, 9, 8, {"bad_json": 1})
    'read 10 = in rows 9 (8 rows) + quarantined 1 (bad_json 1)'
    """
    why = ", ".join(f"{reason} {count:,}" for reason, count in sorted(quarantined.items()))
    noted = "; noted " + ", ".join(f"{note} {count:,}" for note, count in sorted(notes.items())) if notes else ""
    return f"read {read:,} = in rows {taken:,} ({rows:,} rows) + quarantined {sum(quarantined.values()):,}" + (f" ({why})" if why else "") + noted


def _vocabulary() -> str:
    """The hash of the vocabulary's files."""
    whole = hashlib.sha256()
    folder = Path(str(files("nlp3d"))) / "vocabulary"
    for path in sorted(folder.glob("*.yaml")):
        whole.update(path.name.encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()
