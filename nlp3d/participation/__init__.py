"""Step 6, attachment: who took part in the making, read as frames over word classes: an agent, an act, what it was done to.

Supervision counts only where it is said of the rendering; of the scan, the contrast, the resident, the laboratory or the planar
reformats it does not. Two or more elements of participation (region, tissue, views kept, adjusting) amount to supervision (S3, S4, S7).
"""

from __future__ import annotations

import re

from ..cues import Cues, default_cues
from ..matching import Sieve
from ..report import Mention, Report
from ..topics import Topics
from .chosen import Chosen
from .denied import Denied
from .frame import ABSENT_DOCTOR, PROCESSING
from .made import Made
from .named import Named
from .supervised import Supervised

_BLANK = re.compile(r"\s*\[[^\]]*(?:_{2,}|\*{3})[^\]]*\]\.?\s*$")
_PROCESSING = Sieve(PROCESSING)


class Participation:
    """Adds the supervision statements that the frames find, and says of each what it is about."""

    def __init__(self, cues: Cues) -> None:
        self.cues = cues

    def __call__(self, report: Report) -> Report:
        """Read every sentence that speaks of a rendering, or goes on speaking of one."""
        topics = Topics(report, self.cues)
        found: list[Mention] = []
        if topics.rendered:
            for sentence in self._candidates(report, topics):
                found += Frames(report, topics, sentence).read()
        lexical = list(report.of("supervision"))
        for m in lexical:
            m.value = report.low[m.start : m.end]
        report.mentions = [m for m in report.mentions if m.family != "supervision"]
        report.mentions += _kept(found, lexical)
        report.mentions.sort(key=lambda m: (m.start, -m.end))
        return report

    @staticmethod
    def _candidates(report: Report, topics: Topics) -> list[int]:
        chosen: set[int] = set()
        for sentence in topics.heads:
            chosen.update(range(sentence - 1, sentence + 5))
        chosen.update(m.sentence for m in report.of("supervision"))
        chosen.update(report.sentence_at(start) for start in _PROCESSING.starts(report.encoded, report.low))
        return sorted(s for s in chosen if 0 <= s < len(report.sentences))


def _kept(found: list[Mention], lexical: list[Mention]) -> list[Mention]:
    """Frames first; a phrase of the vocabulary that no frame used is shown with what it is not."""
    out = list(found)
    for mention in lexical:
        if mention.name == "general" and ABSENT_DOCTOR.match(mention.value):
            continue
        if not any(f.start < mention.end and mention.start < f.end for f in found):
            mention.about, mention.why = "other", mention.why or "not said of the making of a rendering"
            out.append(mention)
    return out


class Frames(Denied, Supervised, Chosen, Made, Named):
    """All frames over one sentence, in the order in which one gives way to another."""

    def read(self) -> list[Mention]:
        """The statements of the sentence, as mentions of the family `supervision`."""
        section = self.report.section_at(self.start)
        if section.reading in ("historical", "planned", "title_only") and not any(h.mention.assertion == "performed" for h in self.topics.of(self.sentence)):
            if not (section.name == "title" and self.topic == "rendering"):
                return []
        for m in self.lexical:
            if any(c.start <= m.start <= c.end for c in self.topics.acts(self.sentence, "template")):
                m.about, m.assertion, m.why = "other", "template", "a choice nobody made"
                return []
        if _BLANK.match(self.text, self.start, self.end):
            self.report.flags.add("unfilled_template")
            return []
        if self.topic == "planar" or self.topics.acts(self.sentence, "habit"):
            return []
        if self.topic == "none" and not self.lexical:
            return []
        if not (self.lexical or self.agents or self.topics.acts(self.sentence, "act.supervise", "act.attend")):
            # nobody is named and nothing said of a part in it: the frames that need neither are left
            self._made()
            self._implied()
            self._open()
            return self.out
        self._denied()
        self._supervised()
        self._made()
        attested = [m for m in self.lexical if m.name == "attestation"]
        if not attested or self.direct:
            self._attended()
            self._elements()
            self._named_elements()
            self._approved()
        self._implied()
        self._open()
        self._viewed()
        self._labelled()
        self._others()
        return self.out


def default_participation() -> Participation:
    """The step over the vocabulary of the package."""
    return Participation(default_cues())
