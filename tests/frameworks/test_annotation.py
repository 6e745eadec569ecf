"""Annotation formats out and back in: exact on texts hard on offsets, as the tools count, and never a word in an error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

import cassis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp3d.annotation import Document, Span, draft, formats, has_folder, labels, read, write, write_folder
from nlp3d.concepts import concepts
from nlp3d.errors import Nlp3dError
from nlp3d.record import Record

ROOT = Path(__file__).parents[2]
CANARY = "canary-8675309"
SUPPORTED = "CT FEMUR\nTECHNIQUE: Volume rendered 3D images were made on an independent workstation under my concurrent supervision."
HARD = "\U0001f600 e\u0301\u2028 \U0001f468\u200d\U0001f469\r\n\tVolume rendered\r\nimages \U0001f9b4 end"


def run(*arguments: str | Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The command as a process."""
    return subprocess.run(
        [sys.executable, "-m", "nlp3d", "annotate", *map(str, arguments)],
        input=given,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=120,
        check=False,
    )


def back(name: str, documents: list[Document]) -> list[Document]:
    """Out into files and in again."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "out"
        if has_folder(name):
            write_folder(name, documents, path)
        else:
            path.write_bytes("".join(write(name, documents)).encode())
        return list(read(name, path))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A text of any signs with overlapping spans; none begins or ends with a line end, which brat cannot say."""
    sign = st.sampled_from("ab \t\r\n\u0301\u2028\x85\U0001f600\U0001f468\u200d") | st.characters(exclude_categories=["Cs"])
    text = "".join(draw(st.lists(sign, max_size=30)))
    spans = set()
    for first, second in draw(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=5)):
        start, end = min(first, second), min(max(first, second), len(text))
        if start < end and not {text[start], text[end - 1]} & {"\r", "\n"}:
            spans.add(Span(start, end, draw(st.sampled_from(concepts()))))
    return Document(text, tuple(sorted(spans)), draw(st.none() | st.text(alphabet="a\u00e9\U0001f600/.", min_size=1)))


@pytest.mark.parametrize("name", formats())
@settings(max_examples=60, deadline=None)
@given(many=st.lists(documents(), max_size=4))
def test_round_trip_is_exact(name: str, many: list[Document]) -> None:
    assert back(name, many) == many


@pytest.mark.parametrize("name", formats())
def test_gold_round_trip(name: str, gold: list[dict[str, Any]]) -> None:
    drafts = [draft(Record(report["text"].replace("\n", "\r\n"), id=report["id"])) for report in gold[::10]]
    assert sum(len(one.spans) for one in drafts) > 20
    assert back(name, drafts) == drafts


def test_there_are_the_formats_that_people_use() -> None:
    assert formats() == ("brat", "cas", "doccano", "label_studio", "prodigy")


def test_a_draft_holds_the_words_of_the_answer() -> None:
    words = [(span.label.split(".")[0], SUPPORTED[span.start : span.end]) for span in draft(Record(SUPPORTED)).spans]
    assert [said for family, said in words if family == "location"] == ["independent workstation"]
    assert draft(Record("\ud800" + SUPPORTED)).text == "\ufffd" + SUPPORTED


@pytest.mark.parametrize("name", ["label_studio", "cas"])
def test_tools_that_count_utf16(name: str, tmp_path: Path) -> None:
    start = HARD.index("Volume")
    document = Document(HARD, (Span(start, start + 6, "technique.vr"),))
    if name == "cas":
        write_folder(name, [document], tmp_path / "out")
        found = cassis.load_cas_from_json((tmp_path / "out" / "000001.json").read_bytes().decode())
        (span,) = found.select("webanno.custom.Nlp3d")
        assert (span.get_covered_text(), span.begin, span.label) == ("Volume", start, "technique.vr")
        (tmp_path / "out" / "000001.json").write_bytes(found.to_json().encode())
        assert list(read(name, tmp_path / "out")) == [document]
        return
    value = json.loads("".join(write(name, [document])))[0]["predictions"][0]["result"][0]["value"]
    units = HARD.encode("utf-16-le")[2 * value["start"] : 2 * value["end"]]
    assert units.decode("utf-16-le") == value["text"] == "Volume"


