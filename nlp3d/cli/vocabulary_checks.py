"""The checks of `nlp3d vocab check`: our files and a site's, every fault collected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from .. import config
from ..errors import Nlp3dError
from ..vocabulary.checks import faults_of
from ..vocabulary.model import classes_of, folder_of_ours
from ..vocabulary.site import FILES, checked, listed
from ..yamlfile import Document, load_yaml
from .faults import refuse


def check_ours() -> tuple[dict[str, Document], int]:
    """Our files and the number of their phrases. Raises `Nlp3dError` where there are faults, after printing them."""
    ours: dict[str, Document] = {}
    refuse(_loaded((folder_of_ours() / f"{name}.yaml" for name in FILES), lambda d: ours.__setitem__(d.path.stem, d)))
    classes = classes_of(ours["classes"])
    refuse(fault for document in ours.values() for fault in faults_of(document, document.data, classes, True))
    return ours, sum(_phrases(document.data) for document in ours.values())


def check_site(ours: dict[str, Document], folders: Sequence[Path] | None, tell: Callable[[str, int], None]) -> Iterator[Nlp3dError]:
    """Every fault of a site's files; `tell` hears of each file without any, with the number of its phrases."""
    theirs: list[Document] = []
    for folder in folders or config.paths("vocabulary"):
        try:
            paths = listed(folder)
        except Nlp3dError as fault:
            yield fault
            continue
        yield from _loaded(paths, theirs.append)
    for document, faults in checked(ours, theirs):
        yield from faults
        if not faults:
            tell(str(document.path), _phrases(document.data))


def _loaded(paths: Iterable[Path], keep: Callable[[Document], object]) -> Iterator[Nlp3dError]:
    for path in paths:
        try:
            keep(load_yaml(path))
        except Nlp3dError as fault:
            yield fault


def _phrases(data: Any) -> int:
    """The number of phrases, headings and words in a file: the texts in its lists, sources left out."""
    if isinstance(data, dict):
        return sum(_phrases(value) for name, value in data.items() if name != "source")
    if isinstance(data, list):
        return sum(1 if isinstance(one, str) else _phrases(one) for one in data)
    return 0
