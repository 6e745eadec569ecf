"""`nlp3d report`, `nlp3d sample`, `nlp3d compare`: what a finished run says, rows of it for audit, and what differs from another."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import error
from .terminal import put

if TYPE_CHECKING:
    from ..analysis.comparing import Comparison
    from ..analysis.tally import Window

_RUN = typer.Argument(help="The folder of a run, or answers in a .jsonl file.", show_default=False)


def report(
    run: Annotated[str, _RUN],
    out: Annotated[str | None, typer.Option("--out", "-o", help="The file to write; report.html in the folder of the run by default.")] = None,
    include_text: Annotated[bool, typer.Option("--include-text", help="Show words of the reports as examples.")] = False,
    query_max_age: Annotated[int | None, typer.Option(min=0, help="Questions are counted for examinations of at most so many days ...")] = None,
    as_of: Annotated[str | None, typer.Option(help="... before this date, as 2026-11-23.")] = None,
) -> int:
    """Write the archive page of a run: one file with its counts, what is missing, what was billed, by month, modality, site and reader.

    \b
    Examples:
      nlp3d report out
      nlp3d report out --query-max-age 60 --as-of 2026-11-23
    """
    from pathlib import Path

    from ..analysis.page import NAME, write_page
    from ..analysis.rows import open_run

    given = Path(run)
    file = Path(out) if out else (given / NAME if given.is_dir() else given.with_suffix(".html"))
    write_page(open_run(given), file, window(query_max_age, as_of), include_text)
    put("written: 1 page\n")
    return 0


def sample(
    run: Annotated[str, _RUN],
    n: Annotated[int, typer.Option("--n", min=1, help="How many rows.")] = 50,
    by: Annotated[str, typer.Option(help="The strata: reason, code, path, modality, site, reader, month ...")] = "reason",
    seed: Annotated[int, typer.Option(help="The same seed draws the same rows.")] = 0,
) -> int:
    """Draw rows for audit, evenly from each stratum: JSON lines, each with what it stands for.

    \b
    Example:
      nlp3d sample out --n 50 --by reason > audit.jsonl
    """
    from pathlib import Path

    from ..analysis.rows import open_run
    from ..analysis.sampling import STRATA
    from ..analysis.sampling import sample as draw

    if by not in STRATA:
        raise error("usage_choice", "--by", allowed=", ".join(STRATA))
    for drawn in draw(open_run(Path(run)), n, by, seed):
        told = {"number": drawn.number, "stratum": drawn.stratum, "size": drawn.size, "drawn": drawn.drawn, "weight": drawn.weight}
        put(json.dumps({"sample": told, **drawn.row}, ensure_ascii=False) + "\n")
    return 0


def compare(
    run_a: Annotated[str, typer.Argument(help="The earlier run: a folder, or answers in a .jsonl file.", show_default=False)],
    run_b: Annotated[str, typer.Argument(help="The later one.", show_default=False)],
    format: Annotated[str, typer.Option(help="text or json.")] = "text",
) -> int:
    """Say what changed from one run to another over the same reports, and which rule, fact or mention did it.

    \b
    Example:
      nlp3d compare out-2025 out-2026
    """
    from pathlib import Path

    from ..analysis.comparing import compare as compared
    from ..analysis.rows import open_run

    if format not in ("text", "json"):
        raise error("usage_choice", "--format", allowed="text, json")
    found = compared(open_run(Path(run_a)), open_run(Path(run_b)))
    put(_as_json(found) if format == "json" else _as_text(found))
    return 0


def window(days: int | None, day: str | None) -> Window | None:
    """The age of questions that is asked for; both or none. Raises `Nlp3dError`."""
    from datetime import date

    from ..analysis.tally import Window

    if (days is None) != (day is None):
        raise error("usage_window")
    if days is None or day is None:
        return None
    try:
        return Window(days, date.fromisoformat(day))
    except ValueError:
        raise error("usage_value", "--as-of", command="nlp3d report") from None


def _as_text(found: Comparison) -> str:
    lines = [
        f"{found.both:,} reports in both, {found.same:,} answered alike, {found.both - found.same:,} changed; "
        f"{found.only_a:,} only in the first, {found.only_b:,} only in the second; {found.other_text:,} with another text",
        *(f"  {line}" for line in found.versions),
    ]
    for change, count in found.changes.most_common():
        (code, reason), (new_code, new_reason) = change.before, change.after
        lines += ["", f"{count:,} x  {code or 'no code'} ({reason}) -> {new_code or 'no code'} ({new_reason})"]
        if change.rules[0] != change.rules[1]:
            lines.append(f"  rule      {change.rules[0] or 'none'} -> {change.rules[1] or 'none'}")
        lines += [f"  fact      {fact}" for fact in change.facts]
        if change.mentions:
            lines.append("  mentions  " + " ".join(change.mentions))
        lines.append("  rows      " + ", ".join(map(str, found.examples[change])))
    return "\n".join(lines) + "\n"


def _as_json(found: Comparison) -> str:
    changes = [
        {"count": count, "before": c.before, "after": c.after, "rules": c.rules, "facts": c.facts, "mentions": c.mentions, "rows": found.examples[c]}
        for c, count in found.changes.most_common()
    ]
    counts = {"both": found.both, "same": found.same, "only_a": found.only_a, "only_b": found.only_b, "other_text": found.other_text}
    return json.dumps({"counts": counts, "versions": found.versions, "changes": changes}, ensure_ascii=False) + "\n"
