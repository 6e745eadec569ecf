"""The one factory of templates: everything is escaped, a name that is not given is an error."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from . import words


def exact(text: str) -> Markup:
    """Text that a browser gives back sign for sign: a raw carriage return would come back as a line feed."""
    return Markup(str(escape(text)).replace("\r", "&#13;"))


@lru_cache(maxsize=128)
def options(fact: str, chosen: str) -> Markup:
    """The choices for a fact; each answer shows those of eight, and there are few."""
    made = [
        Markup('<option value="{}"{}>{}</option>').format(value, Markup(" selected") if str(value) == chosen else "", words.value(fact, value))
        for value in words.ORDER[fact]
    ]
    return Markup("").join(made)


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The environment over the package's templates."""
    made = Environment(
        loader=PackageLoader("nlp3d.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    made.filters["exact"] = exact
    made.globals["words"] = words
    made.globals["options"] = options
    return made


def render(name: str, **values: Any) -> str:
    """A template filled in."""
    return templates().get_template(name).render(values)
