"""Every example of README.md, data/README.md and docs/ runs and shows what the page says."""

from __future__ import annotations

import re
from pathlib import Path
from unittest import SkipTest

import pytest

from .conftest import ROOT, parse

PAGES = [ROOT / "README.md", ROOT / "data" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# Blocks that need a registry, a cluster or a server that does not end; each says why on its page. Lower it when one can run.
LEFT_OUT = 7
_FENCE = re.compile(r"^ *```([^\n`]*)$", re.MULTILINE)
# What is no example: data and words. Anything else is written as python or console, so that it runs.
_NOT_RUN = {"", "text", "toml", "yaml", "json", "sql", "{toctree}", "{include}", "{eval-rst}"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_examples_run(page: Path, at_home: Path) -> None:
    for example in parse(page).examples():
        try:
            example.evaluate()
        except SkipTest:
            continue


def test_no_example_hides_in_another_language() -> None:
    for page in PAGES:
        found = {fence.split()[0] if fence else "" for fence in _FENCE.findall(page.read_text(encoding="utf-8"))}
        assert found <= _NOT_RUN | {"python", "console"}, page.name


def test_few_are_left_out_and_each_says_why() -> None:
    texts = [page.read_text(encoding="utf-8") for page in PAGES]
    assert sum(text.count("<!-- skip:") for text in texts) == LEFT_OUT
    assert all(re.fullmatch(r'next ".{15,}"', reason) for text in texts for reason in re.findall(r"<!-- skip: (.*?) -->", text))
