"""The pictures of docs/page.md, taken of the real page in Chromium: python docs/page_screenshots.py [--chromium PATH]."""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
REPORTS = HERE.parent / "data" / "samples" / "reports.jsonl"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"]


def main():
    """Start the page over the samples, and take each picture."""
    parser = argparse.ArgumentParser(description="Pictures of the coder's page.")
    parser.add_argument("--chromium", default=shutil.which("chromium") or "/usr/bin/chromium")
    chromium = parser.parse_args().chromium
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        command = [sys.executable, "-m", "nlp3d", "serve", str(REPORTS), "--decisions", str(Path(folder) / "decisions.db"), "--port", "0"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        address = server.stdout.readline().strip()
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        try:
            for look in ("light", "dark"):
                take(browser, address, look)
        finally:
            browser.close()
            server.terminate()
            server.wait()


def take(browser, address, look):
    """All pictures in one look; the narrow one in light only."""

    def picture(page, name):
        page.wait_for_timeout(200)
        page.screenshot(path=HERE / "images" / f"page-{name}-{look}.png")

    page = browser.new_page(viewport={"width": 1360, "height": 860}, color_scheme=look)
    page.goto(address)
    page.wait_for_selector("#empty")
    picture(page, "empty")
    for name, example in (("query", 2), ("code", 0), ("studies", 5)):
        page.click(f"[data-example='{example}']")
        page.wait_for_selector("#verdict-h")
        if name == "query":
            page.hover("mark.supervision")
        picture(page, name)
        page.focus("#report")
        page.keyboard.press("e")
    page.click("[data-example='2']")
    page.wait_for_selector("#verdict-h")
    page.click("[aria-label='Correct: Where it was made']")
    page.select_option("select[data-fact=location]", "workstation")
    page.wait_for_selector(".mine")
    page.evaluate("scrollTo(0, 0)")
    picture(page, "corrected")
    page.goto(address.replace("/#", "/worklist#"))
    page.wait_for_selector("text=24_viewing_is_not_making")
    page.wait_for_selector("[data-waiting]", state="detached", timeout=60_000)
    picture(page, "worklist")
    page.keyboard.press("j")
    page.wait_for_selector("#decide")
    page.keyboard.press("a")
    page.locator(".decide").scroll_into_view_if_needed()
    picture(page, "decision")
    page.close()
    if look == "light":
        phone = browser.new_page(viewport={"width": 390, "height": 860})
        phone.goto(address)
        phone.click("[data-example='2']")
        phone.wait_for_selector("#verdict-h")
        picture(phone, "narrow")
        phone.close()


if __name__ == "__main__":
    main()
