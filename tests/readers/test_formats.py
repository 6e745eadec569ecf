"""Every format against a second, dumb counter: what goes in comes out once, as a record or a fault, and nothing of it is told."""

from __future__ import annotations

import base64
import gzip
import json
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp3d.errors import Nlp3dError
from nlp3d.readers import Fault, Item, Options, Unit, csv, fhir, hl7, open_source, reader_for, rtf

TEXT = "CT PELVIS\nFINDINGS: 3D renderings, made on the \"Vitrea\"; normal."
CELL = st.text(alphabet=st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00\r"), max_size=40)


def texts(items: list[Item]) -> list[str]:
    return [item.record.text if isinstance(item, Unit) else f"<{item.reason}>" for item in items]


def table(raw: bytes, **options: object) -> list[Item]:
    return list(csv.read(BytesIO(raw), Options(**options)))  # type: ignore[arg-type]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_tables_of_any_delimiter_with_line_ends_in_cells(sign: str, end: str) -> None:
    quoted = '"' + TEXT.replace('"', '""') + '"'
    rows = [sign.join(["id", "report_text"]), sign.join(["00123", quoted]), sign.join(["2", "short"])]
    found = table(end.join(rows).encode())
    assert texts(found) == [TEXT, "short"] and [item.record.id for item in found if isinstance(item, Unit)] == ["00123", "2"]
    assert found[0].source.lines == (2, 3)


def test_an_open_quote_swallows_no_row() -> None:
    found = table(b'id,text\n1,"good"\n2,"bad unterminated\n3,"x"\n4,"y"\n5,too,many\n6,z\n')
    assert texts(found) == ["good", "<bad_row>", "x", "y", "<bad_row>", "z"]
    assert [item.source.lines for item in found if isinstance(item, Fault)] == [(3, 3), (6, 6)]


def test_each_row_has_its_own_encoding() -> None:
    found = table("id,text\n1,café\n".encode() + "2,naïve\n".encode("cp1252"))
    assert texts(found) == ["café", "naïve"]
    assert [item.source.encoding for item in found] == ["utf-8", "cp1252"]
    assert texts(table("id,text\n2,naïve\n".encode("cp1252"), strict_encoding=True)) == ["<encoding>"]


def test_two_columns_that_fit_are_not_guessed() -> None:
    with pytest.raises(Nlp3dError) as told:
        table(b"report_text,narrative\na,b\n")
    assert told.value.code == "columns_two_fit"
    assert texts(table(b"report_text,narrative\na,b\n", columns={"text": "narrative"})) == ["b"]
    with pytest.raises(Nlp3dError):
        table(b"one,two\na,b\n")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELL, CELL), max_size=8))
