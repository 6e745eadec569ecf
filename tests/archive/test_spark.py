"""The same rows on a real local Spark, from Parquet to Parquet, by the function and by spark-submit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nlp3d.archive.run import open_run

from .conftest import ROOT, Batch, reports, write

pytest.importorskip("pyspark")
pytestmark = pytest.mark.skipif(not shutil.which("java"), reason="Spark needs Java")


def test_spark_gives_the_rows_of_batch(batch: Batch, tmp_path: Path) -> None:
    records = [*reports(120, 0.3), {"id": "empty", "text": ""}]
    write(tmp_path / "in.jsonl", records)
    names = list(records[0])
    (tmp_path / "in").mkdir()
    pq.write_table(pa.table({name: [one.get(name) for one in records] for name in names}), tmp_path / "in" / "reports.parquet")
    assert batch("in.jsonl", "out", "--billed", "yes").returncode == 0
    line = [sys.executable, "-m", "nlp3d.archive.spark", "in", "answers", "--billed"]
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "PYSPARK_PYTHON": sys.executable, "MASTER": "local[2]", "SPARK_LOCAL_IP": "127.0.0.1"}
    done = subprocess.run(line, cwd=tmp_path, env=variables, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    rows = {row["id"]: row for row in map(json.loads, pq.read_table(tmp_path / "answers").column("row").to_pylist())}
    wanted = list(open_run(tmp_path / "out").rows())
    assert len(rows) == len(wanted) == 121
    for row in wanted:
        assert json.dumps({**row, "source": []}) == json.dumps(rows[row["id"]])
    typed, flat = pq.read_table(tmp_path / "answers"), pq.read_table(tmp_path / "out" / "answers")
    assert typed.schema.names == flat.schema.names
    assert [str(field.type) for field in typed.schema if field.name != "flags"][:5] == [str(field.type) for field in flat.schema][:5]
