"""One worker: a process of its own that answers the units of a part, one after another, and leaves the part's file beside its place.

It says in shared memory which unit it is at, so that its parent knows what to blame when it dies or does not come to an end. It
writes no words anywhere but into the part, and leaves no core dump.
"""

from __future__ import annotations

import gc
import hashlib
import os
import signal
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ..errors import Nlp3dError
from ..record import Record
from .durable import stage
from .intake import Input, Unit, units
from .lines import KINDS, Cells, Kind, Lines
from .prefilter import TooMuchWork
from .rows import Settings
from .spans import Span
from .table import to_parquet

IDLE = -1
# Answered before any report, so that loading is not counted as its time.
_FIRST = ("CT FACE\n\nTechnique: no 3D images of the bone.\n", "CT FACE\n\nFindings: The bones of the face are whole.\n")
_NOT_NEEDED = ("pandas", "numpy")  # pyarrow would load them for nothing


@dataclass(frozen=True, slots=True)
class Task:
    """The units of one part. `skip`: positions that are not to be answered, with the reason why."""

    number: int
    units: Sequence[Unit | Span]
    skip: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a task: the staged file with its hash and size (None: no rows), rows, records that were read and that are in rows,
    counts, and the refused units by position, each with the reason."""

    number: int
    staged: str | None
    sha256: str | None
    bytes: int
    rows: int
    read: int
    taken: int
    counts: Mapping[str, Mapping[str, int]]
    refused: Mapping[int, tuple[str, Unit]]


@dataclass(frozen=True, slots=True)
class Failed:
    """A part that could not be read or written: the number of the operating system's error."""

    number: int
    errno: int | None


def work(pipe: Connection, at: Any, source: Input, settings: Settings, folder: str, memory: int | None) -> None:
    """Answer tasks from the pipe until it closes. `at` is shared: the position of the unit that is being answered, or `IDLE`;
    `memory` the most bytes of address space."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _limit(memory)
    parent = os.getppid()
    for name in _NOT_NEEDED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    lines = Lines(settings)
    for text in _FIRST:
        lines(Record(text), ())
    gc.collect()
    gc.freeze()
    gc.disable()  # an answer leaves next to no circles behind; they are looked for after each part
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            return
        if task is None:
            return
        try:
            pipe.send(_done(task, at, source, lines, Path(folder), parent))
        except (OSError, Nlp3dError) as problem:
            at.value = IDLE
            pipe.send(Failed(task.number, getattr(problem, "errno", None)))
        gc.collect()


def _done(task: Task, at: Any, source: Input, lines: Lines, folder: Path, parent: int) -> Done:
    cells: list[Cells] = []
    refused: dict[int, tuple[str, Unit]] = {}
    kinds: Counter[Kind] = Counter()
    notes: Counter[str] = Counter()
    replaced: Counter[str] = Counter()
    read = taken = 0
    at.value = 0
    for position, unit in enumerate(units(source, task.units)):
        read += unit.records
        reason = task.skip.get(position)
        if unit.record is None:
            reason = unit.reason
        elif reason is None:
            try:
                row, kind = lines(unit.record, unit.source, unit.notes)
            except TooMuchWork:
                reason = "too_complex"
            except MemoryError:
                reason = "out_of_memory"
            except Exception:  # nothing of it may be shown: it can hold words of the report
                reason = "internal"
            else:
                cells.append(row)
                kinds[kind] += 1
                taken += unit.records
                notes.update(unit.notes)
                for place in unit.source:
                    if "counts" in place:
                        replaced.update(place["counts"])
        if reason is not None:
            refused[position] = (reason, unit)
        at.value = position + 1
        if os.getppid() != parent:
            os._exit(0)
    at.value = IDLE
    if not cells:
        return Done(task.number, None, None, 0, 0, read, taken, {}, refused)
    content = to_parquet(cells)
    staged = folder / f"part-{task.number:06d}.{os.getpid()}.tmp"
    stage(staged, content)
    counts: dict[str, Mapping[str, int]] = {name: _counted(kinds, place) for place, name in enumerate(KINDS)}
    counts |= {name: found for name, found in (("notes", notes), ("replaced", replaced)) if found}
    return Done(task.number, str(staged), hashlib.sha256(content).hexdigest(), len(content), len(cells), read, taken, counts, refused)


def _counted(kinds: Counter[Kind], place: int) -> dict[str, int]:
    """How often each value of one of `KINDS` comes."""
    counts: Counter[str] = Counter()
    for kind, times in kinds.items():
        counts[kind[place] or "none"] += times
    return dict(counts)


def _limit(memory: int | None) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory is not None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
