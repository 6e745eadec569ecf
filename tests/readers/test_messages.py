"""HL7 v2: framings, layouts of OBX-5, escapes, enclosed documents, several orders; and the interface logs of another project."""

from __future__ import annotations

import base64
import os
import random
import re
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from nlp3d.readers import Fault, Item, Options, Unit, hl7, open_source, reader_for

Read = Callable[..., list[Item]]
MSH = "MSH|^~\\&|RIS|GENERAL|X|Y|20260302101500||ORU^R01|M1|P|2.4"
OBR = "OBR|1|PL7|ACC9|X1^CT HEAD^L^^CT HEAD WO|||20260301|||||||||||||||20260302||CT|F|||||||77&Reader&Rita"
LOGS = Path(os.environ.get("NLP3D_REAL_LOGS", Path(__file__).parents[3] / "shared" / "real" / "scout"))


def message(*results: str, end: str = "\r", obr: str = OBR) -> bytes:
    return end.join([MSH, "PID|1", obr, *results, ""]).encode()


def text_of(items: list[Item]) -> str:
    (item,) = items
    assert isinstance(item, Unit), item
    return item.record.text


def enclosed(kind: str, raw: bytes) -> str:
    return f"OBX|1|ED|1||^{kind}^Base64^{base64.b64encode(raw).decode()}||||||F"


LINES = ("OBX|1|TX|1||CT HEAD||||||F", "OBX|2|TX|1||No bleed.||||||F")
LAYOUTS = {
    "a segment a line": LINES,
    "repetitions": ("OBX|1|TX|1||CT HEAD~No bleed.||||||F",),
    "escaped breaks": ("OBX|1|FT|1||CT HEAD\\.br\\No bleed.||||||F",),
    "hexadecimal breaks": ("OBX|1|FT|1||CT HEAD\\X0D\\No bleed.||||||F",),
    "base64 text": (enclosed("TEXT^PLAIN", b"CT HEAD\nNo bleed."),),
    "base64 rtf": (enclosed("application^rtf", rb"{\rtf1 CT HEAD\par No bleed.}"),),
    "base64 html": (enclosed("text^html", b"<p>CT HEAD</p>No bleed."),),
    "rtf as it is": ("OBX|1|TX|1||{\\rtf1 CT HEAD\\par No bleed.}||||||F",),
    "rtf escaped": ("OBX|1|FT|1||{\\E\\rtf1 CT HEAD\\E\\par No bleed.}||||||F",),
    "rtf over lines": ("OBX|1|TX|1||{\\rtf1 CT HEAD\\par||||||F", "OBX|2|TX|1||No bleed.}||||||F"),
    "coded": ("OBX|1|TX|1||CT HEAD||||||F", "OBX|2|CWE|1||77^No bleed.^L||||||F"),
    "pdf besides": (*LINES, enclosed("application^pdf", b"%PDF-1.4")),
    "pointer besides": (*LINES, "OBX|3|RP|1||ACC9^UK^ZB||||||F"),
    "body and impression": ("OBX|1|ST|&GDT|1|CT HEAD||||||F", "OBX|2|ST|&IMP|2|No bleed.||||||F"),
}


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_layouts(read: Read, name: str) -> None:
    assert text_of(read("hl7", message(*LAYOUTS[name]))).split() == ["CT", "HEAD", "No", "bleed."]
    assert "HEAD\nNo" in text_of(read("hl7", message(*LAYOUTS[name])))


def test_fields(read: Read) -> None:
    (item,) = read("hl7", message(*LINES))
    assert isinstance(item, Unit)
    record = item.record
    assert (record.id, record.accession, record.title, record.modality) == ("M1", "ACC9", "CT HEAD", "CT")
    assert (record.date_of_service, record.site, record.reader, record.version) == (date(2026, 3, 1), "GENERAL", "Reader, Rita", "20260302101500")
    assert item.state == "final"
    (other,) = read("hl7", message(*LINES), columns={"accession": "OBR-2", "site": "MSH-3", "text": "NOTE"})
    assert isinstance(other, Unit) and (other.record.accession, other.record.site) == ("PL7", "RIS")


FRAMES: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda one: one + one,
    "line feeds": lambda one: (one + one).replace(b"\r", b"\n"),
    "both": lambda one: (one + one).replace(b"\r", b"\r\n"),
    "mllp": lambda one: (b"\x0b" + one + b"\x1c\r") * 2,
    "mllp without the last return": lambda one: b"\x0b" + one + b"\x1c\x0b" + one + b"\x1c",
    "batch": lambda one: b"FHS|^~\\&|A\rBHS|^~\\&|A\r" + one + one + b"BTS|2\rFTS|1\r",
    "log": lambda one: (b"2026-03-01 10:00:00.1|INFO|Server|\n<SB>\n" + one.replace(b"\r", b"<R>\n") + b"<EB><R>\n\n") * 2,
    "log on one line": lambda one: (b"<SB>" + one.replace(b"\r", b"<R>") + b"<EB><R>") * 2,
    "blank lines": lambda one: b"\n\n" + one + b"\r\n\r\n" + one,
}


@pytest.mark.parametrize("name", sorted(FRAMES))
def test_frames(read: Read, name: str) -> None:
    raw = FRAMES[name](message(*LINES))
    items = read("hl7", raw)
    assert [text_of([item]) for item in items] == ["CT HEAD\nNo bleed."] * 2
    assert reader_for("x.bin", raw[:4096]) == "hl7"
    first, second = (item.source.offset for item in items)
    assert first is not None and second is not None and b"MSH" in raw[first : first + 12] and b"MSH" in raw[second : second + 12]


