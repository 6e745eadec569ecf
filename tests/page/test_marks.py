"""The report on the page is the report, sign for sign, and every mark lies on the words that the API names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_server import HOSTILE, TEXT_77, Server, paste
from playwright.sync_api import Page

import nlp3d
from nlp3d.facts import Evidence
from nlp3d.text import sanitize
from nlp3d.web.answering import Question, answer
from nlp3d.web.marks import parts, pieces
from nlp3d.web.templating import render, templates
from nlp3d.web.view import view

MARKS = """() => {
  const report = document.getElementById("report");
  const points = (text) => [...text].length;
  const spans = {};
  let at = 0;
  const walk = document.createTreeWalker(report, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const length = points(walk.currentNode.data);
    const mark = walk.currentNode.parentElement.closest("mark");
    for (const m of mark ? mark.dataset.m.split(" ") : []) {
      spans[m] ??= { start: at, end: at, text: "" };
      spans[m].end = at + length;
      spans[m].text += walk.currentNode.data;
    }
    at += length;
  }
  return { text: report.textContent, spans };
}"""


def evidence(start: int, end: int, counts: bool) -> Evidence:
    return Evidence("technique.mip", "text", "", start, end, "", (0,), "performed", counts, "")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70), st.booleans()), max_size=8))
def test_pieces_are_the_text_and_cover_each_mention(text: str, spans: list[tuple[int, int, bool]]) -> None:
    mentions = [evidence(start, end, counts) for start, end, counts in spans]
    cut = list(pieces(text, mentions))
    assert "".join(part.text for piece in cut for part in piece.parts) == text
    for place, mention in enumerate(mentions):
        start, end = mention.start or 0, min(len(text), mention.end or 0)
        covered = {at for piece in cut if place in piece.mentions for at in range(piece.start, piece.end)}
        assert covered == set(range(start, end))
        assert sum(place in piece.opens for piece in cut) == (start < end)
    for piece in cut:
        counted = [mentions[place].counts for place in piece.mentions]
        assert counted == sorted(counted, reverse=True)


@given(st.text(alphabet=st.characters(categories=["Cf", "Cc", "Lu", "Zs"]), max_size=40))
def test_signs_that_cannot_be_seen_are_named(text: str) -> None:
    shown = list(parts(text))
    assert "".join(part.text for part in shown) == text
    for part in shown:
        if not part.unseen:
            assert not set(part.text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u200b\u200c\u200d\ufeff\u00ad")


def test_a_direction_sign_is_named_by_its_short_name() -> None:
    assert [part.unseen for part in parts("a\u202eb")] == ["", "RLO U+202E", ""]


@pytest.mark.parametrize("number", range(len(HOSTILE)), ids=[str(one["id"]) for one in HOSTILE])
def test_the_page_shows_the_report_and_the_marks_of_the_api(server: Server, open_page: Callable[..., Page], number: int) -> None:
    page = open_page(server, "/worklist")
    page.click(f"[data-number='{number}']")
    page.wait_for_selector("#report")
    shown: dict[str, Any] = page.evaluate(MARKS)
    told = server.post("/api/worklist/report", {"number": number}).json()
    text = sanitize(str(HOSTILE[number]["text"])).text
    assert shown["text"] == told["text"] == text
    mentions = told["suggestion"]["evidence"]
    in_text = {str(place): m for place, m in enumerate(mentions) if m["field"] == "text"}
    assert in_text
    assert {m: (span["start"], span["end"]) for m, span in shown["spans"].items()} == {m: (e["start"], e["end"]) for m, e in in_text.items()}
    assert all(shown["spans"][m]["text"] == e["text"] == text[e["start"] : e["end"]] for m, e in in_text.items())
    assert page.locator("#report script, #report img, #right script, #right img").count() == 0


def test_a_pasted_text_is_marked_as_the_library_reads_it(server: Server, open_page: Callable[..., Page]) -> None:
    text = "\U0001f9b4 e\u0301 " + TEXT_77 + "\tpost-proc \u202e reversed"
    page = open_page(server)
    paste(page, text)
    shown = page.evaluate(MARKS)
    expected = {str(i): e for i, e in enumerate(nlp3d.suggest(text).evidence)}
    assert shown["text"] == text
    assert {m: (s["start"], s["end"]) for m, s in shown["spans"].items()} == {m: (e.start, e.end) for m, e in expected.items()}


def test_direction_signs_do_not_turn_the_words_around_them(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(server)
    paste(page, "CT FOOT. \u202e3D volume rendered images were made on an independent workstation.")
    sign = page.locator(".unseen").first
    assert sign.get_attribute("data-sign") == "RLO U+202E"
    left = page.evaluate(
        """() => { const mark = document.querySelector("mark.technique"); const range = document.createRange();
        const node = document.createTreeWalker(mark, NodeFilter.SHOW_TEXT).nextNode();
        const x = (i) => { range.setStart(node, i); range.setEnd(node, i + 1); return range.getBoundingClientRect().left; };
        return x(1) > x(0); }"""
    )
    assert left


def test_overlapping_marks_can_all_be_inspected(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(server)
    paste(page, "CT LEFT FOOT. TECHNIQUE: Under my direct supervision 3D volume rendered images were made on the TeraRecon independent workstation.")
    several = page.locator("mark.several").first
    if several.count():
        several.click()
        assert page.locator("#inspected .found").count() >= 2


EVIL = "<img src=x onerror=alert(1)>\"'><script>alert(1)</script>{{7*7}}"


def test_every_template_escapes() -> None:
    question = Question(record=nlp3d.record.Record(EVIL + TEXT_77, id=EVIL, title=EVIL + " CT", reader=EVIL, accession=EVIL))  # type: ignore[attr-defined]
    shown = view(answer(question))
    latest = {"reviewer": EVIL, "recorded_at": EVIL, "action": EVIL, "code": EVIL, "seq": 1}

    class Row:
        number, id, accession, title, reader, month, code, reason, flags = 0, EVIL, EVIL, EVIL, EVIL, EVIL, None, EVIL, (EVIL,)

    class Entry:
        decision = {"action": EVIL, "code": EVIL, "reviewer": EVIL}  # noqa: RUF012

    class Choice:
        value, count = EVIL, 1

    class Item:
        number, of = 0, 1

    class Period:
        name, accept, change, reject, hold, corrected, judged, share, interval = EVIL, 0, 0, 0, 0, 0, 0, None, (0.0, 1.0)

    class Numbers:
        whole, months, pairs = Period, (Period,), ((EVIL, EVIL, 1),)

    example = {"name": EVIL, "shows": EVIL}
    shell = {"active": EVIL, "has_worklist": True, "has_store": True, "profiles": (EVIL,), "profile": EVIL, "day": EVIL, "examples": [example]}
    by: dict[str, Any] = {"shown": [(Row, Entry, "open")], "ranges": EVIL, "chosen": 1, "complete": True, "total": 1, "answered": 0}
    by |= {"decided": 0, "held": 0, "unread": 0}
    values: dict[str, dict[str, Any]] = {
        "answer.html": {"v": shown, "item": Item, "latest": latest, "markable": {EVIL: EVIL}, "reasons": {EVIL: {EVIL: EVIL}}, "has_store": True},
        "worklist_rows.html": {**by, "choices": {"reason": [Choice]}},
        "agreement_numbers.html": {"numbers": Numbers},
        **{f"{name}.html": shell for name in ("base", "paste", "worklist", "agreement")},
    }
    whole = {name for name in templates().list_templates() if not name.startswith("_")}
    assert whole == set(values)
    for name, given_values in values.items():
        made = render(name, **given_values)
        assert "<img" not in made, name
        assert "<script>" not in made, name
        assert "49" not in made.replace("7*7", ""), name
