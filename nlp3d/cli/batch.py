"""`nlp3d batch`: an archive in, a folder with a table, a quarantine and a reconciliation out."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import Nlp3dError, error
from .analysis import window
from .terminal import put, say

if TYPE_CHECKING:
    from ..analysis.tally import Window
    from ..archive.engine import Plan, Progress
    from ..archive.intake import Input

_RETRY = "retry-quarantine"
_TOO_MANY, _CHANGED, _LOCKED, _UNBALANCED = 3, 5, 6, 70
_IO = 4
_EXITS = {"run_changed": _CHANGED, "run_locked": _LOCKED, "run_unbalanced": _UNBALANCED, "disk_full": _IO, "disk_failed": _IO, "run_missing": _IO}
_SIGNALLED = 128
_MEGABYTE = 1 << 20


def batch(
    source: Annotated[str, typer.Argument(help="A file, a folder or a glob of reports; or retry-quarantine.", metavar="IN", show_default=False)],
    out: Annotated[str, typer.Argument(help="The folder for the results.", metavar="OUT", show_default=False)],
    again: Annotated[str | None, typer.Argument(help="With retry-quarantine: the folder for the new results.", metavar="[NEW]")] = None,
    date_of_service: Annotated[str | None, typer.Option(help="For records that have none, as 2026-11-23.")] = None,
    profile: Annotated[str, typer.Option(help="strict, lenient, a payer's name, or the path of a .yaml file.")] = "strict",
    format: Annotated[list[str] | None, typer.Option(help="Besides Parquet: csv, fhir, jsonl, xlsx. May be given several times.")] = None,
    from_: Annotated[str | None, typer.Option("--from", help="How to read: text, rtf, jsonl, csv, parquet, hl7, fhir; found out if not given.")] = None,
    column: Annotated[list[str] | None, typer.Option(help="FIELD=COLUMN where a column has no usual name; may be repeated.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was broken off.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a run that is there.")] = False,
    workers: Annotated[str, typer.Option(help="How many processes, or auto.")] = "auto",
    shard: Annotated[str, typer.Option(help="As 2/8: take the second of eight shares of the input.")] = "1/1",
    billed: Annotated[str, typer.Option(help="Whether the input says what was billed: yes, no, or auto (look at the first records).")] = "auto",
    no_text: Annotated[bool, typer.Option("--no-text", help="Leave every word of a report out of the results.")] = False,
    no_payload: Annotated[bool, typer.Option("--no-payload", help="Keep no bytes of what goes to quarantine.")] = False,
    no_prefilter: Annotated[bool, typer.Option("--no-prefilter", help="Read every report in full; slower, the same rows.")] = False,
    max_errors: Annotated[str, typer.Option(help="Quarantined records, as 1% or 50, beyond which the exit code is 3.")] = "1%",
    max_chars: Annotated[int, typer.Option(min=1, help="Longest text that is read.")] = 1_000_000,
    strict_encoding: Annotated[bool, typer.Option("--strict-encoding", help="Quarantine what is no UTF-8 instead of reading it as Windows-1252.")] = False,
    part_size: Annotated[int, typer.Option(min=1, help="Records a part; a killed run loses the parts in work.")] = 5_000,
    memory: Annotated[int | None, typer.Option(min=512, help="Megabytes of address space for each worker.")] = None,
    wall_limit: Annotated[float, typer.Option(min=0.1, help="Seconds after which one report is given up.")] = 10.0,
    include_text: Annotated[bool, typer.Option("--include-text", help="Show words of the reports on the archive page.")] = False,
    query_max_age: Annotated[int | None, typer.Option(min=0, help="On the page: count questions for examinations of at most so many days ...")] = None,
    as_of: Annotated[str | None, typer.Option(help="... before this date, as 2026-11-23.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be read and how, and write nothing.")] = False,
) -> int:
    """Answer an archive: Parquet and more, with quarantine, resume and a sum that always adds up.

    Exit codes: 3 too many in quarantine, 4 disk or file, 5 input or versions changed, 6 another run works there, 70 sums do not meet.

    \b
    Examples:
      nlp3d batch reports.jsonl out
      nlp3d batch archive/ out --resume --format csv
      nlp3d batch retry-quarantine out out2
    """
    from pathlib import Path

    from ..archive.intake import input_of, tells_billed
    from ..archive.retry import quarantined
    from ..readers import columns_given

    folder = Path(out)
    if source == _RETRY:
        if again is None:
            raise error("usage_value", "NEW", command=f"nlp3d batch {_RETRY}")
        given, folder = quarantined(folder, max_chars), Path(again)
    elif again is not None:
        raise error("usage", command="nlp3d batch")
    else:
        given = input_of(source, max_chars, from_, without=folder, columns=columns_given(column or ()), strict_encoding=strict_encoding)
    known = tells_billed(given) if billed == "auto" else _choice(billed, {"yes": True, "no": False}, "--billed")
    plan = _plan(
        profile, date_of_service, known, not no_text, not no_prefilter, workers, part_size, shard, resume, overwrite, memory, wall_limit, not no_payload, tuple(format or ())
    )
    most = _most(max_errors)
    if dry_run:
        return _dry(given, folder, plan)
    young = window(query_max_age, as_of)
    try:
        return _run(given, folder, plan, most, young, include_text and not no_text)
    except Nlp3dError as problem:
        if problem.code not in _EXITS:
            raise
        say(str(problem))
        return _EXITS[problem.code]


def _run(given: Input, folder: Any, plan: Plan, most: tuple[float, bool], young: Window | None, words: bool) -> int:
    from ..analysis.page import NAME, write_page
    from ..archive.engine import Interrupted, disk_told, preflight, run_archive
    from ..archive.machine import over_network
    from ..archive.progress import Bar
    from ..archive.run import open_run
    from ..archive.timing import Clock

    needed, free = preflight(given, folder)
    if free < needed:
        say(str(error("disk_small", needed=_size(needed), free=_size(free))))
    if over_network(folder):
        say(str(error("disk_network")))
    bar, clock = Bar(), Clock()

    def tell(progress: Progress) -> None:
        bar(progress)
        clock(progress)

    try:
        manifest = run_archive(given, folder, plan, tell)
    except Interrupted as stop:
        bar.close()
        say(str(error("run_interrupted")))
        return _SIGNALLED + stop.signal
    bar.close()
    with suppress(OSError):  # the run is whole without it
        clock.write(folder, plan.workers)
    with disk_told(given):
        write_page(open_run(folder), folder / NAME, young, words)
    put(manifest["reconciliation"] + "\n")
    limit, share = most
    counts = manifest["counts"]
    if counts["quarantined"] > (limit * counts["read"] if share else limit):
        say(str(error("too_many_faults")))
        return _TOO_MANY
    return 0


def _plan(
    profile: str, day: str | None, billed: bool, words: bool, prefilter: bool, workers: str, part_size: int, shard: str, resume: bool,
    overwrite: bool, memory: int | None, wall: float, payload: bool, formats: tuple[str, ...],
) -> Plan:  # fmt: skip
    from ..archive.engine import Plan
    from ..archive.formats import exporter
    from ..archive.machine import address_space, worker_count
    from ..archive.rows import Settings
    from ..record import Record

    number, _, of = shard.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise error("usage_value", "--shard", command="nlp3d batch")
    if workers != "auto" and not (workers.isdecimal() and int(workers) > 0):
        raise error("usage_value", "--workers", command="nlp3d batch")
    others = tuple(sorted({*formats} - {"parquet"}))
    for name in others:
        exporter(name)
    count = worker_count() if workers == "auto" else int(workers)
    given = Record.of({"text": "", "date_of_service": day}).date_of_service
    settings = Settings(profile, given, billed, words, prefilter)
    space = memory * _MEGABYTE if memory else address_space(count)
    return Plan(settings, count, part_size, (int(number), int(of)), resume, overwrite, space, wall, payload, others)


def _dry(given: Input, folder: Any, plan: Plan) -> int:
    from ..archive.engine import preflight
    from ..archive.intake import preview

    seen = preview(given)
    needed, free = preflight(given, folder)
    lines = [
        f"files          {len(given.files):,}, {_size(sum(given.sizes))}",
        "formats        " + ", ".join(f"{kind} {count:,}" for kind, count in seen.kinds.items()),
        f"records        about {seen.records:,}",
        "fields         " + ", ".join(f"{name} ({count} of {seen.looked_at})" for name, count in seen.fields.items()),
        *(f"columns        {line}" for line in seen.columns),
        f"of 3D          {seen.hits} of the first {seen.looked_at} reports are read in full",
        f"not readable   {sum(seen.faults.values())} of the first {seen.looked_at}" + "".join(f", {reason} {count}" for reason, count in seen.faults.items()),
        f"billed codes   {'compared' if plan.settings.billed else 'none'}",
        f"workers        {plan.workers}",
        f"disk           about {_size(needed)} needed, {_size(free)} free",
        "nothing was written",
    ]
    put("\n".join(lines) + "\n")
    return 0


def _most(words: str) -> tuple[float, bool]:
    """A limit and whether it is a share of what was read."""
    number = words.removesuffix("%")
    try:
        value = float(number)
    except ValueError:
        raise error("usage_value", "--max-errors", command="nlp3d batch") from None
    if value < 0:
        raise error("usage_value", "--max-errors", command="nlp3d batch")
    return (value / 100, True) if words.endswith("%") else (value, False)


def _choice(word: str, choices: dict[str, bool], option: str) -> bool:
    if word not in choices:
        raise error("usage_value", option, command="nlp3d batch")
    return choices[word]


def _size(count: int) -> str:
    return f"{count / _MEGABYTE:,.0f} MB" if count >= _MEGABYTE else f"{count / 1024:,.0f} KB"
