"""The component `nlp3d` in spaCy: what an engineer expects of a well-behaved one, each row of the conventions a test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.util import get_minor_version_range

import nlp3d
from nlp3d.annotations import KEY, RECORD
from nlp3d.concepts import concepts
from nlp3d.errors import Nlp3dError
from nlp3d.pack import installed

ROOT = Path(__file__).parents[2]
SUPPORTED = "CT FEMUR\nTECHNIQUE: Volume rendered 3D images were made on an independent workstation under my concurrent supervision."

ON_BONEFORGE = "CT FEMUR. Volume rendered images were made on BoneForge under my direct supervision."
BONEFORGE = """
- name: BoneForge
  vendor: Example Imaging
  kind: workstation
  phrases: [bone~forge*]
  source: [expert]
  checked: 2026-11-23
"""
POLICY = """payer: Example Health Plan
policy: RAD-1
parent: strict
checked_through: 2026-11-23
source: [expert]
note: Invented.
rows:
- id: supported.workstation
  says: This plan pays no 3D.
  outcome: {code: null, reason: other_output}
  source: [expert]
"""


def python(*arguments: str, cwd: Path, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """A process of its own that must go well."""
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=300,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{path or ''}"},
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def with_nlp3d(**config: Any) -> Language:
    """A blank pipeline with the component."""
    nlp = spacy.blank("en")
    nlp.add_pipe("nlp3d", config=config)
    return nlp


@pytest.fixture(scope="module")
def nlp() -> Language:
    """A pipeline that is not changed."""
    return with_nlp3d()


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A saved pipeline of another maker's parts and ours."""
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    pipeline.add_pipe("nlp3d", config={"date_of_service": "2026-03-01"})
    pipeline.to_disk(tmp_path / "model")
    return tmp_path / "model"


def test_found_by_entry_point_without_importing_the_package(tmp_path: Path) -> None:
    program = f"import spacy; n = spacy.blank('en'); n.add_pipe('nlp3d'); d = n({SUPPORTED!r}); print(d._.nlp3d['code'], d.spans['nlp3d'][0].id_)"
    assert python("-c", program, cwd=tmp_path).stdout.split()[0] == "76377"


def test_making_any_pipeline_loads_none_of_the_steps(tmp_path: Path) -> None:
    program = "import sys, spacy; spacy.blank('en'); print([m for m in sys.modules if m in ('nlp3d.pipeline', 'nlp3d.participation', 're2')])"
    assert python("-c", program, cwd=tmp_path).stdout.strip() == "[]"


def test_same_answer_as_suggest_for_every_record(nlp: Language, records: list[dict[str, Any]]) -> None:
    for record in records:
        doc = nlp(nlp3d.make_doc(nlp, **record))
        assert doc.user_data["nlp3d_suggestion"] == nlp3d.suggest(**record).to_json()
        assert json.dumps(doc._.nlp3d, ensure_ascii=False, separators=(",", ":")) == nlp3d.suggest(**record).to_json()


def test_spans_name_concept_and_entry(nlp: Language) -> None:
    doc = nlp("CT FEMUR. 3D volume rendered images were made on Vitrea under my direct supervision.")
    assert {(s.text, s.label_, s.id_) for s in doc.spans["nlp3d"]} >= {
        ("Vitrea", "location.workstation", "Vitrea"),
        ("3D volume rendered", "technique.volume_rendering", "technique.volume_rendering"),
    }


def test_every_label_is_in_the_label_scheme(nlp: Language, gold: list[dict[str, Any]]) -> None:
    docs = [nlp(record["text"]) for record in gold]
    seen = {span.label_ for doc in docs for span in doc.spans["nlp3d"]}
    assert len(seen) > 40
    assert seen <= set(concepts()) == set(nlp.pipe_labels["nlp3d"])


@pytest.mark.parametrize("first", [True, False])
def test_entities_of_another_component_stay(first: bool) -> None:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PLACE", "pattern": "independent workstation"}, {"label": "BODY", "pattern": "FEMUR"}])
    pipeline.add_pipe("nlp3d", **({"first": True} if first else {"last": True}))
    doc = pipeline(SUPPORTED)
    assert [(e.text, e.label_) for e in doc.ents] == [("FEMUR", "BODY"), ("independent workstation", "PLACE")]
    assert doc._.nlp3d == nlp3d.suggest(SUPPORTED).to_dict()
    assert len(list(doc.sents)) == 1


def test_entities_merged_into_tokens_change_no_answer() -> None:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns([{"label": "X", "pattern": "3D images were made"}])
    pipeline.add_pipe("merge_entities")
    pipeline.add_pipe("nlp3d")
    doc = pipeline(SUPPORTED)
    assert any(token.text == "3D images were made" for token in doc)
    assert doc._.nlp3d == nlp3d.suggest(SUPPORTED).to_dict()


