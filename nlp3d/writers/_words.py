"""Facts and families in words for the terminal."""

from __future__ import annotations

from ..rules.model import UNSETTLED
from ..suggestion import Study

FAMILIES = {
    "technique": "3D",
    "location": "place",
    "supervision": "physician",
    "base": "examination",
    "reformat": "2D reformat",
    "acquisition": "acquisition",
    "performer": "maker",
}
_GROUPS = {
    "eligible": "contains no 3D of its own",
    "ambiguous": "CT or CT angiography, not settled",
    "unknown": "no examination is named",
    "non_tomographic": "not tomographic",
}
_VALUES = {
    ("technique", "performed"): "a 3D rendering was made",
    ("technique", "weak"): "the wording leaves open whether one was made",
    ("technique", "none"): "none is stated as made",
    ("location", "workstation"): "on a separate workstation",
    ("location", "scanner"): "on the scanner or its console",
    ("location", "undocumented"): "where it was made is not said",
    ("location", "conflicting"): "said in two ways",
    ("supervision", "concurrent"): "took part while it was made",
    ("supervision", "personal"): "made it",
    ("supervision", "partial"): "only a part of taking part is said",
    ("supervision", "insufficient"): "what is said is not enough",
    ("supervision", "absent"): "nothing is said of one taking part",
    ("supervision", "denied"): "said not to have taken part",
    ("output", "mesh"): "only a surface file",
    ("output", "print"): "only a printed model",
}
_MISSING = {
    ("technique", "weak"): "Whether a 3D rendering was made: the wording leaves it open.",
    ("location", "undocumented"): "Where the rendering was made.",
    ("location", "conflicting"): "Where the rendering was made: it is said in two ways.",
    ("supervision", "absent"): "A physician's part in making the rendering.",
    ("supervision", "partial"): "A physician's part in making the rendering: only a part of it is said.",
    ("supervision", "insufficient"): "A physician's part in making the rendering: what is said is not enough.",
}
STATUSES = {
    "no_text": ("There is no text.", "Give the report itself."),
    "not_a_report": ("This does not read like a radiology report.", "Check that the right text was given."),
    "unsupported_language": ("Only English reports are read.", "Give an English text, or code this one by hand."),
    "error": ("This record could not be read.", "See the note on standard error."),
}


def facts(study: Study) -> list[tuple[str, str, str]]:
    """The facts of a study that tell something: name, value, what it means."""
    of, base = study.facts, study.decision.base
    named = of.procedure if of.procedure not in UNSETTLED else ""
    rows = [
        ("examination", " -> ".join(dict.fromkeys(filter(None, (named, base)))), _GROUPS.get(base, "contains 3D work of its own")),
        ("3D rendering", of.technique, _VALUES["technique", of.technique]),
    ]
    if of.technique == "none":
        return rows
    rows += [
        ("place", of.location, _VALUES["location", of.location]),
        ("physician", of.supervision, _VALUES["supervision", of.supervision]),
        (
            "in the findings",
            "yes" if of.interpretation else "no",
            "findings use the 3D" if of.interpretation else "findings do not say what the 3D shows",
        ),
    ]
    if of.output != "display":
        rows.append(("output", of.output, _VALUES["output", of.output]))
    if of.automatic:
        rows.append(("automatic", "yes", "made by software alone"))
    if of.outside:
        rows.append(("other dataset", "yes", "of another institution or an earlier examination"))
    return rows


def missing(study: Study) -> list[str]:
    """What a study lacks for a code without doubt, where more words in the report could give it."""
    of, decision = study.facts, study.decision
    if of.technique == "none" or decision.base not in ("eligible", *UNSETTLED):
        return []
    wanted = {"technique": of.technique, "location": of.location, "supervision": of.supervision}
    lacks = [_MISSING[fact] for fact in wanted.items() if fact in _MISSING]
    if decision.base in UNSETTLED:
        lacks.insert(0, f"The examination: {_GROUPS[decision.base]}.")
    return lacks
