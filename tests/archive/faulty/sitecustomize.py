"""Loaded by every Python process whose path holds this folder: makes the disk fail and reports deadly, as variables ask for.

FAULT   `fsync 3`: the third call of os.fsync in each process fails, once; also replace, write (to files only), open (the built-in, for
        writing), sqlite (a statement of the ledger); the file that HIT names is made then
POISON  a file's path: a text with "deadly" kills its process, "once deadly" only while that file is missing, "endless" never ends,
        "greedy" asks for 6 GB,
        "raising" raises an error that repeats the text
"""

import builtins
import errno
import io
import os
import signal
import stat
import time


def failing(name, at):
    """Make the `at`-th call of an operation fail."""
    calls = [0]

    def due(raised):
        calls[0] += 1
        if calls[0] == at:
            os.close(os.open(os.environ.get("HIT", os.devnull), os.O_WRONLY | os.O_CREAT, 0o600))
            raise raised

    def full():
        return OSError(errno.ENOSPC, "No space left on device")

    if name == "sqlite":
        failing_ledger(due)
        return
    if name == "open":
        real_open = io.open

        def opened(file, mode="r", *arguments, **named):
            if set(mode) & set("wax+") and not isinstance(file, int):  # a number is a pipe
                due(full())
            return real_open(file, mode, *arguments, **named)

        builtins.open = io.open = opened
        return
    real = getattr(os, name)

    def call(*arguments, **named):
        if name != "write" or stat.S_ISREG(os.fstat(arguments[0]).st_mode):
            due(full())
        return real(*arguments, **named)

    setattr(os, name, call)


def failing_ledger(due):
    """Have every statement of a SQLite connection ask whether it is due to fail."""
    import sqlite3

    def error():
        return sqlite3.OperationalError("database or disk is full")

    class Connection(sqlite3.Connection):
        def execute(self, *arguments):
            due(error())
            return super().execute(*arguments)

        def executemany(self, *arguments):
            due(error())
            return super().executemany(*arguments)

        def executescript(self, *arguments):
            due(error())
            return super().executescript(*arguments)

    real = sqlite3.connect
    sqlite3.connect = lambda *arguments, **named: real(*arguments, factory=Connection, **named)


def poisoned(marker):
    """Make certain texts deadly."""
    import nlp3d.text

    real = nlp3d.text.sanitize

    def sanitize(raw):
        if "once deadly" in raw:
            if not os.path.exists(marker):
                open(marker, "w").close()
                os.kill(os.getpid(), signal.SIGKILL)
        elif "deadly" in raw:
            os.kill(os.getpid(), signal.SIGKILL)
        if "greedy" in raw:
            bytearray(6 << 30)  # not touched, so it harms nobody; a limit refuses it all the same
        if "endless" in raw:
            time.sleep(1000)
        if "raising" in raw:
            raise ValueError(raw)
        return real(raw)

    nlp3d.text.sanitize = sanitize


if "FAULT" in os.environ:
    function, place = os.environ["FAULT"].split()
    failing(function, int(place))
if "POISON" in os.environ:
    poisoned(os.environ["POISON"])
