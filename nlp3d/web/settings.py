"""What a server is started with, and the parts that its routes share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from ..decisions.store import Store
from ..errors import error
from ..record import Record
from ..rules.load import load_pack
from ..yamlfile import load_yaml
from .security import Access
from .worklist import Worklist

EXAMPLES = Path(__file__).with_name("examples.yaml")


@dataclass
class Settings:
    """The token and limits, the profile and date of service to begin with, the worklist and the store of decisions."""

    access: Access
    profile: str = "strict"
    day: date | None = None
    worklist: Worklist | None = None
    store: Store | None = None
    time_limit: float = 20.0
    workers: int = 2

    @cached_property
    def profiles(self) -> tuple[str, ...]:
        """The profiles that may be asked for: those of the package, and the one the server was started with. A request names
        no other, so that no path of this computer can be tried."""
        return tuple(dict.fromkeys((*load_pack().profiles, self.profile)))

    @cached_property
    def examples(self) -> list[dict[str, Any]]:
        """The invented reports to try the page with."""
        return list(load_yaml(EXAMPLES).data)

    def profile_of(self, asked: str | None) -> str:
        """The profile of a request. Raises `Nlp3dError` for one that may not be asked for."""
        if asked is None:
            return self.profile
        if asked not in self.profiles:
            raise error("profile_not_offered")
        return asked

    def dated(self, record: Record) -> Record:
        """A record with the date of service that the server was started with, where it has none."""
        return replace(record, date_of_service=record.date_of_service or self.day)
