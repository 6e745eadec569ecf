"""A run over an archive: input in parts, parts to workers, finished parts into the ledger, then the run's papers.

Nothing is lost: a unit of the input is in the rows of exactly one part or in the quarantine of exactly one part, and a part is noted
in the ledger only once its file stands in its place. A run that was ended in any way goes on with what the ledger lacks.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import error
from . import durable, quarantine
from .intake import Input, Unit, count_of, fingerprint, parts, share_read
from .ledger import NAME as LEDGER
from .ledger import Ledger, Part
from .lock import NAME as LOCK
from .lock import locked
from .manifest import close, identity_of
from .pool import Pool
from .rows import Settings
from .run import ANSWERS, MANIFEST, QUARANTINE
from .spans import Span
from .worker import Done, Failed, Task

WORK = ".work"
PART_SIZE = 5_000
_BYTES_A_WORKER = 4 << 20  # of input, before another worker is worth its start
Stopped = Callable[[], int | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run is made. `shard` (number, of) takes every so-manieth part; `memory` is a worker's address space in bytes, `wall` the
    most seconds for one report, `payload` whether the bytes of what is quarantined are kept."""

    settings: Settings
    workers: int = 1
    part_size: int = PART_SIZE
    shard: tuple[int, int] = (1, 1)
    resume: bool = False
    overwrite: bool = False
    memory: int | None = None
    wall: float = 10.0
    payload: bool = True
    formats: tuple[str, ...] = ()


@dataclass(slots=True)
class Progress:
    """How far a run is: units handed out, units done in this process and before, quarantined ones, and the share of the input's bytes
    that the units handed out make up."""

    units: int = 0
    done: int = 0
    before: int = 0
    quarantined: int = 0
    fraction: float = 0.0
    started: float = field(default_factory=time.monotonic)


class Interrupted(Exception):
    """A signal asked the run to end; `signal` is its number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.signal = number


def run_archive(source: Input, folder: Path, plan: Plan, tell: Callable[[Progress], None] = lambda _: None) -> dict[str, Any]:
    """Make a run and give its manifest. Raises `Nlp3dError` (`run_locked`, `run_exists`, `run_changed`, `disk_full` ...), `Interrupted`."""
    with disk_told(source):
        durable.make_folder(folder)
        with locked(folder), _signals() as stopped:
            identity = identity_of(source, fingerprint(source), plan.settings, plan.part_size, plan.shard)
            _prepare(folder, identity, plan)
            with closing(Ledger(folder / LEDGER)) as ledger:
                if not ledger.identity():
                    ledger.begin(identity)
                _answer(source, folder, plan, ledger, tell, stopped)
                if fingerprint(source) != identity["input"]:
                    raise error("run_changed", what="the input")
                manifest = close(folder, ledger, identity, plan.formats)
            shutil.rmtree(folder / WORK, ignore_errors=True)
            return manifest


@contextmanager
def disk_told(source: Input) -> Iterator[None]:
    """Turn what a disk and the ledger raise into an error that says what to do."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise error("disk_full", needed=_size(_estimate(source))) from None
        raise error("disk_failed", problem=(problem.strerror or type(problem).__name__).lower()) from None
    except sqlite3.OperationalError as problem:
        if "full" in str(problem):  # SQLite's own words, none of the input
            raise error("disk_full", needed=_size(_estimate(source))) from None
        raise error("disk_failed", problem="ledger") from None


def _prepare(folder: Path, identity: dict[str, Any], plan: Plan) -> None:
    """The folder as this run wants it: empty, or with the parts of a run that was started in the very same way."""
    begun = (folder / LEDGER).exists()
    if plan.overwrite and (begun or (folder / MANIFEST).exists()):
        for name in (MANIFEST, "timings.json", LEDGER, f"{LEDGER}-wal", f"{LEDGER}-shm"):
            (folder / name).unlink(missing_ok=True)
        for name in (ANSWERS, QUARANTINE):
            shutil.rmtree(folder / name, ignore_errors=True)
    elif begun and plan.resume:
        with closing(Ledger(folder / LEDGER)) as ledger:
            before = ledger.identity()
        changed = [key for key in identity if before and before.get(key) != identity[key]]
        if changed:
            raise error("run_changed", what=", ".join(changed))
    elif begun or (folder / ANSWERS).exists() or (folder / MANIFEST).exists():
        raise error("run_exists")
    elif {one.name for one in folder.iterdir()} - {LOCK, WORK}:
        raise error("run_not_empty")
    shutil.rmtree(folder / WORK, ignore_errors=True)
    for name in (WORK, ANSWERS, QUARANTINE):
        durable.make_folder(folder / name)


