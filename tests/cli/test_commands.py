"""The other commands, help, and what is imported for it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import nlp3d

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
COMMANDS = [
    (), ("suggest",), ("eval",), ("schema",), ("rules",), ("rules", "list"), ("rules", "show"), ("rules", "test"), ("rules", "diff"),
    ("vocab",), ("vocab", "list"), ("vocab", "show"), ("vocab", "find"),
    ("annotate",), ("annotate", "export"), ("annotate", "import"), ("annotate", "labels"),
]  # fmt: skip
HEAVY = (
    "spacy", "thinc", "pandas", "numpy", "sklearn", "pyarrow", "pydantic", "ruamel", "jinja2", "re2", "rich.console",
    "nlp3d.pipeline", "nlp3d.rules.load", "nlp3d.vocabulary.model", "importlib.metadata",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(run: Run, command: tuple[str, ...]) -> None:
    done = run(*command, "--help")
    assert (done.returncode, done.stderr) == (0, b"")
    assert re.search(r"Examples?:\s+nlp3d ", done.stdout.decode()), "no example"


def test_help_imports_nothing_heavy() -> None:
    code = f"import sys; import nlp3d.cli.app as a; a.run(['--help']); sys.stderr.write(' '.join(m for m in {HEAVY!r} if m in sys.modules))"
    environment = {"PYTHONPATH": str(Path(nlp3d.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, check=True)
    assert done.stderr == b""


def test_an_answer_needs_no_spacy(run: Run, report: str) -> None:
    code = (
        f"import sys, nlp3d; nlp3d.suggest({report!r}); print([m for m in ('spacy', 'pandas', 'pyarrow', 'sklearn') if m in sys.modules])"
    )
    environment = {"PYTHONPATH": str(Path(nlp3d.__file__).parents[1])}
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, check=True).stdout == b"[]\n"


def test_version(run: Run) -> None:
    short, full = run("--version").stdout.decode(), run("--version", "--verbose").stdout.decode()
    assert short.startswith("nlp3d ") and short.count("\n") == 1
    assert full.startswith(short)
    for part in ("python", "google-re2", "spacy", "rules sha256", "answer schema"):
        assert part in full


@pytest.mark.parametrize("name", ["suggestion", "record"])
def test_schema(run: Run, name: str) -> None:
    assert json.loads(run("schema", name).stdout)["$id"] == f"nlp3d/{name}/1"


def test_rules(run: Run) -> None:
    listed = run("rules", "list").stdout.decode()
    assert "supported.workstation" in listed and "base.cta" in listed
    shown = run("rules", "show", "supported.workstation").stdout.decode()
    for words in ("76377", "technique", "concurrent", "2006-01-01", "https://"):
        assert words in shown
    assert run("rules", "show", "base.cta").returncode == 0
    changed = run("rules", "diff", "2018-12-31", "2019-01-01").stdout.decode()
    assert "base.breast_mri_cad" in changed and "base.breast_mri" in changed and "base.cta" not in changed


def test_rules_hold(run: Run) -> None:
    done = run("rules", "test", "strict")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"strict" in done.stdout


def test_a_policy_that_does_not_hold_is_refused_with_its_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text("payer: Ours\npolicy: X\nparent: severe\n", encoding="utf-8")
    done = run("rules", "test", "ours.yaml")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"line" in done.stderr and b"Traceback" not in done.stderr


def test_vocabulary(run: Run) -> None:
    assert "technique.volume_rendering" in run("vocab", "list").stdout.decode()
    shown = run("vocab", "show", "technique.volume_rendering").stdout.decode()
    assert "technique.yaml" in shown
    found = run("vocab", "find", "volume rendered on the Vitrea workstation").stdout.decode()
    for words in ("technique.volume_rendering", "technique.yaml", "Vitrea", "products.yaml"):
        assert words in found
    assert run("vocab", "find", "qqqq").returncode == 0
