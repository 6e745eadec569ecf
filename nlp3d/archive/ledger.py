"""What of a run is done: SQLite with a write-ahead log. A part is in the ledger once its file stands in its place, never before.

The ledger holds no words, ids or file names of the input.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAME = "ledger.sqlite"
_TABLES = """
CREATE TABLE IF NOT EXISTS run (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS part (
    number INTEGER PRIMARY KEY, records INTEGER NOT NULL, taken INTEGER NOT NULL, rows INTEGER NOT NULL, sha256 TEXT, bytes INTEGER NOT NULL,
    counts TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS quarantine (part INTEGER NOT NULL, number INTEGER NOT NULL, entry TEXT NOT NULL, PRIMARY KEY (part, number)) STRICT;
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A finished part: its number, records read for it, records that are in its rows, its rows, the hash and size of its file (None
    and 0 where it has no rows), and its counts by kind and value."""

    number: int
    records: int
    taken: int
    rows: int
    sha256: str | None
    bytes: int
    counts: Mapping[str, Mapping[str, int]]


class Ledger:
    """The ledger of a run; every change is on the disk when its method returns."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=FULL")
        self.connection.executescript(_TABLES)

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def identity(self) -> dict[str, Any]:
        """What the run was started with; empty for a new ledger."""
        return {key: json.loads(value) for key, value in self.connection.execute("SELECT key, value FROM run ORDER BY key")}

    def begin(self, identity: Mapping[str, Any]) -> None:
        """Note what the run is started with."""
        with self._change():
            self.connection.executemany("INSERT INTO run VALUES (?, ?)", [(key, json.dumps(value)) for key, value in identity.items()])

    def commit(self, part: Part, quarantined: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        """Note a part and what it sends to quarantine (by number of the record), together or not at all."""
        row = (part.number, part.records, part.taken, part.rows, part.sha256, part.bytes, json.dumps(part.counts, sort_keys=True))
        with self._change():
            self.connection.execute("INSERT INTO part VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            self.connection.executemany("INSERT INTO quarantine VALUES (?, ?, ?)", [(part.number, n, json.dumps(e)) for n, e in quarantined])

    def parts(self) -> Iterator[Part]:
        """The finished parts in order."""
        for number, records, taken, rows, sha256, size, counts in self.connection.execute("SELECT * FROM part ORDER BY number"):
            yield Part(number, records, taken, rows, sha256, size, json.loads(counts))

    def forget(self, number: int) -> None:
        """Take a part back, to be done again."""
        with self._change():
            self.connection.execute("DELETE FROM part WHERE number = ?", (number,))
            self.connection.execute("DELETE FROM quarantine WHERE part = ?", (number,))

    def quarantine(self) -> Iterator[dict[str, Any]]:
        """All entries of the quarantine in input order."""
        for (entry,) in self.connection.execute("SELECT entry FROM quarantine ORDER BY part, number"):
            yield json.loads(entry)

    def _change(self) -> _Change:
        return _Change(self.connection)


class _Change:
    """A transaction: whole or not at all."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __enter__(self) -> None:
        self.connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        self.connection.execute("ROLLBACK" if kind else "COMMIT")
