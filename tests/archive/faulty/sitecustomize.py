"""Loaded by every Python process whose path holds this folder: makes the disk fail and reports deadly, as variables ask for.

FAULT   `fsync 3`: the third call of os.fsync in each process fails, once; also replace, write (to files only)
POISON  a file's path: a text with "deadly" kills its process, "once deadly" only while that file is missing, "endless" never ends,
        "raising" raises an error that repeats the text
"""

import errno
import os
import signal
import stat
import time


def failing(name, at):
    """Make the `at`-th call of an `os` function fail."""
    real, calls = getattr(os, name), [0]

    def call(*arguments, **named):
        if name != "write" or stat.S_ISREG(os.fstat(arguments[0]).st_mode):
            calls[0] += 1
            if calls[0] == at:
                raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments, **named)

    setattr(os, name, call)


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
