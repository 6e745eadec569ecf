"""An archive on Spark: the same rows as `nlp3d batch`, where one machine is too small. Needs the extra `spark` and Java.

    from nlp3d.archive.spark import answers
    answers(spark.read.parquet("reports")).write.parquet("answers")

The columns of the input are the fields of a record (`text`, and optionally `id`, `title`, `date_of_service` ...), others are ignored. The
columns of the result are those of `nlp3d batch`, the whole row as JSON in `row`; `source` is empty, since a data frame has no files.
A record that cannot be read or answered has a row too, with status `error`: Spark has no quarantine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..errors import Nlp3dError
from ..pipeline import versions
from ..record import Record
from ..suggestion import unanswered
from .rows import Settings, row_of, wrapped
from .table import columns_of, schema

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame


def answers(reports: DataFrame, settings: Settings | None = None) -> DataFrame:
    """The rows for a data frame of records, in its order. The vocabulary is loaded once in each Python worker.

    Parts of one accession are not put together here: do that beforehand, or use `nlp3d batch`."""
    from pyspark.sql.pandas.types import from_arrow_schema

    chosen = settings or Settings()
    known = [name for name in reports.columns if name in Record.__slots__]

    def work(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        return answered(batches, chosen)

    return reports.select(known).mapInPandas(work, from_arrow_schema(schema()))


def answered(batches: Iterator[pd.DataFrame], settings: Settings) -> Iterator[pd.DataFrame]:
    """The rows for batches of records."""
    import pyarrow as pa

    for batch in batches:
        records = batch.astype(object).where(batch.notna(), None).to_dict("records")
        yield pa.table(columns_of([_row(values, settings) for values in records]), schema=schema()).to_pandas(date_as_object=True)


def _row(values: dict[Any, Any], settings: Settings) -> dict[str, Any]:
    try:
        record = Record.of(values)
    except Nlp3dError:
        name = values.get("id")
        return _failed(Record("", id=name if isinstance(name, str) else None), settings)
    try:
        return row_of(record, settings)
    except Exception:  # one record must not stop the others, nor may its words get into Spark's logs
        return _failed(record, settings)


def _failed(record: Record, settings: Settings) -> dict[str, Any]:
    failed = unanswered(None, "error", settings.profile, settings.date_of_service, versions())
    return wrapped(replace(failed, id=record.id), record, settings, (), ())


def main() -> None:
    """For `spark-submit`: Parquet in, Parquet out. See docs/spark.md."""
    import argparse

    from pyspark.sql import SparkSession

    parser = argparse.ArgumentParser(description="Answer an archive on Spark.")
    parser.add_argument("source", help="a folder of Parquet files, one record a row")
    parser.add_argument("out", help="the folder for the answers")
    parser.add_argument("--profile", default="strict")
    parser.add_argument("--date-of-service", default=None, help="for records that have none")
    parser.add_argument("--billed", action="store_true", help="the input says what was billed")
    parser.add_argument("--no-text", action="store_true", help="leave every word of a report out")
    given = parser.parse_args()
    day = Record.of({"text": "", "date_of_service": given.date_of_service}).date_of_service
    spark = SparkSession.builder.appName("nlp3d").getOrCreate()
    answers(spark.read.parquet(given.source), Settings(given.profile, day, given.billed, not given.no_text)).write.parquet(given.out)
    spark.stop()


if __name__ == "__main__":
    main()
