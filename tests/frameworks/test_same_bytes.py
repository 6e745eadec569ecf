"""Each surface gives the same JSON bytes for the same record: Python, command, spaCy, pandas, polars, archive, web API, Spark."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import DocBin

import nlp3d
import nlp3d.pandas
import nlp3d.polars
from nlp3d.archive.run import open_run

ROOT = Path(__file__).parents[2]
KNOWN = ("title", "base", "date_of_service", "id")
MADE = "Volume rendered 3D images were made on an independent workstation under my concurrent supervision."
SHORT = ("id", "status", "detail", "code", "reason", "edition", "date_of_service", "needs_review", "flags", "text_sha256")
ODD: list[dict[str, Any]] = [
    {"text": None},
    {"text": ""},
    {"text": " \r\n\t"},
    {"text": MADE, "title": None, "base": None, "date_of_service": None},
    {"text": MADE, "title": "CT FEMUR", "date_of_service": "2026-03-01"},
    {"text": MADE, "title": "", "base": "cta"},
    {"text": "CT FEMUR\n" + MADE, "date_of_service": "2005-12-31"},
    {"text": "\U0001f600 \U0001f468\u200d\U0001f469 CT FEMUR\r\n\r\nTECHNIQUE: " + MADE + "\r\n"},
    {"text": "CT FEMUR\n" + MADE.replace("made", "ma\u0301de") + " \u0938\u094d\u0924\u0947", "title": "CT \U0001f9b4 \u0152"},
    {"text": "\ufeffCT FEMUR\x00 \x0b" + MADE + "\u2028\u00a0\x85"},
    {"text": 'CT "FEMUR", \\n ' + MADE.replace(" ", "\t") + " </script>\u007f"},
    {"text": "CT FEMUR\n" + MADE + "\n\nADDENDUM:\nThe 3D images were made at the scanner console. Signed by Dr. B.", "title": "CT FEMUR"},
    {"text": "EXAM 1: CT FEMUR\n" + MADE + "\nEXAM 2: CTA CHEST\nMIP images were made at the console.\nEXAM 3: MR KNEE\nNo 3D images."},
    {"text": "Radiographie du thorax. Les poumons sont clairs et le coeur est de taille normale pour une femme de cet age."},
    {"text": "import sys; sys.exit(main())"},
    {"text": "CT chest. The lungs are clear. 73677"},
]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


@pytest.fixture(scope="module")
def given() -> list[dict[str, Any]]:
    """The annotated reports (every fifth, all with NLP3D_LONG_TESTS=1), the samples and odd records; every id is another."""
    found = [record for path in sorted((ROOT / "data" / "gold").glob("dev_*.jsonl")) for record in _lines(path)][:: 1 if os.environ.get("NLP3D_LONG_TESTS") else 5]
    found += _lines(ROOT / "data" / "samples" / "reports.jsonl") + ODD
    return [{"text": one["text"], **{name: one.get(name) for name in KNOWN}, "id": f"{number}-{one.get('id')}"} for number, one in enumerate(found)]


@pytest.fixture(scope="module")
def wanted(given: list[dict[str, Any]]) -> list[str]:
    """The answers of `nlp3d.suggest`."""
    return [nlp3d.suggest(**one).to_json() for one in given]


@pytest.fixture(scope="module")
def listed(given: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The records as a file of lines."""
    path = tmp_path_factory.mktemp("records") / "records.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in given), encoding="utf-8")
    return path


