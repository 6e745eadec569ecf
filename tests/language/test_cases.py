"""Every text of `tests/cases` has the facts that its group expects, or is listed as a known gap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_case(case: Any, faults_of: Callable[[Any], list[str]]) -> None:
    assert not faults_of(case)
