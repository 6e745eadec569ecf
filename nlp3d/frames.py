"""Suggestions for the rows of a pandas or polars frame, as tidy columns.

A row without text stays missing in every column; a row that cannot be read (say, no date in its date column) has the status
`error`, and `problem` names the fault. `procedure` to `interpretation` are those of the study that decided; `json` is the whole
answer, byte for byte that of the command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import partial
from itertools import islice
from multiprocessing import get_context
from typing import Any

from .errors import Nlp3dError, error
from .pipeline import answer, versions
from .record import Record
from .rules.evaluate import table_of
from .rules.model import Profile
from .suggestion import Suggestion, unanswered

COLUMNS = {
    "status": str, "code": str, "reason": str, "units": int, "needs_review": bool, "flags": str, "procedure": str, "base": str,
    "technique": str, "location": str, "supervision": str, "interpretation": bool, "evidence": str, "query": str, "problem": str,
    "json": str,
}  # fmt: skip
Row = dict[str, Any]
_BATCH = 256


def suggest_frame(
    frame: Any,
    text: str = "text",
    *,
    title: str | None = None,
    base: str | None = None,
    date_of_service: str | None = None,
    id: str | None = None,
    profile: str | Profile = "strict",
    workers: int = 1,
    prefix: str = "",
) -> Any:
    """The suggestions for a pandas or polars DataFrame: a frame of the same kind, of as many rows, with the same index.

    `text`, `title`, `base`, `date_of_service` and `id` name columns of `frame`; `prefix` is put before the names of the answer's
    columns. `workers` processes share the work; more than one pays from some thousand reports on, and a script needs the usual
    `if __name__ == "__main__":`. Raises `Nlp3dError` for an unknown column or profile; a fault of one row stops no other."""
    names = {"text": text, "title": title, "base": base, "date_of_service": date_of_service, "id": id}
    if (kind := kind_of(frame)) is None:
        raise error("frame_kind")
    columns = {field: _column(frame, name, field, kind) for field, name in names.items() if name is not None}
    return build(kind, rows(columns, profile, workers), getattr(frame, "index", None), prefix)


def rows(columns: Mapping[str, Sequence[Any]], profile: str | Profile = "strict", workers: int = 1) -> list[Row | None]:
    """The answer's columns for each record of columns of equal length; None where there is no text. Raises `Nlp3dError`."""
    table_of(profile, None)
    records: Iterator[Row] = (dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True))
    batches = iter(lambda: list(islice(records, _BATCH)), [])
    work = partial(_batch, profile=profile)
    if workers <= 1:
        return [row for batch in batches for row in work(batch)]
    # Started afresh, not forked: a process with threads must not be forked. This pool notices a killed worker.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        try:
            return [row for batch in pool.map(work, batches) for row in batch]
        except BrokenProcessPool:
            # A worker that is being started while another dies is waited for, but never told to end: the pool would wait for ever.
            for process in list((pool._processes or {}).values()):
                process.kill()
            raise error("worker_lost") from None


def kind_of(data: Any) -> str | None:
    """`pandas` or `polars` for a frame or a column of theirs; None for anything else."""
    library = type(data).__module__.partition(".")[0]
    return library if library in ("pandas", "polars") and type(data).__name__ != "LazyFrame" else None


def values_of(column: Any) -> list[Any]:
    """A column as Python values, whatever its type; what is missing as None, whole numbers as such again."""
    if kind_of(column) == "pandas":
        return [None if gone else _whole(value) for value, gone in zip(column.tolist(), column.isna(), strict=True)]
    return [None if value != value else _whole(value) for value in column.to_list()]


def build(kind: str, found: Iterable[Row | None], index: Any = None, prefix: str = "") -> Any:
    """A frame of a kind from rows."""
    every = list(found)
    columns = {name: [row and row[name] for row in every] for name in COLUMNS}
    if kind == "polars":
        import polars

        types: dict[Any, Any] = {str: polars.String, int: polars.Int64, bool: polars.Boolean}
        return polars.DataFrame({prefix + name: polars.Series(columns[name], dtype=types[of]) for name, of in COLUMNS.items()})
    import pandas

    names = {str: "string", int: "Int64", bool: "boolean"}
    return pandas.DataFrame({prefix + name: pandas.array(columns[name], dtype=names[of]) for name, of in COLUMNS.items()}, index=index)


def _column(frame: Any, name: str, field: str, kind: str) -> list[Any]:
    if list(frame.columns).count(name) != 1:
        raise error("frame_column", name=field)
    return values_of(frame[name])


def _whole(value: Any) -> Any:
    """pandas turns whole numbers of a column with missing ones into 17.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _batch(records: Iterable[Row], profile: str | Profile) -> list[Row | None]:
    return [_row(record, profile) for record in records]


def _row(values: Row, profile: str | Profile) -> Row | None:
    if values["text"] is None:
        return None
    try:
        return _flat(answer(Record.of(values), profile))
    except Exception as problem:  # one record must not stop the others
        code = problem.code if isinstance(problem, Nlp3dError) else "internal"
    name = values.get("id")
    failed = replace(unanswered(None, "error", profile, None, versions()), id=str(name) if type(name) in (str, int) else None)
    return {**_flat(failed), "problem": code}


def _flat(suggestion: Suggestion) -> Row:
    decided = (s for s in suggestion.studies if (s.decision.code, s.decision.reason) == (suggestion.code, suggestion.reason))
    study = next(decided, None)
    facts = study and study.facts
    words = [mention.text for mention in suggestion.evidence if mention.counts]
    return {
        "status": suggestion.status,
        "code": suggestion.code,
        "reason": suggestion.reason,
        "units": sum(code.units for code in suggestion.codes),
        "needs_review": suggestion.needs_review,
        "flags": ";".join(dict.fromkeys(flag.flag for flag in suggestion.flags)),
        **{name: facts and getattr(facts, name) for name in ("procedure", "technique", "location", "supervision", "interpretation")},
        "base": study and study.decision.base,
        "evidence": " | ".join(words),
        "query": "\n\n".join(query["text"] for query in suggestion.queries) or None,
        "problem": None,
        "json": suggestion.to_json(),
    }
