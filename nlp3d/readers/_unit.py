"""From named values to a unit or a fault: the checks that every format shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..errors import Nlp3dError
from ..record import Record
from ..text import is_safe, sanitize
from ._columns import STATUS, state_of
from ._decode import decode
from ._items import Fault, Item, Options, Source, State, Unit, fault, where

_MARK = "\ufeff"


def unit(values: Mapping[str, Any], source: Source, options: Options, raw: bytes | None = None, state: State | None = None) -> Item:
    """The unit of a record's fields (and `status`), or what is wrong with them. `raw` are the bytes they came from."""
    try:
        record = Record.of(values, where(source))
    except Nlp3dError as problem:
        name = values.get("id") if isinstance(values, Mapping) else None
        known = Record.of({"text": None, "id": name}).id if type(name) in (str, int) else None
        return replace(fault("bad_record", "record_text_missing", source, raw, known), error=problem)
    if len(record.text) > options.limit:
        return too_large(source, options, len(raw or record.text.encode("utf-8", "replace")), id=record.id)
    return Unit(record, counted(source, record.text), state or state_of(values.get(STATUS)))


def too_large(source: Source, options: Options, size: int | None, sha256: str | None = None, id: str | None = None) -> Fault:
    """The fault of a record with too long a text; its bytes are not kept."""
    return replace(fault("too_large", "text_too_long", source, id=id, limit=f"{options.limit:,}"), size=size, sha256=sha256)


def counted(source: Source, text: str) -> Source:
    """The place with what was found in a text that other programs choke on."""
    if is_safe(text) and (text.isascii() or _MARK not in text):
        return source
    safe = sanitize(text)
    counts = {"surrogates": safe.surrogates_replaced, "controls": safe.controls_replaced, "byte_order_marks": text.count(_MARK)}
    kept = {name: count for name, count in counts.items() if count}
    return replace(source, counts=kept) if kept else source


def decoded(raw: bytes, source: Source, options: Options, was: str | None = None) -> tuple[str, Source] | Fault:
    """The text of a record's bytes and its place with the encoding; a fault where only UTF-8 is allowed and it is none. `was` names what the
    bytes were before they were read as UTF-8."""
    text, encoding = decode(raw)
    if options.strict_encoding and encoding not in ("utf-8", "utf-16"):
        return fault("encoding", "record_encoding", source, raw)
    return text, Source(source.file, source.kind, source.record, source.offset, source.lines, source.part, was or encoding)
