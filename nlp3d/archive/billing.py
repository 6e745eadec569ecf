"""What was billed beside what the report supports."""

from __future__ import annotations

import re
from typing import Literal

from ..rules.model import CODES
from ..suggestion import Suggestion

Billed = Literal["supported_and_billed", "missed", "unsupported", "wrong_one"]

_CODE = re.compile(r"(?<!\d)(?:" + "|".join(CODES) + r")(?!\d)")


def compare(billed: str | None, answer: Suggestion) -> Billed | None:
    """How the codes billed (free text that may name several, None if none were) go with an answer.

    None where neither has a code for 3D rendering, and where the report was not answered.

    >>> from nlp3d import suggest
    >>> compare("00000, 76377-26", suggest("CT CHEST. Clear."))
    'unsupported'
    """
    if answer.status != "answered":
        return None
    found = set(_CODE.findall(billed or ""))
    supported = {entry.code for entry in answer.codes}
    if not found:
        return "missed" if supported else None
    if not supported:
        return "unsupported"
    return "supported_and_billed" if found == supported else "wrong_one"
