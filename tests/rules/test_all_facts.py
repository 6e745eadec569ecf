"""Every combination of facts has exactly one answer, that of the published table, and more support never takes a code away."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest

from nlp3d.facts import LOCATIONS, OUTPUTS, SUPERVISIONS, TECHNIQUES, StudyFacts
from nlp3d.rules import decide, load_pack
from nlp3d.rules.decision import Decision

# A procedure for each group, all in force in 2026.
PROCEDURES = {
    "eligible": "ct",
    "cta": "cta.chest",
    "mra": "mrv.head",
    "nuclear": "spect",
    "ct_colonography": "ct_colonography",
    "cardiac": "cardiac.coronary_cta",
    "breast": "breast.mri",
    "perfusion": "perfusion.ct",
    "guidance": "guidance.biopsy",
    "radiotherapy": "radiotherapy",
    "navigation_bronchoscopy": "navigation_bronchoscopy",
    "non_tomographic": "radiograph",
    "ambiguous": "ambiguous",
    "unknown": "unknown",
}
DATES = (date(2005, 12, 31), date(2026, 3, 1))
FACTS = tuple(itertools.product(TECHNIQUES, LOCATIONS, SUPERVISIONS, OUTPUTS, (False, True), (False, True), (True, False)))


def table(base: str, day: date, profile: str, f: StudyFacts) -> tuple[str | None, str, str | None]:
    """The answer table, written down a second time: code, reason, addressee of the query."""
    physician = f.supervision in ("concurrent", "personal")
    place = {"workstation": "76377", "scanner": "76376"}.get(f.location)
    if f.technique == "none":
        return None, "no_3d_rendering", None
    if day < date(2006, 1, 1):
        return None, "not_in_force", None
    if base == "non_tomographic":
        return None, "not_tomographic", None
    if base not in ("eligible", "ambiguous", "unknown"):
        return None, "base_includes_3d", None
    if f.outside:
        return None, "outside_dataset", "coder"
    if base == "ambiguous":
        return None, "base_ambiguous", "coder"
    if base == "unknown":
        return None, "base_not_documented", "coder"
    if f.supervision == "denied":
        return None, "no_physician_supervision", None
    if f.automatic and not physician:
        return None, "no_physician_supervision", "physician"
    if f.output != "display":
        return None, "other_output", "coder" if f.output == "mesh" else None
    if f.technique == "weak":
        return None, "technique_ambiguous", "physician"
    if physician and place:
        return place, "supported", None
    lenient = profile == "lenient"
    if physician:
        return "76376" if lenient else None, "location_not_documented", "physician"
    if place:
        return place if lenient else None, "supervision_not_documented", "physician"
    return None, "supervision_and_location_not_documented", "physician"


def facts(base: str, values: tuple[Any, ...]) -> StudyFacts:
    technique, location, supervision, output, automatic, outside, interpretation = values
    return StudyFacts(
        procedure=PROCEDURES[base], technique=technique, location=location, supervision=supervision, output=output,
        automatic=automatic, outside=outside, interpretation=interpretation,
    )  # fmt: skip


def check(answer: Decision, base: str, day: date, profile: str, f: StudyFacts) -> None:
    code, reason, to = table(base, day, profile, f)
    study = answer.studies[0]
    assert (answer.code, answer.reason) == (study.code, study.reason) == (code, reason), f
    assert [query.to for query in answer.queries] == ([to] if to else []), f
    assert answer.profile == profile
    assert [(entry.code, entry.units, entry.studies) for entry in answer.codes] == ([(code, 1, (0,))] if code else [])
    fired = [rule.id for rule in study.outcomes if rule.outcome == "fired" and not rule.id.startswith("base.")]
    assert fired == [study.rule]
    raised = {flag.flag for flag in answer.flags}
    expected = {
        "cta_without_3d": base == "cta" and day.year > 2005 and f.technique != "performed",
        "findings_3d_not_described": code is not None and not f.interpretation,
        "contradiction": f.location == "conflicting",
        "outside_dataset": f.outside,
        "mesh_output": f.output == "mesh",
        "printed_output": f.output == "print",
        "needle_mapping": base == "guidance" and f.technique != "none",
    }
    assert raised == {flag for flag, holds in expected.items() if holds}
    strict_code = table(base, day, "strict", f)[0]
    assert answer.needs_review == bool(to or (code and not strict_code) or raised - {"cta_without_3d"})


@pytest.mark.parametrize("profile", ["strict", "lenient"])
@pytest.mark.parametrize("day", DATES)
def test_every_combination_has_the_answer_of_the_table(profile: str, day: date) -> None:
    for base in PROCEDURES:
        for values in FACTS:
            f = facts(base, values)
            check(decide(f, day, profile), base, day, profile, f)


def test_every_rule_is_accounted_for_once_and_a_blocked_one_says_why(supported: dict[str, Any]) -> None:
    for procedure in PROCEDURES.values():
        answer = decide({**supported, "procedure": procedure}, "2026-03-01")
        rows = [rule for rule in answer.studies[0].outcomes if not rule.id.startswith("base.")]
        assert [rule.id for rule in rows] == [rule.id for rule in load_pack().rules]
        for rule in rows:
            assert (rule.outcome == "blocked") == (rule.blocked_by is not None)
            assert rule.outcome != "blocked" or rule.because


# More support: each list runs from less to more. Values in one place support alike.
MORE: dict[str, list[tuple[Any, ...]]] = {
    "technique": [("none",), ("weak",), ("performed",)],
    "location": [("conflicting", "undocumented"), ("scanner", "workstation")],
    "supervision": [("denied",), ("absent", "insufficient"), ("partial",), ("concurrent", "personal")],
    "output": [("mesh", "print"), ("display",)],
    "automatic": [(True,), (False,)],
    "outside": [(True,), (False,)],
    "interpretation": [(False,), (True,)],
}


@pytest.mark.parametrize("profile", ["strict", "lenient"])
def test_more_support_never_takes_a_code_away(profile: str) -> None:
    names = tuple(MORE)
    coded = {}
    order = ("technique", "location", "supervision", "output", "automatic", "outside", "interpretation")
    for values in FACTS:
        f = facts("eligible", values)
        coded[tuple(getattr(f, name) for name in order)] = decide(f, "2026-03-01", profile).code
    assert any(coded.values())
    for key, code in coded.items():
        for place, name in enumerate(names):
            levels = MORE[name]
            level = next(number for number, values in enumerate(levels) if key[place] in values)
            for more in (value for values in levels[level + 1 :] for value in values):
                richer = coded[(*key[:place], more, *key[place + 1 :])]
                assert code is None or richer is not None, (key, name, more)


@pytest.mark.parametrize("profile", ["strict", "lenient", "bcbs_alabama_mp308", "arise_pum250"])
def test_no_code_without_its_support_in_any_profile(profile: str) -> None:
    for base in PROCEDURES:
        for values in FACTS:
            f = facts(base, values)
            code = decide(f, "2026-03-01", profile).code
            if code is None:
                continue
            assert code in ("76376", "76377")
            assert f.technique == "performed" and not f.outside and f.output == "display"
            present = (f.location in ("workstation", "scanner")) + (f.supervision in ("concurrent", "personal"))
            assert present == 2 or (profile == "lenient" and present == 1)
            assert code == "76376" or f.location == "workstation"
