"""`nlp3d serve`: the coder's page on this computer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import error
from .terminal import put

if TYPE_CHECKING:
    from datetime import date

    from ..web.work import Work
    from ..web.worklist import Worklist

_RUN = "run.json"  # what a folder of a batch run holds and no other does


def serve(
    worklist: Annotated[list[str] | None, typer.Argument(help="Reports to decide on: files, folders or globs of any format, or the folder of a batch run.")] = None,
    decisions: Annotated[Path | None, typer.Option(help="File that decisions are added to; made if it is not there.")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free one.")] = 8376,
    host: Annotated[str, typer.Option(help="Address to open; others than this computer's need --i-know.")] = "127.0.0.1",
    allow_host: Annotated[list[str] | None, typer.Option(help="With --i-know: a host name that browsers may use.")] = None,
    i_know: Annotated[bool, typer.Option("--i-know", help="Open an address that others can reach.")] = False,
    profile: Annotated[str, typer.Option(help="Profile to begin with; a payer's, or the path of a .yaml file.")] = "strict",
    date_of_service: Annotated[str | None, typer.Option(help="Date of service where a report has none, as 2026-11-23.")] = None,
    from_: Annotated[str | None, typer.Option("--from", help="How to read: text, rtf, jsonl, csv, parquet, hl7, fhir; found out if not given.")] = None,
    column: Annotated[list[str] | None, typer.Option(help="FIELD=COLUMN where a column has no usual name; may be repeated.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=32, help="Reports read at once.")] = 2,
) -> None:
    """Open the coder's page: paste a report, see the suggestion and its words, decide.

    It answers to this computer only, and loads and sends nothing. The printed address holds a token that changes with each start.

    \b
    Examples:
      nlp3d serve
      nlp3d serve reports.jsonl --decisions decisions.db
      nlp3d serve archive/ --decisions decisions.db --column text=REPORT
    """
    try:
        from ..web.serve import access_for
        from ..web.serve import serve as run
        from ..web.settings import Settings
        from ..web.work import Work
    except ImportError:
        raise error("serve_extra") from None
    from ..decisions.store import Store
    from ..record import Record
    from ..rules.evaluate import table_of

    if worklist and decisions is None:
        raise error("serve_decisions")
    day = Record.of({"text": "", "date_of_service": date_of_service}).date_of_service
    table_of(profile, day)
    access = access_for(host, tuple(allow_host or ()), i_know)
    store = Store(decisions) if decisions else None
    settings = Settings(access, profile, day, None, store, workers=workers)
    work = Work(workers, settings.time_limit, bool(worklist))
    try:
        settings.worklist = _opened(worklist, day, work, profile, from_, column) if worklist else None
    except BaseException:
        work.stop()
        raise

    def tell(open_port: int) -> None:
        shown = f"[{host}]" if ":" in host else host
        put(f"http://{shown}:{open_port}/#token={access.token}\n")

    try:
        run(settings, work, host, port, tell)
    finally:
        if store:
            store.close()


def _opened(paths: list[str], day: date | None, work: Work, profile: str, format: str | None, column: list[str] | None) -> Worklist:
    """The worklist of files, answered in the background, or of a run, which holds its answers."""
    from ..readers import columns_given

    columns = columns_given(column or ())
    if len(paths) == 1 and (Path(paths[0]) / _RUN).is_file():
        from ..web.run_worklist import RunWorklist, open_run

        return RunWorklist(open_run(paths[0]), columns)
    from ..web.file_worklist import FileWorklist

    listed = FileWorklist(paths, day, lambda record: work.suggestion(record, profile), format, columns)
    listed.start()
    return listed
