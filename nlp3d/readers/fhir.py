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
from typing import Any, BinaryIO

from ._attachment import attachment_text
from ._decode import decode
from ._html import html_text
from ._items import MODALITIES, Item, Options, Source, fault
from ._lines import as_utf8, most_bytes
from ._unit import too_large, unit
from ._values import values_of

SUFFIXES = (".json", ".fhir")
_TEXTS = 4  # a resource may carry its text more than once, and pictures
_OF_REPORTS = ("DiagnosticReport", "Bundle")
_REPORTS = (b'"DiagnosticReport"', b'"Bundle"')
_CHUNK = 1 << 20
_RESOURCE = re.compile(rb'\s*[\[{][^{}]{0,400}"resourceType"\s*:')


def signed(head: bytes) -> bool:
    """Whether the first bytes can only be FHIR."""
    return _RESOURCE.match(head) is not None


def holds_no_reports(stream: BinaryIO) -> bool:
    """Whether a file is one of those that stand beside reports in an export (Patient.ndjson ...): it speaks of none anywhere."""
    rest = b""
    while raw := stream.read(_CHUNK):
        if any(name in rest + raw for name in _REPORTS):
            return False
        rest = raw[-len(_REPORTS[0]) :]
    return True


def read(stream: BinaryIO, options: Options = Options()) -> Iterator[Item]:  # noqa: B008 (frozen)
    """A unit or a fault for every DiagnosticReport and everything that is no FHIR, in order."""
    source = as_utf8(stream)
    number = 0
    for value in values_of(source, _TEXTS * most_bytes(options.limit)):
        offset = None if source.was else value.offset
        lines = (value.line, value.line) if value.line else None
        place = options.source(number + 1, offset, lines, f"entry {value.entry}" if value.entry else None)
        if value.raw is None:
            number += 1
            yield too_large(place, options, value.size, value.sha256)
            continue
        if not value.raw.strip() and value.line:
            number += 1
            yield fault("blank", "line_blank", place, value.raw)
            continue
        for part, resource in _resources(_parsed(value.raw), place.part):
            number += 1
            at = replace(place, record=number, part=part)
            yield fault("bad_fhir", "resource_unreadable", at, value.raw) if resource is None else _report(resource, at, options, value.raw)


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(decode(raw)[0])
    except (ValueError, RecursionError):
        return None


def _resources(value: Any, part: str | None = None) -> Iterator[tuple[str | None, Mapping[str, Any] | None]]:
    """The reports in a value, each with its place; None for what is no resource."""
    if isinstance(value, list):
        for number, one in enumerate(value, 1):
            yield from _resources(one, f"entry {number}")
    elif isinstance(value, dict) and "resourceType" not in value and "resource" in value:  # an entry of a Bundle
        resource = value["resource"]
        if not isinstance(resource, dict) or resource.get("resourceType") in (None, *_OF_REPORTS):
            yield from _resources(resource, part)
    elif not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
        yield part, None
    elif value["resourceType"] == "Bundle":
        entries = value.get("entry")
        for number, entry in enumerate(entries if isinstance(entries, list) else [], 1):
            yield from _resources(entry, f"{part}, entry {number}" if part else f"entry {number}")
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
        "modality": _modality(resource),
        "reader": _reader(resource),
        "version": _string(resource.get("issued")),
        "status": resource.get("status"),
        "text": text,
    }
    return unit({name: value for name, value in values.items() if isinstance(value, str)}, place, options, piece)


def _text(resource: Mapping[str, Any]) -> tuple[str | None, bool]:
    """The text, and whether there is only content that is none. Of forms that say the same in several ways the plain ones are read."""
    forms: dict[str, list[str]] = {"plain": [], "html": [], "other": []}
    binary = False
    for form in _list(resource.get("presentedForm")):
        if not isinstance(form, dict) or not isinstance(form.get("data"), str):
            continue
        try:
            raw = base64.b64decode(form["data"], validate=False)
        except (binascii.Error, ValueError):
            continue
        kind = str(form.get("contentType", "")).lower()
        text = attachment_text(raw, kind)
        binary = binary or text is None
        if text and text.strip():
            forms["html" if "html" in kind else "plain" if "plain" in kind else "other"].append(text)
    narrative = resource.get("text")
    div = narrative.get("div") if isinstance(narrative, dict) else None
    read = forms["plain"] or forms["other"] or forms["html"] or [html_text(div) if isinstance(div, str) else ""]
    text = "\n\n".join(read)
    conclusion = _string(resource.get("conclusion")) or ""
    if " ".join(conclusion.split()) not in " ".join(text.split()):
        text = f"{text}\n\n{conclusion}" if text else conclusion
    return (text or None), binary


def _modality(resource: Mapping[str, Any]) -> str | None:
    """The one code among the categories that is a modality."""
    codes = [one.get("code") for category in _list(resource.get("category")) if isinstance(category, dict) for one in _list(category.get("coding")) if isinstance(one, dict)]
    return next((code for code in codes if isinstance(code, str) and code in MODALITIES), None)


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
