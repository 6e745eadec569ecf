"""`import nlp3d.polars` gives every polars Series of report texts the namespace `nlp3d`."""

from __future__ import annotations

from typing import Any

import polars

from .frames import build, rows, values_of
from .rules.model import Profile


@polars.api.register_series_namespace("nlp3d")
class Nlp3dNamespace:
    """`series.nlp3d.suggest()`: suggestions for a Series of report texts."""

    def __init__(self, series: Any) -> None:
        self._series = series

    def suggest(self, *, profile: str | Profile = "strict", workers: int = 1) -> Any:
        """A DataFrame of as many rows with the columns of `nlp3d.suggest_frame`, which also takes titles and dates.

        Raises `Nlp3dError`; a fault of one row stops no other."""
        return build("polars", rows({"text": values_of(self._series)}, profile, workers))
