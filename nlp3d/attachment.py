"""Step 6, attachment: what a place is said of. Made there, viewed there, scanned there, or the two-dimensional images made there.

"MPRs on the independent workstation, MIPs at the console" is a scanner rendering; "reviewed on an independent workstation" is viewing.
"""

from __future__ import annotations

import re

from .cues import FAR, Cues, default_cues, words_between
from .governing import PLACES, SCANNED, Governing, among
from .matching import Match
from .report import Mention, Report
from .topics import Head, Topics

_HABIT = re.compile(r"\b(?:usually|normally|typically|routinely|generally|ordinarily|as a rule|customarily|in most cases|often)\b[^.;]*$")
_DOWN = re.compile(r"^\W*(?:is |was |being |had been |currently |again |today )*(?:down\b(?!\s+(?:the|to|in|by|at|on|from)\b)|out of order|out of service|unavailable|not available|not working|not used|broken|being serviced|offline\b|did not|could not|cannot|can not|couldn't|didn't|lacks|not able|being upgraded|crashed)")
_WRONG = re.compile(r"^[^.;]{0,20}[;,.]?\s*(?:that|this|which)\s+(?:is|was)\s+(?:wrong|incorrect|an error|a mistake|in error|not (?:so|true|the case))")
_FROM = re.compile(r"\b(?:from|off|via|out of|courtesy of)\s*,?\s+(?:the\s*|our\s*|a\s*|an\s*)?(?:\w+['’]s\s+)?$")
_FOR_VIEW = re.compile(r"^\W*(?:merely |only |just |simply )?(?:for|to)\s+(?:be\s+)?(?:\w+\s+){0,2}(?:looked|review|viewing|view|interpret\w*|read\w*|display|evaluation|archiv\w*|storage|measure\w*)")
_NOT = re.compile(r"\b(?:not|never|n't|neither|nor|rather than|instead of|away from|without|no|(?:carried out|takes? place|took place) off)\s+(?:\w+\s+){0,3}$")
_NOT_VERBS = re.compile(r"\b(?:not|never|nothing)\s+(?:\w+\s+){0,2}(?:made|done|performed|moved|sent|taken|transferred|rendered|created|generated|produced|leave|left)\s+(?:\w+\s+){0,2}$")
_PAIR_VIEW = re.compile(r"(?:and|/|,|&|then)\s*(?:then\s+|subsequently\s+|also\s+)?$")
_SOURCE = re.compile(r"\b(?:data|dataset|data ?sets?|slices?|source|sections?|thin\w*|cuts|images?|series|volume|sets?|raw|stack|axials?|study|scan|information|it|them|everything|dicom)\b")


