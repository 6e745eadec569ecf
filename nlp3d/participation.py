"""Step 6, attachment: who took part in the making, read as frames over word classes: an agent, an act, what it was done to.

Supervision counts only where it is said of the rendering; of the scan, the contrast, the resident, the laboratory or the planar
reformats it does not. Two or more elements of participation (region, tissue, views kept, adjusting) amount to supervision (S3, S4, S7).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import open_verbs
from .cues import Cues, default_cues, words_between
from .matching import Match
from .report import Mention, Report
from .topics import Topics

_TOLD = re.compile(r"\b(?:told|tell|telling|asked|asking|had|have|having|directed|directing|supervis\w+|instruct\w*|helped|let|got|guiding|guided|coached|coaching|oversaw|overseeing|overseen|watched|watching)\s+(?:the\s+|our\s+|a\s+|my\s+)?(?:[\w-]+\s+){0,2}$")
_OBJECT_OF = re.compile(r"\b(?:of|to|for|from|over|beside|alongside|behind|joined|(?:sat|stood|sitting|standing|working|worked|together|along|was|were|am|being|remained|stayed) (?:down )?with)\s+(?:the\s+|our\s+|a\s+|my\s+|\w+['’]s\s+)?(?:(?:attending|reading|interpreting|lead|senior|staff|ct|mr|3-?d|night|same|one|lab|radiology)\s+)?$")
_BY = re.compile(r"^[^.;]{0,60}?\b(?:by|from)\s*:?\s+(?:\w+[\s-]+){0,3}$")
_OF = re.compile(r"^(?:['’]s)?\s*(?:\([^)]*\)\s*)?(?:of|by|from)\s+(?:\w+\s+){0,3}$")
_LABEL_AFTER = re.compile(r"^[^.;:]{0,40}[:=]\s*\W{0,2}(?:\w+[\s,-]+){0,3}$")
_SCAN_OBJECT = re.compile(r"^\w*\s*(?:,\s*)?(?:of|over|for|during)?\s*(?:the\s+|this\s+|all\s+|\w+\s+){0,2}(?:scan\w*|acquisition|contrast|injection|inject\w*|sedation|exam\b|examination|study\b|imaging\b|patient|protocol|administration|positioning|an?esthesia|resident\w*|fellow\w*|trainee\w*|registrar\w*|(?:lab|laboratory)\b(?! tech| staff| person| operator| analyst)|department|facility|service|dictation|biops\w*|nurse|stress|infusion|consent|reading|readout|interpretation|procedure|monitoring of the patient)\b")
_SCAN_BEFORE = re.compile(r"\b(?:contrast|injection|scan|scanning|sedation|acquisition|infusion|exam|examination|study|procedure|anesthesia|stress test|administration|gadolinium|gadavist|iohexol|omnipaque|isovue|resident|fellow|trainee)\b[^.;]{0,55}$")
_LAB_BEFORE = re.compile(r"(?<!of this )(?<!of the )(?<!of our )\b(?:lab|laboratory|facility|department|service|core|suite)\b(?:\s*,)?\s*(?:a\s+(?:lab\w*|facility|place|unit)\s+)?(?:that|which|itself)?\s*(?:is|was|being|gets)?\s*(?:\w+\s+)?$")
_IN_LAB = re.compile(r"\b(?:in|at|from|by|inside|within|via|through)\s+(?:the|our|a|an|its|their)\s+(?:[\w'’-]+\s+){0,4}(?:lab|laboratory|facility|department|service|core|suite)\b[^.;]{0,20}$")
_LAB_AFTER = re.compile(r"^\s*(?:3-?d\s+|imaging\s+|image\s+\w+\s+)?(?:lab|laboratory|facility|department|core)\b")
_CONTRAST = re.compile(r"\b(?:iohexol|omnipaque|isovue|iopamidol|contrast|gadavist|gadolinium|sedat\w+|injection|ml of)\b")
_REPORT_OBJECT = re.compile(r"^[^.;]{0,20}\b(?:report|wording|findings|dictation|interpretation|text|impression|prelim\w*|read|resident'?s)\b")
_APPOSITION = re.compile(r"\s?(?:[,(]\s*|\s)?(?:the\s+)?")
_BESIDE_NOT = re.compile(r"\bnot\s+(?:the\s+|a\s+|by\s+(?:the\s+|a\s+)?)?$")
_ITS_SUPERVISION = re.compile(r"^\s*(?:own |direct |active |concurrent |continuous |live |real[- ]time |close |personal |constant |watchful |immediate )*(?:supervis|super vis|direction|guidance|oversight|eye|control|instruct)")
_CHECKED = re.compile(r"\b(?:qa|qc|quality|check\w*|approval|review|read|interpretation|selection|choice|supervision)\b[^.;]{0,30}$")
_VERB_ALONE = re.compile(r"\s+(?:the|a|an|this|these|my|its|both|each|it|them|in|into|three|all|every|his|her|by)\b")
_ABSENT_DOCTOR = re.compile(r"available|on[ -]call|reachable|on[ -]?site|in the building|by (?:phone|pager)|on standby|stand-?by|a phone")
_PROCESSING = re.compile(r"\b(?:(?:these|those|the|said) (?:models?|renderings?|spins|projections|mips?)|post-?\s?process\w*|image processing|3-?d\b)")
_OWN_PROCESSING = re.compile(r"\W*(?:the\s+|all\s+(?:the\s+)?)?(?:3-?d\s+)?post-?\s?process")
_PASSIVE = re.compile(r"\b(?:was|were|been|being|is|are|be|get|got)\s+(?:\w+ly\s+|also\s+|then\s+|all\s+|both\s+|not\s+|next\s+)*$")
_ADDRESSED = re.compile(r"(?:told|asked|had|instructed|directed|guided|coached|supervised|let|got|made|helped|having|telling|asking|directing|guiding|instructing|oversaw|overseeing|supervising|watched|watching)\s+(?:her|him|them|the (?:\w+ ){0,2}(?:tech\w*|radiographer|sonographer|operator))\b")
_CANNOT = re.compile(r"\b(?:could|can|would|cannot|can't|couldn't)\s+(?:not\s+)?(?:\w+\s+)?$")
_ONLY = re.compile(r"\bonly\s+(?:\w+\s+)?$")
_NOUN_MAKE = re.compile(r"^(?:rendering|post-?\s?processing|processing|segmentation|making|work|hands|mouse|process|segmenting|creation|generation|drawing|modelling)$")
_GENERAL = re.compile(r"\bgeneral\s+(?:\w+\s+)?$")
_ADJECTIVE = re.compile(r"\b(?:concurrent\w*|direct|directly|real[- ]time|active\w*|continuous\w*|continous\w*|constant\w*|live|contemporaneous\w*|simultaneous\w*|close\w*|throughout|at the same time|start to (?:finish|end)|in person|personal\w*|whole time|as (?:it|they) (?:was|were)|while (?:it|they)|during)\b")
_STRONG_ADJECTIVE = re.compile(r"\b(?:concurrent\w*|direct|directly|real[- ]time|actively|active|contemporaneous\w*|simultaneous\w*|live)\b")
_WHILE = re.compile(r"\b(?:while|whilst|as (?:it|they|she|he|the)|throughout|thru\s?out|the (?:whole|entire|hole) (?:time|way|session)|start to (?:finish|end)|for (?:all|most) of it|from (?:start|first|beginning)|live|real[- ]time|during|the whole|entire|all the while|at (?:her|his|the \w+['’]s|their) (?:elbow|side|shoulder)|right there|over (?:her|his|the techs?'?s?) shoulder|for (?:the|its|their) (?:making|rendering|reconstruction)|at every step|each step|every step|step by step|layer by layer|moment|to the last|until)\b")
_TOOK_PART = re.compile(r"part\b|role\b|involv|participa|engage|input|contribut|hand in|joined")
_WEAK_MAKE = re.compile(r"^(?:us(?:ed|ing)|utili[sz]\w+|employ\w*|source|platform|came\b.*|come.*|coming.*|out of|job|did not|put through|went through|pulled.*|attended to|made in|made on|process|used)$")
_AFTERWARDS = re.compile(r"\b(?:after(?:ward)?s?|later|next (?:day|morning)|once (?:complete\w*|finished|done|made)|subsequently|when (?:reading|done|complete)|at (?:the time of )?(?:reading|sign|read-?out|dictation)|already|retrospect\w*|following (?:completion|their))\b")
_NEGATED = re.compile(r"\b(?:no|not|never|without|n't|neither|nor|nobody|none|w/o|lacking|minus)\s+(?:\w+[\s-]+){0,4}$")
_NEGATED_AFTER = re.compile(r"^\s*(?:was|were|is|are)?\s*(?:[:=-]\s*)?(?:not (?:provided|given|present|done|performed|available|documented|exercised)|none|absent|nil|never|n't)\b")
_REFLEXIVE = re.compile(r"\b(?:myself|himself|herself)\b")
_NO_MAKER = re.compile(r"\b(?:him|her|them)$")
_NOMINAL_SELF = re.compile(r"\b(?:mine|on my own\b|my own(?=\s*[,.;)]|$)|my own (?:\w+ )?(?:3-?d|render\w*|volume|work|doing|hands?|product|effort)|my (?:work|doing|handiwork|hands)|by (?:me|myself|self|the undersigned|the signer)|own hands?|\(self\)|self\)|self[- ](?:made|rendered|built|processed|segmented|reconstructed))")
_MAKER = re.compile(r"\b(?:(?:work|product|handiwork|doing|creation|effort) of|(?:author|maker|operator|creator|renderer)s?(?:\s+(?:is|was|being))?)\s+(?:the\s+|our\s+)?$")
_WHO = re.compile(r"\s?(?:\([^)]{0,30}\))?,?\s+who\b")
_IMPLIED = re.compile(r"(?:told|asked|directed|guided|instructed|coached|walked|talked|supervised|steered)\s+(?:the|our)\s+(?:\w+\s+)?(?:tech\w*|radiographer|sonographer|assistant|analyst|operator)\b")
_SUBJECT = ("i", "i've", "i'd", "i'm")
_PHYSICIAN = ("agent.self", "agent.physician")
_OTHERS = ("agent.technologist", "agent.lab", "agent.trainee")


@dataclass(slots=True)
class Agent:
    """Who: `physician`, `trainee`, `technologist`, `lab` or `software`, and where it is named."""

    kind: str
    start: int
    end: int


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
                found += _Frames(report, topics, sentence).read()
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
        chosen.update(report.sentence_at(m.start()) for m in _PROCESSING.finditer(report.low))
        return sorted(s for s in chosen if 0 <= s < len(report.sentences))


def _kept(found: list[Mention], lexical: list[Mention]) -> list[Mention]:
    """Frames first; a phrase of the vocabulary that no frame used is shown with what it is not."""
    out = list(found)
    for mention in lexical:
        if mention.name == "general" and _ABSENT_DOCTOR.match(mention.value):
            continue
        if not any(f.start < mention.end and mention.start < f.end for f in found):
            mention.about, mention.why = "other", mention.why or "not said of the making of a rendering"
            out.append(mention)
    return out


class _Frames:
    """The frames of one sentence."""

    def __init__(self, report: Report, topics: Topics, sentence: int) -> None:
        self.report, self.topics, self.sentence = report, topics, sentence
        self.text = report.low
        s = report.sentences[sentence]
        self.start, self.end = s.start, s.end
        self.out: list[Mention] = []
        self.agents = self._agents()
        self.topic, self.direct = self._topic()
        self.lexical = [m for m in report.of("supervision") if m.sentence == sentence]

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
        if self.topic == "planar":
            return []
        if self.topic == "none" and not self.lexical:
            return []
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

    # who and what about

    def _agents(self) -> list[Agent]:
        out: list[Agent] = []
        places = [p for p in self.report.of("location") if p.sentence == self.sentence]
        for m in self.topics.acts(self.sentence, "agent."):
            if (re.match(r"\s*[:=]", self.text[m.end : m.end + 3]) and m.concept != "agent.self") or any(p.start <= m.start and m.end <= p.end for p in places if m.concept == "agent.technologist"):
                if m.concept not in _PHYSICIAN:
                    continue
            if self.report.unticked(m.start):
                continue
            kind = "physician" if m.concept in _PHYSICIAN else m.concept.split(".")[1]
            out.append(Agent(kind, m.start, m.end))
        for here in out:
            if here.kind == "physician" and any(o.kind == "trainee" and (0 <= here.start - o.end <= 2 or (here.end <= o.start and _APPOSITION.fullmatch(self.text, here.end, o.start))) for o in out):
                here.kind = "trainee"
        return out

    def _topic(self) -> tuple[str, bool]:
        kinds = [h.kind for h in self.topics.of(self.sentence)]
        if "rendering" in kinds:
            return "rendering", True
        if "not_done" in kinds and not self.topics.refers_back(self.sentence):
            return "none", False
        if "planar" in kinds and not (self.topics.refers_back(self.sentence) and all(h.mention.concept in ("reformat.plain", "reformat.slices") for h in self.topics.of(self.sentence))):
            return "planar", False
        back = self.topics.antecedent(self.sentence)
        if back is None and _PROCESSING.search(self.text, self.start, self.end):
            return "rendering", False
        here = self.report.sentences[self.sentence]
        if back is None:
            onward = self.topics.subsequent(self.sentence, 1)
            near = onward is not None and self.report.sentences[self.sentence + 1].block == here.block
            return ("rendering", False) if near else ("none", False)
        if back.kind == "planar" and self.topics.rendered and _PROCESSING.search(self.text, here.start, here.end) and self.report.sentences[back.mention.sentence].block != here.block:
            return "rendering", False
        section, earlier = self.report.section_at(here.start), self.report.section_at(back.start)
        if section.name != earlier.name and section.name in ("findings", "impression") and not self._speaks_of_making():
            return "none", False
        return back.kind, False

    def _speaks_of_making(self) -> bool:
        return bool(re.search(r"\b(?:3-?d|render\w*|post-?process\w*|reconstruct\w*|workstation|supervis\w*)\b", self.text[self.start : self.end]))

    def _floor(self, at: int) -> int:
        """Where the clause of a place begins: after the last strong border, or a full clause opened by a conjunction with its own agent."""
        floor = self.start
        for border in self.report.borders_in(self.sentence):
            if border.end <= at and border.kind in ("strong", "but"):
                floor = border.end
        return floor

    def _before(self, at: int, reach: int = 14) -> Agent | None:
        """The agent that acts: the nearest before a verb that is not itself told, asked or watched."""
        floor = self._floor(at)
        addressed = _ADDRESSED.match(self.text, at) is not None
        for agent in reversed(self.agents):
            if agent.end > at or agent.start < floor:
                continue
            if words_between(self.text, agent.end, at) > reach:
                return None
            lead = self.text[max(floor, agent.start - 40) : agent.start]
            if addressed and agent.kind != "physician":
                continue
            if _NO_MAKER.search(self.text[agent.start : agent.end]):
                continue
            if self.text[agent.end : agent.end + 1] == "-" and at == agent.end + 1:
                return agent
            if self.text[agent.end : agent.end + 1] == "-" or _BESIDE_NOT.search(lead) or (agent.kind == "lab" and re.search(r"\b(?:in|at|on|inside|within)\s+(?:the\s+|our\s+|a\s+)?$", lead)):
                continue
            possessive = self.text[agent.start : agent.end].endswith(("'s", "s'")) or self.text[agent.start : agent.end].lower() == "my"
            subject = self.text[agent.start : agent.end] in _SUBJECT or _WHO.match(self.text, agent.end) is not None
            if not possessive and not subject and (_OBJECT_OF.search(lead) or _TOLD.search(lead)):
                continue
            if agent.kind in ("technologist", "lab") and re.search(r"\bwith\s+(?:the\s+|our\s+|a\s+)?$", lead) and any(a.kind == "physician" and floor <= a.start < agent.start for a in self.agents):
                continue
            if re.search(r"\bby\s+(?:the\s+|our\s+|a\s+|any\s+|an\s+)?(?:\w+\s+)?$", lead) and not re.search(r"\bwhile\b|\bwith\b|\bwho\b|\band\b|^\W*to\b|\)\s*to\b", self.text[agent.end : at]):
                continue
            return agent
        if floor > self.start and words_between(self.text, floor, at) <= 2:
            earlier = [a for a in self.agents if a.end <= floor and not _NO_MAKER.search(self.text[a.start : a.end])]
            return earlier[-1] if earlier else None
        return None

    def _by(self, at: int) -> Agent | None:
        """The agent of a passive: "by the radiologist"; of a list of agents after "by", a physician before others."""
        named: list[Agent] = []
        for agent in self.agents:
            if agent.start < at:
                continue
            between = self.text[at : agent.start]
            if _ITS_SUPERVISION.match(self.text[agent.end : agent.end + 40]):
                continue
            if any(at <= o.start and o.end <= agent.start and not re.fullmatch(r"[\s,/&]*(?:and|or|&|/|,|then)?\s*(?:the\s+|our\s+)?", self.text[o.end : agent.start]) for o in self.agents):
                continue
            if _BY.match(between) and words_between(self.text, at, agent.start) <= 9 and not self._acts_in(at, agent.start) and not re.search(r"[;]|\bwhile\b|\bwith\b|\bbut\b", between):
                named.append(agent)
        return next((a for a in named if a.kind == "physician"), named[0] if named else None)

    def _acts_in(self, start: int, end: int) -> list[Match]:
        """Verbs of any class that lie in a stretch, joined ones ("made and reviewed by") left out."""
        found = [v for v in self.topics.acts(self.sentence, "act.make", "act.view", "act.supervise", "act.choose", "act.adjust", "act.approve", "act.attend") if start < v.start and v.end <= end]
        spans = [(e.start, e.end) for e in self.topics.acts(self.sentence, "element.")] + [(a.start, a.end) for a in self.agents]
        found = [v for v in found if not any(a <= v.start and v.end <= b and b - a > v.end - v.start for a, b in spans)]
        return [v for v in found if not re.fullmatch(r"\s*(?:,\s*)?(?:and|&|/|or)\s+(?:then\s+|subsequently\s+)?", self.text[start : v.start]) and not any(h.start <= v.start and v.end <= h.end for h in self.topics.of(self.sentence))]

    def _refused(self, start: int, end: int) -> bool:
        """Whether the clause of a statement holds a denial of a physician's part."""
        floor = self._floor(start)
        stop = min([b.start for b in self.report.borders_in(self.sentence) if b.start >= end and b.kind in ("strong", "but", "while")], default=self.end)
        return any(m.name == "denied" and floor <= m.start < stop for m in self.out)

    def _add(self, concept: str, start: int, end: int, about: str = "rendering", why: str = "") -> None:
        if end - start > 90:
            end = start + 90
        m = Mention(f"supervision.{concept}", start, end, sentence=self.sentence, about=about, why=why)
        section = self.report.section_at(start)
        m.section, m.reading = section.name, section.reading
        self.out.append(m)

    def _taken(self, start: int, end: int) -> bool:
        return any(m.start < end and start < m.end for m in self.out)

    # frames

    def _denied(self) -> None:
        for m in self.lexical:
            if m.name == "no_part":
                if self.topic == "rendering" or self.topics.rendered:
                    if self._planar_clause(m):
                        continue
                    if self._of_scan(m.end) and not self.direct:
                        continue
                    self._add("denied", m.start, m.end)
        if self.topic != "rendering":
            return
        for act in self.topics.acts(self.sentence, "act.supervise", "act.attend", "act.make"):
            if self._taken(act.start, act.end) or act.concept == "act.make":
                continue
            agent = self._before(act.start, 6)
            lead = self.text[max(self._floor(act.start), act.start - 45) : act.start]
            refused = re.search(r"\b(?:did|was|were|had|has|do|does|is|i|have)\s+(?:not|never)\s+(?:\w+[\s,]+){0,4}$|\b(?:wasn't|didn't|hadn't|weren't)\s+(?:\w+\s+){0,3}$", lead)
            if refused and (agent is None or agent.kind == "physician"):
                self._add("denied", (agent.start if agent and act.end - agent.start < 80 else act.start), act.end)

    def _unchosen(self, at: int) -> bool:
        """Whether a statement stands in, or right behind, a choice that nobody made, or behind an empty box."""
        choices = [c for c in self.topics.acts(self.sentence, "template") if (c.start <= at <= c.end + 30 and self.text[c.start] == "{") or (at < c.start <= at + 60 and re.match(r"\[?\s*y(?:es)?\b", self.text[c.start : c.end]))]
        return bool(choices) or self.report.unticked(at)

    def _planar_clause(self, m: Mention) -> bool:
        """Whether the clause of a denial speaks of planar reformats and another clause of the rendering."""
        cuts = [b for b in self.report.borders_in(self.sentence) if b.kind in ("strong", "but", "while")]
        start = max([b.end for b in cuts if b.end <= m.start], default=self.start)
        stop = min([b.start for b in cuts if b.start >= m.end], default=self.end)
        inside = [h.kind for h in self.topics.of(self.sentence) if start <= h.start < stop]
        return "planar" in inside and "rendering" not in inside

    def _supervised(self) -> None:
        for act in self.topics.acts(self.sentence, "act.supervise"):
            if self._taken(act.start, act.end) or self._refused(act.start, act.end) or self._unchosen(act.start):
                continue
            lead = self.text[max(self._floor(act.start), act.start - 70) : act.start]
            tail = self.text[act.end : min(self.end, act.end + 70)]
            if (_LAB_BEFORE.search(lead) and not _IN_LAB.search(lead)) or _LAB_AFTER.match(tail):
                self._add("general", act.start, act.end, why="the laboratory, not this rendering")
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
                self._add("general", start, end, why=f"supervised by a {agent.kind}")
                continue
            if self._about_other(act, lead, tail):
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

    def _within_head(self, act: Match) -> bool:
        """A verb that is part of the name of images ("volume-rendered pictures") tells no deed."""
        return any(h.start < act.start and act.end <= h.end for h in self.topics.of(self.sentence))

    def _implied(self) -> None:
        """"3D at the console; told the tech to drop the carpus": a clause that opens with the deed has the dictating physician as subject."""
        if self.topic != "rendering":
            return
        for told in _IMPLIED.finditer(self.text, self.start, self.end):
            opens = self.text[self._floor(told.start()) : told.start()].strip(" -*,;:.") in ("", "and", "then")
            if opens and not self._taken(told.start(), told.end()):
                self._add("concurrent", told.start(), told.end())

    def _supervisor(self, act: Match, lead: str) -> tuple[Agent | None, int, int]:
        """Who supervised, with the stretch of the statement."""
        inside = next((a for a in self.agents if a.kind == "physician" and act.start < a.start and a.end < act.end), None)
        if inside is not None:
            return inside, act.start, act.end
        by = self._by(act.end)
        of = next((a for a in self.agents if a.start >= act.end and _OF.match(self.text[act.end : a.start])), None)
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
        if _SCAN_BEFORE.search(lead) and not any(h.start >= self._floor(act.start) and h.end <= act.start for h in own) and not re.search(r"\b(?:3-?d|render\w*|it|them|this|these|its|their)\b", tail[:14]):
            return True
        if not self.direct and not self.topics.refers_back(self.sentence) and (self.topics.acts(self.sentence, "act.scan") or _CONTRAST.search(self.text, self.start, self.end)):
            return True
        planar = [h for h in self.topics.of(self.sentence) if h.kind == "planar" and h.start >= act.end and words_between(self.text, act.end, h.start) <= 4]
        return bool(planar) and not any(h.start >= act.end and h.start < planar[0].end + 40 for h in own)

    def _of_scan(self, at: int) -> bool:
        """Whether what follows is the scan, the contrast, a trainee ... and not a person named by such a word ("imaging analyst")."""
        found = _SCAN_OBJECT.match(self.text[at : min(self.end, at + 70)])
        return found is not None and not any(a.kind == "technologist" and a.start < at + found.end() < a.end + 1 for a in self.agents)

    def _stands_alone(self, act: Match) -> bool:
        """"Supervised by Dr. Lee." with no object: says nothing of the rendering (ANNOTATION)."""
        rest = self.text[self.start : self.end]
        return len(re.findall(r"\w+", rest)) <= 8 and re.match(r"\W*(?:supervis|direct)", rest) is not None

    @staticmethod
    def _future(lead: str) -> bool:
        return re.search(r"\b(?:will be|to be|would be|should be|can be)\s+(?:\w+\s+){0,2}$", lead) is not None

    @staticmethod
    def _negated(lead: str, tail: str) -> bool:
        last = _NEGATED.search(lead)
        if last and not re.search(r"\b(?:independent|separate|work-?station|contrast|scanner|was used|only)\b", last[0]):
            return True
        return bool(_NEGATED_AFTER.match(tail)) and not re.match(r"\W*not\s+(?:after|only|just|merely)", tail)

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
            agent = self._before(act.start, 8) or self._by(act.end)
            if agent is None or agent.kind != "physician":
                near = re.match(r"^\W*(?:of|by)\s+", tail)
                agent = next((a for a in self.agents if near and a.start >= act.end and a.start - act.end < 30 and a.kind == "physician"), None)
            if agent is None or self._of_scan(act.end):
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

    def _elements(self) -> None:
        if self.topic != "rendering":
            return
        for act in self.topics.acts(self.sentence, "act.choose", "act.adjust"):
            passive = self._by(act.end)
            agent = passive if passive is not None and words_between(self.text, act.end, passive.start) <= 6 else self._before(act.start, 40)
            rested = re.match(r"[^.;]{0,60}\b(?:rested with|was|were|fell to|left to|up to|lay with|belonged to)\s+(?:\w+\s+){0,2}$", self.text[act.end : next((a.start for a in self.agents if a.start > act.end), act.end)])
            if rested and (passive is None):
                agent = next((a for a in self.agents if a.start > act.end), agent)
            if agent is None or agent.kind != "physician" or self._refused(act.start, act.end):
                continue
            if any(h.start <= act.start and act.end <= h.end for h in self.topics.of(self.sentence)) or _REPORT_OBJECT.match(self.text[act.end : act.end + 40]):
                continue
            lead = self.text[max(self._floor(act.start), act.start - 40) : act.start]
            if self._negated(lead, "") and not re.search(r"\bnot only\b", lead):
                continue
            for name in self._which(act, passive is not None and agent is passive):
                self._add(f"element_{name}", min(act.start, agent.start) if act.end - agent.start < 60 and agent.start < act.start else act.start, max(act.end, agent.end) if agent is passive else act.end)

    def _which(self, act: Match, passive: bool) -> list[str]:
        """The elements an act touches: what stands after it up to the next act or strong border, or before it in the passive."""
        if act.concept == "act.adjust":
            return ["adjust"]
        elements = self.topics.acts(self.sentence, "element.")
        others = [a.start for a in self.topics.acts(self.sentence, "act.choose", "act.adjust") if a.start > act.end + 2 and not any(e.start <= a.start and a.end <= e.end and e.end - e.start > a.end - a.start for e in elements)]
        stop = min(list(others) + [b.start for b in self.report.borders_in(self.sentence) if b.start >= act.end and b.kind == "strong"] + [self.end])
        stop = max(stop, act.end)
        stretches = [(act.start, stop)]
        floor = max([self._floor(act.start)] + [a.end for a in self.agents if a.end <= act.start and passive])
        if passive:
            floor = max([floor] + [h.end for h in self.topics.of(self.sentence) if h.end <= act.start and re.search(r"[,;]|\band\b", self.text[h.end : act.start])])
            comma = re.search(r"[,;.]", self.text[act.end : stop])
            stretches = [(floor, act.end), (act.end, act.end + comma.start() if comma else stop)]
            if words_between(self.text, floor, act.start) == 0 and floor > self.start:
                stretches.append((self.start, act.start))
        if re.match(r"choice|choices|decision|pick\b|call\b|selection", self.text[act.start : act.end]):
            stretches.append((self._floor(act.start), act.start))
        names: dict[str, None] = {}  # in text order, so that answers are the same in every process
        for cue in elements:
            for a, b in stretches:
                if a <= cue.start and cue.end <= b:
                    names[cue.concept.split(".")[1]] = None
        return [*names]

    def _approved(self) -> None:
        if self.topic != "rendering":
            return
        for act in self.topics.acts(self.sentence, "act.approve"):
            agent = self._by(act.end) or self._before(act.start, 10)
            if agent is None or agent.kind != "physician" or self._refused(act.start, act.end) or _REPORT_OBJECT.match(self.text[act.end : act.end + 40]):
                continue
            lead = self.text[max(self._floor(act.start), act.start - 30) : act.start]
            if not self._negated(lead, ""):
                self._add("element_approve", min(agent.start, act.start), max(agent.end, act.end))

    def _made(self) -> None:
        if self.topic != "rendering":
            return
        for act in self.topics.acts(self.sentence, "act.make"):
            word = self.text[act.start : act.end]
            if _WEAK_MAKE.match(word):
                continue
            within = any(h.start <= act.start and act.end <= h.end for h in self.topics.of(self.sentence))
            passive = self._by(act.end - 3 if word.lower().endswith(" by") else act.end)
            agent = passive or (None if _NOUN_MAKE.match(word) or _PASSIVE.search(self.text[self.start : act.start]) else self._before(act.start, 10))
            if _CHECKED.search(self.text[self._floor(act.start) : act.start]) and re.match(r"done|perform|carried|made", word):
                continue
            if agent is None or (within and not self._verbal(act, agent, passive is not None)) or (passive is None and not self._straight(agent, act)) or self._of_something_else(act, agent, passive is not None):
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
                self._add(f"made_by_{agent.kind}", start, end, why=f"made by a {agent.kind}; nothing here of a physician's part")
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
                self._add("personal", self_made.start(), self_made.end())

    def _of_something_else(self, act: Match, agent: Agent, passive: bool) -> bool:
        """A making whose object is the planar set, a diagnosis or the scan."""
        heads = self.topics.of(self.sentence)
        if passive:
            nearest = [h for h in heads if h.end <= act.start + 1 and h.start >= self._floor(act.start)]
            return bool(nearest) and nearest[-1].kind in ("planar", "not_done") and not any(h.kind == "rendering" for h in nearest)
        if _OWN_PROCESSING.match(self.text, act.end):
            return False
        after = [h for h in heads if h.start >= act.start and words_between(self.text, act.end, h.start) <= 8]
        if after:
            return after[0].kind in ("planar", "acquisition", "not_done") and not any(h.kind == "rendering" for h in after)
        return bool(re.match(r"\W*(?:the\s+|an?\s+)?(?:diagnos|call|decision|report|addendum|change|note|measurement|scan|injection|contrast|axial|readout|dictation|review|search)", self.text[act.end : act.end + 30]))

    def _verbal(self, act: Match, agent: Agent, passive: bool) -> bool:
        """"Rendered" within a mention is a deed only next to its agent: "the technologist rendered", "rendered by"."""
        if not re.match(r"(?:re-?)?(?:render|reconstruct|segment|reformat)\w*ed$", self.text[act.start : act.end]):
            return False
        return passive or words_between(self.text, agent.end, act.start) <= 2 or _VERB_ALONE.match(self.text, act.end) is not None

    def _straight(self, agent: Agent, act: Match) -> bool:
        """No other verb takes the agent first, unless it is joined: "I sat down and rendered", not "I reviewed the views produced"."""
        between = self._acts_in(agent.end - 1, act.start)
        if not between:
            return not re.search(r"\b(?:that|which|as (?:it|they|she|he)|while|whom)\b", self.text[agent.end : act.start])
        last = max(between, key=lambda v: v.end)
        if self.text[act.start : act.end].endswith("ing") and last.concept in ("act.adjust", "act.make") and not re.search(r"\b(?:that|which|were|was|while|by)\b", self.text[last.end : act.start]):
            return True
        return bool(re.search(r"(?:,|\band\b|\bthen\b|;)\s*(?:\w+\s+)?$", self.text[last.end : act.start])) and not re.search(r"\b(?:that|which|were|was|while|as)\b", self.text[last.end : act.start])

    def _named_elements(self) -> None:
        """"Region: radiologist", "archived images by the radiologist": an element and an agent with no verb between."""
        if self.topic != "rendering":
            return
        for cue in self.topics.acts(self.sentence, "element."):
            for agent in self.agents:
                if agent.kind != "physician" or agent.start < cue.end or self._refused(cue.start, agent.end):
                    continue
                between = self.text[cue.end : agent.start]
                label = re.match(r"^[^:;.,]{0,30}[:=]\s*(?:the\s+|our\s+)?$", between) or re.match(r"^\s*(?:\([^)]*\)\s*)?by\s+(?:the\s+|our\s+)?$", between)
                heads = [h.end for h in self.topics.of(self.sentence) if h.kind == "rendering" and h.end <= cue.start]
                if heads and re.fullmatch(r"\s*(?:of|through|,)?\s*(?:the\s+|both\s+|left\s+|right\s+)*", self.text[heads[-1] : cue.start]):
                    continue
                if label and not self._acts_in(cue.end, agent.start):
                    self._add(f"element_{cue.concept.split('.')[1]}", cue.start, agent.end)
                    break

    def _labelled(self) -> None:
        """"Operator: radiologist", "3D by Dr. [NAME]", "the work of the undersigned": the maker named beside the rendering."""
        if self.topic != "rendering":
            return
        heads = [h for h in self.topics.of(self.sentence) if h.kind == "rendering"]
        for agent in self.agents:
            if self._taken(agent.start, agent.end) or _NO_MAKER.search(self.text[agent.start : agent.end]) or agent.kind == "software":
                continue
            lead = self.text[max(self.start, agent.start - 50) : agent.start]
            label = any(m.name == "performer" and m.end <= agent.start and words_between(self.text, m.end, agent.start) <= 3 for m in self.lexical) or _MAKER.search(lead)
            beside = next((h for h in reversed(heads) if h.end <= agent.start), None)
            after_head = False
            if beside is not None:
                between = self.text[beside.end : agent.start]
                after_head = bool(re.match(r"^[^.;]{0,45}?(?:\bby\b|:|\s-\s|/)\s*(?:the\s+|our\s+|a\s+)?$", between)) and not self._acts_in(beside.end, agent.start) and not re.search(r"supervis|direct|overs|region|tissue|area|structures|images? (?:to|kept)|archive", between)
            if not (label or after_head) or self._refused(agent.start, agent.end):
                continue
            if agent.kind == "physician":
                self._add("personal", agent.start, agent.end)
            else:
                self._add(f"made_by_{agent.kind}", agent.start, agent.end, why=f"made by a {agent.kind}; nothing here of a physician's part")

    def _open(self) -> None:
        """Deeds told with verbs that no class holds, where no frame has found a deed of the physician."""
        if self.topic != "rendering" or any(m.about == "rendering" and m.name in ("personal", "concurrent", "denied") for m in self.out):
            return
        if not self.direct and not self.topics.refers_back(self.sentence) and self.topics.antecedent(self.sentence, 1) is None:
            return
        physicians = [(a.start, a.end) for a in self.agents if a.kind == "physician"]
        subjects = [(a, b) for a, b in physicians if not (_OBJECT_OF.search(self.text, self.start, a) or _TOLD.search(self.text, self.start, a) or re.search(r"\bby\s+(?:the\s+|our\s+)?$", self.text[self.start : a]))]
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

    def _first_is_object(self, agent: Agent) -> bool:
        lead = self.text[max(self.start, agent.start - 25) : agent.start]
        return bool(re.search(r"\b(?:for|to|asked by|requested by|sent to|referred by|ordered by)\s+(?:the\s+)?$", lead))

    def _viewed(self) -> None:
        if self.topic != "rendering":
            return
        for act in self.topics.acts(self.sentence, "act.view"):
            if self._unchosen(act.start) or any(a.start <= act.start and act.end <= a.end for a in self.agents):
                continue
            agent = self._by(act.end) or self._before(act.start, 8)
            if agent is None or agent.kind != "physician" or self._taken(act.start, act.end):
                continue
            if self.direct or self.topics.refers_back(self.sentence):
                self._add("reviewed", min(agent.start, act.start), max(agent.end, act.end), why="reviewing is not taking part in the making")

    def _others(self) -> None:
        """Someone else named beside the rendering, with no verb; attestations; general statements."""
        for m in self.lexical:
            if m.name in ("general", "attestation") and not self._taken(m.start, m.end):
                if _ABSENT_DOCTOR.match(self.text[m.start : m.end]) and not re.search(r"immediately|readily", self.text[m.start : m.end]) and not (self.direct and any(a.kind == "physician" for a in self.agents)):
                    continue
                about = "rendering" if self.topic == "rendering" or m.name == "attestation" else "other"
                self._add(m.name, m.start, m.end, about=about, why="says nothing of the making of the rendering")
        if self.topic != "rendering" or (not self.direct and not self.topics.refers_back(self.sentence) and self._long()):
            return
        for agent in self.agents:
            if agent.kind in ("technologist", "trainee", "lab") and not self._taken(agent.start, agent.end) and not _NO_MAKER.search(self.text[agent.start : agent.end]):
                lead = self.text[max(self.start, agent.start - 25) : agent.start]
                if agent.kind == "lab" and re.search(r"\b(?:in|at|to|from|via|inside|within|through|on)\s+(?:the\s+|our\s+|a\s+|an\s+)?(?:\w+[\s,-]+){0,2}$", lead):
                    continue
                if self._elsewhere(agent):
                    continue
                self._add(f"made_by_{agent.kind}", agent.start, agent.end, why=f"a {agent.kind} is named; nothing here of a physician's part")

    def _elsewhere(self, agent: Agent) -> bool:
        """An agent whose clause says something else and names no rendering."""
        start = self._floor(agent.start)
        stop = min([b.start for b in self.report.borders_in(self.sentence) if b.start >= agent.end and b.kind in ("strong", "but")], default=self.end)
        if stop - start >= self.end - self.start:
            return False
        heads = [h for h in self.topics.of(self.sentence) if h.kind == "rendering" and start <= h.start < stop]
        return not heads and len(re.findall(r"\w+", self.text[start:stop])) > 4 and not _speaks_back(self.text[start:stop])

    def _long(self) -> bool:
        return len(re.findall(r"\w+", self.text[self.start : self.end])) > 12


def _speaks_back(words: str) -> bool:
    return re.search(r"\b(?:it|them|they|these|this|those|that|made|built|rendered|did)\b", words) is not None


def _last_words(text: str, count: int) -> str:
    found = re.search(rf"(?:\S+\s+){{0,{count}}}$", text)
    return found[0] if found else ""


def default_participation() -> Participation:
    """The step over the vocabulary of the package."""
    return Participation(default_cues())
