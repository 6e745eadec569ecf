"""`nlp3d vocab`: the concepts of the vocabulary, the phrases of one, and what some words are taken for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import error
from .terminal import put, table

HELP = """The vocabulary: concepts, their phrases, and what words match.

\b
Example:
  nlp3d vocab find "volume rendered"
"""

app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_(
    family: Annotated[str | None, typer.Option(help="Only concepts of this family, such as technique or location.")] = None,
) -> None:
    """List the concepts with the number of their phrases and the file that holds them.

    \b
    Example:
      nlp3d vocab list --family technique
    """
    from .catalogue import catalogue

    entries = [one for one in catalogue() if family in (None, one.concept.partition(".")[0])]
    if not entries:
        raise error("concept_unknown")
    table(("CONCEPT", "PHRASES", "FILE", "MEANING"), ((e.concept, str(len(e.phrases)), e.file, e.meaning) for e in entries))


@app.command()
def show(concept: Annotated[str, typer.Argument(help="The name of a concept or of a product.", metavar="CONCEPT")]) -> None:
    """Show a concept: what it means, its phrases, its traps (seen, never counted), its sources.

    \b
    Examples:
      nlp3d vocab show technique.volume_rendering
      nlp3d vocab show Vitrea
    """
    from ..sources import lines
    from .catalogue import catalogue

    found = [one for one in catalogue() if concept.lower() in (one.concept.lower(), one.product.lower())]
    if not found:
        raise error("concept_unknown")
    for one in found:
        put(f"{one.concept}{f' ({one.product})' if one.product else ''}  {one.file}, line {one.line}\n")
        put(f"{one.meaning}\n" if one.meaning else "")
        put("".join([f"  {phrase}\n" for phrase in one.phrases]))
        if one.traps:
            put("".join(["Never taken for it:\n", *(f"  {phrase}\n" for phrase in one.traps)]))
        if one.sources:
            put("\n".join(["Sources:", *lines(one.sources)]) + "\n")


@app.command()
def find(words: Annotated[str, typer.Argument(help="Words as a report has them, in quotes.", metavar='"WORDS"')]) -> None:
    """Show which concepts match some words, and the file that holds each. Whether they count is for the whole report.

    \b
    Example:
      nlp3d vocab find "volume rendered on the Vitrea workstation"
    """
    from .catalogue import matches

    rows = [(match.concept, match.words, match.file) for match in matches(words)]
    if rows:
        table(("CONCEPT", "WORDS", "FILE"), rows)
    else:
        put("no concept matches\n")


@app.command()
def check(
    folders: Annotated[list[Path] | None, typer.Argument(help="Folders of your own additions; those of the settings if none.")] = None,
) -> None:
    """Check our vocabulary and a site's additions: every fault with its file and line, every phrase compiled.

    \b
    Examples:
      nlp3d vocab check
      nlp3d vocab check our_vocabulary
    """
    from .faults import refuse
    from .vocabulary_checks import check_ours, check_site

    ours, phrases = check_ours()
    put(f"{'ours':24} {len(ours)} files, {phrases:,} phrases\n")
    refuse(check_site(ours, folders, lambda name, count: put(f"{name:24} {count:,} phrases\n")))
