"""A site's vocabulary and policies beside ours: they count, the answer tells them, and faults are named with file and line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
Write = Callable[[str, str], Path]
PRODUCT = (ROOT / "tests" / "data" / "site" / "products.yaml").read_text(encoding="utf-8")
TEXT = "CT FEMUR WITHOUT CONTRAST\nTechnique: Holograms were made on BoneForge under my direct supervision.\nFindings: The holograms show the callus."
SETTINGS = "vocabulary = ['vocabulary']\nprofiles = ['policies']\n"


def answer(run: Any, *arguments: str, text: str = TEXT, **variables: str) -> dict[str, Any]:
    done = run("suggest", "--format", "jsonl", "--date-of-service", "2026-03-01", *arguments, given=text, **variables)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.fixture
def site(write: Write, policy: str) -> None:
    """A site with a product, a word for a rendering, word classes and a policy."""
    write("nlp3d.toml", SETTINGS)
    write("vocabulary/products.yaml", PRODUCT)
    write("vocabulary/technique.yaml", 'volume_rendering:\n  phrases: ["{holo}"]\n  source: [expert]\n')
    write("vocabulary/classes.yaml", "holo: [hologram*]\n")
    write("policies/our_plan.yaml", policy)


@pytest.mark.usefixtures("site")
def test_additions_count_and_the_answer_tells_them(run: Any, write: Write) -> None:
    plain, ours = answer(run, "--config", "off"), answer(run)
    assert plain["code"] is None and list(plain["versions"]) == ["nlp3d"]
    assert ours["code"] == "76377" and len(ours["versions"]["site_vocabulary"]) == 64
    write("vocabulary/classes.yaml", "holo: [hologram*, holo image*]\n")
    assert answer(run)["versions"]["site_vocabulary"] != ours["versions"]["site_vocabulary"]


@pytest.mark.usefixtures("site")
def test_python_gives_the_same_bytes(run: Any, tmp_path: Path) -> None:
    program = "import nlp3d, sys; print(nlp3d.suggest(sys.stdin.read(), date_of_service='2026-03-01').to_json())"
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path / "home")}
    done = subprocess.run([sys.executable, "-c", program], input=TEXT, capture_output=True, text=True, cwd=tmp_path, env=variables, check=True)
    assert json.loads(done.stdout) == answer(run)


@pytest.mark.usefixtures("site")
def test_a_policy_is_found_by_name_and_changes_the_hash(run: Any, write: Write, policy: str) -> None:
    text = TEXT.replace("BoneForge", "the scanner console")
    strict, plan = answer(run, text=text), answer(run, "--profile", "our_plan", text=text)
    assert (strict["code"], plan["code"], plan["profile"]) == ("76376", None, "our_plan")
    assert plan["edition"]["sha256"] != strict["edition"]["sha256"]
    assert answer(run, text=text, NLP3D_PROFILE="our_plan") == plan
    write("policies/our_plan.yaml", policy.replace("RAD-1", "RAD-2"))
    assert answer(run, "--profile", "our_plan", text=text)["edition"]["sha256"] != plan["edition"]["sha256"]


@pytest.mark.usefixtures("site")
def test_additions_can_be_looked_up(run: Any, tmp_path: Path) -> None:
    assert str(tmp_path / "vocabulary" / "products.yaml") in run("vocab", "show", "BoneForge").stdout
    assert "location.workstation (BoneForge)" in run("vocab", "find", "made on boneforge").stdout
    done = run("rules", "test", "our_plan")
    assert done.returncode == 0 and "our_plan" in done.stdout
    assert run("vocab", "check").returncode == 0


FAULTS = [
    ("technique.yaml", 'volume_rendering:\n  phrases:\n    - fine\n    - "(a+)+\\\\1"\n', "vocabulary_pattern", 4),
    ("technique.yaml", 'volume_rendering:\n  phrases: ["(?=a)b"]\n', "vocabulary_pattern", 2),
    ("technique.yaml", "volume_rendering:\n  phrases: ['a) b']\n", "vocabulary_phrase", 2),
    ("technique.yaml", 'volume_rendering:\n  phrases: ["{nope} b"]\n', "vocabulary_phrase", 2),
    ("technique.yaml", "volume_rendering:\n  phrases: [(x )?]\n", "vocabulary_empty", 2),
    ("technique.yaml", "volume_rendering:\n  phrases: [true]\n", "pack_type", 2),
    ("technique.yaml", "volume_rendering:\n  phrases: []\n", "vocabulary_no_phrase", 2),
    ("technique.yaml", "volume_rendering:\n  meaning: Other.\n  phrases: [a b]\n", "site_changes_ours", 2),
    ("technique.yaml", "volume_rendering:\n  source: [S999]\n", "pack_source_unknown", 2),
    ("technique.yaml", "volume_rendering: &a\n  phrases: [a b]\n", "yaml_alias", 1),
    ("technique.yaml", "new_one:\n  phrases: [a b]\nnew_one:\n  phrases: [c]\n", "yaml_duplicate_key", 3),
    ("technique.yaml", "new_one: !!python/object:os.system\n  phrases: [a b]\n", "yaml_tag", 1),
    ("technique.yaml", "New-One:\n  phrases: [a b]\n", "vocabulary_name", 2),
    ("location.yaml", "our_room:\n  phrases: [a b]\n", "pack_value_unknown", 2),
    ("products.yaml", PRODUCT.replace("workstation", "workstaton"), "pack_value_unknown", 3),
    ("products.yaml", PRODUCT.replace("2026-11-23", "2026-13-23"), "pack_date", 6),
    ("spelling.yaml", "heard_as:\n  super vision: vision\n", "site_changes_ours", 2),
    ("sections.yaml", "findings:\n  headings: [[a]]\n", "pack_type", 2),
    ("regions.yaml", "- a\n", "pack_type", 1),
]


@pytest.mark.parametrize(("name", "text", "code", "line"), FAULTS, ids=[f"{fault[2]}-{place}" for place, fault in enumerate(FAULTS)])
def test_a_fault_is_named_and_nothing_is_answered(run: Any, write: Write, name: str, text: str, code: str, line: int) -> None:
    path = write(f"vocabulary/{name}", text)
    where = f"{path}, line {line}"
    done = run("vocab", "check", NLP3D_VOCABULARY="vocabulary")
    assert done.returncode == 2 and f"{code}: {where}" in done.stderr, done.stderr
    refused = run("suggest", given=TEXT, NLP3D_VOCABULARY="vocabulary")
    assert refused.returncode == 2 and f"{code}: {where}" in refused.stderr and not refused.stdout


def test_every_fault_is_listed(run: Any, write: Write, policy: str) -> None:
    write("v/technique.yaml", 'a:\n  phrases: ["b)", "{no}"]\nvolume_rendering:\n  phrases: [c(]\n')
    write("v/regions.yaml", "face: [(x]\n")
    done = run("vocab", "check", "v")
    assert [line.split(":")[0] for line in done.stderr.splitlines() if ", line " in line] == ["vocabulary_phrase"] * 4
    assert "4 faults" in done.stderr
    policy = policy.replace("2026-11-23", "soon").replace("other_output", "whatever").replace("RAD-1", "[RAD]")
    write("plan.yaml", policy)
    done = run("rules", "test", "plan.yaml")
    lines = [line for line in done.stderr.splitlines() if "plan.yaml, line " in line]
    assert done.returncode == 2
    assert [line.split(":")[0] for line in lines] == ["pack_type", "pack_date", "pack_value_unknown"]
    assert [int(line.rsplit(" ", 1)[1]) for line in lines] == [2, 4, 10]


def test_files_of_other_names_and_links_out_are_refused(run: Any, write: Write, tmp_path: Path, policy: str) -> None:
    write("v/interpretation.yaml", "the: [x]\n")  # its phrases run in an engine that can be made slow
    assert "site_file_unknown" in run("vocab", "check", "v").stderr
    write("elsewhere/products.yaml", PRODUCT)
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "products.yaml").symlink_to(tmp_path / "elsewhere" / "products.yaml")
    assert "site_link_outside" in run("vocab", "check", "w").stderr
    write("elsewhere/plan.yaml", policy)
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "plan.yaml").symlink_to(tmp_path / "elsewhere" / "plan.yaml")
    assert "site_link_outside" in run("suggest", "--profile", "plan", given=TEXT, NLP3D_PROFILES="p").stderr
    # as a mounted volume has it: a link to a file of the same folder
    write("m/.data/plan.yaml", policy)
    (tmp_path / "m" / "plan.yaml").symlink_to(Path(".data") / "plan.yaml")
    assert answer(run, "--profile", "plan", NLP3D_PROFILES="m")["profile"] == "plan"


def test_a_name_given_twice_is_refused(run: Any, write: Write, policy: str) -> None:
    write("a/plan.yaml", policy)
    write("b/plan.yaml", policy)
    assert "site_name_twice" in run("suggest", "--profile", "plan", given=TEXT, NLP3D_PROFILES=f"a{os.pathsep}b").stderr
    write("c/strict.yaml", policy)
    assert "profile_name_taken" in run("suggest", "--profile", "plan", given=TEXT, NLP3D_PROFILES="c").stderr
