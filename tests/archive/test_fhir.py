"""GuidanceResponse as an independent model of FHIR R4B takes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fhir.resources.R4B.guidanceresponse import GuidanceResponse

import nlp3d
from nlp3d.archive.formats.fhir import responses, write

TEXTS = [
    "CT PELVIS WITHOUT CONTRAST\nTECHNIQUE: 3D volume renderings were made by me on the Vitrea.\nFINDINGS: The 3D images show a fracture.",
    "CT PELVIS WITHOUT CONTRAST\nTECHNIQUE: 3D volume renderings were made by me.",
    "EXAM: CT HEAD; CT FACIAL BONES\nCT HEAD: Normal.\nCT FACIAL BONES: 3D volume renderings were made by me at the scanner console.",
    "CT CHEST\nCoronal reformats. No nodule.",
    "",
]


def rows() -> list[dict[str, object]]:
    """Rows as a run holds them."""
    return [
        {**nlp3d.suggest(text, date_of_service="2026-03-01").to_dict(), "id": f"R{n}", "record": {"accession": f"A{n}", "id": f"R{n}"}, "source": [{"record": n}]}
        for n, text in enumerate(TEXTS)
    ]


@pytest.mark.parametrize("row", rows(), ids=str)
def test_every_study_is_a_valid_resource(row: dict[str, object]) -> None:
    found = list(responses(row))
    assert len(found) == max(1, len(row["studies"]))  # type: ignore[arg-type]
    for response in found:
        read = GuidanceResponse.model_validate(response) if hasattr(GuidanceResponse, "model_validate") else GuidanceResponse.parse_obj(response)
        assert read.status == response["status"]
        assert json.dumps(response).count("system") == json.dumps(response).count("urn:nlp3d:accession") + json.dumps(response).count("urn:nlp3d:report")


def test_status_says_whether_a_fact_is_missing() -> None:
    told = [[response["status"] for response in responses(row)] for row in rows()]
    assert told == [["success"], ["data-required"], ["success", "success"], ["success"], ["failure"]]
    parameters = {one["name"]: one.get("valueString") for one in next(iter(responses(rows()[0])))["contained"][0]["parameter"]}
    assert parameters["code"] == "76377" and parameters["location"] == "workstation"


def test_written_as_lines_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(iter(rows()), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    ids = [json.loads(line)["id"] for line in (tmp_path / "a").read_text().splitlines()]
    assert len(ids) == len(set(ids)) == 6
