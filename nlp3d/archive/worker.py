"""One worker: a process of its own that answers the units of a part, one after another, and leaves the part's file beside its place.

It says in shared memory which unit it is at, so that its parent knows what to blame when it dies or does not come to an end. It
writes no words anywhere but into the part, and leaves no core dump.
"""

from __future__ import annotations

import hashlib
import os
import signal
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ..record import Record
from .durable import stage
from .intake import Unit
from .prefilter import TooMuchWork
from .rows import Settings, row_of
from .table import to_parquet

IDLE = -1
COUNTED = ("status", "code", "reason", "billed", "detail")  # each with one value a row
_FIRST = Record("CT FACE. No 3D images.")  # answered before any report, so that loading is not counted as its time


@dataclass(frozen=True, slots=True)
class Task:
    """The units of one part. `skip`: positions that are not to be answered, with the reason why."""

    number: int
    units: Sequence[Unit]
    skip: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a task: the staged file with its hash and size (None: no rows), rows, counts, and refused positions."""

    number: int
    staged: str | None
    sha256: str | None
    bytes: int
    rows: int
    counts: Mapping[str, Mapping[str, int]]
    refused: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Failed:
    """A part that could not be written: the number of the operating system's error."""

    number: int
    errno: int | None


def work(pipe: Connection, at: Any, settings: Settings, folder: str, memory: int | None) -> None:
    """Answer tasks from the pipe until it closes. `at` is shared: the position of the unit that is being answered, or `IDLE`;
    `memory` the most bytes of address space."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _limit(memory)
    parent = os.getppid()
    row_of(_FIRST, settings)
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            return
        if task is None:
            return
        try:
            pipe.send(_done(task, at, settings, Path(folder), parent))
        except OSError as problem:
            at.value = IDLE
            pipe.send(Failed(task.number, problem.errno))


def _done(task: Task, at: Any, settings: Settings, folder: Path, parent: int) -> Done:
    rows: list[dict[str, Any]] = []
    refused = dict(task.skip)
    counts: dict[str, Counter[str]] = {name: Counter() for name in COUNTED}
    more: dict[str, Counter[str]] = {name: Counter() for name in ("notes", "replaced")}
    for position, unit in enumerate(task.units):
        if unit.record is None:
            refused[position] = unit.reason
        if position in refused:
            continue
        at.value = position
        try:
            row = row_of(unit.record, settings, unit.source, unit.notes) if unit.record else {}
        except TooMuchWork:
            refused[position] = "too_complex"
        except MemoryError:
            refused[position] = "out_of_memory"
        except Exception:  # nothing of it may be shown: it can hold words of the report
            refused[position] = "internal"
        else:
            rows.append(row)
            for name, counter in counts.items():
                counter[row[name] or "none"] += 1
            more["notes"].update(unit.notes)
            for place in unit.source:
                more["replaced"].update(place.get("counts", {}))
        if os.getppid() != parent:
            os._exit(0)
    at.value = IDLE
    if not rows:
        return Done(task.number, None, None, 0, 0, {}, refused)
    content = to_parquet(rows)
    staged = folder / f"part-{task.number:06d}.{os.getpid()}.tmp"
    stage(staged, content)
    return Done(task.number, str(staged), hashlib.sha256(content).hexdigest(), len(content), len(rows), {**counts, **{name: found for name, found in more.items() if found}}, refused)


def _limit(memory: int | None) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory is not None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
