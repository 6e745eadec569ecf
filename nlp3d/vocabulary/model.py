"""What the vocabulary files may say, and the one object that holds them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..errors import error
from ..yamlfile import Document, Node, load_yaml
from .grammar import to_re2

FAMILIES = ("technique", "reformat", "acquisition", "location", "supervision", "base")
_FAMILY_FILES = {"technique": ("technique", "weak"), "location": ("location",)}
OTHER_VERBS = "act.other"
PRODUCT_CONCEPT = {
    "workstation": "location.workstation",
    "cardiac": "location.workstation",
    "planning": "location.workstation",
    "navigation": "location.workstation",
    "console": "location.scanner",
    "pacs": "location.pacs",
    "viewer": "location.viewer_software",
    "ai": "agent.software",
}
READINGS = ("title_only", "historical", "performed", "planned")


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing the language can say: its phrases as re2 expressions, and what must not be taken for it."""

    name: str
    phrases: tuple[str, ...]
    traps: tuple[str, ...] = ()
    meaning: str = ""
    source: tuple[str, ...] = ()
    reach: str = "title"
    case: bool = False
    product: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All vocabulary files, checked. `mentions` are evidence families, `cues` the word classes of frames and assertion."""

    mentions: tuple[Concept, ...]
    cues: tuple[Concept, ...]
    base: tuple[Concept, ...]
    regions: tuple[Concept, ...]
    headings: Mapping[str, str]
    readings: Mapping[str, str]
    three_d: Mapping[str, tuple[str, ...]]
    heard_as: Mapping[str, str]
    words: frozenset[str]
    own_words: frozenset[str]
    three_d_spelling: str
    two_d_spelling: str
    other_verbs: str


def folder_of_ours() -> Path:
    return Path(str(files("nlp3d"))) / "vocabulary"


def _texts(node: Node | None) -> list[str]:
    return [] if node is None else [str(item.value) if isinstance(item.value, int | float) else item.text() for item in node]


def classes_of(document: Document) -> dict[str, str]:
    """Word classes in the order of the file; a class may use those above it."""
    classes: dict[str, str] = {}
    for name, node in document.root.items():
        classes[name] = _alternation(_texts(node), classes, node)
    return classes


def _expression(phrase: str, classes: Mapping[str, str], node: Node) -> str:
    try:
        return to_re2(phrase, classes)
    except (KeyError, ValueError, IndexError):
        raise node.fault("vocabulary_phrase", phrase=phrase) from None


def _alternation(phrases: Iterable[str], classes: Mapping[str, str], node: Node) -> str:
    return "|".join(_expression(p, classes, node) for p in sorted(phrases, key=len, reverse=True))


_OPTIONAL = ("meaning", "source", "not", "reach", "case", "note", "examples")


def _concept(name: str, node: Node, classes: Mapping[str, str], **more: Any) -> Concept:
    node.allow(["phrases"], [*_OPTIONAL, "name", "vendor", "kind", "checked", *three_d_keys()])
    reach, case = node.get("reach"), node.get("case")
    phrases = sorted(_texts(node["phrases"]), key=len, reverse=True) if node.get("phrases") else []
    return Concept(
        name,
        tuple(_expression(p, classes, node) for p in phrases),
        tuple(_expression(p, classes, node) for p in _texts(node.get("not"))),
        str(node.value.get("meaning", "")),
        tuple(_texts(node.get("source"))),
        reach.choice(("title", "body")) if reach else "title",
        case.choice((True, False)) if case else False,
        **more,
    )


def three_d_keys() -> tuple[str, ...]:
    """The lists of `three_d` in technique.yaml."""
    return ("products", "acquisitions", "planes", "others", "weak_volumes", "bare_follow", "days_before")


def load_vocabulary(folder: Path | None = None, added: tuple[Path, ...] = ()) -> Vocabulary:
    """Read and check the vocabulary folder: ours with the site's additions, unless another is named with the folders that were
    `added` to it. Raises `Nlp3dError` naming file and line."""
    return _load(str(folder or folder_of_ours()), added)


@lru_cache(maxsize=4)
def _load(folder: str, added: tuple[Path, ...]) -> Vocabulary:
    at = Path(folder)
    doc = {path.stem: load_yaml(path) for path in sorted(at.glob("*.yaml"))}
    if at == folder_of_ours() or added:
        from .site import additions, read, with_site

        doc = with_site(doc, read(added) if added else additions())
    classes = classes_of(doc["classes"])
    mentions: list[Concept] = []
    three_d: dict[str, tuple[str, ...]] = {}
    for family in FAMILIES[:-1]:
        for stem in _FAMILY_FILES.get(family, (family,)):
            for name, node in doc[stem].root.items():
                if name == "three_d":
                    three_d = {key: tuple(_texts(node.get(key))) for key in three_d_keys()}
                    continue
                mentions.append(_concept(f"{family}.{name}", node, classes))
    for node in doc["products"].root:
        kind = node["kind"].choice(tuple(PRODUCT_CONCEPT))
        mentions.append(_concept(PRODUCT_CONCEPT[kind], node, classes, product=node["name"].text(), kind=kind))
    cues = [_concept(name, node, classes) for stem in ("acts", "assertion") for name, node in doc[stem].root.items() if name != OTHER_VERBS]
    base = [_concept(name, node, classes) for name, node in doc["base"].root.items()]
    regions = [Concept(name, tuple(_expression(p, classes, node) for p in _texts(node))) for name, node in doc["regions"].root.items()]
    headings: dict[str, str] = {}
    readings: dict[str, str] = {}
    for name, node in doc["sections"].root.items():
        readings[name] = node["reading"].choice(READINGS)
        for heading in _texts(node["headings"]):
            headings.setdefault(" ".join(heading.lower().split()), name)
    spelling = doc["spelling"].root
    if not three_d:
        raise error("pack_key_missing", str(doc["technique"].path), name="three_d")
    return Vocabulary(
        tuple(mentions),
        tuple(cues),
        tuple(base),
        tuple(regions),
        headings,
        readings,
        three_d,
        {str(k): str(v.value) for k, v in spelling["heard_as"].items()},
        frozenset(_texts(spelling["words"])),
        frozenset(_texts(spelling["own_words"])),
        classes["3d"],
        classes["2d"],
        _alternation(_texts(doc["acts"].root[OTHER_VERBS]["phrases"]), classes, doc["acts"].root[OTHER_VERBS]),
    )
