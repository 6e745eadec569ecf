"""Rich text: a file that is one report, and the text of RTF that other formats carry inside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from ._items import Fault, Item, Options, fault
from ._unit import unit
from .text import whole

SUFFIXES = (".rtf",)
SINGLE = True
_BYTES_A_CHARACTER = 64  # pictures and fonts
_CELL = re.compile(r"\\(?:nest)?cell(?![a-zA-Z])")  # the library would write a stroke
_HIDDEN = re.compile(r"\{\\v(?![a-zA-Z0-9])[^{}]*\}")  # what no reader of the document sees


def signed(head: bytes) -> bool:
    """Whether the first bytes can only be RTF."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{\\rtf")


def read(stream: BinaryIO, options: Options = Options()) -> Iterator[Item]:  # noqa: B008 (frozen)
    """The one unit of the file."""
    source = options.source(1, 0)
    raw = whole(stream, options, _BYTES_A_CHARACTER)
    if isinstance(raw, Fault):
        yield raw
        return
    text = text_of(raw)
    yield fault("bad_rtf", "rtf_unreadable", source, raw) if text is None else unit({"text": text}, source, options, raw)


def text_of(raw: bytes) -> str | None:
    """The text of RTF, None where there is none to be read."""
    if not signed(raw):
        return None
    from striprtf.striprtf import rtf_to_text

    try:
        text = str(rtf_to_text(_HIDDEN.sub("", _CELL.sub(r"\\tab", raw.decode("latin-1"))), errors="replace"))
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # \\u writes pairs
    except Exception:  # whatever a damaged file does to the library, it is a damaged file
        return None
    return text.strip("\x00") if text.strip("\x00 \r\n\t") else None