def test_config_reproduces_every_knob() -> None:
    first = with_nlp3d(profile="lenient", date_of_service="2020-03-01", spans_key="three_d", extension="rendering")
    config = json.loads(json.dumps(first.config))
    assert set(config["components"]["nlp3d"]) == {"factory", "profile", "date_of_service", "spans_key", "extension", "pack", "scorer"}
    again = spacy.util.load_model_from_config(first.config)
    for pipeline in (first, again):
        doc = pipeline(SUPPORTED)
        assert doc._.rendering == nlp3d.suggest(SUPPORTED, profile="lenient", date_of_service="2020-03-01").to_dict()
        assert [s.label_ for s in doc.spans["three_d"]] == [s.label_ for s in doc.spans[KEY]]
        assert doc._.nlp3d is None


def test_two_profiles_in_one_pipeline() -> None:
    pipeline = with_nlp3d()
    pipeline.add_pipe("nlp3d", name="second", config={"profile": "lenient", "extension": "lenient_3d"})
    text = "CT FEMUR. Volume rendered images were made on an independent workstation."
    doc = pipeline(text)
    assert doc._.nlp3d == nlp3d.suggest(text).to_dict()
    assert doc._.lenient_3d == nlp3d.suggest(text, profile="lenient").to_dict()
    assert doc._.lenient_3d["code"] != doc._.nlp3d["code"]


def test_a_taken_extension_is_an_error() -> None:
    Doc.set_extension("taken_by_others", default=1)
    with pytest.raises(Nlp3dError, match="extension_taken"):
        with_nlp3d(extension="taken_by_others")
    assert Doc.get_extension("taken_by_others")[0] == 1


def test_unknown_profile_is_an_error_that_names_what_there_is() -> None:
    with pytest.raises(Nlp3dError, match="strict"):
        with_nlp3d(profile="no_such_profile")(SUPPORTED)


def test_analysis_finds_no_problem(nlp: Language) -> None:
    analysis = nlp.analyze_pipes()
    assert not any(analysis["problems"].values())
    assert set(analysis["summary"]["nlp3d"]["assigns"]) == {"doc.spans", "doc._.nlp3d"}


# Saving and loading, with the rules and the vocabulary inside


def test_pack_lies_in_the_saved_pipeline(saved: Path) -> None:
    for part in ("rules/decision.yaml", "rules/payers/united_healthcare.yaml", "vocabulary/products.yaml", "sources.yaml"):
        assert (saved / "nlp3d" / "pack" / part).read_bytes() == (ROOT / "nlp3d" / part).read_bytes()
    assert spacy.load(saved)(SUPPORTED)._.nlp3d == nlp3d.suggest(SUPPORTED, date_of_service="2026-03-01").to_dict()


def test_a_product_of_the_pack_travels_and_is_used(tmp_path: Path) -> None:
    folder = tmp_path / "ours"
    installed().write(folder)
    products = folder / "vocabulary" / "products.yaml"
    products.write_text(products.read_text(encoding="utf-8") + BONEFORGE, encoding="utf-8")
    first = with_nlp3d(pack={"@misc": "nlp3d.Pack.v1", "folder": str(folder)})
    assert first(ON_BONEFORGE)._.nlp3d["code"] == "76377"
    assert nlp3d.suggest(ON_BONEFORGE).code is None
    elsewhere = with_nlp3d().from_bytes(first.to_bytes())
    doc = elsewhere(ON_BONEFORGE)
    assert doc._.nlp3d["code"] == "76377"
    assert ("BoneForge", "BoneForge") in {(s.text, s.id_) for s in doc.spans[KEY]}
    assert elsewhere(SUPPORTED)._.nlp3d["code"] == "76377"


def test_a_rule_of_the_pack_travels_and_is_used(tmp_path: Path, saved: Path) -> None:
    decision = saved / "nlp3d" / "pack" / "rules" / "decision.yaml"
    text = decision.read_text(encoding="utf-8")
    version = next(line for line in text.splitlines() if line.startswith("version:"))
    decision.write_text(text.replace(version, 'version: "another"'), encoding="utf-8")
    answer = spacy.load(saved)(SUPPORTED)._.nlp3d
    assert answer["code"] == "76377"
    assert answer["edition"]["pack"] == "another"
    assert answer["edition"]["sha256"] != nlp3d.suggest(SUPPORTED).edition.sha256


