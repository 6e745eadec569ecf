"""Reports with several studies: the study that gets furthest, units, contiguous regions."""

from __future__ import annotations

from typing import Any

import pytest

from nlp3d.facts import FLAGS
from nlp3d.rules import decide
from nlp3d.rules.decision import Decision
from nlp3d.rules.model import REASONS

DAY = "2026-03-01"


def study(**values: Any) -> dict[str, Any]:
    base = {"procedure": "ct", "technique": "performed", "location": "workstation", "supervision": "personal", "interpretation": True}
    return {**base, **values}


def codes(answer: Decision) -> list[tuple[str, int, tuple[int, ...]]]:
    return [(entry.code, entry.units, entry.studies) for entry in answer.codes]


def flags(answer: Decision) -> list[tuple[str, int | None]]:
    return [(flag.flag, flag.study) for flag in answer.flags]


def test_the_spine_is_one_unit() -> None:
    answer = decide([study(regions=(f"spine.{part}",)) for part in ("cervical", "thoracic", "lumbar")], DAY)
    assert codes(answer) == [("76377", 1, (0, 1, 2))]
    assert not answer.needs_review


def test_chest_abdomen_and_pelvis_are_one_unit_though_another_study_stands_between() -> None:
    answer = decide([study(regions=("chest",)), study(regions=("wrist",)), study(regions=("abdomen", "pelvis"))], DAY)
    assert codes(answer) == [("76377", 2, (0, 1, 2))]
    assert flags(answer) == [("several_units", None)]


def test_a_study_can_join_two_groups() -> None:
    joined = study(regions=("spine.lumbar", "pelvis"))
    answer = decide([study(regions=("spine.cervical",)), study(regions=("chest",)), joined], DAY)
    assert codes(answer) == [("76377", 1, (0, 1, 2))]


def test_both_sides_in_one_statement_are_one_unit() -> None:
    assert codes(decide(study(regions=("knee.left", "knee.right")), DAY)) == [("76377", 1, (0,))]


def test_regions_apart_are_a_unit_each_and_need_review() -> None:
    answer = decide([study(regions=("face",)), study(regions=("wrist",))], DAY)
    assert codes(answer) == [("76377", 2, (0, 1))]
    assert answer.needs_review and flags(answer) == [("several_units", None)]


def test_over_two_units_the_first_two_in_text_order_stay() -> None:
    answer = decide([study(regions=("face",), location="scanner"), study(regions=("wrist",)), study(regions=("foot",))], DAY)
    assert codes(answer) == [("76376", 1, (0,)), ("76377", 1, (1,))]


def test_contiguous_studies_with_different_codes_show_both() -> None:
    answer = decide([study(regions=("chest",), location="scanner"), study(regions=("pelvis",))], DAY)
    assert codes(answer) == [("76376", 1, (0,)), ("76377", 1, (1,))]
    assert answer.code == "76377"
    assert ("several_units", None) in flags(answer)


def test_a_code_beside_an_examination_that_contains_3d_is_flagged() -> None:
    answer = decide([study(procedure="cta.chest"), study(regions=("pelvis",))], DAY)
    assert (answer.code, answer.reason) == ("76377", "supported")
    assert flags(answer) == [("excluded_base_in_same_report", None)]
    assert [s.reason for s in answer.studies] == ["base_includes_3d", "supported"]


def test_a_code_comes_before_every_reason_and_a_lenient_code_keeps_its_reason() -> None:
    answer = decide([study(supervision="absent", location="scanner"), study(technique="none")], DAY, "lenient")
    assert (answer.code, answer.reason) == ("76376", "supervision_not_documented")
    better = decide([study(supervision="absent"), study(location="scanner")], DAY, "lenient")
    assert (better.code, better.reason) == ("76376", "supported")


REASON_FACTS: dict[str, dict[str, Any]] = {
    "supervision_not_documented": {"supervision": "absent"},
    "location_not_documented": {"location": "undocumented"},
    "supervision_and_location_not_documented": {"location": "undocumented", "supervision": "absent"},
    "technique_ambiguous": {"technique": "weak"},
    "base_ambiguous": {"procedure": "ambiguous"},
    "base_not_documented": {"procedure": "unknown"},
    "outside_dataset": {"outside": True},
    "no_physician_supervision": {"supervision": "denied"},
    "other_output": {"output": "print"},
    "base_includes_3d": {"procedure": "mra"},
    "not_tomographic": {"procedure": "radiograph"},
    "no_3d_rendering": {"technique": "none"},
}


@pytest.mark.parametrize("first", REASON_FACTS)
@pytest.mark.parametrize("second", REASON_FACTS)
def test_the_reason_is_that_of_the_study_that_gets_furthest(first: str, second: str) -> None:
    answer = decide([study(**REASON_FACTS[first]), study(**REASON_FACTS[second])], DAY)
    assert answer.reason == min(first, second, key=REASONS.index)
    assert [s.reason for s in answer.studies] == [first, second]


def test_caller_settles_what_the_text_leaves_open() -> None:
    for procedure in ("unknown", "ambiguous"):
        answer = decide(study(procedure=procedure, caller_base="eligible"), DAY)
        assert (answer.code, flags(answer)) == ("76377", [])
        assert decide(study(procedure=procedure, caller_base="cta"), DAY).reason == "base_includes_3d"
    assert decide(study(procedure="unknown", caller_base="ambiguous"), DAY).reason == "base_ambiguous"
    assert decide(study(procedure="ct", caller_base="unknown"), DAY).code == "76377"


@pytest.mark.parametrize(("procedure", "caller"), [("ct", "cta"), ("cta", "eligible")])
def test_where_caller_and_text_differ_the_examination_with_3d_wins(procedure: str, caller: str) -> None:
    answer = decide(study(procedure=procedure, caller_base=caller), DAY)
    assert answer.reason == "base_includes_3d"
    assert answer.studies[0].base == "cta"
    assert flags(answer) == [("contradiction", 0)] and answer.needs_review


def test_flags_stand_once_in_their_fixed_order() -> None:
    first = study(location="conflicting", observed=("unfilled_template", "contradiction"), interpretation=False)
    answer = decide([first, study(interpretation=False)], None, "lenient", ("suspicious_token", "suspicious_token"))
    assert flags(answer) == [
        ("findings_3d_not_described", 0),
        ("findings_3d_not_described", 1),
        ("contradiction", 0),
        ("unfilled_template", 0),
        ("several_units", None),
        ("date_of_service_unknown", None),
        ("suspicious_token", None),
    ]
    assert [FLAGS.index(flag) for flag, _ in flags(answer)] == sorted(FLAGS.index(flag) for flag, _ in flags(answer))


def test_no_study_at_all_is_no_rendering() -> None:
    answer = decide([], DAY)
    assert (answer.code, answer.reason, answer.studies, answer.needs_review) == (None, "no_3d_rendering", (), False)


def test_unknown_facts_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown fact"):
        decide({"place": "workstation"})