class Attach(Governing):
    """Sets `about`, `assertion` and `why` of every place mention."""

    def __init__(self, cues: Cues) -> None:
        self.cues = cues

    def __call__(self, report: Report) -> Report:
        """Read each place in its sentence, then in what the sentence refers back to."""
        topics = Topics(report, self.cues)
        for mention in report.of("location"):
            self._place(report, topics, mention)
        return report

    def _place(self, report: Report, topics: Topics, m: Mention) -> None:
        text, sentence = report.low, report.sentences[m.sentence]
        before = text[max(sentence.start, m.start - FAR) : m.start]
        if m.concept not in PLACES and m.name != "same_place":
            m.about, m.why = "other", _PLAIN_WHY[m.name]
            return
        if m.reading == "historical":
            m.about, m.assertion, m.why = "other", "historical", "stands under a heading for earlier examinations"
            return
        if _HABIT.search(before) or (_DOWN.match(text[m.end : min(sentence.end, m.end + 50)]) and m.concept != "location.no_workstation" and not re.search(r"not (?:only|on|at)\b", text[m.end : m.end + 30])) or _WRONG.match(text[m.end : m.end + 60]):
            m.about, m.why = "other", "not where this rendering was made"
            return
        if m.name == "same_place" and not self._same_place(report, m):
            m.about, m.why = "other", "no place was named before"
            return
        if self._alternatives(report, m):
            m.about, m.assertion, m.why = "other", "template", "a choice nobody made"
            report.flags.add("unfilled_template")
            return
        if report.unticked(m.start):
            m.about, m.assertion, m.why = "other", "template", "a box that is not ticked"
            return
        template = next((c for c in self.cues.of(report, m.sentence, "template") if c.start <= m.start <= c.end), None)
        if template is not None:
            m.about, m.assertion, m.why = "other", "template", "a choice nobody made"
            return
        if m.concept != "location.no_workstation" and (_NOT.search(before) or _NOT_VERBS.search(before)) and not re.search(r"not only[^.]*$", before):
            if m.concept == "location.scanner":
                m.about, m.assertion, m.why = "other", "negated", "said not to be the place"
                return
            m.concept = "location.no_workstation"
        verb = self._verb(report, topics, m)
        head = self._head(report, topics, m)
        if head is None:
            head = self._elsewhere(report, topics, m, verb)
        if head is None:
            m.about, m.why = "other", "said of nothing that was rendered"
            return
        if head.kind == "not_done":
            m.about, m.assertion, m.why = "other", head.mention.assertion, f"said of a rendering that is {head.mention.assertion.replace('_', ' ')}"
            return
        if verb is not None and verb.concept == "act.view" and not self._made_too(report, topics, m, verb, head):
            m.about, m.why = "viewing", f'"{text[verb.start : verb.end]}" is viewing, not rendering'
            return
        if m.concept == "location.scanner" and verb is not None and verb.concept == "act.send" and verb.end <= m.start and _FROM.search(text[max(0, m.start - 16) : m.start] + text[m.start : m.start + 9]):
            m.about, m.why = "other", "where the data came from"
            return
        if verb is not None and verb.concept == "act.send" and not self._sent_to_be_made(report, topics, m, verb, head):
            m.about, m.why = "other", "images were sent there; nothing says that they were made there"
            return
        if m.concept == "location.scanner" and SCANNED.search(before) and not any(sentence.start <= h.start < m.start for h in topics.of(m.sentence) if h.kind == "rendering"):
            m.about, m.why = "other", "the scan itself, not the rendering"
            return
        if head.kind == "rendering":
            m.about, m.why = "rendering", ""
            m.studies = head.mention.studies if len(head.mention.studies) < len(m.studies) else m.studies
        else:
            m.about = "planar" if head.kind == "planar" else "other"
            m.why = "said of the two-dimensional reformats" if head.kind == "planar" else "said of the acquisition"

    @staticmethod
    def _alternatives(report: Report, m: Mention) -> bool:
        """"Independent workstation / scanner console": two kinds of place with nothing but a stroke between them."""
        places, at = among(report, m)
        for other in (*places[max(0, at - 1) : at], *places[at + 1 : at + 2]):
            if other.sentence != m.sentence or other.concept == m.concept or other.concept not in PLACES:
                continue
            first, second = (other, m) if other.start < m.start else (m, other)
            if first.end <= second.start and re.fullmatch(r"\s*(?:/|\|)\s*(?:on |at |the |an )*", report.low[first.end : second.start]):
                return True
        return False

    @staticmethod
    def _same_place(report: Report, m: Mention) -> bool:
        """"The same workstation": the place named last before it."""
        earlier = [p for p in report.of("location") if p.end <= m.start and p.name != "same_place"]
        if not earlier or m.sentence - earlier[-1].sentence > 10:
            return False
        m.concept, m.product = earlier[-1].concept, earlier[-1].product
        return m.concept in PLACES

    def _made_too(self, report: Report, topics: Topics, m: Mention, view: Match, head: Head) -> bool:
        """"Created and reviewed on": a making verb joined to the viewing one shares its place."""
        text = report.low
        if m.concept == "location.no_workstation":
            return True
        if _FROM.search(text[max(0, m.start - 16) : m.start]) and head.end <= m.start and head.start >= view.end and words_between(text, head.end, m.start) <= 7:
            return True
        for make in topics.acts(m.sentence, "act.make"):
            if make.end <= view.start and _PAIR_VIEW.fullmatch(text[make.end : view.start].strip() + " "):
                return True
            if view.end <= make.start < m.start and re.fullmatch(r"\s*(?:and|/|,|&)\s*", text[view.end : make.start]):
                return True
        if view.start >= m.end and head.start < m.start:
            return True
        return False

    def _sent_to_be_made(self, report: Report, topics: Topics, m: Mention, send: Match, head: Head) -> bool:
        """Data sent to a workstation and rendered; not finished images sent there to be kept or looked at."""
        text = report.low
        if m.concept == "location.no_workstation":
            return True
        if _FOR_VIEW.match(text[m.end : m.end + 40]):
            return False
        if head.start > m.end or head.mention.sentence != m.sentence or _FROM.search(text[max(0, m.start - 16) : m.start]):
            return True
        if any(make.end <= send.start and _PAIR_VIEW.fullmatch(text[make.end : send.start].strip() + " ") for make in topics.acts(m.sentence, "act.make")):
            return True
        if re.search(r"\bfor\b|\bto (?:be|have|make|create|build)", text[m.end : m.end + 40]):
            return True
        if head.start >= send.end:
            return True
        return bool(_SOURCE.search(re.split("[,;]", text[head.end : send.start])[-1])) and not re.search(r"\bwere\s*$|\bwas\s*$", text[head.end : send.start][:8])


_PLAIN_WHY = {
    "pacs": "the archive's own viewer: no source says whether it is a separate workstation",
    "viewing_station": "a place to view images; nothing is said of where they were made",
    "plain_workstation": "a workstation with nothing that says which",
    "viewer_software": "viewer software; nothing is said of a separate workstation",
}


def default_attachment() -> Attach:
    """The step over the vocabulary of the package."""
    return Attach(default_cues())
