"""Statements that no physician took part."""

from __future__ import annotations

import re

from ..report import Mention
from .reality import Reality


class Denied(Reality):
    """Denials of a physician's part."""

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

    def _planar_clause(self, m: Mention) -> bool:
        """Whether the clause of a denial speaks of planar reformats and another clause of the rendering."""
        cuts = [b for b in self.report.borders_in(self.sentence) if b.kind in ("strong", "but", "while")]
        start = max([b.end for b in cuts if b.end <= m.start], default=self.start)
        stop = min([b.start for b in cuts if b.start >= m.end], default=self.end)
        inside = [h.kind for h in self.topics.of(self.sentence) if start <= h.start < stop]
        return "planar" in inside and "rendering" not in inside
