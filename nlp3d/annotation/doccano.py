"""doccano, sequence labelling: a JSON line a report, offsets in code points (in doccano: no grapheme clusters counted)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from . import Document, Span


def labels(names: tuple[str, ...]) -> str:
    """The file of labels to import."""
    return json.dumps([{"text": name} for name in names], indent=1) + "\n"


def write(documents: Iterable[Document]) -> Iterator[str]:
    """A line for each report; its id is a column, since doccano numbers the reports itself."""
    for document in documents:
        spans = [[span.start, span.end, span.label] for span in document.spans]
        yield json.dumps({"text": document.text, "label": spans, "record_id": document.id}, ensure_ascii=False) + "\n"


def read(text: str) -> Iterator[Document]:
    """The reports of an export, with relations (`entities`) or without (`label`)."""
    for line in text.split("\n"):
        if line.strip():
            row = json.loads(line)
            related = ((e["start_offset"], e["end_offset"], e["label"]) for e in row.get("entities") or ())
            spans = tuple(Span(*span) for span in row.get("label", related))
            yield Document(row["text"], spans, row.get("record_id"))
