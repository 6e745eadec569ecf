"""People named beside the rendering without a deed: as a label, as viewers, as makers with no verb; attestations."""

from __future__ import annotations

import re

from ..cues import words_between
from .frame import ABSENT_DOCTOR, NO_MAKER, SUBJECT, WHO, Agent
from .reality import Reality

_DONE_BY = re.compile(r"\b(\w+(?:ed|en|ught))\s+by\s+(?:the\s+|our\s+|a\s+)?$")
_MAKER = re.compile(r"\b(?:(?:work|product|handiwork|doing|creation|effort) of|(?:author|maker|operator|creator|renderer)s?(?:\s+(?:is|was|being))?)\s+(?:the\s+|our\s+)?$")


class Named(Reality):
    """Labels, viewers and others."""

    def _labelled(self) -> None:
        """"Operator: radiologist", "3D by Dr. [NAME]", "the work of the undersigned": the maker named beside the rendering."""
        if self.topic != "rendering":
            return
        heads = [h for h in self.topics.of(self.sentence) if h.kind == "rendering"]
        for agent in self.agents:
            if self._taken(agent.start, agent.end) or self._unchosen(agent.start) or NO_MAKER.search(self.text[agent.start : agent.end]) or agent.kind == "software":
                continue
            lead = self.text[max(self.start, agent.start - 50) : agent.start]
            label = any(m.name == "performer" and m.end <= agent.start and words_between(self.text, m.end, agent.start) <= 3 for m in self.lexical) or _MAKER.search(lead)
            beside = next((h for h in reversed(heads) if h.end <= agent.start), None)
            after_head = False
            if beside is not None:
                between = self.text[beside.end : agent.start]
                after_head = bool(re.match(r"^[^.;]{0,45}?(?:\bby\b|:|\s-\s|/)\s*(?:the\s+|our\s+|a\s+)?$", between)) and not self._acts_in(beside.end, agent.start) and not re.search(r"supervis|direct|overs|region|tissue|area|structures|images? (?:to|kept)|archive", between)
            if after_head and not label and (done := _DONE_BY.search(self.text, self.start, agent.start)) and self.topics.cues.is_other_verb(done[1]):
                continue
            if not (label or after_head) or self._refused(agent.start, agent.end):
                continue
            if agent.kind == "physician":
                if self.text[agent.start : agent.end] not in SUBJECT:
                    self._add("personal", agent.start, agent.end)
            elif agent.kind in WHO:
                self._add(f"made_by_{agent.kind}", agent.start, agent.end, why=f"made by {WHO[agent.kind]}; nothing here of a physician's part")

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
                if ABSENT_DOCTOR.match(self.text[m.start : m.end]) and not any(a.kind == "physician" and a.end <= m.start and words_between(self.text, a.end, m.start) <= 4 for a in self.agents if not self.text.startswith("by ", m.start)):
                    continue
                if self.text.startswith(("per ", "according "), m.start) and not self.direct and not self.topics.refers_back(self.sentence):
                    continue
                about = "rendering" if self.topic == "rendering" or m.name == "attestation" else "other"
                self._add(m.name, m.start, m.end, about=about, why="says nothing of the making of the rendering")
        if self.topic != "rendering" or (not self.direct and not self.topics.refers_back(self.sentence) and self._long()):
            return
        for agent in self.agents:
            if agent.kind in ("technologist", "trainee", "lab") and not self._taken(agent.start, agent.end) and not NO_MAKER.search(self.text[agent.start : agent.end]):
                lead = self.text[max(self.start, agent.start - 25) : agent.start]
                if agent.kind == "lab" and re.search(r"\b(?:in|at|to|from|via|inside|within|through|on)\s+(?:the\s+|our\s+|a\s+|an\s+)?(?:\w+[\s,-]+){0,2}$", lead):
                    continue
                if self._elsewhere(agent):
                    continue
                self._add(f"made_by_{agent.kind}", agent.start, agent.end, why=f"{WHO[agent.kind]} is named; nothing here of a physician's part")

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
