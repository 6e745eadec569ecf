"""Profiles: strict, lenient, payers' policies and a site's own file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nlp3d.errors import Nlp3dError
from nlp3d.rules import decide, load_pack, load_profile

DAY = "2026-03-01"
SITE = """\
payer: A site
policy: Own rules
parent: {parent}
checked_through: 2026-06-30
source: [expert]
note: For the test.
checklist:
  own_item: Something only the site knows.
rows:
{rows}
"""
NO_SCANNER = """\
- id: supported.scanner
  says: The site does not accept rendering on the scanner.
  outcome: {code: null, reason: other_output}
  in_force: {from: 2026-02-01}
  source: [expert]
"""


def site(folder: Path, rows: str, parent: str = "strict") -> str:
    path = folder / "site.yaml"
    path.write_text(SITE.format(parent=parent, rows=rows), encoding="utf-8")
    return str(path)


def test_every_profile_loads_and_names_itself(supported: dict[str, Any]) -> None:
    profiles = load_pack().profiles
    assert {"strict", "lenient", "bcbs_alabama_mp308", "united_healthcare"} <= set(profiles)
    for name in profiles:
        answer = decide(supported, DAY, name)
        assert (answer.profile, answer.code) == (name, "76377")
        assert answer.checklist[:3] == ("order", "necessity", "billing_physician")


def test_every_payer_policy_changes_a_row_or_adds_to_the_checklist() -> None:
    for name, profile in load_pack().profiles.items():
        assert name in ("strict", "lenient") or profile.differences or profile.checklist


def test_lenient_asks_and_wants_review(supported: dict[str, Any]) -> None:
    for missing, code in (({"supervision": "absent"}, "76377"), ({"location": "conflicting"}, "76376")):
        answer = decide({**supported, **missing}, DAY, "lenient")
        assert answer.code == code and answer.needs_review and [query.to for query in answer.queries] == ["physician"]


def test_pulmonary_embolism_ct_is_settled_by_the_policy_that_names_it(supported: dict[str, Any]) -> None:
    pe = {**supported, "procedure": "ambiguous"}
    assert decide(pe, DAY).reason == "base_ambiguous"
    answer = decide(pe, DAY, "bcbs_alabama_mp308")
    assert (answer.code, answer.reason) == ("76377", "supported")
    assert {"base_is_ct", "separate_report"} <= set(answer.checklist)
    skipped = next(rule for rule in answer.studies[0].outcomes if rule.id == "query.base_ambiguous")
    assert skipped.outcome == "not_in_force" and skipped.because
    assert decide({**pe, "supervision": "absent"}, DAY, "bcbs_alabama_mp308").reason == "supervision_not_documented"
    assert decide({**pe, "procedure": "cta.chest"}, DAY, "bcbs_alabama_mp308").reason == "base_includes_3d"


def test_a_site_file_changes_rows_from_its_day_on(tmp_path: Path, supported: dict[str, Any]) -> None:
    profile = site(tmp_path, NO_SCANNER)
    scanner = {**supported, "location": "scanner"}
    assert decide(scanner, "2026-01-31", profile).code == "76376"
    answer = decide(scanner, "2026-02-01", profile)
    assert (answer.code, answer.reason, answer.profile) == (None, "other_output", "site")
    assert str(answer.edition.date) == "2026-02-01"
    assert answer.edition.sha256 != load_pack().sha256
    assert answer.checklist[-1] == "own_item"
    assert decide(supported, "2026-07-01", profile).flags[0].flag == "date_after_checked_through"


def test_a_site_file_may_build_on_lenient(tmp_path: Path, supported: dict[str, Any]) -> None:
    profile = site(tmp_path, NO_SCANNER, parent="lenient")
    assert decide({**supported, "supervision": "absent"}, DAY, profile).code == "76377"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("- {id: no.such_row, says: x, skip: true, source: [expert]}", "pack_row_unknown"),
        ("- {id: none.base_includes_3d, says: x, skip: true, source: [expert]}", "pack_row_not_skippable"),
        ('- {id: query.technique, says: x, outcome: {code: "76377", reason: supported}, source: [expert]}', "pack_code_unsupported"),
        (
            '- {id: query.supervision.workstation, says: x, outcome: {code: "76377", reason: supported}, source: [expert]}',
            "pack_code_unsupported",
        ),
        ('- {id: supported.scanner, says: x, outcome: {code: "76377", reason: supported}, source: [expert]}', "pack_code_unsupported"),
        ('- {id: supported.scanner, says: x, outcome: {code: "73677", reason: supported}, source: [expert]}', "pack_value_unknown"),
        ("- {id: supported.scanner, says: x, outcome: {code: null, reason: too_dear}, source: [expert]}", "pack_value_unknown"),
        ("- {id: supported.scanner, says: x, outcome: {code: null, reason: other_output}, source: [S900]}", "pack_source_unknown"),
        ("- {id: supported.scanner, says: x, source: [expert]}", "pack_type"),
    ],
)
def test_a_policy_that_says_too_much_is_refused_with_file_and_line(tmp_path: Path, row: str, code: str) -> None:
    with pytest.raises(Nlp3dError) as caught:
        load_profile(site(tmp_path, row))
    assert caught.value.code == code
    assert "site.yaml, line 10" in caught.value.where


def test_an_unknown_profile_is_refused_and_a_name_is_not_taken_twice(tmp_path: Path) -> None:
    with pytest.raises(Nlp3dError) as caught:
        decide({}, DAY, "strickt")
    assert caught.value.code == "profile_unknown" and "bcbs_alabama_mp308" in caught.value.next
    copy = tmp_path / "strict.yaml"
    copy.write_text("payer: x", encoding="utf-8")
    with pytest.raises(Nlp3dError, match="profile_name_taken"):
        load_profile(str(copy))
