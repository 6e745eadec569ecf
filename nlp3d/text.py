"""Step 1, text: make any input safe without moving an offset, and say what was replaced."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])
_CONTROL = re.compile(f"[{re.escape(_CONTROLS.decode())}]")

# One character for one: what a reader takes for the same sign is matched as the same sign.
_LIKENESS = {
    **{ord(c): "-" for c in "\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{MINUS SIGN}\N{SMALL HYPHEN-MINUS}\N{FULLWIDTH HYPHEN-MINUS}\N{SOFT HYPHEN}"},
    **{ord(c): " " for c in "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{EN SPACE}\N{EM SPACE}\N{FIGURE SPACE}\N{HAIR SPACE}\N{IDEOGRAPHIC SPACE}\t\x0b\x0c"},
    **{ord(c): "'" for c in "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}\N{PRIME}`"},
    **{ord(c): '"' for c in "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"},
    **{full: chr(full - 0xFEE0) for full in range(0xFF10, 0xFF5B)},
}  # fmt: skip
_LIKE = re.compile("[" + re.escape("".join(map(chr, _LIKENESS))) + "]")


@dataclass(frozen=True, slots=True)
class SafeText:
    """A text that every library accepts; same length as the input, so offsets hold for both."""

    text: str
    surrogates_replaced: int = 0
    controls_replaced: int = 0

    @property
    def sha256(self) -> str:
        """Hash of the safe text in UTF-8, the text that the offsets of an answer refer to."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def sanitize(raw: str) -> SafeText:
    """Replace what other libraries choke on, one character for one: lone surrogates by U+FFFD, control
    characters but tab, line feed and carriage return by a space."""
    if is_safe(raw):
        return SafeText(raw)
    text, surrogates = _SURROGATE.subn(REPLACEMENT, raw)
    text, controls = _CONTROL.subn(" ", text)
    return SafeText(text, surrogates, controls)


def is_safe(raw: str) -> bool:
    """Whether there is nothing that `sanitize` would replace."""
    try:
        data = raw.encode()
    except UnicodeEncodeError:
        return False
    return len(data) == len(data.translate(None, _CONTROLS))


def plain(text: str) -> str:
    """The same text, same length, with look-alike hyphens, spaces, quotes and full-width signs as ASCII ones."""
    return text if text.isascii() and "\t" not in text and "`" not in text else _LIKE.sub(lambda sign: _LIKENESS[ord(sign[0])], text)
