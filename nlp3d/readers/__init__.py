"""Records in: one format a module, found by scanning this folder and the entry points `nlp3d.readers`.

A reader module has `SUFFIXES` (file endings it is chosen by) and `read(source, limit, tell) -> Iterator[Record | Fault]`.
Modules whose name begins with an underscore are no readers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath
from pkgutil import iter_modules
from typing import BinaryIO, Protocol, cast

from ..errors import Nlp3dError, error
from ..record import Record

MAX_CHARS = 1_000_000
Tell = Callable[[Nlp3dError], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """An input unit that is no record: what is wrong with it, and its id where that could be read."""

    error: Nlp3dError
    id: str | None = None


def silent(_: Nlp3dError) -> None:
    """Tell nobody."""


class Reader(Protocol):
    """What a reader module offers."""

    SUFFIXES: tuple[str, ...]

    def read(self, source: BinaryIO, limit: int = MAX_CHARS, tell: Tell = silent) -> Iterator[Record | Fault]:
        """The records of a file, in order; `limit` is the most characters a text may have, `tell` hears what a coder may want
        to know of the reading (say, a guessed encoding)."""


def reader(name: str) -> Reader:
    """The reader of a format. Raises `Nlp3dError`."""
    if name in (own := _own()):
        return cast("Reader", import_module(f"{__name__}.{name}"))
    others = _others()
    if name in others:
        return others[name]
    raise error("usage_format", allowed=", ".join(sorted({*own, *others})))


def reader_for(path: str) -> str:
    """The name of the reader that the ending of a file name asks for; plain text where none does."""
    ending = PurePath(path).suffix.lower()
    for name in _own():
        if ending in reader(name).SUFFIXES:
            return name
    if not ending:
        return "text"
    return next((name for name, other in _others().items() if ending in other.SUFFIXES), "text")


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """The bytes of a file, or of standard input for `-`. Raises `Nlp3dError` with what to do; it names no file, since the name
    of a report's file may be a patient's."""
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        source = open(path, "rb")  # noqa: SIM115
    except (OSError, ValueError) as problem:
        raise unreadable(problem) from None
    with source:
        yield source


def unreadable(problem: Exception) -> Nlp3dError:
    """The error for a file that cannot be opened."""
    if isinstance(problem, FileNotFoundError):
        return error("file_missing")
    if isinstance(problem, IsADirectoryError):
        return error("file_is_folder")
    return error("file_unreadable", problem=(getattr(problem, "strerror", None) or type(problem).__name__).lower())


def _own() -> list[str]:
    return sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))


def _others() -> dict[str, Reader]:
    from importlib.metadata import entry_points

    return {point.name: cast("Reader", point.load()) for point in entry_points(group="nlp3d.readers")}
