"""`nlp3d config`: the settings in force, and where each comes from."""

from __future__ import annotations

from typing import Annotated

import typer

from .. import config
from .terminal import put, table

HELP = """The settings: from files, variables NLP3D_* and options.

\b
Example:
  nlp3d config show --origin
"""

app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)


@app.command()
def show(
    origin: Annotated[bool, typer.Option("--origin", help="Say where each value comes from.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Show every setting with its value, and with --origin the file and line, variable or option it comes from.

    \b
    Example:
      nlp3d config show --origin
    """
    found = config.settings()
    if as_json:
        import json

        values = {name: {"value": one.value, "origin": one.origin} if origin else one.value for name, one in found.items()}
        put(json.dumps(values, indent=1) + "\n")
        return
    rows = ((name, _shown(one.value), one.origin) for name, one in found.items())
    if origin:
        table(("SETTING", "VALUE", "ORIGIN"), rows)
    else:
        table(("SETTING", "VALUE"), (row[:2] for row in rows))


@app.command()
def files() -> None:
    """List where files of settings are looked for, the weakest first, and which are there.

    \b
    Example:
      nlp3d config files
    """
    import os

    read = set(config.files())
    known = list(config.places())
    named = [("named", path) for path in read if path not in [path for _, path in known]]
    rows = [(kind, "read" if path in read else "not read" if os.path.exists(path) else "missing", str(path)) for kind, path in (*known, *named)]
    table(("FILE OF", "STATE", "PATH"), rows)


@app.command("list")
def list_() -> None:
    """List the settings there are, with their variables and defaults.

    \b
    Example:
      nlp3d config list
    """
    rows = ((one.name, one.variable, _shown(one.default), one.says) for one in config.SETTINGS)
    table(("SETTING", "VARIABLE", "DEFAULT", "WHAT IT IS FOR"), rows)


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, tuple) else str(value)
