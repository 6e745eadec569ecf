"""Parquet tables, read a batch at a time."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO

from ._columns import mapped, take
from ._items import Fault, Item, Options, Source, fault
from ._unit import decoded, unit

SUFFIXES = (".parquet", ".pq")
_BATCH = 256


def signed(head: bytes) -> bool:
    """Whether the first bytes can only be Parquet."""
    return head.startswith(b"PAR1")


def read(stream: BinaryIO, options: Options = Options()) -> Iterator[Item]:  # noqa: B008 (frozen)
    """A unit or a fault for every row. Raises `Nlp3dError` where columns are not clear."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(stream) as file:
        columns = mapped(file.schema_arrow.names, options.columns)
        wanted = [name for name in file.schema_arrow.names if any(name in (column, *column.split("+")) for column in columns.values())]
        number = 0
        for batch in file.iter_batches(batch_size=_BATCH, columns=wanted):
            for values in batch.to_pylist():
                number += 1
                place = options.source(number)
                if not all(isinstance(value, str | int | float | bytes | datetime.date | None) for value in values.values()):
                    yield fault("bad_record", "record_text_missing", place)
                    continue
                yield _item(values, columns, place, options)


def _item(values: Mapping[str, Any], columns: Mapping[str, str], place: Source, options: Options) -> Item:
    """The unit of a row. Columns of bytes (old exports) are read as text files are: each by its own encoding."""
    plain: dict[str, str | None] = {}
    for name, value in values.items():
        if isinstance(value, bytes):
            read = decoded(value, place, options)
            if isinstance(read, Fault):
                return read
            plain[name] = read[0]
            place = replace(place, encoding=read[1].encoding if place.encoding in (None, "utf-8") else place.encoding)
        else:
            plain[name] = _plain(value)
    taken = take(plain, columns)
    return unit({**taken, "text": taken.get("text") or ""}, place, options)


def preview(stream: BinaryIO, options: Options) -> Mapping[str, str]:
    """Field to column. Raises `Nlp3dError` where that is not clear."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(stream) as file:
        return mapped(file.schema_arrow.names, options.columns)


def _plain(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
