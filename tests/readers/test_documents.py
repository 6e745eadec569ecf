"""RTF and FHIR."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from nlp3d.readers import Fault, Item, Options, Unit, fhir
from nlp3d.readers.rtf import text_of

Read = Callable[..., list[Item]]

RTF = {
    "paragraphs and tables": (r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\colortbl;\red0;}\pard\b CT\b0  head\par\tab a\cell b\row}", "CT head\n\ta\tb\n"),
    "code page": (r"{\rtf1\ansi\ansicpg1252 37\'b0C \ldblquote x\rdblquote  \'96}", "37°C “x” –"),
    "unicode with replacement": (r"{\rtf1\uc1 a\u8211?b \u-10179?\u-8704?}", "a–b 😀"),
    "unicode with longer replacement": (r"{\rtf1{\uc2 \u8211\'e2\'80 b}c}", "– bc"),
    "cyrillic font": (r"{\rtf1\ansi{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}\f1\'c0\f0\'c0}", "АÀ"),
    "hidden, header, picture, field code": (
        r"{\rtf1{\header H}{\*\generator G}{\info{\author N}}{\pict\bin3 }}}}a{\v hidden}{\field{\*\fldinst HYPERLINK}{\fldrslt link}}}",
        "alink",
    ),
    "escaped signs": (r"{\rtf1 a\{b\}c\\d\~e\_f}", "a{b}c\\d\u00a0e\u2011f"),
    "cut off": (r"{\rtf1{\b CT head\par no bl", "CT head\nno bl"),
    "words after the end": ("{\\rtf1 a}b", "a"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(RTF))
def test_rtf(name: str) -> None:
    rtf, text = RTF[name]
    assert text_of(rtf.encode()) == text


def test_rtf_files(read: Read) -> None:
    (item,) = read("rtf", rb"{\rtf1 CT head}")
    assert isinstance(item, Unit) and item.record.text == "CT head"
    (item,) = read("rtf", b"words")
    assert isinstance(item, Fault) and item.reason == "bad_rtf" and item.payload == b"words"


@given(some.lists(some.sampled_from([*"{}\\'*abu1-9 \n;", "\\bin9", "\\u8211", "\\uc3", "\\fonttbl"]), max_size=200).map("".join))
def test_any_rtf_gives_a_text(noise: str) -> None:
    text = text_of(("{\\rtf1" + noise).encode())
    assert text is None or text.strip()
    (text or "").encode("utf-8", "surrogatepass")


def form(text: bytes, kind: str) -> dict[str, str]:
    return {"contentType": kind, "data": base64.b64encode(text).decode()}


def report(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "DiagnosticReport",
        "id": "r1",
        "status": "final",
        "identifier": [{"value": "other"}, {"type": {"coding": [{"code": "ACSN"}]}, "value": "ACC9"}],
        "category": [{"coding": [{"code": "RAD"}, {"code": "CT"}]}],
        "code": {"coding": [{"code": "X1", "display": "CT head"}]},
        "effectiveDateTime": "2026-03-01T10:00:00Z",
        "resultsInterpreter": [{"display": "Reader, Rita"}],
        **more,
    }


PLAIN = report(presentedForm=[form(b"CT HEAD", "text/plain")])
FORMS: dict[str, tuple[dict[str, Any], str]] = {
    "plain before html and pdf": (
        {"presentedForm": [form(b"%PDF-1.4", "application/pdf"), form(b"<p>html</p>", "text/html"), form(b"CT HEAD", "text/plain")]},
        "CT HEAD",
    ),
    "html": ({"presentedForm": [form(b"<html><style>x</style><body><p>CT&nbsp;HEAD</p><p>No bleed</p></body></html>", "text/html")]}, "CT HEAD\n\nNo bleed"),
    "rtf": ({"presentedForm": [form(rb"{\rtf1 CT HEAD}", "application/rtf")]}, "CT HEAD"),
    "several": ({"presentedForm": [form(b"one", "text/plain"), form(b"two", "text/plain")]}, "one\n\ntwo"),
    "old bytes": ({"presentedForm": [form("37°".encode("cp1252"), "text/plain")]}, "37°"),
    "narrative": ({"text": {"status": "generated", "div": "<div><h1>CT HEAD</h1><p>No<br/>bleed</p></div>"}}, "CT HEAD\n\nNo\nbleed"),
    "conclusion alone": ({"conclusion": "No bleed."}, "No bleed."),
    "conclusion that the text holds": ({"presentedForm": [form(b"CT HEAD. No\nbleed.", "text/plain")], "conclusion": "No bleed."}, "CT HEAD. No\nbleed."),
    "conclusion besides": ({"presentedForm": [form(b"CT HEAD.", "text/plain")], "conclusion": "No bleed."}, "CT HEAD.\n\nNo bleed."),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FORMS))
def test_forms(read: Read, name: str) -> None:
    more, text = FORMS[name]
    (item,) = read("fhir", json.dumps(report(**more)).encode())
    assert isinstance(item, Unit) and item.record.text == text


@pytest.mark.parametrize(
    ("more", "reason"),
    [({"presentedForm": [form(b"%PDF-1.4", "application/pdf")]}, "not_text"), ({"presentedForm": [{"url": "Binary/1"}]}, "bad_fhir"),
     ({"presentedForm": [{"data": "!!"}]}, "bad_fhir"), ({"presentedForm": [form(b"words", "application/pdf")]}, "")],
)  # fmt: skip
def test_texts_that_are_not_there(read: Read, more: dict[str, Any], reason: str) -> None:
    (item,) = read("fhir", json.dumps(report(**more)).encode())
    assert getattr(item, "reason", "") == reason


def test_fields(read: Read) -> None:
    (item,) = read("fhir", json.dumps(PLAIN).encode())
    assert isinstance(item, Unit)
    record = item.record
    assert (record.id, record.accession, record.title, record.modality, record.reader) == ("r1", "ACC9", "CT head", "CT", "Reader, Rita")
    assert record.date_of_service == date(2026, 3, 1) and item.state == "final"


def bundle(*resources: Any, indent: int | None = None) -> bytes:
    return json.dumps(
        {"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "u", "resource": one} for one in resources]}, indent=indent
    ).encode()


@pytest.mark.parametrize("indent", [None, 1])
def test_bundles(read: Read, indent: int | None) -> None:
    many = [report(id=str(n), presentedForm=[form(f"CT é {n}".encode() + b"x" * 9000, "text/plain")]) for n in range(300)]
    raw = bundle({"resourceType": "Patient", "text": {"div": "[]{}"}}, *many, indent=indent)
    items = read("fhir", raw)
    assert [item.record.id for item in items if isinstance(item, Unit)] == [str(n) for n in range(300)] and len(items) == 300
    for item in items:
        assert item.source.offset is not None and raw[item.source.offset : item.source.offset + 1] == b"{"


def test_a_bundle_with_a_broken_entry_loses_only_that(read: Read) -> None:
    raw = bundle(*(report(id=str(n), conclusion="CT") for n in range(5))).replace(b'"id": "2",', b'"id" "2",')
    assert [item.record.id if isinstance(item, Unit) else item.reason for item in read("fhir", raw)] == ["0", "1", "bad_fhir", "3", "4"]


def test_lines(read: Read) -> None:
    long = report(id="2", conclusion="x" * 20_000)
    raw = b"\n".join([json.dumps(long).encode(), b"", b"{", json.dumps({"resourceType": "Patient"}).encode(), json.dumps(PLAIN).encode()])
    assert [getattr(item, "reason", "unit") for item in read("fhir", raw + b"\n")] == [
        "unit",
        "blank",
        "bad_fhir",
        "other_resource",
        "unit",
    ]


def test_other_json(read: Read) -> None:
    for raw in (b'{"a": 1}', b"[1, 2]", b"[", b"null", b'{"resourceType": "Bundle", "entry": [1'):
        items = read("fhir", raw)
        assert items and all(isinstance(item, Fault) for item in items), raw
    for raw in (b"", b'{"resourceType": "Bundle", "entry": []}', b'{"resourceType": "Bundle"}'):
        assert read("fhir", raw) == []


def test_an_entry_that_is_too_long_costs_no_other(read: Read) -> None:
    """Longer than any buffer, with signs inside its text that would end it elsewhere."""
    long = report(id="long", conclusion='\\"{[' * 2_000_000)
    raw = bundle(report(id="0", conclusion="CT"), long, report(id="2", conclusion="MR"))
    items = read("fhir", raw, limit=1000)
    assert [item.record.id if isinstance(item, Unit) else item.reason for item in items] == ["0", "too_large", "2"]
    (fault,) = [item for item in items if isinstance(item, Fault)]
    first = raw.index(b'{"fullUrl": "u", "resource": {"resourceType": "DiagnosticReport", "id": "long"')
    last = raw.index(b', {"fullUrl"', first)
    assert fault.source.offset == first and fault.size == last - first and fault.sha256 == sha256(raw[first:last]).hexdigest()


@given(some.integers(0, 400), some.binary(max_size=20))
def test_damaged_bundles_never_stop_the_reader(place: int, noise: bytes) -> None:
    raw = bundle(*(report(id=str(n), conclusion="CT") for n in range(4)))
    list(fhir.read(BytesIO(raw[:place] + noise + raw[place:]), Options()))
    list(fhir.read(BytesIO(raw[:place] + noise), Options()))
