"""`nlp3d suggest`: one report, or a file of records, to answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import Nlp3dError, error
from .terminal import detail, note, put, say

if TYPE_CHECKING:
    from ..readers import Fault
    from ..record import Record
    from ..suggestion import Suggestion

_EXIT_BY_CODE = {None: 10, "76376": 11, "76377": 12}
_EXIT_QUERY = 13


def suggest(
    file: Annotated[str, typer.Argument(help="A report as text, records as .jsonl, or - for standard input.")] = "-",
    text: Annotated[str | None, typer.Option(help="The report itself.")] = None,
    title: Annotated[str | None, typer.Option(help="Exam title, where the text does not name it.")] = None,
    base: Annotated[str | None, typer.Option(help="Group of the examination: eligible, cta, mra, nuclear ...")] = None,
    date_of_service: Annotated[str | None, typer.Option(help="As 2026-11-23; decides which rules are in force.")] = None,
    profile: Annotated[str, typer.Option(help="strict, lenient, a payer's name, or the path of a .yaml file.")] = "strict",
    format: Annotated[str | None, typer.Option(help="text, json or jsonl; .jsonl input gives jsonl.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show every rule with what blocked it.")] = False,
    max_chars: Annotated[int, typer.Option(min=1, help="Longest text that is read.")] = 1_000_000,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 10 no code, 11 76376, 12 76377, 13 a question.")] = False,
) -> int:
    """Suggest a code for a report, with the words and the rule.

    \b
    Examples:
      nlp3d suggest report.txt --date-of-service 2026-03-01
      nlp3d suggest reports.jsonl > answers.jsonl
    """
    from ..pipeline import versions
    from ..readers import opened, reader, reader_for
    from ..record import Record
    from ..rules.evaluate import table_of
    from ..writers import writer

    if text is not None and file != "-":
        raise error("usage_two_texts")
    kind = "text" if text is not None else reader_for(file)
    records = kind != "text"
    if exit_code and records:
        raise error("usage_exit_code")
    given = Record.of({"text": "", "title": title, "base": base, "date_of_service": date_of_service})
    edition = table_of(profile, given.date_of_service).edition
    detail(f"profile {profile}, rules {edition.pack}, sha256 {edition.sha256}, versions {dict(versions())}")
    out = writer(format or ("jsonl" if records else "text"))
    last: Suggestion | None = None
    with opened(file) if text is None else BytesIO() as source:
        units: Iterator[Record | Fault] = _typed(text, max_chars) if text is not None else reader(kind).read(source, max_chars, _note)
        for unit in units:
            record, last = _answer(unit, given, profile, records)
            put(out.write(last, record, explain))
    if not exit_code or last is None:
        return 0
    return _EXIT_QUERY if last.queries and not last.code else _EXIT_BY_CODE[last.code]


def _note(problem: Exception) -> None:
    note(str(problem))


def _typed(text: str, limit: int) -> Iterator[Record | Fault]:
    from ..readers import Fault
    from ..record import Record

    yield Record(text) if len(text) <= limit else Fault(error("text_too_long", limit=f"{limit:,}"))


def _answer(unit: Record | Fault, given: Record, profile: str, records: bool) -> tuple[Record | None, Suggestion]:
    """The answer for a unit; a fault is raised for a single report, and becomes an answer with status `error` among records."""
    from ..pipeline import answer
    from ..readers import Fault

    if isinstance(unit, Fault):
        if not records:
            raise unit.error
        say(str(unit.error))
        return None, _failed(unit.id, given, profile)
    record = replace(unit, title=unit.title or given.title, base=unit.base or given.base)
    try:
        return record, answer(record, profile, given.date_of_service)
    except Exception as problem:  # one record must not stop the others
        if not records:
            raise
        say(str(problem if isinstance(problem, Nlp3dError) else error("internal", problem=type(problem).__name__)))
        return record, _failed(record.id, given, profile)


def _failed(id: str | None, given: Record, profile: str) -> Suggestion:
    from ..pipeline import versions
    from ..suggestion import unanswered

    return replace(unanswered(None, "error", profile, given.date_of_service, versions()), id=id)