def test_tables_written_by_the_standard_library_are_read_whole(rows: list[tuple[str, str]]) -> None:
    import csv as standard
    from io import StringIO

    out = StringIO()
    writer = standard.writer(out, quoting=standard.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([("id", "text"), *rows])
    found = table(out.getvalue().encode())
    assert texts(found) == [text for _, text in rows]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_stop_a_reader_or_vanish(raw: bytes) -> None:
    for module, head in ((hl7, b"MSH|^~\\&|A|B|||20260101||ORU^R01|1|P|2.4\r"), (fhir, b'{"resourceType": "DiagnosticReport"}\n'), (rtf, b"{\\rtf1 ")):
        found = list(module.read(BytesIO(head + raw), Options()))
        assert found and all(isinstance(item, Unit | Fault) for item in found)
    try:
        table(b"id,text\n" + raw)
    except Nlp3dError as told:
        assert told.code.startswith("columns")


def message(*observations: str) -> bytes:
    fields = {0: "OBR", 1: "1", 3: "ACC1", 4: "CTP^CT PELVIS WITHOUT CONTRAST", 7: "20260301", 24: "CT", 25: "F", 32: "7^DOE^JANE"}
    obr = "|".join(fields.get(place, "") for place in range(33))
    return "\r".join(["MSH|^~\\&|RIS|SITE|||20260302||ORU^R01|M1|P|2.4", "PID|1||X", obr, *observations]).encode()


@pytest.mark.parametrize(
    ("observations", "expected"),
    [
        (["OBX|1|TX|1||line one", "OBX|2|TX|1||line two"], "line one\nline two"),
        (["OBX|1|TX|1||line one~line two"], "line one\nline two"),
        (["OBX|1|FT|1||line one\\.br\\5 \\T\\ 6 \\X41\\"], "line one\n5 & 6 A"),
        (["OBX|1|ED|1||^TEXT^RTF^Base64^" + base64.b64encode(b"{\\rtf1\\ansi line one\\par line two}").decode()], "line one\nline two"),
        (["OBX|1|TX|1||{\\E\\rtf1\\E\\ansi line one\\E\\par line two}"], "line one\nline two"),
        (["OBX|1|ED|1||^AP^PDF^Base64^" + base64.b64encode(b"%PDF-1.4 x").decode()], "<not_text>"),
        (["OBX|1|TX|1||line one\nwrapped by the sender"], "line one\nwrapped by the sender"),
    ],
)
def test_all_layouts_of_observations(observations: list[str], expected: str) -> None:
    (item,) = hl7.read(BytesIO(message(*observations)), Options())
    assert texts([item])[0].strip() == expected
    if isinstance(item, Unit):
        assert (item.record.accession, item.record.title, str(item.record.date_of_service), item.record.modality) == ("ACC1", "CT PELVIS WITHOUT CONTRAST", "2026-03-01", "CT")
        assert item.state == "final" and item.record.reader == "DOE, JANE"


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_batches_frames_and_logs(end: str) -> None:
    one = message("OBX|1|TX|1||a").decode().replace("\r", end)
    batch = f"FHS|^~\\&{end}BHS|^~\\&{end}{one}{end}{one}{end}BTS|2{end}FTS|1{end}".encode()
    frames = f"\x0b{one}{end}\x1c\r\x0b{one}{end}\x1c\r".encode()
    log = f"2026-01-01 10:00:00|INFO|x\n<SB>\n{one}<R>\n<EB><R>\n2026-01-01 10:00:01|INFO|x\n<SB>\n{one}<R>\n<EB>\nthis is none\n".encode()
    assert texts(list(hl7.read(BytesIO(batch), Options()))) == ["a", "a"]
    assert texts(list(hl7.read(BytesIO(frames), Options()))) == ["a", "a"]
    assert texts(list(hl7.read(BytesIO(log), Options()))) == ["a", "a", "<bad_hl7>"]


def test_fhir_forms_narratives_bundles_and_lines() -> None:
    form = {"resourceType": "DiagnosticReport", "id": "1", "status": "final", "code": {"text": "CT PELVIS"}, "effectiveDateTime": "2026-03-01T10:00:00Z",
            "presentedForm": [{"contentType": "text/plain", "data": base64.b64encode(TEXT.encode()).decode()}]}  # fmt: skip
    narrative = {"resourceType": "DiagnosticReport", "id": "2", "text": {"div": "<div><p>CT &amp; more</p><p>Normal.</p></div>"}}
    nothing = {"resourceType": "DiagnosticReport", "id": "3"}
    pdf = {"resourceType": "DiagnosticReport", "presentedForm": [{"contentType": "application/pdf", "data": base64.b64encode(b"%PDF-1").decode()}]}
    bundle = {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient"}}, *({"resource": one} for one in (form, narrative, nothing, pdf))]}
    expected = [TEXT, "CT & more\n\nNormal.", "<bad_fhir>", "<not_text>"]
    found = list(fhir.read(BytesIO(json.dumps(bundle).encode()), Options()))
    assert [text.replace("\n\n", "\n") for text in texts(found)] == [text.replace("\n\n", "\n") for text in expected]
    lines = b"".join(json.dumps(one).encode() + b"\n" for one in (form, narrative, nothing, pdf)) + b"no json\n"
    assert len(list(fhir.read(BytesIO(lines), Options()))) == 5
    first = found[0]
    assert isinstance(first, Unit) and first.record.title == "CT PELVIS" and str(first.record.date_of_service) == "2026-03-01" and first.state == "final"


def test_parquet_and_packed_files_and_folders(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"report_id": ["007", "8"], "report_text": [TEXT, None]}), tmp_path / "a.parquet")
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(b"id,text\n1,a\n2,b\n"))
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "d.txt").write_text("plain report")
    (tmp_path / "c" / "e.hl7").write_bytes(message("OBX|1|TX|1||from hl7"))
    found = list(open_source(str(tmp_path)))
    assert texts(found) == [TEXT, "", "a", "b", "plain report", "from hl7"]
    assert isinstance(found[0], Unit) and found[0].record.id == "007"
    again = list(open_source(str(tmp_path), start=(found[3].source.file, found[3].source.record)))
    assert texts(again) == texts(found[3:])


def test_formats_are_told_by_their_first_bytes() -> None:
    assert reader_for("x.dat", b"MSH|^~\\&|") == "hl7"
    assert reader_for("x.dat", b"PAR1") == "parquet"
    assert reader_for("x.txt", b"{\\rtf1") == "rtf"
    assert reader_for("x.json", b'{"resourceType": "Bundle"') == "fhir"


def test_a_bomb_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "bomb.csv.gz").write_bytes(gzip.compress(b"id,text\n" + b"0" * (100 << 20)))
    assert texts(list(open_source(str(tmp_path)))) == ["<bomb>"]


def test_the_reader_of_the_contributors_page_works_as_it_stands() -> None:
    page = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    code = page.split("`nlp3d/readers/pairs.py`:\n```python\n", 1)[1].split("```", 1)[0]
    module: dict[str, object] = {"__package__": "nlp3d.readers", "__name__": "nlp3d.readers.pairs"}
    exec(compile(code, "pairs.py", "exec"), module)
    found = list(module["read"](BytesIO(b"1=a report\n\n3=another\n"), Options()))  # type: ignore[operator]
    assert texts(found) == ["a report", "<blank>", "another"] and found[2].source.lines == (3, 3)
