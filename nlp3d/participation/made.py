"""Who made the rendering, told by a verb: of a class, or of none (`open_verbs`)."""

from __future__ import annotations

import re

from ..cues import FAR, words_between
from ..matching import Match
from . import open_verbs
from .frame import OBJECT_OF, TOLD, WHO, Agent
from .reality import Reality

_CHECKED = re.compile(r"\b(?:qa|qc|quality|check\w*|approval|review|read|interpretation|selection|choice|supervision)\b[^.;]{0,30}$")
_VERB_ALONE = re.compile(r"\s+(?:the|a|an|this|these|my|its|both|each|it|them|in|into|three|all|every|his|her|by)\b")
_IMAGE = re.compile(r"\b(?:images?|views?|pictures?|models?|render\w*|projections?|spins?|3-?d|volumes?|surfaces?|mips?|vrt?|displays?|segmentation|post-?\s?processing|it|them|these|this\s+(?:on|at|with|using|in)|all of)\b")
_PARTICIPLE = re.compile(r"\b(\w+(?:ed|en|ught))\s+$")
_USED = re.compile(r"us(?:ed|ing)|utili|employ")
_DEED_OPENS = re.compile(r"did|made|ran|drew|built|cut|spun")
_OWN_PROCESSING = re.compile(r"\W*(?:the\s+|all\s+(?:the\s+)?)?(?:3-?d\s+)?post-?\s?process")
_PASSIVE = re.compile(r"\b(?:was|were|been|being|is|are|be|get|got)\s+(?:\w+ly\s+|also\s+|then\s+|all\s+|both\s+|not\s+|next\s+)*$")
_CANNOT = re.compile(r"\b(?:could|can|would|cannot|can't|couldn't)\s+(?:not\s+)?(?:\w+\s+)?$")
_NOUN_MAKE = re.compile(r"^(?:rendering|post-?\s?processing|processing|segmentation|making|work|hands|mouse|process|segmenting|creation|generation|drawing|modelling)$")
_WEAK_MAKE = re.compile(r"^(?:us(?:ed|ing)|utili[sz]\w+|employ\w*|source|platform|came\b.*|come.*|coming.*|out of|job|did not|put through|went through|pulled.*|attended to|made in|made on|process|used)$")
_BY_HER = re.compile(r"\bby\s+(?:the\s+|our\s+)?$")
_REFLEXIVE = re.compile(r"\b(?:myself|himself|herself)\b")
_NOMINAL_SELF = re.compile(r"\b(?:(?:operator|maker|renderer) and (?:interpreter|reader|reporter|interpreting \w+|radiologist) (?:are|is|were|was|being) (?:one|the same|identical)|mine|on my own\b|my own(?=\s*[,.;)]|$)|my (?:own )?(?:3-?d|vrt?|volume render\w*|mips?)(?!\s+(?:lab|tech|team|service|staff|work|station|suite|room|printer|request|order|protocol))\b|my own (?:\w+ )?(?:3-?d|render\w*|volume|work|doing|hands?|product|effort)|my (?:work|doing|handiwork|hands)|by (?:me|myself|self|the undersigned|the signer)|own hands?|\(self\)|self\)|self[- ](?:made|rendered|built|processed|segmented|reconstructed))")


