"""nlp3d: does the text of a radiology report support CPT 76376, 76377 or no code, and which words say so."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .rules.model import Profile
    from .suggestion import Suggestion

__all__ = ["answer", "decide", "displacy_data", "load", "make_doc", "suggest", "suggest_frame"]


def suggest(
    text: str,
    *,
    title: str | None = None,
    base: str | None = None,
    date_of_service: date | str | None = None,
    profile: str | Profile = "strict",
    **fields: Any,
) -> Suggestion:
    """The suggestion for one report.

    `title` (exam title) and `base` (the group the examination belongs to) are what the caller knows apart from the text;
    `date_of_service` is a date or its ISO text; `fields` are further fields of `nlp3d.record.Record` (`id`, `reader` ...).
    Raises `Nlp3dError` for an unknown profile, base or date, never with words of the report."""
    from .pipeline import answer
    from .record import Record

    record = Record.of({"text": text, "title": title, "base": base, "date_of_service": date_of_service, **fields})
    return answer(record, profile)


# Public names that load more than an answer needs: where they stand.
_LATER = {
    "decide": "rules",
    "answer": "pipeline",
    "load": "components",
    "make_doc": "annotations",
    "displacy_data": "annotations",
    "suggest_frame": "frames",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
