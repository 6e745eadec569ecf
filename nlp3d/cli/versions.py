"""`nlp3d --version`: the version, and with `--verbose` those of all parts an answer depends on."""

from __future__ import annotations

import platform

from .terminal import put

PARTS = ("google-re2", "spacy", "pandas", "scikit-learn", "pyarrow", "pydantic", "ruamel.yaml", "typer", "rich", "Jinja2")


def show(verbose: bool) -> None:
    """Print the version; the parts are asked of their metadata, not imported."""
    put(f"nlp3d {version_of('nlp3d')}\n")
    if not verbose:
        return
    from ..rules import load_pack
    from ..suggestion import SCHEMA
    from ..vocabulary.site import digest

    pack = load_pack()
    rows = [("python", platform.python_version()), *((part, version_of(part)) for part in PARTS)]
    rows += [
        ("answer schema", SCHEMA),
        ("rules", pack.version),
        ("rules checked through", str(pack.checked_through)),
        ("rules sha256", pack.sha256),
        ("site vocabulary", digest() or "none"),
    ]
    put("".join(f"{name:22} {value}\n" for name, value in rows))


def version_of(part: str) -> str:
    """The version of an installed package, by its metadata."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(part)
    except PackageNotFoundError:
        return "not installed"
