"""Faults of a site's or our own files, each shown with its file and line, then counted."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import Nlp3dError, error
from .terminal import put


def refuse(faults: Iterable[Nlp3dError]) -> None:
    """Print every fault, and raise one that counts them; nothing happens where there is none."""
    found = list(faults)
    put("".join(f"{fault}\n" for fault in found))
    if found:
        raise error("faults_found", count="1 fault was" if len(found) == 1 else f"{len(found)} faults were")
