"""What keeps a deed from counting: denied, wanted only, asked about, done while reading, an errand, a choice nobody made, of the scan."""

from __future__ import annotations

import re

from ..matching import Match
from .frame import PROCESSING, Frame

_SCAN_OBJECT = re.compile(r"^\w*\s*(?:,\s*)?(?:of|over|for|during)?\s*(?:(?:the\s+)?(?:key|critical|entire|essential)\s+(?:portions?|parts?|steps?)\s+of\s+)?(?:the\s+|this\s+|all\s+|\w+\s+){0,2}(?:dynamic|sequence|series|scan\w*|acquisition|contrast|injection|inject\w*|sedation|exam\b|examination|study\b|imaging\b|patient|protocol|administration|positioning|an?esthesia|resident\w*|fellow\w*|trainee\w*|registrar\w*|(?:lab|laboratory)\b(?! tech| staff| person| operator| analyst)|department|facility|service|dictation|biops\w*|nurse|stress|infusion|consent|reading|readout|interpretation|procedure|monitoring of the patient)\b")
_NEGATED = re.compile(r"\b(?:no|not|never|without|n't|neither|nor|nobody|none|w/o|lacking|minus)\s+(?:\w+[\s-]+){0,4}$")
_NEGATED_AFTER = re.compile(r"^[^.;\n]{0,25}:\s*(?:\[\s*\]\s*\w+[\s,]*)+\[x\]\s*(?:none|no|not|never)\b|^\s*(?:was|were|is|are)?\s*(?:[:=-]\s*)?(?:not (?:provided|given|present|done|performed|available|documented|exercised)|none|absent|nil|never|n't)\b")
_UNREAL = re.compile(
    r"\b(?:would|could|should|might|ought to)(?:n't| not)?\s+have\s+(?:been\s+)?(?:\w+\s+)?$"
    r"|\b(?:planned|meant|intended|intending|hoped|hoping|wished|was going|were going|due|tried|supposed|offered|unable|failed|forgot|ready|willing|prepared|authori[sz]ed|qualified|allowed|privileged|expected|required|need(?:s|ed)?|ha(?:s|ve|d))\s+to\s+(?:be\s+)?(?:\w+ly\s+)?$"
    r"|\b(?:will|would|shall|should|must|may|might|can|could)\s+(?:not\s+)?(?:be\s+)?(?:\w+ly\s+)?$"
)
_REQUIRED = re.compile(r"(?:[^.;:]{0,60}\b(?:is|are|was|were)|\s+(?:by|of|from)\s+[^.;:,]{0,40}|)\s*(?:not\s+)?\b(?:required|mandated|mandatory|necessary|needed|recommended|expected|not applicable|waived|billed|a condition|a requirement)\b|[^.;:\n]{0,30}[:=]\s*(?:_{2,}|\[?\s*\]?\s*$|see\b|tbd\b|pending\b|\*{2,})")
_IN_VAIN = re.compile(r"\bbut\b[^.;]{0,30}\b(?:none|not|never|no|nobody|in vain|refused|declined|away|couldn't|didn't|wasn't)\b")
_YES = re.compile(r"[\s\[(]*(?:x\s*[\])]\s*)?y(?:es)?\b")
_TO_DO = re.compile(r"\s+(?:(?:the|our|a|my)\s+)?(?:[\w-]+\s+){0,3}?to\s+(?:please\s+|\w+ly\s+|also\s+)?")


class Reality(Frame):
    """Whether a deed told in the sentence was done, here, and to the rendering."""

    def _clause(self, at: int) -> tuple[int, int]:
        """The stretch between the strong borders round a place."""
        stop = min([b.start for b in self.report.borders_in(self.sentence) if b.start >= at and b.kind in ("strong", "but")], default=self.end)
        return self._floor(at), stop

    def _of_the_scan_named(self, act: Match) -> bool:
        """"Supervised the injection and was present throughout it": "it" is the injection where the sentence names no rendering."""
        if self.direct:
            return False
        scans = [s for s in self.topics.acts(self.sentence, "act.scan") if s.end <= act.start]
        return bool(scans) and self.topics.points_back(self.start, scans[0].start) is None and PROCESSING.search(self.text, self.start, self.end) is None

    def _while_reading(self, act: Match) -> bool:
        """Whether the clause of a deed says that it was done while the images were read."""
        start, stop = self._clause(act.start)
        return any(start <= c.start and c.end <= stop for c in self.topics.acts(self.sentence, "reading_time"))

    def _unreal(self, act: Match) -> bool:
        """A deed that was wanted, required, asked about or missed, and not done: "would have removed", "planned to supervise", "supervision
        is required", "I asked for more views but none came"."""
        before, after = self.text[self._floor(act.start) : act.start], self.text[act.end : self.end]
        return bool(_UNREAL.search(before) or _REQUIRED.match(after) or _IN_VAIN.search(after)) or self._asked(act.end)

    def _asked(self, at: int) -> bool:
        """Whether a place lies in a question that nothing answers with yes."""
        mark = self.text.find("?", at, self.end)
        return mark >= 0 and _YES.match(self.text, mark + 1) is None

    def _errand(self, act: Match) -> bool:
        """Whether someone was told to do what is no part of the making: "told the technologist to send the images"."""
        told = _TO_DO.match(self.text, act.end, self.end)
        return told is not None and any(c.start == told.end() for c in self.topics.acts(self.sentence, "errand"))

    def _of_scan(self, at: int) -> bool:
        """Whether what follows is the scan, the contrast, a trainee ... and not a person named by such a word ("imaging analyst")."""
        found = _SCAN_OBJECT.match(self.text[at : min(self.end, at + 70)])
        return found is not None and not any(a.kind == "technologist" and a.start < at + found.end() < a.end + 1 for a in self.agents)

    @staticmethod
    def _negated(lead: str, tail: str) -> bool:
        last = _NEGATED.search(lead)
        if last and not re.search(r"\b(?:independent|separate|work-?station|contrast|scanner|was used|only)\b", last[0]):
            return True
        return bool(_NEGATED_AFTER.match(tail)) and not re.match(r"\W*not\s+(?:after|only|just|merely)", tail)

    def _unchosen(self, at: int) -> bool:
        """Whether a statement stands in, or right behind, a choice that nobody made, or behind an empty box."""
        choices = [c for c in self.topics.acts(self.sentence, "template") if (c.start <= at <= c.end + 30 and self.text[c.start] == "{") or (at < c.start <= at + 60 and re.match(r"\[?\s*y(?:es)?\b", self.text[c.start : c.end]))]
        return bool(choices) or self.report.unticked(at)

    def _refused(self, start: int, end: int) -> bool:
        """Whether the clause of a statement holds a denial of a physician's part."""
        if not self.denials:
            return False
        floor = self._floor(start)
        stop = min([b.start for b in self.report.borders_in(self.sentence) if b.start >= end and b.kind in ("strong", "but", "while")], default=self.end)
        return any(floor <= m.start < stop for m in self.denials)
