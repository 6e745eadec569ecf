"""Elements of participation: region, tissue, views and adjustments that a physician chose. Two or more amount to supervision (S3, S4, S7)."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from ..cues import words_between
from ..matching import Match
from .frame import Agent
from .reality import Reality

_REPORT_OBJECT = re.compile(r"^[^.;]{0,20}\b(?:report|wording|findings|dictation|interpretation|text|impression|prelim\w*|read|resident'?s)\b")


_NOMINAL = re.compile(r"(?:selection|choice|choices|decision|editing|adjustment|correction|cropping|trimming|setting|definition|determination|refinement)s?$")


_BELONGS = re.compile(r"\s+(?:for|of|from|in)\b")
_TO_BE_MADE = re.compile(r"\b(?:to|should|would) (?:be )?(?:\w+ly )?(?:render\w*|reconstruct\w*|shown?|includ\w*|kept|keep|sav\w+|stor\w+|display\w*|depict\w*|segment\w*|filed?|archiv\w*|hidden|removed|process\w*)")
_KEPT = re.compile(r"(?:to )?(?:keep|kept|retained|retain)")
_TO_BE = re.compile(r"\b(?:to|should|would|must|was|were)\s+(?:be\s+)?$")
_AT_REQUEST = re.compile(r"(?:at|on|upon|by|per|to|following|as|where|what|which)\s")
_WHICH_HE = re.compile(r"\s*(?:,|that|which|whom)?\s*(?:the\s+)?")


class Chosen(Reality):
    """What a physician chose, adjusted or approved."""

    def _elements(self) -> None:
        if self.topic != "rendering":
            return
        for act in self.topics.acts(self.sentence, "act.choose", "act.adjust"):
            passive = self._by(act.end)
            agent = passive if passive is not None and words_between(self.text, act.end, passive.start) <= (9 if _NOMINAL.match(self.text, act.start, act.end) else 6) else self._before(act.start, 40)
            adjunct = _AT_REQUEST.match(self.text, act.start, act.end) is not None
            if adjunct:
                agent = next((a for a in self.agents if act.start <= a.start and a.end <= act.end), None)
            rested = re.match(r"[^.;]{0,60}\b(?:rested with|was|were|fell to|left to|up to|lay with|belonged to)\s+(?:\w+\s+){0,2}$", self.text[act.end : next((a.start for a in self.agents if a.start > act.end), act.end)])
            if rested and (passive is None):
                agent = next((a for a in self.agents if a.start > act.end), agent)
            if agent is None or agent.kind != "physician" or self._refused(act.start, act.end):
                continue
            if self._unchosen(act.start) or self._while_reading(act) or self._unreal(act) or self._errand(act) or self._found(act):
                continue
            if any(h.start <= act.start and act.end <= h.end for h in self.topics.of(self.sentence)) or _REPORT_OBJECT.match(self.text[act.end : act.end + 40]):
                continue
            lead = self.text[max(self._floor(act.start), act.start - 40) : act.start]
            if self._negated(lead, "") and not re.search(r"\bnot only\b", lead):
                continue
            if passive is None and self._took_and_worked(agent, act):
                self._add("personal", agent.start, act.end)
            for name in self._which(act, adjunct or (passive is not None and agent is passive), adjunct, agent):
                self._add(f"element_{name}", min(act.start, agent.start) if act.end - agent.start < 60 and agent.start < act.start else act.start, max(act.end, agent.end) if agent is passive else act.end)

    def _took_and_worked(self, agent: Agent, act: Match) -> bool:
        """"Exported the data to a workstation, took off the humerus": who moves the data there and works on them makes the rendering."""
        if act.concept != "act.adjust" or not self.direct or any(a.kind in ("technologist", "lab") for a in self.agents):
            return False
        taken = [v for v in self.topics.acts(self.sentence, "act.send") if agent.end <= v.start and v.end <= act.start]
        return bool(taken) and words_between(self.text, agent.end, taken[0].start) <= 3 and any(p.family == "location" and p.sentence == self.sentence for p in self.report.of("location"))

    def _found(self, act: Match) -> bool:
        """"I identified the fragment": a finding, where the sentence speaks of no rendering."""
        if self.direct or self.topics.refers_back(self.sentence) or any(a.kind == "technologist" for a in self.agents):
            return False
        return any((f.start <= act.start and act.end <= f.end) or f.start == act.start for f in self.topics.acts(self.sentence, "finding")) and _TO_BE_MADE.search(self.text, act.end, self.end) is None

    @cached_property
    def _choices(self) -> list[int]:
        """Where the acts of choosing begin, those left out that are part of an element's name."""
        elements = self.topics.acts(self.sentence, "element.")
        acts = self.topics.acts(self.sentence, "act.choose", "act.adjust")
        return [a.start for a in acts if not any(e.start <= a.start and a.end <= e.end and e.end - e.start > a.end - a.start for e in elements)]

    def _which(self, act: Match, passive: bool, adjunct: bool, agent: Agent) -> list[str]:
        """The elements an act touches: what stands after it up to the next act or strong border, or before it in the passive."""
        if act.concept == "act.adjust":
            return ["adjust"]
        elements = self.topics.acts(self.sentence, "element.")
        others = self._choices[bisect_right(self._choices, act.end + 2) :][:1]
        stop = min(list(others) + [b.start for b in self.report.borders_in(self.sentence) if b.start >= act.end and b.kind == "strong"] + [self.end])
        stop = max(stop, act.end)
        stretches = [(act.start, stop)]
        relative = [e for e in elements if e.end <= agent.start and _WHICH_HE.fullmatch(self.text, e.end, agent.start)]
        if relative and not passive:
            stretches.append((relative[0].start, agent.start))
        floor = max([self._floor(act.start)] + [a.end for a in self.agents if a.end <= act.start and passive])
        if passive:
            floor = max([floor] + [h.end for h in self.topics.of(self.sentence) if h.end <= act.start and re.search(r"[,;]|\band\b", self.text[h.end : act.start])])
            comma = re.search(r"[,;.]", self.text[act.end : stop])
            stretches = [(floor, act.end), (act.end, act.end + comma.start() if comma else stop)]
            if words_between(self.text, floor, act.start) == 0 and floor > self.start:
                stretches.append((self.start, act.start))
        if re.match(r"choice|choices|decision|pick\b|call\b|selection", self.text[act.start : act.end]):
            stretches.append((self._floor(act.start), act.start))
        if adjunct:
            elements = [e for e in elements if not any(h.start <= e.start and e.end <= h.end for h in self.topics.of(self.sentence))]
        names: dict[str, None] = {}  # in text order, so that answers are the same in every process
        for cue in elements:
            for a, b in stretches:
                if a <= cue.start and cue.end <= b and not self._of_planar(cue) and not self._kept_part(cue, elements):
                    part = cue.concept == "element.anatomy" and _TO_BE_MADE.match(self.text, cue.end + 1) is not None
                    names["tissue" if part else cue.concept.split(".")[1]] = None
        if "anatomy" in names:  # a part of the body is a region's or a view's where one is named: "the levels of the spine"
            del names["anatomy"]
            return [*names] or ["tissue"]
        return [*names]

    def _kept_part(self, cue: Match, elements: list[Match]) -> bool:
        """"Which stretch was to be kept": one element, not a part and views."""
        if _KEPT.fullmatch(self.text, cue.start, cue.end) is None:
            return False
        return any(e.end <= cue.start and e.concept in ("element.region", "element.tissue", "element.anatomy") and words_between(self.text, e.end, cue.start) <= 6 and _TO_BE.search(self.text, e.end, cue.start) for e in elements)

    def _of_planar(self, cue: Match) -> bool:
        """"The key images of the axial series": an element of the two-dimensional images."""
        if _BELONGS.match(self.text, cue.end) is None:
            return False
        after = [h for h in self.topics.of(self.sentence) if h.start >= cue.end and words_between(self.text, cue.end, h.start) <= 3]
        scanned = [a for a in self.topics.acts(self.sentence, "act.scan") if a.start >= cue.end and words_between(self.text, cue.end, a.start) <= 2]
        return bool(scanned) or (bool(after) and after[0].kind in ("planar", "acquisition"))

    def _approved(self) -> None:
        if self.topic != "rendering":
            return
        for act in self.topics.acts(self.sentence, "act.approve"):
            agent = self._by(act.end) or self._before(act.start, 10)
            if agent is None or agent.kind != "physician" or self._refused(act.start, act.end) or _REPORT_OBJECT.match(self.text[act.end : act.end + 40]):
                continue
            lead = self.text[max(self._floor(act.start), act.start - 30) : act.start]
            if not self._negated(lead, "") and not self._unreal(act):
                self._add("element_approve", min(agent.start, act.start), max(agent.end, act.end))

    def _named_elements(self) -> None:
        """"Region: radiologist", "archived images by the radiologist": an element and an agent with no verb between."""
        if self.topic != "rendering":
            return
        for cue in self.topics.acts(self.sentence, "element.region", "element.tissue", "element.views"):
            heads = [h.end for h in self.topics.of(self.sentence) if h.kind == "rendering" and h.end <= cue.start]
            for agent in self.agents:
                if agent.kind != "physician" or agent.start < cue.end or self._refused(cue.start, agent.end):
                    continue
                between = self.text[cue.end : agent.start]
                label = re.match(r"^[^:;.]{0,50}[:=]\s*(?:the\s+|our\s+)?$", between) or re.match(r"^\s*(?:\([^)]*\)\s*)?by\s+(?:the\s+|our\s+)?$", between)
                if heads and re.fullmatch(r"\s*(?:of|through|,)?\s*(?:the\s+|both\s+|left\s+|right\s+)*", self.text[heads[-1] : cue.start]):
                    continue
                if label and all(v.concept in ("act.choose", "act.adjust") for v in self._acts_in(cue.end, agent.start)):
                    self._add(f"element_{cue.concept.split('.')[1]}", cue.start, agent.end)
                    break
