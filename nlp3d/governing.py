"""Step 6, attachment: what governs a place. The verb it stands with, and the images it can be said of."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from .cues import FAR, words_between
from .matching import Match
from .report import Mention, Report, place
from .topics import Head, Topics

PLACES = ("location.workstation", "location.scanner", "location.no_workstation")
_AND_MADE = re.compile(r"^[^.;]{0,70}?(?:\band\b|\bwhere\b|\bthere\b|\bto\b|\bwhich\b|,)")
_ORDINAL = re.compile(r"\bthe (former|latter|first|last)\b")
_LIKEWISE = re.compile(r"^\W*(?:and\s+)?(?:as|so|likewise)\s+(?:were|was|did|too|also)\b")
_JOINED = re.compile(r"^[\s,/&+()]*(?:\w+[\s,/&+()-]*){0,5}$")
_USES = re.compile(r"\b(?:dictat\w*|voice|e-?mail|report(?:ed|ing)?|pacs worklist|cad\b|transcri\w*|order entry|measur\w*|haller|angles?|navigation|registration|planning disc|landmark)\b")
SCANNED = re.compile(r"\b(?:(?:scanned|acquired|imaged|examined|performed)\s+(?:\w+\s+){0,3}|(?:acquisition|exam(?:ination)?|study|scan|sequences?)\s+(?:\w+\s+)?)(?:on|at|with|using|in)\s+(?:\w+\s+){0,2}$")
_ATTRIBUTE = re.compile(r"\b(?:the|that|this|these|those|an?|our|their|its|\w+['’]s)\s+(?:newly\s+|previously\s+)?$")
_NOUN_NEXT = re.compile(r"\s+(?!to\b|on\b|in\b|at\b|from\b|over\b|and\b|by\b|with\b|via\b|for\b|of\b|the\b|back\b|as\b|was\b|were\b)[a-z]{3,}")
_IN_PLANES = re.compile(r"\b(?:in|along)\s+(?:the\s+|both\s+|\w+\s+)?$")


class Governing:
    """Finds the verb and the head of a place, in its sentence or in what the sentence refers back to."""

    def _span(self, report: Report, m: Mention) -> tuple[int, int]:
        """The stretch of the sentence that a place can take its verb and head from: between the strong borders round it."""
        sentence = report.sentences[m.sentence]
        start, end = sentence.start, sentence.end
        for border in report.borders_in(m.sentence):
            if border.kind in ("strong", "but") and border.end <= m.start:
                start = border.end
            if border.kind in ("strong", "but") and border.start >= m.end:
                end = border.start
                break
        return start, end

    def _verb(self, report: Report, topics: Topics, m: Mention) -> Match | None:
        """The verb that governs a place: the nearest before it in its clause, else the first after it."""
        start, end = self._span(report, m)
        verbs = [v for v in topics.acts(m.sentence, "act.make", "act.view", "act.send") if start <= v.start and v.end <= end and not (v.start < m.end and m.start < v.end)]
        agents = topics.acts(m.sentence, "agent.")
        verbs = [v for v in verbs if v.concept != "act.send" or not _ATTRIBUTE.search(report.low, start, v.start) or not _NOUN_NEXT.match(report.low, v.end)]
        verbs = [v for v in verbs if not any(h.start <= v.start and v.end <= h.end for h in topics.of(m.sentence)) and not any(a.start <= v.start and v.end <= a.end for a in agents)]
        places, at = among(report, m)
        previous = [p for p in places[max(0, at - 1) : at] if p.start >= start]
        floor = previous[-1].end if previous else start
        earlier = [v for v in verbs if floor <= v.start and v.end <= m.start]
        if earlier:
            last = earlier[-1]
            if last.concept != "act.make" and (onward := self._made_after(report, topics, m, verbs, end)) is not None:
                return onward
            same_place = [v for v in earlier if v.start == last.start]
            return next((v for v in same_place if v.concept == "act.view"), last)
        gap = report.low[m.end : end]
        later = [v for v in verbs if v.start >= m.end and not re.search(r"[;.]", gap[: v.start - m.end])]
        if later and words_between(report.low, m.end, later[0].start) <= 8:
            if re.match(r"\s*(?:\([^)]*\))?\s*,?\s*and\b", gap) and previous == [] and self._has_head_before(topics, m, start):
                return None
            if self._has_head_before(topics, m, start) and later[0].concept != "act.make":
                return None
            return later[0]
        return None

    @staticmethod
    def _made_after(report: Report, topics: Topics, m: Mention, verbs: list[Match], end: int) -> Match | None:
        """"Sent to the workstation, where ... were made", "went to the workstation and built": the making follows the place."""
        onward = [v for v in verbs if v.start >= m.end and v.concept == "act.make"]
        rendered = [h for h in topics.of(m.sentence) if h.kind == "rendering" and h.start >= m.end]
        if onward and _AND_MADE.match(report.low[m.end : onward[0].start]) and rendered:
            return onward[0]
        return None

    @staticmethod
    def _has_head_before(topics: Topics, m: Mention, start: int) -> bool:
        return any(start <= h.start < m.start for h in topics.of(m.sentence))

    def _head(self, report: Report, topics: Topics, m: Mention) -> Head | None:
        """The head a place is said of, within its sentence."""
        start, end = self._span(report, m)
        heads = [h for h in topics.of(m.sentence) if not (h.start < m.end and m.start < h.end) and h.kind != "acquisition"]
        places, at = among(report, m)
        last = next((places[i] for i in range(at - 1, -1, -1) if places[i].concept in PLACES), None)
        next_place = next((places[i] for i in range(at + 1, len(places)) if places[i].concept in PLACES), None)
        floor = last.end if last is not None and last.start >= start else start
        ceiling = next_place.start if next_place is not None and next_place.end <= end else end
        before = [h for h in heads if floor <= h.start and h.end <= m.start]
        ordinals = list(_ORDINAL.finditer(report.low, max(start, m.start - FAR), m.start))
        if ordinals:
            named = ordinals[-1]
            known = [h for h in topics.of(m.sentence) if h.end <= ordinals[0].start() and h.kind in ("rendering", "planar")] or [h for h in heads if h.end <= m.start] or [h for h in topics.of(m.sentence - 1) if h.kind in ("rendering", "planar")]
            if len(known) > 1:
                return known[0] if named[1].lower() in ("former", "first") else known[-1]
        after_likewise = [h for h in heads if h.start >= m.end and h.kind == "rendering"]
        if after_likewise and _LIKEWISE.match(report.low[m.end : after_likewise[0].start]):
            return after_likewise[0]
        made_after = self._verb(report, topics, m)
        if made_after is not None and made_after.start >= m.end and made_after.concept == "act.make":
            rendered_after = [h for h in heads if m.end <= h.start and h.end <= ceiling and h.kind == "rendering"]
            if rendered_after and not any(h.kind == "rendering" for h in before):
                return rendered_after[0]
        if before:
            return self._of_list(report, topics, m, before)
        after = [h for h in heads if h.start >= m.end and h.end <= ceiling]
        label = re.match(r"\s*[\])]?\s*[:=]", report.low[m.end : m.end + 4])
        earlier = [h for h in heads if start <= h.start and h.end <= m.start]
        if after and not (earlier and re.match(r"[^.]{0,3}\band\b", report.low[m.end : after[0].start]) and not label):
            if earlier and not label and words_between(report.low, m.end, after[0].start) > 6:
                return self._of_list(report, topics, m, earlier)
            first = after[0]
            if first.kind == "planar" and len(after) > 1 and after[1].kind == "rendering" and _JOINED.match(report.low[first.end : after[1].start]):
                return after[1]
            return first
        if earlier:
            return self._of_list(report, topics, m, earlier)
        outside_span = [h for h in heads if h.end <= start]
        if outside_span:
            done = [h for h in outside_span if h.kind == "rendering"]
            return done[-1] if done and not (outside_span[-1].kind == "planar" and not topics.refers_back(m.sentence)) else outside_span[-1]
        following = [h for h in heads if h.start >= end]
        return following[0] if following and self._verb(report, topics, m) is None and not topics.acts(m.sentence, "agent.") else None

    def _of_list(self, report: Report, topics: Topics, m: Mention, heads: list[Head]) -> Head:
        """The last head before a place; where it ends a list that names a rendering too, the rendering."""
        last = heads[-1]
        if last.kind == "rendering":
            return last
        for head in reversed(heads[:-1]):
            between = report.low[head.end : last.start]
            if head.kind == "rendering" and last.kind == "planar" and _IN_PLANES.search(between) and report.low.startswith(("plane", "projection"), report.low.rfind(" ", 0, last.end) + 1):
                return head
            if head.kind == "rendering" and last.kind == "planar":
                verbs = [v for v in topics.acts(m.sentence, "act.make", "act.view", "act.send") if head.end <= v.start and v.end <= last.start]
                if not verbs and not re.search(r"[;.]|\b(?:from|instead|rather|not|only)\b", between):
                    return head
            if head.kind == "rendering" and last.kind == "not_done":
                return head
        return last

    def _elsewhere(self, report: Report, topics: Topics, m: Mention, verb: Match | None) -> Head | None:
        """A place in a sentence that names no head: what "this" or a bare label refers back to, or what follows."""
        text, sentence = report.low, report.sentences[m.sentence]
        before = text[max(sentence.start, m.start - FAR) : m.start]
        if report.holds(_USES, m.sentence) and not topics.refers_back(m.sentence):
            return None
        if m.concept == "location.scanner" and SCANNED.search(before):
            return None
        if verb is not None and verb.concept == "act.send":
            onward = topics.subsequent(m.sentence)
            if onward is not None:
                return onward
        if verb is not None and verb.concept == "act.make" and verb.end <= m.start and not topics.refers_back(m.sentence):
            subject = text[sentence.start : verb.start]
            agent = next((a for a in topics.acts(m.sentence, "agent.") if a.end <= m.start), None)
            if agent is None and not re.search(r":\s*\W*$", subject) and len(re.findall(r"[A-Za-z]{2,}", subject)) >= 2:
                return None
        back = topics.antecedent(m.sentence)
        label = m.start - sentence.start <= 3 or re.search(r":\s*\W*$", before) is not None
        if back is not None and (topics.refers_back(m.sentence) or label or verb is not None or words_between(text, sentence.start, sentence.end) <= 9 or m.concept == "location.no_workstation"):
            if back.kind == "planar" and m.concept != "location.no_workstation" and not topics.refers_back(m.sentence) and label:
                rendered = [h for h in topics.rendered if h.mention.sentence < m.sentence]
                return rendered[-1] if rendered and m.sentence - rendered[-1].mention.sentence <= 3 else back
            return back
        onward = topics.subsequent(m.sentence)
        if onward is not None and (verb is not None or label) and (m.concept != "location.scanner" or label):
            return onward
        if back is not None and m.concept == "location.workstation":
            return back
        if topics.rendered and (m.concept == "location.no_workstation" or (m.concept == "location.workstation" and (label or verb is not None)) or (m.concept == "location.scanner" and label)):
            earlier = [h for h in topics.rendered if h.start < m.start]
            return earlier[-1] if earlier else topics.rendered[0]
        return None


def among(report: Report, m: Mention) -> tuple[Sequence[Mention], int]:
    """All places of the report, which do not overlap, and the position of one of them."""
    places = report.of("location")
    return places, bisect_left(places, place(m), key=place)
