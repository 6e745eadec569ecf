"""What all routes share: a body read and checked, work handed on, an answer or an error given, and never a word echoed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from ..errors import Nlp3dError, error
from ..text import sanitize
from .security import body_of

Body = TypeVar("Body", bound=BaseModel)
Result = TypeVar("Result")
_STATUS = {
    "request_field": 422,
    "request_json": 400,
    "request_path": 404,
    "request_too_large": 413,
    "worklist_number": 404,
    "worklist_none": 404,
    "worklist_text_gone": 404,
    "store_none": 409,
    "decision_follows": 409,
    "decision_key_used": 409,
    "worklist_text_changed": 409,
    "store_failed": 500,
    "audit_changed": 500,
    "internal": 500,
    "answer_failed": 500,
    "answer_slow": 503,
    "answer_busy": 503,
}


class Json(Response):
    """A value as JSON, as UTF-8."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The bytes; values that JSON has no form for are a fault of ours."""
        return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Endpoint(Generic[Body]):
    """A route that takes a JSON body (or none) and gives JSON, or HTML for the page's own views."""

    path: str
    summary: str
    handle: Callable[[Any], Awaitable[Any]]
    model: type[Body] | None = None
    example: Any = None

    @property
    def method(self) -> str:
        """POST where there is a body: a report never stands in an address."""
        return "POST" if self.model else "GET"

    def route(self) -> Route:
        """The route for the application."""
        return Route(self.path, self._call, methods=[self.method], include_in_schema=False)

    async def _call(self, request: Request) -> Response:
        try:
            given = parse(await request.body(), self.model) if self.model else None
            result = await self.handle(given)
        except Nlp3dError as problem:
            return failed(problem)
        return HTMLResponse(result) if isinstance(result, str) else Json(result)


def failed(problem: Nlp3dError) -> Json:
    """An error as a response."""
    return Json(body_of(problem), _STATUS.get(problem.code, 422))


def parse(raw: bytes, model: type[Body]) -> Body:
    """The body of a request. Raises `Nlp3dError`, which names a field of ours at most."""
    try:
        values = _safe(json.loads(raw, parse_constant=_no_constant))
    except (ValueError, RecursionError):
        raise error("request_json") from None
    try:
        return model.model_validate(values)
    except ValidationError as problem:
        raise error("request_field", _field(problem, model)) from None


async def elsewhere(work: Callable[..., Result], *arguments: Any) -> Result:
    """Work that waits for the disk, in a thread."""
    return await asyncio.get_running_loop().run_in_executor(None, work, *arguments)


def _no_constant(_: str) -> None:
    raise ValueError


def _safe(value: Any) -> Any:
    """Every text made safe, sign for sign."""
    if isinstance(value, str):
        return sanitize(value).text
    if isinstance(value, list):
        return [_safe(one) for one in value]
    if isinstance(value, dict):
        return {sanitize(name).text: _safe(one) for name, one in value.items()}
    return value


def _field(problem: ValidationError, model: type[BaseModel]) -> str:
    """The field at fault, if it is one of the model's own."""
    place = problem.errors(include_input=False, include_url=False, include_context=False)[0]["loc"]
    return str(place[0]) if place and place[0] in model.model_fields else ""
