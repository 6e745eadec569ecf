"""HL7 version 2 as text: messages found among envelopes, MLLP bytes and log lines, parted into segments, fields and components."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

from ._decode import decode

_WRITTEN = {b"<SB>": b"\x0b", b"<EB>": b"\x1c", b"<R>": b"\r"}  # how interface logs write the bytes of MLLP and segment ends
_ENVELOPE = re.compile(rb"(?:FHS|BHS|BTS|FTS)\|[^\r\n]*")
# A head whose name is damaged begins a message all the same, so that it is not taken for words of the one before it.
_BEGINS = re.compile(rb"(?:\A|[\r\n\x0b])[ \t]*(MSH[^\w\s]|(?!FHS|BHS)[^\r\n\x0b]{1,48}?\|\^~\\&\|)")
_FRAME = re.compile(rb"\x0b")
_EMPTY_FRAME = re.compile(rb"\x0b\s*\x1c")
_LOG_LINE = re.compile(rb"\d{4}-\d\d-\d\d[ T]\d\d:\d\d[^\r\n]*")
_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}(?=[^A-Za-z0-9\s]|$)")
_CHUNK = 1 << 20
_OVERLAP = 128  # more than a beginning of a message takes
_ESCAPE = re.compile(r"\\([^\\\r\n]{1,32})\\")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a file: a message (`whole`), or words between messages that are none. `raw` is None (with size and hash) where it is
    longer than any message may be."""

    raw: bytes | None
    offset: int
    whole: bool
    size: int = 0
    sha256: str | None = None


def unwritten(raw: bytes) -> bytes:
    """Log notation turned into the bytes it stands for; blanks keep every offset."""
    for written, sign in _WRITTEN.items():
        raw = raw.replace(written, sign + b" " * (len(written) - 1) if written != b"<R>" else b"\r  ")
    return raw


def pieces_of(stream: BinaryIO, most: int) -> Iterator[Piece]:
    """The messages of a file and the words between them, in order; envelopes of batches, frames and log lines are left out. What is held
    of the file is no more than the longest message and a piece of the next; of one beyond `most` bytes only size and hash are kept."""
    held, offset = b"", 0
    while more := stream.read(_CHUNK):
        held += more
        cut = _last_start(held)
        if cut:
            yield from _pieces(held[:cut], offset)
            held, offset = held[cut:], offset + cut
        elif len(held) > most:
            piece, held = _too_long(held, offset, stream)
            yield piece
            offset += piece.size
    yield from _pieces(held, offset)


def _last_start(raw: bytes) -> int:
    """Where the last message of a stretch begins."""
    return max((match.start(1) for match in _BEGINS.finditer(unwritten(raw))), default=0)


def _too_long(held: bytes, offset: int, stream: BinaryIO) -> tuple[Piece, bytes]:
    """A message without end up to the next one, and what was read of that."""
    size, digest = 0, hashlib.sha256()
    while True:
        keep = held[-_OVERLAP:]
        digest.update(held[: len(held) - len(keep)])
        size += len(held) - len(keep)
        more = stream.read(_CHUNK)
        held = keep + more
        # A sign before the stretch stands for the words before it, so that its first letters are no beginning of a file.
        found = next((match.start(1) - 1 for match in _BEGINS.finditer(b"." + unwritten(held))), len(held) if not more else -1)
        if found >= 0:
            digest.update(held[:found])
            return Piece(None, offset, True, size + found, digest.hexdigest()), held[found:]


def _pieces(raw: bytes, offset: int) -> Iterator[Piece]:
    text = unwritten(raw)
    starts = [match.start(1) for match in _BEGINS.finditer(text)]
    yield from _between(raw, text, 0, starts[0] if starts else len(text), offset)
    for start, stop in zip(starts, [*starts[1:], len(text)], strict=False):
        end = text.find(b"\x1c", start, stop)
        end = stop if end < 0 else end
        whole = text.startswith(b"MSH", start)
        yield Piece((text if whole else raw)[start:end], offset + start, whole, end - start)
        yield from _between(raw, text, min(end + 1, stop), stop, offset)


def _between(raw: bytes, text: bytes, start: int, stop: int, offset: int) -> Iterator[Piece]:
    """Words that are no message, and frames with nothing in them, each frame for itself."""
    frames = [start, *(match.start() for match in _FRAME.finditer(text, start + 1, stop)), stop]
    for here, end in pairwise(frames):
        words = _LOG_LINE.sub(b"", _ENVELOPE.sub(b"", text[here:end]))
        if words.strip(b" \t\r\n\x0b\x1c") or _EMPTY_FRAME.match(text, here, end):
            yield Piece(raw[here:end], offset + here, False, end - here)


class Message:
    """A message parted by its own separators. A segment is its name and its fields, `[name, field 1, ...]` (of MSH, field 1 is the separator)."""

    def __init__(self, raw: bytes) -> None:
        text, self.encoding = decode(raw)
        self.separator = text[3]
        signs = text[4 : text.find(self.separator, 4)] if self.separator in text[4:] else ""
        self.component, self.repetition, self.escape, self.subcomponent = list((signs + "^~\\&"[len(signs) :])[:4])
        self.segments = list(self._segments(text))

    def _segments(self, text: str) -> Iterator[list[str]]:
        """Segments end with CR, LF or both; a line that begins with no segment's name goes on in the field before it."""
        current: list[str] | None = None
        for line in re.split(r"\r\n|\r|\n", text):
            bare = line.lstrip(" \t")
            if _SEGMENT.match(bare) and (bare[3:4] in (self.separator, "")):
                if current:
                    yield current
                current = bare.rstrip(" ").split(self.separator)
                if current[0] == "MSH":
                    current.insert(1, self.separator)
            elif current is not None and bare.strip():
                more = line.split(self.separator)
                current[-1] += "\n" + more[0]
                current += more[1:]
        if current:
            yield current

    def field(self, segment: list[str], place: int) -> str:
        """A field as it stands, empty where there is none."""
        return segment[place] if place < len(segment) else ""

    def part(self, segment: list[str], place: int, component: int = 1) -> str | None:
        """A component of the first repetition of a field, unescaped; None where it is empty."""
        parts = self.field(segment, place).split(self.repetition)[0].split(self.component)
        value = self.unescaped(parts[component - 1]).strip() if component <= len(parts) else ""
        return value if value and value != '""' else None

    def unescaped(self, value: str) -> str:
        """A value with its escape sequences as the signs they stand for."""
        if self.escape not in value:
            return value
        signs = {"F": self.separator, "S": self.component, "T": self.subcomponent, "R": self.repetition, "E": self.escape}

        def sign(match: re.Match[str]) -> str:
            code = match[1]
            if code in signs:
                return signs[code]
            if code[0] == "X" and re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", code[1:]):
                return re.sub(r"\r\n?", "\n", decode(bytes.fromhex(code[1:]))[0])
            if code[0] == ".":
                return "\n" if code[1:3].lower() in ("br", "sp", "ce") else ""
            return "" if code in ("H", "N") else match[0]

        pattern = _ESCAPE if self.escape == "\\" else re.compile(re.escape(self.escape) + r"([^\r\n]{1,32}?)" + re.escape(self.escape))
        return pattern.sub(sign, value)
