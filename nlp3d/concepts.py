"""The concepts that a mention can have: those of the vocabulary, and those that the steps give themselves. For label lists and colours."""

from __future__ import annotations

from functools import lru_cache

from .vocabulary.model import Vocabulary, load_vocabulary

FAMILIES = ("technique", "location", "supervision", "base", "reformat", "acquisition", "performer", "agent")
_OF_THE_STEPS = (
    "acquisition.three_d",
    *(f"technique.{name}" for name in ("three_d", "weak_thin_mip", "weak_three_d_planar", "weak_three_d_volume", "named_again")),
    *(f"supervision.{name}" for name in ("concurrent", "personal", "denied", "general", "reviewed")),
    *(f"supervision.element_{name}" for name in ("region", "tissue", "views", "adjust", "approve", "monitor")),
    *(f"supervision.made_by_{name}" for name in ("lab", "technologist", "trainee", "other", "software")),
)


@lru_cache(maxsize=1)
def concepts() -> tuple[str, ...]:
    """All names of the vocabulary in force, in order of the families and of the alphabet."""
    return concepts_of(load_vocabulary())


def concepts_of(vocabulary: Vocabulary) -> tuple[str, ...]:
    """All names that a vocabulary can give."""
    found = {*_OF_THE_STEPS, *(c.name for c in vocabulary.mentions), *(f"base.{c.name}" for c in vocabulary.base)}
    return tuple(sorted(found, key=lambda name: (FAMILIES.index(name.split(".", 1)[0]), name)))
