"""A run as the analysis sees it, and one row of it at a glance."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from ..errors import error
from ..rules.model import REASONS

Json = Mapping[str, Any]

# Where a report ends, from the most to the least; every reason belongs to one.
OUTCOMES = ("76377", "76376", "one_missing", "two_missing", "unclear", "excluded", "no_3d", "not_read")
_OUTCOME_OF_REASON = {
    "supervision_not_documented": "one_missing",
    "location_not_documented": "one_missing",
    "supervision_and_location_not_documented": "two_missing",
    "technique_ambiguous": "unclear",
    "base_ambiguous": "unclear",
    "base_not_documented": "unclear",
    "outside_dataset": "unclear",
    "no_physician_supervision": "excluded",
    "other_output": "excluded",
    "base_includes_3d": "excluded",
    "not_tomographic": "excluded",
    "not_in_force": "excluded",
    "no_3d_rendering": "no_3d",
}
BILLED = ("supported_and_billed", "missed", "unsupported", "wrong_one")
NOT_GIVEN = "not given"

# Modality of a procedure where the record names none: DICOM's short names, by the first part of the concept or the one after it.
_MODALITIES = {
    "CT": {"ct", "cta", "ctv", "ambiguous", "cbct", "coronary_cta", "calcium", "pulmonary_vein"},
    "MR": {"mr", "mra", "mrv", "mrcp", "mri"},
    "US": {"us", "echo"},
    "NM": {"nuclear", "pet", "spect"},
    "MG": {"mammography", "dbt"},
    "DX": {"radiograph"},
    "RF": {"fluoroscopy"},
    "XA": {"angiography", "rotational_angiography"},
}
_MODALITY = {part: modality for modality, parts in _MODALITIES.items() for part in parts}


class Run(Protocol):
    """A finished run: what `nlp3d batch` left, or the answers of `nlp3d suggest` as JSON Lines."""

    @property
    def manifest(self) -> Json:
        """Versions, counts and arguments of the run; empty where there are none."""

    def rows(self) -> Iterator[dict[str, Any]]:
        """Every row in input order, each time it is called."""

    def quarantine(self) -> Iterator[dict[str, Any]]:
        """What was set aside, with its `reason`."""


@dataclass(frozen=True, slots=True)
class JsonLines:
    """Answers in a .jsonl file as a run; nothing was set aside, since each line in has its line out."""

    path: Path

    @property
    def manifest(self) -> Json:
        """Nothing is known of the run beyond its rows."""
        return {}

    def rows(self) -> Iterator[dict[str, Any]]:
        """The lines. Raises `Nlp3dError` for a line that is no answer, by its number."""
        with self.path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    row = json.loads(line)
                except (ValueError, RecursionError):
                    row = None
                if not isinstance(row, dict) or "status" not in row or "reason" not in row:
                    raise error("answers_line", f"line {number}")
                yield row

    def quarantine(self) -> Iterator[dict[str, Any]]:
        """Nothing."""
        return iter(())


def open_run(path: Path) -> Run:
    """The run in a folder that `nlp3d batch` wrote, or the answers in a .jsonl file. Raises `Nlp3dError`."""
    if path.is_dir():
        return cast("Run", import_module("nlp3d.archive.run").open_run(path))
    if not path.is_file():
        raise error("answers_missing")
    return JsonLines(path)


@dataclass(frozen=True, slots=True)
class ReasonPath:
    """How a report came to its answer: reports on one path were decided alike, so one bad rule shows as one path.

    `rule` is the row of the answer table that fired in the study that decides; `detail` is the fact it turned on."""

    status: str
    code: str | None
    reason: str | None
    rule: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class Glance:
    """What the analysis needs to know of one row. `rendered`: a 3D rendering is stated as done on an examination that does not
    contain it already; `billed` is one of `BILLED`, or None (nothing billed and nothing supported, or not known)."""

    outcome: str
    path: ReasonPath
    code: str | None
    location: str | None
    month: str
    day: str | None
    modality: str
    site: str
    reader: str
    ct_or_mr: bool
    rendered: bool
    asks: frozenset[str]
    needs_review: bool
    flags: frozenset[str]
    billed: str | None
    billed_code: str | None


def record_of(row: Json) -> Json:
    """What the caller gave with the report, empty where the row does not hold it."""
    return row.get("record") or {}


def glance(row: Json) -> Glance:
    """One row at a glance; keys a row does not have count as not known."""
    record = record_of(row)
    study = deciding(row)
    path = _path(row, study)
    day = row.get("date_of_service")
    modality = record.get("modality") or modality_of(study.get("procedure"))
    return Glance(
        outcome=outcome_of(row),
        path=path,
        code=row.get("code"),
        location=study.get("location"),
        month=day[:7] if day else NOT_GIVEN,
        day=day,
        modality=modality,
        site=record.get("site") or NOT_GIVEN,
        reader=record.get("reader") or NOT_GIVEN,
        ct_or_mr=modality.upper().startswith(("CT", "MR")),
        rendered=any(s.get("technique") == "performed" and s.get("reason") != "base_includes_3d" for s in row.get("studies", ())),
        asks=frozenset(query["to"] for query in row.get("queries", ())),
        needs_review=bool(row.get("needs_review")),
        flags=frozenset(flag["flag"] for flag in row.get("flags", ())),
        billed=row.get("billed") if row.get("billed") in BILLED else None,
        billed_code=record.get("billed_code"),
    )


def outcome_of(row: Json) -> str:
    """Where a report ends: one of `OUTCOMES`."""
    if row["status"] != "answered":
        return "not_read"
    return row.get("code") or _OUTCOME_OF_REASON.get(row["reason"], "unclear")


def deciding(row: Json) -> Json:
    """The study whose answer is the report's; empty for a report that was not read."""
    studies: list[Json] = row.get("studies", [])
    same = (s for s in studies if s.get("reason") == row["reason"] and s.get("code") == row.get("code"))
    return next(same, studies[0] if studies else {})


def fired(row: Json, study: int | None) -> str | None:
    """The rule that decided a study."""
    for rule in row.get("rules", ()):
        if rule["outcome"] == "fired" and rule["study"] == study:
            return str(rule["id"])
    return "none.no_3d_rendering" if row["reason"] == "no_3d_rendering" else None


def modality_of(procedure: str | None) -> str:
    """DICOM's short name for the modality of a procedure concept, or `not given`."""
    first, _, rest = (procedure or "").partition(".")
    for part in (first, rest.partition(".")[0], first.partition("_")[0], rest.partition("_")[0]):
        if part in _MODALITY:
            return _MODALITY[part]
    return NOT_GIVEN


def _path(row: Json, study: Json) -> ReasonPath:
    reason = row["reason"]
    return ReasonPath(row["status"], row.get("code"), reason, fired(row, study.get("index")), _detail(row, study) if reason in REASONS else "")


def _detail(row: Json, study: Json) -> str:
    """The value of the fact that the answer turned on."""
    match row["reason"]:
        case "base_includes_3d":
            return str(study.get("base", ""))
        case "supported" | "supervision_not_documented" | "supervision_and_location_not_documented":
            return f"supervision {study.get('supervision', '')}".strip()
        case "location_not_documented":
            return f"location {study.get('location', '')}".strip()
        case "technique_ambiguous":
            return next((str(e["concept"]) for e in row.get("evidence", ()) if e["counts"] and e["concept"].startswith("technique.")), "")
        case "other_output":
            return f"output {study.get('output', '')}".strip()
        case _:
            return ""
