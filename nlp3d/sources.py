"""The register of sources that rules and vocabulary cite by id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from .yamlfile import load_yaml


@lru_cache(maxsize=1)
def _register() -> dict[str, Any]:
    return load_yaml(Path(__file__).with_name("sources.yaml")).data  # type: ignore[no-any-return]


def known() -> frozenset[str]:
    """The ids that may be cited."""
    return frozenset(_register())


def lines(names: Iterable[str]) -> Iterator[str]:
    """Each source in one line: id, title, addresses. `expert` stands for a judgement of the makers."""
    for name in names:
        entry = _register().get(name)
        if entry is None:
            yield f"{name}  judgement of the makers"
            continue
        address = entry.get("url", "")
        yield f"{name}  {entry['title']}  {address if isinstance(address, str) else ' '.join(address)}".rstrip()
