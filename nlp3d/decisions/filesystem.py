"""Whether a folder lies on a network file system, where SQLite's write-ahead log and locks cannot be trusted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_MOUNTS: Final = Path("/proc/self/mountinfo")
_NETWORK: Final = frozenset(
    {"nfs", "nfs3", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afs", "afpfs", "ceph", "glusterfs", "lustre", "gpfs", "beegfs"}
    | {"ncpfs", "ocfs2", "orangefs", "pvfs2", "panfs", "davfs", "webdav", "coda", "virtiofs", "vboxsf", "vmhgfs"}
)  # fmt: skip
_NETWORK_FUSE: Final = ("sshfs", "s3fs", "gcsfuse", "rclone", "glusterfs", "ceph", "davfs", "goofys", "blobfuse", "smbnetfs", "vmhgfs")
_OCTAL = re.compile(r"\\([0-7]{3})")


def network_kind(folder: Path, mounts: Path = _MOUNTS) -> str | None:
    """The kind of network file system that a folder lies on, None for a local one or where the system does not tell.

    `mounts` is a table in the form of Linux's mountinfo."""
    if str(folder).startswith(("\\\\", "//")):
        return "share"
    try:
        table = mounts.read_text(encoding="utf-8", errors="replace")
        place = str(folder.resolve())
    except OSError:
        return None
    best, kind = "", ""
    for line in table.splitlines():
        left, _, right = line.partition(" - ")
        fields, rest = left.split(" "), right.split(" ")
        if len(fields) < 5 or not rest[0]:
            continue
        point = _OCTAL.sub(lambda found: chr(int(found[1], 8)), fields[4])
        inside = place == point or place.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):  # of two on one point, the later one is seen
            best, kind = point, rest[0].lower()
    main, _, sub = kind.partition(".")
    if main in _NETWORK or (main == "fuse" and sub.startswith(_NETWORK_FUSE)):
        return kind
    return None
