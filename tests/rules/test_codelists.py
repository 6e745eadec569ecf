"""A site's own lists, made up here; only the two numbers of this project appear as real ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from nlp3d.errors import Nlp3dError
from nlp3d.rules.codelists import load_code_list, load_edits

HEAD = '"A notice, over\ntwo lines",,,,,,\nColumn 1,Column 2,*=old,Effective,Deletion,Modifier,Rationale\n,,,Date,Date *=no data,0=no,\n'
ROWS = "9990A,76376,,20100101,*,0,x\n76377,9991A,,20080101,20151231,1,y\n9992A,9993A,,20080101,*,9,z\n76376,76377,*,20060101,*,0,w\n"


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "list.csv"
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("separator", [",", "\t"])
def test_pairs_are_looked_up_by_date(tmp_path: Path, separator: str) -> None:
    edits = load_edits(write(tmp_path, (HEAD + ROWS).replace(",", separator)))
    found = {(pair.other, pair.column, pair.modifier) for pair in edits.pairs_with("76376", date(2026, 1, 1))}
    assert found == {("9990A", 1, "0"), ("76377", 2, "0")}
    assert {pair.other for pair in edits.pairs_with("76376", date(2009, 12, 31))} == {"76377"}
    assert {pair.other for pair in edits.pairs_with("76377", date(2015, 12, 31))} == {"9991A", "76376"}
    assert {pair.other for pair in edits.pairs_with("76377", date(2016, 1, 1))} == {"76376"}
    assert edits.pairs_with("9992A", date(2026, 1, 1)) == ()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("9990A,SECRET,,20100101,*,0,x\n", "list_code"),
        ("9990A,76376,,SECRET,*,0,x\n", "list_date"),
        ("9990A,76376,,20101301,*,0,SECRET\n", "list_date"),
        ("9990A,76376,,*,*,0,SECRET\n", "list_date"),
        ("9990A,76376,,20100101,*,SECRET,x\n", "list_modifier"),
        ("9990A,76376,SECRET\n", "list_columns"),
        ('"SECRET" 1,9990A\n', "list_columns"),
    ],
)
def test_a_faulty_line_is_named_but_not_repeated(tmp_path: Path, row: str, code: str) -> None:
    with pytest.raises(Nlp3dError) as caught:
        load_edits(write(tmp_path, HEAD + ROWS + row))
    assert caught.value.code == code and "list.csv, line 9" in caught.value.where
    assert "SECRET" not in str(caught.value)


def test_a_file_without_pairs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Nlp3dError, match="list_empty"):
        load_edits(write(tmp_path, HEAD))
    with pytest.raises(Nlp3dError, match="list_unreadable"):
        load_edits(tmp_path / "none.csv")


def test_a_code_list_is_dated(tmp_path: Path) -> None:
    codes = load_code_list(
        write(tmp_path, "code,concept,from,to\n00123,ct,,2019-12-31\n00123,cta.chest,2020-01-01,\n\n9A,caf\xe9,,\n", "cp1252")
    )
    assert codes.concept("00123", date(2019, 12, 31)) == "ct"
    assert codes.concept("00123", date(2020, 1, 1)) == "cta.chest"
    assert codes.concept("9A", date(2020, 1, 1)) == "caf\xe9"
    assert codes.concept("123", date(2020, 1, 1)) is None


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("number,concept\nSECRET,ct\n", "list_columns", 1),
        ("code,concept,from,to\nSECRET,ct\n", "list_columns", 2),
        ("code,concept,from,to\n,SECRET,,\n", "list_columns", 2),
        ("code,concept,from,to\n1,ct,SECRET,\n", "list_date", 2),
        ("code,concept,from,to\n1,ct,,2020-06-30\n1,SECRET,2020-06-30,\n", "list_overlap", 3),
    ],
)
def test_a_faulty_code_list_is_named_but_not_repeated(tmp_path: Path, text: str, code: str, line: int) -> None:
    with pytest.raises(Nlp3dError) as caught:
        load_code_list(write(tmp_path, text))
    assert caught.value.code == code and f"line {line}" in caught.value.where
    assert "SECRET" not in str(caught.value)


def test_a_code_list_without_entries_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Nlp3dError, match="list_empty"):
        load_code_list(write(tmp_path, "code,concept,from,to\n"))
