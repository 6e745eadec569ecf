"""The table of a run: Parquet, the flat columns of `flat.py` and the whole row as JSON in the column `row`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .flat import COLUMNS, Kind
from .rows import row_json
from .run import ROW

if TYPE_CHECKING:
    import pyarrow as pa


@lru_cache(maxsize=1)
def schema() -> pa.Schema:
    """The columns and their types."""
    import pyarrow as pa

    kinds: dict[Kind, Any] = {
        "text": pa.string(), "number": pa.int64(), "truth": pa.bool_(), "day": pa.date32(), "list": pa.list_(pa.string()),
    }  # fmt: skip
    return pa.schema([*(pa.field(column.name, kinds[column.kind]) for column in COLUMNS), pa.field(ROW, pa.string(), nullable=False)])


def columns_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The values of rows, column by column."""
    taken = list(rows)
    columns: dict[str, list[Any]] = {column.name: [column.value(row) for row in taken] for column in COLUMNS}
    columns[ROW] = [row_json(row) for row in taken]
    return columns


def to_parquet(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """A part of the table as the bytes of a Parquet file; the same rows give the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns_of(rows), schema=schema()), sink, compression="zstd", write_statistics=True, use_dictionary=True)
    return bytes(sink.getvalue())
