"""The application put together: the guard, the routes, the files of the page."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from ..errors import Nlp3dError, error
from . import api, pages
from .desk import Desk
from .endpoints import Endpoint, failed
from .openapi import describe
from .security import Guard
from .settings import Settings
from .work import Work

STATIC = Path(__file__).with_name("static")


def create_app(settings: Settings, work: Work) -> Guard:
    """The ASGI application of a server. `work` is ended with it."""
    desk = Desk(settings, work)
    described = api.endpoints(desk)

    async def openapi(_: None) -> dict[str, Any]:
        return describe(described)

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        yield
        work.stop()

    routes = [endpoint.route() for endpoint in (*described, Endpoint("/api/openapi.json", "", openapi), *pages.endpoints(desk))]
    app = Starlette(
        routes=[*pages.shells(desk), *routes, Mount("/static", StaticFiles(directory=STATIC))],
        exception_handlers={HTTPException: _http, Exception: _fault},
        lifespan=life,
    )
    app.router.redirect_slashes = False
    settings.access.open_paths = frozenset(pages.SHELLS)
    return Guard(app, settings.access, _report)


def _report(problem: Nlp3dError) -> None:
    """A fault of ours, for the person at the terminal: the kind of it and nothing else."""
    print(problem, file=sys.stderr, flush=True)


async def _fault(_: Request, problem: Exception) -> Response:
    """The answer to a fault of ours; it is raised on to the guard, which reports it."""
    return failed(error("internal", problem=type(problem).__name__))


async def _http(request: Request, problem: Exception) -> Response:
    told, status = error("request_path"), getattr(problem, "status_code", 500)
    if request.url.path.startswith(("/api/", "/view/")):
        response: Response = failed(told)
        response.status_code = status
        return response
    return PlainTextResponse(f"{told.what} {told.next}\n", status)
