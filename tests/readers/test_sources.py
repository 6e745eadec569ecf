"""Files, folders, patterns, gzip, restart, preview; every reader against noise; no word of the input in any message."""

from __future__ import annotations

import base64
import gzip
import json
import os
import pickle
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from io import BufferedReader, BytesIO, RawIOBase
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from nlp3d.errors import Nlp3dError
from nlp3d.readers import REASONS, Fault, Options, Unit, describe, open_source, reader

CANARY = "Zyxquentin"
HL7 = f"MSH|^~\\&|R|S|||20260301||ORU^R01|{CANARY}|P|2.4\rOBR|1||{CANARY}\rOBX|1|TX|1||CT {CANARY}||||||F\r".encode()
FHIR = json.dumps({"resourceType": "DiagnosticReport", "id": CANARY, "conclusion": f"CT {CANARY}"}).encode()
SAMPLES = {
    "a.csv": f"id,text\n1,CT {CANARY}\n2,MR {CANARY}\n".encode(),
    "b.jsonl": f'{{"text": "CT {CANARY}"}}\n{{"text": "MR"}}\n'.encode(),
    "c.txt": f"CT {CANARY}".encode(),
    "d.rtf": rb"{\rtf1 CT head}",
    "e.hl7": HL7 + HL7,
    "f.json": FHIR,
    "sub/g.ndjson": FHIR + b"\n" + FHIR + b"\n",
    "sub/h.tsv.gz": gzip.compress(b"id\ttext\n1\tCT\n"),
    "sub/i.txt": HL7,
    "sub/j.log": b"2026-03-01 10:00|INFO|\n<SB>\n" + HL7.replace(b"\r", b"<R>\n") + b"<EB>\n",
}
KINDS = {"a.csv": "csv", "b.jsonl": "jsonl", "c.txt": "text", "d.rtf": "rtf", "e.hl7": "hl7", "f.json": "fhir", "g.ndjson": "fhir", "h.tsv.gz": "csv",
         "i.txt": "hl7", "j.log": "hl7", "k.parquet": "parquet"}  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    for name, raw in SAMPLES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)
    pyarrow.parquet.write_table(pyarrow.table({"text": ["CT", None]}), folder / "k.parquet")
    (folder / ".hidden").write_bytes(b"no")
    (folder / "_SUCCESS").write_bytes(b"")
    (folder / "sub" / "Patient.ndjson").write_bytes(b'{"resourceType": "Patient"}\n' * 3)
    os.symlink(folder, folder / "sub" / "round")
    return folder


def test_a_folder_of_everything(archive: Path) -> None:
    items = list(open_source(str(archive)))
    assert {(Path(item.source.file).name, item.source.kind) for item in items} == set(KINDS.items())
    assert all(isinstance(item, Unit) for item in items) and len(items) == 2 + 2 + 1 + 1 + 2 + 1 + 2 + 1 + 1 + 1 + 2
    files = list(dict.fromkeys(item.source.file for item in items))
    assert files == sorted(files)
    assert list(open_source([str(archive / "*.csv"), str(archive / "*.t*")])) == [
        i for i in items if Path(i.source.file).name in ("a.csv", "c.txt")
    ]
    assert len(list(open_source(str(archive / "**" / "*.hl7")))) == 2


def test_restart_at_every_item(archive: Path) -> None:
    items = list(open_source(str(archive)))
    for place, item in enumerate(items):
        assert list(open_source(str(archive), start=(item.source.file, item.source.record))) == items[place:]
    with pytest.raises(Nlp3dError, match="start_missing"):
        list(open_source(str(archive), start=("other", 1)))


def test_items_travel_between_processes(archive: Path) -> None:
    (archive / "bad.jsonl").write_bytes(b"x\n")
    items = list(open_source(str(archive)))
    again = pickle.loads(pickle.dumps(items))
    assert [item.source for item in again] == [item.source for item in items]


