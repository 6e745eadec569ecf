"""What the components leave on a spaCy Doc: plain data that any copy of the Doc keeps, and the Report they work on.

`doc.spans["nlp3d"]`          the mentions as spans, widened to whole tokens; `label_` is the concept
`doc.user_data["nlp3d"]`      what was read, as plain data; `["mentions"][i]` belongs to the i-th span and has its exact offsets
`doc.user_data["nlp3d_record"]`  from the caller, before the components run: `title`, `base`, `date_of_service`, `id` ...
`doc._.nlp3d`                 the suggestion, as the dictionary that `Suggestion.to_dict` gives, or None; its JSON stands in
                              `doc.user_data["nlp3d_suggestion"]`

`doc.spans` is always stored with a Doc, the rest in a `DocBin` with `store_user_data=True` only, which gives tuples for lists.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from spacy.tokens import Doc

from .facts import Reading
from .record import Record
from .report import Mention, Report
from .suggestion import Suggestion
from .text import sanitize

KEY = "nlp3d"
RECORD = "nlp3d_record"
SUGGESTION = "nlp3d_suggestion"


class Trace(dict[str, Any]):
    """What was read, as plain data, with the objects that the next component goes on with.

    Only the plain data is kept when a Doc is copied, pickled, stored or sent to another process; a component that
    finds no `report` reads the text again."""

    report: Report | None = None
    reading: Reading | None = None
    done: int = 0

    def __reduce__(self) -> tuple[type[dict[str, Any]], tuple[dict[str, Any]]]:
        return dict, (dict(self),)


def answer_of(doc: Doc) -> dict[str, Any] | None:
    """The suggestion on a Doc, None before `nlp3d_suggestion` has run."""
    text = doc.user_data.get(SUGGESTION)
    return None if text is None else dict(json.loads(text))


def register() -> None:
    """Make `doc._.nlp3d` known. spaCy raises where another library uses the name."""
    if not Doc.has_extension(KEY) or Doc.get_extension(KEY)[2] is not answer_of:
        Doc.set_extension(KEY, getter=answer_of)


def record_of(doc: Doc) -> Record:
    """The Doc's text with what the caller gave in `doc.user_data["nlp3d_record"]`."""
    return Record.of({**doc.user_data.get(RECORD, {}), "text": doc.text})


def trace_of(doc: Doc) -> Trace:
    """The trace of a Doc with a report to go on with; a new one where there is none."""
    trace = doc.user_data.get(KEY)
    if not isinstance(trace, Trace) or trace.report is None:
        record = record_of(doc)
        trace = Trace()
        trace.report = Report(sanitize(record.text).text, title=record.title or "", base=record.base)
        doc.user_data[KEY] = trace
    return trace


def write_report(doc: Doc, trace: Trace, report: Report) -> None:
    """Leave what the steps found so far on the Doc."""
    trace["mentions"] = [_mention(report, mention) for mention in report.mentions]
    trace["sections"] = [
        {**asdict(s), "start": _origin(report, s.start), "body": _origin(report, s.body), "end": _origin(report, s.end)}
        for s in report.sections
    ]
    doc.spans[KEY] = [doc.char_span(m["start"], m["end"], label=m["concept"], alignment_mode="expand") for m in trace["mentions"]]


def write_reading(trace: Trace, reading: Reading) -> None:
    """Leave the facts and the evidence on the Doc."""
    trace["studies"] = [_plain(asdict(study)) for study in reading.studies]
    trace["evidence"] = [_plain(asdict(evidence)) for evidence in reading.evidence]


def write_suggestion(doc: Doc, suggestion: Suggestion) -> None:
    """Leave the answer on the Doc."""
    doc.user_data[SUGGESTION] = suggestion.to_json()


def _origin(report: Report, offset: int) -> int:
    return report.copy.origin(offset, offset)[0]


def _mention(report: Report, mention: Mention) -> dict[str, Any]:
    start, end, _ = report.original(mention.start, mention.end)
    return {
        "concept": mention.concept,
        "start": start,
        "end": end,
        "section": mention.section,
        "assertion": mention.assertion,
        "about": mention.about,
        "studies": list(mention.studies),
        "counts": mention.counts,
        "why": mention.why,
    }


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Tuples as lists: what comes back from storage is equal to what went in."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
