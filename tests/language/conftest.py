"""The language cases: how the files of `tests/cases` are read, and how an answer is compared with the facts a case expects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from nlp3d.pipeline import answer
from nlp3d.record import Record
from nlp3d.suggestion import Suggestion
from nlp3d.yamlfile import load_yaml

CASES = Path(__file__).parent.parent / "cases"
GAPS = CASES / "known_gaps.yaml"
FACTS = ("base", "technique", "location", "supervision", "interpretation", "output", "automatic", "outside")

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """One text and the facts expected of each study. `group` is its file and name, `number` its place there (or a, b of a pair)."""

    group: str
    number: str
    text: str
    studies: tuple[Facts, ...]
    whole: bool

    @property
    def id(self) -> str:
        return f"{self.group} [{self.number}]"

    def read(self) -> Suggestion:
        """A passage is read as part of an eligible examination; a whole report says itself what it is."""
        return answer(Record(self.text, base=None if self.whole else "eligible"))


def found(suggestion: Suggestion) -> list[dict[str, Any]]:
    """The facts of each study, its base among them."""
    return [{"base": s.decision.base, **{f: getattr(s.facts, f) for f in FACTS[1:]}} for s in suggestion.studies]


def judged(facts: Facts) -> dict[str, Any]:
    """The facts that are compared: nothing was rendered, so there is nothing to locate or supervise."""
    return {f: v for f, v in facts.items() if f in ("base", "technique") or facts.get("technique") != "none"}


def faults(case: Case) -> list[str]:
    """What differs from the facts expected, as `fact: expected, found`; empty where all is right."""
    suggestion = case.read()
    studies = found(suggestion)
    if len(case.studies) > 1:
        keys = ("base", "technique", "location", "supervision")
        want, have = (sorted(tuple(s[k] for k in keys) for s in side) for side in (case.studies, studies))
        return [] if want == have else [f"studies: {want}, found {have}"]
    deciding = next((s for s in suggestion.studies if (s.decision.code, s.decision.reason) == (suggestion.code, suggestion.reason)), None)
    have_one = studies[deciding.facts.index] if deciding else studies[0]
    return [f"{f}: {v}, found {have_one[f]}" for f, v in judged(case.studies[0]).items() if have_one[f] != v]


def _of_group(stem: str, group: Mapping[str, Any]) -> Iterator[Case]:
    whole = group.get("report", False)
    if "pair" in group:
        for side in ("a", "b"):
            yield Case(f"{stem}: {group['pair']}", side, group[side]["text"], (group[side]["facts"],), whole)
        return
    studies = tuple(group["studies"]) if "studies" in group else (group["facts"],)
    for number, text in enumerate(group["texts"], start=1):
        yield Case(f"{stem}: {group['name']}", str(number), text, studies, whole)


@lru_cache(maxsize=1)
def all_cases() -> tuple[Case, ...]:
    """Every case of every file, in the order of files and lines."""
    files = sorted(path for path in CASES.rglob("*.yaml") if path != GAPS)
    stems = [path.relative_to(CASES).with_suffix("").as_posix() for path in files]
    return tuple(case for path, stem in zip(files, stems, strict=True) for group in load_yaml(path).data for case in _of_group(stem, group))


@lru_cache(maxsize=1)
def gaps() -> frozenset[str]:
    """Ids of the cases that are known to be read wrongly."""
    listed = load_yaml(GAPS).data or {} if GAPS.exists() else {}
    return frozenset(f"{group} [{number}]" for group, numbers in listed.items() for number in numbers)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`case` is each case in turn; a known gap must fail, so that a fix also takes it off the list."""
    if "case" in metafunc.fixturenames:
        gap = pytest.mark.xfail(strict=True, raises=AssertionError, reason="known gap")
        metafunc.parametrize("case", [pytest.param(c, id=c.id, marks=[gap] if c.id in gaps() else []) for c in all_cases()])


@pytest.fixture(scope="session")
def cases() -> tuple[Case, ...]:
    return all_cases()


@pytest.fixture(scope="session")
def known_gaps() -> frozenset[str]:
    return gaps()


@pytest.fixture(scope="session")
def faults_of() -> Callable[[Case], list[str]]:
    return faults


@pytest.fixture(scope="session")
def judged_facts() -> Callable[[Facts], dict[str, Any]]:
    return judged
