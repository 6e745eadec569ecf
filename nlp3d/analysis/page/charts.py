"""The plots of the page as inline SVG: shapes with classes that the style sheet colours; every figure stands in a table beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from ..shares import YARDSTICK, Share

_WIDE = 1000.0


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a bar: the class that gives its colour, and its size."""

    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chart: its label, and its pieces from the bottom up."""

    label: str
    pieces: tuple[Piece, ...]

    @property
    def size(self) -> int:
        """Its height in reports."""
        return sum(piece.size for piece in self.pieces)


def zoom(whole: Sequence[Piece], part: Sequence[Piece], title: str) -> Markup:
    """A strip of everything, and its first piece drawn out to the full width below."""
    opened = _WIDE * whole[0].size / max(1, sum(piece.size for piece in whole))
    fan = Markup('<path class="fan" d="M0 34 L{w:.1f} 34 L1000 74 L0 74 Z"/>').format(w=max(opened, 2))
    body = _strip(whole, 0, 30) + fan + _strip(part, 78, 46)
    return Markup('<svg class="zoom" role="img" aria-label="{t}" viewBox="0 0 1000 124" preserveAspectRatio="none">{b}</svg>').format(t=title, b=body)


def bar(size: int, most: int, kind: str) -> Markup:
    """A bar for a table cell, as long as its share of the longest; the figure itself stands in the next cell."""
    wide = 100 * size / most if most else 0
    return Markup(
        '<svg class="bar" aria-hidden="true" viewBox="0 0 100 10" preserveAspectRatio="none"><rect class="{k}" width="{w:.2f}" height="10"/></svg>'
    ).format(k=kind, w=max(wide, 0.6) if size else 0)


def interval(share: Share) -> Markup:
    """A share as a dot on its 95 % interval, with the yardstick as a line."""
    low, high = share.interval
    return Markup(
        '<svg class="interval" aria-hidden="true" viewBox="0 0 140 18"><line class="axis" x1="2" x2="138" y1="9" y2="9"/>'
        '<line class="yard" x1="{y:.1f}" x2="{y:.1f}" y1="1" y2="17"/>'
        '<line class="range {k}" x1="{l:.1f}" x2="{h:.1f}" y1="9" y2="9"/><circle class="dot {k}" cx="{v:.1f}" cy="9" r="4.2"/></svg>'
    ).format(y=_at(YARDSTICK), l=_at(low), h=_at(high), v=_at(share.value), k=share.against())


def columns(bars: Sequence[Column], title: str) -> Markup:
    """Stacked columns over time with a scale of round numbers."""
    left, top, wide, high = 46.0, 12.0, 904.0, 196.0
    most, step = _scale(max((bar.size for bar in bars), default=0))
    parts = [_grid(value, left, top + high * (1 - value / most), wide) for value in range(0, most + 1, step)]
    slot = wide / max(1, len(bars))
    thick = min(46.0, slot * 0.66)
    every = -(-len(bars) // 14)
    for place, column in enumerate(bars):
        x, y = left + slot * place + (slot - thick) / 2, top + high
        for piece in column.pieces:
            tall = high * piece.size / most
            y -= tall
            if piece.size:
                parts.append(_rect(piece.kind, x, y + 0.75, thick, max(tall - 1.5, 0.75)))
        if place % every == 0:
            parts.append(Markup('<text class="tick" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>').format(x + thick / 2, top + high + 20, column.label))
    return Markup('<svg class="columns" role="img" aria-label="{}" viewBox="0 0 960 240">{}</svg>').format(title, Markup("").join(parts))


def swatch(kind: str) -> Markup:
    """A small square in the colour of a kind, for a legend."""
    return Markup('<svg class="swatch" aria-hidden="true" viewBox="0 0 12 12"><rect class="{}" x="0.5" y="0.5" width="11" height="11"/></svg>').format(escape(kind))


def _strip(pieces: Sequence[Piece], y: float, high: float) -> Markup:
    total = sum(piece.size for piece in pieces)
    parts, x = [], 0.0
    for piece in pieces:
        wide = _WIDE * piece.size / total if total else 0
        if piece.size:
            parts.append(_rect(piece.kind, x, y, max(wide - 2, 1.5), high))
        x += wide
    return Markup("").join(parts)


def _rect(kind: str, x: float, y: float, wide: float, high: float) -> Markup:
    return Markup('<rect class="{}" x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}"/>').format(kind, x, y, wide, high)


def _grid(value: int, x: float, y: float, wide: float) -> Markup:
    return Markup(
        '<line class="grid" x1="{0:.1f}" x2="{1:.1f}" y1="{2:.1f}" y2="{2:.1f}"/><text class="tick" x="{3:.1f}" y="{4:.1f}" text-anchor="end">{5:,}</text>'
    ).format(x, x + wide, y, x - 8, y + 4, value)


def _at(share: float) -> float:
    return 4 + 132 * share


def _scale(most: int) -> tuple[int, int]:
    """The top of a scale and its step: 1, 2 or 5 times a power of ten, three to six steps."""
    step = 1
    while step * 5 < most:
        step = step * 2 if str(step)[0] in "15" else step // 2 * 5
    return max(step, -(-most // step) * step), step
