"""UIMA CAS as JSON (version 0.4), for INCEpTION: a file a report with its own types; offsets are UTF-16 code units."""

from __future__ import annotations

import json
from typing import Any

from . import Document
from ._utf16 import span_of, units_of

ENDINGS = (".json",)
TYPE = "webanno.custom.Nlp3d"
_VIEW = "_InitialView"
_TYPES = {TYPE: {"%NAME": TYPE, "%SUPER_TYPE": "uima.tcas.Annotation", "label": {"%NAME": "label", "%RANGE": "uima.cas.String"}}}


def labels(names: tuple[str, ...]) -> str:
    """A tag set of INCEpTION for the feature `label`."""
    tags = [{"tag_name": name, "tag_description": ""} for name in names]
    return json.dumps({"name": "nlp3d", "description": "", "language": "en", "tags": tags}, indent=1) + "\n"


def files(document: Document) -> dict[str, str]:
    """The report and its spans."""
    units = units_of(document.text)
    sofa = {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": _VIEW, "mimeType": "text/plain", "sofaString": document.text}
    spans = [
        {"%ID": number, "%TYPE": TYPE, "@sofa": 1, "begin": units[span.start], "end": units[span.end], "label": span.label}
        for number, span in enumerate(document.spans, 2)
    ]
    view = {"%SOFA": 1, "%MEMBERS": [span["%ID"] for span in spans]}
    return {".json": json.dumps({"%TYPES": _TYPES, "%FEATURE_STRUCTURES": [sofa, *spans], "%VIEWS": {_VIEW: view}}, ensure_ascii=False)}


def document(files: dict[str, str]) -> Document:
    """The report with the spans of our type; other layers are passed over."""
    structures: list[dict[str, Any]] = json.loads(files[".json"])["%FEATURE_STRUCTURES"]
    sofa = next(one for one in structures if one["%TYPE"] == "uima.cas.Sofa" and one["sofaID"] == _VIEW)
    units = units_of(sofa["sofaString"])
    ours = (one for one in structures if one["%TYPE"] == TYPE and one["@sofa"] == sofa["%ID"])
    return Document(sofa["sofaString"], tuple(span_of(units, one["begin"], one["end"], one["label"]) for one in ours))
