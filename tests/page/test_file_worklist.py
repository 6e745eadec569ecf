"""A worklist over files of any format: listed in order, no text kept, texts read again and checked."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from page_server import ROOT, TEXT_77, TEXT_OPEN, Start
from playwright.sync_api import Page, expect

import nlp3d
from nlp3d.errors import Nlp3dError
from nlp3d.record import Record
from nlp3d.suggestion import Suggestion
from nlp3d.web.file_worklist import FileWorklist
from nlp3d.web.worklist import ranges

HL7 = (
    "MSH|^~\\&|RIS|H|||20260304||ORU^R01|1|P|2.5\rPID|1||X\rOBR|1||A9|CTFACE^CT FACE|||20260304\r"
    "OBX|1|FT||^IMP|CT FACE. Volume rendered images were created on an independent workstation under my concurrent supervision.\r"
)


def answered(record: Record) -> Suggestion:
    return nlp3d.suggest(record.text, title=record.title, date_of_service=record.date_of_service)


def lines(*records: object) -> str:
    return "".join(json.dumps(one) + "\n" for one in records)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A folder with a table, JSON lines with a bad one among them, a message and a single report."""
    folder = tmp_path / "archive"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.csv").write_text(f'id,report_text,reader\nc1,"{TEXT_77}",R1\nc2,"{TEXT_OPEN}",R2\n', encoding="utf-8")
    (folder / "b.jsonl").write_text(lines({"id": "j1", "text": TEXT_77}) + "no json\n" + lines({"id": "j2", "text": TEXT_OPEN}), encoding="utf-8")
    (folder / "c.hl7").write_text(HL7, encoding="utf-8")
    (folder / "deep" / "d.txt").write_text(TEXT_77, encoding="utf-8")
    return folder


def test_a_folder_of_any_formats_is_listed_and_read_again(archive: Path) -> None:
    listed = FileWorklist([str(archive)], None, answered)
    assert [row.id or row.accession for row in listed.rows()][:4] == ["c1", "c2", "j1", "j2"]
    assert (len(listed), listed.unread(), listed.complete) == (6, 1, True)
    listed.start().join(60)
    assert [row.code for row in listed.rows()] == ["76377", None, "76377", None, "76377", "76377"]
    for number in (5, 0, 3, 1, 4, 2, 2):
        assert "olume rendered" in listed.report(number).record.text
    assert [listed.report(number).record.text for number in (0, 1, 3)] == [TEXT_77, TEXT_OPEN, TEXT_OPEN]
    assert listed.report(3).source == [{"file": str(archive / "b.jsonl"), "kind": "jsonl", "record": 3}]


def test_patterns_columns_and_a_named_reader(tmp_path: Path) -> None:
    for name in "ba":
        (tmp_path / f"{name}.dat").write_text(f'Befund;Nr\n"{TEXT_77}";{name}1\n', encoding="utf-8")
    listed = FileWorklist([str(tmp_path / "*.dat")], None, answered, "csv", {"text": "Befund", "id": "Nr"})
    assert [row.id for row in listed.rows()] == ["a1", "b1"]
    assert listed.report(1).record.text == TEXT_77


def test_what_is_gone_or_another_since_is_told(archive: Path) -> None:
    listed = FileWorklist([str(archive)], None, answered)
    table = archive / "a.csv"
    listed.report(0)
    table.write_text(table.read_text(encoding="utf-8").replace("talus", "tibia"), encoding="utf-8")
    assert listed.report(0).record.id == "c1"
    for code, act in (("changed", lambda: None), ("gone", lambda: table.write_text("id,report_text\n", encoding="utf-8")), ("gone", table.unlink)):
        act()
        with pytest.raises(Nlp3dError, match=f"worklist_text_{code}"):
            listed.report(1)
    assert listed.report(2).record.id == "j1"
    listed.start().join(60)
    assert {row.reason for row in listed.rows()[:2]} != {"supported", "location_not_documented"}, "an answer to another text than the listed one"


def test_there_is_no_limit_and_no_text_is_kept(tmp_path: Path) -> None:
    many = tmp_path / "many.jsonl"
    with many.open("w", encoding="utf-8") as out:
        for number in range(30_000):
            out.write(json.dumps({"id": str(number), "text": f"CT CHEST {number}. " + "The lungs are clear. " * 150, "reader": f"R{number % 9}"}) + "\n")
    tracemalloc.start()
    listed = FileWorklist([str(many)], None, answered, at_once=600)
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(listed) == 30_000
    assert kept < 30_000 * 700 < many.stat().st_size / 3
    assert listed.report(29_999).record.text.startswith("CT CHEST 29999.")
    assert listed.report(17).record.text.startswith("CT CHEST 17.")


def test_the_page_opens_before_all_is_listed(archive: Path) -> None:
    listed = FileWorklist([str(archive)], None, answered, at_once=0)
    assert (len(listed), listed.complete) == (1, False)
    listed.start().join(60)
    assert (len(listed), listed.complete) == (6, True)
    assert all(row.reason for row in listed.rows())


def test_going_on_costs_only_what_lies_between(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nlp3d.decisions import texts

    (tmp_path / "r.jsonl").write_text(lines(*({"id": str(n), "text": TEXT_77 + str(n)} for n in range(50))), encoding="utf-8")
    begun = []
    real = texts.open_source

    def counting(*given: object, **named: object) -> Iterator[object]:
        begun.append(given)
        return real(*given, **named)  # type: ignore[arg-type]

    listed = FileWorklist([str(tmp_path / "r.jsonl")], None, answered)
    monkeypatch.setattr(texts, "open_source", counting)
    assert [listed.report(n).record.id for n in range(50)] == [str(n) for n in range(50)]
    assert len(begun) == 1
    assert listed.report(3).record.id == "3"
    assert len(begun) == 2


@pytest.mark.parametrize(("given", "code"), [("-", "worklist_stream"), ("none.jsonl", "worklist_empty"), ("empty", "file_missing")])
def test_what_cannot_be_a_worklist_is_refused_at_once(tmp_path: Path, given: str, code: str) -> None:
    (tmp_path / "empty").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "nlp3d", "serve", given, "--decisions", "d.db", "--port", "0"],
        cwd=tmp_path, env={"PYTHONPATH": str(ROOT), "PATH": ""}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode and not done.stdout and code in done.stderr and "none.jsonl" not in done.stderr


def test_a_folder_is_decided_on_in_the_browser(archive: Path, start: Start, open_page: Callable[..., Page]) -> None:
    server = start(str(archive))
    page = open_page(server, "/worklist")
    until = time.monotonic() + 60
    while page.locator("[data-waiting]").count() and time.monotonic() < until:
        page.wait_for_timeout(200)
    expect(page.locator(".progress")).to_contain_text("1 inputs were no records")
    page.keyboard.press("j")
    page.wait_for_selector("#verdict-h")
    first = page.text_content("#where")
    page.keyboard.press("j")
    expect(page.locator("#where")).not_to_have_text(first or "")
    page.keyboard.press("k")
    expect(page.locator("#where")).to_have_text(first or "")


@pytest.mark.parametrize(("numbers", "short"), [([], ""), ([4], "4"), ([0, 1, 2, 3], "0-3"), ([0, 2, 3, 9], "0 2-3 9")])
def test_numbers_in_short(numbers: list[int], short: str) -> None:
    assert ranges(numbers) == short
