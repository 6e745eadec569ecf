"""The case files themselves: enough of them, none that expects nothing, none that only repeats another with other names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from nlp3d.facts import GROUPS, StudyFacts
from nlp3d.matching import Matcher
from nlp3d.mentions import default_mentions
from nlp3d.report import Report
from nlp3d.text import sanitize
from nlp3d.vocabulary.model import load_vocabulary

MOST_ALIKE = 5


def masked(text: str, anatomy: Matcher) -> str:
    """The text with each vocabulary phrase as its family, and numbers and anatomy as one sign each."""
    report = default_mentions()(Report(sanitize(text).text))
    spans = [(m.start, m.end, m.family) for m in report.mentions] + [(m.start, m.end, "anatomy") for m in anatomy.find(report.plain)]
    out, at = [], 0
    for start, end, name in sorted(spans, key=lambda s: (s[0], -s[1])):
        if start >= at:
            out += [report.plain[at:start], f" <{name}> "]
            at = end
    words = "".join([*out, report.plain[at:]]).lower()
    return " ".join(re.sub(r"\d+(?:[.,]\d+)?", "<number>", words).split())


def test_there_are_enough_cases(cases: tuple[Any, ...]) -> None:
    assert len({case.text for case in cases}) >= 1500
    assert sum(case.group.startswith("unseen/") for case in cases) >= 400


def test_ids_are_unique(cases: tuple[Any, ...]) -> None:
    assert len({case.id for case in cases}) == len(cases)


def test_every_case_expects_legal_facts(cases: tuple[Any, ...], judged_facts: Callable[[Any], dict[str, Any]]) -> None:
    for case in cases:
        assert case.text.strip(), case.id
        assert case.studies and all(judged_facts(facts) for facts in case.studies), f"{case.id} expects nothing"
        for facts in case.studies:
            assert facts.get("base", "eligible") in GROUPS, case.id
            StudyFacts.of({name: value for name, value in facts.items() if name != "base"})


def test_there_are_enough_minimal_pairs(cases: tuple[Any, ...], judged_facts: Callable[[Any], dict[str, Any]]) -> None:
    """Both sides of a pair expect different facts, and there are three hundred of them."""
    sides: dict[str, list[Any]] = defaultdict(list)
    for case in cases:
        if case.number in ("a", "b"):
            sides[case.group].append(case)
    same = [group for group, pair in sides.items() if judged_facts(pair[0].studies[0]) == judged_facts(pair[1].studies[0])]
    assert not same
    assert len(sides) >= 300


def test_no_wording_is_repeated_with_other_names(cases: tuple[Any, ...]) -> None:
    anatomy = Matcher(load_vocabulary().regions)
    alike: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        alike[masked(case.text, anatomy)].append(case.id)
    assert not {wording: ids for wording, ids in alike.items() if len(ids) > MOST_ALIKE}


def test_gaps_are_cases(cases: tuple[Any, ...], known_gaps: frozenset[str]) -> None:
    assert known_gaps <= {case.id for case in cases}
