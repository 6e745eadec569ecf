"""The words of HTML and XHTML, blocks on lines of their own."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(["p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "pre"])
_SILENT = frozenset(["style", "script", "title"])


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += ["\n"] if tag in _BLOCKS else []
        self.silent += tag in _SILENT

    def handle_endtag(self, tag: str) -> None:
        self.found += ["\n"] if tag in _BLOCKS - {"br"} else []
        self.silent = max(0, self.silent - (tag in _SILENT))

    def handle_data(self, data: str) -> None:
        self.found += [] if self.silent else [data]


def html_text(markup: str) -> str:
    """The words of a piece of HTML, however it is damaged.

    >>> html_text("<style>p {}</style><p>CT&nbsp;head</p>No bleed<br>Normal")
    'CT head\\nNo bleed\\nNormal'
    """
    words = _Words()
    try:
        words.feed(markup)
        words.close()
    except (AssertionError, ValueError):  # what the parser does at some broken declarations
        words.found.append(re.sub(r"<[^<>]*>", "\n", markup))
    return re.sub(r"\n{3,}", "\n\n", "".join(words.found).replace("\xa0", " ")).strip()


def is_html(text: str) -> bool:
    """Whether a text without a name for its kind is HTML."""
    return re.match(r"\s*(?:<!doctype html|<html|<body|<p>|<div|<br)", text, re.I) is not None
