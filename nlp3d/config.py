"""Settings of a site, and where each comes from: default, files, variables `NLP3D_*`, options of the command, the later the stronger.

Files are TOML. They are read in this order, each named `config.toml` in a folder `nlp3d` unless another name is given here:
the system's (`/etc`, then the folders of XDG_CONFIG_DIRS), the user's (XDG_CONFIG_HOME or `~/.config`), the project's
(`nlp3d.toml` in the current folder), and the one that NLP3D_CONFIG or `--config` names; `off` there means that no file is read.
The same settings hold for the command, the Python calls and worker processes; only `profile`, `max_chars`, `color` and
`verbosity` are for commands alone, since a call says what it wants itself.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from .errors import Nlp3dError, error

PREFIX = "NLP3D_"
OFF = "off"
_DIGITS = 12
# Variables that are no settings: which file to read, and the switch that lets tracebacks through.
OTHER_VARIABLES = ("NLP3D_CONFIG", "NLP3D_UNSAFE_DEBUG")


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: its kind, its default, what it is for, and the values it may have (none: any)."""

    name: str
    kind: Literal["text", "choice", "number", "paths"]
    default: str | int | tuple[str, ...]
    says: str
    allowed: tuple[str, ...] = ()

    @property
    def variable(self) -> str:
        """The variable of the environment that sets it."""
        return PREFIX + self.name.upper()


SETTINGS = (
    Setting("profile", "text", "strict", "Profile of the commands: strict, lenient, a payer's name, or the path of a .yaml file."),
    Setting("profiles", "paths", (), "Your own policies: .yaml files, or folders of them; the name of a file is the name of its profile."),
    Setting("vocabulary", "paths", (), "Your own additions to the vocabulary: folders of .yaml files named as ours are."),
    Setting("code_lists", "paths", (), "Your own lists of codes: CSV files `code,concept,from,to`."),
    Setting("edits", "paths", (), "NCCI procedure-to-procedure files as CMS publishes them."),
    Setting("max_chars", "number", 1_000_000, "Longest text, in characters, that the commands read."),
    Setting("color", "choice", "auto", "Colour on a terminal; auto heeds NO_COLOR and FORCE_COLOR.", ("auto", "always", "never")),
    Setting("verbosity", "choice", "normal", "How much the commands say on standard error.", ("quiet", "normal", "verbose")),
)
NAMES = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a setting and where it comes from: `default`, a file with its line, a variable, or an option."""

    value: Any
    origin: str


def get(name: str) -> Any:
    """The value of a setting in force. Raises `Nlp3dError` for a fault in any file or variable."""
    return settings()[name].value


def paths(name: str) -> tuple[Path, ...]:
    """The files or folders of a setting, each of which exists. Raises `Nlp3dError`."""
    found = settings()[name]
    for path in found.value:
        if not os.path.exists(path):
            raise error("config_path_missing", found.origin, name=name)
    return tuple(map(Path, found.value))


_options: dict[str, str] = {}  # setting -> the option that set it


def override(name: str, value: str, option: str) -> None:
    """Set a setting (or `config`, the file to read) by an option of the command, for this process and those it starts."""
    os.environ[PREFIX + name.upper()] = value
    _options[name] = option
    settings.cache_clear()


@lru_cache(maxsize=1)
def settings() -> dict[str, Value]:
    """Every setting with its origin, read once in a process. Raises `Nlp3dError` with file and line."""
    found = {setting.name: Value(setting.default, "default") for setting in SETTINGS}
    for path in files():
        found.update(_read(path))
    for setting in SETTINGS:
        if given := os.environ.get(setting.variable):
            origin = _options.get(setting.name, setting.variable)
            found[setting.name] = Value(_from_variable(setting, given, origin), origin)
    return found


def files() -> list[Path]:
    """The files that are read, the weakest first. A file named by NLP3D_CONFIG must exist; the others may be missing."""
    named = os.environ.get("NLP3D_CONFIG", "")
    if named == OFF:
        return []
    found = [path for _, path in places() if os.path.exists(path)]
    if named:
        if not os.path.exists(named):
            raise error("config_missing", _options.get("config", "NLP3D_CONFIG"))
        found.append(Path(named).absolute())
    return found


def places() -> Iterator[tuple[str, Path]]:
    """Where files are looked for, the weakest first: (system, user or project; path)."""
    name = Path("nlp3d") / "config.toml"
    shared = [os.environ.get("PROGRAMDATA", "")] if os.name == "nt" else ["/etc", *reversed(os.environ.get("XDG_CONFIG_DIRS", "").split(":"))]
    for folder in shared:
        if os.path.isabs(folder):
            yield "system", Path(folder) / name
    own = os.environ.get("APPDATA" if os.name == "nt" else "XDG_CONFIG_HOME", "")
    if not os.path.isabs(own):
        home = os.path.expanduser("~")
        own = os.path.join(home, ".config") if os.path.isabs(home) else ""
    if own:
        yield "user", Path(own) / name
    yield "project", Path("nlp3d.toml").absolute()


def _read(path: Path) -> dict[str, Value]:
    import tomllib

    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise error("config_unreadable", str(path), problem=type(fault).__name__) from None
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        line = re.search(r"\(at line (\d+)", str(fault))  # of the message only the number is kept: the rest quotes the file
        raise error("config_syntax", f"{path}, line {line[1]}" if line else f"{path}, at its end") from None
    found = {}
    for name, value in given.items():
        where = f"{path}, line {_line(text, name)}"
        if name not in NAMES:
            raise error("config_key_unknown", where, allowed=", ".join(NAMES))
        found[name] = Value(_from_file(NAMES[name], value, path.parent, where), where)
    return found


def _line(text: str, name: str) -> int:
    """The line (from 1) where a key of the top level stands."""
    found = re.search(rf"^[ \t]*[\"'\[]*{re.escape(name)}\b", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _from_file(setting: Setting, value: Any, folder: Path, where: str) -> Any:
    if setting.kind == "paths":
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            raise _fault(setting, where, "a list of texts")
        return tuple(_within(one, folder, where) for one in value)
    if setting.kind == "number":
        if type(value) is not int or value < 1:
            raise _fault(setting, where, "a whole number above 0")
        return value
    if not isinstance(value, str) or (setting.allowed and value not in setting.allowed) or not value:
        raise _fault(setting, where, "one of " + ", ".join(setting.allowed) if setting.allowed else "a text")
    return _within(value, folder, where) if setting.name == "profile" and value.endswith((".yaml", ".yml")) else value


def _from_variable(setting: Setting, given: str, where: str) -> Any:
    """The value of a variable: paths as the shell writes them, from the current folder on."""
    if setting.kind == "paths":
        return tuple(os.path.abspath(one) for one in given.split(os.pathsep) if one)
    if setting.kind == "number" and given.isdecimal() and len(given) < _DIGITS:
        return _from_file(setting, int(given), Path(), where)
    return given if setting.name == "profile" else _from_file(setting, given, Path(), where)


def _within(name: str, folder: Path, where: str) -> str:
    """A path of a file: absolute, or in the folder of the file that names it and nowhere above."""
    if os.path.isabs(name):
        return name
    whole = os.path.normpath(folder.absolute() / name)
    if not Path(whole).is_relative_to(folder.absolute()):
        raise error("config_path_outside", where)
    return whole


def _fault(setting: Setting, where: str, expected: str) -> Nlp3dError:
    return error("config_value", where, name=setting.name, expected=expected)
