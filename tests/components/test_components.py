"""The components give the answer of `nlp3d.suggest` whatever tokenizer and sentence splitter stand before them."""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

import nlp3d
from nlp3d.components import FACTORIES
from nlp3d.errors import Nlp3dError

GOLD = Path(__file__).parents[2] / "data" / "gold"
REPORTS = [
    json.loads(line) for path in sorted(GOLD.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
]
EXAMPLE = "CT FEMUR\nTECHNIQUE: 3\N{NON-BREAKING HYPHEN}D volume rendered images were made on an independent workstation under my concurrent supervision."


class Pieces:
    """A tokenizer that keeps every character: the pieces an expression finds, each without a space of its own."""

    def __init__(self, nlp: Language, expression: str) -> None:
        self.vocab, self.expression = nlp.vocab, re.compile(expression, re.DOTALL)

    def __call__(self, text: str) -> Doc:
        words = self.expression.findall(text)
        return Doc(self.vocab, words=words, spaces=[False] * len(words))

    def to_bytes(self, **_: Any) -> bytes:
        return b""

    def from_bytes(self, _: bytes, **__: Any) -> Pieces:
        return self


@Language.component("every_fifth_token_ends_a_sentence")
def every_fifth(doc: Doc) -> Doc:
    """A sentence splitter that is always wrong."""
    for token in doc:
        token.is_sent_start = token.i % 5 == 0
    return doc


def _whitespace() -> Language:
    nlp = spacy.blank("en")
    nlp.tokenizer = Pieces(nlp, r"\S+|\s+")
    nlp.add_pipe("every_fifth_token_ends_a_sentence")
    return nlp


def _characters() -> Language:
    nlp = spacy.blank("en")
    nlp.tokenizer = Pieces(nlp, r".")
    return nlp


def _lines() -> Language:
    nlp = spacy.blank("en")
    nlp.tokenizer = Pieces(nlp, r"[^\n]+|\n")
    return nlp


def _english() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    return nlp


def _other_language() -> Language:
    nlp = spacy.blank("xx")
    nlp.add_pipe("sentencizer", config={"punct_chars": [",", ";"]})
    return nlp


def _own() -> Language:
    return spacy.blank("en")


def _complete(nlp: Language) -> Language:
    for factory in FACTORIES:
        nlp.add_pipe(factory)
    return nlp


def _doc(nlp: Language, record: dict[str, Any]) -> Doc:
    doc = nlp.make_doc(record["text"])
    assert doc.text == record["text"]
    doc.user_data["nlp3d_record"] = {name: record[name] for name in ("id", "title", "base", "date_of_service") if record.get(name)}
    return doc


def _expected(record: dict[str, Any]) -> dict[str, Any]:
    given = {name: record.get(name) for name in ("id", "title", "base", "date_of_service")}
    return nlp3d.suggest(record["text"], **given).to_dict()


@pytest.fixture(scope="module")
def expected() -> list[dict[str, Any]]:
    """The answers without spaCy."""
    return [_expected(record) for record in REPORTS]


@pytest.mark.parametrize("make", [_own, _whitespace, _characters, _lines, _english, _other_language])
def test_same_answer_and_offsets(make: Callable[[], Language], expected: list[dict[str, Any]]) -> None:
    nlp = _complete(make())
    for record, answer in zip(REPORTS, expected, strict=True):
        doc = nlp(_doc(nlp, record))
        assert json.dumps(doc._.nlp3d) == json.dumps(answer)
        mentions = doc.user_data["nlp3d"]["mentions"]
        assert len(mentions) == len(doc.spans["nlp3d"])
        for mention, span in zip(mentions, doc.spans["nlp3d"], strict=True):
            assert span.label_ == mention["concept"]
            words = doc.text[mention["start"] : mention["end"]].strip()
            assert words and words in span.text
            assert span.start_char <= mention["start"] < mention["end"] <= span.end_char + 1
        for evidence in doc._.nlp3d["evidence"]:
            if evidence["start"] is not None:
                assert doc.text[evidence["start"] : evidence["end"]] == evidence["text"]


def test_gold_is_there() -> None:
    assert len(REPORTS) >= 100


def test_load_answers() -> None:
    doc = nlp3d.load()(EXAMPLE)
    assert doc._.nlp3d == nlp3d.suggest(EXAMPLE).to_dict()
    assert doc._.nlp3d["code"] == "76377"
    assert not doc.ents
    technique = next(m for m in doc.user_data["nlp3d"]["mentions"] if m["concept"].startswith("technique"))
    assert doc.text[technique["start"] : technique["end"]].startswith("3\N{NON-BREAKING HYPHEN}D")


@pytest.mark.parametrize("factory", FACTORIES)
def test_each_alone(factory: str) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe(factory)
    doc = nlp(EXAMPLE)
    assert {span.label_.split(".")[0] for span in doc.spans["nlp3d"]} >= {"technique", "location"}
    assert (doc._.nlp3d is not None) == (factory == "nlp3d_suggestion")
    assert ("studies" in doc.user_data["nlp3d"]) == (factory in ("nlp3d_facts", "nlp3d_suggestion"))
    assert Doc(nlp.vocab).from_bytes(doc.to_bytes()).user_data["nlp3d"] == doc.user_data["nlp3d"]


def test_steps_and_factories_are_the_same() -> None:
    from nlp3d.pipeline import steps

    assert tuple(f"nlp3d_{name}" for name, _ in steps()) == FACTORIES[:-2]


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_no_text(text: str) -> None:
    nlp = nlp3d.load()
    assert nlp(text)._.nlp3d == nlp3d.suggest(text).to_dict()


def test_profile_and_date_are_configuration() -> None:
    text = "CT FEMUR\nTECHNIQUE: Volume rendered 3D images were made on an independent workstation."
    assert nlp3d.load()(text)._.nlp3d["code"] is None
    doc = nlp3d.load("lenient", "2020-03-01")(text)
    assert doc._.nlp3d == nlp3d.suggest(text, profile="lenient", date_of_service="2020-03-01").to_dict()
    assert doc._.nlp3d["code"] == "76377"


def test_unknown_profile_fails_when_it_is_built() -> None:
    with pytest.raises(Nlp3dError):
        nlp3d.load("no_such_profile")


def test_caller_base() -> None:
    nlp = nlp3d.load()
    record = {
        "text": "Volume rendered images were made on an independent workstation under my direct supervision.",
        "base": "cta",
        "id": "7",
    }
    assert nlp(_doc(nlp, record))._.nlp3d == _expected(record)


def test_pipe_in_order_with_contexts() -> None:
    nlp, records = nlp3d.load(), REPORTS[:40]
    found = [
        (context, doc._.nlp3d["reason"]) for doc, context in nlp.pipe(((r["text"], r["id"]) for r in records), as_tuples=True, batch_size=7)
    ]
    assert found == [(r["id"], nlp3d.suggest(r["text"]).reason) for r in records]


def test_two_processes() -> None:
    nlp, records = nlp3d.load(), REPORTS[:30]
    docs = list(nlp.pipe([_doc(nlp, r) for r in records], n_process=2, batch_size=10))
    assert [doc._.nlp3d for doc in docs] == [_expected(r) for r in records]
    assert [len(doc.spans["nlp3d"]) for doc in docs] == [len(doc.user_data["nlp3d"]["mentions"]) for doc in docs]


def test_copies_keep_everything() -> None:
    nlp = nlp3d.load()
    doc = nlp(EXAMPLE)
    stored = next(iter(DocBin(store_user_data=True, docs=[doc]).get_docs(nlp.vocab)))
    for copy in (pickle.loads(pickle.dumps(doc)), stored, doc.copy(), Doc(nlp.vocab).from_bytes(doc.to_bytes())):
        assert copy._.nlp3d == doc._.nlp3d
        assert json.dumps(copy.user_data["nlp3d"]) == json.dumps(doc.user_data["nlp3d"])
        assert [(s.label_, s.start_char, s.end_char) for s in copy.spans["nlp3d"]] == [
            (s.label_, s.start_char, s.end_char) for s in doc.spans["nlp3d"]
        ]
        assert nlp(copy)._.nlp3d == doc._.nlp3d


def test_spans_survive_a_docbin_without_user_data() -> None:
    nlp = nlp3d.load()
    doc = nlp(EXAMPLE)
    stored = next(iter(DocBin(docs=[doc]).get_docs(nlp.vocab)))
    assert stored._.nlp3d is None
    assert [s.label_ for s in stored.spans["nlp3d"]] == [s.label_ for s in doc.spans["nlp3d"]]


def test_to_disk_and_back(tmp_path: Path) -> None:
    nlp3d.load("lenient", "2020-03-01").to_disk(tmp_path / "pipeline")
    nlp = spacy.load(tmp_path / "pipeline")
    assert nlp.pipe_names == list(FACTORIES)
    assert nlp.config["components"]["nlp3d_suggestion"]["profile"] == "lenient"
    assert nlp(EXAMPLE)._.nlp3d == nlp3d.suggest(EXAMPLE, profile="lenient", date_of_service="2020-03-01").to_dict()


def test_to_bytes_and_back() -> None:
    nlp = nlp3d.load().from_bytes(nlp3d.load().to_bytes())
    assert nlp(EXAMPLE)._.nlp3d == nlp3d.suggest(EXAMPLE).to_dict()


def test_memory_zone_leaves_plain_data() -> None:
    nlp = nlp3d.load()
    with nlp.memory_zone():
        answers = [doc._.nlp3d for doc in nlp.pipe([EXAMPLE] * 3)]
    assert answers == [nlp3d.suggest(EXAMPLE).to_dict()] * 3


def test_pipeline_analysis_finds_no_problem() -> None:
    assert not any(nlp3d.load().analyze_pipes()["problems"].values())
