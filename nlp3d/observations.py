"""Step 7, facts: what a reader should know beside the facts (flags of facts.FLAGS that follow from the words, not from a rule)."""

from __future__ import annotations

import re

from .matching import Sieve
from .report import Report, Study

_SIGNED = re.compile(
    r"\b(?:signed|dictated|finali[sz]ed|interpreted|read|reported|attested|authenticated|authored|reviewed|approved|addendum|amended|transcribed for)\s+(?:electronically\s+)?by\s*:?\s*(?:dr\.?\s+)?(?P<by>[a-z][\w.'’-]*(?:[ \t]+[a-z][\w.'’-]*){0,3})"
    r"|(?:^|\n|/s/|[.;:])[ \t]*(?:dr\.?[ \t]+)?(?P<titled>[a-z][\w.'’-]*(?:[ \t]+[a-z][\w.'’-]*){0,3}),?[ \t]+(?:m\.?d\b|d\.?o\b|mbbs|mbchb|frcr|franzcr|frcpc)"
)
_NO_NAME = frozenset(["the", "a", "an", "me", "undersigned", "attending", "radiologist", "resident", "physician", "and", "by", "on", "at", "md", "do", "jr", "sr", "staff", "dr", "consultant", "fellow"])
_ACCESSION = re.compile(
    r"\b(?:read|reported|dictated|interpreted|described|billed|found|issued|covered|see)\b[^.;\n]{0,40}\b(?:under|on|with|as|in)\s+(?:an?\s+|the\s+|its\s+(?:own\s+)?)?(?:separate|other|different|another|base|parent|original|own)?\s*(?:accession|acc\b|acc#|report under accession)"
    r"|\b(?:base|underlying|source|parent|diagnostic|primary)\s+(?:ct|mri?|scan|study|exam\w*|examination|acquisition|report)\b[^.;\n]{0,50}\b(?:accession|separately|separate report|own report|reported (?:elsewhere|apart|under))"
    r"|\baccession\b[^.;\n]{0,40}\b(?:base|underlying|source|parent|original|diagnostic)\s+(?:ct|mri?|scan|study|exam\w*)"
)
_ACCESSION_SIEVE = Sieve(_ACCESSION)
_MESH = re.compile(r"\b(?:stl|3mf|obj files?|surface mesh(?:es)?|mesh (?:file|model|export)s?)\b")
_MESH_WORDS = ("stl", "3mf", "obj", "mesh")
_PRINT = re.compile(r"\b(?:3-?d[- ]print\w*|print(?:ed|ing|er)?\b[^.;\n]{0,40}\b(?:models?|guides?|replicas?|jaw|pelvis|skull|bone|template)|(?:models?|guides?|replicas?|templates?)\b[^.;\n]{0,60}\b(?:print(?:ed|ing|er)?))\b")
_DENIED = re.compile(r"\b(?:no|not|never|nothing|without|none|nor|neither|non)\b[^.;\n]{0,40}$")
_DENIED_AFTER = re.compile(r"[^.;\n]{0,20}(?::\s*(?:none|no\b|not)|\b(?:was|were|is|are)\s+not\b|\bnot (?:made|printed|requested|needed))")
_SUSPICIOUS = re.compile(r"(?<!\d)73677(?!\d)")


def of_report(text: str) -> tuple[str, ...]:
    """Flags of the whole report. `suspicious_token`: 73677, a published misprint of 76377 (S32), stands in the text."""
    return ("suspicious_token",) if "73677" in text and _SUSPICIOUS.search(text) else ()


def of_study(report: Report, study: Study) -> set[str]:
    """Flags of one study with a rendering: late addenda and who signed them, files and prints, a base study reported apart."""
    flags: set[str] = set()
    counted = [m for m in report.mentions if m.counts and study.index in m.studies and m.family in ("technique", "location", "supervision")]
    late = [m for m in counted if report.section_at(m.start).addendum]
    if late:
        flags.add("late_addendum")
        start = min(s.start for s in report.sections if s.addendum)
        before, after = _signers(report.low[:start]), _signers(report.low[start:])
        if before and after and not before & after:
            flags.add("addendum_by_other_physician")
    text = report.low
    if any(word in text for word in _MESH_WORDS) and _affirmed(_MESH, text):
        flags.add("mesh_output")
    if "print" in text and _affirmed(_PRINT, text):
        flags.add("printed_output")
    if _ACCESSION_SIEVE.passes(report.encoded) and _ACCESSION.search(text):
        flags.add("base_on_other_accession")
    return flags


def _affirmed(pattern: re.Pattern[str], text: str) -> bool:
    return any(not _DENIED.search(text, max(0, m.start() - 60), m.start()) and not _DENIED_AFTER.match(text, m.end()) for m in pattern.finditer(text))


def _signers(text: str) -> set[str]:
    """Last names that sign a part of a report; placeholders and titles are none."""
    names = set()
    for match in _SIGNED.finditer(text):
        words = [w.strip(".'’-") for w in (match["by"] or match["titled"] or "").split()]
        words = [w for w in words if len(w) > 1 and w not in _NO_NAME and w.isalpha()]
        if words:
            names.add(words[-1])
    return names
