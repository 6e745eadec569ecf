"""What a worker makes of a question: the finished reply, so that little goes from process to process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..decisions.corrections import MARKABLE
from ..decisions.model import REASONS
from ..suggestion import Suggestion
from .answering import Answer, Question, answer, change
from .templating import render
from .view import view


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report stands in the worklist, and the last decision on it as the page shows it."""

    number: int
    of: int
    latest: dict[str, Any] | None


def fragment(question: Question, before: tuple[str, date | None] | None, item: Place | None, has_store: bool) -> str:
    """The answer as the page shows it; `before` is the profile and date of service that were asked before."""
    made = answer(question)
    return render(
        "answer.html",
        v=view(made, change(made, *before) if before else None),
        item=item,
        latest=item.latest if item else None,
        markable=MARKABLE,
        reasons=REASONS,
        has_store=has_store,
    )


def suggested(question: Question) -> dict[str, Any]:
    """The machine's answer as the API gives it, and under `corrected` the one after the coder's corrections."""
    return _json(answer(question))


def opened(question: Question) -> tuple[str, dict[str, Any]]:
    """The text that offsets count in, and the answer as the API gives it."""
    made = answer(question)
    return made.text, _json(made)


def judged(question: Question) -> tuple[Suggestion, Suggestion | None]:
    """What a decision is about: the machine's answer and the corrected one."""
    made = answer(question)
    return made.suggestion, made.corrected


def in_short(question: Question) -> Suggestion:
    """The machine's answer alone."""
    return answer(question).suggestion


def _json(made: Answer) -> dict[str, Any]:
    given: dict[str, Any] = json.loads(made.suggestion.to_json())
    return {**given, "corrected": json.loads(made.corrected.to_json()) if made.corrected else None}
