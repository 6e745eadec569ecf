"""The options that every command takes, before its name or after it, and the settings as defaults of all commands' options."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import Any

from .. import config
from ..errors import Nlp3dError

_SHARED = ("quiet", "verbose", "color", "config")
_SETTINGS = ("profile", "max_chars")


class _Defaults(dict[str, Any]):
    """The defaults of a command's options: its settings, looked up when an option is not given, so that help needs no settings."""

    def __init__(self, options: set[str]) -> None:
        super().__init__()
        self.options = options

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a setting that is also an option, and was set anywhere.

        Faulty settings give none, so that help is always to be had: whatever makes an answer reads them itself, and refuses."""
        try:
            given = name in self.options and config.settings()[name].origin != "default"
        except Nlp3dError:
            return default
        return config.get(name) if given else default


def apply(name: str, value: Any) -> None:
    """Let a shared option have its effect."""
    if not value:
        return
    if name in ("quiet", "verbose"):
        config.override("verbosity", name, f"--{name}")
    else:
        config.override(name, value, f"--{name}")
    if name == "color":
        config.settings()


def spread(root: Any) -> Any:
    """Give every command below `root` its shared options, unless it has one of that name itself."""
    shared = [option for option in root.params if option.name in _SHARED]
    for command in _below(root):
        taken = {spelling for option in command.params for spelling in option.opts}
        for option in shared:
            if not taken & set(option.opts):
                own = copy(option)
                own.expose_value, own.is_eager, own.callback = False, True, _applied
                command.params.append(own)
    return root


def defaults(command: Any) -> dict[str, Any]:
    """The settings as defaults of a command's options, or of those of all commands below it."""
    if not getattr(command, "commands", None):
        return _Defaults({option.name for option in command.params} & set(_SETTINGS))
    return {name: defaults(child) for name, child in command.commands.items()}


def _below(group: Any) -> Iterator[Any]:
    for command in getattr(group, "commands", {}).values():
        yield command
        yield from _below(command)


def _applied(_context: Any, option: Any, value: Any) -> Any:
    apply(option.name, value)
    return value
