"""Readers and writers: found by scanning, one format a module, records and faults in order."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest

from nlp3d.errors import Nlp3dError
from nlp3d.readers import Fault, Options, Unit, jsonl, note, reader, reader_for, text
from nlp3d.record import Record
from nlp3d.writers import writer


def records(source: bytes, limit: int = 1000) -> list[Any]:
    return list(jsonl.read(BytesIO(source), Options(limit=limit)))


def line(**values: Any) -> bytes:
    return json.dumps(values).encode() + b"\n"


def test_formats_are_found_by_name_and_ending() -> None:
    assert reader("jsonl") is jsonl
    assert reader("text") is text
    endings = {"a.jsonl": "jsonl", "a.NDJSON": "jsonl", "a.txt": "text", "a": "text", "-": "text", "a.b/c.unknown": "text"}
    assert {path: reader_for(path) for path in endings} == endings
    for name in ("text", "json", "jsonl"):
        assert callable(writer(name).write)
    for find in (reader, writer):
        with pytest.raises(Nlp3dError):
            find("_decode")


def test_a_reader_of_a_third_party_is_found_by_its_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    class Other:
        SUFFIXES = (".other",)

    class Point:
        name = "other"

        @staticmethod
        def load() -> type[Other]:
            return Other

    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [Point] if group == "nlp3d.readers" else [])
    assert reader_for("a.other") == "other"
    assert reader("other") is Other


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_lines_end_in_either_way(end: bytes) -> None:
    assert [one.record.text for one in records(b'{"text": "a"}' + end + b'{"text": "b"}')] == ["a", "b"]


def test_byte_order_marks() -> None:
    assert [one.record for one in records(b"\xef\xbb\xbf" + line(text="a"))] == [Record("a")]
    assert [one.record for one in records((line(text="a") + line(text="é")).decode().encode("utf-16"))] == [Record("a"), Record("é")]


def test_each_line_has_its_own_encoding() -> None:
    source = '{"text": "é"}\n'.encode() + '{"text": "é"}\n'.encode("cp1252")
    found = records(source)
    assert [one.record for one in found] == [Record("é"), Record("é")]
    assert [told.where for one in found if (told := note(one.source))] == ["line 2"]


def test_faults_keep_their_place_and_id() -> None:
    found = records(line(text="a", id="1") + b"\n" + line(id="3") + line(text="x" * 1001, id=4) + b"nonsense\n" + line(text="f", id="6"))
    assert [one.id for one in found] == ["1", None, "3", "4", None, "6"]
    assert [one.error.code if isinstance(one, Fault) else "" for one in found] == [
        "", "line_blank", "record_text_missing", "text_too_long", "line_not_json", "",
    ]  # fmt: skip
    assert [one.error.where for one in found if isinstance(one, Fault)] == ["line 2", "line 3", "line 4", "line 5"]


def test_a_line_without_end_is_not_read_into_memory() -> None:
    class Endless(BytesIO):
        most = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            assert size is not None and 0 < size < 5_000_000
            Endless.most = max(Endless.most, size)
            return super().readline(size)

    found = list(jsonl.read(Endless(b'{"text": "' + b"x" * 9_000_000 + b'"}\n' + line(text="b")), Options(limit=1000)))
    assert [type(one) for one in found] == [Fault, Unit]


def test_a_text_may_be_as_long_as_the_limit() -> None:
    for size, kind in ((10, Unit), (11, Fault)):
        assert [type(one) for one in text.read(BytesIO(("é" * size).encode()), Options(limit=10))] == [kind]


@pytest.mark.parametrize("raw", [b"%PDF-1.4", b"PK\x03\x04", b"\x00" * 128 + b"DICM", b"\x00\x01\x02" * 50])
def test_binary_is_no_text(raw: bytes) -> None:
    (fault,) = text.read(BytesIO(raw), Options(limit=1000))
    assert isinstance(fault, Fault) and fault.error.code == "text_binary"


def test_a_few_controls_are_no_binary() -> None:
    assert [one.record for one in text.read(BytesIO(b"CT\x00 head"), Options(limit=1000))] == [Record("CT\x00 head")]