def test_a_profile_that_is_a_file_travels_without_it(tmp_path: Path) -> None:
    policy = tmp_path / "our_plan.yaml"
    policy.write_text(POLICY, encoding="utf-8")
    first = with_nlp3d(profile=str(policy))
    expected = nlp3d.suggest(SUPPORTED, profile=str(policy)).to_dict()
    assert (expected["code"], expected["profile"]) == (None, "our_plan")
    first.to_disk(tmp_path / "model")
    policy.unlink()
    assert spacy.load(tmp_path / "model")(SUPPORTED)._.nlp3d == expected


def test_a_broken_pack_names_file_and_line_and_not_the_text(saved: Path) -> None:
    decision = saved / "nlp3d" / "pack" / "rules" / "decision.yaml"
    decision.write_text(decision.read_text(encoding="utf-8").replace("strict: {code:", "strict: {kode:", 1), encoding="utf-8")
    with pytest.raises(Nlp3dError, match=r"pack/rules/decision\.yaml, line \d+"):
        spacy.load(saved)


def test_word_lists_that_the_code_cannot_take_are_refused(saved: Path) -> None:
    lists = saved / "nlp3d" / "pack" / "admission.yaml"
    lists.write_bytes(lists.read_bytes() + b"\n")
    with pytest.raises(Nlp3dError, match="pack_of_another_release"):
        spacy.load(saved)


def test_excluded_pack_is_not_written(nlp: Language, tmp_path: Path) -> None:
    nlp.get_pipe("nlp3d").to_disk(tmp_path / "without", exclude=["pack"])
    assert not (tmp_path / "without").exists()
    assert nlp.get_pipe("nlp3d").to_bytes(exclude=["pack"]) == b"{}"
    with pytest.raises(Nlp3dError, match="pack_folder"):
        with_nlp3d().get_pipe("nlp3d").from_bytes(b"no json")


# Streams of Docs


def test_docbin_keeps_spans_always_and_answers_with_user_data(nlp: Language) -> None:
    doc = nlp(SUPPORTED)
    with_all, without = (next(iter(DocBin(store_user_data=s, docs=[doc]).get_docs(nlp.vocab))) for s in (True, False))
    assert with_all._.nlp3d == doc._.nlp3d
    assert without._.nlp3d is None
    for copy in (with_all, without):
        assert [(s.label_, s.id_, s.text) for s in copy.spans[KEY]] == [(s.label_, s.id_, s.text) for s in doc.spans[KEY]]


def test_tuples_keep_contexts_and_records(nlp: Language, records: list[dict[str, Any]]) -> None:
    pairs = ((nlp3d.make_doc(nlp, **record), record["id"]) for record in records)
    found = {context: doc.user_data["nlp3d_suggestion"] for doc, context in nlp.pipe(pairs, as_tuples=True, batch_size=5)}
    assert found == {record["id"]: nlp3d.suggest(**record).to_json() for record in records}


def test_memory_zone_keeps_strings_flat(nlp: Language) -> None:
    def answers(start: int) -> list[str]:
        with nlp.memory_zone():
            texts = (f"{SUPPORTED} Accession Q{start + n}ZZ{n}." for n in range(50))
            return [doc._.nlp3d["code"] for doc in nlp.pipe(texts)]

    answers(0)
    before = len(nlp.vocab.strings)
    assert [answers(1000 * n) for n in range(1, 4)] == [["76377"] * 50] * 3
    assert len(nlp.vocab.strings) == before


def test_error_handler_gets_the_doc_and_the_rest_goes_on(nlp: Language) -> None:
    pipeline, seen = with_nlp3d(), []
    pipeline.set_error_handler(lambda name, proc, docs, error: seen.append((name, type(error).__name__)))
    bad = pipeline.make_doc(SUPPORTED)
    bad.user_data[RECORD] = {"date_of_service": "the 3rd"}
    assert [d._.nlp3d["code"] for d in pipeline.pipe([SUPPORTED, bad, SUPPORTED])] == ["76377", "76377"]
    assert seen == [("nlp3d", "Nlp3dError")]


def test_selected_pipes(nlp: Language) -> None:
    with nlp.select_pipes(disable="nlp3d"):
        assert nlp(SUPPORTED)._.nlp3d is None
    assert nlp(SUPPORTED)._.nlp3d["code"] == "76377"


def test_lone_surrogates_and_controls_are_made_safe(nlp: Language) -> None:
    text = "\ud800\x00" + SUPPORTED
    assert nlp(nlp3d.make_doc(nlp, text))._.nlp3d == nlp3d.suggest(text).to_dict()


