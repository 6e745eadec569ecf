"""Makes requirements.txt, sbom.cdx.json and LICENCES.md anew from pyproject.toml. Needs the network, and pip and cyclonedx-bom.

    python delivery/lock.py

The resolver of pip chooses the newest versions; the hash is that of the one file pip would install here. The other two files
are read from an environment into which exactly these packages were installed.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
HEAD = """# Made by delivery/lock.py for CPython 3.11 on Linux x86_64. Every package by the hash of its file.
"""
# What a component of the bill of materials keeps: nothing that depends on where the packages were fetched from.
KEPT = ("bom-ref", "type", "name", "version", "purl", "licenses", "hashes", "description")


def resolved() -> list[dict[str, Any]]:
    """What pip would install for the program, our own package left out."""
    command = [sys.executable, "-m", "pip", "install", "-q", "--dry-run", "--ignore-installed", "--only-binary", ":all:", "--report", "-", str(HERE.parent)]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return sorted((one for one in report["install"] if one["metadata"]["name"] != "nlp3d"), key=lambda one: name_of(one["metadata"]["name"]))


def name_of(name: str) -> str:
    """The name of a package as indexes write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(packages: list[dict[str, Any]]) -> str:
    """The lines of requirements.txt."""
    lines = [
        f"{name_of(one['metadata']['name'])}=={one['metadata']['version']} \\\n    --hash=sha256:{one['download_info']['archive_info']['hashes']['sha256']}\n"
        for one in packages
    ]
    return HEAD + "".join(lines)


def bill(python: Path, locked: dict[str, str]) -> dict[str, Any]:
    """The CycloneDX bill of an environment, without its own tools, time and addresses, with the hashes of the lock."""
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--of", "JSON", "-o", "-", str(python)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    components = []
    for one in sorted(found["components"], key=lambda one: name_of(one["name"])):
        if name_of(one["name"]) in locked:
            kept = {key: one[key] for key in KEPT if key in one}
            kept["hashes"] = [{"alg": "SHA-256", "content": locked[name_of(one["name"])]}]
            components.append({**kept, "licenses": named(one.get("licenses", []))})
    references = {one["bom-ref"] for one in components}
    edges = [one for one in found.get("dependencies", []) if one["ref"] in references]
    for edge in edges:
        edge["dependsOn"] = [one for one in edge.get("dependsOn", []) if one in references]
    head = {key: found[key] for key in ("bomFormat", "specVersion", "version")}
    about = {"component": {"type": "application", "name": "nlp3d", "licenses": [{"license": {"id": "Apache-2.0"}}]}}
    return {**head, "metadata": about, "components": components, "dependencies": edges}


def named(licences: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Licences by id, name or expression, without their texts."""
    out: list[dict[str, Any]] = []
    for one in licences:
        if "expression" in one:
            return [{"expression": one["expression"]}]
        kept = {key: one["license"][key] for key in ("id", "name") if key in one["license"]}
        if kept and {"license": kept} not in out and not str(kept.get("name", "")).startswith("declared license"):
            out.append({"license": kept})
    return out


def licence(component: dict[str, Any]) -> str:
    """The licences of a component in a few words."""
    words = [one.get("expression") or one["license"].get("id") or one["license"]["name"] for one in component["licenses"]]
    return ", ".join(dict.fromkeys(word.removeprefix("License :: OSI Approved :: ").splitlines()[0] for word in words))


def main() -> None:
    """Write the three files."""
    packages = resolved()
    text = requirements(packages)
    locked = {name_of(one["metadata"]["name"]): one["download_info"]["archive_info"]["hashes"]["sha256"] for one in packages}
    with tempfile.TemporaryDirectory() as work:
        (Path(work) / "requirements.txt").write_text(text, encoding="utf-8")
        python = Path(work) / "venv" / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", python.parents[1]], check=True)
        command = [python, "-m", "pip", "install", "-q", "--no-deps", "--require-hashes", "-r", Path(work) / "requirements.txt"]
        subprocess.run(command, check=True)
        found = bill(python, locked)
    (HERE / "requirements.txt").write_text(text, encoding="utf-8")
    (HERE / "sbom.cdx.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    rows = "".join(f"| {name_of(one['name'])} | {one['version']} | {licence(one)} |\n" for one in found["components"])
    head = "# Licences of the packages nlp3d runs with\n\nMade by `delivery/lock.py` from what each package says of itself.\n\n| package | version | licence |\n|---|---|---|\n"
    (HERE / "LICENCES.md").write_text(head + rows, encoding="utf-8")


if __name__ == "__main__":
    main()
