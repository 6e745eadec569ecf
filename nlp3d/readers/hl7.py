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
from ._attachment import attachment_text
from ._columns import FIELDS, check_fields, state_of
from ._items import MODALITIES, Item, Options, Source, State, fault
from ._lines import most_bytes
from ._message import Message, Piece, pieces_of
from ._unit import decoded, too_large, unit

SUFFIXES = (".hl7", ".er7", ".mllp", ".log")
_MARKS = (b"MSH|", b"FHS|", b"BHS|", b"\x0bMSH", b"<SB>")
_USUAL = {
    "id": "MSH-10", "accession": "OBR-3.1", "date_of_service": "OBR-7", "modality": "OBR-24", "site": "MSH-4", "version": "MSH-7",
}  # fmt: skip
_STRONGEST: tuple[State, ...] = ("corrected", "addendum", "preliminary")
_PLACE = re.compile(r"([A-Z][A-Z0-9]{2})-(\d{1,3})(?:\.(\d{1,2}))?")
_REPORT_TYPES = ("TX", "FT", "ST", "ED", "RP", "CE", "CWE", "NM", "")
_TEXTS = 4  # a message may carry its text more than once, and pictures


def signed(head: bytes) -> bool:
    """Whether the first bytes can only be HL7 version 2 or a log of it."""
    return head.lstrip().startswith(_MARKS) or b"\nMSH|^" in head or b"\rMSH|^" in head or b"<SB>" in head


def read(stream: BinaryIO, options: Options = Options()) -> Iterator[Item]:  # noqa: B008 (frozen)
    """A unit for each OBR with a text, a fault for each message without one and for words between messages."""
    check_fields(options.columns)
    number = 0
    for message_number, piece in enumerate(pieces_of(stream, _TEXTS * most_bytes(options.limit)), 1):
        for item in _items(piece, message_number, options):
            number += 1
            yield replace(item, source=replace(item.source, record=number))


def _items(piece: Piece, number: int, options: Options) -> Iterator[Item]:
    place = options.source(0, piece.offset, part=f"message {number}")
    if piece.raw is None:
        yield too_large(place, options, piece.size, piece.sha256)
        return
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
    for order, observations, title in orders:
        yield _report(message, order, observations, title, replace(place, part=f"message {number}, OBR {message.part(order, 1) or 1}"), options, piece.raw)


def _orders(message: Message) -> list[tuple[list[str], list[list[str]], str | None]]:
    """Each OBR with its OBX and title. Orders without OBX share the report of the next one that has some, the last ones that before them:
    each is a report of its own with the same text, titled by all."""
    groups: list[tuple[list[list[str]], list[list[str]]]] = []
    for segment in message.segments:
        if segment[0] in ("OBR", "TXA"):
            if groups and not groups[-1][1]:
                groups[-1][0].append(segment)
            else:
                groups.append(([segment], []))
        elif segment[0] == "OBX":
            if not groups:
                groups.append(([["OBR"]], []))
            groups[-1][1].append(segment)
    if len(groups) > 1 and not groups[-1][1]:
        groups[-2][0].extend(groups.pop()[0])
    found: list[tuple[list[str], list[list[str]], str | None]] = []
    for orders, observations in groups:
        titles = dict.fromkeys(title for order in orders if (title := _title(message, order)))
        found += [(order, observations, "; ".join(titles) or None) for order in orders]
    return found


def _title(message: Message, order: list[str]) -> str | None:
    return message.part(order, 4, 2) or message.part(order, 4, 5) or message.part(order, 4, 1)


def _report(
    message: Message, order: list[str], observations: list[list[str]], title: str | None, place: Source, options: Options, raw: bytes
) -> Item:
    text, refused = _text(message, observations)
    if refused and not text.strip():
        return fault("not_text", "text_binary", place, raw)
    values: dict[str, Any] = {name: _value(message, order, where) for name, where in {**_USUAL, **options.columns}.items() if where}
    values["title"] = values.get("title") or title
    values["date_of_service"] = _day(values.get("date_of_service"))
    if str(values.get("modality") or "").upper() not in MODALITIES:
        values["modality"] = None  # some senders put a procedure or a section there
    values["reader"] = values.get("reader") or _name(message, order)
    record = {**{name: value for name, value in values.items() if name in FIELDS}, "text": text}
    return unit(record, place, options, raw, _state(message, order, observations))


def _state(message: Message, order: list[str], observations: list[list[str]]) -> State | None:
    """What the observations say of themselves comes before what the order says of them; one that is final says nothing of the others."""
    told = {state_of(message.part(segment, 11)) for segment in observations}
    of_order = state_of(message.part(order, 25))
    if told == {"withdrawn"}:
        return "withdrawn"
    for state in _STRONGEST:
        if state in told or state == of_order:
            return state
    return of_order or ("final" if "final" in told else None)


def _text(message: Message, observations: list[list[str]]) -> tuple[str, bool]:
    """The text of observations, and whether one of them holds content that is none (PDF, a picture)."""
    lines: list[str] = []
    refused = False
    for segment in observations:
        kind, value = (message.part(segment, 2) or "").upper(), message.field(segment, 5)
        if kind not in _REPORT_TYPES or kind == "RP":
            continue
        if kind == "ED":
            text = _enclosed(message, value)
            refused = refused or text is None
            lines += [text] if text is not None else []
        elif kind in ("CE", "CWE"):
            lines.append(" ".join(message.unescaped(part) for part in value.split(message.component)[1:2] if part))
        else:
            lines.append("\n".join(message.unescaped(part) for part in value.split(message.repetition)))
    start = next((place for place, line in enumerate(lines) if rtf.signed(line[:64].encode("utf-8", "replace"))), None)
    if start is not None:  # often over several observations
        words = rtf.text_of("\n".join(lines[start:]).encode("cp1252", "replace"))
        refused = refused or words is None
        lines[start:] = [words or ""]
    return "\n".join(lines), refused


def _enclosed(message: Message, value: str) -> str | None:
    """The text of a document inside an observation (its type and subtype stand before it); None for content that is none."""
    parts = value.split(message.component)
    packed = message.unescaped(parts[-1])
    kind = " ".join(parts[1:3])
    if len(parts) == 4 and parts[3].lower() != "base64":
        return packed
    try:
        raw = base64.b64decode(re.sub(r"\s+", "", packed), validate=True)
    except (binascii.Error, ValueError):
        return packed if packed.strip() else ""
    return attachment_text(raw, kind)


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
        first = message.field(order, place).split(message.repetition)[0]
        parts = first.split(message.component if message.component in first else message.subcomponent)
        named = [message.unescaped(part).strip() for part in (parts[1:3] if len(parts) > 1 else parts[:1])]
        if any(named):
            return ", ".join(part for part in named if part)
    return None
