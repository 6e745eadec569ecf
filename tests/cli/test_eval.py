"""`nlp3d eval`: figures of hand-made answers that were counted by hand."""

from __future__ import annotations

import copy
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nlp3d.errors import Nlp3dError
from nlp3d.evaluation import answered, lines_of, score, wilson

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
CANARY = "Zyxquentin"
TEXT = "CT face. Volume rendered images on the workstation under my supervision. Coronal reformats."
FACTS = {
    "base": "eligible", "technique": "performed", "location": "workstation", "supervision": "concurrent", "interpretation": False,
    "output": "display", "automatic": False, "outside": False,
}  # fmt: skip
QUOTES = {"technique": ["Volume rendered"], "location": ["on the workstation"], "supervision": [], "distractor": ["Coronal reformats"]}


def gold(name: str, code: str | None, reason: str, *studies: dict[str, Any], text: str = TEXT) -> dict[str, Any]:
    every = [{**FACTS, "quotes": QUOTES, "code": code, "reason": reason, **study} for study in studies or ({},)]
    return {"id": name, "text": text, "studies": every, "code": code, "reason": reason}


def mention(words: str, family: str, counts: bool = True) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"concept": f"{family}.x", "field": "text", "text": words, "start": start, "end": start + len(words), "counts": counts}


def answer(line: dict[str, Any], *evidence: dict[str, Any], **changes: Any) -> dict[str, Any]:
    made = copy.deepcopy(line)
    made["studies"][0].update({name: value for name, value in changes.items() if name in FACTS})
    made.update({name: value for name, value in changes.items() if name not in FACTS})
    for study in made["studies"]:
        study["code"], study["reason"] = made["code"], made["reason"]
    return {**made, "evidence": list(evidence)}


def test_codes_reasons_and_false_codes() -> None:
    lines = [
        gold("right", "76377", "supported"),
        gold("missed", "76377", "supported"),
        gold("false", None, "location_not_documented", {"location": "undocumented"}),
        gold("other reason", None, "technique_ambiguous", {"technique": "weak"}),
        gold("easy", None, "no_3d_rendering", {"technique": "none", "quotes": {}}),
        gold("lost", None, "no_3d_rendering", {"technique": "none", "quotes": {}}),
    ]
    answers = {
        "right": answer(lines[0]),
        "missed": answer(lines[1], code=None, reason="location_not_documented", location="undocumented"),
        "false": answer(lines[2], code="76377", reason="supported", location="workstation"),
        "other reason": answer(lines[3], reason="no_3d_rendering", technique="none"),
        "easy": answer(lines[4]),
    }
    result = score(lines, answers)
    s = result.summary
    assert (s["reports"], s["unanswered"], s["gold_codes"], s["found"], s["given"], s["false"]) == (6, 1, 2, 1, 2, 1)
    assert (s["near"], s["false_near"]) == (2, 1)
    assert (s["code_accuracy"], s["reason_accuracy"]) == (4 / 6, 2 / 6)
    assert s["values"]["location"] == {"workstation": (2, 3, 3), "undocumented": (0, 1, 1)}
    assert [name for name, _ in result.errors] == ["missed", "false", "other reason", "lost"]


def test_evidence_offsets_and_distractors() -> None:
    line = gold("a", "76377", "supported")
    shifted = {**mention("my supervision", "supervision"), "start": 3}
    made = answer(line, mention("Volume rendered", "technique"), shifted, mention("Coronal reformats", "reformat", counts=False))
    s = score([line], {"a": made}).summary
    assert (s["evidence_recall"], s["evidence_precision"], s["offset_errors"]) == (1 / 2, 1 / 2, 1)
    assert (s["distractors"], s["distractor_counted"], s["distractor_seen"]) == (1, 0, 1)
    whole = answer(line, mention(TEXT, "technique"), mention("Coronal reformats", "technique"))
    s = score([line], {"a": whole}).summary
    assert s["evidence_recall"] == 0, "a mention far longer than its quote finds nothing"
    assert s["distractor_counted"] == 1


def test_passages_and_several_studies() -> None:
    passage = {"id": "p", "passage": True, "base": "eligible", "text": TEXT, "studies": [{"technique": "performed", "location": "scanner"}]}
    two = gold("two", "76377", "supported", {}, {"code": None, "reason": "no_3d_rendering", "technique": "none"})
    made = copy.deepcopy(two)
    made["studies"].reverse()
    s = score([passage, two], {"p": {**passage, "code": None, "reason": None, "evidence": []}, "two": {**made, "evidence": []}}).summary
    assert (s["passages"], s["passages_ok"], s["multi"], s["multi_ok"]) == (1, 1, 1, 1)


def test_wilson() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = wilson(9, 10)
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)


def test_our_answers_to_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text(json.dumps(gold("a", None, "supported")) + "\n", encoding="utf-8")
    lines = lines_of([tmp_path])
    assert score(lines, answered(lines)).summary["reports"] == 1
    figures = json.loads(run("eval", "gold.jsonl", "--json").stdout)
    assert figures == json.loads(json.dumps(score(lines, answered(lines)).summary))
    shown = run("eval", ".", "--errors", "1").stdout.decode()
    assert "reports 1" in shown


@pytest.mark.parametrize("line", ["{", "[]", "{}", json.dumps({"id": CANARY, "text": CANARY, "studies": []}), json.dumps({"id": 3})])
def test_a_line_that_is_no_gold_is_named_by_its_number(run: Run, tmp_path: Path, line: str) -> None:
    (tmp_path / "gold.jsonl").write_text(f"{json.dumps(gold('a', None, 'supported'))}\n{line}\n", encoding="utf-8")
    done = run("eval", "gold.jsonl")
    assert (done.returncode, done.stdout) == (4, b"")
    assert b"line 2" in done.stderr and CANARY.encode() not in done.stderr and b"Traceback" not in done.stderr
    with pytest.raises(Nlp3dError):
        lines_of([tmp_path])
