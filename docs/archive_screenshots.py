"""Pictures of the archive page: `python docs/archive_screenshots.py REPORT.html` writes docs/images/archive-page-*.png. Needs Debian's chromium."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
IMAGES = Path(__file__).parent / "images"

with sync_playwright() as player:
    browser = player.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
    for scheme in ("light", "dark"):
        page = browser.new_page(viewport={"width": 1180, "height": 1180}, color_scheme=scheme)
        page.goto(Path(sys.argv[1]).resolve().as_uri())
        page.screenshot(path=IMAGES / f"archive-page-{scheme}.png")
    browser.close()
