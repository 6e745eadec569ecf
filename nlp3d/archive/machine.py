"""What this computer has to offer: processors and memory."""

from __future__ import annotations

import os
from pathlib import Path

_NETWORK = frozenset(["nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ceph", "fuse.ceph", "lustre", "glusterfs", "fuse.glusterfs", "fuse.s3fs", "davfs"])
_A_WORKER = 1 << 30  # bytes of memory that a worker may come to need
_LEAST = 4 << 30  # of address space: libraries reserve far more than they use


def worker_count() -> int:
    """As many workers as processors this process may use, and as memory allows."""
    return max(1, min(len(os.sched_getaffinity(0)), _memory() // _A_WORKER))


def address_space(workers: int) -> int:
    """Bytes of address space for one of `workers`."""
    return max(_LEAST, _memory() // workers)


def over_network(folder: Path, mounts: Path = Path("/proc/self/mounts")) -> bool:
    """Whether a folder lies on a file system of another computer, where a rename may be seen half done and a lock may not hold."""
    try:
        lines = [line.split(" ") for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    except OSError:
        return False
    place = folder.resolve()
    kinds = {Path(line[1].replace("\\040", " ")): line[2] for line in lines if len(line) > 2}
    return next((kinds[above] for above in (place, *place.parents) if above in kinds), "") in _NETWORK


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
