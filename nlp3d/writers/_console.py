"""What is drawn with rich, as text: plain where no terminal sees it, never wider than comfortable reading."""

from __future__ import annotations

import os
import re
import shutil
import sys
from io import StringIO
from typing import TYPE_CHECKING

from .. import config

if TYPE_CHECKING:
    from rich.console import Console

_WIDEST, _WIDTH_OF_A_FILE = 110, 100
_BLANKS = re.compile(r"\s+")
# Signs that would move or hide other signs on a terminal: C0 and C1 controls, direction marks, and the like.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def plain_output() -> bool:
    """Whether output is to hold no colours: the setting `color`; else NO_COLOR, a dumb terminal, or no terminal (unless FORCE_COLOR)."""
    chosen = config.get("color")
    if chosen != "auto":
        return bool(chosen == "never")
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return True
    return not (os.environ.get("FORCE_COLOR", "") not in ("", "0") or sys.stdout.isatty())


def width() -> int:
    """The columns to write in: those of the terminal up to a readable line, or COLUMNS, or a fixed number for a file."""
    if sys.stdout.isatty():
        return max(40, min(shutil.get_terminal_size().columns, _WIDEST))
    given = os.environ.get("COLUMNS", "")
    return max(40, int(given)) if given.isdecimal() and len(given) < 5 else _WIDTH_OF_A_FILE


def console() -> Console:
    """A console that keeps what is printed; `taken` gives it back."""
    from rich.console import Console

    plain = plain_output()
    return Console(
        file=StringIO(),
        force_terminal=not plain,
        color_system=None if plain else "standard",
        width=width(),
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )


def taken(console: Console) -> str:
    """What a console of ours was given, without blanks at line ends."""
    assert isinstance(console.file, StringIO)
    return re.sub(r"[ ]+$", "", console.file.getvalue(), flags=re.MULTILINE)


def visible(words: str) -> str:
    """Words in one line, with signs that cannot be seen spelled out."""
    return _BLANKS.sub(" ", _UNSEEN.sub(lambda sign: f"<U+{ord(sign[0]):04X}>", words))