def test_preview_shows_columns_and_no_text(archive: Path) -> None:
    seen = describe(str(archive))
    assert seen.formats == {"csv": 2, "fhir": 2, "hl7": 3, "jsonl": 1, "parquet": 1, "rtf": 1, "text": 1} and seen.passed_over == 1
    assert {"id": "id", "text": "text"} in [file.columns for file in seen.files]
    assert seen.rows and CANARY not in str([{k: v for k, v in row.items() if k not in ("id", "accession")} for row in seen.rows])
    assert CANARY in str(describe(str(archive), text=True).rows)
    (archive / "twice.csv").write_text("report_text,note_text\na,b\n")
    (problem,) = [file.problem for file in describe(str(archive)).files if file.problem]
    assert problem.code == "columns_two_fit"


def test_files_that_cannot_be_read_stop_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("CT")
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(b"CT head " * 999)[:-20])
    os.symlink(tmp_path / "gone", tmp_path / "c.txt")
    (tmp_path / "d.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "e.txt").write_text("MR")
    assert [getattr(item, "reason", "unit") for item in open_source(str(tmp_path))] == [
        "unit",
        "unreadable",
        "unreadable",
        "not_text",
        "unit",
    ]
    with pytest.raises(Nlp3dError, match="file_missing"):
        list(open_source(str(tmp_path / "*.none")))


def test_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff.txt")).write_text("CT")
    (item,) = open_source(str(tmp_path))
    item.source.file.encode()
    assert list(open_source(str(tmp_path), start=(item.source.file, 1))) == [item]


@pytest.mark.parametrize("name", ["a.txt.gz", "a.jsonl.gz", "a.csv.gz", "a.hl7.gz", "a.json.gz"])
def test_bombs(tmp_path: Path, name: str) -> None:
    bomb = tmp_path / name
    with gzip.open(bomb, "wb", compresslevel=9) as out:
        for _ in range(300):
            out.write(b"\0" * (1 << 20))
    program = (
        "import sys, re; from nlp3d.readers import open_source; print([i.reason for i in open_source(sys.argv[1])],"
        r" int(re.search(r'VmHWM:\s*(\d+)', open('/proc/self/status').read())[1]) // 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(bomb)], capture_output=True, text=True, check=True, timeout=60, cwd=Path(__file__).parents[2]
    )
    reasons, memory = done.stdout.rsplit(" ", 1)
    assert reasons == "['bomb']" and int(memory) < 250, done.stdout


@pytest.mark.parametrize("kind", ["csv", "jsonl", "hl7", "fhir"])
def test_memory_stays_flat(kind: str) -> None:
    """A stream of 30 MB that is made as it is read."""
    one = {"csv": b'1,"' + b"CT head " * 90 + b"\n" + b'"\n', "jsonl": b'{"text": "' + b"CT head " * 100 + b'"}\n', "hl7": HL7,
           "fhir": FHIR + b"\n"}[kind]  # fmt: skip

    class Stream(RawIOBase):
        left = 30_000_000 // len(one)
        rest = b"id,text\n" if kind == "csv" else b""

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any, /) -> int:
            size = len(buffer)
            if len(self.rest) < size and self.left:
                more = min(self.left, 1 + size // len(one))
                self.left -= more
                self.rest += one * more
            given, self.rest = self.rest[:size], self.rest[size:]
            buffer[: len(given)] = given
            return len(given)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(isinstance(item, Unit) for item in reader(kind).read(BufferedReader(Stream()), Options())) > 10_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


@given(
    kind=some.sampled_from(["csv", "jsonl", "hl7", "fhir", "rtf", "text", "parquet"]),
    raw=some.binary(max_size=300),
    place=some.integers(0, 300),
    data=some.data(),
)
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
def test_noise_never_stops_a_reader(kind: str, raw: bytes, place: int, data: some.DataObject) -> None:
    sample = data.draw(some.sampled_from(sorted(SAMPLES.values())))
    mixed = sample[:place] + raw + sample[place:]
    try:
        items = list(reader(kind).read(BytesIO(mixed), Options(kind=kind, limit=200)))
    except Nlp3dError as problem:
        assert problem.code.startswith(("columns_", "table_"))
        return
    except Exception as problem:
        assert kind == "parquet" and type(problem).__module__.startswith("pyarrow"), (
            "only a damaged Parquet file, which `open_source` makes a fault"
        )
        return
    for item in items:
        if isinstance(item, Fault):
            assert item.reason in REASONS
        else:
            assert len(item.record.text) <= 200


def bad(raw: bytes) -> bytes:
    return raw.replace(b"WORD", CANARY.encode())


PDF = base64.b64encode(b"%PDF-1.4 " + CANARY.encode()).decode()
FAULTY = {
    "a.csv": bad(b'id,text\nWORD1,"good"\nWORD2,"bad WORD\nWORD3,a,WORD\nWORD4,\xff\n'),
    "b.jsonl": bad(
        b'{"text": 1, "id": "WORD"}\nWORD\n\n{"WORD": 1}\n{"text": "a", "date_of_service": "WORD"}\n{"text": "a", "base": "WORD"}\n'
    ),
    "c.txt": bad(b"%PDF WORD\x00\x01\x02\x03\x04\x05\x06\x07\x00\x00\x00"),
    "d.rtf": bad(b"WORD"),
    "e.hl7": bad(b"WORD\nMSH|^~\\&|WORD\rPID|WORD\r")
    + HL7.replace(b"|TX|1||CT " + CANARY.encode(), b"|ED|1||^application^pdf^Base64^" + PDF.encode()),
    "f.json": bad(b'{"resourceType": "WORD", "a": "WORD"'),
    "g.ndjson": bad(b'{"resourceType": "DiagnosticReport", "presentedForm": [{"url": "WORD"}]}\n{"resourceType": "WORD"}\nWORD\n'),
    f"h{CANARY}.csv.gz": bad(b"\x1f\x8b\x08WORD"),
    "i.parquet": bad(b"PAR1WORD"),
}


def test_no_word_of_the_input_in_any_message(tmp_path: Path) -> None:
    for name, raw in FAULTY.items():
        (tmp_path / name).write_bytes(raw)
    items = list(open_source(str(tmp_path), options=Options(strict_encoding=True)))
    faults = [item for item in items if isinstance(item, Fault)]
    assert {item.source.kind for item in faults} == {"csv", "jsonl", "text", "rtf", "hl7", "fhir", "parquet"}
    for item in faults:
        assert CANARY not in str(item.error) + repr(item.error), item.error.code
        assert item.error.next
    assert any(item.payload and CANARY.encode() in item.payload for item in faults)


Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def suggest(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "nlp3d", "suggest", *arguments],
        input=given,
        capture_output=True,
        timeout=120,
        check=False,
        cwd=Path(__file__).parents[2],
    )


@pytest.mark.parametrize("name", ["a.csv", "e.hl7", "sub/g.ndjson", "sub/h.tsv.gz", "k.parquet", "sub/j.log"])
def test_suggest_reads_every_format(archive: Path, name: str) -> None:
    done = suggest(str(archive / name))
    assert done.returncode == 0 and done.stdout.count(b"\n") == len(list(open_source(str(archive / name)))), done.stderr
    assert re.match(rb'{"schema"', done.stdout)


def test_suggest_reads_standard_input_in_a_format(archive: Path) -> None:
    for name, kind in (("a.csv", "csv"), ("e.hl7", "hl7")):
        assert suggest("-", "--from", kind, given=SAMPLES[name]).stdout.count(b"\n") == 2
    done = suggest("-", "--from", "csv", "--column", "text=words", given=b"words\nCT head\n")
    assert done.returncode == 0 and done.stdout.count(b"\n") == 1
    assert suggest("-", "--from", "csv", given=b"words\nCT head\n").returncode == 2
    assert suggest(str(archive / "d.rtf")).stdout.startswith(b"NO CODE")
