"""CSV as RFC 4180 has it, in UTF-8 with a byte order mark so that Excel reads it: the columns of `flat.py`, a head, CRLF line ends.

A cell that a spreadsheet would take for a formula gets a leading apostrophe.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..flat import COLUMNS, as_text
from ._staged import staged

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write(rows: Iterator[Mapping[str, Any]], path: Path) -> None:
    """Write the rows in order."""
    with staged(path) as beside, beside.open("w", encoding="utf-8-sig", newline="") as out:
        table = csv.writer(out)
        table.writerow(column.name for column in COLUMNS)
        for row in rows:
            table.writerow(_harmless(as_text(column.value(row))) for column in COLUMNS)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
