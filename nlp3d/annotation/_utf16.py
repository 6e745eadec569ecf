"""Offsets of tools that count UTF-16 code units, where a sign beyond U+FFFF counts two."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate

from . import Span


def units_of(text: str) -> list[int]:
    """The offset in UTF-16 code units of each code point, and of the end."""
    return list(accumulate((1 + (sign > "\uffff") for sign in text), initial=0))


def span_of(units: list[int], start: int, end: int, label: str) -> Span:
    """A span from offsets in code units; half a sign takes all of it, what lies outside stays outside."""
    if start < 0 or end > units[-1]:
        return Span(-1, -1, label)
    first = bisect_left(units, start)
    return Span(first if units[first] == start else first - 1, bisect_left(units, end), label)
