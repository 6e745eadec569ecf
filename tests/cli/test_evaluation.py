"""The figures of `nlp3d eval`, on answers whose figures can be counted by hand."""

from __future__ import annotations

from typing import Any

import pytest

from nlp3d.evaluation import score, wilson


def gold(name: str, code: str | None, reason: str, **facts: Any) -> dict[str, Any]:
    study = {"technique": "performed", "location": "workstation", "supervision": "concurrent", "code": code, "reason": reason, **facts}
    return {"id": name, "text": "3D on the workstation", "code": code, "reason": reason, "studies": [study]}


def answer(code: str | None, reason: str, **facts: Any) -> dict[str, Any]:
    return gold("", code, reason, **facts) | {"evidence": []}


def test_a_code_where_there_is_none_is_false() -> None:
    lines = [gold("a", "76377", "supported"), gold("b", None, "location_not_documented"), gold("c", None, "no_3d_rendering")]
    answers = {"a": answer("76377", "supported"), "b": answer("76377", "supported"), "c": answer(None, "no_3d_rendering")}
    figures = score(lines, answers).summary
    assert (figures["found"], figures["gold_codes"], figures["false"], figures["given"]) == (1, 1, 1, 2)
    assert (figures["false_near"], figures["near"]) == (1, 1)
    assert figures["code_accuracy"] == pytest.approx(2 / 3)


def test_facts_are_counted_by_value_and_a_missing_answer_is_wrong() -> None:
    lines = [gold("a", "76377", "supported"), gold("b", "76377", "supported")]
    result = score(lines, {"a": answer(None, "supervision_not_documented", supervision="absent")})
    assert result.summary["values"]["supervision"] == {"concurrent": (0, 2, 0), "absent": (0, 0, 1), "None": (0, 0, 1)}
    assert result.summary["unanswered"] == 1 and [name for name, _ in result.errors] == ["a", "b"]


def test_a_mention_with_a_wrong_offset_is_counted() -> None:
    line = gold("a", "76377", "supported", quotes={"technique": ["3D"], "location": ["workstation"]})
    mentions = [
        {"concept": "technique.three_d", "field": "text", "text": "3D", "start": 0, "end": 2, "counts": True},
        {"concept": "location.workstation", "field": "text", "text": "workstation", "start": 9, "end": 20, "counts": True},
    ]
    figures = score([line], {"a": answer("76377", "supported") | {"evidence": mentions}}).summary
    assert figures["offset_errors"] == 1
    assert figures["evidence_recall"] == 1.0 and figures["evidence_precision"] == 1.0


@pytest.mark.parametrize(
    ("right", "of", "low", "high"), [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (5, 10, 0.237, 0.763)]
)
def test_wilson(right: int, of: int, low: float, high: float) -> None:
    assert wilson(right, of) == pytest.approx((low, high), abs=0.001)
