"""Colours by family for every concept: of displaCy through an entry point, and of the annotation tools. No spaCy here."""

from __future__ import annotations

_BY_FAMILY = {
    "technique": "#9ad0f5",
    "location": "#f7c59f",
    "supervision": "#b8e0a8",
    "base": "#d9c7ec",
    "reformat": "#dddddd",
    "acquisition": "#e9e3c4",
    "performer": "#f4b6c2",
    "agent": "#eeeeee",
}


def colours() -> dict[str, str]:
    """A colour for each concept and each family."""
    from .concepts import concepts

    return {**_BY_FAMILY, **{name: _BY_FAMILY[name.split(".", 1)[0]] for name in concepts()}}
