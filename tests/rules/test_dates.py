"""Dates of service: what is in force, which edition it is, and the flags."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from nlp3d.errors import Nlp3dError
from nlp3d.rules import decide, load_pack

# procedure, group, last day without and first day with it.
STARTS = [
    ("cardiac.ct", "cardiac", date(2010, 1, 1)),
    ("cardiac.calcium", "cardiac", date(2010, 1, 1)),
    ("cardiac.mr", "cardiac", date(2008, 1, 1)),
    ("cardiac.echo_3d", "cardiac", date(2022, 1, 1)),
    ("breast.mri", "breast", date(2019, 1, 1)),
    ("breast.mri_cad", "breast", date(2007, 1, 1)),
    ("breast.dbt", "breast", date(2015, 1, 1)),
    ("breast.ct", "breast", date(2021, 1, 1)),
    ("perfusion.ct", "perfusion", date(2026, 1, 1)),
    ("navigation_bronchoscopy", "navigation_bronchoscopy", date(2010, 1, 1)),
]
ALWAYS = [
    ("cta", "cta"), ("cta.chest", "cta"), ("cta.some_new_region.left", "cta"), ("ctv", "cta"), ("mra.head", "mra"), ("mrv", "mra"),
    ("nuclear", "nuclear"), ("pet", "nuclear"), ("pet_ct", "nuclear"), ("pet_mr", "nuclear"), ("spect", "nuclear"), ("bone_scan", "nuclear"),
    ("ct_colonography", "ct_colonography"), ("perfusion.mr", "perfusion"), ("guidance.biopsy", "guidance"), ("guidance.other", "guidance"),
    ("radiotherapy", "radiotherapy"), ("radiograph", "non_tomographic"), ("fluoroscopy", "non_tomographic"),
    ("angiography.catheter", "non_tomographic"), ("mammography", "non_tomographic"),
]  # fmt: skip
NEVER = ["ct", "mr", "us", "cbct", "mrcp", "ct_urography", "mr_urography", "ct_arthrography", "rotational_angiography", "ctax", "ct.chest"]


def base(procedure: str, day: date) -> str:
    return decide({"procedure": procedure, "technique": "performed"}, day).studies[0].base


@pytest.mark.parametrize(("procedure", "group", "start"), STARTS)
def test_a_group_begins_on_its_day(procedure: str, group: str, start: date) -> None:
    assert base(procedure, start - timedelta(days=1)) == "eligible"
    assert base(procedure, start) == group == base(procedure, date(2026, 11, 23))


@pytest.mark.parametrize(("procedure", "group"), ALWAYS)
def test_these_are_in_force_since_2006(procedure: str, group: str) -> None:
    assert base(procedure, date(2006, 1, 1)) == group == base(procedure, date(2026, 11, 23))


@pytest.mark.parametrize("procedure", NEVER)
def test_these_are_eligible(procedure: str) -> None:
    assert base(procedure, date(2006, 1, 1)) == "eligible" == base(procedure, date(2026, 11, 23))


def test_breast_mr_with_cad_has_no_day_without_a_rule_between_the_two() -> None:
    assert base("breast.mri_cad", date(2018, 12, 31)) == base("breast.mri_cad", date(2019, 1, 1)) == "breast"


def test_the_rule_that_led_to_the_base_is_told_also_where_it_is_not_in_force() -> None:
    def told(day: str) -> list[tuple[str, str]]:
        outcomes = decide({"procedure": "breast.dbt", "technique": "performed"}, day).studies[0].outcomes
        return [(rule.id, rule.outcome) for rule in outcomes if rule.id.startswith("base.")]

    assert told("2014-12-31") == [("base.breast_dbt", "not_in_force")]
    assert told("2015-01-01") == [("base.breast_dbt", "fired")]


def test_a_group_given_by_the_caller_is_dated_too(supported: dict[str, Any]) -> None:
    given = {**supported, "procedure": "unknown", "caller_base": "navigation_bronchoscopy"}
    assert decide(given, "2009-12-31").code == "76377"
    assert decide(given, "2010-01-01").reason == "base_includes_3d"
    same = {**supported, "procedure": "breast.dbt", "caller_base": "breast"}
    assert decide(same, "2014-12-31").code == "76377"
    assert not decide(same, "2014-12-31").needs_review


def test_before_2006_nothing_is_in_force(supported: dict[str, Any]) -> None:
    assert decide(supported, "2005-12-31").reason == "not_in_force"
    assert decide(supported, "2006-01-01").code == "76377"
    assert decide({**supported, "technique": "none"}, "1999-01-01").reason == "no_3d_rendering"
    outcomes = {rule.outcome for rule in decide(supported, "2005-12-31").studies[0].outcomes}
    assert outcomes == {"fired", "blocked", "not_in_force"}


def test_an_edition_is_the_last_change_on_or_before_the_day(supported: dict[str, Any]) -> None:
    days = load_pack().boundaries()
    assert days[0] == date(2006, 1, 1) and days[-1] == date(2026, 1, 1)
    assert date(2019, 1, 1) in days and date(2018, 12, 31) not in days
    for before, after in pairwise(days):
        assert decide(supported, after - timedelta(days=1)).edition.date == before
        assert decide(supported, after).edition.date == after == load_pack().edition(after)
    assert decide(supported, "2005-12-31").edition.date is None


def test_without_a_date_the_newest_edition_is_used_and_flagged_without_review(supported: dict[str, Any]) -> None:
    answer = decide(supported)
    assert answer.edition.date == load_pack().boundaries()[-1] and answer.date_of_service is None
    assert [flag.flag for flag in answer.flags] == ["date_of_service_unknown"] and not answer.needs_review


def test_after_the_last_check_every_answer_needs_review(supported: dict[str, Any]) -> None:
    assert load_pack().checked_through == date(2026, 11, 23)
    assert decide(supported, "2026-11-23").flags == ()
    late = decide(supported, "2026-11-24")
    assert [flag.flag for flag in late.flags] == ["date_after_checked_through"] and late.needs_review


def test_a_date_may_be_text_and_a_bad_one_is_not_repeated(supported: dict[str, Any]) -> None:
    assert decide(supported, "2026-03-01").date_of_service == date(2026, 3, 1)
    with pytest.raises(Nlp3dError) as caught:
        decide(supported, "Miller, John")
    assert "Miller" not in str(caught.value) and caught.value.code == "date_of_service"


def test_cta_without_3d_only_while_cta_is_a_group_of_its_own() -> None:
    answer = decide({"procedure": "cta.chest", "technique": "weak"}, "2026-03-01")
    assert [flag.flag for flag in answer.flags] == ["cta_without_3d"] and not answer.needs_review
    assert decide({"procedure": "cta.chest", "technique": "performed"}, "2026-03-01").flags == ()
