"""Questions to the physician or the coder: the words of queries.yaml, filled with what the report itself says.

A query never names a code or money and never suggests an answer: it quotes the report and offers open choices
(AHIMA/ACDIS practice for compliant queries, S74, S75, S86, S87).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypedDict

from ..facts import Evidence
from .decision import Decision, QueryRequest
from .load import ADDRESSEES, load_pack
from .model import Addressee, Pack, QueryPart

_MOST_QUOTES = 8
_NUMBERS_OR_MONEY = re.compile(r"\b\d{4}[\dT]\b|[$€£]")


class Query(TypedDict):
    """One question of an answer."""

    to: Addressee
    studies: list[int]
    template: str
    version: str
    text: str


def fill(decision: Decision, names: Mapping[int, str], evidence: Sequence[Evidence], pack: Pack | None = None) -> list[Query]:
    """The questions of a decision, at most one per addressee, with a part per study.

    `names` are the studies' names by index; `evidence` is quoted word for word with its section. `template` joins the ids of
    the parts with `+`, in text order, none twice."""
    words = (pack or load_pack()).queries
    queries: list[Query] = []
    for to in ADDRESSEES:
        requests = [request for request in decision.queries if request.to == to]
        if not requests:
            continue
        parts = [words.parts[request.template] for request in requests]
        asked = (_part(part, request, names, evidence, pack or load_pack()) for part, request in zip(parts, requests, strict=True))
        queries.append(
            {
                "to": to,
                "studies": [request.study for request in requests],
                "template": "+".join(dict.fromkeys(part.id for part in parts)),
                "version": words.version,
                "text": "\n\n".join([words.opening, *asked, words.closing[to]]),
            }
        )
    return queries


def _part(part: QueryPart, request: QueryRequest, names: Mapping[int, str], evidence: Sequence[Evidence], pack: Pack) -> str:
    name = names.get(request.study, "")
    if not name.strip() or _NUMBERS_OR_MONEY.search(name):
        name = f"number {request.study + 1} of the report"
    quotes = dict.fromkeys(
        pack.queries.quote.substitute(section=mention.section or mention.field, words=mention.text)
        for mention in evidence
        if request.study in mention.studies and _quotable(part, mention)
    )
    shown = "\n".join([*quotes][:_MOST_QUOTES]) or pack.queries.no_quotes
    return part.words.substitute(study=name, quotes=shown).strip()


def _quotable(part: QueryPart, mention: Evidence) -> bool:
    """Whether a mention is about what is asked; a number of five digits or a sum of money is never repeated."""
    asked = mention.concept.partition(".")[0] in part.asks
    return asked and (mention.counts or mention.assertion in part.shows) and not _NUMBERS_OR_MONEY.search(mention.text)
