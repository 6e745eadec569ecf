"""Who may ask what: host, origin, token, size, rate, headers; and nothing of a request ever comes back or is written down."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from page_server import CANARY, ROOT, TEXT_77, Server, Start

from nlp3d.web.pages import SHELLS
from nlp3d.web.security import Access, Bucket, Guard

STATIC = ["/static/page.css", "/static/page.js", "/static/core.js"]


def routes(server: Server) -> list[tuple[str, str]]:
    described = server.client.get("/api/openapi.json").json()["paths"]
    api = [(method.upper(), path) for path, of in described.items() for method in of]
    return [*api, ("GET", "/api/openapi.json"), ("POST", "/view/answer"), ("POST", "/view/report"), ("POST", "/view/worklist"), ("GET", "/view/agreement")]


def call(server: Server, method: str, path: str, **headers: str | bytes) -> httpx.Response:
    return server.client.request(method, path, headers=headers, content=b"{}" if method == "POST" else None)


def everything(server: Server) -> list[tuple[str, str]]:
    return [*routes(server), *(("GET", path) for path in (*SHELLS, *STATIC, "/nothing"))]


def test_a_foreign_host_is_refused_everywhere(server: Server) -> None:
    for method, path in everything(server):
        for host in ("evil.example:8000", "127.0.0.1.evil.example", "localhost.evil.example:80", "", "127.0.0.1:80:90", "[::1]evil"):
            assert call(server, method, path, host=host).status_code == 400, (method, path, host)


def test_our_own_names_are_answered(server: Server) -> None:
    for host in ("127.0.0.1:1", "localhost", "LOCALHOST:8376", "[::1]:8376", "[::1]"):
        assert call(server, "GET", "/api/health", host=host).status_code == 200


def test_two_hosts_are_refused(server: Server) -> None:
    asked = f"GET /api/health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nX-Nlp3d-Token: {server.token}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", int(server.base.rpartition(":")[2])), timeout=10) as line:
        line.sendall(asked.encode())
        assert line.recv(1000).split(b" ", 2)[1] == b"400"


@pytest.mark.parametrize("headers", [{"origin": "http://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}])
def test_other_origins_are_refused_everywhere(server: Server, headers: dict[str, str]) -> None:
    for method, path in everything(server):
        assert call(server, method, path, **headers).status_code == 403, (method, path)


def test_another_port_of_this_computer_is_another_origin(server: Server) -> None:
    assert call(server, "GET", "/api/health", origin="http://127.0.0.1:1").status_code == 403
    assert call(server, "GET", "/api/health", origin=server.base).status_code == 200


@pytest.mark.parametrize("token", ["", "wrong", "\u00e4"])
def test_nothing_but_the_empty_shells_without_the_token(start: Start, token: str) -> None:
    server = start()
    for method, path in routes(server)[:9]:
        assert call(server, method, path, **{"x-nlp3d-token": token.encode()}).status_code == 401, (method, path)
    for path in (*SHELLS, *STATIC):
        shell = httpx.get(server.base + path)
        assert shell.status_code == 200
        assert server.token not in shell.text
        assert "zygoma" not in shell.text  # a word of the worklist


def test_guessing_the_token_is_slowed(start: Start) -> None:
    server = start()
    codes = [call(server, "GET", "/api/health", **{"x-nlp3d-token": "no"}).status_code for _ in range(60)]
    assert 429 in codes
    assert call(server, "GET", "/api/health").status_code == 200  # the one with the token is not locked out


def test_only_json_is_taken(server: Server) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        answer = server.client.post("/api/suggest", content=b'{"text": "x"}', headers={"content-type": kind})
        assert answer.status_code == 415


def test_a_large_body_is_refused_by_its_word_and_by_its_bytes(server: Server) -> None:
    large = json.dumps({"text": "x" * 2_100_000}).encode()
    assert server.client.post("/api/suggest", content=large, headers={"content-type": "application/json"}).status_code == 413

    def in_pieces() -> Any:
        for at in range(0, len(large), 65536):
            yield large[at : at + 65536]

    answer = server.client.post("/api/suggest", content=in_pieces(), headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_every_answer_carries_the_headers(server: Server) -> None:
    answers = [call(server, "GET", path) for path in ("/", "/static/page.js", "/api/health", "/nothing", "/api/nothing")]
    answers += [call(server, "GET", "/api/health", host="evil"), call(server, "POST", "/api/suggest"), call(server, "POST", "/view/answer")]
    for answer in answers:
        csp = answer.headers["content-security-policy"]
        assert csp.startswith("default-src 'none'")
        assert "unsafe" not in csp and "*" not in csp and "http" not in csp
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in answer.headers
        assert "server" not in answer.headers


def test_no_inline_script_or_style_and_nothing_from_elsewhere(server: Server) -> None:
    pages = [httpx.get(server.base + path).text for path in SHELLS]
    pages.append(server.post("/view/answer", {"text": TEXT_77}).text)
    for page in pages:
        assert not re.search(r"<script(?![^>]*src=\"/static/)|<style|\sstyle=|\son\w+=|javascript:", page)
        assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//(?![^\"]*\" target=\"_blank\" rel=\"noopener noreferrer\")", page)


WRONG: list[Any] = [
    {"text": 7, "id": CANARY},
    {"text": CANARY, "base": CANARY},
    {"text": CANARY, "date_of_service": CANARY},
    {"text": CANARY, "date_of_service": "2026-02-31"},
    {"text": CANARY, "profile": CANARY},
    {"text": CANARY, "profile": f"/etc/{CANARY}.yaml"},
    {"text": CANARY, "title": [CANARY]},
    {"text": CANARY, "title": CANARY * 100},
    {"text": CANARY, "corrections": {"facts": [{"study": 0, "fact": CANARY, "value": CANARY}]}},
    {"text": CANARY, "corrections": {"facts": [{"study": 9, "fact": "technique", "value": "none"}]}},
    {"text": CANARY, "corrections": {"marks": [{"study": 0, "start": 0, "end": 9999, "concept": "technique.three_d", "counts": True}]}},
    {"text": CANARY, "corrections": {"marks": [{"study": 0, "start": 0, "end": 3, "concept": CANARY, "counts": True}]}},
    {CANARY: CANARY},
    [CANARY],
    CANARY,
    None,
]


@pytest.mark.parametrize("path", ["/api/suggest", "/view/answer", "/api/decide", "/api/decisions", "/api/feedback", "/api/worklist", "/view/report"])
def test_an_error_never_repeats_the_request(server: Server, path: str) -> None:
    for body in WRONG:
        answer = server.post(path, body)
        assert 400 <= answer.status_code < 500 or path == "/api/worklist", (body, answer.status_code)
        assert CANARY not in answer.text, body
    for raw in (CANARY.encode(), b'{"text": "' + CANARY.encode(), b"\xff\xfe" + CANARY.encode(), b"[" * 100_000, b'{"text": NaN, "id": "' + CANARY.encode() + b'"}'):
        answer = server.client.post(path, content=raw, headers={"content-type": "application/json"})
        assert answer.status_code == 400 and CANARY not in answer.text


def test_an_address_never_comes_back(server: Server) -> None:
    for path in (f"/{CANARY}", f"/api/{CANARY}?{CANARY}", f"/static/{CANARY}.css", f"/static/../{CANARY}", f"/view/{CANARY}"):
        answer = server.client.get(path)
        assert answer.status_code in (404, 405)
        assert CANARY not in answer.text + str(answer.headers)


def test_static_files_cannot_be_left(server: Server) -> None:
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd"):
        assert server.client.get(path).status_code == 404


def test_no_profile_of_this_computer_can_be_tried(server: Server, tmp_path: Path) -> None:
    policy = tmp_path / "mine.yaml"
    policy.write_text("payer: X\npolicy: Y\nparent: strict\nsource: [expert]\n", encoding="utf-8")
    there = server.post("/api/suggest", {"text": TEXT_77, "profile": str(policy)})
    gone = server.post("/api/suggest", {"text": TEXT_77, "profile": str(tmp_path / "none.yaml")})
    assert there.status_code == gone.status_code == 422
    assert there.json() == gone.json()


def test_nothing_is_logged_and_no_file_is_written(tmp_path: Path, start: Start) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    server = start(TMPDIR=str(temporary), NLP3D_UNSAFE_DEBUG="")
    for body in WRONG:
        server.post("/api/suggest", body)
    server.post("/api/suggest", {"text": TEXT_77 + CANARY + "x" * 1_500_000, "id": CANARY})
    server.post("/view/answer", {"text": TEXT_77 + CANARY})
    server.client.get(f"/{CANARY}")
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in written} <= {"reports.jsonl", "decisions.db", "decisions.db-wal", "decisions.db-shm"}
    assert not any(CANARY.encode() in path.read_bytes() for path in written)
    out, err = server.stop()
    assert CANARY.encode() not in out + err
    assert b"Traceback" not in err


def through(guard: Guard, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One request to `/` through a guard of this process: status, headers, body."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    given = [(name.encode(), value.encode()) for name, value in {"host": "localhost", **headers}.items()]
    scope = {"type": "http", "method": "GET", "path": "/", "headers": given}
    with ThreadPoolExecutor(1) as other:  # the browser's driver has a loop of its own in this thread
        other.submit(asyncio.run, guard(scope, receive, send)).result()
    return sent[0]["status"], {k.decode(): v.decode() for k, v in sent[0]["headers"]}, sent[1]["body"]


async def nothing(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def test_a_fault_of_ours_says_its_kind_and_nothing_else() -> None:
    told: list[Any] = []

    async def broken(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError(CANARY)

    answer = through(Guard(broken, Access("t", open_paths=frozenset({"/"})), told.append))
    assert answer[0] == 500
    assert CANARY not in repr(answer) + repr(told)
    assert "RuntimeError" in str(told[0])


def test_a_rate_is_kept() -> None:
    now = [0.0]
    bucket = Bucket(rate=2, burst=3, clock=lambda: now[0])
    assert [bucket.wait() for _ in range(3)] == [0, 0, 0]
    assert bucket.wait() == pytest.approx(0.5)
    now[0] = 0.5
    assert bucket.wait() == 0
    assert bucket.wait() > 0


def test_too_many_requests_are_told_when_to_come_back() -> None:
    access = Access("t", open_paths=frozenset({"/"}), requests=Bucket(rate=0.5, burst=2, clock=lambda: 0.0))
    guard = Guard(nothing, access, lambda _: None)
    assert [through(guard)[0] for _ in range(3)] == [204, 204, 429]
    assert int(through(guard)[1]["retry-after"]) >= 2
    access.requests = Bucket(rate=1, burst=1, clock=lambda: 0.0)
    assert through(guard)[0] == 204


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_other_addresses_need_a_clear_word(host: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nlp3d", "serve", "--host", host, "--port", "0"],
        capture_output=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert b"serve_host" in done.stderr


def test_a_taken_port_is_told(server: Server, tmp_path: Path) -> None:
    port = server.base.rpartition(":")[2]
    done = subprocess.run(
        [sys.executable, "-m", "nlp3d", "serve", "--port", port],
        capture_output=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60, check=False,
    )  # fmt: skip
    assert b"serve_port" in done.stderr
    assert done.returncode == 2


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc")
def test_no_process_may_dump_its_memory(server: Server) -> None:
    server.post("/api/suggest", {"text": TEXT_77})
    family = [server.process.pid, *(int(child) for child in _children(server.process.pid))]
    answering = [pid for pid in family if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes() or pid == server.process.pid]
    assert len(answering) >= 3
    for pid in answering:
        line = next(line for line in Path(f"/proc/{pid}/limits").read_text().splitlines() if line.startswith("Max core file size"))
        assert line.split()[4:6] == ["0", "0"]


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
