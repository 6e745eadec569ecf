"""brat standoff: a `.txt` and an `.ann` a report, offsets in code points.

brat allows neither a line end within a span nor a dot in a type: a span over two lines becomes one of two fragments, line ends at
its edges fall away, and `technique.mip` is written `technique-mip`.
"""

from __future__ import annotations

import re

from . import Document, Span

ENDINGS = (".txt", ".ann")
_LINES = re.compile(r"[^\r\n]+")


def labels(names: tuple[str, ...]) -> str:
    """The file `annotation.conf`; spans may overlap."""
    types = "\n".join(_type(name) for name in names)
    overlap = "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"
    return f"[entities]\n{types}\n\n[relations]\n{overlap}\n\n[events]\n\n[attributes]\n"


def files(document: Document) -> dict[str, str]:
    """The text as it is, and a line for each span."""
    lines: list[str] = []
    for span in document.spans:
        parts = list(_LINES.finditer(document.text, span.start, span.end))
        if parts:
            places = ";".join(f"{part.start()} {part.end()}" for part in parts)
            lines.append(f"T{len(lines) + 1}\t{_type(span.label)} {places}\t{' '.join(part[0] for part in parts)}\n")
    return {".txt": document.text, ".ann": "".join(lines)}


def document(files: dict[str, str]) -> Document:
    """The report; a span of several fragments reaches from its first to its last. Anything but spans is passed over."""
    spans = []
    for line in files[".ann"].split("\n"):
        if line.startswith("T"):
            name, places = line.split("\t")[1].split(" ", 1)
            offsets = [int(offset) for offset in re.split("[ ;]", places)]
            spans.append(Span(min(offsets), max(offsets), name.replace("-", ".")))
    return Document(files[".txt"], tuple(spans))


def _type(label: str) -> str:
    return label.replace(".", "-")
