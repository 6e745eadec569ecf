"""`nlp3d suggest`: one report, or a file of records, to answers."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import Nlp3dError, error
from .terminal import detail, note, put, say

if TYPE_CHECKING:
    from ..readers import Item, Options
    from ..record import Record
    from ..suggestion import Suggestion

_EXIT_BY_CODE = {None: 10, "76376": 11, "76377": 12}
_EXIT_QUERY = 13


def suggest(
    file: Annotated[str, typer.Argument(help="A report, a file of records or messages, or - for standard input.")] = "-",
    text: Annotated[str | None, typer.Option(help="The report itself.")] = None,
    title: Annotated[str | None, typer.Option(help="Exam title, where the text does not name it.")] = None,
    base: Annotated[str | None, typer.Option(help="Group of the examination: eligible, cta, mra, nuclear ...")] = None,
    date_of_service: Annotated[str | None, typer.Option(help="As 2026-11-23; decides which rules are in force.")] = None,
    profile: Annotated[str, typer.Option(help="strict, lenient, a payer's name, or the path of a .yaml file.")] = "strict",
    format: Annotated[str | None, typer.Option(help="text, json or jsonl; .jsonl input gives jsonl.")] = None,
    from_: Annotated[str | None, typer.Option("--from", help="How to read: text, rtf, jsonl, csv, parquet, hl7, fhir; found out if not given.")] = None,
    column: Annotated[list[str] | None, typer.Option(help="FIELD=COLUMN where a column has no usual name; may be repeated.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show every rule with what blocked it.")] = False,
    max_chars: Annotated[int, typer.Option(min=1, help="Longest text that is read.")] = 1_000_000,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 10 no code, 11 76376, 12 76377, 13 a question.")] = False,
) -> int:
    """Suggest a code for a report, with the words and the rule.

    \b
    Examples:
      nlp3d suggest report.txt --date-of-service 2026-03-01
      nlp3d suggest reports.csv --column text=REPORT > answers.jsonl
    """
    from ..pipeline import versions
    from ..readers import Options, columns_given, is_single, open_source, reader
    from ..record import Record
    from ..rules.evaluate import table_of
    from ..writers import writer

    if text is not None and file != "-":
        raise error("usage_two_texts")
    if os.path.isdir(file):
        raise error("file_is_folder")
    given = Record.of({"text": "", "title": title, "base": base, "date_of_service": date_of_service})
    edition = table_of(profile, given.date_of_service).edition
    detail(f"profile {profile}, rules {edition.pack}, sha256 {edition.sha256}, versions {dict(versions())}")
    out = writer(format) if format else None
    if from_:
        reader(from_)
    options = Options(limit=max_chars, columns=columns_given(column or ()))
    last: Suggestion | None = None
    for item in open_source(file, format=from_, options=options) if text is None else _typed(text, options):
        records = not is_single(item.source.kind)
        if exit_code and records:
            raise error("usage_exit_code")
        out = out or writer("jsonl" if records else "text")
        record, last = _answer(item, given, profile, records)
        put(out.write(last, record, explain))
    if not exit_code or last is None:
        return 0
    return _EXIT_QUERY if last.queries and not last.code else _EXIT_BY_CODE[last.code]


def _typed(text: str, options: Options) -> Iterable[Item]:
    from ..readers import unit

    return [unit({"text": text}, replace(options, kind="text").source(1), options)]


def _answer(item: Item, given: Record, profile: str, records: bool) -> tuple[Record | None, Suggestion]:
    """The answer for an item. A fault is raised for a single report and for what ends the reading of a file, and becomes an answer
    with status `error` among records."""
    from ..pipeline import answer
    from ..readers import Fault
    from ..readers import note as reading_note

    if isinstance(item, Fault):
        if not records or item.reason in ("unreadable", "bomb"):
            raise item.error
        say(str(item.error))
        return None, _failed(item.id, given, profile)
    if told := reading_note(item.source):
        note(str(told))
    unit = item.record
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