def test_a_line_break_inside_a_field_is_kept(read: Read) -> None:
    assert text_of(read("hl7", message("OBX|1|TX|1||CT HEAD\nNo bleed, PET|CT advised||||||F", end="\r"))).startswith("CT HEAD\nNo bleed")


def test_escapes(read: Read) -> None:
    raw = message("OBX|1|TX|1||a\\T\\b \\F\\ \\S\\ \\R\\ \\E\\ \\H\\bold\\N\\ \\X41\\ 5\\6 C:\\x||||||F")
    assert text_of(read("hl7", raw)) == "a&b | ^ ~ \\ bold A 5\\6 C:\\x"


def test_words_between_messages_are_a_fault_and_stop_nothing(read: Read) -> None:
    one = message(*LINES)
    log = b"<SB>\nUnparseable message\n<EB><R>\n2026-03-01 10:00|INFO|\n<SB>\n" + one.replace(b"\r", b"<R>\n") + b"<EB>\n<SB>\n<R>\n<EB>\n"
    assert [getattr(item, "reason", "unit") for item in read("hl7", log)] == ["bad_hl7", "unit", "bad_hl7"]
    assert [getattr(item, "reason", "unit") for item in read("hl7", b"some words\nmore\n" + one)] == ["bad_hl7", "unit"]
    assert [getattr(item, "reason", "unit") for item in read("hl7", b"Bad file\n")] == ["bad_hl7"]


def test_a_message_that_is_only_pdf(read: Read) -> None:
    (item,) = read("hl7", message(enclosed("application^pdf", b"%PDF-1.4")))
    assert isinstance(item, Fault) and item.reason == "not_text" and item.payload


def test_several_orders(read: Read) -> None:
    second = OBR.replace("ACC9", "ACC10").replace("CT HEAD", "CT NECK")
    apart = read("hl7", message(LINES[0], second, LINES[1]))
    assert [(item.record.accession, item.record.text) for item in apart if isinstance(item, Unit)] == [
        ("ACC9", "CT HEAD"),
        ("ACC10", "No bleed."),
    ]
    shared = read("hl7", message(second, *LINES))
    assert [(one.record.accession, one.record.title, one.record.text) for one in shared if isinstance(one, Unit)] == [
        ("ACC9", "CT HEAD; CT NECK", "CT HEAD\nNo bleed."),
        ("ACC10", "CT HEAD; CT NECK", "CT HEAD\nNo bleed."),
    ]


def test_an_order_without_words_shares_those_before_it(read: Read) -> None:
    last = message(*LINES) + OBR.replace("ACC9", "ACC10").encode() + b"\r"
    assert [one.record.accession for one in read("hl7", last) if isinstance(one, Unit)] == ["ACC9", "ACC10"]


def test_nothing_at_the_end_of_a_large_file_is_lost() -> None:
    """Longer than any buffer: messages, then one without end, then messages again."""
    one = message(*LINES)
    endless = message("OBX|1|TX|1||" + "x" * 9_000_000)
    raw = one * 20_000 + endless + one * 3
    items = list(hl7.read(BytesIO(raw), Options(limit=1000)))
    assert [len(items), sum(isinstance(item, Unit) for item in items)] == [20_004, 20_003]
    (fault,) = [item for item in items if isinstance(item, Fault)]
    assert (fault.reason, fault.source.record, fault.payload) == ("too_large", 20_001, None)
    assert fault.source.offset == len(one) * 20_000 and fault.sha256 == sha256(endless).hexdigest()
    last = items[-1].source.offset
    assert last is not None and raw[last : last + 4] == b"MSH|"


def test_states(read: Read) -> None:
    for status, state in (("P", "preliminary"), ("F", "final"), ("C", "corrected"), ("Final", "final"), ("D", "withdrawn"), ("", "final")):
        (item,) = read("hl7", message(f"OBX|1|TX|1||CT||||||{status}"))
        assert isinstance(item, Unit) and item.state == state


@pytest.mark.skipif(not LOGS.is_dir(), reason="interface logs of washu-tag/scout not at hand")
def test_real_interface_logs_lose_no_message() -> None:
    reasons = []
    for path in sorted(LOGS.glob("*.log")):
        items = list(open_source(str(path)))
        assert len(re.findall(rb"(?m)^(?:<SB>)?MSH\|", path.read_bytes())) == sum(isinstance(item, Unit) for item in items), path.name
        reasons += [(path.stem, item.reason) for item in items if isinstance(item, Fault)]
    assert reasons == [("20190106", "bad_hl7"), ("20230113", "bad_hl7"), ("20240102", "bad_hl7")]


@pytest.mark.skipif(not LOGS.is_dir(), reason="interface logs of washu-tag/scout not at hand")
def test_damaged_interface_logs_never_stop_the_reader(read: Read) -> None:
    chance = random.Random(5)
    for path in sorted(LOGS.glob("*.log"))[::4]:
        raw = bytearray(path.read_bytes())
        for _ in range(12):
            place = chance.randrange(len(raw))
            change = chance.choice(
                [b"", b"\x00", b"\r", b"\n", b"|", b"\\", b"<SB>", b"<EB>", b"\x0b", b"\x1c", b"MSH|", b"OBX|", b"\xff", b"{\\rtf"]
            )
            raw[place : place + chance.choice([0, 1, 40])] = change
        items = read("hl7", bytes(raw))
        assert len(items) >= min(1, len(re.findall(rb"(?m)^MSH\|", raw)))
        seen = {line for item in items if item.source.lines for line in range(item.source.lines[0], item.source.lines[1] + 1)}
        for number, line in enumerate(re.split(rb"\n", bytes(raw)), 1):
            assert number in seen or not line.startswith(b"OBX|") or b"\x1c" in raw or b"<EB>" in raw, "a result is in no item"
