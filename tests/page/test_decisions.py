"""Decisions: recorded once, on disk before they are confirmed, never changed unseen; exported for audits and as gold."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from page_server import CANARY, HOSTILE, ROOT, TEXT_77, TEXT_OPEN, Server, Start
from playwright.sync_api import Page, expect

from nlp3d.decisions.chain import Entry, check
from nlp3d.decisions.corrections import Corrections, FactChange, corrected
from nlp3d.decisions.filesystem import network_kind
from nlp3d.decisions.model import REASONS, Choice, Decision, decision
from nlp3d.decisions.store import Store
from nlp3d.errors import Nlp3dError
from nlp3d.pipeline import conclude, read
from nlp3d.record import Record
from nlp3d.suggestion import build


def key() -> str:
    return str(uuid.uuid4())


def made(text: str = TEXT_77, action: str = "accept", corrections: Corrections = Corrections(), **choice: Any) -> Decision:  # noqa: B008
    record = Record(text, id=choice.pop("id", "7"))
    reading = read(record)
    mine = build(record, corrected(reading, text, corrections)) if corrections else None
    return decision(Choice(key(), action, "A. Coder", **choice), record, conclude(record, reading), mine, corrections)  # type: ignore[arg-type]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nlp3d", *arguments], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=120, check=False
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "decisions.db")


def test_a_decision_is_kept_with_who_what_and_on_which_version(store: Store) -> None:
    entry = store.add(made())
    kept = next(store.entries())
    assert kept == entry
    said = kept.decision
    assert (said["reviewer"], said["action"], said["code"]) == ("A. Coder", "accept", "76377")
    assert said["suggestion"]["edition"]["sha256"] and len(said["versions"]["vocabulary_sha256"]) == 64 and said["versions"]["nlp3d"]
    assert "zygoma" not in json.dumps(said) and "Volume rendered" not in json.dumps(said)


def test_the_published_schema_holds(store: Store) -> None:
    import jsonschema

    schema = json.loads(run("schema", "decision").stdout)
    place = Corrections((FactChange(0, "location", "scanner"),))
    for one in (made(), made(TEXT_OPEN, "hold", reason="query_sent"), made(TEXT_OPEN, corrections=place), made(action="change", code="none", reason="policy")):
        jsonschema.validate(store.add(replace(one, follows=None, record={**one.record, "id": key()})).to_dict(), schema)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"reviewer": " "}, "decision_reviewer"),
        ({"action": "reject"}, "decision_reason"),
        ({"action": "hold", "reason": "other"}, "decision_note"),
        ({"action": "change", "reason": "policy"}, "decision_code"),
        ({"action": "change", "reason": "policy", "code": "76377"}, "decision_same_code"),
        ({"key": "1"}, "decision_key"),
    ],
)
def test_a_decision_that_lacks_something_is_refused(wrong: dict[str, Any], code: str) -> None:
    record = Record(TEXT_77)
    choice = Choice(**{"key": key(), "action": "accept", "reviewer": "A. Coder", **wrong})
    with pytest.raises(Nlp3dError) as problem:
        decision(choice, record, conclude(record, read(record)), None, Corrections())
    assert problem.value.code == code


def test_the_file_refuses_to_change_or_forget(store: Store, tmp_path: Path) -> None:
    store.add(made())
    other = sqlite3.connect(tmp_path / "decisions.db")
    for statement in ("UPDATE decisions SET decision = '{}'", "DELETE FROM decisions"):
        with pytest.raises(sqlite3.IntegrityError, match="append only"):
            other.execute(statement)


@pytest.mark.parametrize("tamper", ["UPDATE decisions SET recorded_at = '2000' WHERE seq = 3", "DELETE FROM decisions WHERE seq = 3",
                                    "UPDATE decisions SET decision = replace(decision, '76377', '76376') WHERE seq = 3",
                                    "UPDATE decisions SET report = 'x' WHERE seq = 3", "UPDATE decisions SET decision = 'x' WHERE seq = 3",
                                    "UPDATE decisions SET seq = 9 WHERE seq = 3"])  # fmt: skip
def test_verify_names_the_entry_that_was_tampered_with(tmp_path: Path, tamper: str) -> None:
    store = Store(tmp_path / "decisions.db")
    for number in range(5):
        store.add(made(id=str(number)))
    store.close()
    assert run("audit", "verify", str(tmp_path / "decisions.db")).stdout.startswith("whole: 5 decisions")
    other = sqlite3.connect(tmp_path / "decisions.db")
    other.execute("DROP TRIGGER never_updated")
    other.execute("DROP TRIGGER never_deleted")
    other.execute(tamper)
    other.commit()
    other.close()
    done = run("audit", "verify", str(tmp_path / "decisions.db"))
    assert done.returncode != 0 and "decision 3" in done.stderr


def test_a_noted_hash_shows_a_cut_off_end(tmp_path: Path) -> None:
    store = Store(tmp_path / "decisions.db")
    entries = [store.add(made(id=str(number))) for number in range(3)]
    store.close()
    assert run("audit", "verify", str(tmp_path / "decisions.db"), "--head", entries[1].sha256).returncode == 0
    other = sqlite3.connect(tmp_path / "decisions.db")
    other.execute("DROP TRIGGER never_deleted")
    other.execute("DELETE FROM decisions WHERE seq = 3")
    other.commit()
    other.close()
    assert run("audit", "verify", str(tmp_path / "decisions.db")).returncode == 0  # a chain cannot see this by itself
    assert "audit_head" in run("audit", "verify", str(tmp_path / "decisions.db"), "--head", entries[2].sha256).stderr


def test_the_same_key_is_recorded_once(store: Store) -> None:
    one = made()
    assert store.add(one) == store.add(one)
    assert len(list(store.entries())) == 1
    with pytest.raises(Nlp3dError, match="decision_key_used"):
        store.add(replace(one, note="another"))


def test_a_decision_in_between_is_not_passed_over(store: Store) -> None:
    first = store.add(made())
    with pytest.raises(Nlp3dError, match="decision_follows"):
        store.add(made())
    assert store.add(made(follows=first.seq)).seq == 2


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    stores = [Store(tmp_path / "decisions.db") for _ in range(4)]
    wanted = [made(id=str(number)) for number in range(80)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda pair: stores[pair[0] % 4].add(pair[1]), enumerate(wanted)))
    assert check(stores[0].entries()).count == 80
    assert {entry.decision["key"] for entry in stores[1].entries()} == {one.key for one in wanted}


def test_a_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "mountinfo"
    for kind, network in (("nfs4", True), ("cifs", True), ("fuse.sshfs", True), ("9p", True), ("ext4", False), ("fuse.ext4", False)):
        table.write_text(f"1 0 0:1 / / rw - ext4 /dev/x rw\n2 1 0:2 / {tmp_path} rw shared:1 - {kind} server:/share rw\n", encoding="utf-8")
        assert (network_kind(tmp_path / "inside", table) == kind) is network
        assert network_kind(Path("/"), table) is None
    monkeypatch.setattr("nlp3d.decisions.store.network_kind", lambda _: "nfs4")
    with pytest.raises(Nlp3dError, match=r"network file system \(nfs4\)"):
        Store(tmp_path / "decisions.db")
    assert not (tmp_path / "decisions.db").exists()


@pytest.mark.parametrize("content", [b"not a database, but a text that is long enough to be looked at" * 40, b"SQLite format 3\x00" + b"\x00" * 200])
def test_a_file_of_another_kind_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.db"
    path.write_bytes(content)
    with pytest.raises(Nlp3dError, match="store_"):
        Store(path)
    assert path.read_bytes() == content


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (a)")
    other.commit()
    other.close()
    with pytest.raises(Nlp3dError, match="store_kind"):
        Store(path)


def test_what_is_confirmed_is_on_disk(store: Store, tmp_path: Path) -> None:
    """Without these two a power cut could take a confirmed decision along; a test cannot cut the power."""
    assert store._db.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL
    assert sqlite3.connect(tmp_path / "decisions.db").execute("PRAGMA journal_mode").fetchone()[0] == "wal"


@pytest.mark.skipif(os.name == "nt", reason="rights of files")
def test_only_the_owner_may_read_the_file(store: Store, tmp_path: Path) -> None:
    store.add(made())
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.glob("decisions.db*"))


def post_decision(server: Server, number: int, **values: Any) -> Any:
    body = {"key": key(), "action": "accept", "reviewer": "A. Coder", "item": {"number": number}, **values}
    return server.post("/api/decisions", body)


def test_what_was_confirmed_survives_kill_9(tmp_path: Path, start: Start) -> None:
    confirmed: list[str] = []
    for _ in range(3):
        server = start()
        seq = {row["number"]: row for row in server.post("/api/worklist", {"state": "open"}).json()["rows"]}
        for number in list(seq)[:2]:
            confirmed.append(post_decision(server, number).json()["sha256"])
        with ThreadPoolExecutor(1) as pool:
            pool.submit(post_decision, server, list(seq)[2])
            server.stop(hard=True)
    done = run("audit", "export", str(tmp_path / "decisions.db"))
    kept = [json.loads(line)["sha256"] for line in done.stdout.splitlines()]
    assert set(confirmed) <= set(kept)
    assert run("audit", "verify", str(tmp_path / "decisions.db")).returncode == 0


def test_two_tabs_lose_nothing(start: Start, open_page: Callable[..., Page]) -> None:
    server = start()
    tabs = [open_page(server, "/worklist") for _ in range(2)]
    for tab in tabs:
        tab.click("[data-number='7']")
        tab.wait_for_selector("#decide")
    for place, tab in enumerate(tabs):
        tab.keyboard.press("h" if place else "a")
        if place:
            tab.select_option("#reason-hold", "query_sent")
        tab.fill("#reviewer", f"Coder {place}")
        tab.fill("#note", "my words")
        tab.click("#decide .solid")
        if not place:
            expect(tab.locator(".done-note")).to_be_visible()
    expect(tabs[1].locator("#problem")).to_contain_text("in the meantime")
    assert tabs[1].input_value("#note") == "my words"
    assert server.post("/api/worklist", {"state": "decided"}).json()["chosen"] == 1


def test_the_worklist_by_keyboard_from_the_first_report_to_the_numbers(start: Start, open_page: Callable[..., Page]) -> None:
    server = start()
    page = open_page(server, "/worklist")
    page.wait_for_selector("[data-number]")
    expect(page.locator("#rows")).to_contain_text("Supported", timeout=20_000)
    page.keyboard.press("j")
    expect(page.locator("#where")).to_have_text(f"Report 1 of {len(HOSTILE)}")
    assert page.locator("#decide input:checked").count() == 0  # nothing is accepted beforehand
    page.keyboard.press("a")
    page.keyboard.type("A. Coder")
    page.keyboard.press("Enter")
    expect(page.locator(".done-note")).to_contain_text("Recorded as number 1: accept, 76377")
    page.keyboard.press("Enter")
    expect(page.locator("#where")).to_have_text(f"Report 2 of {len(HOSTILE)}")
    page.keyboard.press("k")
    expect(page.locator("#latest")).to_contain_text("Decided by A. Coder")
    page.keyboard.press("Escape")
    expect(page.locator("#rows")).to_contain_text(f"1 of {len(HOSTILE)} decided")
    page.select_option("#f-reader", "R1")
    expect(page.locator("[data-number]")).to_have_count(2)
    page.select_option("#f-state", "open")
    expect(page.locator("[data-number]")).to_have_count(1)
    page.click("nav a[href='/agreement']")
    expect(page.locator(".figures")).to_contain_text("100 %")
    assert page.locator("text=/accept all/i").count() == 0


def test_what_she_knows_of_a_report_is_kept_with_the_decision(start: Start) -> None:
    server = start()
    item = {"number": 7, "title": "CTA FOOT", "date_of_service": "2026-01-05", "profile": "lenient"}
    assert post_decision(server, 7, item=item).status_code == 200
    said = next(Store(server.decisions, create=False).entries()).decision
    assert said["given"] == {"title": "CTA FOOT", "base": None, "date_of_service": "2026-01-05", "profile": "lenient"}
    assert said["suggestion"]["reason"] == "base_includes_3d"


def test_a_cds_hooks_feedback_body_is_a_decision(start: Start) -> None:
    server = start()
    own = key()
    inner = {"key": own, "action": "reject", "reviewer": "A. Coder", "item": {"number": 0}}
    entry = {
        "card": own,
        "outcome": "overridden",
        "overrideReason": {"reason": {"code": "no_order", "system": "nlp3d"}, "userComment": "none found"},
        "outcomeTimestamp": "2026-11-23T10:00:00Z",
        "extension": {"decision": inner},
    }
    assert server.post("/api/feedback", {"feedback": [entry]}).status_code == 200
    said = next(Store(server.decisions, create=False).entries()).decision
    assert (said["action"], said["reason"], said["note"], said["code"]) == ("reject", "no_order", "none found", None)
    assert server.post("/api/feedback", {"feedback": [{**entry, "outcome": "accepted"}]}).status_code == 422


def test_corrections_become_gold_and_codes_become_evaluation(start: Start, tmp_path: Path) -> None:
    server = start()
    facts = [{"study": 0, "fact": "location", "value": "workstation"}]
    at = TEXT_OPEN.index("graphics room")
    marks = [{"study": 0, "start": at, "end": at + 13, "concept": "location.workstation", "counts": True}]
    assert post_decision(server, 7, item={"number": 7, "corrections": {"facts": facts, "marks": marks}}).json()["code"] == "76377"
    assert post_decision(server, 0).status_code == 200
    assert post_decision(server, 1, action="change", code="76376", reason="policy").status_code == 200
    assert post_decision(server, 2, action="hold", reason="colleague").status_code == 200
    arguments = ("audit", "export", str(server.decisions), "--texts", str(tmp_path / "reports.jsonl"), "--as")
    gold = [json.loads(line) for line in run(*arguments, "gold").stdout.splitlines()]
    assert [line["id"] for line in gold] == ["open"]
    assert gold[0]["studies"][0]["quotes"]["location"] == ["graphics room"]
    assert (gold[0]["code"], gold[0]["reason"], gold[0]["studies"][0]["location"]) == ("76377", "supported", "workstation")
    codes = [json.loads(line) for line in run(*arguments, "codes").stdout.splitlines()]
    assert {line["id"]: line["code"] for line in codes} == {"open": "76377", "crlf": "76377", "emoji": "76376"}
    for name, lines in (("gold", gold), ("codes", codes)):
        file = tmp_path / f"{name}.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        figures = json.loads(run("eval", str(file), "--json").stdout)
        assert (figures["reports"], figures["gold_codes"], figures["offset_errors"]) == (len(lines), len(lines), 0)


def test_a_table_is_safe_in_a_spreadsheet_and_an_export_verifies_itself(start: Start, tmp_path: Path) -> None:
    server = start(records=[{"id": "=1+1", "text": TEXT_77}])
    post_decision(server, 0, action="hold", reason="other", note="@SUM(A1)", reviewer="+Coder")
    table = run("audit", "export", str(server.decisions), "--as", "csv").stdout
    assert "'=1+1" in table and "'@SUM(A1)" in table and "'+Coder" in table
    lines = tmp_path / "export.jsonl"
    lines.write_text(run("audit", "export", str(server.decisions)).stdout, encoding="utf-8")
    assert run("audit", "verify", str(lines)).returncode == 0
    lines.write_text(lines.read_text(encoding="utf-8").replace("query", "query").replace("other", "colleague"), encoding="utf-8")
    assert "audit_changed" in run("audit", "verify", str(lines)).stderr
    assert "accepted 0 of 0" in run("audit", "export", str(server.decisions), "--as", "numbers").stdout


def test_verify_says_what_is_wrong_without_a_word_of_the_file(tmp_path: Path) -> None:
    for name, content in (("a.jsonl", f'{{"{CANARY}": 1}}\n'), ("b.jsonl", CANARY), ("c.db", CANARY * 100)):
        (tmp_path / name).write_text(content, encoding="utf-8")
        done = run("audit", "verify", str(tmp_path / name))
        assert done.returncode in (2, 4) and CANARY not in done.stderr + done.stdout
    assert run("audit", "verify", str(tmp_path / "none.db")).returncode == 4


def test_reasons_are_few_and_end_in_other() -> None:
    for listed in REASONS.values():
        assert len(listed) <= 7 and list(listed)[-1] == "other"


def test_the_chain_of_no_entries_is_whole() -> None:
    nothing: list[Entry] = []
    assert check(nothing).count == 0
