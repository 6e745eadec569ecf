"""The guard before everything else: which host, origin and token a request comes with, how large and how often, and what
every answer carries. It knows no route of the application, and says nothing of a request's content.

No cookie is used: one would be sent to every port of this computer, and by pages of other origins too. The token comes in the
fragment of the address that the command prints, which no browser sends, and goes back in a header, which no foreign page can set.
"""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final

from ..errors import Nlp3dError, error

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

TOKEN_HEADER: Final = "x-nlp3d-token"
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
_CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types nlp3d"
)
_HEADERS: Final = tuple(
    (name.encode(), value.encode())
    for name, value in {
        "content-security-policy": _CSP,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    }.items()
)
_FROM_HERE = ("same-origin", "none", "")
_READING = ("GET", "HEAD")


@dataclass(slots=True)
class Bucket:
    """A rate limit: `rate` requests a second on average, `burst` at once."""

    rate: float
    burst: float
    clock: Callable[[], float] = time.monotonic
    _level: float = field(default=-1.0)
    _at: float = field(default=0.0)

    def wait(self) -> float:
        """Take one; the seconds to wait where there is none, else 0."""
        now = self.clock()
        level = self.burst if self._level < 0 else min(self.burst, self._level + (now - self._at) * self.rate)
        self._at = now
        if level < 1:
            self._level = level
            return (1 - level) / self.rate
        self._level = level - 1
        return 0.0


@dataclass(slots=True)
class Access:
    """Who may ask what: the token, the host names the server answers to, the paths without a token, and the limits."""

    token: str
    hosts: frozenset[str] = LOOPBACK
    open_paths: frozenset[str] = frozenset()
    most_bytes: int = 2_000_000
    requests: Bucket = field(default_factory=lambda: Bucket(500, 1000))
    refusals: Bucket = field(default_factory=lambda: Bucket(1, 30))


class Guard:
    """An ASGI application around another one."""

    def __init__(self, app: App, access: Access, report: Callable[[Nlp3dError], None]) -> None:
        self.app, self.access, self.report = app, access, report

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on with the limits and headers in place. No exception leaves this method with a request's words in it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                named = {name for name, _ in _HEADERS}
                message["headers"] = [*(pair for pair in message.get("headers", ()) if pair[0].lower() not in named), *_HEADERS]
            await send(message)

        refused = self._refusal(scope)
        try:
            if refused is None:
                await self.app(scope, self._limited(receive), guarded)
                return
        except Exception as problem:
            fault = error("internal", problem=type(problem).__name__)
            self.report(fault)
            refused = 500, fault, 0.0
        if not started:
            await _refuse(scope, guarded, *refused)

    def _refusal(self, scope: Scope) -> tuple[int, Nlp3dError, float] | None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        hosts = [value for name, value in scope["headers"] if name.lower() == b"host"]
        host = headers.get("host", "")
        if len(hosts) != 1 or not self._known(host):
            return 400, error("request_host"), 0.0
        if headers.get("sec-fetch-site", "") not in _FROM_HERE:
            return 403, error("request_origin"), 0.0
        if "origin" in headers and headers["origin"] not in (f"http://{host}", f"https://{host}"):
            return 403, error("request_origin"), 0.0
        if not self._open(scope) and not hmac.compare_digest(headers.get(TOKEN_HEADER, "").encode(), self.access.token.encode()):
            wait = self.access.refusals.wait()
            return (429, error("request_rate"), wait) if wait else (401, error("request_token"), 0.0)
        if scope["method"] not in _READING:
            if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
                return 415, error("request_json"), 0.0
            length = headers.get("content-length", "0")
            if not length.isdecimal() or len(length) > 15 or int(length) > self.access.most_bytes:
                return 413, self._too_large(), 0.0
        wait = self.access.requests.wait()
        return (429, error("request_rate"), wait) if wait else None

    def _too_large(self) -> Nlp3dError:
        return error("request_too_large", limit=f"{self.access.most_bytes:,}")

    def _known(self, host: str) -> bool:
        name, colon, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
        if not colon:
            name = host
        return name.lower() in self.access.hosts and (not colon or port.isdecimal())

    def _open(self, scope: Scope) -> bool:
        path: str = scope["path"]
        return scope["method"] in _READING and (path in self.access.open_paths or path.startswith("/static/"))

    def _limited(self, receive: Receive) -> Receive:
        taken = 0

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.access.most_bytes:
                raise self._too_large()
            return message

        return limited


def body_of(problem: Nlp3dError) -> dict[str, dict[str, str]]:
    """An error as the API gives it: our own sentences, never a word of the request."""
    return {"error": {"code": problem.code, "where": problem.where, "what": problem.what, "next": problem.next}}


async def _refuse(scope: Scope, send: Send, status: int, problem: Nlp3dError, wait: float) -> None:
    shown = scope["method"] in _READING and not scope["path"].startswith(("/api/", "/view/"))
    body = f"{problem.what} {problem.next}\n".encode() if shown else json.dumps(body_of(problem)).encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8" if shown else b"application/json"), (b"content-length", str(len(body)).encode())]
    if wait:
        headers.append((b"retry-after", str(int(wait) + 1).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
