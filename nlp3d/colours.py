"""Colours for displaCy, by family, for every concept of the vocabulary. No spaCy here: the entry point only reads the vocabulary."""

from __future__ import annotations

_BY_FAMILY = {
    "technique": "#9ad0f5",
    "location": "#f7c59f",
    "supervision": "#b8e0a8",
    "base": "#d9c7ec",
    "reformat": "#dddddd",
    "acquisition": "#e9e3c4",
    "performer": "#f4b6c2",
}
_OTHER = "#eeeeee"


def colours() -> dict[str, str]:
    """A colour for each concept and each family."""
    from .vocabulary.model import load_vocabulary

    concepts = {concept.name for concept in load_vocabulary().mentions}
    return {**_BY_FAMILY, **{name: _BY_FAMILY.get(name.split(".", 1)[0], _OTHER) for name in sorted(concepts)}}
