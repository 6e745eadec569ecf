"""What this computer has to offer: processors and memory."""

from __future__ import annotations

import os

_A_WORKER = 1 << 30  # bytes of memory that a worker may come to need
_LEAST = 4 << 30  # of address space: libraries reserve far more than they use


def worker_count() -> int:
    """As many workers as processors this process may use, and as memory allows."""
    return max(1, min(len(os.sched_getaffinity(0)), _memory() // _A_WORKER))


def address_space(workers: int) -> int:
    """Bytes of address space for one of `workers`."""
    return max(_LEAST, _memory() // workers)


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
