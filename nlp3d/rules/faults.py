"""Every fault of rule files and policies, entry by entry, where loading stops at the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from ..errors import Nlp3dError
from ..yamlfile import Document, Node, load_yaml
from . import read
from .load import FILES, HERE, PARENTS, load_pack, policy, register
from .model import Pack


def pack_faults(folder: Path = HERE) -> list[Nlp3dError]:
    """The faults of the rule files of a folder: each file's syntax, each entry by itself, then what only the whole shows."""
    known = register()
    found: list[Nlp3dError] = []
    documents: dict[str, Document] = {}
    for name in FILES:
        found += _tried(lambda name=name: documents.__setitem__(name, load_yaml(folder / f"{name}.yaml")))  # type: ignore[misc]
    if not found:
        roots = {name: document.root for name, document in documents.items()}
        found += _tried(lambda: read.queries(roots["queries"], known))
    if not found:
        words = read.queries(roots["queries"], known)
        found += _each(roots["decision"], "rows", lambda row: read.rule(row, known, words))
        found += _each(roots["bases"], "entries", lambda entry: read.base(entry, known))
        found += _each(roots["contiguity"], "groups", lambda entry: read.contiguous(entry, known))
        found += _each(roots["flags"], None, lambda entry: read.flag(entry, known))
    return found or list(_tried(lambda: load_pack.__wrapped__(folder)))


def policy_faults(path: Path, pack: Pack) -> list[Nlp3dError]:
    """The faults of a policy file: its keys, each row by itself, then what only the whole shows."""
    found: list[Nlp3dError] = []
    documents: list[Document] = []
    found += _tried(lambda: documents.append(load_yaml(path)))
    if found:
        return found
    root = documents[0].root
    found += _tried(lambda: root.allow(*read.POLICY_KEYS))
    if not isinstance(root.value, dict):
        return found
    checks: dict[str, Callable[[Node], object]] = {
        "payer": Node.text,
        "policy": Node.text,
        "note": Node.text,
        "checked_through": Node.day,
        "parent": lambda node: node.choice(PARENTS),
        "source": lambda node: read.sources(root, pack.sources),
        "checklist": lambda node: [words.text() for _, words in node.items()],
    }
    for name, check in checks.items():
        if name in root.value:
            found += _tried(lambda name=name, check=check: check(root[name]))  # type: ignore[misc]
    parent = root.value.get("parent")
    if parent in PARENTS and "rows" in root.value:
        rules = {rule.id: rule for rule in pack.rules}
        found += _each(root, "rows", lambda row: read.difference(row, rules, pack.sources, parent))
    return found or list(_tried(lambda: policy(pack, documents[0], "")))


def _each(root: Node, key: str | None, check: Callable[[Node], object]) -> Iterator[Nlp3dError]:
    listed = root if key is None else root.get(key) if isinstance(root.value, dict) else None
    if listed is not None:
        yield from _tried(lambda: listed.of(list))
        if isinstance(listed.value, list):
            for entry in listed:
                yield from _tried(lambda entry=entry: check(entry))  # type: ignore[misc]


def _tried(step: Callable[[], object]) -> Iterator[Nlp3dError]:
    try:
        step()
    except Nlp3dError as fault:
        yield fault
