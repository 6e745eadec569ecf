"""Reports read from files again: for a worklist, for a run that holds no text, and for exports."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from ..readers import Unit, open_source, shown_path
from ..record import Record
from ..text import sanitize


def records_in(paths: str | Sequence[str]) -> Iterator[Record | None]:
    """The records of files, folders and patterns in order, None for what is none. Raises `Nlp3dError` where nothing can be read."""
    for item in open_source(paths):
        yield item.record if isinstance(item, Unit) else None


def by_hash(paths: Sequence[str]) -> dict[str, Record]:
    """The records of files by the hash of their text, to find that of a decision again."""
    return {sanitize(record.text).sha256: record for record in records_in(paths) if record is not None}


class Again:
    """Records found again by file and number, without keeping one. The file last read stays open where it was left, so that going
    forward costs only what lies between; going back begins the file anew."""

    def __init__(self, columns: Mapping[str, str] | None = None) -> None:
        """`columns`: field of a record to column, as the files were read with."""
        self._columns = dict(columns or {})
        self._lock = threading.Lock()
        self._file, self._at = ("", ""), 0
        self._items: Iterator[Record | None] = iter(())

    def record(self, path: str, kind: str | None, number: int) -> Record | None:
        """The record of that number, from 1, in a file, read as `kind` (found out if None); None where there is none (any more)."""
        with self._lock:
            state = _state(path)
            if (path, state) != self._file or number <= self._at:
                read = open_source(path, format=kind, columns=self._columns, start=(shown_path(path), number))
                self._items = (item.record if isinstance(item, Unit) else None for item in read)
                self._file, self._at = (path, state), number - 1
            found = None
            while self._at < number:
                self._at += 1
                found = next(self._items, None)
            return found


def _state(path: str) -> str:
    """What changes when a file is written anew."""
    try:
        stat = Path(path).stat()
    except OSError:
        return ""
    return f"{stat.st_ino} {stat.st_size} {stat.st_mtime_ns}"


def known(paths: Iterable[tuple[str, bool]]) -> dict[str, str]:
    """Files by their names as a source gives them: a name that is no UTF-8 is given as text that any library accepts."""
    return {shown_path(path): path for path, _ in paths}
