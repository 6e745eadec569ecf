"""What makes an archive fast says the same as the long way: rows written from shared pieces, lines read by workers, figures counted by columns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as checked
from hypothesis import strategies as st

from nlp3d.analysis.tally import Tally, count
from nlp3d.archive import intake
from nlp3d.archive.flat import COLUMNS
from nlp3d.archive.intake import Input, Unit, count_of, input_of, parts, units
from nlp3d.archive.lines import KINDS, Lines
from nlp3d.archive.rows import Settings, row_json, row_of
from nlp3d.archive.run import open_run
from nlp3d.archive.spans import Span
from nlp3d.record import Record

from .conftest import Batch, reports, write

SOURCE = ({"file": 'a "b".jsonl', "kind": "jsonl", "record": 3, "offset": 77, "lines": (3, 3), "encoding": "utf-8", "counts": {"controls": 1}, "number": 0},)
ALL = [Settings(), Settings(billed=True, words=False), Settings("lenient", billed=True), Settings(prefilter=False)]


@pytest.mark.parametrize("settings", ALL, ids=str)
@pytest.mark.parametrize("more", [{}, {"date_of_service": None, "title": None}, {"id": 'é "\\ \u2028', "site": "a\tb", "reader": "", "version": "2"}], ids=str)
def test_a_written_row_is_the_row(settings: Settings, more: dict[str, Any]) -> None:
    lines = Lines(settings)
    kinds = set()
    for values in [*reports(60, 0.2), {"text": ""}, {"text": "import sys; sys.exit(main())"}, {"text": "CT HEAD 1/2/2026\n\nThe brain is normal in size and shape.\n"}]:
        record = Record.of({**values, **more})
        for source, notes in (((), ()), (SOURCE, ()), (SOURCE * 2, ("corrected", "duplicate_same")), (({**SOURCE[0], "occurrence": 2},), ("duplicate_conflict",))):
            row = row_of(record, settings, source, notes)
            cells, kind = lines(record, source, notes)
            assert cells == [*(column.value(row) for column in COLUMNS), row_json(row)]
            assert kind == tuple(row[name] for name in KINDS)
            kinds.add(kind)
    assert len(kinds) > 4


def _units(source: Input, size: int) -> list[list[Unit]]:
    return [list(units(source, part)) for part in parts(source, size)]


_line = st.one_of(
    st.one_of(st.integers(0, 6), st.integers(7)).map(lambda number: json.dumps({"id": str(number), "accession": f"A{number % 4}", "text": f"CT HEAD {number}"})),
    st.sampled_from(["", "{", '{"accession": "A1"}', '{"accession": 1, "text": "CT é"}', '{"acc": "A1", "report": "CT HEAD", "status": "addendum"}',
                     '{"accession": "A2", "text": "CT HEAD", "status": "corrected"}', '{"text": "MRI"}', '[1]', '{"text": "CT", "date_of_service": "x", "accession": "A3"}']),
)  # fmt: skip


@checked(max_examples=60, deadline=None)
@given(st.lists(st.lists(_line, max_size=12), min_size=1, max_size=3), st.sampled_from(["\n", "\r\n"]), st.sampled_from([b"", b"\xef\xbb\xbf"]), st.integers(1, 9))
def test_workers_read_what_the_reader_reads(tmp_path_factory: pytest.TempPathFactory, files: list[list[str]], end: str, mark: bytes, size: int) -> None:
    folder = tmp_path_factory.mktemp("in")
    for number, lines in enumerate(files):
        (folder / f"{number}.jsonl").write_bytes(mark + end.join(lines).encode())
    source = input_of(str(folder))
    read = _units(source, size)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "stretched", lambda _: None)
        assert read == _units(source, size)
    assert [sum(map(count_of, part)) for part in parts(source, size)] == [len(part) for part in read]


def test_only_what_must_be_put_together_is_read_beforehand(tmp_path: Path) -> None:
    for name in ("accession", "id", "text"):
        records = reports(50)
        records[7][name] = records[41][name]
        if name == "text":  # of one reader on one day
            records[7] |= {key: records[41].get(key) for key in ("reader", "site", "date_of_service")}
        (part,) = parts(input_of(str(write(tmp_path / "in.jsonl", records))), 100)
        spans = [count_of(one) for one in part if isinstance(one, Span)]
        assert spans == [7, 33, 8]
        noted = [one.notes for one in part if isinstance(one, Unit)]
        assert len(noted) == 2 and all(noted)
    for name, raw in (("in.csv", b"id,text\n1,CT\n"), ("utf16.jsonl", '{"text": "CT"}\n'.encode("utf-16"))):
        (tmp_path / name).write_bytes(raw)
        ((one,),) = parts(input_of(str(tmp_path / name)), 9)
        assert isinstance(one, Unit) and one.record is not None


def test_figures_by_columns_are_those_row_by_row(batch: Batch, tmp_path: Path) -> None:
    records = [*reports(200, 0.2), {"text": ""}, {"text": "CT HEAD. Clear.", "billed_code": "76377"}, {"text": "73677 CT HEAD. Clear.", "reader": "x"}]
    batch(write(tmp_path / "in.jsonl", records), "out", "--part-size", "50")
    run, singly = open_run(tmp_path / "out"), Tally()
    for row in run.rows():
        singly.add(row)
    counted = count(run)
    assert counted == singly and counted.reports == 203 and counted.billed["unsupported"] and counted.flags["suspicious_token"]
