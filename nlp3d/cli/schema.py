"""`nlp3d schema`: the published JSON Schema of answers, records or decisions."""

from __future__ import annotations

from typing import Annotated

import typer

from ..errors import error
from .terminal import put

_NAMES = ("suggestion", "record", "decision")


def schema(name: Annotated[str, typer.Argument(help="suggestion, record or decision")] = "suggestion") -> None:
    """Print the JSON Schema of what `suggest` gives (suggestion) or takes (record), or of what `audit export` gives (decision).

    \b
    Example:
      nlp3d schema record > record.schema.json
    """
    from importlib.resources import files

    if name not in _NAMES:
        raise error("usage_format", allowed=", ".join(_NAMES))
    put((files("nlp3d") / "schema" / f"{name}.schema.json").read_text(encoding="utf-8").rstrip("\n") + "\n")
