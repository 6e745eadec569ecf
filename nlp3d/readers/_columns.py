"""Which column holds which field of a record: by option, by the field's own name, or by a name that is usual for it.

Where two columns have usual names for one field nothing is guessed: the caller has to say which is meant."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from ..errors import error
from ..record import Record
from ._items import State

STATUS = "status"  # not a field of the record: says what a part is among the parts of its accession
FIELDS = (*(field.name for field in fields(Record)), STATUS)
JOIN = "+"  # columns={"text": "findings+impression"}
_USUAL: Mapping[str, str] = {
    "text": "report_text report narrative note note_text full_text result_text body content report_body radiology_report report_content "
    "dictation transcription document_text raw_text",
    "id": "report_id note_id record_id document_id doc_id row_id uid",
    "accession": "accession_number accession_no accession_num accession_id acc acc_no acc_num acc_number accn",
    "title": "exam exam_title exam_name exam_description exam_desc study_description study_desc study_name procedure procedure_name "
    "procedure_description procedure_desc order_description order_name order_desc",
    "date_of_service": "dos service_date date_of_exam exam_date exam_datetime study_date study_datetime procedure_date performed_date "
    "chart_time chart_date",
    "modality": "modality_code mod",
    "site": "facility hospital campus institution site_name facility_name hospital_name",
    "reader": "radiologist reading_radiologist reading_physician interpreting_physician interpreting_radiologist signing_physician "
    "dictating_physician signed_by",
    "version": "report_version version_number revision note_seq",
    "billed_code": "billed billed_cpt billed_cpt_code cpt_billed cpt cpt_code charge_code hcpcs hcpcs_code",
    STATUS: "report_status result_status report_state note_type report_type",
}
_STATES: Mapping[State, str] = {
    "preliminary": "p prelim preliminary r s i partial registered wet wetread draft",
    "final": "f final rr u signed verified complete completed",
    "corrected": "c k corrected correction correct amended amendment revised",
    "addendum": "a ar add addendum addended appended",
    "withdrawn": "x d w cancelled canceled withdrawn deleted retracted enteredinerror",
}  # fmt: skip
_STATE_OF: Mapping[str, State] = {word: state for state, words in _STATES.items() for word in words.split()}


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


_FIELD_OF = {_bare(name): field for field, names in _USUAL.items() for name in names.split()}
_OWN = {_bare(field): field for field in FIELDS}


def mapped(header: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    """Field to column (several joined by `+`) for the columns of a table. `given` decides first; an empty column there means
    that a field is not to be read. Raises `Nlp3dError` where a given field or column is unknown, two columns fit, or none holds the text."""
    found: dict[str, str] = {}
    check_fields(given)
    for field, column in given.items():
        if column and not all(name in header for name in _names(column, header)):
            raise error("columns_given_missing", name=field)
        found[field] = column
    left = [name for name in header if name and name not in {one for column in found.values() for one in _names(column, header)}]
    for names in (_OWN, _FIELD_OF):
        taken = set(found)
        for name in left:
            field = names.get(_bare(name), "")
            if not field or field in taken:
                continue
            if field in found:
                raise error("columns_two_fit", name=field)
            found[field] = name
    if not found.get("text"):
        raise error("columns_no_text")
    return {field: column for field, column in found.items() if column}


def check_fields(given: Mapping[str, str]) -> None:
    """Raise `Nlp3dError` where a field is named that a record does not have."""
    if any(field not in FIELDS for field in given):
        raise error("columns_field_unknown", allowed=", ".join(FIELDS))


def columns_given(pairs: Sequence[str]) -> dict[str, str]:
    """Field to column from options written `FIELD=COLUMN` (`FIELD=` for none). Raises `Nlp3dError`."""
    if not all("=" in pair for pair in pairs):
        raise error("columns_option")
    given = {field.strip(): column for field, _, column in (pair.partition("=") for pair in pairs)}
    check_fields(given)
    return given


def take(values: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a record from the columns of a row."""
    return {field: values[column] if column in values else _joined(values, column) for field, column in columns.items()}


def state_of(word: object) -> State | None:
    """What a status (`F`, `Corrected`, `entered-in-error` ...) says of a part; None for one that says nothing known."""
    return _STATE_OF.get(_bare(word)) if isinstance(word, str) else None


def _names(column: str, header: Sequence[str]) -> list[str]:
    return [column] if column in header else column.split(JOIN)


def _joined(values: Mapping[str, Any], column: str) -> str | None:
    parts = [values.get(name) for name in column.split(JOIN)]
    return "\n\n".join(part for part in parts if isinstance(part, str) and part) or None


