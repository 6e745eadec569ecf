"""One line of JSON an answer, as the published schema has it."""

from __future__ import annotations

from ..record import Record
from ..suggestion import Suggestion


def write(suggestion: Suggestion, record: Record | None, explain: bool) -> str:
    """The line; all rules are always in it."""
    return suggestion.to_json() + "\n"
