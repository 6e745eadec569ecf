"""The worklist in the browser: filters, reasons, decisions on pasted reports, numbers over time, a run written without text."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from page_server import ROOT, TEXT_77, TEXT_OPEN, Start, paste
from playwright.sync_api import Page, expect

from nlp3d.decisions.agreement import agreement
from nlp3d.decisions.corrections import Corrections
from nlp3d.decisions.model import Choice, decision
from nlp3d.decisions.store import Store
from nlp3d.pipeline import answer
from nlp3d.record import Record

Open = Callable[..., Page]
RECORDS: list[dict[str, Any]] = [
    {"id": "a", "text": TEXT_77, "reader": "R1", "date_of_service": "2026-03-04"},
    {"id": "b", "text": TEXT_OPEN, "reader": "R1", "date_of_service": "2026-04-04"},
    {"id": "c", "text": TEXT_OPEN + "Seen.", "reader": "R2", "date_of_service": "2026-04-05"},
    {"id": "d", "text": TEXT_77.replace("FINDINGS: The volume rendered images show", "FINDINGS: There is"), "reader": "R2", "date_of_service": "2026-05-05"},
]


def ids(page: Page) -> list[str]:
    return [one.strip() for one in page.locator("[data-number]").all_text_contents()]


def listed(page: Page) -> None:
    page.wait_for_selector("[data-number]")
    page.wait_for_selector("[data-waiting]", state="detached", timeout=30_000)


def test_each_filter_leaves_what_it_says_and_keys_walk_only_those(start: Start, open_page: Open) -> None:
    page = open_page(start(records=RECORDS), "/worklist")
    listed(page)
    for name, value, left in (
        ("reason", "location_not_documented", ["b", "c"]),
        ("flag", "findings_3d_not_described", ["d"]),
        ("reader", "R2", ["c", "d"]),
        ("month", "2026-04", ["b", "c"]),
        ("state", "decided", []),
    ):
        page.select_option(f"#f-{name}", value)
        expect(page.locator("[data-number]")).to_have_count(len(left))
        assert ids(page) == left
        page.select_option(f"#f-{name}", "")
        expect(page.locator("[data-number]")).to_have_count(4)
    page.select_option("#f-reader", "R2")
    expect(page.locator("[data-number]")).to_have_count(2)
    page.focus("#main")
    page.keyboard.press("j")
    expect(page.locator("#where")).to_have_text("Report 3 of 4")
    page.keyboard.press("j")
    expect(page.locator("#where")).to_have_text("Report 4 of 4")
    page.keyboard.press("j")
    expect(page.locator("#live")).to_have_text("This is the last report of the list.")


@pytest.mark.parametrize(("key", "action", "reason"), [("h", "hold", "query_sent"), ("r", "reject", "no_order"), ("c", "change", "policy")])
def test_what_is_not_accepted_needs_a_reason(start: Start, open_page: Open, key: str, action: str, reason: str) -> None:
    server = start(records=RECORDS)
    page = open_page(server, "/worklist")
    listed(page)
    page.keyboard.press("j")
    page.wait_for_selector("#decide")
    page.keyboard.press(key)
    page.fill("#reviewer", "A. Coder")
    page.fill("#note", "short")
    if action == "change":
        page.select_option("#final", "76376")
    page.click("#decide .solid")
    page.wait_for_timeout(300)
    assert page.locator(".done-note").count() == 0, "recorded without a reason"
    page.select_option(f"#reason-{action}", reason)
    page.click("#decide .solid")
    expect(page.locator(".done-note")).to_contain_text(f"Recorded as number 1: {action}")
    said = next(Store(server.decisions, create=False).entries()).decision
    assert (said["action"], said["reason"], said["note"]) == (action, reason, "short")
    page.keyboard.press("Escape")
    state = "held" if action == "hold" else "decided"
    page.select_option("#f-state", state)
    expect(page.locator("[data-number]")).to_have_count(1)


def test_a_pasted_report_is_recorded_only_when_she_decides(start: Start, open_page: Open) -> None:
    server = start()
    page = open_page(server)
    paste(page, TEXT_OPEN)
    page.click("mark.supervision")
    page.click("text=About the 2D")
    expect(page.locator(".headline")).to_contain_text("Place and physician missing")
    assert list(Store(server.decisions, create=False).entries()) == []
    page.focus("#report")
    page.keyboard.press("a")
    page.keyboard.type("A. Coder")
    page.keyboard.press("Enter")
    expect(page.locator(".done-note")).to_contain_text("Recorded as number 1: accept, no code")
    said = next(Store(server.decisions, create=False).entries()).decision
    assert said["suggestion"]["reason"] == "location_not_documented"
    assert said["corrected"]["reason"] == "supervision_and_location_not_documented"
    assert said["corrections"]["marks"][0]["about"] == "planar" and said["source"] is None
    assert "graphics" not in json.dumps(said)


def test_agreement_is_told_month_by_month(start: Start, open_page: Open, tmp_path: Path) -> None:
    months = iter(["2026-01-05", "2026-01-06", "2026-02-05", "2026-02-06", "2026-02-07"])
    store = Store(tmp_path / "decisions.db", clock=lambda: f"{next(months)}T10:00:00.000+00:00")
    for number, (action, code, reason) in enumerate(
        [("accept", None, None), ("accept", None, None), ("accept", None, None), ("change", "76376", "policy"), ("hold", None, "query_sent")]
    ):
        record = Record(TEXT_77, id=str(number))
        choice = Choice(str(uuid.uuid4()), action, "A. Coder", code, reason)  # type: ignore[arg-type]
        store.add(decision(choice, record, answer(record), None, Corrections()))
    numbers = agreement(list(store.entries()))
    store.close()
    assert [(month.name, month.judged, month.share, month.hold) for month in numbers.months] == [("2026-02", 2, 0.5, 1), ("2026-01", 2, 1.0, 0)]
    assert numbers.whole.share == 0.75
    page = open_page(start(), "/agreement")
    expect(page.locator(".figures")).to_contain_text("75 %")
    rows = page.locator("[aria-label='By month'] tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("50 %")
    expect(rows.nth(1)).to_contain_text("100 %")


def test_a_run_without_text_is_decided_on_from_its_input(start: Start, open_page: Open, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    quoted = "".join(f'{one["id"]},"{one["text"]}",{one["reader"]}\n' for one in RECORDS)
    source.write_text("id,Befund,reader\n" + quoted, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "nlp3d", "batch", "in.csv", "OUT", "--no-text", "--workers", "1", "--column", "text=Befund"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not any(b"zygoma" in path.read_bytes() for path in (tmp_path / "OUT").rglob("*") if path.is_file())
    (tmp_path / "reports.jsonl").symlink_to(tmp_path / "OUT")
    server = start("--column", "text=Befund")
    page = open_page(server, "/worklist")
    listed(page)
    assert ids(page) == ["a", "b", "c", "d"]
    page.click("[data-number='1']")
    page.wait_for_selector("#verdict-h")
    expect(page.locator("#report")).to_contain_text("graphics room")
    expect(page.locator(".headline")).to_contain_text("Place missing")
    source.write_text(source.read_text(encoding="utf-8").replace("graphics room", "reading room"), encoding="utf-8")
    page.keyboard.press("j")
    expect(page.locator("#problem")).to_contain_text("has changed since")
    page.keyboard.press("Escape")
    page.click("[data-number='0']")
    expect(page.locator("#report")).to_contain_text("zygoma")


def test_pointing_at_a_mark_says_concept_assertion_study_and_why(start: Start, open_page: Open) -> None:
    page = open_page(start())
    paste(page, f"1. CT CHEST\nNo volume rendering was performed.\n\n2. {TEXT_77}")
    page.hover("mark.technique.seen")
    expect(page.locator("#inspected")).to_contain_text("Does not count")
    for said in ("3D rendering, volume rendering", "denied", "study 1"):
        expect(page.locator("#inspected")).to_contain_text(said)
    assert page.locator("#inspected .md-why").text_content()
    page.hover("mark.location.counted")
    for said in ("Counts", "place, workstation", "said as done", "study 2"):
        expect(page.locator("#inspected")).to_contain_text(said)
