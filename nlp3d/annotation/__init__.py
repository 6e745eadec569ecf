"""Mentions out to annotation tools as a first draft, and corrected ones back in: one format a module, found by scanning this folder.

A module has `labels(names)`, what the tool is set up with, and one of two pairs. Where a file holds many reports:
`write(documents)`, pieces of its text, and `read(text)`. Where a report has files of its own: `files(document)`, their contents
by ending, and `document(files)`. Modules whose name begins with an underscore are no formats.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from ..errors import Nlp3dError, error
from ..record import Record
from ..text import sanitize

INDEX = "index.jsonl"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Words of a report: code point offsets and a label, a concept in what we write."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Document:
    """A report as annotation tools see it: its safe text, the spans (they may overlap), the record's id."""

    text: str
    spans: tuple[Span, ...] = ()
    id: str | None = None

    def to_json(self) -> str:
        """The report as one line of JSON: `id`, `text`, `spans` with `start`, `end` and `label`."""
        return json.dumps({"id": self.id, "text": self.text, "spans": [asdict(span) for span in self.spans]}, ensure_ascii=False)


def draft(record: Record) -> Document:
    """A record with the mentions that its answer shows, counted or not."""
    from ..pipeline import answer

    shown = answer(record).evidence
    spans = {Span(e.start, e.end, e.concept) for e in shown if e.field == "text" and e.start is not None and e.end is not None}
    return Document(sanitize(record.text).text, tuple(sorted(spans)), record.id)


def formats() -> tuple[str, ...]:
    """The names of the formats."""
    return tuple(sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_")))


def has_folder(name: str) -> bool:
    """Whether a format has files for each report. Raises `Nlp3dError` for an unknown format."""
    return hasattr(_module(name), "files")


def labels(name: str, names: Iterable[str]) -> str:
    """What a tool is set up with so that it knows these labels. Raises `Nlp3dError` for an unknown format."""
    return str(_module(name).labels(tuple(names)))


def write(name: str, documents: Iterable[Document]) -> Iterator[str]:
    """The pieces of one file with all reports. Raises `Nlp3dError` for a format with a folder."""
    if has_folder(name):
        raise error("annotation_folder")
    yield from _module(name).write(documents)


def write_folder(name: str, documents: Iterable[Document], folder: Path) -> int:
    """A folder of numbered files and an index with the ids, which no file name holds; the number of reports.

    Raises `Nlp3dError` where the folder holds something already, or the format is one file."""
    module = _module(name)
    if not has_folder(name):
        raise error("annotation_file")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise error("output_not_empty")
    number = 0
    with open(folder / INDEX, "w", encoding="utf-8", newline="\n") as index:
        for number, document in enumerate(documents, 1):
            for ending, content in module.files(document).items():
                (folder / f"{number:06d}{ending}").write_bytes(content.encode())
            index.write(json.dumps({"file": f"{number:06d}", "id": document.id}, ensure_ascii=False) + "\n")
    return number


def read(name: str, path: Path) -> Iterator[Document]:
    """The reports of a file or folder as corrected; rejected and skipped ones are left out.

    Raises `Nlp3dError`, with the place but no words, for what is not in this format or lies outside its text."""
    module = _module(name)
    try:
        found = _folder(module, path) if has_folder(name) else module.read(path.read_bytes().decode("utf-8-sig"))
        for number, document in enumerate(found, 1):
            if not all(0 <= span.start < span.end <= len(document.text) for span in document.spans):
                raise error("annotation_span", f"report {number}")
            yield replace(document, spans=tuple(sorted(document.spans)))
    except OSError as problem:
        from ..readers import unreadable

        raise unreadable(problem) from None
    except Nlp3dError:
        raise
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):  # whatever a foreign file may hold
        raise error("annotation_format") from None


def _folder(module: Any, folder: Path) -> Iterator[Document]:
    index = folder / INDEX
    lines = index.read_bytes().decode().split("\n") if index.exists() else []
    ids = {entry["file"]: entry["id"] for entry in (json.loads(line) for line in lines if line)}
    stems: dict[str, dict[str, str]] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix in module.ENDINGS:
            stems.setdefault(path.stem, {})[path.suffix] = path.read_bytes().decode()
    for stem, files in stems.items():
        yield replace(module.document(files), id=ids.get(stem))


def _module(name: str) -> Any:
    if name not in formats():
        raise error("usage_format", allowed=", ".join(formats()))
    return import_module(f"{__name__}.{name}")
