"""Workers that may die: each is a spawned process with a pipe of its own, so the death of one touches one part only.

A part whose worker died is done again by a new one. A report at which two workers died, or at which one did not come to an end, is
left out of the third attempt and goes to quarantine. When a part has cost many workers, each further death is blamed at once, so
the work always comes to an end.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import wait
from typing import Any

from ..errors import error
from .intake import Input
from .rows import Settings
from .worker import IDLE, Done, Failed, Task, work

_TICK = 0.2  # seconds between looks at the clock
_PATIENCE = 6  # deaths in one part before each further one is blamed without proof
_FAILED_STARTS = 3


@dataclass(slots=True)
class _Worker:
    """A process, its pipe, what it does and since when it is at the same unit."""

    process: Any
    pipe: Any
    at: Any
    task: Task | None = None
    seen: int = IDLE
    since: float = 0.0
    finished: int = 0


@dataclass(slots=True)
class _Trouble:
    """What a part has cost so far."""

    deaths: int = 0
    blamed: set[int] = field(default_factory=set)
    skip: dict[int, str] = field(default_factory=dict)


class Pool:
    """`size` workers. Use as a context; leaving it ends them all. `early` of them start at once, the others when there is work for them."""

    def __init__(self, size: int, source: Input, settings: Settings, folder: str, memory: int | None, wall: float, early: int = 0) -> None:
        self.size, self.source, self.settings, self.folder, self.memory, self.wall = size, source, settings, folder, memory, wall
        self.early = min(size, early)
        self.context = get_context("spawn")
        self.workers: list[_Worker] = []
        self.troubles: dict[int, _Trouble] = {}
        self.again: deque[Task] = deque()
        self.failed_starts = 0

    def __enter__(self) -> Pool:
        for _ in range(self.early):
            self._start()
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            worker.process.kill()
        for worker in self.workers:
            worker.process.join()
            worker.pipe.close()
        self.workers = []

    def run(self, tasks: Iterable[Task], heed: Callable[[], None]) -> Iterator[tuple[Task, Done | Failed]]:
        """Do the tasks; results come as they are ready, in any order. Tasks are taken only as workers get free. `heed` is called
        a few times a second and may raise."""
        waiting = iter(tasks)
        open_ended = True
        while True:
            heed()
            while open_ended and not self.again and len(self._busy()) < self.size:
                task = next(waiting, None)
                if task is None:
                    open_ended = False
                else:
                    self._give(task)
            while self.again and len(self._busy()) < self.size:
                self._give(self.again.popleft())
            if not self._busy():
                if open_ended or self.again:
                    continue
                return
            yield from self._look()

    def _busy(self) -> list[_Worker]:
        return [worker for worker in self.workers if worker.task is not None]

    def _give(self, task: Task) -> None:
        free = next((worker for worker in self.workers if worker.task is None), None) or self._start()
        free.task, free.seen, free.since = task, IDLE, time.monotonic()
        try:
            free.pipe.send(task)
        except OSError:
            return  # it is dead; `_look` finds that out

    def _start(self) -> _Worker:
        here, there = self.context.Pipe()
        at = self.context.Value("q", IDLE, lock=False)
        process = self.context.Process(target=work, args=(there, at, self.source, self.settings, self.folder, self.memory), daemon=True)
        process.start()
        there.close()
        worker = _Worker(process, here, at)
        self.workers.append(worker)
        return worker

    def _look(self) -> Iterator[tuple[Task, Done | Failed]]:
        busy = self._busy()
        wait([*(worker.pipe for worker in busy), *(worker.process.sentinel for worker in busy)], _TICK)
        for worker in busy:
            dead = not worker.process.is_alive()
            if worker.pipe.poll():
                try:
                    result = worker.pipe.recv()
                except (EOFError, OSError):
                    dead = True
                else:
                    if worker.task is not None:
                        task, worker.task = worker.task, None
                        worker.finished += 1
                        self.failed_starts = 0
                        self.troubles.pop(task.number, None)
                        yield task, result
                    continue
            if dead:
                self._lost(worker, "worker_crash")
            elif self._stuck(worker):
                worker.process.kill()
                self._lost(worker, "timeout")

    def _stuck(self, worker: _Worker) -> bool:
        """Whether a worker has been at the same unit for longer than the wall limit."""
        now, at = time.monotonic(), int(worker.at.value)
        if at != worker.seen:
            worker.seen, worker.since = at, now
        return at != IDLE and now - worker.since > self.wall

    def _lost(self, worker: _Worker, reason: str) -> None:
        task, at = worker.task, int(worker.at.value)
        self.workers.remove(worker)
        worker.process.join()
        worker.pipe.close()
        if task is None:
            return
        if at == IDLE and not worker.finished:
            self.failed_starts += 1
            if self.failed_starts > _FAILED_STARTS * self.size:
                raise error("workers_die")
        trouble = self.troubles.setdefault(task.number, _Trouble())
        trouble.deaths += 1
        if at != IDLE and (reason == "timeout" or at in trouble.blamed or trouble.deaths > _PATIENCE):
            trouble.skip[at] = reason
        trouble.blamed.add(at)
        self.again.append(Task(task.number, task.units, dict(trouble.skip)))