@pytest.mark.parametrize("spelling", ["3D", "3-D", "3\u2011D", "3\u2013D", "3\u00a0D", "\uff13\uff24", "3d"])
@pytest.mark.parametrize("after", [".", ",", ";", ":", ")", "/VR", "-MIP", " "])
def test_spellings_that_spacy_cuts_in_its_own_way(nlp: Language, spelling: str, after: str) -> None:
    text = f"CT FEMUR. Images were rendered in {spelling}{after} They were made on an independent workstation."
    assert nlp(text)._.nlp3d == nlp3d.suggest(text).to_dict()


# spaCy's own commands


def test_apply(saved: Path, tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    given = [{"text": SUPPORTED, "id": "1", "base": "cta"}, {"text": SUPPORTED, "id": "2", "date_of_service": "2015-02-03"}]
    DocBin(store_user_data=True, docs=[nlp3d.make_doc(nlp, **record) for record in given]).to_disk(tmp_path / "in.spacy")
    python("-m", "spacy", "apply", str(saved), str(tmp_path / "in.spacy"), str(tmp_path / "out.spacy"), cwd=tmp_path)
    found = [d._.nlp3d for d in DocBin().from_disk(tmp_path / "out.spacy").get_docs(nlp.vocab)]
    assert found == [nlp3d.suggest(**{"date_of_service": "2026-03-01", **record}).to_dict() for record in given]


def _gold(nlp: Language, *, keep: bool) -> Doc:
    doc = nlp.make_doc(SUPPORTED)
    where = SUPPORTED.index("independent workstation")
    span = doc.char_span(where, where + len("independent workstation"), label="location.workstation")
    doc.spans[KEY] = [span] if keep else [Span(doc, 0, 1, label="technique.mip")]
    doc.user_data["nlp3d_gold"] = {"code": "76377" if keep else None, "reason": "supported"}
    return doc


def test_benchmark_accuracy_prints_our_figures(saved: Path, tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    DocBin(store_user_data=True, docs=[_gold(nlp, keep=True), _gold(nlp, keep=False)]).to_disk(tmp_path / "gold.spacy")
    arguments = ["benchmark", "accuracy", str(saved), str(tmp_path / "gold.spacy"), "--spans-key", "nlp3d"]
    said = python("-m", "spacy", *arguments, cwd=tmp_path).stdout
    assert "SPAN F" in said and "location.workstation" in said
    examples = [spacy.training.Example(nlp.make_doc(d.text), d) for d in (_gold(nlp, keep=True), _gold(nlp, keep=False))]
    scores = spacy.load(saved).evaluate(examples)
    assert scores["spans_nlp3d_per_type"]["location.workstation"]["r"] == 1.0
    assert scores["spans_nlp3d_per_type"]["technique.mip"]["r"] == 0.0
    assert (scores["nlp3d_code_acc"], scores["nlp3d_code_r"], scores["nlp3d_false_codes"]) == (0.5, 1.0, 1)


def test_scorer_by_family() -> None:
    pipeline = with_nlp3d(scorer={"@scorers": "nlp3d.scorer.v1", "by": "family"})
    doc = pipeline.make_doc(SUPPORTED)
    where = SUPPORTED.index("independent workstation")
    doc.spans[KEY] = [doc.char_span(where, where + len("independent workstation"), label="location")]
    scores = pipeline.evaluate([spacy.training.Example(pipeline.make_doc(SUPPORTED), doc)])
    assert scores["spans_nlp3d_per_type"]["location"] == {"p": 1.0, "r": 1.0, "f": 1.0}


def test_package_as_a_wheel_installs_and_answers(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "built").mkdir()
    python("-m", "spacy", "package", str(saved), str(tmp_path / "built"), "--name", "reports", "--version", "1.2.3", "--build", "wheel", cwd=tmp_path)
    wheel = next((tmp_path / "built").rglob("*.whl"))
    meta = json.loads(next((tmp_path / "built").glob("*/en_reports/meta.json")).read_text(encoding="utf-8"))
    assert [need for need in meta["requirements"] if need.startswith("nlp3d")] == [f"nlp3d{get_minor_version_range(version('nlp3d'))}"]
    python("-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(tmp_path / "site"), str(wheel), cwd=tmp_path)
    program = f"import spacy; print(spacy.load('en_reports')({SUPPORTED!r})._.nlp3d['code'])"
    assert python("-c", program, cwd=tmp_path, path=tmp_path / "site").stdout.strip() == "76377"


def test_displacy_draws_with_our_colours(nlp: Language) -> None:
    from spacy import displacy

    html = displacy.render(nlp3d.displacy_data(nlp("<b> " + SUPPORTED)), style="span", manual=True, jupyter=False)
    assert "#9ad0f5" in html and "technique.volume_rendering" in html
    assert "&lt;" in html and "<b>" not in html
