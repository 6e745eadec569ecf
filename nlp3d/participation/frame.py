"""One sentence as the frames of participation see it: who is named, what it is about, and where a clause begins and ends."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import cached_property

from ..cues import words_between
from ..matching import Match
from ..report import Mention, Report
from ..topics import Topics

TOLD = re.compile(r"\b(?:told|tell|telling|asked|asking|had|have|having|directed|directing|supervis\w+|instruct\w*|helped|let|got|guiding|guided|coached|coaching|oversaw|overseeing|overseen|watched|watching)\s+(?:the\s+|our\s+|a\s+|my\s+)?(?:[\w-]+\s+){0,2}$")
OBJECT_OF = re.compile(r"\b(?:of|to|for|from|over|beside|alongside|behind|joined|(?:sat|stood|sitting|standing|working|worked|together|along|was|were|am|being|remained|stayed) (?:down )?with)\s+(?:the\s+|our\s+|a\s+|my\s+|\w+['’]s\s+)?(?:(?:attending|reading|interpreting|lead|senior|staff|ct|mr|3-?d|night|same|one|lab|radiology)\s+)?$")
_BY = re.compile(r"^[^.;]{0,110}?\b(?:by|from)\s*:?\s+(?:\(?\w+\)?[\s-]+){0,3}$")
_APPOSITION = re.compile(r"\s?(?:[,(]\s*|\s)?(?:the\s+)?")
_BESIDE_NOT = re.compile(r"\bnot\s+(?:the\s+|a\s+|by\s+(?:the\s+|a\s+)?)?$")
_ITS_SUPERVISION = re.compile(r"^\s*(?:own |direct |active |concurrent |continuous |live |real[- ]time |close |personal |constant |watchful |immediate )*(?:supervis|super vis|direction|guidance|oversight|eye|control|instruct)")
ABSENT_DOCTOR = re.compile(r"available|on[ -]call|reachable|on[ -]?site|on (?:the )?premises|on hand|in[ -]house|within reach|on the floor|in the building|by (?:phone|pager)|on standby|stand-?by|a phone")
PROCESSING = re.compile(r"\b(?:(?:these|those|the|said) (?:models?|renderings?|spins|projections|mips?)|post-?\s?process\w*|image processing|3-?d\b|(?:that|the|this) (?:colou?ring|rendering|modell?ing|processing|segment\w+|reconstruction) (?:was|were) (?:going on|under ?way|in progress|being))")
_ADDRESSED = re.compile(r"(?!made\s+\w+(?:\s*[.,;)]|\s*$|\s+(?:on|at|in|with|and|for|from|by|there|again|using|as)\b))(?:told|asked|had|instructed|directed|guided|coached|supervised|let|got|made|helped|having|telling|asking|directing|guiding|instructing|oversaw|overseeing|supervising|watched|watching)\s+(?:her|him|them|the (?:\w+ ){0,2}(?:tech\w*|radiographer|sonographer|operator))\b")
NO_MAKER = re.compile(r"\b(?:him|her|them)$")
_TAKES = re.compile(r"\b[a-z]+(?:ed|ing)\s+(?:the\s+|our\s+|a\s+|my\s+)$")
_FIRST_PERSON = frozenset(["i", "i've", "i'd", "i'm", "me", "my", "myself", "mine"])
_DEED = re.compile(r"\b(?:selection|choice|choices|editing|adjustment|correction|cropping|trimming|setting|definition|refinement|segmentation|rendering|removal)s?$")
_OBJECT_FORM = {"he": "him", "she": "her"}
_BY_END = re.compile(r"\bby\s+$")
_PERSON = re.compile(r"\b(?:patient|man|woman|boy|girl|child|infant|baby|neonate|mother|father|gentleman|lady|year[- ]old|y/?o)\b")
_WHO = re.compile(r"\s?(?:\([^)]{0,30}\))?,?\s+who\b")
REFORMATTED = re.compile(r"reformat|mpr|multi|recon|two|2")
_JOINED_VERB = re.compile(r"(?:,|\band\b|\bthen\b)[^,;.]{0,60}$")
_PUT_IN = re.compile(r"\b(?:while|whilst|as|when|after|before|once|until)\s+(?:the\s+|our\s+|a\s+|my\s+)?(?:\w+\s+)?$")
SUBJECT = ("i", "i've", "i'd", "i'm", "he", "she", "he's", "she's", "he'd", "she'd")
_PHYSICIAN = ("agent.self", "agent.physician")


WHO = {"trainee": "a trainee", "technologist": "a technologist", "lab": "a laboratory"}


@dataclass(slots=True)
class Agent:
    """Who: `physician`, `trainee`, `technologist`, `lab` or `software`, and where it is named."""

    kind: str
    start: int
    end: int


class Frame:
    """A sentence with its agents and its topic; the frames add what they find to `out`."""

    def __init__(self, report: Report, topics: Topics, sentence: int) -> None:
        self.report, self.topics, self.sentence = report, topics, sentence
        self.text = report.low
        s = report.sentences[sentence]
        self.start, self.end = s.start, s.end
        self.out: list[Mention] = []
        self.denials: list[Mention] = []
        self.topic, self.direct = self._topic()
        self.lexical = [m for m in report.of("supervision") if m.sentence == sentence]

    @cached_property
    def agents(self) -> list[Agent]:
        """Who is named in the sentence; looked for only where a frame asks."""
        out: list[Agent] = []
        places = [p for p in self.report.of("location") if p.sentence == self.sentence]
        for m in self.topics.acts(self.sentence, "agent."):
            if (re.match(r"\s*[:=]", self.text[m.end : m.end + 3]) and m.concept != "agent.self") or any(p.start <= m.start and m.end <= p.end for p in places if m.concept == "agent.technologist"):
                if m.concept not in _PHYSICIAN:
                    continue
            if self.report.unticked(m.start):
                continue
            kind = "physician" if m.concept in _PHYSICIAN else m.concept.split(".")[1]
            if m.concept == "agent.self" and m.start < self.topics.trainee_until:
                kind = "trainee"
            if kind == "pronoun" or (NO_MAKER.match(self.text, m.start, m.end) and _BY_END.search(self.text, self.start, m.start)):
                meant = self._meant(m.start, out)
                if meant is None and kind == "pronoun":
                    continue
                kind = meant or kind
            out.append(Agent(kind, m.start, m.end))
        trainees = any(o.kind == "trainee" for o in out)
        out = [a for a in out if not (a.kind == "technologist" and self.text[a.start - 1 : a.start] == "(" and any(p.kind == "physician" and 0 <= a.start - p.end <= 22 for p in out))]
        for here in out:
            if here.kind == "physician" and trainees and any(o.kind == "trainee" and (0 <= here.start - o.end <= 2 or (here.end <= o.start and _APPOSITION.fullmatch(self.text, here.end, o.start))) for o in out):
                here.kind = "trainee"
        return out

    def _meant(self, at: int, here: list[Agent]) -> str | None:
        """Who "he", "she" or "by him" is: the person named last before it; of several in an earlier sentence, its subject."""
        here = [a for a in here if self.text[a.start : a.end] not in _FIRST_PERSON]
        same = next((a for a in reversed(here) if self.text[a.start : a.end] == _OBJECT_FORM.get(self.text[at : at + 3].strip(" '"))), None)
        if same is not None:
            return same.kind
        if here:
            free = [a for a in here if not (OBJECT_OF.search(self.text, self.start, a.start) or TOLD.search(self.text, self.start, a.start) or _TAKES.search(self.text, self.start, a.start))]
            here = free or here
            return here[-1].kind if not _PERSON.search(self.text, here[-1].end, at) else None
        for sentence in range(self.sentence - 1, max(-1, self.sentence - 3), -1):
            s = self.report.sentences[sentence]
            named = [m for m in self.topics.acts(sentence, "agent.") if m.concept not in ("agent.self", "agent.software", "agent.lab", "agent.pronoun", "agent.other") and not NO_MAKER.match(self.text, m.start, m.end)]
            if named:
                if _PERSON.search(self.text, named[0].end, s.end):
                    return None
                return "physician" if named[0].concept in _PHYSICIAN else named[0].concept.split(".")[1]
            if _PERSON.search(self.text, s.start, s.end):
                return None
        return None

    def _topic(self) -> tuple[str, bool]:
        kinds = [h.kind for h in self.topics.of(self.sentence)]
        if "rendering" in kinds:
            return "rendering", True
        if "not_done" in kinds and not self.topics.refers_back(self.sentence):
            return "none", False
        if "planar" in kinds and self._steered_views():
            return "rendering", False
        if "planar" in kinds and not (self.topics.refers_back(self.sentence) and all(h.mention.concept in ("reformat.plain", "reformat.slices") for h in self.topics.of(self.sentence))):
            return "planar", False
        back = self.topics.antecedent(self.sentence)
        if back is None and PROCESSING.search(self.text, self.start, self.end):
            return "rendering", False
        here = self.report.sentences[self.sentence]
        if back is None:
            onward = self.topics.subsequent(self.sentence, 1)
            near = onward is not None and self.report.sentences[self.sentence + 1].block == here.block
            return ("rendering", False) if near else ("none", False)
        if back.kind == "planar" and self.topics.rendered and PROCESSING.search(self.text, here.start, here.end) and self.report.sentences[back.mention.sentence].block != here.block:
            return "rendering", False
        section, earlier = self.report.section_at(here.start), self.report.section_at(back.start)
        if section.name != earlier.name and section.name in ("findings", "impression") and not self._speaks_of_making():
            return "none", False
        return back.kind, False

    def _steered_views(self) -> bool:
        """"I asked for the coronal obliques": directions of view chosen for a rendering just named, no reformats."""
        heads = self.topics.of(self.sentence)
        back = self.topics.antecedent(self.sentence)
        if back is None or back.kind != "rendering" or any(REFORMATTED.search(self.text, h.start, h.end) for h in heads):
            return False
        return any(a.kind == "physician" for a in self.agents) and bool(self.topics.acts(self.sentence, "act.choose", "act.adjust", "act.supervise"))

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
            if self._subordinate(agent, at):
                continue
            if not self._within_reach(agent.end, at, reach):
                return None
            lead = self.text[max(floor, agent.start - 40) : agent.start]
            if addressed and agent.kind != "physician":
                continue
            if NO_MAKER.search(self.text[agent.start : agent.end]) and agent.kind == "technologist":
                continue
            if self.text[agent.end : agent.end + 1] == "-" and at == agent.end + 1:
                return agent
            if self.text[agent.end : agent.end + 1] == "-" or _BESIDE_NOT.search(lead) or (agent.kind == "lab" and re.search(r"\b(?:in|at|on|inside|within)\s+(?:the\s+|our\s+|a\s+)?$", lead)):
                continue
            possessive = self.text[agent.start : agent.end].endswith(("'s", "s'")) or self.text[agent.start : agent.end].lower() == "my"
            subject = self.text[agent.start : agent.end] in SUBJECT or _WHO.match(self.text, agent.end) is not None
            if not possessive and not subject and (OBJECT_OF.search(lead) or TOLD.search(lead)):
                continue
            if agent.kind in ("technologist", "lab") and re.search(r"\bwith\s+(?:the\s+|our\s+|a\s+)?$", lead) and any(a.kind == "physician" and floor <= a.start < agent.start for a in self.agents):
                continue
            if re.search(r"\bby\s+(?:the\s+|our\s+|a\s+|any\s+|an\s+)?(?:\w+\s+)?$", lead) and not re.search(r"\bwhile\b|\bwith\b|\bwho\b|\band\b|^\W*to\b|\)\s*to\b", self.text[agent.end : at]):
                continue
            return agent
        if floor > self.start and words_between(self.text, floor, at) <= 2:
            earlier = [a for a in self.agents if a.end <= floor and not NO_MAKER.search(self.text[a.start : a.end])]
            return earlier[-1] if earlier else None
        return None

    def _within_reach(self, start: int, at: int, reach: int) -> bool:
        """A subject reaches the verbs joined to its own: "I opened the stack, took off the radius and spun a rendering"."""
        if words_between(self.text, start, at) <= reach:
            return True
        if not _JOINED_VERB.search(self.text, start, at):
            return False
        steps = [start, *sorted(v.end for v in self.topics.acts(self.sentence, "act.") if start < v.start and v.end <= at), at]
        return all(words_between(self.text, a, b) <= 12 for a, b in itertools.pairwise(steps) if a < b)

    def _subordinate(self, agent: Agent, at: int) -> bool:
        """The agent of a clause put in between: "I was in the room while the tech did this, and set the cut plane"."""
        lead = self.text[max(self.start, agent.start - 24) : agent.start]
        opened = _PUT_IN.search(lead)
        if opened is None:
            return False
        comma = self.text.find(",", agent.end, at)
        if comma < 0 and agent.kind != "physician" and self.text[agent.start : agent.end] in ("he", "she", "they"):
            comma = self.text.find(" and ", agent.end, at)
        main = [a for a in self.agents if a.end <= agent.start - len(opened[0]) and a.kind == "physician"]
        return comma >= 0 and bool(main) and words_between(self.text, comma, at) <= 6 and re.search(r"\b(?:i|he|she|it|they|we|the)\s*$", self.text[comma:at]) is None

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
            if _BY.match(between) and words_between(self.text, at, agent.start) <= (16 if re.search(r",\s+by\s", between) else 9) and not self._acts_in(at, agent.start) and not re.search(r"[;]|\bwhile\b|\bwith\b(?! (?:the|a|our|its) (?:\w+ )?(?:tool|software|package|module|program|application|help|aid)\b)|\bbut\b", between):
                owned = next((a for a in self.agents if agent.end <= a.start <= agent.end + 24 and a.kind in ("technologist", "trainee", "lab")), None)
                named.append(owned if owned is not None and self.text[agent.start : agent.end].endswith(("'s", "s'", "’s")) else agent)
        return next((a for a in named if a.kind == "physician"), named[0] if named else None)

    def _acts_in(self, start: int, end: int) -> list[Match]:
        """Verbs of any class that lie in a stretch, joined ones ("made and reviewed by") left out."""
        found = [v for v in self.topics.acts(self.sentence, "act.make", "act.view", "act.supervise", "act.choose", "act.adjust", "act.approve", "act.attend") if start < v.start and v.end <= end]
        spans = [(e.start, e.end) for e in self.topics.acts(self.sentence, "element.")] + [(a.start, a.end) for a in self.agents]
        found = [v for v in found if not any(a <= v.start and v.end <= b and b - a > v.end - v.start for a, b in spans)]
        if _DEED.search(self.text, max(self.start, start - 20), start):  # "editing of the branches and selection of the angles by"
            found = [v for v in found if not (_DEED.match(self.text, v.start, v.end) and re.search(r"\band\s+(?:the\s+)?$", self.text[start : v.start]))]
        return [v for v in found if not re.fullmatch(r"\s*(?:,\s*)?(?:and|&|/|or)\s+(?:then\s+|subsequently\s+)?", self.text[start : v.start]) and not any(h.start <= v.start and v.end <= h.end for h in self.topics.of(self.sentence))]

    def _add(self, concept: str, start: int, end: int, about: str = "rendering", why: str = "") -> None:
        if end - start > 90:
            end = start + 90
        m = Mention(f"supervision.{concept}", start, end, sentence=self.sentence, about=about, why=why)
        section = self.report.section_at(start)
        m.section, m.reading = section.name, section.reading
        self.out.append(m)
        if concept == "denied":
            self.denials.append(m)

    def _taken(self, start: int, end: int) -> bool:
        return any(m.start < end and start < m.end for m in self.out)

    def _within_head(self, act: Match) -> bool:
        """A verb that is part of the name of images ("volume-rendered pictures") tells no deed."""
        return any(h.start < act.start and act.end <= h.end for h in self.topics.of(self.sentence))

    def _first_is_object(self, agent: Agent) -> bool:
        lead = self.text[max(self.start, agent.start - 25) : agent.start]
        return bool(re.search(r"\b(?:for|to|asked by|requested by|sent to|referred by|ordered by)\s+(?:the\s+)?$", lead))