class Made(Reality):
    """Deeds of making."""

    def _made(self) -> None:
        if self.topic != "rendering":
            return
        for act in self.topics.acts(self.sentence, "act.make"):
            word = self.text[act.start : act.end]
            if _WEAK_MAKE.match(word) or self._unchosen(act.start):
                continue
            within = any(h.start <= act.start and act.end <= h.end for h in self.topics.of(self.sentence))
            passive = self._by(act.end - 3 if word.lower().endswith(" by") else act.end)
            agent = passive or (None if _NOUN_MAKE.match(word) or _PASSIVE.search(self.text[self.start : act.start]) else self._before(act.start, 10))
            if _CHECKED.search(self.text[self._floor(act.start) : act.start]) and re.match(r"done|perform|carried|made", word):
                continue
            if agent is None or (within and not self._verbal(act, agent, passive is not None)) or (passive is None and not self._straight(agent, act)) or self._of_something_else(act, agent, passive is not None):
                continue
            if agent.kind == "physician" and (self._unreal(act) or self._while_reading(act)):
                continue
            lead = self.text[max(self._floor(act.start), act.start - 30) : act.start]
            start, end = min(agent.start, act.start), max(agent.end, act.end)
            if agent.kind == "physician":
                if self._refused(start, end) or self._first_is_object(agent):
                    continue
                if not self._negated(lead, ""):
                    self._add("personal", start, end)
                elif (self.direct or self._speaks_of_making()) and not _CANNOT.search(lead):
                    self._add("denied", start, end)
            elif agent.kind in ("trainee", "technologist", "lab"):
                self._add(f"made_by_{agent.kind}", start, end, why=f"made by {WHO[agent.kind]}; nothing here of a physician's part")
        for reflexive in _REFLEXIVE.finditer(self.text, self.start, self.end):
            made = [a for a in self.topics.acts(self.sentence, "act.make") if a.end <= reflexive.start() and not self._within_head(a) and not _WEAK_MAKE.match(self.text[a.start : a.end]) and words_between(self.text, a.end, reflexive.start()) <= 12 and not _NOUN_MAKE.match(self.text[a.start : a.end])]
            if made and not self._acts_in(made[-1].end, reflexive.start()) and not self._refused(made[-1].start, reflexive.end()) and not self._of_something_else(made[-1], Agent("physician", reflexive.start(), reflexive.end()), False):
                if reflexive[0].lower() == "myself" or any(a.kind == "physician" and a.end <= made[-1].start for a in self.agents):
                    self._add("personal", made[-1].start if reflexive.end() - made[-1].start < 80 else reflexive.start(), reflexive.end())
        for self_made in _NOMINAL_SELF.finditer(self.text, self.start, self.end):
            if not self._taken(self_made.start(), self_made.end()) and not self._refused(self_made.start(), self_made.end()):
                verbs = [v for v in self.topics.acts(self.sentence, "act.view", "act.choose", "act.adjust", "act.approve", "act.supervise", "act.make") if v.end <= self_made.start() and words_between(self.text, v.end, self_made.start()) <= 4]
                if verbs and verbs[-1].concept != "act.make":
                    continue
                if verbs and self._of_something_else(verbs[-1], Agent("physician", self_made.start(), self_made.end()), True):
                    continue
                done = _PARTICIPLE.search(self.text, self.start, self_made.start())
                if done and self.topics.cues.is_other_verb(done[1]):
                    continue
                self._add("personal", self_made.start(), self_made.end())

    def _of_something_else(self, act: Match, agent: Agent, passive: bool) -> bool:
        """A making whose object is the planar set, a diagnosis or the scan."""
        heads = self.topics.of(self.sentence)
        if passive:
            nearest = [h for h in heads if h.end <= act.start + 1 and h.start >= self._floor(act.start)]
            if not nearest and not self.direct and self._other_subject(act):
                return True
            return bool(nearest) and nearest[-1].kind in ("planar", "not_done") and not any(h.kind == "rendering" for h in nearest)
        if _OWN_PROCESSING.match(self.text, act.end):
            return False
        after = [h for h in heads if h.start >= act.start and words_between(self.text, act.end, h.start) <= 8]
        if after:
            return after[0].kind in ("planar", "acquisition", "not_done") and not any(h.kind == "rendering" for h in after)
        return self._other_object(act.end)

    def _other_subject(self, act: Match) -> bool:
        """"The measurement was made by me": the subject of a passive is no rendering."""
        start = self._floor(act.start)
        return any(start <= o.start and o.end <= act.start and words_between(self.text, start, o.start) <= 3 for o in self.topics.acts(self.sentence, "other_object")) and _IMAGE.search(self.text, start, act.start) is None

    def _other_object(self, at: int) -> bool:
        """Whether the next thing named is no rendering: "performed the ultrasound", "produced this report"."""
        image = _IMAGE.search(self.text, at, min(self.end, at + 60))
        limit = image.start() if image else self.end
        return any(at <= o.start < limit and words_between(self.text, at, o.start) <= 2 for o in self.topics.acts(self.sentence, "other_object"))

    def _verbal(self, act: Match, agent: Agent, passive: bool) -> bool:
        """"Rendered" within a mention is a deed only next to its agent: "the technologist rendered", "rendered by"."""
        if not passive and words_between(self.text, agent.end, act.start) <= 2 and _DEED_OPENS.fullmatch(self.text, act.start, act.end):
            return True
        if not re.match(r"(?:re-?)?(?:render|reconstruct|segment|reformat)\w*ed$", self.text[act.start : act.end]):
            return False
        return passive or words_between(self.text, agent.end, act.start) <= 2 or _VERB_ALONE.match(self.text, act.end) is not None

    def _straight(self, agent: Agent, act: Match) -> bool:
        """No other verb takes the agent first, unless it is joined: "I sat down and rendered", not "I reviewed the views produced"."""
        between = self._acts_in(agent.end - 1, act.start)
        if not between:
            return not re.search(r"\b(?:that|which|as (?:it|they|she|he)|while|whom)\b", self.text[agent.end : act.start])
        last = max(between, key=lambda v: v.end)
        if _USED.match(self.text, last.start, last.end) and re.search(r"\bto\s+(?:\w+ly\s+)?$", self.text[last.end : act.start]):
            return True
        if self.text[act.start : act.end].endswith("ing") and last.concept in ("act.adjust", "act.make") and not re.search(r"\b(?:that|which|were|was|while|by)\b", self.text[last.end : act.start]):
            return True
        return bool(re.search(r"(?:,|\band\b|\bthen\b|;)\s*(?:\w+\s+|(?:on|at|in|from|using|with|there)\s+(?:[\w'’.-]+\s+){1,6})?$", self.text[last.end : act.start])) and not re.search(r"\b(?:that|which|were|was|while|as)\b", self.text[last.end : act.start])

    def _object(self, start: int, at: int) -> bool:
        """Whether what leads up to a person makes them no subject: "of", "told", "by"."""
        return any(p.search(self.text, start, at) for p in (OBJECT_OF, TOLD, _BY_HER))

    def _open(self) -> None:
        """Deeds told with verbs that no class holds, where no frame has found a deed of the physician."""
        if self.topic != "rendering" or any(m.about == "rendering" and m.name in ("personal", "concurrent", "denied") for m in self.out):
            return
        if not self.direct and not self.topics.refers_back(self.sentence) and self.topics.antecedent(self.sentence, 1) is None:
            return
        physicians = [(a.start, a.end) for a in self.agents if a.kind == "physician"]
        subjects = [(a, b) for a, b in physicians if not self._object(max(self.start, a - FAR), a)]
        borders = [b.start for b in self.report.borders_in(self.sentence) if b.kind in ("strong", "but", "while")]
        heads = [h.start for h in self.topics.of(self.sentence) if h.kind == "rendering"]

        def stop(at: int) -> int:
            return min([b for b in borders if b >= at], default=self.end)

        def known(start: int, end: int) -> bool:
            return any(a.start < end and start < a.end for a in self.topics.acts(self.sentence, "act.")) or self.topics.cues.is_other_verb(self.text[start:end])

        deeds = open_verbs.made(self.text, subjects, stop, known, heads)
        deeds += [(a, b, True) for a, b in open_verbs.made_oneself(self.text, self.start, self.end, known) + open_verbs.made_by(self.text, self.start, physicians, known)]
        for start, end, whole in deeds:
            if not self._refused(start, end) and not self._negated(self.text[max(self._floor(start), start - 30) : end], ""):
                self._add("personal" if whole else "element_tissue", start, end)
        for start, end in open_verbs.beside(self.text, physicians, known):
            if not self._refused(start, end):
                self._add("concurrent", start, end)
