"""The parts of the reference that are made from the program: its commands with their options, and the fields of its JSON Schemas."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from importlib.resources import files
from typing import Any

import typer

from nlp3d.cli.app import app
from nlp3d.errors import MESSAGES


def commands() -> str:
    """A section for each command: what it does, its examples, arguments and options."""
    root = typer.main.get_command(app)
    return "\n".join(_command("nlp3d", root))


def schema(name: str) -> str:
    """A table of the fields of a published schema."""
    content = json.loads((files("nlp3d") / "schema" / f"{name}.schema.json").read_text(encoding="utf-8"))
    table = "\n".join(["| field | kind | what |", "|---|---|---|", *_fields(content, content, "")])
    short = content.get("$defs", {}).get("short", {}).get("properties", {})
    return f"{table}\n\nA short answer holds: {', '.join(f'`{name}`' for name in short)}.\n" if short else table


def messages() -> str:
    """A table of the messages' codes with what is wrong and what to do."""
    rows = (f"| `{code}` | {_cell(what)} | {_cell(following)} |" for code, (what, following) in sorted(MESSAGES.items()))
    return "\n".join(["| code | what is wrong | what to do |", "|---|---|---|", *rows])


def _command(path: str, command: Any) -> Iterator[str]:
    about, _, examples = (command.help or "").partition("\b\n")
    yield f"\n## `{path}`\n\n{about.strip()}\n"
    if examples:
        yield f"```text\n{examples.strip()}\n```\n"
    rows = [_parameter(parameter) for parameter in command.params if parameter.name not in ("help", "install_completion", "show_completion")]
    if rows:
        yield "\n".join(["| argument, option | default | what |", "|---|---|---|", *rows, ""])
    for name, child in getattr(command, "commands", {}).items():
        yield from _command(f"{path} {name}", child)


def _parameter(parameter: Any) -> str:
    is_option = parameter.param_type_name == "option"
    name = ", ".join(parameter.opts) if is_option else str(parameter.metavar or parameter.name).upper()
    default = parameter.default if isinstance(parameter.default, str | int | float) and not isinstance(parameter.default, bool) else ""
    return f"| `{name}` | {f'`{default}`' if default != '' else ''} | {_cell(getattr(parameter, 'help', None) or '')} |"


def _fields(whole: dict[str, Any], part: dict[str, Any], path: str) -> Iterator[str]:
    part = _resolved(whole, part)
    if "oneOf" in part:  # the first is the full form, whose fields the others share
        part = _resolved(whole, part["oneOf"][0])
    for name, field in part.get("properties", {}).items():
        field = _resolved(whole, field)
        yield f"| `{path}{name}` | {_cell(_kind(field))} | {_cell(field.get('description', ''))} |"
        yield from _fields(whole, field, f"{path}{name}.")
        if isinstance(field.get("items"), dict):
            yield from _fields(whole, field["items"], f"{path}{name}[].")


def _resolved(whole: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    for step in str(part.get("$ref", "")).removeprefix("#").split("/")[1:]:
        whole = whole[step]
    return {**whole, **part} if "$ref" in part else part


def _kind(field: dict[str, Any]) -> str:
    if "const" in field or "enum" in field:
        return ", ".join(f"`{json.dumps(value)}`" for value in field.get("enum", [field.get("const")]))
    kind = field.get("type", "")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def _cell(words: str) -> str:
    return " ".join(str(words).split()).replace("|", "\\|").replace("<", "&lt;").replace("{", "&#123;").replace("*", "\\*")


PLACES: dict[str, Callable[[], str]] = {
    "<!-- made from the program: commands -->": commands,
    "<!-- made from the program: messages -->": messages,
    **{f"<!-- made from the program: {name} -->": partial(schema, name) for name in ("record", "suggestion", "decision")},
}
