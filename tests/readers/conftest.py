"""What the tests of the readers share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest

from nlp3d.readers import Item, Options, reader

Read = Callable[..., list[Item]]


@pytest.fixture
def read() -> Read:
    """Read bytes with a reader: `read("csv", raw, limit=10)`."""

    def call(kind: str, raw: bytes, **options: Any) -> list[Item]:
        found: Iterator[Item] = reader(kind).read(BytesIO(raw), Options(kind=kind, **options))
        items = list(found)
        assert [item.source.record for item in items] == list(range(1, len(items) + 1)), "numbered without a gap"
        return items

    return call
