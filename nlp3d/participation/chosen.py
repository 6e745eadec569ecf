"""Elements of participation: region, tissue, views and adjustments that a physician chose. Two or more amount to supervision (S3, S4, S7)."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from ..cues import words_between
from ..matching import Match
from .frame import Frame

_REPORT_OBJECT = re.compile(r"^[^.;]{0,20}\b(?:report|wording|findings|dictation|interpretation|text|impression|prelim\w*|read|resident'?s)\b")


class Chosen(Frame):
    """What a physician chose, adjusted or approved."""

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

    @cached_property
    def _choices(self) -> list[int]:
        """Where the acts of choosing begin, those left out that are part of an element's name."""
        elements = self.topics.acts(self.sentence, "element.")
        acts = self.topics.acts(self.sentence, "act.choose", "act.adjust")
        return [a.start for a in acts if not any(e.start <= a.start and a.end <= e.end and e.end - e.start > a.end - a.start for e in elements)]

    def _which(self, act: Match, passive: bool) -> list[str]:
        """The elements an act touches: what stands after it up to the next act or strong border, or before it in the passive."""
        if act.concept == "act.adjust":
            return ["adjust"]
        elements = self.topics.acts(self.sentence, "element.")
        others = self._choices[bisect_right(self._choices, act.end + 2) :][:1]
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

    def _named_elements(self) -> None:
        """"Region: radiologist", "archived images by the radiologist": an element and an agent with no verb between."""
        if self.topic != "rendering":
            return
        for cue in self.topics.acts(self.sentence, "element."):
            heads = [h.end for h in self.topics.of(self.sentence) if h.kind == "rendering" and h.end <= cue.start]
            for agent in self.agents:
                if agent.kind != "physician" or agent.start < cue.end or self._refused(cue.start, agent.end):
                    continue
                between = self.text[cue.end : agent.start]
                label = re.match(r"^[^:;.,]{0,30}[:=]\s*(?:the\s+|our\s+)?$", between) or re.match(r"^\s*(?:\([^)]*\)\s*)?by\s+(?:the\s+|our\s+)?$", between)
                if heads and re.fullmatch(r"\s*(?:of|through|,)?\s*(?:the\s+|both\s+|left\s+|right\s+)*", self.text[heads[-1] : cue.start]):
                    continue
                if label and not self._acts_in(cue.end, agent.start):
                    self._add(f"element_{cue.concept.split('.')[1]}", cue.start, agent.end)
                    break