def _run(folder: Path, *arguments: str | Path) -> bytes:
    """The output of the command, which must go well."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "NLP3D_CONFIG": "off", "PYTHONHASHSEED": "11"}
    done = subprocess.run([sys.executable, "-m", "nlp3d", *map(str, arguments)], capture_output=True, cwd=folder, env=variables, timeout=280, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def _differ(found: list[Any], wanted: list[Any]) -> list[int]:
    """Where two lists of the same length differ."""
    assert len(found) == len(wanted)
    return [place for place, (one, other) in enumerate(zip(found, wanted, strict=True)) if one != other]


def test_the_records_say_something(wanted: list[str]) -> None:
    answers = [json.loads(one) for one in wanted]
    assert len(wanted) >= 60
    assert {one["code"] for one in answers} == {"76376", "76377", None}
    assert {one["status"] for one in answers} == {"answered", "no_text", "not_a_report", "unsupported_language"}
    assert any(len(one["studies"]) > 2 for one in answers)


def test_command(listed: Path, wanted: list[str]) -> None:
    assert _differ(_run(listed.parent, "suggest", listed).decode().splitlines(keepends=True), [one + "\n" for one in wanted]) == []


@pytest.fixture(scope="module")
def nlp() -> Language:
    """A pipeline with parts of another maker around ours."""
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    pipeline.add_pipe("nlp3d")
    pipeline.add_pipe("entity_ruler").add_patterns([{"label": "PLACE", "pattern": "workstation"}])
    return pipeline


@pytest.mark.parametrize("processes", [1, 2])
def test_spacy(nlp: Language, given: list[dict[str, Any]], wanted: list[str], processes: int) -> None:
    docs = (nlp3d.make_doc(nlp, **{**one, "text": one["text"] or ""}) for one in given)
    answered = list(nlp.pipe(docs, n_process=processes, batch_size=50))
    assert _differ([doc.user_data["nlp3d_suggestion"] for doc in answered], wanted) == []
    stored = DocBin(store_user_data=True, docs=answered).to_bytes()
    again = list(DocBin().from_bytes(stored).get_docs(spacy.blank("en").vocab))
    assert _differ([json.dumps(doc._.nlp3d, ensure_ascii=False, separators=(",", ":")) for doc in again], wanted) == []


def _with_missing(given: list[dict[str, Any]], wanted: list[str]) -> list[str | None]:
    return [None if one["text"] is None else answer for one, answer in zip(given, wanted, strict=True)]


@pytest.mark.parametrize("workers", [0, 2])
def test_pandas(given: list[dict[str, Any]], wanted: list[str], workers: int) -> None:
    frame = pd.DataFrame(given, index=range(7, 7 + len(given)))
    known = {name: name for name in KNOWN}
    for answers in (
        nlp3d.suggest_frame(frame, workers=workers, **known),
        frame["text"].nlp3d.suggest(workers=workers, **{name: frame[name] for name in KNOWN}),
    ):
        assert answers.index.equals(frame.index)
        assert _differ(answers["json"].astype(object).where(answers["json"].notna(), None).tolist(), _with_missing(given, wanted)) == []


@pytest.mark.parametrize("workers", [0, 2])
def test_polars(given: list[dict[str, Any]], wanted: list[str], workers: int) -> None:
    frame = pl.DataFrame(given, infer_schema_length=None)
    answers = nlp3d.suggest_frame(frame, workers=workers, **{name: name for name in KNOWN})
    assert _differ(answers["json"].to_list(), _with_missing(given, wanted)) == []
    alone = frame["text"].nlp3d.suggest(workers=workers)["json"].to_list()
    assert _differ(alone, [None if one["text"] is None else nlp3d.suggest(one["text"]).to_json() for one in given]) == []


def _answer_of(row: dict[str, Any], answer: str) -> str:
    """The part of a row that is the answer, as the answer is written; a short one without the fields it does not have."""
    whole = json.loads(answer)
    return json.dumps({name: row[name] for name in whole if name in row}, ensure_ascii=False, separators=(",", ":"))


def _cut(answer: str) -> dict[str, Any]:
    """A full answer cut to what a short one has."""
    whole = json.loads(answer)
    studies = [{name: one[name] for name in ("index", "name", "procedure", "base")} for one in whole["studies"]]
    return {**{name: whole[name] for name in SHORT}, "detail": "short", "studies": studies}


def _check_rows(rows: list[dict[str, Any]], given: list[dict[str, Any]], wanted: list[str]) -> list[str]:
    """Compare rows with answers; the details of the rows."""
    by_id = {row["id"]: row for row in rows}
    assert len(by_id) == len(rows) == len(given)
    for one, answer in zip(given, wanted, strict=True):
        row = by_id[one["id"]]
        if row["detail"] == "full":
            assert _answer_of(row, answer) == answer
        else:
            assert {name: row[name] for name in _cut(answer)} == _cut(answer)
    return [row["detail"] for row in rows]


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("prefilter", [True, False])
def test_batch(listed: Path, given: list[dict[str, Any]], wanted: list[str], workers: str, prefilter: bool, tmp_path: Path) -> None:
    _run(tmp_path, "batch", listed, "out", "--workers", workers, "--part-size", "60", *([] if prefilter else ["--no-prefilter"]))
    details = _check_rows(list(open_run(tmp_path / "out").rows()), given, wanted)
    assert details.count("full") > len(given) / 2


def test_parts_of_an_accession_are_answered_as_their_text(tmp_path: Path) -> None:
    parts = [
        {"id": "1", "accession": "A", "title": "CT FEMUR", "text": "TECHNIQUE: 3D volume renderings were made by me."},
        {"id": "2", "accession": "A", "title": "CT FEMUR", "text": "They were made on the Vitrea workstation.", "status": "addendum"},
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(part) + "\n" for part in parts), encoding="utf-8")
    _run(tmp_path, "batch", "in.jsonl", "out", "--workers", "1")
    (row,) = open_run(tmp_path / "out").rows()
    text = parts[0]["text"] + "\n\nADDENDUM:\n" + parts[1]["text"]
    answer = nlp3d.suggest(text, title="CT FEMUR", id=row["id"]).to_json()
    assert _answer_of(row, answer) == answer
    assert row["code"] == "76377"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """`nlp3d serve` as a process, and a client that has its token."""
    line = [sys.executable, "-m", "nlp3d", "serve", "--port", "0", "--workers", "1"]
    folder = tmp_path_factory.mktemp("served")
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "NLP3D_CONFIG": "off"}
    with subprocess.Popen(line, stdout=subprocess.PIPE, cwd=folder, env=variables) as server:
        assert server.stdout is not None
        base, _, token = server.stdout.readline().decode().strip().partition("/#token=")
        with httpx.Client(base_url=base, headers={"X-Nlp3d-Token": token}, timeout=60) as client:
            yield client
        server.send_signal(signal.SIGINT)


def test_web_api(api: httpx.Client, given: list[dict[str, Any]], wanted: list[str]) -> None:
    assert api.base_url.host == "127.0.0.1"
    for one, answer in zip(given, wanted, strict=True):
        said = api.post("/api/suggest", json={**one, "text": one["text"] or ""})
        assert said.status_code == 200
        assert said.text == answer[:-1] + ',"corrected":null}'


def test_spark(given: list[dict[str, Any]], wanted: list[str], tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    if not shutil.which("java"):
        pytest.skip("Spark needs Java")
    (tmp_path / "in").mkdir()
    columns = {name: pa.array([one[name] for one in given], pa.string()) for name in ("text", *KNOWN)}
    pq.write_table(pa.table(columns), tmp_path / "in" / "reports.parquet")
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "PYSPARK_PYTHON": sys.executable, "MASTER": "local[2]", "SPARK_LOCAL_IP": "127.0.0.1"}
    line = [sys.executable, "-m", "nlp3d.archive.spark", "in", "answers"]
    done = subprocess.run(line, cwd=tmp_path, env=variables, capture_output=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    _check_rows([json.loads(row) for row in pq.read_table(tmp_path / "answers").column("row").to_pylist()], given, wanted)
