"""A file that is written beside its place and moved there when it is whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..durable import settle


@contextmanager
def staged(path: Path) -> Iterator[Path]:
    """The place to write to; what stands there at the end is synced and moved, what is left of a failure removed."""
    beside = path.with_name(f".{path.name}.tmp")
    os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        yield beside
        handle = os.open(beside, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        settle(beside, path)
    finally:
        beside.unlink(missing_ok=True)
