"""The hash chain over decisions: each entry holds the hash of the one before, so that none can be changed, left out or put in between
unseen. What a chain cannot show is that its end was cut off; for that an auditor keeps the last hash and the count."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..errors import error

START: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision in its place: number from 1, time in UTC, the hash of the entry before and its own."""

    seq: int
    recorded_at: str
    decision: Mapping[str, Any]
    prev_sha256: str
    sha256: str

    def to_dict(self) -> dict[str, Any]:
        """The entry as JSON types."""
        return {
            "seq": self.seq,
            "recorded_at": self.recorded_at,
            "decision": dict(self.decision),
            "prev_sha256": self.prev_sha256,
            "sha256": self.sha256,
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """What a whole chain came to."""

    count: int
    head: str


def canonical(value: Any) -> str:
    """JSON of one form: the same value gives the same bytes."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def link(seq: int, recorded_at: str, decision: Mapping[str, Any], prev_sha256: str) -> Entry:
    """The entry that follows the one with hash `prev_sha256`."""
    said = canonical([seq, recorded_at, decision, prev_sha256])
    return Entry(seq, recorded_at, decision, prev_sha256, hashlib.sha256(said.encode()).hexdigest())


def check(entries: Iterable[Entry]) -> Checked:
    """Follow the chain to its end. Raises `Nlp3dError` with the number of the first entry that does not fit."""
    head, count = START, 0
    for entry in entries:
        count += 1
        if entry.seq != count or entry.prev_sha256 != head:
            raise error("audit_order", f"decision {count}")
        if link(entry.seq, entry.recorded_at, entry.decision, head).sha256 != entry.sha256:
            raise error("audit_changed", f"decision {count}")
        head = entry.sha256
    return Checked(count, head)
