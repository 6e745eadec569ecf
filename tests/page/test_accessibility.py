"""WCAG 2.2 AA as far as a machine can tell, on every view and state: axe, zoom, forced colours, names, print."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from page_server import TEXT_77, TEXT_OPEN, Server, paste
from playwright.sync_api import Page, expect

Open = Callable[..., Page]
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
    "forced": {"forced_colors": "active"},
}
SEVERAL = (
    "1. CT CHEST\nTechnique: Axial images.\nFindings: Clear.\n\n2. CT LEFT FEMUR\nTechnique: Volume rendered images were created on an independent "
    "workstation under my direct supervision.\nFindings: The volume rendered images show a \u202efragment\u202c.\n"
)


def empty(page: Page) -> None:
    page.wait_for_selector("#empty")


def code(page: Page) -> None:
    paste(page, TEXT_77)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def query(page: Page) -> None:
    paste(page, TEXT_OPEN)
    page.click("text=More facts")
    page.click("[aria-label='Correct: Where it was made']")
    page.click("mark.seen, mark.counted")


def corrected(page: Page) -> None:
    query(page)
    page.select_option("select[data-fact=location]", "scanner")
    page.wait_for_selector(".mine")


def studies(page: Page) -> None:
    paste(page, SEVERAL)


def marking(page: Page) -> None:
    paste(page, TEXT_OPEN)
    page.focus("#report")
    page.keyboard.press("m")


def changed(page: Page) -> None:
    paste(page, TEXT_OPEN)
    page.select_option("#profile", "lenient")
    page.wait_for_selector(".change")


def nothing_read(page: Page) -> None:
    paste(page, "import sys; sys.exit(main())")


def problem(page: Page) -> None:
    paste(page, TEXT_OPEN)
    page.focus("#report")
    page.keyboard.press("m")
    page.keyboard.insert_text("no such words")
    page.click("#marking .solid")


def keys(page: Page) -> None:
    page.click("[data-do=help]")
    page.wait_for_selector("#help[open]")


def listed(page: Page) -> None:
    page.wait_for_selector("[data-number]")


def deciding(page: Page) -> None:
    listed(page)
    page.click("[data-number='7']")
    page.wait_for_selector("#decide")
    page.keyboard.press("c")


def numbers(page: Page) -> None:
    page.wait_for_selector(".figures")


STATES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "empty": ("/", empty),
    "code": ("/", code),
    "query": ("/", query),
    "corrected": ("/", corrected),
    "studies": ("/", studies),
    "marking": ("/", marking),
    "changed": ("/", changed),
    "nothing_read": ("/", nothing_read),
    "problem": ("/", problem),
    "keys": ("/", keys),
    "list": ("/worklist", listed),
    "deciding": ("/worklist", deciding),
    "agreement": ("/agreement", numbers),
}


def violations(page: Page) -> list[str]:
    page.evaluate(f"(() => {{ {AXE}\n }})()")
    found = page.evaluate("(rules) => axe.run({ runOnly: rules })", RULES)["violations"]
    return [f"{one['id']}: {one['help']} {[node['html'][:160] + str(node['any'][:1])[:300] for node in one['nodes'][:3]]}" for one in found]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(server: Server, open_page: Open, state: str, look: str) -> None:
    path, act = STATES[state]
    page = open_page(server, path, bypass_csp=True, reduced_motion="reduce", **LOOKS[look])
    act(page)
    assert violations(page) == []


def test_axe_would_find_something(server: Server, open_page: Open) -> None:
    page = open_page(server, bypass_csp=True)
    page.evaluate("document.querySelector('label[for=base]').remove()")
    assert violations(page)


@pytest.mark.parametrize("width", [640, 320], ids=["200 %", "400 %"])
@pytest.mark.parametrize("state", STATES)
def test_zoomed_in_nothing_is_cut_off(server: Server, open_page: Open, state: str, width: int) -> None:
    """A window of 1280 pixels at 200 and 400 % is one of 640 and 320: no scrolling in two directions."""
    path, act = STATES[state]
    page = open_page(server, path, viewport={"width": width, "height": 512})
    act(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1
    outside = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, textarea, mark")].filter((one) => {
        const box = one.getBoundingClientRect(); return box.width && !one.closest(".tablebox, dialog:not([open]), .unseen-text, .skip, .action") && (box.right > innerWidth + 1 || box.left < -1); }
        ).map((one) => one.outerHTML.slice(0, 100))"""
    )
    assert outside == []


