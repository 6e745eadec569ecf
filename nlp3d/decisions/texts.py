"""Reports read from files again: for a worklist, for a run that holds no text, and for exports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..readers import Unit, open_source
from ..record import Record
from ..text import sanitize


def records_in(path: str, kind: str | None = None) -> Iterator[Record | None]:
    """The records of a file in order, None for what is none; `kind` is the reader, by the name's ending if not given.

    Raises `Nlp3dError` where the file cannot be read."""
    for item in open_source(path, format=kind):
        yield item.record if isinstance(item, Unit) else None


def by_hash(paths: Iterable[str]) -> dict[str, Record]:
    """The records of files by the hash of their text, to find that of a decision again."""
    found = (record for path in paths for record in records_in(path) if record is not None)
    return {sanitize(record.text).sha256: record for record in found}
