"""Supervision and presence: whether it is said of the rendering, and of a physician. Of the scan, the contrast, the resident or the
laboratory it does not count."""

from __future__ import annotations

import re

from ..cues import words_between
from ..matching import Match
from .frame import WHO, Agent
from .reality import Reality

_OF = re.compile(r"^(?:['’]s)?\s*(?:\([^)]*\)\s*)?(?:of|by|from)\s+(?:\w+\s+){0,3}$")
_LABEL_AFTER = re.compile(r"^[^.;:]{0,40}[:=]\s*\W{0,2}(?:\w+[\s,-]+){0,3}$")
_SCAN_BEFORE = re.compile(r"\b(?:contrast|injection|scan|scanning|sedation|acquisition|infusion|exam|examination|study|procedure|anesthesia|stress test|administration|gadolinium|gadavist|iohexol|omnipaque|isovue|resident|fellow|trainee)\b[^.;]{0,55}$")
_LAB_BEFORE = re.compile(r"(?<!of this )(?<!of the )(?<!of our )\b(?:lab|laboratory|facility|department|service|core|suite)\b(?:\s*,)?\s*(?:a\s+(?:lab\w*|facility|place|unit)\s+)?(?:that|which|itself)?\s*(?:is|was|being|gets)?\s*(?:\w+\s+)?$")
_IN_LAB = re.compile(r"\b(?:in|at|from|by|inside|within|via|through)\s+(?:the|our|a|an|its|their)\s+(?:[\w'’-]+\s+){0,4}(?:lab|laboratory|facility|department|service|core|suite)\b[^.;]{0,20}$")
_LAB_AFTER = re.compile(r"^\s*(?:3-?d\s+|imaging\s+|image\s+\w+\s+)?(?:lab|laboratory|facility|department|core)\b")
_CONTRAST = re.compile(r"\b(?:iohexol|omnipaque|isovue|iopamidol|contrast|gadavist|gadolinium|sedat\w+|injection|ml of)\b")
_ONLY = re.compile(r"\bonly\s+(?:\w+\s+)?$")
_GENERAL = re.compile(r"\bgeneral\s+(?:\w+\s+)?$")
_ADJECTIVE = re.compile(r"\b(?:concurrent\w*|direct|directly|real[- ]time|active\w*|continuous\w*|continous\w*|constant\w*|live|contemporaneous\w*|simultaneous\w*|close\w*|throughout|at the same time|start to (?:finish|end)|in person|personal\w*|whole time|as (?:it|they) (?:was|were)|while (?:it|they)|during)\b")
_STRONG_ADJECTIVE = re.compile(r"\b(?:concurrent\w*|direct|directly|real[- ]time|actively|active|contemporaneous\w*|simultaneous\w*|live)\b")
_WHILE = re.compile(r"\b(?:while|whilst|as (?:it|they|she|he|the)|throughout|thru\s?out|the (?:whole|entire|hole) (?:time|way|session)|start to (?:finish|end)|for (?:all|most) of it|from (?:start|first|beginning)|live|real[- ]time|during|the whole|entire|all the while|at (?:her|his|the \w+['’]s|their) (?:elbow|side|shoulder)|right there|over (?:her|his|the techs?'?s?) shoulder|for (?:the|its|their) (?:making|rendering|reconstruction)|at every step|each step|every step|step by step|layer by layer|moment|to the last|until)\b")
_TOOK_PART = re.compile(r"part\b|role\b|involv|participa|engage|input|contribut|hand in|joined|help|assist|aid")
_IMPLIED = re.compile(r"(?:told|asked|directed|guided|instructed|coached|walked|talked|supervised|steered)\s+(?:the|our)\s+(?:\w+\s+)?(?:tech\w*|radiographer|sonographer|assistant|analyst|operator)\b")

_PERSONALLY = re.compile(r"\W*(?:\w+:\s+)?(personally)\s+")

_INTO = re.compile(r"\s+(?:in|on|at|with|of)\s+((?:the|this|that|his|her|our|a|an|all|\w+)\s+\w+)")
_MAKING = re.compile(r"\b(?:3-?d|render\w*|model\w*|process\w*|post-?process\w*|segment\w*|mak\w+|reconstruct\w*|work\w*|session|it|this(?=\s*(?:[.,;]|was|is|$))|these|them|their|its|production|creation|image\w*|picture\w*|view\w*|lab|laboratory|tech\w*|radiographer|operator|console|station|there|her|him|every|each|job)\b")

_UNSAID = re.compile(r"\b(?:no|not|without|nothing)\s+(?:\w+\s+){0,2}(?:comment|note|mention|record|recorded|statement|state|stated|word|documentation|documented|information|said|say|noted|mentioned|clear|known)\b[^.;]{0,40}$")