def test_targets_are_large_enough(server: Server, open_page: Open) -> None:
    page = open_page(server)
    corrected(page)
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, select, input, summary")].filter((one) => { const box = one.getBoundingClientRect();
        return box.width && !one.closest(".action, .unseen-text") && one.type !== "checkbox" && (box.width < 24 || box.height < 24); }).map((one) => one.outerHTML.slice(0, 90))"""
    )
    assert small == []


def test_counted_and_not_counted_differ_without_colour(server: Server, open_page: Open) -> None:
    page = open_page(server, forced_colors="active")
    paste(page, TEXT_77)

    def look(selector: str) -> dict[str, str]:
        styles: dict[str, str] = page.evaluate(
            f"(() => {{ const s = getComputedStyle(document.querySelector('{selector}')); return {{ weight: s.fontWeight, line: s.textDecorationStyle }}; }})()"
        )
        return styles

    counted, seen = look("mark.counted"), look("mark.seen")
    assert counted["weight"] != seen["weight"]
    assert counted["line"] == "solid" and seen["line"] == "dotted"


def test_a_screen_reader_hears_what_a_mark_did(server: Server, open_page: Open) -> None:
    page = open_page(server)
    paste(page, TEXT_77)
    session = page.context.new_cdp_session(page)
    session.send("Accessibility.enable")
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    said = [
        (node.get("name", {}).get("value", ""), node.get("description", {}).get("value", ""))
        for node in nodes
        if node.get("role", {}).get("value") == "button"
    ]
    place = next(description for name, description in said if name == "independent workstation" and "Counts" in description)
    assert "place" in place and "said as done" in place
    planar = next(description for name, description in said if name == "Coronal reformats")
    assert "Does not count" in planar and "two-dimensional" in planar


def test_focus_is_always_seen(server: Server, open_page: Open) -> None:
    page = open_page(server)
    paste(page, TEXT_OPEN)
    unseen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        style = page.evaluate(
            """() => { const one = document.activeElement; if (!one || one === document.body) return null; const box = one.getBoundingClientRect();
            const ring = getComputedStyle(one); const next = one.nextElementSibling && getComputedStyle(one.nextElementSibling);
            const lit = (s) => s && s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2;
            return { html: one.outerHTML.slice(0, 80), lit: lit(ring) || (one.type === "radio" && lit(next)), inside: box.bottom > 0 && box.top < innerHeight }; }"""
        )
        if style and not (style["lit"] and style["inside"]):
            unseen.append((style["html"], style["lit"], style["inside"]))
    assert unseen == [], unseen


def test_nothing_moves_for_those_who_ask(server: Server, open_page: Open) -> None:
    page = open_page(server, reduced_motion="reduce")
    assert page.evaluate("[...document.querySelectorAll('*')].every((one) => getComputedStyle(one).transitionDuration === '0s')")


def test_the_print_sheet_holds_the_report_and_the_answer_only(server: Server, open_page: Open) -> None:
    page = open_page(server)
    paste(page, TEXT_OPEN)
    page.emulate_media(media="print")
    for shown in ("#report", ".verdict", ".facts", ".letter", ".why77", ".foot"):
        expect(page.locator(shown).first).to_be_visible()
    for hidden in (".top", "#known", ".inspector", ".copies", "#decide"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_the_browser_is_told_to_keep_the_text_to_itself(server: Server, open_page: Open) -> None:
    """Spelling and translation services would send it away; completion would keep it."""
    page = open_page(server, "/worklist")
    page.click("[data-number='0']")
    page.wait_for_selector("#decide")
    for path in ("worklist", "paste"):
        if path == "paste":
            page.click("nav a[href='/']")
            page.wait_for_selector("#text")
        fields = page.evaluate(
            """[...document.querySelectorAll("textarea, input:not([type=radio], [type=checkbox], [type=date])")]
            .map((one) => [one.id, one.getAttribute("spellcheck"), one.getAttribute("autocomplete")])"""
        )
        assert fields
        assert all(spell == "false" and complete == "off" for _, spell, complete in fields), json.dumps(fields)
        assert page.get_attribute("html", "translate") == "no"
