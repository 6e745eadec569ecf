"""Step 7, facts: the rendering named again ("on the model", "the volume views show"), once a rendering of the study is known to be done.

Such words say nothing by themselves; after a rendering they are further places where the report speaks of it, and are shown as evidence.
"""

from __future__ import annotations

import re

from .matching import Sieve
from .report import Mention, Report, Study
from .studies import Studies

_AGAIN = re.compile(
    r"\b(?:the|this|that|these|those|both|edited|same|each|said|our)\s+(?:\w+\s+)?"
    r"(?:models?|(?:volume|surface|bone|bony|skin|rotating|rotated|shaded|colou?red|colou?r|segmented|subtracted|disarticulated|cut-?away|maximum-mode|virtual)\s+"
    r"(?:images?|views?|pictures?|displays?|volumes?|airways?|set|path|lumen|surfaces?|skeleton|femur|pelvis|skull)|spins?|renders?|fly-?throughs?|tumbles?)\b"
)
_SIEVE = Sieve(_AGAIN)
_DENIED = re.compile(r"\b(?:no|not|without|never|nor|printed|plastic|resin|prior|previous|old|outside|earlier)\b[^.;]{0,20}$")


def named_again(report: Report, study: Study, studies: Studies, counted: list[Mention]) -> list[Mention]:
    """Further places of the counted renderings, as mentions `technique.named_again`."""
    text, found = report.low, []
    if not _SIEVE.passes(report.encoded):
        return []
    for match in _AGAIN.finditer(text, min(m.end for m in counted)):
        section = report.section_at(match.start())
        if section.reading in ("historical", "planned", "title_only") or _DENIED.search(text, max(0, match.start() - 30), match.end() - 1):
            continue
        if any(m.start < match.end() and match.start() < m.end for m in report.of("technique", "reformat", "acquisition", "location")):
            continue
        if study.index not in studies.of(report, match.start(), match.end()):
            continue
        again = Mention("technique.named_again", match.start(), match.end(), sentence=report.sentence_at(match.start()), studies=(study.index,), counts=True)
        again.section, again.reading = section.name, section.reading
        found.append(again)
    return found
