"""The commands put together, and what becomes of every fault: one clear message, one exit code, never a traceback.

Exit codes: 0 ok, 1 internal fault, 2 wrong use, 4 input or output, 130 interrupted, 141 the reader of the output went away.
Messages never repeat an argument, a file name or a value, since each may be a patient's.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from ..errors import Nlp3dError, error
from . import analysis, annotate, audit, batch, codes, configuration, doctor, evaluate, rules, schema, serve, suggest, vocabulary
from .everywhere import apply, defaults, spread
from .terminal import say, without_reader

_OK, _INTERNAL, _USAGE, _IO, _INTERRUPTED, _NO_READER = 0, 1, 2, 4, 130, 141
_INTERNAL_CODES = ("doctor_",)
_IO_CODES = ("annotation_format", "annotation_span", "file_", "text_", "line_", "gold_", "output_")

app = typer.Typer(
    name="nlp3d",
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("suggest", short_help="Suggest 76376, 76377 or no code for reports.")(suggest.suggest)
app.command("batch", short_help="Answer an archive: any number of reports, resumable.")(batch.batch)
app.add_typer(rules.app, name="rules")
app.add_typer(vocabulary.app, name="vocab")
app.add_typer(annotate.app, name="annotate")
app.command("eval", short_help="Count how well answers meet annotated reports.")(evaluate.evaluate)
app.add_typer(codes.app, name="codes")
app.add_typer(configuration.app, name="config")
app.command("doctor", short_help="Check this installation: versions, memory, disk, settings, hashes.")(doctor.doctor)
app.command("report", short_help="Write the archive page of a run.")(analysis.report)
app.command("sample", short_help="Draw rows of a run for audit.")(analysis.sample)
app.command("compare", short_help="Say what changed from one run to another, and why.")(analysis.compare)
app.command("serve", short_help="Open the coder's page on this computer.")(serve.serve)
app.add_typer(audit.app, name="audit")
app.command("schema", short_help="Print the JSON Schema of answers or records.")(schema.schema)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors on standard error.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more; with --version: the versions of all parts.")] = False,
    color: Annotated[str | None, typer.Option(help="auto, always or never; auto heeds NO_COLOR and FORCE_COLOR.")] = None,
    config: Annotated[str | None, typer.Option(help="A file of settings to read last, or off to read none.")] = None,
) -> None:
    """Which code for 3D rendering a radiology report supports - 76376, 76377 or none - and which words say so.

    A suggestion with its evidence; a human coder decides. Nothing leaves this computer.

    \b
    Examples:
      nlp3d suggest report.txt --date-of-service 2026-03-01
      nlp3d suggest reports.jsonl > answers.jsonl
      nlp3d rules list
    """
    for name, value in (("quiet", quiet), ("verbose", verbose), ("color", color), ("config", config)):
        apply(name, value)
    context.default_map = defaults(context.command)
    if version:
        from .versions import show

        show(verbose)
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


def run(arguments: Sequence[str]) -> int:
    """Run the command; the exit code is given back, never raised."""
    try:
        result = spread(typer.main.get_command(app)).main(args=list(arguments), prog_name="nlp3d", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else _OK
    except SystemExit as leave:  # a closed pipe met by the parser itself
        without_reader()
        return _NO_READER if leave.code == 1 else int(leave.code or _OK)
    except BrokenPipeError:
        without_reader()
        return _NO_READER
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as problem:
        return _fault(problem)


def _fault(problem: Exception) -> int:
    if os.environ.get("NLP3D_UNSAFE_DEBUG") == "1":
        raise problem
    if isinstance(problem, Nlp3dError):
        say(str(problem))
        return _IO if problem.code.startswith(_IO_CODES) else _INTERNAL if problem.code.startswith(_INTERNAL_CODES) else _USAGE
    if isinstance(problem, OSError):
        say(str(error("output_failed", problem=(problem.strerror or "unknown").lower())))
        return _IO
    if type(problem).__name__ == "NoArgsIsHelpError":
        context: Any = getattr(problem, "ctx", None)
        typer.echo(context.get_help() if context else "nlp3d --help")
        return _OK
    if hasattr(problem, "format_message"):
        say(str(_usage(problem)))
        return _USAGE
    if isinstance(problem, typer.Abort):
        return _INTERRUPTED
    say(str(error("internal", problem=type(problem).__name__)))
    return _INTERNAL


def _usage(problem: Any) -> Nlp3dError:
    """What is wrong with the arguments, without repeating any: the names of options come from the program, not from the caller."""
    context = getattr(problem, "ctx", None)
    command = getattr(context, "command_path", None) or "nlp3d"
    parameter = getattr(problem, "param", None)
    named = max(parameter.opts, key=len) if parameter is not None and parameter.opts else None
    if named is not None:
        shown = named if named.startswith("-") else named.upper()
        return error("usage_value", shown, command=command)
    kinds = {"NoSuchOption": "usage_option", "BadOptionUsage": "usage_option_value"}
    return error(kinds.get(type(problem).__name__, "usage"), command=command)
