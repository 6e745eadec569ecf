"""How far a run is, for a person at a terminal: one line that is written over. On anything else nothing is shown."""

from __future__ import annotations

import sys
import time

from .engine import Progress

_EVERY = 0.5  # seconds
_FIRST = 2.0  # before that no rate is worth telling


class Bar:
    """Tells of a run on standard error, at most twice a second, if that is a terminal."""

    def __init__(self) -> None:
        self.shown = sys.stderr.isatty()
        self.last = 0.0

    def __call__(self, progress: Progress) -> None:
        """Show where the run is."""
        now = time.monotonic()
        if self.shown and now - self.last >= _EVERY:
            self.last = now
            sys.stderr.write("\r" + line(progress, now).ljust(78)[:78])
            sys.stderr.flush()

    def close(self) -> None:
        """Leave the line behind."""
        if self.shown and self.last:
            sys.stderr.write("\n")


def line(progress: Progress, now: float) -> str:
    """The line.

    >>> line(Progress(units=500, done=300, before=100, fraction=0.5, started=0.0), 10.0)
    '40 %  400 of about 1,000  30/s  20 s left'
    """
    finished = progress.done + progress.before
    if not progress.fraction:
        return f"{finished:,} reports"
    total = max(finished, round(progress.units / progress.fraction))
    seconds = now - progress.started
    shown = f"{finished / total:.0%}".replace("%", " %") + f"  {finished:,} of about {total:,}"
    if seconds < _FIRST or not progress.done:
        return shown
    rate = progress.done / seconds
    quarantined = f"  {progress.quarantined:,} in quarantine" if progress.quarantined else ""
    return f"{shown}  {rate:,.0f}/s  {_span((total - finished) / rate)} left{quarantined}"


def _span(seconds: float) -> str:
    """A span of time in the unit that a person would use."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
