"""The sentences of a Markdown page: of its prose, and each row of a table. Code, headings, pictures and comments hold none."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NOT_PROSE = re.compile(r"^```.*?^```$|<!--.*?-->|^#.*?$|^!\[.*?\)$|^\|[-| ]+\|$", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\|.*\|$", re.MULTILINE)
_ENDS = re.compile(r"(?<=[.!?:])\*{0,2}\s+(?=[A-Z\"`*\[])")


def sentences(page: str) -> Iterator[str]:
    """Each in one line, with its marks of emphasis and links as they are written."""
    prose = _NOT_PROSE.sub("", page)
    yield from (" ".join(row[0].split()) for row in _ROW.finditer(prose))
    for paragraph in re.split(r"\n\s*\n", _ROW.sub("", prose)):
        yield from (sentence for sentence in _ENDS.split(" ".join(paragraph.split())) if sentence)
