"""One line of JSON a row, the whole row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..rows import row_json
from ._staged import staged


def write(rows: Iterator[Mapping[str, Any]], path: Path) -> None:
    """Write the rows in order."""
    with staged(path) as beside, beside.open("w", encoding="utf-8", newline="\n") as out:
        for row in rows:
            out.write(row_json(row) + "\n")
