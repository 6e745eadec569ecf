"""Standard output and standard error of the commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from .. import config


def say(words: str) -> None:
    """Words for the person at the keyboard, on standard error."""
    try:
        print(words, file=sys.stderr)
    except (OSError, UnicodeError):
        return


def note(words: str) -> None:
    """Words that may be missed, on standard error; none with --quiet."""
    if config.get("verbosity") != "quiet":
        say(words)


def detail(words: str) -> None:
    """Words for one who asked for more with --verbose, on standard error."""
    if config.get("verbosity") == "verbose":
        say(words)


def put(text: str) -> None:
    """Data, on standard output, as UTF-8 with plain line ends; sent on at once, so that a pipe sees each answer as it is made."""
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def without_reader() -> None:
    """Nobody reads the output any more: let what is still buffered go nowhere, so that leaving is silent."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Rows under their heads in aligned columns, the last one as long as it needs to be."""
    every = [heads, *rows]
    wide = [max(len(row[column]) for row in every) for column in range(len(heads))]
    for row in every:
        put("  ".join(cell.ljust(size) for cell, size in zip(row, wide, strict=True)).rstrip() + "\n")
