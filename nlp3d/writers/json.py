"""Indented JSON for reading by eye."""

from __future__ import annotations

import json

from ..record import Record
from ..suggestion import Suggestion


def write(suggestion: Suggestion, record: Record | None, explain: bool) -> str:
    """The answer; all rules are always in it."""
    return json.dumps(suggestion.to_dict(), ensure_ascii=False, indent=2) + "\n"
