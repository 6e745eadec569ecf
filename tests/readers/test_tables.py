"""Tables: dialects, encodings, line breaks in cells, broken rows, columns; Parquet."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as some

from nlp3d.errors import Nlp3dError
from nlp3d.readers import Fault, Item, Options, Unit, columns_given, open_source
from nlp3d.readers import csv as tables

Read = Callable[..., list[Item]]


def shown(items: list[Item]) -> list[Any]:
    return [(item.record.id, item.record.text) if isinstance(item, Unit) else item.reason for item in items]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_dialects(read: Read, delimiter: str, end: str) -> None:
    out = StringIO()
    rows = [["id", "text"], ["0012", f"one{delimiter} two"], ["0013", 'a "quoted" word'], ["0014", "line 1\nline 2"]]
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    assert shown(read("csv", out.getvalue().encode())) == [tuple(row) for row in rows[1:]]


def test_backslash_escapes(read: Read) -> None:
    assert shown(read("csv", b'id,text\n1,"a \\"b\\" c"\n2,d\n')) == [("1", 'a "b" c'), ("2", "d")]


def test_one_column_needs_no_delimiter(read: Read) -> None:
    assert shown(read("csv", b"text\nCT head, clear; ok\n")) == [(None, "CT head, clear; ok")]


def test_each_row_has_its_own_encoding(read: Read) -> None:
    raw = "id,text\n1,é\n".encode() + "2,“é”\n".encode("cp1252") + b"3,\x81\xe9\n"
    items = read("csv", raw)
    assert shown(items) == [("1", "é"), ("2", "“é”"), ("3", "\x81é")]
    assert [item.source.encoding for item in items] == ["utf-8", "cp1252", "latin-1"]
    assert [getattr(item, "reason", "") for item in read("csv", raw, strict_encoding=True)] == ["", "encoding", "encoding"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks(read: Read, encoding: str) -> None:
    assert shown(read("csv", "id\ttext\n1\té\n".encode(encoding))) == [("1", "é")]


BROKEN = {
    "swallows the next row": (b'1,"good"\n2,"bad unterminated\n3,"x"\n4,"y"\n', [("1", "good"), "bad_row", ("3", "x"), ("4", "y")]),
    "swallows the rest": (b'1,"good"\n2,"bad unterminated\n3,x\n4,y\n', [("1", "good"), "bad_row", ("3", "x"), ("4", "y")]),
    "closed by the next opening": (b'1,"good"\n2,"bad\n3,"\nclear"\n4,ok\n', [("1", "good"), "bad_row", ("3", "\nclear"), ("4", "ok")]),
    "too many and too few": (b"1,a\n2,c,d\n3\n4,ok\n", [("1", "a"), "bad_row", "bad_row", ("4", "ok")]),
    "text outside of quotes": (b"1,a\n2,first line\nHeart, lungs\nclear\n3,ok\n", [("1", "a"), ("2", "first line"), "bad_row", "bad_row", ("3", "ok")]),
    "several lines": (b'1,"a"\n2,"open "quote\nHeart, lungs\nmore"\n3,"ok"\n', [("1", "a"), "bad_row", "bad_row", "bad_row", ("3", "ok")]),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_row_takes_no_good_row_along(read: Read, name: str) -> None:
    raw, expected = BROKEN[name]
    items = read("csv", b"id,text\n" + raw)
    assert shown(items) == expected
    for item in items:
        assert item.source.offset is not None and item.source.lines
        if isinstance(item, Fault):
            whole = b"id,text\n" + raw
            assert item.payload and whole[item.source.offset :].startswith(item.payload)
            assert whole[: item.source.offset].count(b"\n") + 1 == item.source.lines[0]


def test_many_broken_rows_in_a_row(read: Read) -> None:
    items = read("csv", b"id,text\n" + b'1,"a" b\n2,"open\n' * 30_000)
    assert len(items) == 60_000 and {getattr(item, "reason", "unit") for item in items} == {"bad_row"}


def test_a_report_without_end_is_not_kept_in_memory(read: Read) -> None:
    endless = b'2,"' + b"x" * 3_000_000 + b"\n"
    items = read("csv", b"id,text\n1,a\n" + endless + b"3,b\n", limit=1000)
    assert shown(items) == [("1", "a"), "too_large", ("3", "b")]
    assert isinstance(items[1], Fault) and items[1].payload is None and items[1].size == len(endless)


@given(
    some.lists(
        some.lists(some.text(some.characters(blacklist_categories=("Cs",), blacklist_characters="\x00\r")), min_size=3, max_size=3),
        max_size=8,
    )
)
def test_what_a_program_writes_is_read_back(rows: list[list[str]]) -> None:
    out = StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([["title", "text", "site"], *rows])
    items = list(tables.read(BytesIO(out.getvalue().encode())))
    assert len(items) == len(rows)
    for item, row in zip(items, rows, strict=True):
        assert isinstance(item, Fault) or item.record.text == row[1]


@given(some.binary(max_size=400), some.integers(0, 300))
def test_every_byte_is_in_a_unit_or_a_fault(noise: bytes, place: int) -> None:
    good = b"".join(b'%d,"CT head.\nNo ""acute"" finding"\n' % number for number in range(20))
    raw = b"id,text\n" + good[:place] + noise + good[place:]
    items = list(tables.read(BytesIO(raw)))
    seen = {line for item in items if item.source.lines for line in range(item.source.lines[0], item.source.lines[1] + 1)}
    lines = raw.split(b"\n")
    missing = [number for number, line in enumerate(lines, 1) if number > 1 and number not in seen and line.strip(b"\r")]
    assert not missing
    payloads = b"".join(item.payload or b"" for item in items if isinstance(item, Fault))
    assert len(payloads) <= len(raw)


MAPPINGS = {
    "usual names": ("Accession Number;REPORT_TEXT;ExamDate;CPT", {}, "AN;words;2026-03-01;76377"),
    "by option": ("a;b;c;d", {"accession": "a", "text": "b", "date_of_service": "c", "billed_code": "d"}, "AN;words;20260301;76377"),
    "own names before usual ones": ("accession;text;date_of_service;billed_code;note_text", {}, "AN;words;2026-03-01;76377;other"),
}


@pytest.mark.parametrize("name", sorted(MAPPINGS))
def test_columns(read: Read, name: str) -> None:
    header, columns, row = MAPPINGS[name]
    (item,) = read("csv", f"{header}\n{row}\n".encode(), columns=columns)
    assert isinstance(item, Unit)
    assert (item.record.accession, item.record.text, item.record.billed_code) == ("AN", "words", "76377")
    assert item.record.date_of_service == datetime.date(2026, 3, 1)


def test_nothing_is_guessed_where_two_fit(read: Read) -> None:
    raw = b"id,report_text,note_text\n1,a,b\n"
    with pytest.raises(Nlp3dError, match="columns_two_fit"):
        read("csv", raw)
    assert shown(read("csv", raw, columns={"text": "note_text"})) == [("1", "b")]
    assert shown(read("csv", raw, columns={"text": "report_text+note_text"})) == [("1", "a\n\nb")]


@pytest.mark.parametrize(
    ("header", "columns", "code"),
    [("a,b", {}, "columns_no_text"), ("text,b", {"site": "zz"}, "columns_given_missing"), ("text,b", {"zz": "b"}, "columns_field_unknown"),
     ("text,text", {}, "columns_two_fit"), ('"text,b', {}, "columns_no_text")],
)  # fmt: skip
def test_columns_that_are_not_clear(read: Read, header: str, columns: dict[str, str], code: str) -> None:
    with pytest.raises(Nlp3dError, match=code):
        read("csv", f"{header}\n1,2\n".encode(), columns=columns)


def test_without_a_head_columns_are_numbers(read: Read) -> None:
    assert shown(read("csv", b"7,words\n", header=False, columns={"id": "1", "text": "2"})) == [("7", "words")]


def test_options_of_columns() -> None:
    assert columns_given(["text=A=B", "site="]) == {"text": "A=B", "site": ""}
    for wrong in ("text", "words=A"):
        with pytest.raises(Nlp3dError):
            columns_given([wrong])


def test_parquet_rows_ids_dates_and_restart(tmp_path: Path) -> None:
    rows = 1000
    table = pyarrow.table({
        "accession_number": pyarrow.array([f"{n:05}" for n in range(rows)]).dictionary_encode(),
        "report_text": pyarrow.array([f"CT {n}".encode() if n % 2 else "é".encode("cp1252") for n in range(rows)], pyarrow.binary()),
        "study_date": pyarrow.array([datetime.date(2026, 3, 1)] * rows),
        "note_seq": pyarrow.array(range(rows)),
        "unused": pyarrow.array([{"a": 1}] * rows),
    })  # fmt: skip
    path = str(tmp_path / "a.parquet")
    pyarrow.parquet.write_table(table, path, row_group_size=300)
    items = list(open_source(path))
    assert len(items) == rows and all(isinstance(item, Unit) for item in items)
    first = items[0]
    assert isinstance(first, Unit)
    assert (first.record.accession, first.record.text, first.record.version, first.source.encoding) == ("00000", "é", "0", "cp1252")
    assert first.record.date_of_service == datetime.date(2026, 3, 1)
    assert list(open_source(path, start=(path, 701))) == items[700:]
    strict = list(open_source(path, options=Options(strict_encoding=True)))
    assert [item.reason for item in strict if isinstance(item, Fault)] == ["encoding"] * (rows // 2)


def test_a_damaged_parquet_file_is_one_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"text": ["a"]}), path)
    path.write_bytes(path.read_bytes()[:-9])
    (item,) = open_source(str(path))
    assert isinstance(item, Fault) and item.reason == "unreadable"
