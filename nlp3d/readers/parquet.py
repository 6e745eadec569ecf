"""Parquet tables, read a batch at a time."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from ._columns import mapped, take
from ._items import Item, Options, fault
from ._unit import unit

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
                taken = take({name: _plain(value) for name, value in values.items()}, columns)
                yield unit({**taken, "text": taken.get("text") or ""}, place, options)


def preview(stream: BinaryIO, options: Options) -> Mapping[str, str]:
    """Field to column. Raises `Nlp3dError` where that is not clear."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(stream) as file:
        return mapped(file.schema_arrow.names, options.columns)


def _plain(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
