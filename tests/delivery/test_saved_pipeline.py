"""A pipeline saved at a site with additions answers elsewhere, without them, with the same bytes: as a folder, as bytes, as a wheel."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import ROOT, Environment, new_environment

PRODUCT = (ROOT / "tests" / "data" / "site" / "products.yaml").read_text(encoding="utf-8")
POLICY = (ROOT / "tests" / "data" / "site" / "policy.yaml").read_text(encoding="utf-8")
TEXTS = [
    "CT FEMUR. Holograms were made on BoneForge under my direct supervision. The holograms show the callus.",
    "CT FEMUR. 3D volume rendered images were made on the scanner console under my direct supervision.",
    "CT FEMUR. 3D fancy glow images were made on an independent workstation under my direct supervision.",
    "",
]
# Run at the site: what `nlp3d.suggest` gives there, and the pipeline saved in each way.
SAVE = """
import json, sys, nlp3d, spacy
from pathlib import Path
texts = json.loads(Path("texts.json").read_text(encoding="utf-8"))
nlp = spacy.blank("en")
nlp.add_pipe("nlp3d", config={"profile": "our_plan", "date_of_service": "2026-03-01"})
nlp.to_disk("model")
Path("model.bytes").write_bytes(nlp.to_bytes())
print(json.dumps([nlp3d.suggest(text, profile="our_plan", date_of_service="2026-03-01").to_json() for text in texts]))
"""
LOAD = """
import json, sys, spacy, nlp3d
from pathlib import Path
texts, kind = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), sys.argv[2]
if kind == "bytes":
    nlp = spacy.blank("en")
    nlp.add_pipe("nlp3d", config={"profile": "our_plan", "date_of_service": "2026-03-01"})
    nlp.from_bytes(Path(sys.argv[3]).read_bytes())
else:
    nlp = spacy.load(sys.argv[3])
labels = nlp.pipe_labels["nlp3d"]
docs = list(nlp.pipe(texts))
assert {span.label_ for doc in docs for span in doc.spans["nlp3d"]} <= set(labels) and "technique.fancy_glow" in labels
assert nlp3d.suggest(texts[0]).code is None
print(json.dumps([doc.user_data["nlp3d_suggestion"] for doc in docs]))
"""


@pytest.fixture(scope="module")
def site(installed: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a product, a word class, a technique of its own and a policy; its saved pipeline; the answers there."""
    folder = tmp_path_factory.mktemp("site")
    for name, text in {
        "nlp3d.toml": "vocabulary = ['vocabulary', 'more']\nprofiles = ['policies']\n",
        "vocabulary/products.yaml": PRODUCT,
        "vocabulary/technique.yaml": 'volume_rendering:\n  phrases: ["{holo}"]\n  source: [expert]\n',
        "vocabulary/classes.yaml": "holo: [hologram*]\n",
        "more/technique.yaml": "fancy_glow:\n  phrases: [3D fancy glow images]\n  source: [expert]\n",
        "policies/our_plan.yaml": POLICY,
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    gold = [json.loads(line)["text"] for line in (ROOT / "data" / "gold" / "dev_00.jsonl").read_text(encoding="utf-8").splitlines()]
    (folder / "texts.json").write_text(json.dumps(TEXTS + gold), encoding="utf-8")
    (folder / "answers.json").write_text(installed.python("-c", SAVE, cwd=folder), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def wanted(site: Path) -> list[str]:
    """The answers at the site."""
    return list(json.loads((site / "answers.json").read_text(encoding="utf-8")))


def test_the_additions_count_at_the_site(wanted: list[str]) -> None:
    answers = [json.loads(one) for one in wanted]
    assert [(one["code"], one["reason"]) for one in answers[:4]] == [("76377", "supported"), (None, "other_output"), ("76377", "supported"), (None, None)]
    assert {one["profile"] for one in answers} == {"our_plan"} and all("site_vocabulary" in one["versions"] for one in answers)
    assert len(answers) > 20


@pytest.mark.parametrize("kind", ["folder", "bytes"])
def test_folder_and_bytes(installed: Environment, site: Path, wanted: list[str], kind: str) -> None:
    path = site / ("model" if kind == "folder" else "model.bytes")
    assert json.loads(installed.python("-c", LOAD, site / "texts.json", kind, path)) == wanted


def test_another_site_reads_it_without_its_own_additions(installed: Environment, site: Path, wanted: list[str], tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "products.yaml").write_text(PRODUCT.replace("BoneForge", "Console Y").replace("bone~forge*", "independent workstation 9"), encoding="utf-8")
    (tmp_path / "our_plan.yaml").write_text(POLICY.replace("supported.scanner", "supported.workstation"), encoding="utf-8")
    (tmp_path / "nlp3d.toml").write_text("vocabulary = ['words']\nprofiles = ['our_plan.yaml']\n", encoding="utf-8")
    assert json.loads(installed.python("-c", LOAD, site / "texts.json", "folder", site / "model", cwd=tmp_path)) == wanted


def test_a_wheel_of_it_in_an_environment_of_its_own(
    installed: Environment, built: Path, site: Path, wanted: list[str], tmp_path: Path
) -> None:
    (tmp_path / "made").mkdir()
    named = ["--name", "reports", "--version", "1.2.3", "--build", "wheel"]
    installed.python("-m", "spacy", "package", site / "model", tmp_path / "made", *named)
    wheel = next((tmp_path / "made").rglob("*.whl"))
    meta = json.loads(next((tmp_path / "made").glob("*/en_reports/meta.json")).read_text(encoding="utf-8"))
    assert sum(need.startswith("nlp3d>=") for need in meta["requirements"]) == 1
    other = new_environment(tmp_path)
    other.install(next(built.glob("*.whl")), wheel)
    assert json.loads(other.python("-c", LOAD, site / "texts.json", "wheel", "en_reports")) == wanted


def test_another_release_is_said(installed: Environment, site: Path, wanted: list[str], tmp_path: Path) -> None:
    done = installed.run("python", "-c", LOAD, site / "texts.json", "folder", site / "model")
    assert "pack_release" not in done.stderr
    release = site / "model" / "nlp3d" / "pack" / "release.txt"
    kept = release.read_bytes()
    release.write_bytes(b"0.0.7\n<b>")
    done = installed.run("python", "-c", LOAD, site / "texts.json", "folder", site / "model")
    release.write_bytes(kept)
    assert done.returncode == 0 and json.loads(done.stdout) == wanted
    assert "pack_release" in done.stderr and "0.0.7" in done.stderr and "<b>" not in done.stderr


def test_names_that_lead_out_of_the_pack_are_refused(installed: Environment) -> None:
    for name in ("../out.yaml", "policy/../../out.yaml", "/out.yaml", "policy\\\\out.yaml"):
        program = f"import spacy, json; n = spacy.blank('en').add_pipe('nlp3d'); n.from_bytes(json.dumps({{{name!r}: ''}}).encode())"
        done = installed.run("python", "-c", program)
        assert done.returncode == 1 and "pack_folder" in done.stderr
    assert not (installed.elsewhere.parent / "out.yaml").exists()
