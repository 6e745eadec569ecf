"""Label Studio: a JSON list of tasks with predictions; offsets are UTF-16 code units, as in JavaScript."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

from . import Document
from ._utf16 import span_of, units_of


def labels(names: tuple[str, ...]) -> str:
    """The labelling interface."""
    each = "".join(f"    <Label value={quoteattr(name)}/>\n" for name in names)
    return f'<View>\n  <Labels name="label" toName="text">\n{each}  </Labels>\n  <Text name="text" value="$text"/>\n</View>\n'


def write(documents: Iterable[Document]) -> Iterator[str]:
    """The list, a task a line."""
    before = "[\n"
    for document in documents:
        yield before + json.dumps(_task(document), ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def read(text: str) -> Iterator[Document]:
    """The tasks with their newest annotation that was not cancelled; the predictions where a task was never shown to anyone."""
    for task in json.loads(text):
        done = [one for one in task.get("annotations", task.get("predictions")) or () if not one.get("was_cancelled")]
        if done:
            words = task["data"]["text"]
            units = units_of(words)
            values = (item["value"] for item in done[-1]["result"] if item["type"] == "labels")
            spans = (span_of(units, value["start"], value["end"], label) for value in values for label in value["labels"])
            yield Document(words, tuple(spans), task["data"].get("id"))


def _task(document: Document) -> dict[str, Any]:
    units = units_of(document.text)
    result = [
        {
            "id": f"m{number}",
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "value": {
                "start": units[span.start],
                "end": units[span.end],
                "text": document.text[span.start : span.end],
                "labels": [span.label],
            },
        }
        for number, span in enumerate(document.spans)
    ]
    return {"data": {"text": document.text, "id": document.id}, "predictions": [{"model_version": "nlp3d", "result": result}]}
