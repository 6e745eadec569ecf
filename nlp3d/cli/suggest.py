"""`nlp3d suggest`: one report, or a file of records, to answers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Annotated, Optional

import typer

if TYPE_CHECKING:
    from ..readers import Fault
    from ..record import Record
    from ..suggestion import Suggestion

_EXIT_BY_CODE = {None: 10, "76376": 11, "76377": 12}
_EXIT_QUERY = 13

File = Annotated[str, typer.Argument(help="A report as text, records as .jsonl, or - for standard input.")]


def suggest(
    file: File = "-",
    text: Annotated[Optional[str], typer.Option(help="The report itself.")] = None,  # noqa: UP045
    title: Annotated[Optional[str], typer.Option(help="Exam title, where the text does not name it.")] = None,  # noqa: UP045
    base: Annotated[Optional[str], typer.Option(help="Group of the examination (eligible, cta, mra, nuclear ...).")] = None,  # noqa: UP045
    date_of_service: Annotated[Optional[str], typer.Option(help="As 2026-11-23; decides which rules are in force.")] = None,  # noqa: UP045
    profile: Annotated[str, typer.Option(help="strict, lenient, a payer's name, or the path of a .yaml file.")] = "strict",
    format: Annotated[Optional[str], typer.Option(help="text, json or jsonl; .jsonl input gives jsonl.")] = None,  # noqa: UP045
    explain: Annotated[bool, typer.Option("--explain", help="Show every rule with what blocked it.")] = False,
    max_chars: Annotated[int, typer.Option(help="Longest text that is read.")] = 1_000_000,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 10 no code, 11 76376, 12 76377, 13 a question to ask.")] = False,
) -> None:
    """Suggest a code for a report, with the words and the rule.

    Example: nlp3d suggest report.txt --date-of-service 2026-11-23
    """
    from ..errors import error
    from ..facts import GROUPS
    from ..readers import opened, reader_for, readers
    from ..record import Record
    from ..rules.evaluate import table_of
    from ..writers import writer, writer_names

    if text is not None and file != "-":
        raise error("two_inputs")
    if base is not None and base not in GROUPS:
        raise error("base_unknown", allowed=", ".join(GROUPS))
    names = writer_names()
    lines = text is None and reader_for(file) is readers()["jsonl"]
    chosen = format or ("jsonl" if lines else "text")
    if chosen not in names:
        raise typer.BadParameter(f"formats are {', '.join(names)}")
    given = Record.of({"text": "", "title": title, "base": base, "date_of_service": date_of_service})
    table_of(profile, given.date_of_service)
    last: Suggestion | None = None
    out = writer(chosen)
    with opened(file) if text is None else BytesIO(text.encode("utf-8", "surrogatepass")) as source:
        units: Iterator[Record | Fault] = reader_for(file).read(source, max_chars) if text is None else iter([Record(text)])
        for unit in units:
            record, last = _answer(unit, given, profile, alone=not lines)
            sys.stdout.write(out.write(last, record, explain))
    sys.stdout.flush()
    if exit_code and last is not None:
        raise typer.Exit(_EXIT_QUERY if last.queries and not last.code else _EXIT_BY_CODE[last.code])


def _answer(unit: Record | Fault, given: Record, profile: str, alone: bool) -> tuple[Record, Suggestion]:
    """The answer for a unit; a fault is raised for a single report, and becomes a line with status `error` in a file of records."""
    from ..pipeline import answer, versions
    from ..readers import Fault
    from ..record import Record
    from ..suggestion import unanswered

    if isinstance(unit, Fault):
        if alone:
            raise unit.error
        print(unit.error, file=sys.stderr)
        empty = Record("", id=unit.id)
        return empty, replace(unanswered(None, "error", profile, given.date_of_service, versions()), id=unit.id)
    record = replace(unit, title=unit.title or given.title, base=unit.base or given.base)
    return record, answer(record, profile, given.date_of_service)
