"""Every example of the documentation, run as a reader would: in a folder of its own that holds `data/`, with no settings of this machine.

On a page, ```python blocks share their names. In a ```console block, lines after `$ ` are commands (`> ` goes on with one) and the others are
what a terminal then shows, where `...` stands for anything; without any `$ ` all lines are commands. A block below `<!-- file: NAME -->` is
written to that file. `<!-- skip: next "why" -->` leaves a block out; the number of those is fixed in test_examples.py.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sybil import Document, Example, Region
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser

ROOT = Path(__file__).parents[2]
_COMMAND = re.compile(r"\$ (.*(?:\n> .*)*)\n?((?:(?!\$ ).*\n?)*)")
_FILE = re.compile(r"^<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ALIKE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
_CHECK = doctest.OutputChecker()
_ONLY_HERE = ("NLP3D_", "XDG_", "NO_COLOR", "FORCE_COLOR", "COLUMNS")


def parse(page: Path) -> Document:
    """A page with its examples in order."""
    return Document.parse(str(page), _files, PythonCodeBlockParser(doctest_optionflags=_ALIKE), CodeBlockParser("console", _console), SkipParser())


def _files(document: Document) -> Iterator[Region]:
    for found in _FILE.finditer(document.text):
        if found[0].split("\n")[1].removeprefix("```") not in ("python", "console"):
            yield Region(found.start(), found.end(), (found[1], found[2]), _written)


def _written(example: Example) -> None:
    name, text = example.parsed
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _console(example: Example) -> str | None:
    block = str(example.parsed)
    steps = _COMMAND.findall(block) if "$ " in block else [(line, "") for line in block.splitlines()]
    return next((wrong for command, shown in steps if (wrong := _wrong(command.replace("\n> ", "\n"), shown))), None)


def _wrong(command: str, shown: str) -> str | None:
    done = subprocess.run(
        ["sh", "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False
    )
    if done.returncode:
        return f"{command}\nends with {done.returncode}:\n{done.stdout}"
    if not shown.strip() or _CHECK.check_output(shown, done.stdout, _ALIKE):
        return None
    return f"{command}\n" + _CHECK.output_difference(doctest.Example(command, shown), done.stdout, _ALIKE)


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The reader's folder, as current folder of this process and of the commands it starts."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    for name in [name for name in os.environ if name.startswith(_ONLY_HERE)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    return tmp_path
