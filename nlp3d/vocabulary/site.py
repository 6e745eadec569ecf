"""A site's own vocabulary beside ours: folders of files named as ours are, whose entries are added and change none of ours.

Every phrase is checked by itself before it is used, so a fault names the site's own file and line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from .. import config
from ..errors import Nlp3dError, error
from ..yamlfile import Document, load_yaml
from .checks import faults_of
from .model import classes_of

# Files whose concepts the steps know by name take phrases for these only; in the others a site may name concepts of its own.
_OWN_CONCEPTS = ("acquisition", "base", "classes", "products", "reformat", "regions", "sections", "technique")
_KNOWN_CONCEPTS = ("acts", "assertion", "location", "spelling", "supervision", "weak")
FILES = tuple(sorted((*_OWN_CONCEPTS, *_KNOWN_CONCEPTS)))

Keys = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Joined(Document):
    """A file of ours with additions: `places` says for each added part in which file and where there it stands."""

    places: Mapping[Keys, tuple[Document, Keys]]

    def where(self, *keys: str | int) -> str:
        """File and line of an entry, in the file that holds it."""
        for length in range(len(keys), 0, -1):
            if found := self.places.get(keys[:length]):
                document, start = found
                return document.where(*start, *keys[length:])
        return f"{self.path}, line {self.line(*keys)}"


def additions() -> tuple[Document, ...]:
    """The site's files, folder by folder in the order of the setting. Raises `Nlp3dError` for the first fault."""
    return read(config.paths("vocabulary"))


def digest() -> str | None:
    """One hash over the site's files, None where there are none; the answer names it among its versions."""
    return digest_of((document.path.name, document.sha256) for document in additions())


def digest_of(named: Iterable[tuple[str, str]]) -> str | None:
    """One hash over the names and hashes of files that were added; None where there are none."""
    lines = "".join(f"{name}:{sha256}\n" for name, sha256 in named)
    return hashlib.sha256(lines.encode()).hexdigest() if lines else None


@lru_cache(maxsize=4)
def read(folders: tuple[Path, ...]) -> tuple[Document, ...]:
    """The files of folders of additions, folder by folder. Raises `Nlp3dError` for the first fault."""
    return tuple(load_yaml(path) for folder in folders for path in listed(folder))


def listed(folder: Path) -> list[Path]:
    """The .yaml files of a folder. Raises `Nlp3dError` for one that is no file of ours, or a link that leads out of the folder."""
    if not folder.is_dir():
        raise error("site_not_folder", str(folder))
    found = sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".yml"))
    if not found:
        raise error("site_empty", str(folder))
    for path in found:
        if path.stem not in FILES:
            raise error("site_file_unknown", str(path), allowed=", ".join(f"{name}.yaml" for name in FILES))
        if not path.resolve().is_relative_to(folder.resolve()):
            raise error("site_link_outside", str(path))
    return found


def with_site(ours: Mapping[str, Document], theirs: Iterable[Document]) -> dict[str, Document]:
    """Our files with the site's added. Raises `Nlp3dError` for the first fault in an addition."""
    joined = dict(ours)
    for document, faults in checked(ours, theirs):
        for fault in faults:
            raise fault
        joined[document.path.stem] = join(joined[document.path.stem], document)
    return joined


def checked(ours: Mapping[str, Document], theirs: Iterable[Document]) -> Iterator[tuple[Document, list[Nlp3dError]]]:
    """Each of the site's files with every fault in it. Phrases may name our word classes and the site's own."""
    documents = sorted(theirs, key=lambda one: one.path.stem != "classes")
    joined, classes = ours["classes"], classes_of(ours["classes"])
    for document in documents:
        kind = document.path.stem
        if kind == "classes":
            names = {**dict.fromkeys(document.data, ""), **classes} if isinstance(document.data, dict) else classes
            faults = list(faults_of(document, ours[kind].data, names, True))
        else:
            faults = list(faults_of(document, ours[kind].data, classes, kind in _OWN_CONCEPTS))
        if not faults:
            try:
                whole = join(joined if kind == "classes" else ours[kind], document)
                if kind == "classes":
                    joined, classes = whole, classes_of(whole)
            except Nlp3dError as fault:
                faults.append(fault)
        yield document, faults


def join(ours: Document, theirs: Document) -> Joined:
    """A file with the entries of another added. Raises `Nlp3dError` where that would change what stands there."""
    places = dict(ours.places) if isinstance(ours, Joined) else {}
    data = _join(ours.data, theirs.data, (), (), theirs, places)
    whole = hashlib.sha256(f"{ours.sha256}{theirs.sha256}".encode()).hexdigest()
    return Joined(ours.path, whole, data, places)


def _join(ours: Any, theirs: Any, keys: Keys, here: Keys, document: Document, places: dict[Keys, tuple[Document, Keys]]) -> Any:
    """Both together; `keys` lead to the place in the whole, `here` to the one in the added file."""
    if isinstance(ours, list) and isinstance(theirs, list):
        places.update(((*keys, len(ours) + place), (document, (*here, place))) for place in range(len(theirs)))
        return [*ours, *theirs]
    if isinstance(ours, dict) and isinstance(theirs, dict):
        joined = dict(ours)
        for name, value in theirs.items():
            if name in ours:
                joined[name] = _join(ours[name], value, (*keys, name), (*here, name), document, places)
            else:
                joined[name] = value
                places[(*keys, name)] = (document, (*here, name))
        return joined
    if ours != theirs:
        raise error("site_changes_ours", document.where(*here), name=here[-1] if here else document.path.stem)
    return ours
