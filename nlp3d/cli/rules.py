"""`nlp3d rules`: what decides, from when to when, and on whose word."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from .common import span

app = typer.Typer(help="Look at the rules: list, show ID, test, diff DATE DATE.", no_args_is_help=True)


@app.command("list")
def list_() -> None:
    """All rows of the answer table in order, and the examination entries. Example: nlp3d rules list"""
    from ..rules import load_pack

    pack = load_pack()
    for rule in pack.rules:
        typer.echo(f"{rule.id:40s} {span(rule.in_force.start, rule.in_force.end):26s} {rule.says}")
    for base in pack.bases:
        typer.echo(f"base.{base.id:35s} {span(base.in_force.start, base.in_force.end):26s} {base.says}")


@app.command()
def show(id: str) -> None:
    """One rule with its conditions, dates and sources. Example: nlp3d rules show supported.workstation"""
    from ..errors import error
    from ..rules import load_pack
    from ..sources import register

    pack = load_pack()
    rows = {rule.id: rule for rule in pack.rules}
    bases = {f"base.{base.id}": base for base in pack.bases}
    found = rows.get(id) or bases.get(id)
    if found is None:
        raise error("rule_unknown")
    typer.echo(f"{id}\n  {found.says}\n  in force  {span(found.in_force.start, found.in_force.end)}")
    if id in rows:
        rule = rows[id]
        for fact, values in rule.when.items():
            typer.echo(f"  when      {fact}: {', '.join(sorted(map(str, values)))}")
        for name in ("strict", "lenient"):
            outcome = rule.outcome(name)  # type: ignore[arg-type]
            typer.echo(f"  {name:9s} {outcome.code or 'no code'}, {outcome.reason}")
    else:
        typer.echo(f"  group     {bases[id].base}\n  exams     {', '.join(bases[id].patterns)}")
    for source in found.sources:
        typer.echo(f"  source    {register().line(source)}")


@app.command("test")
def test_() -> None:
    """Check every rule file: keys, dates, sources, and that each combination of facts has exactly one answer."""
    from ..rules import load_pack

    pack = load_pack()
    typer.echo(f"{len(pack.rules)} rows, {len(pack.bases)} examination entries, {len(pack.profiles)} profiles: all checks passed ({pack.sha256[:12]})")


@app.command()
def diff(first: str, second: str) -> None:
    """What changed between two dates of service. Example: nlp3d rules diff 2024-12-31 2025-01-01"""
    from ..rules import load_pack

    one, other = _date(first), _date(second)
    pack = load_pack()
    entries = [(rule.id, rule.says, rule.in_force) for rule in pack.rules] + [(f"base.{b.id}", b.says, b.in_force) for b in pack.bases]
    changed = [(id, says, life) for id, says, life in entries if life.covers(one) != life.covers(other)]
    for id, says, life in changed:
        typer.echo(f"{'+' if life.covers(other) else '-'} {id:40s} {span(life.start, life.end):26s} {says}")
    if not changed:
        typer.echo("no difference")


def _date(text: str) -> date:
    from ..errors import error

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise error("date_of_service") from None
