"""Further formats of a run's table, one a module, found by scanning this folder: `write(rows, path)` puts all rows into one file.

The Parquet parts are always there; these are made from them at the end of a run. Modules whose name begins with an underscore are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Protocol, cast

from ...errors import error


class Exporter(Protocol):
    """What a module of this folder offers."""

    def write(self, rows: Iterator[Mapping[str, Any]], path: Path) -> None:
        """Write all rows to a file that is there whole or not at all. Raises `OSError`, or `Nlp3dError` where the format cannot hold them."""


def names() -> tuple[str, ...]:
    """The formats there are, Parquet aside."""
    return tuple(sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_")))


def exporter(name: str) -> Exporter:
    """The exporter of a format. Raises `Nlp3dError`."""
    if name not in names():
        raise error("usage_format", allowed=", ".join(["parquet", *names()]))
    return cast("Exporter", import_module(f"{__name__}.{name}"))
