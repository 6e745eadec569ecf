"""The built wheel and source archive as an administrator gets them: complete, and working where there is no network."""

from __future__ import annotations

import json
import tarfile
import tomllib
import zipfile
from importlib.metadata import Distribution
from pathlib import Path

import pytest

import nlp3d

from .conftest import ROOT, Environment, without_network

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SAMPLE = ROOT / "data" / "samples" / "05_shoulder_no_location.txt"


@pytest.fixture(scope="session")
def inside(built: Path) -> dict[str, bytes]:
    """The files of the wheel."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        return {name: wheel.read(name) for name in wheel.namelist()}


@pytest.fixture(scope="session")
def source(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked source archive."""
    folder = tmp_path_factory.mktemp("source")
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    return next(folder.iterdir())


def test_the_wheel_holds_every_file_of_the_package_and_no_other(inside: dict[str, bytes]) -> None:
    ours = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in (ROOT / "nlp3d").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert {name: raw for name, raw in inside.items() if ".dist-info/" not in name} == ours
    for name in ("suggestion", "record", "decision"):
        assert json.loads(inside[f"nlp3d/schema/{name}.schema.json"])["$schema"]


def test_the_wheel_holds_licence_notice_and_entry_points(inside: dict[str, bytes]) -> None:
    head = f"nlp3d-{SETTINGS['version']}.dist-info/"
    for name in ("LICENSE", "NOTICE"):
        assert inside[f"{head}licenses/{name}"] == (ROOT / name).read_bytes()
    said = inside[f"{head}METADATA"].decode()
    assert "License-Expression: Apache-2.0" in said and "License-File: NOTICE" in said
    points = inside[f"{head}entry_points.txt"].decode()
    for group in SETTINGS["entry-points"]:
        assert f"[{group}]" in points
    assert "nlp3d = nlp3d.cli:main" in points


def test_no_network_is_reached(installed: Environment) -> None:
    if not without_network():
        pytest.skip("this system lets no one take the network away")
    program = "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.connect(('192.0.2.1', 9))"
    assert "unreachable" in installed.run("python", "-c", program).stderr


def test_what_is_installed_is_the_wheel(installed: Environment) -> None:
    where = Path(installed.python("-c", "import nlp3d; print(nlp3d.__file__)").strip())
    assert where.is_relative_to(installed.folder)
    found = installed.python("-c", "from importlib.metadata import entry_points as e; print(*[p.value for p in e(name='nlp3d') if p.load()])")
    assert {"nlp3d.cli:main", "nlp3d.components:make_nlp3d", "nlp3d.colours:colours"} <= set(found.split())


def test_the_command(installed: Environment) -> None:
    shown = installed.run("nlp3d", "--help")
    assert shown.returncode == 0 and "suggest" in shown.stdout and shown.stderr == ""
    answer = installed.run("nlp3d", "suggest", "--format", "jsonl", SAMPLE)
    assert answer.stdout == nlp3d.suggest(SAMPLE.read_text(encoding="utf-8")).to_json() + "\n"
    for name in ("suggestion", "record", "decision"):
        assert installed.run("nlp3d", "schema", name).stdout == (ROOT / "nlp3d" / "schema" / f"{name}.schema.json").read_text(encoding="utf-8")


def test_spacy_finds_the_component(installed: Environment) -> None:
    program = "import spacy; n = spacy.blank('en'); n.add_pipe('nlp3d'); print(n('CT FEMUR. No fracture.')._.nlp3d['reason'])"
    assert installed.python("-c", program) == "no_3d_rendering\n"


def test_the_source_archive_holds_what_is_needed_to_check_it(installed: Environment, source: Path) -> None:
    for name in ("LICENSE", "NOTICE", "README.md", "CHANGELOG.md", "SECURITY.md", "pyproject.toml", "delivery/sbom.cdx.json", "delivery/requirements.txt"):
        assert (source / name).read_bytes() == (ROOT / name).read_bytes()
    assert not [path for path in source.rglob("*") if path.name in ("__pycache__", ".venv", ".git")]
    done = installed.run("nlp3d", "eval", source / "data" / "gold")
    assert done.returncode == 0, done.stderr
    assert "160" in done.stdout


def test_a_wheel_built_from_the_source_archive_is_the_same(built: Path, source: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    subprocess.run([*without_network(), sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], cwd=source, check=True, capture_output=True)
    assert next(tmp_path.glob("*.whl")).read_bytes() == next(built.glob("*.whl")).read_bytes()


def test_what_the_environment_says_of_itself(installed: Environment) -> None:
    found = next(Distribution.discover(name="nlp3d", path=[str(next((installed.folder / "lib").glob("*/site-packages")))]))
    assert found.version == SETTINGS["version"]
    assert {str(path) for path in found.files or ()} >= {"nlp3d/schema/suggestion.schema.json", "nlp3d/rules/decision.yaml", "nlp3d/py.typed"}
    done = installed.run("nlp3d", "doctor", installed.elsewhere)
    assert done.returncode == 0, done.stdout + done.stderr
