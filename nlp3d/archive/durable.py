"""Files that are there whole or not at all: written beside their place, synced, then renamed; readable by their owner only."""

from __future__ import annotations

import os
from pathlib import Path

_OWNER_ONLY = 0o600


def stage(path: Path, content: bytes) -> None:
    """Write a file and see it to the disk. Raises `OSError`; a half-written file is removed where that is possible."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(handle, view) :]
        os.fsync(handle)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)


def settle(staged: Path, place: Path) -> None:
    """Move a staged file of the same file system to its place, and see the move to the disk. Raises `OSError`."""
    os.replace(staged, place)
    sync_folder(place.parent)


def write(path: Path, content: bytes) -> None:
    """Put a file in its place at one stroke. Raises `OSError`."""
    staged = path.with_name(f".{path.name}.tmp")
    stage(staged, content)
    settle(staged, path)


def sync_folder(folder: Path) -> None:
    """See the names in a folder to the disk. Raises `OSError`."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """A folder that its owner alone may enter."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
