"""The command `nlp3d`: results on standard output, talk on standard error, errors with what to do next.

Exit codes: 0 ok, 1 internal, 2 usage, 4 input or output. Modules are imported within the commands, so that `--help` is quick.
"""

from __future__ import annotations

import os
import sys

import typer

from . import evaluate, rules, suggest, vocab
from .common import EXIT_INTERNAL, EXIT_IO, EXIT_USAGE, USAGE_ERRORS

app = typer.Typer(
    name="nlp3d",
    help="Does a radiology report support CPT 76376, 76377 or no code, and which words say so? A human coder decides.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("suggest")(suggest.suggest)
app.command("eval")(evaluate.evaluate)
app.command("schema")(evaluate.schema)
app.add_typer(rules.app, name="rules")
app.add_typer(vocab.app, name="vocab")


def _version(wanted: bool) -> None:
    if wanted:
        from ..pipeline import versions

        typer.echo(" ".join(f"{name} {number}" for name, number in versions().items()))
        raise typer.Exit


@app.callback()
def _root(version: bool = typer.Option(False, "--version", help="Show the version.", callback=_version, is_eager=True)) -> None:
    """Options of the whole command."""


def main() -> None:
    """Run the command; every failure ends in one sentence and an exit code, none with words of a report."""
    from ..errors import Nlp3dError

    try:
        app()
    except Nlp3dError as problem:
        print(problem, file=sys.stderr)
        sys.exit(EXIT_USAGE if problem.code in USAGE_ERRORS else EXIT_IO)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as problem:
        print(f"io: {(problem.strerror or type(problem).__name__).lower()}", file=sys.stderr)
        sys.exit(EXIT_IO)
    except Exception as problem:  # the last border: an unforeseen fault must not print what it was working on
        print(f"internal: {type(problem).__name__}. Please report it, without the report's text.", file=sys.stderr)
        sys.exit(EXIT_INTERNAL)
