"""`nlp3d doctor`: whether this installation can work here, line by line. It reads nothing of anybody's and writes one file it removes."""

from __future__ import annotations

import os
import platform
import shutil
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from .. import config
from ..errors import Nlp3dError, error
from .terminal import put
from .versions import PARTS, version_of

_GIGA = 1 << 30
_MEMORY, _DISK = 1 * _GIGA, 1 * _GIGA
_REPORT = "CT FEMUR. 3D volume rendered images were made on an independent workstation under my concurrent supervision."
Finding = tuple[str, str]  # ok, warn or fail; what was found


def doctor(
    folder: Annotated[Path, typer.Argument(help="A folder you want to write results to.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Check this installation: versions, memory, disk, a write test, settings, the rules' hash, sqlite, google-re2, an answer.

    Ends with 0 if all is well or only warned of, else with 1.

    \b
    Example:
      nlp3d doctor results
    """
    found = {name: _tried(check) for name, check in _checks(folder).items()}
    if as_json:
        import json

        put(json.dumps({name: {"state": state, "found": words} for name, (state, words) in found.items()}, indent=1) + "\n")
    else:
        put("".join(f"{state:5} {name:20} {words}\n" for name, (state, words) in found.items()))
    if any(state == "fail" for state, _ in found.values()):
        raise error("doctor_failed")


def _checks(folder: Path) -> dict[str, Callable[[], Finding]]:
    return {
        "nlp3d": lambda: ("ok", f"{version_of('nlp3d')}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"),
        "parts": _parts,
        "memory": _memory,
        "disk": lambda: _disk(folder),
        "write": lambda: _write(folder),
        "settings": _settings,
        "rules": _rules,
        "vocabulary": _vocabulary,
        "sqlite": _sqlite,
        "google-re2": _re2,
        "answer": _answer,
    }


def _tried(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Nlp3dError as fault:
        return "fail", f"{fault.code}: {fault.where}".rstrip(": ")
    except Exception as fault:
        return "fail", type(fault).__name__


def _parts() -> Finding:
    versions = {part: version_of(part) for part in PARTS}
    missing = [part for part, found in versions.items() if found == "not installed"]
    return ("fail" if missing else "ok"), ", ".join(f"{part} {found}" for part, found in versions.items())


def _memory() -> Finding:
    names = getattr(os, "sysconf_names", {})
    if "SC_AVPHYS_PAGES" not in names:
        return "ok", "not known on this system"
    page = os.sysconf("SC_PAGE_SIZE")
    free, whole = os.sysconf("SC_AVPHYS_PAGES") * page, os.sysconf("SC_PHYS_PAGES") * page
    limit = Path("/sys/fs/cgroup/memory.max")
    if limit.is_file() and (most := limit.read_text().strip()).isdecimal():
        whole = min(whole, int(most))
    return ("warn" if whole < _MEMORY else "ok"), f"{free / _GIGA:.1f} GB free of {whole / _GIGA:.1f} GB, {os.cpu_count()} processors"


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    return ("warn" if free < _DISK else "ok"), f"{free / _GIGA:.1f} GB free"


def _write(folder: Path) -> Finding:
    """Write, flush to the disk, rename and remove, as a batch does."""
    try:
        handle, name = tempfile.mkstemp(prefix=".nlp3d-", dir=folder)
        try:
            os.write(handle, b"nlp3d")
            os.fsync(handle)
        finally:
            os.close(handle)
            os.replace(name, f"{name}.done")
            os.unlink(f"{name}.done")
    except OSError as fault:
        return "warn", f"the folder cannot be written ({(fault.strerror or 'unknown').lower()})"
    return "ok", "written, flushed, renamed, removed"


def _settings() -> Finding:
    values = config.settings()
    for name in ("profiles", "vocabulary", "code_lists", "edits"):
        config.paths(name)
    known = {*(one.variable for one in config.SETTINGS), *config.OTHER_VARIABLES}
    unknown = sum(name.startswith(config.PREFIX) and name not in known for name in os.environ)
    used = [*config.files(), *(Path(path) for name in ("profiles", "vocabulary") for path in values[name].value)]
    loose = sum(bool(os.stat(path).st_mode & stat.S_IWOTH) for path in used) if os.name == "posix" else 0
    words = f"{len(config.files())} files, profile {values['profile'].value} ({values['profile'].origin})"
    if loose:
        words += f"; {loose} may be changed by anybody: chmod o-w"
    if unknown:
        words += f"; {unknown} variables {config.PREFIX}* are no settings"
    return ("warn" if loose or unknown else "ok"), words


def _rules() -> Finding:
    from ..rules import load_pack, load_profile
    from ..rules.load import site_profiles

    pack = load_pack()
    site = site_profiles(pack)
    for name in site:
        load_profile(name, pack)
    load_profile(config.get("profile"), pack)
    return "ok", f"{pack.version}, sha256 {pack.sha256}, {len(pack.profiles)} profiles of ours, {len(site)} of the site"


def _vocabulary() -> Finding:
    from ..vocabulary.model import load_vocabulary
    from ..vocabulary.site import digest

    found, added = load_vocabulary(), digest()
    return "ok", f"{len(found.mentions)} concepts; " + (f"site additions, sha256 {added}" if added else "no additions of the site")


def _sqlite() -> Finding:
    import sqlite3

    with sqlite3.connect(":memory:") as connection:
        sound = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return ("ok" if sound else "fail"), sqlite3.sqlite_version


def _re2() -> Finding:
    """A pattern that takes other engines for ever must be over at once, and one they alone can read must be refused."""
    import re2

    options = re2.Options()
    options.log_errors = False
    if re2.compile("(a+)+$", options).search("a" * 100_000 + "b"):
        return "fail", "a wrong match"
    try:
        re2.compile("(?=a)", options)
    except re2.error:
        return "ok", version_of("google-re2")
    return "fail", "not the engine that is expected"


def _answer() -> Finding:
    from .. import suggest

    code = suggest(_REPORT, base="eligible", date_of_service="2026-01-01").code
    return ("ok" if code == "76377" else "fail"), f"a report that supports 76377 gives {code}"
