"""`import nlp3d.pandas` gives every pandas Series of report texts the accessor `nlp3d`."""

from __future__ import annotations

from typing import Any

import pandas

from .errors import error
from .frames import build, rows, values_of
from .rules.model import Profile


@pandas.api.extensions.register_series_accessor("nlp3d")
class Nlp3dAccessor:
    """`series.nlp3d.suggest()`: suggestions for a Series of report texts."""

    def __init__(self, series: Any) -> None:
        self._series = series

    def suggest(
        self,
        *,
        title: Any = None,
        base: Any = None,
        date_of_service: Any = None,
        id: Any = None,
        profile: str | Profile = "strict",
        workers: int = 1,
    ) -> Any:
        """A DataFrame with the index of the Series; the columns are those of `nlp3d.suggest_frame`.

        `title`, `base`, `date_of_service` and `id` are one value for all, or a Series with the same index (rows in the same
        order). Raises `Nlp3dError`; a fault of one row stops no other."""
        given = {"title": title, "base": base, "date_of_service": date_of_service, "id": id}
        columns = {"text": values_of(self._series)}
        columns |= {name: self._values(value, name) for name, value in given.items() if value is not None}
        return build("pandas", rows(columns, profile, workers), self._series.index)

    def _values(self, value: Any, name: str) -> list[Any]:
        if not isinstance(value, pandas.Series):
            return values_of(pandas.Series([value] * len(self._series), dtype=object))
        if not value.index.equals(self._series.index):
            raise error("frame_index", name=name)
        return values_of(value)
