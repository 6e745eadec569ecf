"""FHIR R4B GuidanceResponse, one per study, as NDJSON: the formal answer to a request for guidance about a diagnostic report.

`status` is `success` where the study is answered, `data-required` where a fact is missing and a question is due, `failure` where the
report could not be read. The answer itself stands in contained Parameters. No coding system is named for the two numbers, and
nothing says when it was made, so the same run gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ._staged import staged

_MODULE = "urn:nlp3d:rules"
_FACTS = ("procedure", "base", "technique", "location", "supervision", "output")
_SWITCHES = ("interpretation", "automatic", "outside")
_ANSWER = "answer"


def write(rows: Iterator[Mapping[str, Any]], path: Path) -> None:
    """Write the responses of all rows, in order."""
    with staged(path) as beside, beside.open("w", encoding="utf-8", newline="\n") as out:
        for row in rows:
            for response in responses(row):
                out.write(json.dumps(response, ensure_ascii=False, separators=(",", ":")) + "\n")


def responses(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One GuidanceResponse for each study of a row; one without a study where the report could not be answered."""
    for study in row.get("studies") or (None,):
        yield _response(row, study)


def _response(row: Mapping[str, Any], study: Mapping[str, Any] | None) -> dict[str, Any]:
    record = row.get("record") or {}
    names = {"accession": record.get("accession"), "report": row.get("id")}
    identifiers = [{"system": f"urn:nlp3d:{name}", "value": value} for name, value in names.items() if value]
    edition = row.get("edition") or {}
    index = study["index"] if study else None
    asked = any(index in query["studies"] for query in row.get("queries", ()))
    status = "failure" if row.get("status") != "answered" else "data-required" if asked else "success"
    parameters = list(_parameters(row, study))
    response: dict[str, Any] = {
        "resourceType": "GuidanceResponse",
        "id": hashlib.sha256(json.dumps([names, row.get("text_sha256"), row.get("source"), index], sort_keys=True).encode()).hexdigest(),
        "contained": [{"resourceType": "Parameters", "id": _ANSWER, "parameter": parameters}],
        "identifier": identifiers,
        "moduleCanonical": f"{_MODULE}|{edition['pack']}" if edition.get("pack") else _MODULE,
        "status": status,
        "reasonReference": [{"type": "DiagnosticReport", "identifier": identifiers[0]}] if identifiers else [],
        "outputParameters": {"reference": f"#{_ANSWER}"},
        "dataRequirement": [{"type": "DiagnosticReport"}] if asked else [],
    }
    return {name: value for name, value in response.items() if value != []}


def _parameters(row: Mapping[str, Any], study: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    answer = study if study and "reason" in study else row
    yield _text("status", row.get("status"))
    for name in ("code", "reason"):
        if answer.get(name):
            yield _text(name, answer[name])
    if row.get("profile"):
        yield _text("profile", row["profile"])
    if (row.get("edition") or {}).get("date"):
        yield {"name": "edition", "valueDate": row["edition"]["date"]}
    if study:
        yield from (_text(name, study[name]) for name in _FACTS if study.get(name))
        yield from ({"name": name, "valueBoolean": study[name]} for name in _SWITCHES if name in study)
    yield {"name": "needs_review", "valueBoolean": bool(row.get("needs_review"))}
    index = study["index"] if study else None
    yield from (_text("flag", flag["flag"]) for flag in row.get("flags", ()) if flag["study"] in (None, index))
    yield from (_evidence(one) for one in row.get("evidence", ()) if index in one["studies"])


def _evidence(one: Mapping[str, Any]) -> dict[str, Any]:
    part = [_text("concept", one["concept"]), _text("assertion", one["assertion"]), {"name": "counts", "valueBoolean": one["counts"]}]
    part += [{"name": place, "valueInteger": one[place]} for place in ("start", "end") if one.get(place) is not None]
    part += [_text(name, one[name]) for name in ("text", "why") if (one.get(name) or "").strip()]
    return {"name": "evidence", "part": part}


def _text(name: str, value: Any) -> dict[str, Any]:
    return {"name": name, "valueString": str(value)}
