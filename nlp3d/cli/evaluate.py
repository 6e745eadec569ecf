"""`nlp3d eval`: how well the answers meet annotated reports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .terminal import put


def evaluate(
    gold: Annotated[list[Path], typer.Argument(help="Annotated reports as .jsonl, or folders that hold some.")],
    errors: Annotated[int, typer.Option(help="How many wrong reports to list, by id.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure the answers of the strict profile against annotated reports.

    \b
    Example:
      nlp3d eval data/gold
    """
    import json

    from ..evaluation import answered, lines_of, report, score

    lines = lines_of(gold)
    result = score(lines, answered(lines))
    put(json.dumps(result.summary) + "\n" if as_json else report(result, errors))
