"""Each claim of README is mapped to the tests that hold it, and the small ones about files and commands are tested here."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from .sentences import sentences

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CLAIMS: list[dict[str, Any]] = YAML(typ="safe").load((Path(__file__).parent / "claims.yaml").read_text(encoding="utf-8"))


def test_every_sentence_has_its_line_and_every_line_its_sentence() -> None:
    said, mapped = list(sentences(README)), [claim["says"] for claim in CLAIMS]
    assert [sentence for sentence in said if sentence not in mapped] == []
    assert [line for line in mapped if line not in said] == []


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim["says"][:50])
def test_its_tests_exist_or_it_says_why_there_are_none(claim: dict[str, Any]) -> None:
    assert claim.get("tests") or claim.get("untested")
    for test in claim.get("tests", ()):
        file, _, name = test.partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, test


def test_the_splitter_loses_no_claim() -> None:
    page = "# Head\nOne claim. Another:\n\n```sh\nnot. this.\n```\n| a | b |\n|---|---|\n| c | d |\n\n![x](y.png)\n<!-- skip. -->\nThe `third`.\n"
    assert list(sentences(page)) == ["| a | b |", "| c | d |", "One claim.", "Another:", "The `third`."]


def test_the_two_commands_are_those_that_the_integration_runs() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    patterns = re.findall(r"grep -m1 '([^']+)' README\.md", script)
    found = [next(line for line in README.splitlines() if re.search(pattern, line)) for pattern in patterns]
    assert [line.split("&&")[-1].split()[0] for line in found] == [".venv/bin/nlp3d", ".venv/bin/pytest"]
    assert all(line.startswith("python3 -m venv .venv && .venv/bin/pip install ") for line in found)
    assert 'requires-python = ">=3.11"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_every_link_leads_somewhere() -> None:
    pages = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")] + sorted((ROOT / "docs").glob("*.md"))
    for page in pages:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_files_that_are_named_exist(page: str) -> None:
    named = re.findall(r"`((?:nlp3d|data|tests|docs|delivery|benchmarks|\.ci)/[\w./-]*)`", (ROOT / page).read_text(encoding="utf-8"))
    new = {"nlp3d/rules/payers/example_plan.yaml", "nlp3d/readers/pairs.py"}  # what a contributor is shown to write
    assert page == "SECURITY.md" or named
    assert [name for name in named if name not in new and not (ROOT / name).exists()] == []
