"""`nlp3d eval`: how well answers meet an annotated file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .terminal import put


def evaluate(
    gold: Annotated[list[Path], typer.Argument(help="Annotated reports or passages: .jsonl files, or folders of them.", metavar="GOLD...")],
    errors: Annotated[int, typer.Option(help="How many wrong reports to list.", min=0)] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Answer annotated reports (strict profile) and count what is right.

    Look at codes found, at false codes and at rare values first: most reports support no code, so accuracy alone flatters.

    \b
    Example:
      nlp3d eval data/gold --errors 20
    """
    import json

    from ..evaluation import answered, lines_of, report, score

    annotated = lines_of(gold)
    result = score(annotated, answered(annotated))
    if as_json:
        put(json.dumps(result.summary) + "\n")
    else:
        put(report(result, errors))
