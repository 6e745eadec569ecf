"""`nlp3d annotate`: mentions out to annotation tools, and corrected ones back in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .terminal import note, put, say

if TYPE_CHECKING:
    from ..annotation import Document

HELP = """Draft annotations for Prodigy, Label Studio, brat, doccano and INCEpTION, and corrected ones back.

\b
Example:
  nlp3d annotate export label_studio reports.jsonl > tasks.json
"""
_LEFT_OUT = 4

app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)
Format = Annotated[str, typer.Argument(help="prodigy, label_studio, brat, doccano or cas.")]


@app.command("export", short_help="Reports with their mentions, for a tool.")
def export(
    format: Format,
    file: Annotated[str, typer.Argument(help="A report as text, records as .jsonl, or - for standard input.")] = "-",
    to: Annotated[Path | None, typer.Option(help="An empty or new folder; for brat and cas.")] = None,
) -> int:
    """Write reports with their mentions as a first draft to correct. The output holds the reports' text.

    \b
    Examples:
      nlp3d annotate export prodigy reports.jsonl > tasks.jsonl
      nlp3d annotate export brat reports.jsonl --to corpus
    """
    from ..annotation import has_folder, write, write_folder
    from ..errors import error

    if has_folder(format) != (to is not None):
        raise error("annotation_folder" if to is None else "annotation_file")
    left_out: list[str] = []
    documents = _drafts(file, left_out)
    if to is not None:
        write_folder(format, documents, to)
    else:
        for piece in write(format, documents):
            put(piece)
    return _LEFT_OUT if left_out else 0


@app.command("import", short_help="Corrected reports of a tool, as JSON lines.")
def import_(
    format: Format, path: Annotated[Path, typer.Argument(help="The file that the tool exported, or the folder (brat, cas).")]
) -> None:
    """Print corrected reports as JSON lines: id, text, spans with start, end (code points) and label.

    \b
    Example:
      nlp3d annotate import label_studio export.json > gold.jsonl
    """
    from ..annotation import read

    for document in read(format, path):
        put(document.to_json() + "\n")


@app.command("labels", short_help="What a tool is set up with.")
def labels(format: Format) -> None:
    """Print the labels as the tool wants them: --label, labelling interface, annotation.conf, label file, tag set.

    \b
    Example:
      nlp3d annotate labels brat > corpus/annotation.conf
    """
    from ..annotation import labels as labels_of
    from ..concepts import concepts

    put(labels_of(format, concepts()))


def _drafts(file: str, left_out: list[str]) -> Iterator[Document]:
    """The reports that can be read; why the others cannot be is said, and noted."""
    from ..annotation import draft
    from ..readers import Fault, open_source
    from ..readers import note as reading_note

    for item in open_source(file):
        if isinstance(item, Fault):
            say(str(item.error))
            left_out.append(item.error.code)
            continue
        if told := reading_note(item.source):
            note(str(told))
        yield draft(item.record)
