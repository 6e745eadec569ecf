"""Every fault in a vocabulary file that is added to ours: the schema of each entry, and each phrase compiled by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import re2

from ..errors import Nlp3dError
from ..sources import known
from ..yamlfile import Document, Node
from .grammar import to_re2
from .model import PRODUCT_CONCEPT, READINGS, three_d_keys

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*", re.ASCII)
_FREE = ("meaning", "note", "examples", "vendor")
_ENTRY = ("source", "not", "reach", "case", "checked", *_FREE)
_PRODUCT = ("name", "kind", "phrases", "source", "checked")
_ANY_TEXT = "0 words"  # a phrase that may be nothing is found in it, with no length
_PARENTHESES = re.compile(r"\\.|\[\^?(?:\\.|[^\]\\])+\]|([()])")

Classes = Mapping[str, str]
Faults = Iterator[Nlp3dError]


def faults_of(document: Document, ours: Any, classes: Classes, own_concepts: bool) -> Faults:
    """Every fault of a file. `ours` are the data of our file of the same name, `classes` the word classes that phrases may name,
    `own_concepts` says whether the file may name concepts that ours does not hold."""
    kind, root = document.path.stem, document.root
    try:
        root.of(type(ours))
    except Nlp3dError as fault:
        yield fault
        return
    if kind == "products":
        for node in root:
            yield from _product(node, classes)
    elif kind == "spelling":
        yield from _spelling(root)
    else:
        for name, node in root.items():
            if name not in ours and not own_concepts:
                yield node.fault("pack_value_unknown", value=name, allowed=", ".join(map(str, ours)))
            elif name not in ours and not _NAME.fullmatch(name):
                yield node.fault("vocabulary_name")
            else:
                yield from _entry(kind, name, node, name not in ours, classes)


def _entry(kind: str, name: str, node: Node, new: bool, classes: Classes) -> Faults:
    if kind in ("classes", "regions"):
        yield from _phrases(node, classes)
    elif kind == "sections":
        yield from _section(node, new)
    elif name == "three_d":
        yield from _tried(lambda: node.allow((), (*three_d_keys(), "source", *_FREE)))
        for key in three_d_keys():
            yield from _words(node, key)
    else:
        yield from _concept(node, ("phrases",) if new else (), _ENTRY if new else ("phrases", *_ENTRY), classes)


def _product(node: Node, classes: Classes) -> Faults:
    yield from _concept(node, _PRODUCT, _ENTRY, classes)
    if isinstance(node.value, dict):
        if name := node.get("name"):
            yield from _tried(name.text)
        if kind := node.get("kind"):
            yield from _tried(lambda: kind.choice(tuple(PRODUCT_CONCEPT)))


def _concept(node: Node, required: Collection[str], optional: Collection[str], classes: Classes) -> Faults:
    """An entry with phrases, traps, sources and what else an entry may hold."""
    yield from _tried(lambda: node.allow(required, optional))
    if not isinstance(node.value, dict):
        return
    for key in ("phrases", "not"):
        if listed := node.get(key):
            yield from _phrases(listed, classes)
    if cited := node.get("source"):
        yield from _each(cited, lambda one: _cited(one))
    choices: Mapping[str, tuple[Any, ...]] = {"reach": ("title", "body"), "case": (True, False)}
    for key, allowed in choices.items():
        if part := node.get(key):
            yield from _tried(lambda part=part, allowed=allowed: part.choice(allowed))  # type: ignore[misc]
    if day := node.get("checked"):
        yield from _tried(day.day)


def _section(node: Node, new: bool) -> Faults:
    yield from _tried(lambda: node.allow(("reading", "headings") if new else ("headings",), ("reading", "note")))
    if isinstance(node.value, dict):
        if reading := node.get("reading"):
            yield from _tried(lambda: reading.choice(READINGS))
        yield from _words(node, "headings")


def _spelling(root: Node) -> Faults:
    yield from _tried(lambda: root.allow((), ("heard_as", "words", "own_words")))
    for key in ("words", "own_words"):
        yield from _words(root, key)
    heard = root.get("heard_as")
    if heard is not None:
        yield from _tried(lambda: heard.of(dict))
        if isinstance(heard.value, dict):
            for _, meant in heard.items():
                yield from _tried(meant.text)


def _words(node: Node, key: str) -> Faults:
    """A list of texts that are no phrases."""
    if isinstance(node.value, dict) and (listed := node.get(key)) is not None:
        yield from _each(listed, lambda one: one.text())


def _phrases(node: Node, classes: Classes) -> Faults:
    if isinstance(node.value, list) and not node.value:
        yield node.fault("vocabulary_no_phrase")
    yield from _each(node, lambda one: _phrase(one, classes))


def _each(node: Node, check: Callable[[Node], object]) -> Faults:
    yield from _tried(lambda: node.of(list))
    if isinstance(node.value, list):
        for one in node:
            yield from _tried(lambda one=one: check(one))  # type: ignore[misc]


def _phrase(node: Node, classes: Classes) -> None:
    """One phrase: in our grammar, as an expression of google-re2 (so never slower than the text is long), and never empty."""
    phrase = str(node.value) if type(node.value) in (int, float) else node.text()
    try:
        expression = to_re2(phrase, classes)
    except (KeyError, ValueError, IndexError):
        raise node.fault("vocabulary_phrase", phrase=phrase) from None
    depth = 0
    for sign in _PARENTHESES.findall(phrase):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth < 0:
            break
    if depth:
        raise node.fault("vocabulary_phrase", phrase=phrase)
    options = re2.Options()
    options.log_errors = False
    try:
        pattern = re2.compile(expression, options)
    except re2.error:
        raise node.fault("vocabulary_pattern", phrase=phrase) from None
    if any(match.start() == match.end() for match in pattern.finditer(_ANY_TEXT)):
        raise node.fault("vocabulary_empty", phrase=phrase)


def _cited(node: Node) -> None:
    if node.text() not in known():
        raise node.fault("pack_source_unknown", value=node.value)


def _tried(step: Callable[[], object]) -> Faults:
    try:
        step()
    except Nlp3dError as fault:
        yield fault
