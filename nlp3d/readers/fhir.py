"""FHIR DiagnosticReport (R4 and its kin): a resource, a Bundle, or one resource a line; text from presentedForm, else the narrative.

A DiagnosticReport without a text of its own, or with only a pointer to one elsewhere, is a fault; so is any other resource but those
that a Bundle carries along (Patient, ServiceRequest, ImagingStudy ...).
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any, BinaryIO

from . import rtf
from ._decode import is_binary
from ._items import Item, Options, Source, fault
from ._lines import as_utf8, most_bytes
from ._unit import unit

SUFFIXES = (".json", ".fhir")
_MOST = 1 << 28
_BLOCKS = frozenset(["p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "pre"])
_RESOURCE = re.compile(rb'\s*[\[{][^{}]{0,400}"resourceType"\s*:')


def signed(head: bytes) -> bool:
    """Whether the first bytes can only be FHIR."""
    return _RESOURCE.match(head) is not None


def read(stream: BinaryIO, options: Options = Options()) -> Iterator[Item]:  # noqa: B008 (frozen)
    """A unit or a fault for every DiagnosticReport and everything that is no FHIR, in order."""
    raw = as_utf8(stream).stream.read(_MOST)
    number = 0
    for place, value, piece in _values(raw, options):
        for part, resource in _resources(value):
            number += 1
            at = replace(place, record=number, part=part or place.part)
            yield fault("bad_fhir", "resource_unreadable", at, piece) if resource is None else _report(resource, at, options, piece)


def _values(raw: bytes, options: Options) -> Iterator[tuple[Source, Any, bytes]]:
    """The JSON values of a file: the whole, or its lines."""
    whole = _parsed(raw)
    if whole is not None:
        yield options.source(0, 0), whole, raw if len(raw) <= most_bytes(options.limit) else b""
        return
    offset = 0
    for number, line in enumerate(raw.splitlines(keepends=True), 1):
        if line.strip():
            yield replace(options.source(0, offset), lines=(number, number)), _parsed(line), line
        offset += len(line)


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None


def _resources(value: Any, part: str | None = None) -> Iterator[tuple[str | None, Mapping[str, Any] | None]]:
    """The reports in a value, each with its place; None for what is no resource."""
    if isinstance(value, list):
        for number, one in enumerate(value, 1):
            yield from _resources(one, f"entry {number}")
    elif not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
        yield part, None
    elif value["resourceType"] == "Bundle":
        entries = value.get("entry")
        for number, entry in enumerate(entries if isinstance(entries, list) else [], 1):
            resource = entry.get("resource") if isinstance(entry, dict) else None
            if isinstance(resource, dict) and resource.get("resourceType") not in (None, "DiagnosticReport", "Bundle"):
                continue
            yield from _resources(resource, f"entry {number}")
    else:
        yield part, value


def _report(resource: Mapping[str, Any], place: Source, options: Options, piece: bytes) -> Item:
    if resource["resourceType"] != "DiagnosticReport":
        return fault("other_resource", "resource_unreadable", place, piece)
    text, binary = _text(resource)
    if text is None:
        return fault("not_text" if binary else "bad_fhir", "text_binary" if binary else "resource_unreadable", place, piece)
    identifiers = [one for one in _list(resource.get("identifier")) if isinstance(one, dict)]
    accession = next((one.get("value") for one in identifiers if "ACSN" in json.dumps(one.get("type", ""))), None)
    values = {
        "id": resource.get("id"),
        "accession": accession or next((one.get("value") for one in identifiers if one.get("value")), None),
        "title": _words(resource.get("code")),
        "date_of_service": _day(resource),
        "reader": _reader(resource),
        "version": _string(resource.get("issued")),
        "status": resource.get("status"),
        "text": text,
    }
    return unit({name: value for name, value in values.items() if isinstance(value, str)}, place, options, piece)


def _text(resource: Mapping[str, Any]) -> tuple[str | None, bool]:
    """The text, and whether there is only content that is none."""
    binary = False
    for form in _list(resource.get("presentedForm")):
        if not isinstance(form, dict) or not isinstance(form.get("data"), str):
            continue
        try:
            raw = base64.b64decode(form["data"], validate=False)
        except (binascii.Error, ValueError):
            continue
        kind = str(form.get("contentType", "")).lower()
        if rtf.signed(raw[:64]):
            text = rtf.text_of(raw)
        elif is_binary(raw) or raw.startswith(b"%PDF") or kind.startswith(("application/pdf", "image/")):
            binary, text = True, None
        else:
            text = raw.decode("utf-8", "replace")
            text = _narrative(text) if "html" in kind else text
        if text and text.strip():
            return text, False
    narrative = resource.get("text")
    div = narrative.get("div") if isinstance(narrative, dict) else None
    text = _narrative(div) if isinstance(div, str) else ""
    conclusion = _string(resource.get("conclusion")) or ""
    both = text if conclusion in text else f"{text}\n{conclusion}".strip()
    return (both or None), binary


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += ["\n"] if tag in _BLOCKS else []

    def handle_endtag(self, tag: str) -> None:
        self.found += ["\n"] if tag in _BLOCKS - {"br"} else []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def _narrative(markup: str) -> str:
    words = _Words()
    words.feed(markup)
    words.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(words.found)).strip()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _words(code: Any) -> str | None:
    if not isinstance(code, dict):
        return None
    displays = [one.get("display") for one in _list(code.get("coding")) if isinstance(one, dict)]
    return _string(code.get("text")) or next((display for display in displays if isinstance(display, str)), None)


def _day(resource: Mapping[str, Any]) -> str | None:
    period = resource.get("effectivePeriod")
    value = _string(resource.get("effectiveDateTime")) or (_string(period.get("start")) if isinstance(period, dict) else None)
    found = re.match(r"\d{4}-\d\d-\d\d", value or "")
    return found[0] if found else None


def _reader(resource: Mapping[str, Any]) -> str | None:
    for name in ("resultsInterpreter", "performer"):
        for one in _list(resource.get(name)):
            if isinstance(one, dict) and isinstance(one.get("display"), str):
                return str(one["display"])
    return None
