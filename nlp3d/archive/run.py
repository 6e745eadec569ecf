"""A finished run as other parts read it: its manifest, its rows in input order, its quarantine.

    run = open_run("OUT")
    run.manifest["counts"]["rows"]
    for row in run.rows():
        row["code"], row["record"]["site"], row["billed"]

A row is a report's answer as `Suggestion.to_dict` gives it (full or short, see `detail`), and four keys more:

`record`   what the input said besides the text: `id`, `accession`, `title`, `base`, `date_of_service` (ISO text), `modality`,
           `site`, `reader`, `version`, `billed_code`; each is text or None
`billed`   what was billed beside what the report supports: `supported_and_billed`, `missed`, `unsupported`, `wrong_one`, or
           None (neither billed nor supported, no answer, or an input without billed codes)
`source`   where the report came from: a list, one entry a part (several for the addenda and corrections of one accession); keys
           as the reader gives them, at least `file`, `kind` and `record` (from 1)
`notes`    what was noticed while records were put together, such as `duplicate_same`; a list of words from a closed list

docs/archive.md describes the folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import error

MANIFEST = "run.json"
ANSWERS = "answers"
QUARANTINE = "quarantine"
INDEX = "index.jsonl"
ROW = "row"  # the Parquet column that holds a whole row as JSON
_BATCH = 1024


class Run:
    """What `nlp3d batch` left in a folder. Rows are read as they are asked for; memory stays flat."""

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self.folder = folder
        self.manifest = manifest

    def __len__(self) -> int:
        """The number of rows."""
        return int(self.manifest["counts"]["rows"])

    @cached_property
    def parts(self) -> list[tuple[Path, int]]:
        """The files of the table in order, each with its number of rows."""
        return [(self.folder / ANSWERS / part["file"], int(part["rows"])) for part in self.manifest["parts"]]

    def rows(self) -> Iterator[dict[str, Any]]:
        """All rows in input order."""
        for path, _ in self.parts:
            yield from map(json.loads, _lines(path))

    def brief(self, columns: Sequence[str]) -> Iterator[tuple[dict[str, list[Any]], list[dict[str, Any]]]]:
        """All rows in batches: the named columns of the short ones (`flat.py`), with the first of them whole, and the others whole."""
        import pyarrow.parquet as pq

        for path, _ in self.parts:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(batch_size=_BATCH, columns=[*columns, "detail", ROW]):
                    details, written = batch.column("detail").to_pylist(), batch.column(ROW)
                    short = [place for place, detail in enumerate(details) if detail == "short"]
                    whole = [place for place, detail in enumerate(details) if detail != "short"]
                    values = {name: batch.column(name).to_pylist() for name in columns}
                    if whole:
                        values = {name: [value[place] for place in short] for name, value in values.items()}
                    yield values, [json.loads(written[place].as_py()) for place in [*short[:1], *whole]]

    def row(self, number: int) -> dict[str, Any]:
        """One row by its place, from 0. Raises `IndexError`."""
        before = 0
        for path, rows in self.parts:
            if before <= number < before + rows:
                found: dict[str, Any] = json.loads(_column(path)[number - before].as_py())
                return found
            before += rows
        raise IndexError("no such row")

    def quarantine(self) -> Iterator[dict[str, Any]]:
        """The entries of the quarantine's index: reason, file number, record, lines, size and hash; never text."""
        path = self.folder / QUARANTINE / INDEX
        if path.exists():
            with path.open(encoding="utf-8") as lines:
                yield from map(json.loads, lines)


def open_run(folder: str | Path) -> Run:
    """The run in a folder. Raises `Nlp3dError` where there is none, or one that has not come to its end."""
    path = Path(folder) / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise error("run_missing") from None
    except ValueError:
        raise error("run_unreadable") from None
    return Run(Path(folder), manifest)


def _lines(path: Path) -> Iterator[str]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=_BATCH, columns=[ROW]):
            yield from batch.column(0).to_pylist()


def _column(path: Path) -> Any:
    import pyarrow.parquet as pq

    return pq.read_table(path, columns=[ROW]).column(0)
