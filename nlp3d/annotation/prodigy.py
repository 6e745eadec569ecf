"""Prodigy: a JSON line a report, for `spans.manual`; spans are given by characters, and tokens are left to Prodigy."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from . import Document, Span


def labels(names: tuple[str, ...]) -> str:
    """The value of `--label`."""
    return ",".join(names) + "\n"


def write(documents: Iterable[Document]) -> Iterator[str]:
    """A line for each report."""
    for document in documents:
        spans = [{"start": span.start, "end": span.end, "label": span.label} for span in document.spans]
        yield json.dumps({"text": document.text, "spans": spans, "meta": {"id": document.id}}, ensure_ascii=False) + "\n"


def read(text: str) -> Iterator[Document]:
    """The reports that were accepted, of `prodigy db-out`."""
    for line in text.split("\n"):
        if line.strip():
            task = json.loads(line)
            if task.get("answer", "accept") == "accept":
                spans = tuple(Span(span["start"], span["end"], span["label"]) for span in task.get("spans") or ())
                yield Document(task["text"], spans, (task.get("meta") or {}).get("id"))
