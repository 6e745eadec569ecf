"""The examples of CONTRIBUTING, done one after the other in a copy of the package as a contributor would, and what they say then holds."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from .conftest import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
# Reads questions as JSON on standard input: texts to be suggested, or facts to be decided.
ASK = """
import json, sys, nlp3d
for question in map(json.loads, sys.stdin):
    if "text" in question:
        answer = nlp3d.suggest(**question).to_dict()
        print(json.dumps({"code": answer["code"], **{name: answer["studies"][0][name] for name in ("technique", "location", "supervision")}}))
    else:
        answer = nlp3d.decide(**question)
        print(json.dumps({"code": answer.code, "reason": answer.reason, "edition": str(answer.edition.date), "base": answer.studies[0].base}))
"""
HOLOGRAMS = "CT ORBIT. Holograms of the orbit were made on the independent workstation under my direct supervision."
ON_BONE_FORGE = "CT ORBIT. Volume rendered images were made on {} under my direct supervision."


def _blocks(heading: str) -> list[str]:
    section = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    return re.findall(r"^```yaml\n(.*?)^```$", next(part for part in section if part.startswith(heading + "\n")), re.MULTILINE | re.DOTALL)


class Checkout:
    """A copy of the package that may be edited, asked in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT / "nlp3d", folder / "nlp3d", ignore=shutil.ignore_patterns("__pycache__"))

    def insert(self, file: str, before: str, text: str) -> None:
        """Put text before the first place of `before`, or at the end of the file if that is empty."""
        path = self.folder / "nlp3d" / file
        whole = path.read_text(encoding="utf-8")
        place = whole.index(before) if before else len(whole)
        path.write_text(whole[:place] + text + whole[place:], encoding="utf-8")

    def ask(self, *questions: dict[str, Any]) -> list[dict[str, Any]]:
        given = "".join(json.dumps(question) + "\n" for question in questions)
        done = subprocess.run([sys.executable, "-c", ASK], input=given, capture_output=True, text=True, cwd=self.folder, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def _facts(location: str = "scanner", supervision: str = "concurrent", procedure: str = "ct", **more: str) -> dict[str, Any]:
    return {"facts": {"procedure": procedure, "technique": "performed", "location": location, "supervision": supervision}, **more}


def test_examples_work_as_they_stand(checkout: Checkout) -> None:
    words = [{"text": HOLOGRAMS}, *({"text": ON_BONE_FORGE.format(name)} for name in ("BoneForge", "Bone Forge"))]
    late, early = {"date_of_service": "2027-01-01"}, {"date_of_service": "2026-12-31"}
    partial = [_facts(supervision="partial", profile="lenient", **day) for day in (early, late)]
    urography = [_facts(procedure="ct_urography", **day) for day in (early, late)]

    before = checkout.ask(*words, *partial, *urography)
    assert [one["code"] for one in before] == [None, None, None, "76376", "76376", "76376", "76376"]

    checkout.insert("vocabulary/technique.yaml", "    - (semi transparent )?(vol|", _blocks("A synonym")[0])
    checkout.insert("vocabulary/products.yaml", "", _blocks("A product")[0])
    checkout.insert("rules/decision.yaml", "- id: query.supervision.workstation\n", _blocks("A rule")[0])
    checkout.insert("rules/bases.yaml", "", _blocks("An edition")[0])
    (checkout.folder / "nlp3d" / "rules" / "payers" / "example_plan.yaml").write_text(_blocks("A payer's policy")[0], encoding="utf-8")

    after = checkout.ask(*words, *partial, *urography, _facts(profile="example_plan"), _facts())
    assert [one["code"] for one in after] == ["76377", "76377", "76377", "76376", None, "76376", None, None, "76376"]
    assert after[4]["reason"] == "supervision_not_documented"
    assert (after[5]["base"], after[6]["base"], after[6]["edition"]) == ("eligible", "cta", "2027-01-01")
    assert after[7]["reason"] == "other_output"

    case, pair = (YAML(typ="safe").load(block)[0] for block in _blocks("A language case"))
    read = checkout.ask(*({"text": text, "base": "eligible"} for text in (*case["texts"], pair["a"]["text"], pair["b"]["text"])))
    expected = [*(case["facts"] for _ in case["texts"]), pair["a"]["facts"], pair["b"]["facts"]]
    assert [{name: one[name] for name in facts} for one, facts in zip(read, expected, strict=True)] == expected
