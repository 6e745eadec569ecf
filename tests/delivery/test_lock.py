"""The lock, the bill of materials and the list of licences say the same, hold what the program asks for, and name no host."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
HERE = ROOT / "delivery"
LOCK = dict(re.findall(r"^([a-z0-9-]+)==(\S+) \\\n    --hash=sha256:[0-9a-f]{64}$", (HERE / "requirements.txt").read_text(), re.MULTILINE))
HASHES = dict(re.findall(r"^([a-z0-9-]+)==\S+ \\\n    --hash=sha256:([0-9a-f]{64})$", (HERE / "requirements.txt").read_text(), re.MULTILINE))
BILL = json.loads((HERE / "sbom.cdx.json").read_text())
FREE = re.compile(r"MIT|BSD|Apache|ISC|PSF|Python-2|Python Software|MPL-2|Mozilla|0BSD|Zlib|CC0|Unlicense", re.IGNORECASE)


def test_every_line_of_the_lock_has_a_hash() -> None:
    text = (HERE / "requirements.txt").read_text()
    assert len(LOCK) == text.count("==") == text.count("--hash=") > 20


def test_the_lock_holds_what_the_program_asks_for() -> None:
    for line in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]:
        wanted = Requirement(line)
        assert wanted.specifier.contains(LOCK[canonicalize_name(wanted.name)]), line


def test_the_bill_and_the_licences_match_the_lock() -> None:
    assert {canonicalize_name(one["name"]): one["version"] for one in BILL["components"]} == LOCK
    assert {canonicalize_name(one["name"]): one["hashes"][0]["content"] for one in BILL["components"]} == HASHES
    rows = re.findall(r"^\| ([a-z0-9-]+) \| (\S+) \| (.+) \|$", (HERE / "LICENCES.md").read_text(), re.MULTILINE)
    assert {name: version for name, version, _ in rows if name != "package"} == LOCK
    assert not [row for row in rows if row[0] != "package" and not FREE.search(row[2])]


def test_no_file_names_a_registry() -> None:
    for path in HERE.iterdir():
        assert not re.search(r"https?://|pypi\.org|pythonhosted|index-url [^<]", path.read_text(encoding="utf-8")), path.name
