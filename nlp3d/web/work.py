"""Answers made in processes of their own: two at once, none longer than a limit, and a text that breaks one breaks nothing else."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from ..errors import Nlp3dError, error
from ..record import Record
from ..suggestion import Suggestion
from .answering import Question
from .replies import fragment, in_short

Reply = TypeVar("Reply")
_MOST_WAITING = 400
_START = 60.0  # seconds that a new process may need before its first answer
_WARM = Question(Record("CT FEMUR. Volume rendered images were made on an independent workstation under my direct supervision."))


class Worker:
    """One process that answers one question at a time. It ends with the one that started it."""

    def __init__(self, background: bool = False) -> None:
        self._background = background
        self._lock = threading.Lock()
        self._ended = False
        self._start()

    def _start(self) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, self._background), daemon=True, name="nlp3d-answers")
        self._process.start()
        theirs.close()
        self._warm = False

    def ask(self, limit: float, make: Callable[..., Reply], *arguments: Any) -> Reply:
        """What `make`, a function of a module, gives there. Raises `Nlp3dError`: what it raised, `answer_slow` over the limit in
        seconds, `answer_failed` if the process died."""
        with self._lock:
            try:
                self._pipe.send((make, arguments))
                if not self._pipe.poll(limit if self._warm else limit + _START):
                    self._restart()
                    raise error("answer_slow")
                result: Reply | Nlp3dError = self._pipe.recv()
            except (EOFError, OSError):
                self._restart()
                raise error("answer_failed") from None
            self._warm = True
        if isinstance(result, Nlp3dError):
            raise result
        return result

    def _restart(self) -> None:
        self._kill()
        if not self._ended:
            self._start()

    def stop(self) -> None:
        """End the process at once, for good."""
        self._ended = True
        self._kill()

    def _kill(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()


class Work:
    """A few workers behind one queue, and one more for the worklist, which steps back for the others."""

    def __init__(self, workers: int, limit: float, worklist: bool) -> None:
        self._limit, self._waiting = limit, 0
        self._workers = [Worker() for _ in range(workers)]
        self._free: asyncio.LifoQueue[Worker] | None = None
        self._background = Worker(background=True) if worklist else None

    async def run(self, make: Callable[..., Reply], *arguments: Any) -> Reply:
        """What `make` gives, as soon as a worker is free; the one who waits longest is next. Raises `Nlp3dError`."""
        if self._free is None:
            self._free = asyncio.LifoQueue()
            for worker in self._workers:
                self._free.put_nowait(worker)
        if self._waiting >= _MOST_WAITING:
            raise error("answer_busy")
        self._waiting += 1
        try:
            worker = await self._free.get()
        finally:
            self._waiting -= 1
        asked = asyncio.get_running_loop().run_in_executor(None, worker.ask, self._limit, make, *arguments)
        asked.add_done_callback(lambda _: self._free.put_nowait(worker) if self._free else None)
        return await asyncio.shield(asked)  # a browser that goes away must not free a worker that is still at it

    def suggestion(self, record: Record, profile: str) -> Suggestion:
        """The suggestion for a report of the worklist, in the background."""
        if self._background is None:
            raise error("answer_failed")
        return self._background.ask(self._limit, in_short, Question(record, profile))

    def stop(self) -> None:
        """End all processes."""
        for worker in (*self._workers, *([self._background] if self._background else [])):
            worker.stop()


def no_core_dumps() -> None:
    """A crash must not write memory, with words of reports in it, to the disk."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _work(pipe: Connection, background: bool) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    no_core_dumps()
    if background and hasattr(os, "nice"):
        os.nice(10)
    fragment(_WARM, None, None, False)
    while True:
        try:
            make, arguments = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            result: Any = make(*arguments)
        except Nlp3dError as problem:
            result = problem
        except Exception as problem:
            result = error("internal", problem=type(problem).__name__)
        pipe.send(result)
