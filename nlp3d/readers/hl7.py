"""HL7 version 2 reports: one unit for each OBR that has observations, from plain messages, batches, MLLP captures and interface logs.

Where the text stands differs by sender: a line for each OBX, all lines in one OBX apart by `~` or `\\.br\\`, RTF, or base64. The places
of other fields may be named by options (`accession=OBR-18.1`).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from . import rtf
from ._columns import FIELDS, check_fields, state_of
from ._decode import is_binary
from ._items import Item, Options, Source, fault
from ._message import Message, Piece, pieces_of
from ._unit import decoded, unit

SUFFIXES = (".hl7", ".er7", ".mllp", ".log")
_MARKS = (b"MSH|", b"FHS|", b"BHS|", b"\x0bMSH", b"<SB>")
_USUAL = {
    "id": "MSH-10", "accession": "OBR-3.1", "title": "OBR-4.2", "date_of_service": "OBR-7", "modality": "OBR-24", "site": "MSH-4", "version": "MSH-7",
}  # fmt: skip
_PLACE = re.compile(r"([A-Z][A-Z0-9]{2})-(\d{1,3})(?:\.(\d{1,2}))?")
_REPORT_TYPES = ("TX", "FT", "ST", "ED", "RP", "CE", "CWE", "NM", "")
_MODALITIES = frozenset(["CT", "MR", "US", "NM", "PT", "XA", "CR", "DX", "MG", "RF", "XR", "BMD", "OT", "IVUS", "PX"])
_MOST = 1 << 28


def signed(head: bytes) -> bool:
    """Whether the first bytes can only be HL7 version 2 or a log of it."""
    return head.lstrip().startswith(_MARKS) or b"\nMSH|^" in head or b"\rMSH|^" in head or b"<SB>" in head


def read(stream: BinaryIO, options: Options = Options()) -> Iterator[Item]:  # noqa: B008 (frozen)
    """A unit for each OBR with a text, a fault for each message without one and for words between messages."""
    check_fields(options.columns)
    raw = stream.read(_MOST)
    number = 0
    for message_number, piece in enumerate(pieces_of(raw), 1):
        for item in _items(piece, message_number, options):
            number += 1
            yield replace(item, source=replace(item.source, record=number))


def _items(piece: Piece, number: int, options: Options) -> Iterator[Item]:
    place = options.source(0, piece.offset, part=f"message {number}")
    if not piece.whole:
        yield fault("bad_hl7", "message_unreadable", place, piece.raw)
        return
    read = decoded(piece.raw, place, options)
    if not isinstance(read, tuple):
        yield read
        return
    place = read[1]
    message = Message(piece.raw)
    orders = _orders(message)
    if not orders:
        yield fault("bad_hl7", "message_unreadable", place, piece.raw)
    for order, observations in orders:
        yield _report(message, order, observations, replace(place, part=f"message {number}, OBR {message.part(order, 1) or 1}"), options, piece.raw)


def _orders(message: Message) -> list[tuple[list[str], list[list[str]]]]:
    """Each OBR with its OBX; an OBR without any shares the report of the one it stands beside."""
    found: list[tuple[list[str], list[list[str]]]] = []
    for segment in message.segments:
        if segment[0] in ("OBR", "TXA"):
            found.append((segment, []))
        elif segment[0] == "OBX":
            if not found:
                found.append((["OBR"], []))
            found[-1][1].append(segment)
    with_text = [(order, seen) for order, seen in found if seen]
    return with_text or found[:1]


def _report(message: Message, order: list[str], observations: list[list[str]], place: Source, options: Options, raw: bytes) -> Item:
    lines: list[str] = []
    refused = False
    for segment in observations:
        if (message.part(segment, 2) or "").upper() not in _REPORT_TYPES:
            continue
        text = _text(message, segment)
        refused = refused or text is None
        lines += [text] if text is not None else []
    text = "\n".join(lines)
    if refused and not text.strip():
        return fault("not_text", "text_binary", place, raw)
    values: dict[str, Any] = {name: _value(message, order, where) for name, where in {**_USUAL, **options.columns}.items() if where}
    values["title"] = values.get("title") or message.part(order, 4, 1)
    values["date_of_service"] = _day(values.get("date_of_service"))
    if str(values.get("modality") or "").upper() not in _MODALITIES:
        values["modality"] = None  # some senders put a procedure or a section there
    values["reader"] = values.get("reader") or _name(message, order)
    states = [message.part(segment, 11) for segment in observations]
    state = state_of(message.part(order, 25)) or next((found for word in states if (found := state_of(word))), None)
    return unit({**{name: value for name, value in values.items() if name in FIELDS}, "text": text}, place, options, raw, state)


def _text(message: Message, segment: list[str]) -> str | None:
    """The text of an observation; None for content that is none (PDF, a picture)."""
    kind, value = (message.part(segment, 2) or "").upper(), message.field(segment, 5)
    if kind == "RP":
        return ""
    if kind == "ED":
        parts = value.split(message.component)
        packed = message.unescaped(parts[-1])
        return _unpacked(packed) if len(parts) < 4 or parts[3].lower() == "base64" or len(parts) == 5 else packed
    if kind in ("CE", "CWE"):
        return " ".join(part for part in value.split(message.component)[1:2] if part)
    text = "\n".join(message.unescaped(part) for part in value.split(message.repetition))
    return rtf.text_of(text.encode()) if rtf.signed(text.encode()[:64]) else text


def _unpacked(packed: str) -> str | None:
    try:
        raw = base64.b64decode(re.sub(r"\s+", "", packed), validate=True)
    except (binascii.Error, ValueError):
        return packed if packed.strip() else ""
    if rtf.signed(raw[:64]):
        return rtf.text_of(raw)
    return None if is_binary(raw) or raw.startswith(b"%PDF") else raw.decode("utf-8", "replace")


def _value(message: Message, order: list[str], where: str) -> str | None:
    place = _PLACE.fullmatch(where.strip())
    if place is None:
        return None
    segment = order if place[1] == order[0] else next((one for one in message.segments if one[0] == place[1]), None)
    if segment is None:
        return None
    return message.part(segment, int(place[2]), int(place[3] or 1))


def _day(value: Any) -> str | None:
    digits = re.match(r"(\d{4})(\d{2})(\d{2})", value or "")
    if digits is None or not ("01" <= digits[2] <= "12" and "01" <= digits[3] <= "31"):
        return None
    return f"{digits[1]}-{digits[2]}-{digits[3]}"


def _name(message: Message, order: list[str]) -> str | None:
    for place in (32, 35):
        parts = message.field(order, place).split(message.repetition)[0].split(message.component)
        named = [message.unescaped(part).strip() for part in (parts[1:3] if len(parts) > 1 else parts[:1])]
        if any(named):
            return ", ".join(part for part in named if part)
    return None
