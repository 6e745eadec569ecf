"""Damaged files: never a crash, never a hang, never a lost record. Own files always, interface logs of others where they are at hand."""

from __future__ import annotations

import json
import os
import random
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp3d.errors import Nlp3dError
from nlp3d.readers import REASONS, Fault, Item, Options, Unit, open_source, reader, reader_for

DATA = Path(__file__).parents[1] / "data" / "readers"
REAL = Path(os.environ.get("NLP3D_REAL_LOGS", Path(__file__).parents[3] / "shared" / "real" / "scout"))
OWN = sorted(DATA.iterdir())
LOGS = sorted(REAL.glob("*.log"))[:: int(os.environ.get("NLP3D_FUZZ_EVERY", "10"))] if REAL.is_dir() else []
SIGNS = [
    b"", b"\0", b"\r", b"\n", b"\r\n", b"|", b"\\", b"^", b"~", b"&", b'"', b'""', b",", b"{", b"}", b"[", b"]", b"<SB>", b"<EB>", b"<R>", b"\x0b", b"\x1c",
    b"MSH|", b"\rMSH|^~\\&|", b"OBX|", b"OBR|", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"{\\rtf", b"\\u-99999 ", b"\\'zz", b"\x1f\x8b", b"%PDF-", b"PAR1", b"\xed\xa0\x80", b"9" * 5000,
]  # fmt: skip
SECONDS = 20


@contextmanager
def no_hang() -> Iterator[None]:
    """Raise where a reader does not come to an end."""

    def stop(*_: object) -> None:
        raise AssertionError("a reader hangs")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def read(kind: str, raw: bytes, limit: int = 100_000) -> list[Item] | None:
    """The items of bytes, each checked; None where the columns of a table are not clear, which its user has to say."""
    with no_hang():
        try:
            items = list(reader(kind).read(BytesIO(raw), Options(kind=kind, limit=limit)))
        except Nlp3dError as problem:
            assert kind == "csv" and problem.code.startswith("columns_"), problem.code
            return None
    assert [item.source.record for item in items] == list(range(1, len(items) + 1))
    for item in items:
        if isinstance(item, Fault):
            assert item.reason in REASONS and (item.payload is None or item.size == len(item.payload))
            assert item.source.offset is None or item.payload is None or kind == "hl7" or raw[item.source.offset :].startswith(item.payload)
        else:
            assert len(item.record.text) <= limit
    return items


def least(kind: str, raw: bytes) -> int:
    """How many records a dumb counter sees at least."""
    if kind == "hl7":
        return len(re.findall(rb"(?:\A|[\r\n])MSH\|", raw))
    if kind == "jsonl" and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.count(b"\n") + (not raw.endswith(b"\n") and raw not in (b"", b"\xef\xbb\xbf"))
    return 1 if kind in ("text", "rtf") else 0


def damaged(raw: bytes, chance: random.Random, times: int) -> bytes:
    """Bytes with some replaced, put in or taken out."""
    mixed = bytearray(raw)
    for _ in range(times):
        place = chance.randrange(len(mixed) + 1)
        mixed[place : place + chance.choice([0, 0, 1, 3, 80])] = chance.choice(SIGNS)
    return bytes(mixed)


@pytest.mark.parametrize("path", [*OWN, *LOGS], ids=lambda path: path.name)
def test_damaged_files(path: Path) -> None:
    raw = path.read_bytes()
    kind = reader_for(path.name, raw[:4096])
    chance = random.Random(path.name)
    for times in [1] * 20 + [3] * 20 + [12] * 10:
        mixed = damaged(raw, chance, times)
        items = read(kind, mixed)
        assert items is None or len(items) >= least(kind, mixed)
    for cut in range(0, len(raw), max(1, len(raw) // 40)):
        items = read(kind, raw[:cut])
        assert items is None or len(items) >= least(kind, raw[:cut])


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(OWN), st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 30), st.one_of(st.binary(max_size=20), st.sampled_from(SIGNS))), max_size=5))
def test_any_damage(path: Path, changes: list[tuple[int, int, bytes]]) -> None:
    raw = bytearray(path.read_bytes())
    for place, size, sign in changes:
        raw[place : place + size] = sign
    for kind in {reader_for(path.name, bytes(raw[:4096])), reader_for(path.name)} - {"parquet"}:
        items = read(kind, bytes(raw), 500)
        assert items is None or len(items) >= least(kind, bytes(raw))


QUIET = st.binary(min_size=1, max_size=30).filter(lambda raw: not set(raw) & set(b'\r\n"\\{}[]\x0b\x1c'))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 9), QUIET, st.integers(0, 40))
def test_damage_to_one_record_costs_no_other(hurt: int, noise: bytes, place: int) -> None:
    """Noise without a sign that ends a record, put into one of ten: the other nine come out as they were."""
    ids = [f"r{number}" for number in range(10)]
    one = {
        "jsonl": lambda name: json.dumps({"id": name, "text": f"CT of {name}"}).encode() + b"\n",
        "csv": lambda name: f'{name},"CT of {name}"\n'.encode(),
        "hl7": lambda name: f"MSH|^~\\&|R|S|||2026||ORU^R01|{name}|P|2.4\rOBR|1||A\rOBX|1|TX|1||CT of {name}\r".encode(),
        "fhir": lambda name: json.dumps({"resourceType": "DiagnosticReport", "id": name, "conclusion": f"CT of {name}"}).encode() + b"\n",
        "bundle": lambda name: json.dumps({"resource": {"resourceType": "DiagnosticReport", "id": name, "conclusion": f"CT of {name}"}}).encode() + b",",
    }
    for kind, made in one.items():
        parts = [made(name) for name in ids]
        at = 1 + place % (len(parts[hurt]) - 2)
        parts[hurt] = parts[hurt][:at] + noise + parts[hurt][at:]
        whole = b"".join(parts)
        whole = {"csv": b"id,text\n" + whole, "bundle": b'{"resourceType": "Bundle", "entry": [' + whole.rstrip(b",") + b"]}"}.get(kind, whole)
        items = read("fhir" if kind == "bundle" else kind, whole)
        assert items is not None
        told = {item.record.id: item.record.text for item in items if isinstance(item, Unit)}
        assert [name for name in ids if told.get(name) != f"CT of {name}" and name != f"r{hurt}"] == [], (kind, noise, at)
        assert len(items) >= (9 if kind == "bundle" else 10), kind  # a Bundle's entry of another type is no report


def test_damaged_parquet_files(tmp_path: Path) -> None:
    """A file that is no longer Parquet is one fault; pages that are damaged end it with one, after the rows that were read."""
    path, chance = tmp_path / "a.parquet", random.Random(3)
    pq.write_table(pa.table({"id": [str(n) for n in range(60)], "report_text": [f"CT {n}" for n in range(60)]}), path, row_group_size=20)
    raw = path.read_bytes()
    for times in [1] * 40 + [5] * 20:
        path.write_bytes(damaged(raw, chance, times))
        with no_hang():
            try:
                items = list(open_source(str(path), format="parquet"))
            except Nlp3dError as problem:
                assert problem.code.startswith("columns_")
                continue
        assert len(items) == 60 or isinstance(items[-1], Fault)