def _answer(source: Input, folder: Path, plan: Plan, ledger: Ledger, tell: Callable[[Progress], None], stopped: Stopped) -> None:
    progress, finished = Progress(), _sound_parts(ledger, folder)

    def tasks() -> Iterator[Task]:
        for number, chunk in _parts(source, plan, folder / WORK):
            count = sum(map(count_of, chunk))
            progress.units += count
            progress.fraction = share_read(source, chunk[-1]) / plan.shard[1]
            if number in finished:
                progress.before += count
            else:
                yield Task(number, chunk)

    early = 1 + sum(source.sizes) // _BYTES_A_WORKER
    with Pool(plan.workers, source, plan.settings, str(folder / WORK), plan.memory, plan.wall, early) as pool:
        for task, result in pool.run(tasks(), lambda: _heed(stopped)):
            if isinstance(result, Failed):
                raise OSError(result.errno or errno.EIO, "part not written")
            _commit(result, folder, plan, ledger)
            progress.done += sum(map(count_of, task.units))
            progress.quarantined += len(result.refused)
            tell(progress)
    _heed(stopped)


def _heed(stopped: Stopped) -> None:
    number = stopped()
    if number is not None:
        raise Interrupted(number)


def _parts(source: Input, plan: Plan, folder: Path) -> Iterator[tuple[int, list[Unit | Span]]]:
    """The units of each part of this shard."""
    wanted, of = plan.shard
    for number, part in enumerate(parts(source, plan.part_size, folder)):
        if number % of == wanted - 1:
            yield number, part


def _sound_parts(ledger: Ledger, folder: Path) -> set[int]:
    """The parts that are done and whose files are what the ledger says; others are taken back."""
    sound = set()
    for part in list(ledger.parts()):
        path = part_path(folder, part.number)
        if part.sha256 is None or (path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == part.sha256):
            sound.add(part.number)
        else:
            ledger.forget(part.number)
    return sound


def part_path(folder: Path, number: int) -> Path:
    """The file of a part."""
    return folder / ANSWERS / f"part-{number:06d}.parquet"


def _commit(done: Done, folder: Path, plan: Plan, ledger: Ledger) -> None:
    first = done.number * plan.part_size
    entries: list[tuple[int, dict[str, Any]]] = []
    for position, (reason, unit) in sorted(done.refused.items()):
        raw, kind = quarantine.raw_of(unit)
        kept = quarantine.keep(folder, first + position, raw, kind) if plan.payload and raw is not None else None
        entries.append((position, quarantine.entry_of(first + position, unit, reason, kept, raw)))
    if done.staged is not None:
        durable.settle(Path(done.staged), part_path(folder, done.number))
    ledger.commit(Part(done.number, done.read, done.taken, done.rows, done.sha256, done.bytes, done.counts), entries)


def _estimate(source: Input) -> int:
    """Bytes that the output is likely to need: measured on archives of invented reports, with room to spare."""
    return sum(source.sizes) // 2 + (16 << 20)


def preflight(source: Input, folder: Path) -> tuple[int, int]:
    """Bytes the output is likely to need, and bytes that are free where it would lie."""
    there = folder
    while not there.exists():
        there = there.parent
    return _estimate(source), shutil.disk_usage(there).free


def _size(count: int) -> str:
    return f"{count / (1 << 20):,.0f} MB"


@contextmanager
def _signals() -> Iterator[Stopped]:
    """SIGINT and SIGTERM are noted and heeded between parts; a second one ends the process at once."""
    caught: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return

    def note(number: int, _: object) -> None:
        if caught:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        caught.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: caught[0] if caught else None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
