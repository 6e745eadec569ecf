"""The vocabulary as a person looks things up in it: each entry with its phrases as they are written, its file and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..text import sanitize
from ..vocabulary.model import PRODUCT_CONCEPT, folder_of_ours, load_vocabulary
from ..vocabulary.site import additions
from ..yamlfile import Document, load_yaml

_FAMILY_OF_FILE = {"weak": "technique"}
_NO_ENTRIES = ("classes", "sections", "spelling")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a vocabulary file."""

    concept: str
    phrases: tuple[str, ...]
    traps: tuple[str, ...]
    meaning: str
    sources: tuple[str, ...]
    product: str
    document: Document
    key: str | int

    @property
    def file(self) -> str:
        """The file it stands in: the name of one of ours, the path of a site's."""
        path = self.document.path
        return path.name if path.parent == folder_of_ours() else str(path)

    @property
    def line(self) -> int:
        """Its line there."""
        return self.document.line(self.key)


@dataclass(frozen=True, slots=True)
class Found:
    """Words that a concept matches, and the file that holds it."""

    concept: str
    words: str
    file: str


@lru_cache(maxsize=1)
def catalogue() -> tuple[Entry, ...]:
    """All entries, file by file, a site's after ours."""
    documents = [*(load_yaml(path) for path in sorted(folder_of_ours().glob("*.yaml"))), *additions()]
    return tuple(entry for document in documents if document.path.stem not in _NO_ENTRIES for entry in _entries(document))


def matches(words: str) -> Iterator[Found]:
    """What each concept matches in some words, in text order, as the steps find it before they judge it."""
    from ..matching import Matcher
    from ..mentions import default_mentions
    from ..report import Report

    vocabulary = load_vocabulary()
    report = default_mentions()(Report(sanitize(words).text))
    others = Matcher([*vocabulary.base, *vocabulary.cues, *vocabulary.regions]).find(report.plain)
    where = {entry.product or entry.concept: entry.file for entry in reversed(catalogue())}
    found = {(m.start, m.end, m.concept, m.product) for m in report.mentions} | {(m.start, m.end, m.concept, m.product) for m in others}
    for start, end, concept, product in sorted(found):
        shown = f"{concept} ({product})" if product else concept
        yield Found(shown, report.original(start, end)[2], where.get(product or concept, ""))


def _entries(document: Document) -> Iterator[Entry]:
    family = _FAMILY_OF_FILE.get(document.path.stem, document.path.stem)
    if isinstance(document.data, list):
        for place, node in enumerate(document.data):
            yield _entry(document, place, PRODUCT_CONCEPT[node["kind"]], node)
        return
    cues = family in ("acts", "assertion", "base", "regions")
    for name, node in document.data.items():
        yield _entry(document, name, name if cues else f"{family}.{name}", node if isinstance(node, dict) else {"phrases": node})


def _entry(document: Document, key: str | int, concept: str, node: dict[str, Any]) -> Entry:
    return Entry(
        concept,
        tuple(map(str, node.get("phrases") or ())),
        tuple(map(str, node.get("not") or ())),
        str(node.get("meaning") or node.get("vendor") or ""),
        tuple(node.get("source") or ()),
        str(node.get("name") or ""),
        document,
        key,
    )
