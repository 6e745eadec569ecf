"""The words a person reads for the names that rows hold."""

from __future__ import annotations

from .rows import ReasonPath

OUTCOMES = {
    "76377": "76377 supported",
    "76376": "76376 supported",
    "one_missing": "One statement missing",
    "two_missing": "Two statements missing",
    "unclear": "To be settled first",
    "excluded": "3D, but no code",
    "no_3d": "No 3D rendering written",
    "not_read": "Not read",
}
OUTCOME_NOTES = {
    "76377": "made on a separate workstation while a physician took part",
    "76376": "made on the scanner while a physician took part",
    "one_missing": "either the place or the physician's part is not written",
    "two_missing": "neither the place nor the physician's part is written",
    "unclear": "wording, examination or dataset leave it open",
    "excluded": "the examination contains the 3D, or nobody took part, or a file or model was made",
    "no_3d": "planar reformats and 3D acquisitions are not 3D rendering",
    "not_read": "no text, not English, or no report",
}
REASONS = {
    "supported": "Everything needed is written",
    "supervision_not_documented": "Physician's part not written",
    "location_not_documented": "Place of rendering not written",
    "supervision_and_location_not_documented": "Neither place nor physician's part written",
    "technique_ambiguous": "Wording leaves open whether it was 3D",
    "base_ambiguous": "CT or CT angiography not settled",
    "base_not_documented": "No examination named",
    "outside_dataset": "3D of another or an earlier dataset",
    "no_physician_supervision": "No physician took part in the rendering",
    "other_output": "Only a surface file or a printed model",
    "base_includes_3d": "The examination already contains 3D",
    "not_tomographic": "Not a tomographic examination",
    "not_in_force": "Before 2006, when other rules held",
    "no_3d_rendering": "No 3D rendering written",
}
STATUSES = {
    "no_text": "No text",
    "not_a_report": "Not a radiology report",
    "unsupported_language": "Not English",
    "error": "Could not be read",
}
# What is missing, and what the report would support with it.
MISSING = {
    "supervision.workstation": ("The physician's part (made on a workstation)", "76377"),
    "supervision.scanner": ("The physician's part (made on the scanner)", "76376"),
    "location": ("Where it was made", "76377 or 76376, by the place"),
    "both": ("Both: where, and the physician's part", "76377 or 76376, by the place"),
    "technique": ("Whether a 3D rendering was made at all", "depends on the answer"),
    "automatic": ("The physician's part (made automatically)", "depends on the answer"),
    "beside": ("A statement about another examination of the report", "depends on the answer"),
}
BILLED = {
    "supported_and_billed": "Supported and billed",
    "missed": "Supported, not billed",
    "unsupported": "Billed, not supported",
    "wrong_one": "The other of the two billed",
}


def words_of(name: str) -> str:
    """A name of ours as words."""
    return name.replace("_", " ").replace("3d", "3D")


def path_label(path: ReasonPath) -> str:
    """A reason path in a few words; the code first where there is one."""
    if path.status != "answered":
        return STATUSES.get(path.status, words_of(path.status))
    words = REASONS.get(path.reason or "", words_of(path.reason or ""))
    return f"{path.code}: {words[0].lower()}{words[1:]}" if path.code else words
