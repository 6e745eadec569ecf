"""A hostile page in the same browser, and what is left behind in the browser's profile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from page_server import CANARY, CHROMIUM, FLAGS, TEXT_77, Start, paste
from playwright.sync_api import Browser, Page, Playwright

ATTACK = """<!doctype html><meta charset=utf-8><body><script>
async function attack(base) {
  const done = [];
  const body = JSON.stringify({ key: "00000000-0000-4000-8000-00000000000a", action: "accept", reviewer: "Evil", item: { number: 0 } });
  const tries = [
    () => fetch(base + "/api/decisions", { method: "POST", body, headers: { "Content-Type": "application/json" } }),
    () => fetch(base + "/api/decisions", { method: "POST", body, mode: "no-cors", headers: { "Content-Type": "text/plain" } }),
    () => fetch(base + "/view/report", { method: "POST", body: '{"number":0}', mode: "no-cors" }),
    () => fetch(base + "/api/worklist", { credentials: "include", mode: "no-cors" }),
    () => fetch(base + "/", { mode: "no-cors" }),
  ];
  for (const one of tries) { try { const r = await one(); done.push(r.type + r.status); } catch (e) { done.push("refused"); } }
  done.push(navigator.sendBeacon(base + "/api/decisions", body) ? "sent" : "kept");
  for (const path of ["/static/icon.svg", "/api/worklist"]) {
    done.push(await new Promise((answer) => { const i = new Image(); i.onload = () => answer("loaded"); i.onerror = () => answer("refused"); i.src = base + path; }));
  }
  const frame = document.createElement("iframe"); frame.src = base + "/"; document.body.append(frame);
  const form = document.createElement("form"); form.method = "post"; form.enctype = "text/plain"; form.action = base + "/api/decisions"; form.target = "out";
  const out = document.createElement("iframe"); out.name = "out"; document.body.append(out);
  const input = document.createElement("input"); input.name = body; form.append(input); document.body.append(form); form.submit();
  const script = document.createElement("script"); script.src = base + "/static/page.js"; document.body.append(script);
  await new Promise((go) => setTimeout(go, 800));
  return done;
}</script>"""


@pytest.fixture
def hostile() -> Iterator[str]:
    """Another page of this computer, on another port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(ATTACK.encode())

        def log_message(self, *_: object) -> None:
            return

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{web.server_port}/"
    web.shutdown()


def test_a_second_origin_gets_nothing_and_changes_nothing(start: Start, browser: Browser, hostile: str) -> None:
    server = start()
    context = browser.new_context()
    ours = context.new_page()
    ours.goto(server.address)
    paste(ours, TEXT_77)
    theirs = context.new_page()
    statuses: list[int] = []
    theirs.on("response", lambda answer: statuses.append(answer.status) if answer.url.startswith(server.base) else None)
    theirs.goto(hostile)
    result = theirs.evaluate("(base) => attack(base)", server.base)
    assert set(result) <= {"refused", "opaque0", "sent", "kept"}
    assert statuses
    assert all(status in (400, 401, 403, 405, 415) for status in statuses)
    assert server.client.get("/api/agreement").json()["whole"]["judged"] == 0
    assert server.post("/api/worklist", {"state": "decided"}).json()["chosen"] == 0
    context.close()


def test_the_page_asks_nothing_of_anyone_else(start: Start, open_page: Callable[..., Page]) -> None:
    server = start()
    page = open_page(server)
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.reload()
    paste(page, TEXT_77)
    for path in ("/worklist", "/agreement", "/"):
        page.click(f"nav a[href='{path}']")
        page.wait_for_load_state("networkidle")
    assert asked
    assert all(url.startswith((server.base + "/", "data:")) for url in asked)
    assert not any("?" in url or "zygoma" in url for url in asked)


def test_no_word_of_a_report_is_left_in_the_browsers_profile(start: Start, playwright: Playwright, tmp_path: Path) -> None:
    server = start(records=[{"id": "1", "text": TEXT_77 + CANARY + "worklist"}])
    profile = tmp_path / "profile"
    context = playwright.chromium.launch_persistent_context(str(profile), executable_path=CHROMIUM, args=FLAGS)
    page = context.pages[0]
    page.goto(server.address)
    page.fill("#title", f"CT {CANARY} title")
    paste(page, TEXT_77 + CANARY + "paste")
    page.keyboard.press("e")
    page.goto(server.base + "/worklist")
    page.click("[data-number]")
    page.wait_for_selector("#report")
    page.go_back()
    page.goto("about:blank")
    page.wait_for_timeout(1500)
    context.close()
    kept = [path for path in profile.rglob("*") if path.is_file() and not path.is_symlink()]
    assert len(kept) > 20
    for path in kept:
        raw = path.read_bytes()
        assert CANARY.encode() not in raw and CANARY.encode("utf-16-le") not in raw, path.name
