"""Faults of a site's or our own files, each shown with its file and line, then counted."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import Nlp3dError, error
from .terminal import say


def refuse(faults: Iterable[Nlp3dError]) -> None:
    """Say every fault, and raise one that counts them; nothing happens where there is none."""
    found = list(faults)
    for fault in found:
        say(str(fault))
    if found:
        raise error("faults_found", count="1 fault was" if len(found) == 1 else f"{len(found)} faults were")
