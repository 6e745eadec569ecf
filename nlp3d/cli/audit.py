"""`nlp3d audit`: whether the decisions of coders are whole, and what they were."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ..errors import error
from .terminal import note, put

if TYPE_CHECKING:
    from ..decisions.chain import Entry

HELP = """The decisions that `nlp3d serve` recorded: verify them, export them.

\b
Examples:
  nlp3d audit verify decisions.db
  nlp3d audit export decisions.db --as csv > decisions.csv
  nlp3d audit export decisions.db --as gold --texts reports.jsonl > gold.jsonl
"""

app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)
Kind = Literal["jsonl", "csv", "gold", "codes", "numbers"]


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A store of decisions, or a .jsonl that `export` wrote.")],
    head: Annotated[str | None, typer.Option(help="Hash that an earlier verify printed; the chain must hold it.")] = None,
) -> None:
    """Follow the chain of hashes; name the first entry that was changed, left out or put in between.

    Note the printed count and hash: with --head a later run also sees whether entries were cut off at the end.

    \b
    Example:
      nlp3d audit verify decisions.db
    """
    from ..decisions.chain import START, check

    seen = {START}

    def noted(entries: Iterable[Entry]) -> Iterator[Entry]:
        for entry in entries:
            seen.add(entry.sha256)
            yield entry

    result = check(noted(_entries(file)))
    if head is not None and head.strip().lower() not in seen:
        raise error("audit_head")
    put(f"whole: {result.count} decisions, last hash {result.head}\n")


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="A store of decisions.")],
    kind: Annotated[Kind, typer.Option("--as", help="jsonl, csv; gold: corrected facts; codes: final codes; numbers: agreement.")] = "jsonl",
    texts: Annotated[list[str] | None, typer.Option(help="For gold and codes: files of records that hold the reports.")] = None,
) -> None:
    """Print the decisions in their order, after the chain was followed.

    \b
    Example:
      nlp3d audit export decisions.db --as csv > decisions.csv
    """
    from ..decisions import agreement, export
    from ..decisions.chain import check
    from ..decisions.texts import by_hash

    entries = list(_entries(file))
    check(entries)
    if kind in ("jsonl", "csv"):
        for line in (export.jsonl if kind == "jsonl" else export.table)(entries):
            put(line)
    elif kind == "numbers":
        for line in agreement.lines(agreement.agreement(entries)):
            put(line + "\n")
    else:
        if not texts:
            raise error("audit_texts")
        records = by_hash(texts)
        made = list((export.gold if kind == "gold" else export.codes)(entries, records))
        for one in made:
            put(json.dumps(one, ensure_ascii=False) + "\n")
        note(f"{len(made)} reports written")


def _entries(file: Path) -> Iterator[Entry]:
    """The entries of a store or of an export."""
    from ..decisions.store import Store

    if file.suffix.lower() in (".jsonl", ".ndjson"):
        yield from _exported(file)
        return
    store = Store(file, create=False)
    try:
        yield from store.entries()
    finally:
        store.close()


def _exported(file: Path) -> Iterator[Entry]:
    from ..decisions.chain import Entry
    from ..readers import opened

    with opened(str(file)) as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield Entry(**json.loads(line))
            except (ValueError, TypeError, RecursionError):
                raise error("audit_line", f"line {number}") from None
