"""`nlp3d rules`: what decides, from when to when, and on whose word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import error
from .terminal import put, table

if TYPE_CHECKING:
    from ..rules.model import Base, InForce, Rule

HELP = """The rules: their conditions, dates and sources.

\b
Example:
  nlp3d rules show supported.workstation
"""

app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)


def _entries() -> Iterator[tuple[str, Rule | Base]]:
    from ..rules import load_pack

    pack = load_pack()
    for rule in pack.rules:
        yield rule.id, rule
    for base in pack.bases:
        yield base.id, base


def _life(life: InForce) -> str:
    return f"{life.start or 'always'} to {life.end or 'now'}"


@app.command("list")
def list_() -> None:
    """List the rows of the answer table in order, and the examination entries.

    \b
    Example:
      nlp3d rules list
    """
    table(("RULE", "IN FORCE", "SAYS"), ((name, _life(entry.in_force), entry.says) for name, entry in _entries()))


@app.command()
def show(id: str) -> None:
    """Show one rule with its conditions, dates and sources.

    \b
    Example:
      nlp3d rules show supported.workstation
    """
    from ..rules.model import Base
    from ..sources import lines

    found = dict(_entries()).get(id)
    if found is None:
        raise error("rule_unknown")
    put(f"{id}\n  {found.says}\n  in force  {_life(found.in_force)}\n")
    if isinstance(found, Base):
        put(f"  group     {found.base}\n  exams     {', '.join(found.patterns)}\n")
    else:
        for fact, values in found.when.items():
            put(f"  when      {fact}: {', '.join(sorted(map(str, values)))}\n")
        for name, outcome in (("strict", found.strict), ("lenient", found.lenient)):
            put(f"  {name:9} {outcome.code or 'no code'}, {outcome.reason}\n")
        if found.query:
            put(f"  question  to the {found.query[0]}: {found.query[1]}\n")
        for fact, words in found.blocked.items():
            put(f"  blocked   by {fact}: {words}\n")
    for line in lines(found.sources):
        put(f"  source    {line}\n")


@app.command("test")
def test_(
    profiles: Annotated[
        list[str] | None, typer.Argument(help="Profiles, .yaml files, or folders of them; all of ours and the site's if none.")
    ] = None,
) -> None:
    """Check the rule files and policies, every fault with its file and line; then walk through every combination of facts.

    \b
    Examples:
      nlp3d rules test
      nlp3d rules test our_policy.yaml
    """
    from ..rules import load_pack
    from ..rules.faults import pack_faults, policy_faults
    from ..rules.load import site_profiles
    from .faults import refuse
    from .rule_checks import check_profile

    refuse(pack_faults())
    pack = load_pack()
    site = site_profiles(pack)
    names = list(_policies(profiles)) if profiles else [*sorted(pack.profiles), *site]
    own = [Path(site.get(name, name)) for name in names if name not in pack.profiles]
    refuse(fault for path in own if path.is_file() for fault in policy_faults(path, pack))
    for name in names:
        profile, editions, answers = check_profile(name, pack)
        put(f"{profile:24} {editions} editions, {answers:,} combinations, each with one answer\n")


def _policies(given: list[str]) -> Iterator[str]:
    """The profiles that are named; for a folder, each policy in it."""
    for name in given:
        if Path(name).is_dir():
            yield from (str(path) for path in sorted(Path(name).glob("*.y*ml")))
        else:
            yield name


@app.command()
def diff(first: str, second: str) -> None:
    """Show what is in force on one of two dates of service only.

    \b
    Example:
      nlp3d rules diff 2014-12-31 2015-01-01
    """
    one, other = _date(first), _date(second)
    changed = [(name, entry) for name, entry in _entries() if entry.in_force.covers(one) != entry.in_force.covers(other)]
    for name, entry in changed:
        put(f"{'+' if entry.in_force.covers(other) else '-'} {name}  {_life(entry.in_force)}  {entry.says}\n")
    if not changed:
        put("no difference\n")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise error("date_of_service") from None
