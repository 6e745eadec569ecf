"""Shares of counts, and how sure they are."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

# Medicare contractors once expected at most about this share of a practice's CT and MR to carry 3D (sources S39, S40).
YARDSTICK = 0.20
_Z = 1.959964  # 95 %


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole with its 95 % interval after Wilson, which also holds for small numbers; all three between 0 and 1."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """The share; 0 of nothing."""
        return self.part / self.whole if self.whole else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The lower and upper end; all that is possible for nothing."""
        if not self.whole:
            return 0.0, 1.0
        n, p = self.whole, self.value
        middle, half = (p + _Z * _Z / (2 * n)), _Z * sqrt(p * (1 - p) / n + _Z * _Z / (4 * n * n))
        scale = 1 + _Z * _Z / n
        return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)

    def against(self, yardstick: float = YARDSTICK) -> str:
        """`above` or `below` where the whole interval is, `open` where it holds the yardstick."""
        low, high = self.interval
        return "above" if low > yardstick else "below" if high < yardstick else "open"
