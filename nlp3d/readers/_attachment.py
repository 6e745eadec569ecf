"""The text of a document that another format carries inside: plain, HTML or RTF, by its first bytes before what its sender calls it."""

from __future__ import annotations

from . import rtf
from ._decode import decode, is_binary
from ._html import html_text, is_html


def attachment_text(raw: bytes, kind: str = "") -> str | None:
    """The text, None for content that is none (PDF, a picture, damaged RTF)."""
    if rtf.signed(raw[:64]):
        return rtf.text_of(raw)
    if is_binary(raw):
        return None
    text = decode(raw)[0]
    return html_text(text) if "html" in kind.lower() or is_html(text) else text
