"""Decisions in an SQLite file: added only, one after the other, each on disk before it is confirmed."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from ..errors import Nlp3dError, error
from .chain import START, Entry, canonical, link
from .filesystem import network_kind
from .model import Decision

_APPLICATION: Final = 0x6E6C3364  # "nl3d"
_VERSION: Final = 1
_SCHEMA: Final = """
CREATE TABLE decisions (
  seq INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  report TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  decision TEXT NOT NULL,
  prev_sha256 TEXT NOT NULL,
  sha256 TEXT NOT NULL
) STRICT;
CREATE INDEX of_report ON decisions (report, seq);
CREATE TRIGGER never_updated BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER never_deleted BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'append only'); END;
"""
_COLUMNS: Final = "seq, recorded_at, decision, prev_sha256, sha256"


def utc_now() -> str:
    """The time as it is stored: UTC, ISO, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def report_of(decision: dict[str, Any] | Decision) -> str:
    """What tells a report from another: its id, accession and text, as one hash."""
    given = decision.to_dict() if isinstance(decision, Decision) else decision
    return report_key(given["record"]["id"], given["record"]["accession"], given["text_sha256"])


def report_key(id: str | None, accession: str | None, text_sha256: str) -> str:
    """The same from its parts."""
    return hashlib.sha256(canonical([id, accession, text_sha256]).encode()).hexdigest()


class Store:
    """The decisions of a file. Several threads, tabs and processes of one computer may use it at once."""

    def __init__(self, path: Path, clock: Callable[[], str] = utc_now, create: bool = True) -> None:
        """Open, or make, the file. Raises `Nlp3dError` for a network file system, a file of another kind, or one that cannot be used."""
        kind = network_kind(path.parent)
        if kind:
            raise error("store_network", kind=kind)
        if not create and not path.is_file():
            raise error("file_missing")
        self._clock, self._lock = clock, threading.RLock()
        self._latest: dict[str, Entry] = {}
        self._seen = 0
        with _told():
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._db = sqlite3.connect(path, timeout=15, isolation_level=None, check_same_thread=False)
            self._prepare()

    def _prepare(self) -> None:
        db = self._db
        db.execute("PRAGMA trusted_schema = OFF")
        if db.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
            raise error("store_network", kind="without a write-ahead log")
        db.execute("PRAGMA synchronous = FULL")
        with self._writing():
            if not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                for statement in _SCHEMA.split(";\n"):
                    if statement.strip():
                        db.execute(statement)
                db.execute(f"PRAGMA application_id = {_APPLICATION}")
                db.execute(f"PRAGMA user_version = {_VERSION}")
        marks = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
        if marks != [_APPLICATION, _VERSION]:
            raise error("store_kind")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def add(self, decision: Decision) -> Entry:
        """Add a decision; it is on disk when this returns. One whose key is there already is given back as it is.

        Raises `Nlp3dError` if another decision on the report came in between (`follows` names the one that was seen)."""
        given, report = decision.to_dict(), report_of(decision)
        with self._lock, _told(), self._writing():
            same = self._db.execute(f"SELECT {_COLUMNS} FROM decisions WHERE key = ?", (decision.key,)).fetchone()
            if same:
                entry = _entry(same)
                if canonical(entry.decision) != canonical(given):
                    raise error("decision_key_used")
                return entry
            earlier = self._db.execute("SELECT max(seq) FROM decisions WHERE report = ?", (report,)).fetchone()[0]
            if earlier != decision.follows:
                raise error("decision_follows")
            last = self._db.execute("SELECT seq, sha256 FROM decisions ORDER BY seq DESC LIMIT 1").fetchone() or (0, START)
            entry = link(last[0] + 1, self._clock(), json.loads(canonical(given)), last[1])
            row = (entry.seq, decision.key, report, entry.recorded_at, canonical(given), entry.prev_sha256, entry.sha256)
            self._db.execute("INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return entry

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """All decisions in their order, behind number `after`. Raises `Nlp3dError` for a row that was tampered with."""
        with self._lock, _told():
            rows = self._db.execute(f"SELECT key, report, {_COLUMNS} FROM decisions WHERE seq > ? ORDER BY seq", (after,)).fetchall()
        for key, report, *row in rows:
            try:
                entry = _entry(row)
                fits = entry.decision["key"] == key and report_of(dict(entry.decision)) == report
            except (ValueError, LookupError, TypeError):
                fits = False
            if not fits:
                raise error("audit_changed", f"decision {row[0]}")
            yield entry

    def latest(self) -> dict[str, Entry]:
        """The last decision on each report, by `report_key`."""
        with self._lock:
            for entry in self.entries(self._seen):
                self._latest[report_of(dict(entry.decision))] = entry
                self._seen = entry.seq
            return dict(self._latest)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def _entry(row: Any) -> Entry:
    seq, recorded_at, decision, prev_sha256, sha256 = row
    return Entry(seq, recorded_at, json.loads(decision), prev_sha256, sha256)


@contextmanager
def _told() -> Iterator[None]:
    """Faults of the file as errors of ours; what SQLite says may hold values."""
    try:
        yield
    except Nlp3dError:
        raise
    except (sqlite3.Error, OSError) as problem:
        if isinstance(problem, sqlite3.DatabaseError) and "not a database" in str(problem):
            raise error("store_kind") from None
        name = getattr(problem, "sqlite_errorname", None) or type(problem).__name__
        raise error("store_failed", problem=name) from None
