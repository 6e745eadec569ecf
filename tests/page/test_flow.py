"""What a coder does on the page, mostly with the keyboard alone, and what she gets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from page_server import TEXT_77, TEXT_OPEN, Server, paste
from playwright.sync_api import Page, expect

import nlp3d
from nlp3d.web.view import code_line, evidence_lines

Open = Callable[..., Page]
SEVERAL = (
    "1. CT CHEST\nTechnique: Axial images.\nFindings: Clear.\n\n2. CT LEFT FEMUR\nTechnique: Volume rendered images were created on an independent "
    "workstation under my direct supervision.\nFindings: The volume rendered images show a fragment.\n"
)


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def verdict(page: Page) -> str:
    return page.inner_text("#verdict-h .big")


def test_paste_see_copy_and_paste_the_next_by_keyboard_alone(server: Server, open_page: Open) -> None:
    page = open_page(server)
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.insert_text(TEXT_OPEN)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#verdict-h")).to_contain_text("No code")
    expect(page.locator(".why77").first).to_contain_text("separate workstation")
    answer = nlp3d.suggest(TEXT_OPEN)
    page.keyboard.press("1")
    expect(page.locator("#live")).to_have_text("Copied: code line.")
    assert clipboard(page) == code_line(answer)
    page.keyboard.press("2")
    expect(page.locator("#live")).to_have_text("Copied: evidence.")
    assert clipboard(page) == "\n".join(evidence_lines(answer))
    page.keyboard.press("3")
    expect(page.locator("#live")).to_have_text("Copied: query.")
    assert clipboard(page) == answer.queries[0]["text"]
    page.keyboard.press("ArrowRight")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.tagName") == "MARK"
    assert page.evaluate("document.activeElement.textContent") != first
    expect(page.locator("#inspected .md-head")).not_to_have_count(0)
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.insert_text(TEXT_77)  # over the selected old one
    page.keyboard.press("Control+Enter")
    expect(page.locator("#verdict-h")).to_contain_text("76377")
    expect(page.locator(".why77")).to_have_count(0)


def test_the_answer_is_spoken(server: Server, open_page: Open) -> None:
    page = open_page(server)
    paste(page, TEXT_77)
    expect(page.locator("#live")).to_contain_text("76377")
    assert page.get_attribute("#live", "aria-live") == "polite"


def test_single_keys_rest_while_typing_and_can_be_turned_off(server: Server, open_page: Open) -> None:
    page = open_page(server)
    paste(page, TEXT_77)
    page.focus("#title")
    page.keyboard.type("e1?")
    assert page.input_value("#title") == "e1?"
    page.focus("#report")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.uncheck("#single-keys")
    page.keyboard.press("Escape")
    page.focus("#report")
    page.keyboard.press("e")
    expect(page.locator("#report")).to_be_visible()


def test_examples_answer_at_a_click(server: Server, open_page: Open) -> None:
    page = open_page(server)
    given = server.client.get("/api/examples").json()
    for number, example in enumerate(given):
        page.click(f"[data-example='{number}']")
        page.wait_for_selector("#verdict-h")
        expected = nlp3d.suggest(example["text"], title=example["title"] or None, date_of_service=example["date_of_service"])
        assert verdict(page) == (expected.code or "No code")
        page.keyboard.press("e")


def test_date_and_profile_change_the_answer_and_say_why(server: Server, open_page: Open) -> None:
    page = open_page(server)
    paste(page, TEXT_OPEN)
    page.select_option("#profile", "lenient")
    expect(page.locator("#verdict-h")).to_contain_text("76376")
    expect(page.locator(".change")).to_contain_text("The answer was no code")
    page.fill("#day", "2004-05-06")
    page.press("#day", "Enter")
    expect(page.locator(".change")).to_contain_text("Before 2006 another rule was in force")
    expect(page.locator(".headline")).to_contain_text("Before the codes existed")


def test_strict_and_lenient_stand_side_by_side(server: Server, open_page: Open) -> None:
    page = open_page(server)
    paste(page, TEXT_OPEN)
    assert page.locator(".side-code").all_inner_texts() == ["no code", "76376"]


def test_every_answer_that_is_not_76377_says_why(server: Server, open_page: Open) -> None:
    page = open_page(server)
    for text in (TEXT_OPEN, "CTA HEAD\nTechnique: MIPs were made.", "x y", "CT KNEE. Axial images.", TEXT_77.replace("an independent workstation", "the scanner console")):
        paste(page, text)
        expect(page.locator(".why77")).to_have_count(1)
        assert len(page.inner_text(".why77")) > 30
        page.keyboard.press("e")


def test_what_she_knows_decides_and_is_shown_as_hers(server: Server, open_page: Open) -> None:
    page = open_page(server)
    page.fill("#title", "CTA HEAD")
    paste(page, "Volume rendered images were created on an independent workstation under my direct supervision.")
    expect(page.locator(".headline")).to_contain_text("3D already included")
    shown = page.locator("#mentions li", has_text="from the title you gave")
    expect(shown).not_to_have_count(0)
    page.fill("#title", "")
    page.select_option("#base", "eligible")
    expect(page.locator("#verdict-h")).to_contain_text("76377")


def test_facts_and_words_lead_to_each_other(server: Server, open_page: Open) -> None:
    page = open_page(server)
    paste(page, TEXT_77)
    page.click(".fact:has-text('Where it was made') .chip.words")
    assert page.evaluate("document.activeElement.textContent") == "independent workstation"
    expect(page.locator("#inspected")).to_contain_text("Counts")
    page.keyboard.press("Escape")
    page.hover("mark.seen")
    expect(page.locator("#inspected")).to_contain_text("two-dimensional")


def test_several_studies_each_have_their_answer(server: Server, open_page: Open) -> None:
    page = open_page(server)
    paste(page, SEVERAL)
    tabs = page.locator("[role=tab]")
    expect(tabs).to_have_count(2)
    expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
    page.focus("#report")
    page.keyboard.press("s")
    expect(tabs.nth(0)).to_have_attribute("aria-selected", "true")
    expect(page.locator("#study-0")).to_be_visible()
    expect(page.locator("#study-1")).to_be_hidden()
    expect(page.locator("#study-0")).to_contain_text("No code")
    tabs.nth(0).focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#study-1")).to_be_visible()


def test_a_corrected_fact_gives_another_answer_beside_the_machines(server: Server, open_page: Open) -> None:
    page = open_page(server)
    paste(page, TEXT_OPEN)
    page.click("[aria-label='Correct: Where it was made']")
    page.select_option("select[data-fact=location]", "scanner")
    expect(page.locator("#verdict-h")).to_contain_text("76376")
    expect(page.locator(".mine")).to_contain_text("The machine read: no code")
    expect(page.locator(".was")).to_contain_text("read as: not said")
    page.click("[data-do=uncorrect]")
    expect(page.locator("#verdict-h")).to_contain_text("No code")


def test_the_new_answer_is_in_sight_wherever_she_corrects(server: Server, open_page: Open) -> None:
    page = open_page(server, viewport={"width": 1280, "height": 500})
    paste(page, TEXT_OPEN)
    expect(page.locator(".follow")).to_be_hidden()
    page.click("text=More facts")
    page.click("[aria-label='Correct: Outside or earlier data']")
    page.select_option("select[data-fact=outside]", "True")
    expect(page.locator(".follow.on")).to_contain_text("with your corrections")
    assert page.locator(".follow span").bounding_box()["y"] < 10  # type: ignore[index]
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator(".follow")).to_be_hidden()


def test_focus_and_study_stay_when_the_answer_is_worked_out_again(server: Server, open_page: Open) -> None:
    page = open_page(server)
    paste(page, SEVERAL)
    page.click("#tab-0")
    page.click("#study-0 [aria-label='Correct: 3D rendering']")
    page.select_option("#study-0 select[data-fact=technique]", "performed")
    expect(page.locator(".mine")).to_be_visible()
    expect(page.locator("#tab-0")).to_have_attribute("aria-selected", "true")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Correct: 3D rendering"
    page.click("#tab-1")
    page.click("mark.location")
    page.click("text=Take out")
    expect(page.locator("#study-1 .fact:has-text('Where it was made') .value")).to_have_text("not said")
    assert page.evaluate("document.activeElement.id") == "report"


def test_words_that_do_not_count_can_be_taken_out_and_back(server: Server, open_page: Open) -> None:
    page = open_page(server)
    paste(page, TEXT_77)
    page.click("mark.location")
    page.click("text=Take out")
    expect(page.locator(".headline")).to_contain_text("Place missing")
    page.click("mark.location")
    expect(page.locator("#inspected")).to_contain_text("taken out by the coder")
    page.click("[data-do=count]")
    expect(page.locator("#verdict-h")).to_contain_text("76377")


def test_words_are_about_the_2d_or_mean_the_scanner(server: Server, open_page: Open) -> None:
    page = open_page(server)
    paste(page, TEXT_77)
    page.click("mark.location")
    page.click("text=About the 2D")
    expect(page.locator(".headline")).to_contain_text("Place missing")
    page.click("mark.location")
    expect(page.locator("#inspected")).to_contain_text("taken out by the coder: about the 2D reformats")
    page.click("text=Count it")
    expect(page.locator("#verdict-h")).to_contain_text("76377")
    page.click("mark.location")
    page.click("text=This is the scanner")
    expect(page.locator("#verdict-h")).to_contain_text("76376")
    expect(page.locator(".mine")).to_contain_text("The machine read: 76377")
    page.click("mark.location")
    page.locator("#inspected .found", has_text="Counts").locator("text=This is a workstation").click()
    expect(page.locator("#verdict-h")).to_contain_text("76377")


def test_missed_words_can_be_marked_by_selecting_and_by_typing(server: Server, open_page: Open) -> None:
    page = open_page(server)
    for by_hand in (True, False):
        paste(page, "\U0001f9b4\n" + TEXT_OPEN)
        if by_hand:
            page.focus("#report")
            page.keyboard.press("m")
            page.keyboard.insert_text("graphics room")
        else:
            page.evaluate(
                """() => { const walk = document.createTreeWalker(document.getElementById("report"), NodeFilter.SHOW_TEXT);
                while (walk.nextNode()) { const at = walk.currentNode.data.indexOf("graphics room");
                  if (at >= 0) { getSelection().setBaseAndExtent(walk.currentNode, at, walk.currentNode, at + 13); return; } } }"""
            )
            expect(page.locator("#mark-words")).to_have_value("graphics room")
        page.select_option("#mark-concept", "location.workstation")
        page.click("#marking .solid")
        expect(page.locator("#verdict-h")).to_contain_text("76377")
        expect(page.locator("mark.location.counted")).to_have_text("graphics room")
        page.focus("#report")
        page.keyboard.press("e")


def test_words_that_are_not_there_are_not_marked(server: Server, open_page: Open) -> None:
    page = open_page(server)
    paste(page, TEXT_OPEN)
    page.focus("#report")
    page.keyboard.press("m")
    page.keyboard.insert_text("no such words")
    page.click("#marking .solid")
    expect(page.locator("#problem")).to_contain_text("do not stand in the report")


def test_a_thirty_page_report_stays_quick_and_whole(server: Server, open_page: Open) -> None:
    page = open_page(server)
    filler = "".join(f"Series {n}: axial images, {n} mm, with coronal reformats. Lungs are clear in segment {n}.\n" for n in range(900))
    text = TEXT_77 + filler
    assert len(text) > 65_000
    paste(page, text)
    assert page.evaluate("document.getElementById('report').textContent") == text
    expect(page.locator("#verdict-h")).to_contain_text("76377")
    moved = page.evaluate(
        """async () => { document.getElementById("report").focus(); const t = performance.now();
        document.querySelectorAll("mark")[500].dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
        await new Promise(requestAnimationFrame); return performance.now() - t; }"""
    )
    assert moved < 2000  # a page that searched its marks anew for each mark would need minutes


def test_nothing_stands_in_the_page_after_going_away_and_back(server: Server, open_page: Open) -> None:
    page = open_page(server)
    paste(page, TEXT_77)
    page.click("nav a[href='/worklist']")
    page.wait_for_selector("[data-number]")
    page.go_back()
    page.wait_for_selector("#text")
    assert page.input_value("#text") == ""
    assert "zygoma" not in page.content()


def test_a_server_that_is_gone_loses_no_text(start: Any, open_page: Open) -> None:
    server = start()
    page = open_page(server)
    page.fill("#text", TEXT_77)
    server.stop()
    page.focus("#text")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#problem")).to_contain_text("does not answer")
    assert page.input_value("#text") == TEXT_77


def test_without_the_token_the_page_says_what_to_do(server: Server, open_page: Open) -> None:
    page = open_page(server)
    page.evaluate("sessionStorage.setItem('nlp3d-token', 'wrong')")
    page.reload()
    page.fill("#text", TEXT_77)
    page.press("#text", "Control+Enter")
    expect(page.locator("#problem")).to_contain_text("no valid token")


def test_the_token_leaves_the_address_at_once(server: Server, open_page: Open) -> None:
    page = open_page(server)
    assert server.token not in page.url
    assert server.token not in page.evaluate("document.documentElement.outerHTML")
