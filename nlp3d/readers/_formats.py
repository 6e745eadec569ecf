"""Which reader a file is read with: by its first bytes where they can only be one format, else by the ending of its name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from pathlib import PurePath
from pkgutil import iter_modules
from typing import BinaryIO, Protocol, cast

from ..errors import error
from ._items import Item, Options

_HERE = __name__.rpartition(".")[0]
PACKED = ".gz"


class Reader(Protocol):
    """What a reader module offers."""

    SUFFIXES: tuple[str, ...]

    def read(self, stream: BinaryIO, options: Options) -> Iterator[Item]:
        """A unit or a fault for everything in the stream that counts as a record, in order. Raises `Nlp3dError` only for what the
        caller can mend before anything is read, such as columns that two fields fit."""


def reader(name: str) -> Reader:
    """The reader of a format. Raises `Nlp3dError`."""
    if name in (own := _own()):
        return cast("Reader", import_module(f"{_HERE}.{name}"))
    others = _others()
    if name in others:
        return others[name]
    raise error("usage_format", allowed=", ".join(sorted({*own, *others})))


def is_single(name: str) -> bool:
    """Whether a file of this format is one report."""
    return bool(getattr(reader(name), "SINGLE", False))


def reader_for(path: str, head: bytes = b"") -> str:
    """The name of the reader for a file, by its first bytes and the ending of its name; plain text where neither says."""
    if head:
        for name in _own():
            signed = getattr(reader(name), "signed", None)
            if signed and signed(head):
                return name
    name_of_file = PurePath(path.lower().removesuffix(PACKED) if path.lower().endswith(PACKED) else path.lower())
    ending = name_of_file.suffix
    for name in _own():
        if ending in reader(name).SUFFIXES:
            return name
    if not ending:
        return "text"
    return next((name for name, other in _others().items() if ending in other.SUFFIXES), "text")


@lru_cache(maxsize=1)
def _own() -> tuple[str, ...]:
    package = import_module(_HERE)
    return tuple(sorted(module.name for module in iter_modules(package.__path__) if not module.name.startswith("_")))


def _others() -> dict[str, Reader]:
    from importlib.metadata import entry_points

    return {point.name: cast("Reader", point.load()) for point in entry_points(group="nlp3d.readers")}
