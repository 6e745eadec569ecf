"""The description of the API, made from its routes and the models of their bodies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic.json_schema import models_json_schema

from ..pipeline import versions
from .endpoints import Endpoint
from .security import TOKEN_HEADER

_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "where", "what", "next"],
            "properties": {name: {"type": "string"} for name in ("code", "where", "what", "next")},
        }
    },
}
_REFUSALS = {
    "400": "The body is not JSON, or the host is a wrong one.",
    "401": "The token is missing or wrong.",
    "403": "The request comes from another page.",
    "404": "There is nothing here, no such report, or no worklist.",
    "409": "Another decision came in between, or no store of decisions is open.",
    "413": "The body is too large.",
    "415": "The body is not application/json.",
    "422": "A field is missing, too long, or has no such value.",
    "429": "Too many requests.",
    "500": "A fault of ours.",
    "503": "Too many wait, or the text takes too long.",
}


def describe(endpoints: Sequence[Endpoint[Any]]) -> dict[str, Any]:
    """The OpenAPI document."""
    models = [(endpoint.model, "validation") for endpoint in endpoints if endpoint.model]
    _, found = models_json_schema(models, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "nlp3d",
            "version": versions()["nlp3d"],
            "description": "Which code for 3D rendering a radiology report supports, and the decisions of coders. Local use; errors never repeat a request.",
        },
        "security": [{"token": []}],
        "components": {
            "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": TOKEN_HEADER}},
            "schemas": {**found.get("$defs", {}), "Error": _ERROR},
        },
        "paths": {endpoint.path: {endpoint.method.lower(): _operation(endpoint)} for endpoint in endpoints},
    }


def _operation(endpoint: Endpoint[Any]) -> dict[str, Any]:
    json = "application/json"
    operation: dict[str, Any] = {
        "operationId": endpoint.path.removeprefix("/api/").replace("/", "_"),
        "summary": endpoint.summary,
        "responses": {
            "200": {"description": "The answer.", "content": {json: {"schema": {"type": ["object", "array"]}}}},
            **{
                status: {"description": says, "content": {json: {"schema": {"$ref": "#/components/schemas/Error"}}}}
                for status, says in _REFUSALS.items()
            },
        },
    }
    if endpoint.model:
        body = {"schema": {"$ref": f"#/components/schemas/{endpoint.model.__name__}"}, "example": endpoint.example}
        operation["requestBody"] = {"required": True, "content": {json: body}}
    return operation
