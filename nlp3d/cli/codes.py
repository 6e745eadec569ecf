"""`nlp3d codes`: a site's own lists of codes, and the NCCI file it downloaded. Nothing of the kind is shipped."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from .. import config
from ..errors import Nlp3dError, error
from .terminal import put, table

HELP = """Your own code lists and NCCI edit files, by date of service.

\b
Example:
  nlp3d codes check our_codes.csv
"""

app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)


@app.command()
def check(
    lists: Annotated[list[Path] | None, typer.Argument(help="Lists of codes; those of the settings if none.")] = None,
    edits: Annotated[list[Path] | None, typer.Option(help="An NCCI file; may be given again.")] = None,
) -> None:
    """Check lists of codes and NCCI files: each fault with its file and line.

    \b
    Examples:
      nlp3d codes check our_codes.csv
      nlp3d codes check --edits ccipra.csv
    """
    from ..rules.codelists import load_code_list, load_edits
    from .faults import refuse

    given = bool(lists or edits)
    faults: list[Nlp3dError] = []
    for path in lists or (() if given else config.paths("code_lists")):
        try:
            put(f"{path}  {len(load_code_list(path))} codes\n")
        except Nlp3dError as fault:
            faults.append(fault)
    for path in edits or (() if given else config.paths("edits")):
        try:
            put(f"{path}  {len(load_edits(path))} pairs with one of our codes\n")
        except Nlp3dError as fault:
            faults.append(fault)
    refuse(faults)


@app.command()
def show(
    code: Annotated[str, typer.Argument(help="A code of your lists, or 76376 or 76377.")],
    date_of_service: Annotated[str, typer.Option(help="As 2026-11-23.")],
) -> None:
    """Show what your lists say of a code on a date of service: its concept, and the codes it is paired with.

    \b
    Example:
      nlp3d codes show 76377 --date-of-service 2026-03-01
    """
    from ..rules.codelists import load_code_list, load_edits

    try:
        day = date.fromisoformat(date_of_service)
    except ValueError:
        raise error("date_of_service") from None
    rows = []
    for path in config.paths("code_lists"):
        if concept := load_code_list(path).concept(code, day):
            rows.append(("concept", concept, "", path.name))
    for path in config.paths("edits"):
        rows += [(f"pair, column {one.column}", one.other, f"modifier {one.modifier}", path.name) for one in load_edits(path).pairs_with(code, day)]
    if not rows:
        raise error("code_unlisted")
    table(("KIND", "WHAT", "INDICATOR", "FILE"), rows)
