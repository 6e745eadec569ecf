"""The register of sources that rules and vocabulary cite."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from .yamlfile import load_yaml


@dataclass(frozen=True, slots=True)
class Register:
    """Sources by id (`S1` ...)."""

    entries: dict[str, Any]

    def line(self, name: str) -> str:
        """A source in one line: id, title, address. `expert` stands for a judgement of the makers."""
        entry = self.entries.get(name)
        if entry is None:
            return f"{name}  judgement of the makers" if name == "expert" else name
        address = entry.get("url", "")
        return f"{name}  {entry['title']}  {address if isinstance(address, str) else ' '.join(address)}".rstrip()


@lru_cache(maxsize=1)
def register() -> Register:
    """The register of the package."""
    return Register(load_yaml(Path(__file__).with_name("sources.yaml")).data)
