"""How Sphinx renders these pages: `sphinx-build -W docs build/docs`. Nothing is loaded from elsewhere, and nothing is written beside the pages."""

from __future__ import annotations

import sys
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from generated import PLACES

project = "nlp3d"
author = "the nlp3d authors"
release = version_of("nlp3d")
extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = f"nlp3d {release}"
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
default_role = "code"
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_use_type_comments = False


def fill_in(_app: Any, page: str, source: list[str]) -> None:
    """Put what is made from the program itself where the page has its place for it."""
    for place, make in PLACES.items():
        if place in source[0]:
            source[0] = source[0].replace(place, make())


def made_from_the_program(_app: Any, env: Any, *_changed: Any) -> list[str]:
    """The pages to read anew though their files are as they were."""
    return [page for page in env.found_docs if any(place in Path(env.doc2path(page)).read_text(encoding="utf-8") for place in PLACES)]


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("env-get-outdated", made_from_the_program)
    app.connect("source-read", fill_in)
