"""What the components leave on a spaCy Doc: plain data that any copy of the Doc keeps, and the Report they work on.

`doc.spans["nlp3d"]`          the mentions as spans, widened to whole tokens; `label_` is the concept, `id_` the vocabulary entry
                              (a product's name, else the concept), as `nlp3d vocab show` knows them
`doc.user_data["nlp3d"]`      what was read, as plain data; `["mentions"][i]` belongs to the i-th span and has its exact offsets
`doc.user_data["nlp3d_record"]`  from the caller, before the components run: `title`, `base`, `date_of_service`, `id` ...
`doc._.nlp3d`                 the suggestion, as the dictionary that `Suggestion.to_dict` gives, or None; its JSON stands in
                              `doc.user_data["nlp3d_suggestion"]`

`doc.spans` is always stored with a Doc, the rest in a `DocBin` with `store_user_data=True` only, which gives tuples for lists.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from spacy.language import Language
from spacy.tokens import Doc

from .errors import error
from .record import Record
from .text import sanitize

if TYPE_CHECKING:
    from .facts import Reading
    from .pack import Engine
    from .report import Mention, Report
    from .suggestion import Suggestion

KEY = "nlp3d"
RECORD = "nlp3d_record"


class Trace(dict[str, Any]):
    """What was read, as plain data, with the objects that the next component goes on with.

    Only the plain data is kept when a Doc is copied, pickled, stored or sent to another process; a component that
    finds no `report`, or one read with another engine, reads the text again."""

    report: Report | None = None
    reading: Reading | None = None
    engine: Engine | None = None
    done: int = 0

    def __reduce__(self) -> tuple[type[dict[str, Any]], tuple[dict[str, Any]]]:
        return dict, (dict(self),)


def suggestion_key(extension: str) -> str:
    """Where in `doc.user_data` the JSON behind `doc._.<extension>` stands."""
    return f"{extension}_suggestion"


@lru_cache
def _getter(extension: str) -> Callable[[Doc], dict[str, Any] | None]:
    def answer_of(doc: Doc) -> dict[str, Any] | None:
        """The suggestion on a Doc, None before the component has run."""
        text = doc.user_data.get(suggestion_key(extension))
        return None if text is None else dict(json.loads(text))

    return answer_of


def register(extension: str = KEY) -> None:
    """Make `doc._.<extension>` known. Raises `Nlp3dError` where another library uses the name."""
    getter = _getter(extension)
    if not Doc.has_extension(extension):
        Doc.set_extension(extension, getter=getter)
    elif Doc.get_extension(extension)[2] is not getter:
        raise error("extension_taken")


def make_doc(nlp: Language, text: str, **fields: Any) -> Doc:
    """A Doc of a report with what is known apart from its text (`title`, `date_of_service`, `id` ...), for `nlp(doc)` or `nlp.pipe`.

    The text is made safe first, one sign for one: spaCy itself fails on lone surrogates. Raises `Nlp3dError`."""
    Record.of({**fields, "text": text})
    doc = nlp.make_doc(sanitize(text).text)
    doc.user_data[RECORD] = {name: value for name, value in fields.items() if value is not None}
    return doc


def record_of(doc: Doc) -> Record:
    """The Doc's text with what the caller gave in `doc.user_data["nlp3d_record"]`."""
    return Record.of({**doc.user_data.get(RECORD, {}), "text": doc.text})


def trace_of(doc: Doc, engine: Engine) -> Trace:
    """The trace of a Doc with a report to go on with; a new one where there is none, or one of another engine."""
    trace = doc.user_data.get(KEY)
    if not isinstance(trace, Trace) or trace.report is None or trace.engine is not engine:
        trace = Trace()
        trace.report, trace.engine = engine.report(record_of(doc)), engine
        doc.user_data[KEY] = trace
    return trace


def write_report(doc: Doc, trace: Trace, report: Report) -> None:
    """Leave what the steps found so far on the Doc."""
    trace["mentions"] = [_mention(report, mention) for mention in report.mentions]
    trace["sections"] = [
        {**asdict(s), "start": _origin(report, s.start), "body": _origin(report, s.body), "end": _origin(report, s.end)}
        for s in report.sections
    ]
    write_spans(doc, trace, KEY)


def write_spans(doc: Doc, trace: Trace, key: str) -> None:
    """Leave the mentions as spans under a key."""
    doc.spans[key] = [
        doc.char_span(m["start"], m["end"], label=m["concept"], span_id=m["entry"], alignment_mode="expand") for m in trace["mentions"]
    ]


def write_reading(trace: Trace, reading: Reading) -> None:
    """Leave the facts and the evidence on the Doc."""
    trace["studies"] = [_plain(asdict(study)) for study in reading.studies]
    trace["evidence"] = [_plain(asdict(evidence)) for evidence in reading.evidence]


def write_suggestion(doc: Doc, suggestion: Suggestion, extension: str = KEY) -> None:
    """Leave the answer on the Doc."""
    doc.user_data[suggestion_key(extension)] = suggestion.to_json()


def displacy_data(doc: Doc, key: str = KEY) -> dict[str, Any]:
    """The mentions for `displacy.render(data, style="span", manual=True)` in a notebook. The labels are concepts, never report text."""
    return {
        "text": doc.text,
        "tokens": [token.text for token in doc],
        "spans": [{"start_token": s.start, "end_token": s.end, "label": s.label_} for s in doc.spans.get(key, ())],
        "title": None,
    }


def _origin(report: Report, offset: int) -> int:
    return report.copy.origin(offset, offset)[0]


def _mention(report: Report, mention: Mention) -> dict[str, Any]:
    start, end, _ = report.original(mention.start, mention.end)
    return {
        "concept": mention.concept,
        "entry": mention.product or mention.concept,
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
