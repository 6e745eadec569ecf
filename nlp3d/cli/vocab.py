"""`nlp3d vocab`: the words the reader knows."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="Look at the vocabulary: list, show CONCEPT, find WORDS.", no_args_is_help=True)


@app.command("list")
def list_() -> None:
    """Every concept with its meaning. Example: nlp3d vocab list"""
    from ..vocabulary.model import load_vocabulary

    vocabulary = load_vocabulary()
    for concept in (*vocabulary.mentions, *vocabulary.base, *vocabulary.cues):
        name = f"{concept.name} ({concept.product})" if concept.product else concept.name
        typer.echo(f"{name:48s} {concept.meaning}".rstrip())


@app.command()
def show(concept: str) -> None:
    """The phrases of a concept, as expressions. Example: nlp3d vocab show technique.volume_rendering"""
    from ..errors import error
    from ..sources import register
    from ..vocabulary.model import load_vocabulary

    vocabulary = load_vocabulary()
    found = [c for c in (*vocabulary.mentions, *vocabulary.base, *vocabulary.cues) if c.name == concept]
    if not found:
        raise error("concept_unknown")
    for entry in found:
        typer.echo(f"{entry.name}  {entry.product or entry.meaning}".rstrip())
        for kind, expressions in (("matches", entry.phrases), ("but not", entry.traps)):
            for expression in expressions:
                typer.echo(f"  {kind}  {expression}")
        for source in entry.source:
            typer.echo(f"  source   {register().line(source)}")


@app.command()
def find(words: Annotated[str, typer.Argument(help="Words of a report, in quotes.")]) -> None:
    """Which concepts some words stand for. Example: nlp3d vocab find "rendered on the Vitrea" """
    from ..matching import Matcher
    from ..text import plain, sanitize
    from ..vocabulary.model import load_vocabulary

    vocabulary = load_vocabulary()
    text = sanitize(words).text
    found = Matcher((*vocabulary.mentions, *vocabulary.base, *vocabulary.cues)).find(plain(text))
    for match in found:
        typer.echo(f'{match.concept:40s} "{text[match.start : match.end]}"{"  " + match.product if match.product else ""}')
    if not found:
        typer.echo("nothing is known of these words")
