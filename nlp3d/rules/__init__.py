"""Step 8, rules: dated data evaluated over facts. They never see text; nothing is read before the first question."""

from __future__ import annotations

from .decision import Decision
from .evaluate import decide
from .load import load_pack, load_profile

__all__ = ["Decision", "decide", "load_pack", "load_profile"]