def test_brat_lines_hold_what_brat_checks() -> None:
    from nlp3d.annotation.brat import files

    start = HARD.index("Volume")
    written = files(Document(HARD, (Span(start, HARD.index(" \U0001f9b4"), "technique.volume_rendering"),)))
    kind, words = written[".ann"].rstrip("\n").split("\t")[1:]
    name, places = kind.split(" ", 1)
    fragments = [written[".txt"][int(a) : int(b)] for a, b in (place.split() for place in places.split(";"))]
    assert (name, " ".join(fragments), fragments) == ("technique-volume_rendering", words, ["Volume rendered", "images"])


def test_what_was_rejected_or_not_looked_at_does_not_come_back(tmp_path: Path) -> None:
    path = tmp_path / "in"
    tasks = [{"text": "a", "answer": answer, "spans": []} for answer in ("accept", "reject", "ignore")]
    path.write_text("\n".join(map(json.dumps, tasks)))
    assert [document.text for document in read("prodigy", path)] == ["a"]
    item = {"type": "labels", "value": {"start": 0, "end": 1, "labels": ["x.y"]}}
    one = {"result": [item], "was_cancelled": False}
    cancelled = {"result": [], "was_cancelled": True}
    kinds = [[one, cancelled], [cancelled], []]
    path.write_text(json.dumps([{"data": {"text": f"{n}"}, "annotations": kind, "predictions": [one]} for n, kind in enumerate(kinds)]))
    assert list(read("label_studio", path)) == [Document("0", (Span(0, 1, "x.y"),))]


@pytest.mark.parametrize("name", ["prodigy", "doccano", "label_studio"])
@pytest.mark.parametrize("content", [CANARY, f'{{"{CANARY}": 1}}', f'["{CANARY}"]', "3", '[{"data": 1, "predictions": [{"result": []}]}]', f'{{"text": "{CANARY}", "label": [1], "spans": [1]}}'])
def test_a_foreign_file_is_one_clear_message(name: str, content: str, tmp_path: Path) -> None:
    (tmp_path / CANARY).write_text(content)
    done = run("import", name, tmp_path / CANARY)
    assert (done.returncode, done.stdout) == (4, b"")
    assert done.stderr.startswith(b"annotation_format")
    assert CANARY.encode() not in done.stderr


@pytest.mark.parametrize("span", [[0, 99, "x.y"], [-1, 1, "x.y"], [2, 1, "x.y"], [1, 1, "x.y"]])
def test_a_span_outside_its_text(span: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps({"text": "abc", "label": [span]}))
    with pytest.raises(Nlp3dError) as caught:
        list(read("doccano", path))
    assert caught.value.code == "annotation_span"


@pytest.mark.parametrize("name", formats())
def test_the_command_out_and_in(name: str, tmp_path: Path) -> None:
    records = "".join(json.dumps({"text": text, "id": f"{n}{CANARY}"}) + "\n" for n, text in enumerate([SUPPORTED, HARD, ""]))
    target = tmp_path / "out"
    (tmp_path / "r.jsonl").write_text(records + "no json\n")
    where = ("--to", target) if has_folder(name) else ()
    done = run("export", name, tmp_path / "r.jsonl", *where)
    assert done.returncode == 4
    assert done.stderr.startswith(b"line_not_json: line 4")
    if has_folder(name):
        assert not [path for path in target.iterdir() if CANARY in path.name]
        assert run("export", name, tmp_path / "r.jsonl", *where).stderr.startswith(b"output_not_empty")
    else:
        target.write_bytes(done.stdout)
    lines = run("import", name, target).stdout.decode().rstrip("\n").split("\n")
    expected = [draft(Record.of(json.loads(line))) for line in records.splitlines()]
    assert lines == [document.to_json() for document in expected]


def test_wrong_use_is_said(tmp_path: Path) -> None:
    assert run("export", "brat").stderr.startswith(b"annotation_folder")
    assert run("export", "prodigy", "--to", tmp_path).stderr.startswith(b"annotation_file")
    assert run("export", CANARY).stderr.startswith(b"usage_format")
    assert run("import", "brat", tmp_path / CANARY).stderr.startswith(b"file_missing")


def test_labels_set_a_tool_up() -> None:
    names = list(concepts())
    assert labels("prodigy", names).strip().split(",") == names
    assert [one.get("value") for one in ElementTree.fromstring(labels("label_studio", names)).iter("Label")] == names
    assert [one["text"] for one in json.loads(labels("doccano", names))] == names
    assert [one["tag_name"] for one in json.loads(labels("cas", names))["tags"]] == names
    assert labels("brat", names).split("\n")[1 : len(names) + 1] == [name.replace(".", "-") for name in names]
    assert run("labels", "brat").stdout.decode() == labels("brat", names)
