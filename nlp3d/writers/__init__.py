"""Answers out: one format a module, found by scanning this folder and the entry points `nlp3d.writers`.

A writer module has `write(suggestion, record, explain) -> str`, the text of one answer with its line end. A folder, and a module
whose name begins with an underscore, is no writer.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from ..errors import error
from ..record import Record
from ..suggestion import Suggestion


class Writer(Protocol):
    """What a writer module offers."""

    def write(self, suggestion: Suggestion, record: Record | None, explain: bool) -> str:
        """One answer; `record` is None where none could be read, `explain` asks for what a format leaves out otherwise."""


def writer(name: str) -> Writer:
    """The writer of a format. Raises `Nlp3dError`."""
    own = sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
    if name in own:
        return cast("Writer", import_module(f"{__name__}.{name}"))
    from importlib.metadata import entry_points

    others = {point.name: point for point in entry_points(group="nlp3d.writers")}
    if name in others:
        return cast("Writer", others[name].load())
    raise error("usage_format", allowed=", ".join(sorted({*own, *others})))
