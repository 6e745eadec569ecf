"""Bytes into text without guessing: byte order mark, then strict UTF-8, then Windows-1252, then Latin-1, which takes any byte."""

from __future__ import annotations

import codecs

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LADDER = ("utf-8", "cp1252")
# First bytes of files that hold a report in a form of their own.
_FORMATS = (
    b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"\x7fELF", b"{\\rtf", b"GIF8", b"II*\x00", b"MM\x00*",
)  # fmt: skip
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\x0b\x0c")
_FEW = 8
_SHARE = 50


def decode(raw: bytes) -> tuple[str, str]:
    """The text of bytes, and the encoding it was read as."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, "replace"), encoding.removesuffix("-sig")
    for encoding in _LADDER:
        try:
            return raw.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1"), "latin-1"


def is_binary(raw: bytes) -> bool:
    """Whether bytes are no text: a format of its own by its first bytes, or one control character in fifty and more."""
    if raw.startswith(_FORMATS) or raw[128:132] == b"DICM":
        return True
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    controls = len(raw) - len(raw.translate(None, _CONTROLS))
    return controls > _FEW and controls * _SHARE > len(raw)
