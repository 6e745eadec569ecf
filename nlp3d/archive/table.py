"""The table of a run: Parquet, the flat columns of `flat.py` and the whole row as JSON in the column `row`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .flat import COLUMNS, Kind
from .lines import Cells
from .rows import row_json
from .run import ROW

if TYPE_CHECKING:
    import pyarrow as pa


_EACH_ITS_OWN = ("id", "accession", "text_sha256", "source_record", ROW)  # columns whose values hardly come twice


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


def to_parquet(rows: Sequence[Cells]) -> bytes:
    """A part of the table as the bytes of a Parquet file; the same rows give the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    wanted = schema()
    columns = [pa.array(cells, type=column.type) for cells, column in zip(zip(*rows, strict=True), wanted, strict=True)]
    sink = pa.BufferOutputStream()
    repeated = [name for name in wanted.names if name not in _EACH_ITS_OWN]
    pq.write_table(pa.Table.from_arrays(columns, schema=wanted), sink, compression="zstd", write_statistics=True, use_dictionary=repeated)
    return bytes(sink.getvalue())
