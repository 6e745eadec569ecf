"""Servers and Debian's Chromium in front of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

sys.path.insert(0, str(Path(__file__).parent))

from page_server import CHROMIUM, FLAGS, Server, Start, start_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for tests that record nothing."""
    running = start_server(tmp_path_factory.mktemp("page"))
    yield running
    running.stop()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Servers of a test's own."""
    running: list[Server] = []

    def begin(*arguments: str, **options: Any) -> Server:
        running.append(start_server(tmp_path, *arguments, **options))
        return running[-1]

    yield begin
    for one in running:
        if one.process.poll() is None:
            one.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives Chromium; where there is none, tests are left out, but never in continuous integration."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI"):
            raise AssertionError("chromium is missing: apt-get install chromium")
        pytest.skip("chromium is not installed")
    with sync_playwright() as made:
        yield made


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all tests."""
    made = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield made
    made.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address of a server in a context of its own; at the end, no page may have had a script error or a blocked resource."""
    contexts = []
    complaints: list[str] = []

    def begin(server: Server, path: str = "/", allowed: tuple[str, ...] = (), **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1360, "height": 900}, **options})
        contexts.append(context)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.on("pageerror", lambda problem: complaints.append(str(problem)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" and "Failed to load resource" not in message.text else None)
        page.goto(f"{server.base}{path}#token={server.token}")
        return page

    yield begin
    for context in contexts:
        context.close()
    assert not complaints
