"""The checks of `nlp3d rules test`: the whole table walked through, fact by fact and date by date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

from ..errors import Nlp3dError, error
from ..facts import GROUPS, Group, StudyFacts
from ..rules import load_profile
from ..rules.evaluate import table_of
from ..rules.model import DOMAIN, Pack
from ..rules.table import Answer

_PLACES = {"76377": "workstation", "76376": "scanner"}
_ENOUGH = ("concurrent", "personal")


def check_profile(name: str, pack: Pack) -> tuple[str, int, int]:
    """Walk through every combination of facts in every edition of a profile: its name, the editions, the combinations.

    Raises `Nlp3dError` where a code is given that the facts do not support; loading has found gaps and rows never reached."""
    profile = load_profile(name, pack)
    changes = pack.boundaries(profile)
    days = [changes[0] - timedelta(days=1), *changes]
    answers = 0
    for day in days:
        table = table_of(profile, day)
        for base, facts in _combinations():
            answers += 1
            if fault := _fault(table.answer(base, facts), facts, day):
                raise _error(fault, day, profile.name)
    return profile.name, len(days), answers


def _combinations() -> Iterator[tuple[Group, StudyFacts]]:
    """Every combination of facts that a row can ask for; `interpretation` decides no row."""
    names = [fact for fact in DOMAIN if fact not in ("base", "interpretation")]
    for base in GROUPS:
        for values in product(*(DOMAIN[name] for name in names)):
            yield base, StudyFacts(**dict(zip(names, values, strict=True)))


def _fault(answer: Answer, facts: StudyFacts, day: date) -> str | None:
    """What is wrong with an answer, if anything: a code without its facts, or one before codes existed."""
    code = answer.outcome.code
    if code is None:
        return None
    missing = (facts.location != _PLACES[code]) + (facts.supervision not in _ENOUGH)
    if facts.technique != "performed" or missing > (1 if answer.lenient_only else 0):
        return f"{answer.rule.id} gives a code without support"
    if not answer.rule.in_force.covers(day):
        return f"{answer.rule.id} decides while it is not in force"
    return None


def _error(problem: str, day: date, profile: str) -> Nlp3dError:
    return error("rule_table_fault", date=day, profile=profile, problem=problem)
