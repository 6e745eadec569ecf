"""The server: one port of this computer, no log of requests, and an address with the token to open."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import uvicorn

from ..errors import error
from .app import create_app
from .security import LOOPBACK, Access
from .settings import Settings
from .work import Work, no_core_dumps

_BITS = 32


def access_for(host: str, names: tuple[str, ...], i_know: bool, token: str | None = None) -> Access:
    """The access of a server on a host. Raises `Nlp3dError` for one that others can reach, unless the caller knows."""
    loopback = host in LOOPBACK or host == "::1"
    if not loopback and not i_know:
        raise error("serve_host")
    return Access(token or secrets.token_urlsafe(_BITS), LOOPBACK | {name.lower() for name in names} | ({host.lower()} if not loopback else set()))


class _Server(uvicorn.Server):
    """A server that tells its port once it is open."""

    opened: Callable[[int], None] | None = None

    async def startup(self, sockets: list[Any] | None = None) -> None:
        """Open the port, then tell it."""
        await super().startup(sockets)
        if self.started and self.opened:
            self.opened(self.servers[0].sockets[0].getsockname()[1])


def serve(settings: Settings, work: Work, host: str, port: int, opened: Callable[[int], None]) -> None:
    """Serve until interrupted; `opened` is told the port. Raises `Nlp3dError` where the port cannot be opened."""
    no_core_dumps()
    config = uvicorn.Config(
        create_app(settings, work),
        host=host,
        port=port,
        access_log=False,
        log_config=None,
        log_level=60,  # above critical: a traceback of a library could hold words of a request
        server_header=False,
        date_header=False,
        proxy_headers=False,
        limit_concurrency=600,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=3,
        ws="none",
        lifespan="on",
    )
    server = _Server(config)
    server.opened = opened
    try:
        server.run()
    except SystemExit:
        raise error("serve_port") from None
    finally:
        work.stop()
    if not server.started:
        raise error("serve_port")
