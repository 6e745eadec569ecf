"""The archive page: one self-contained HTML file with the figures of a run; no script, no network, the same bytes for the same run."""

from __future__ import annotations

import os
from base64 import b64encode
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from markupsafe import Markup

from ..rows import Json, Run
from ..tally import Tally, Window, count

NAME = "report.html"


def write_page(run: Run, file: Path, window: Window | None = None, words: bool = False) -> Tally:
    """Write the page of a run to a file, as a whole or not at all, readable by its owner only; the figures are given back.

    `window` says which questions are young enough to be sent; `words` adds examples and wording from the reports."""
    tally = count(run, window, words)
    _store(file, render(tally, run.manifest))
    return tally


def render(tally: Tally, manifest: Json | None = None) -> str:
    """The page of figures that were counted."""
    from .view import context

    style = _own("style.css")
    page: str = _template().render(**context(tally, manifest or {}), style=Markup(style), style_hash=_hash(style))
    return "\n".join(line.rstrip() for line in page.splitlines() if line.strip()) + "\n"


@lru_cache(maxsize=1)
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["n"] = lambda number: f"{number:,}"
    made.filters["percent"] = percent
    return made.from_string(_own("page.html"))


def percent(share: float) -> str:
    """A share as per cent, with as many places as it needs not to read as nothing or as everything."""
    hundred = 100 * share
    if 0 < hundred < 0.1:
        return "under 0.1 %"
    if 99.9 < hundred < 100:
        return "over 99.9 %"
    return f"{hundred:.1f} %" if 0 < hundred < 10 or (hundred > 99 and hundred != 100) else f"{hundred:.0f} %"


def _own(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _hash(style: str) -> str:
    return "sha256-" + b64encode(sha256(style.encode()).digest()).decode()


def _store(file: Path, text: str) -> None:
    """Put a file in place in one step: a reader sees the old one or the new one, whenever the power fails."""
    made = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(text.encode("utf-8", "replace"))
            out.flush()
            os.fsync(out.fileno())
        os.replace(made, file)
    except BaseException:
        with suppress(OSError):
            made.unlink()
        raise