_NO_OTHER = re.compile(r"\bno\s+(?:other|further|additional|more|second)\s+(?:\w+\s+)?$")


class Supervised(Reality):
    """Who supervised, directed or stood by."""

    def _supervised(self) -> None:
        for act in self.topics.acts(self.sentence, "act.supervise"):
            if self._taken(act.start, act.end) or self._refused(act.start, act.end) or self._unchosen(act.start):
                continue
            lead = self.text[max(self._floor(act.start), act.start - 70) : act.start]
            tail = self.text[act.end : min(self.end, act.end + 70)]
            if (_LAB_BEFORE.search(lead) and not _IN_LAB.search(lead)) or _LAB_AFTER.match(tail):
                self._add("general", act.start, act.end, why="the laboratory, not this rendering")
                continue
            if _UNSAID.search(lead):
                continue
            if self._negated(lead, tail):
                if self.topic == "rendering":
                    self._add("denied", max(self.start, act.start - len(_last_words(lead, 3))), act.end)
                continue
            agent, start, end = self._supervisor(act, lead)
            general = next((m for m in self.lexical if m.name == "general" and m.start < act.end and act.start < m.end), None)
            if general is not None or _GENERAL.search(lead) or re.search(r"\bavailable\b", lead[-30:] + tail[:20]):
                self._add("general", general.start if general else act.start, general.end if general else act.end, why="general supervision, or of something else")
                continue
            if re.search(r"\bsupervis\w+\s+(?:physician|radiologist|md)\b", self.text[act.start : act.end + 14]) and agent is None:
                continue
            if agent is not None and agent.kind != "physician":
                self._add("general", start, end, why=f"supervised by {WHO.get(agent.kind, 'someone who is no physician of this reading')}")
                continue
            if self._about_other(act, lead, tail) or self._errand(act) or self._unreal(act):
                self._add("general", start, end, about="other", why="supervision of something else than the rendering")
                continue
            lexical = next((m for m in self.lexical if m.name == "concurrent" and m.start < act.end and act.start < m.end), None)
            if lexical is not None:
                start, end = min(start, lexical.start), max(end, lexical.end)
            if self.topic != "rendering":
                self._add("general", start, end, about="other", why="not said of a rendering")
                continue
            bare = not self.direct and not self.topics.refers_back(self.sentence)
            adjective = _ADJECTIVE.search(self.text[self.start : self.end])
            if agent is None and ((lexical is None and not adjective) or not (lexical or _STRONG_ADJECTIVE.search(lead[-40:] + self.text[act.start : act.end] + tail[:30]))):
                self._add("general", start, end, why="nobody is named")
            elif bare and not adjective and self._stands_alone(act):
                self._add("general", start, end, why="nothing says that the rendering was supervised")
            elif self._future(lead):
                self._add("general", start, end, about="other", why="not yet done")
            else:
                self._add("concurrent", start, end)

    def _supervisor(self, act: Match, lead: str) -> tuple[Agent | None, int, int]:
        """Who supervised, with the stretch of the statement."""
        inside = next((a for a in self.agents if a.kind == "physician" and act.start < a.start and a.end < act.end), None)
        if inside is not None:
            return inside, act.start, act.end
        by = self._by(act.end)
        of = next((a for a in self.agents if a.start >= act.end and (_OF.match(self.text[act.end : a.start]) or (self.text.endswith(" with", act.start, act.end) and words_between(self.text, act.end, a.start) <= 2))), None)
        if of is not None and of.kind in ("technologist", "lab") and re.match(r"\s*of\b", self.text[act.end : of.start]):
            before = self._before(act.start)
            if (before is not None and before.kind == "physician") or re.search(r"physician|radiologist|attending|\bmd\b|\bmy\b", lead):
                of = None
        agent = of or by
        if agent is not None and (agent is by or agent is of):
            return agent, act.start, agent.end
        before = self._before(act.start)
        if before is not None:
            return before, before.start, act.end
        label = next((a for a in self.agents if a.start >= act.end and _LABEL_AFTER.match(self.text[act.end : a.start])), None)
        if label is not None:
            return label, act.start, label.end
        return None, act.start, act.end

    def _about_other(self, act: Match, lead: str, tail: str) -> bool:
        own = [h for h in self.topics.of(self.sentence) if h.kind == "rendering"]
        if self._of_scan(act.end) and not re.match(r"\w*\s*(?:by|before|after|while|as|until|when|once)\b", tail) and not re.match(r"^\w*\s*(?:,\s*)?(?:of|over|for)?\s*(?:the\s+)?(?:[\w'’]+\s+){0,3}(?:3-?d|render|reconstruct|post-?proc)", tail):
            return True
        colon = re.match(r"[^.;:]{0,40}:\s*(?:the\s+)?(\w+)", self.text[act.end : self.end])
        if colon and re.match(r"scan|contrast|acquisition|injection|exam", colon[1]):
            return True
        if _SCAN_BEFORE.search(lead) and not any(h.start >= self._floor(act.start) and h.end <= act.start for h in own) and not re.match(r"\W*(?:(?:of|over|for|on)\s+)?(?:the\s+)?(?:3-?d|render\w*|it|them|this|these|its|their)\b", tail):
            return True
        if not self.direct and not self.topics.refers_back(self.sentence) and (self.topics.acts(self.sentence, "act.scan") or _CONTRAST.search(self.text, self.start, self.end)):
            return True
        planar = [h for h in self.topics.of(self.sentence) if h.kind == "planar" and h.start >= act.end and words_between(self.text, act.end, h.start) <= 4 and ";" not in self.text[act.end : h.start]]
        return bool(planar) and not any(h.start >= act.end and h.start < planar[0].end + 40 for h in own)

    def _stands_alone(self, act: Match) -> bool:
        """"Supervised by Dr. Lee." with no object: says nothing of the rendering (ANNOTATION)."""
        rest = self.text[self.start : self.end]
        return len(re.findall(r"\w+", rest)) <= 8 and re.match(r"\W*(?:supervis|direct)", rest) is not None

    @staticmethod
    def _future(lead: str) -> bool:
        return re.search(r"\b(?:will be|to be|would be|should be|can be)\s+(?:\w+\s+){0,2}$", lead) is not None

    def _elsewhere_engaged(self, act: Match) -> bool:
        """"Took part in the tumor board", "involved in the care of": in something else than the making."""
        into = _INTO.match(self.text, act.end, self.end)
        return into is not None and not self.direct and _MAKING.search(self.text, into.start(1), min(self.end, into.end() + 24)) is None

    def _implied(self) -> None:
        """"3D at the console; told the tech to drop the carpus": a clause that opens with the deed has the dictating physician as subject."""
        if self.topic != "rendering":
            return
        own = _PERSONALLY.match(self.text, self.start, self.end)
        made = next((a for a in self.topics.acts(self.sentence, "act.make") if own and a.start == own.end()), None)
        if own and made and not self._within_head(made) and self.direct:
            self._add("personal", own.start(1), made.end)
        for told in _IMPLIED.finditer(self.text, self.start, self.end):
            opens = self.text[self._floor(told.start()) : told.start()].strip(" -*,;:.") in ("", "and", "then")
            if opens and not self._taken(told.start(), told.end()):
                self._add("concurrent", told.start(), told.end())

    def _attended(self) -> None:
        if self.topic != "rendering":
            return
        for act in self.topics.acts(self.sentence, "act.attend"):
            if self._taken(act.start, act.end) or self._refused(act.start, act.end):
                continue
            lead = self.text[max(self._floor(act.start), act.start - 60) : act.start]
            if _LAB_BEFORE.search(lead) or _ONLY.search(lead):
                if _LAB_BEFORE.search(lead):
                    self._add("general", act.start, act.end, why="the laboratory, not this rendering")
                continue
            tail = self.text[act.end : min(self.end, act.end + 50)]
            agent = next((a for a in self.agents if act.start <= a.start and a.end <= act.end and a.kind == "physician"), None) or self._before(act.start, 8) or self._by(act.end)
            if agent is None or agent.kind != "physician":
                near = re.match(r"^\W*(?:of|by)\s+", tail)
                agent = next((a for a in self.agents if near and a.start >= act.end and a.start - act.end < 30 and a.kind == "physician"), None)
            if agent is None or self._of_scan(act.end) or self._unreal(act) or self._elsewhere_engaged(act) or self._of_the_scan_named(act):
                continue
            if _NO_OTHER.search(self.text, self.start, agent.start):
                continue
            if self._negated(lead, tail):
                self._add("denied", min(agent.start, act.start), max(agent.end, act.end))
                continue
            words = self.text[act.start : act.end]
            if re.search(r"available|learn|observ", tail[:25]):
                continue
            start, end = min(agent.start, act.start), max(act.end, agent.end)
            if _TOOK_PART.search(words) or _WHILE.search(self.text[self.start : self.end]) or (_ADJECTIVE.search(lead[-25:]) is not None):
                self._add("concurrent", start, end)
            else:
                self._add("element_monitor", start, end)


def _last_words(text: str, count: int) -> str:
    found = re.search(rf"(?:\S+\s+){{0,{count}}}$", text)
    return found[0] if found else ""
