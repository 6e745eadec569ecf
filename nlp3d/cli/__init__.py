"""The command `nlp3d`. Results go to standard output, talk and errors to standard error; `app.py` puts the commands together."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command with the arguments of the process, and leave with its exit code."""
    from .app import run

    sys.exit(run(sys.argv[1:]))
