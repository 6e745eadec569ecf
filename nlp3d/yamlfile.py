"""YAML files of the package: read strictly (YAML 1.2, no duplicate keys, no aliases), kept parsed, faults named by file and line.

The parsed data hold JSON types only (a date is its ISO text). They are kept as JSON in the `__pycache__` folder beside the
file, under a name with the hash of its bytes, since parsing YAML is slow. Lines are looked up only to report a fault.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .errors import Nlp3dError, error

_KINDS = {str: "text", bool: "true or false", int: "a whole number", list: "a list", dict: "a set of keys"}


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML file: its `data`, and `line(keys)` for the line of an entry."""

    path: Path
    sha256: str
    data: Any

    @property
    def root(self) -> Node:
        """The whole file, for checked reading."""
        return Node(self, (), self.data)

    def where(self, *keys: str | int) -> str:
        """File and line of an entry, for a message."""
        return f"{self.path}, line {self.line(*keys)}"

    def line(self, *keys: str | int) -> int:
        """The line (from 1) where the entry reached by `keys` stands; the nearest one above where it is missing."""
        from .yamlparse import compose

        node, line = compose(self.path.read_bytes(), str(self.path)), 1
        for key in keys:
            if isinstance(node.value, str):
                break
            if isinstance(key, int):
                found = (item for item in node.value[key : key + 1])
            else:
                found = (value if value.value else name for name, value in node.value if name.value == key)
            node = next(found, None)
            if node is None:
                break
            line = node.start_mark.line + 1
        return line


def load_yaml(path: str | os.PathLike[str]) -> Document:
    """Read a YAML file, from the cache beside it if its bytes are unchanged. Raises `Nlp3dError` with file and line."""
    path = Path(path)
    try:
        raw = path.read_bytes()
    except OSError as fault:
        raise error("yaml_unreadable", str(path), problem=type(fault).__name__) from None
    digest = hashlib.sha256(raw).hexdigest()
    cached = path.parent / "__pycache__" / f"{path.name}.{digest[:16]}.json"
    try:
        return Document(path, digest, json.loads(cached.read_bytes()))
    except (OSError, ValueError):
        from .yamlparse import parse

        data = parse(raw, str(path))
        _keep(cached, path.name, data)
        return Document(path, digest, data)


def _keep(cached: Path, name: str, data: Any) -> None:
    """Write the cache in one step and drop older ones of the same file; a folder that cannot be written is no fault."""
    if sys.dont_write_bytecode:
        return
    try:
        cached.parent.mkdir(exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=cached.parent, suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(data, file, ensure_ascii=False, separators=(",", ":"))
        os.replace(temporary, cached)
        for old in cached.parent.glob(f"{name}.*.json"):
            if old != cached:
                old.unlink(missing_ok=True)
    except OSError:
        return


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a document, read with checks; every fault names file and line."""

    document: Document
    keys: tuple[str | int, ...]
    value: Any

    def fault(self, code: str, **names: object) -> Nlp3dError:
        """An error of `errors.MESSAGES` at this place."""
        return error(code, self.document.where(*self.keys), **names)

    def of(self, kind: type, expected: str = "") -> Any:
        """The value, which must be of the kind."""
        if type(self.value) is not kind:
            raise self.fault("pack_type", expected=expected or _KINDS[kind])
        return self.value

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.fault("pack_type", expected="text")
        return self.value

    def allow(self, required: Collection[str], optional: Collection[str] = ()) -> Node:
        """Itself, checked to be a set of keys: all of `required`, and none but those of `optional` besides."""
        present = self.of(dict)
        for name in present:
            if name not in required and name not in optional:
                raise self[name].fault("pack_key_unknown", name=name, allowed=", ".join([*required, *optional]))
        for name in required:
            if name not in present:
                raise self.fault("pack_key_missing", name=name)
        return self

    def choice(self, allowed: Collection[Any]) -> Any:
        """The value, which must be one of `allowed` (the same kind too: true is not 1)."""
        if not any(type(self.value) is type(one) and self.value == one for one in allowed):
            shown = self.value if isinstance(self.value, str | int | float) else type(self.value).__name__
            raise self.fault("pack_value_unknown", value=shown, allowed=", ".join(map(str, allowed)))
        return self.value

    def day(self) -> date:
        """A date."""
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            raise self.fault("pack_date") from None

    def get(self, name: str) -> Node | None:
        """The part under a key, or None."""
        return self[name] if name in self.value else None

    def items(self) -> Iterator[tuple[str, Node]]:
        """The keys and their parts."""
        return ((name, self[name]) for name in self.of(dict))

    def __getitem__(self, key: str | int) -> Node:
        return Node(self.document, (*self.keys, key), self.value[key])

    def __iter__(self) -> Iterator[Node]:
        return (self[position] for position in range(len(self.of(list))))
