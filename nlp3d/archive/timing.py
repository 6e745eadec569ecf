"""timings.json: how long a run took; kept apart from what is compared between runs."""

from __future__ import annotations

import json
import resource
import time
from datetime import UTC, datetime
from pathlib import Path

from .durable import write
from .engine import Progress

NAME = "timings.json"


class Clock:
    """Notes when a run begins and how far it comes."""

    def __init__(self) -> None:
        self.began = datetime.now(UTC)
        self.start = time.monotonic()
        self.last = Progress()

    def __call__(self, progress: Progress) -> None:
        """Note the progress."""
        self.last = progress

    def write(self, folder: Path, workers: int) -> None:
        """Write the file. Raises `OSError`."""
        seconds = time.monotonic() - self.start
        times = {
            "began": self.began.isoformat(timespec="seconds"),
            "seconds": round(seconds, 3),
            "workers": workers,
            "units_in_this_process": self.last.done,
            "units_before": self.last.before,
            "units_per_second": round(self.last.done / seconds, 1),
            "peak_memory_mb": {
                "main": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                "largest_worker": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
            },
        }
        write(folder / NAME, (json.dumps(times, indent=1) + "\n").encode())
