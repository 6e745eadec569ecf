"""Parsing YAML with ruamel, apart from `yamlfile` so that a cached file needs no ruamel import."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from .errors import error

_TRUE = {"true", "True", "TRUE"}
_PREFIX = "tag:yaml.org,2002:"


def compose(raw: bytes, name: str) -> Any:
    """The tree of a YAML text, each node with its line. Raises `Nlp3dError` with file and line."""
    try:
        return YAML(typ="safe", pure=True).compose(raw.decode("utf-8"))
    except MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        where = f"{name}, line {mark.line + 1}" if mark else name
        raise error("yaml_syntax", where, problem=fault.problem or "unknown") from None
    except (YAMLError, UnicodeDecodeError) as fault:
        raise error("yaml_syntax", name, problem=type(fault).__name__) from None


def parse(raw: bytes, name: str) -> Any:
    """The data of a YAML text as JSON types; dates stay text."""
    tree = compose(raw, name)
    return None if tree is None else _plain(tree, name)


def _plain(node: Any, name: str) -> Any:
    where = f"{name}, line {node.start_mark.line + 1}"
    if node.anchor is not None:
        raise error("yaml_alias", where)
    kind = str(node.tag).removeprefix(_PREFIX)
    if kind == "map":
        data: dict[str, Any] = {}
        for key, value in node.value:
            label = key.value
            if not isinstance(label, str):
                raise error("yaml_syntax", where, problem="a key must be text")
            if label in data:
                raise error("yaml_duplicate_key", f"{name}, line {key.start_mark.line + 1}", name=label)
            data[label] = _plain(value, name)
        return data
    if kind == "seq":
        return [_plain(item, name) for item in node.value]
    if kind in ("str", "timestamp"):
        return node.value
    if kind == "null":
        return None
    if kind == "bool":
        return node.value in _TRUE
    try:
        if kind == "int":
            return int(node.value.replace("_", ""), 0)
        if kind == "float":
            return float(node.value.replace("_", ""))
    except ValueError:
        return node.value
    raise error("yaml_tag", where, name=str(node.tag))
