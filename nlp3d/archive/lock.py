"""One run at a time in a folder. The lock is the operating system's: it goes with its process, however that ends."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import error

NAME = "lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the file says which process on which computer does. Raises `Nlp3dError` where another one holds it."""
    import fcntl

    handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(handle, 200).decode("utf-8", "replace").split()
            raise error("run_locked", process=holder[0] if holder and holder[0].isdecimal() else "unknown") from None
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()} {platform.node()}\n".encode())
        yield
    finally:
        os.close(handle)
