"""Step 5, assertion: whether a technique mention was done, in this study, now. Each verdict names its cue.

Scope is the clause, not the sentence: a cue reaches a mention only if nothing stands between them that begins another statement.
"""

from __future__ import annotations

import re
from itertools import pairwise

from .cues import FAR, default_cues, words_between
from .denial import Denial
from .facts import Assertion
from .report import Mention, Report

_BLOCK_TIME = re.compile(r"[;:,]|\b(?:and(?! its| their)|but|with|now|today|new|show\w*|there (?:is|are|was|were)|is|are|was|were|to the|however)\b")
_BLOCK_PLAN = re.compile(r"[;]|\b(?:but|which|and (?:was|were)|was|were|has been|have been|had been|show\w*|demonstrat\w*|so (?:the|we|i|3)|therefore|accordingly|hence)\b")
_NOW = re.compile(r"\b(?:today|now|this (?:study|exam|morning|afternoon)|current|new|here)\b")
_DONE_HERE = re.compile(r"\b(?:was|were|been)\s+(?:\w+\s+)?(?:made|performed|obtained|done|generated|created|produced|built|rendered|prepared|constructed|completed|reconstructed|spun|put together|worked up|carried out|run|post-?processed)\b|\b(?:i|we|technologist|tech|lab)\s+(?:\w+\s+)?(?:made|built|created|did|ran|generated|rendered|produced|prepared)\b")
_NAME_GOES_ON = re.compile(r"(?:(?!\b(?:by|on|at|using|via|under|from|show\w*|was|were|is|are|done|made|mine|me|i|my)\b)[^.:;])*")
_TICKED_NO = re.compile(r"(?:\s+\w+){0,3}\s*[:?]?\s*(?:\[\s*\]\s*y(?:es)?\W{1,4}\[\s*x\s*\]\s*no?\b|y(?:es)?\s*\[\s*\]\W{1,3}no?\s*\[\s*x\s*\]|☐\s*yes\W{0,4}☒\s*no)")
_TO_COME = re.compile(r"(?:will|shall) (?:follow|be (?:made|done|performed|added|rendered|generated|created|sent|provided|supplied|dictated|reported))\b|to follow\b|pending\b")
_PROTOCOL_NAME = re.compile(r"[A-Za-z]+_\w*$|^\w*_")
_DEED = re.compile(r"\b(?:made|performed|obtained|done|generated|created|produced|built|rendered by|prepared|constructed|completed|were|was|worked up|spun|show\w*|demonstrat\w*|reviewed|processed)\b")
_NOT_KEPT = re.compile(r"^[^.;]{0,12}\b(?:stored|archived|saved|kept|retained|filed|sent|looked at|reviewed|printed|burned|exported)\b")
_OTHER_TIME = re.compile(r"\b(?:that (?:visit|time|exam\w*|study)|prior|previous|earlier|outside|their)\b[^.;]{0,40}$")
_LONG_AGO = re.compile(r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|several|some|a few|a|an)\s+(?:weeks?|months?|years?)\s+(?:ago|earlier|before|back|previously)\b|\b(?:at|on|from) (?:the|her|his) (?:first|last|prior|previous|initial|earlier|original) (?:examination|exam|study|visit|scan|admission|ct|mri)\b|\blast (?:week|month|year)\b")
_THERE = re.compile(r"\b(?:prior|previous|outside|there|that hospital|disc|disk|comparison|earlier|last|also available)\b")
_PASSIVE = re.compile(r"\s*(?:(?:images?|views?|pictures?|models?|reconstructions?|work)\s+)?(?:was|were|is|are|has been|have been|had been|got)\s+(?:\w+ly\s+|ever\s+)?")
_REQUESTED = re.compile(r"ask|request|order|want")
_MET = re.compile(
    r"\b(?:it|they|these|this|those|which|that|3-?d)\s+(?:(?:is|are|was|were|has been|have been|had been)\s+)?(?:now\s+|then\s+|duly\s+|since\s+|\w+ly\s+)?(?:in the folder|(?:made|performed|done|generated|created|produced|built|rendered|prepared|constructed|completed|put together|worked up|carried out|added|provided|attached|supplied|saved|filed|follow|follows))\b"
    r"|\b(?:made|built|did|ran|rendered|prepared|created|generated|produced|completed|put together|worked up|supplied)\s+(?:it|them|these|this|one|the (?:set|model|views|images|renderings?|3-?d))\b"
    r"|\b(?:accordingly|hence|therefore|so)\b[^.;]{0,40}\b(?:made|performed|done|generated|created|produced|built|rendered|prepared)\b"
)
_DAY = re.compile(r"\d|\bmay\b|january|february|march|april|june|july|august|september|october|november|december|\[date\]")
_DATE = re.compile(r"\[date\]|\b\d{1,2}/\d{1,2}|\b(?:19|20)\d\d\b")


class Assert(Denial):
    """Sets `assertion` and `why` of every technique mention."""

    def __call__(self, report: Report) -> Report:
        """Read the cues round each technique mention; title, order and comparison sections set the default."""
        for mention in report.of("technique"):
            mention.assertion, mention.why = self._verdict(report, mention)
        self._coordinated(report)
        self._denied_deeds(report)
        self._fulfilled(report)
        return report

    @staticmethod
    def _denied_deeds(report: Report) -> None:
        """"No 3D was rendered": a verb of rendering shares the denial of the noun before it."""
        techniques = report.of("technique")
        for noun, verb in pairwise(techniques):
            if noun.assertion == "negated" and verb.assertion == "performed" and _PASSIVE.fullmatch(report.low, noun.end, verb.start):
                verb.assertion, verb.why, verb.value = noun.assertion, noun.why, noun.value

    def _fulfilled(self, report: Report) -> None:
        """"Asked for 3D of this exam. I have prepared it": a request that the sentence itself or the next one says was met."""
        for m in report.of("technique"):
            if m.assertion != "planned" or not _REQUESTED.search(m.why.lower()):
                continue
            here = report.sentences[m.sentence]
            met = _MET.search(report.low, m.end, here.end)
            if met is None and m.sentence + 1 < len(report.sentences):
                onward = report.sentences[m.sentence + 1]
                met = _MET.search(report.low, onward.start, onward.end)
            if met and not self._undone(report, met.start()):
                m.assertion, m.why = "performed", ""

    @staticmethod
    def _undone(report: Report, at: int) -> bool:
        return re.search(r"\b(?:not|never|no|will|would|to be|can|could|should|once|when|if|until|unless)\b[^.;]{0,30}$", report.low[max(0, at - 40) : at]) is not None

    def _verdict(self, report: Report, m: Mention) -> tuple[Assertion, str]:
        text = report.low
        sentence = report.sentences[m.sentence]
        if _TICKED_NO.match(text, m.end, sentence.end):
            m.value = "kept"
            return "negated", "the box for no is ticked"
        if (template := self._template(report, m)) is not None:
            return "template", f'a choice nobody made: "{template}"'
        if _PROTOCOL_NAME.search(text[max(0, m.start - 20) : m.start]) or text[m.end : m.end + 1] == "_":
            return "title_only", "part of a protocol name"
        if report.unticked(m.start):
            m.value = "kept"
            return "negated", "a box that is not ticked"
        for kind, cue in (("negated", self._negated(report, m)), ("failed", self._failed(report, m))):
            if cue:
                if kind == "negated" and (_NOT_KEPT.search(text[m.end : m.end + 40]) or _OTHER_TIME.search(text[max(sentence.start, m.start - FAR) : m.start])):
                    m.value = "kept"
                return ("negated" if kind == "negated" else "failed"), f'{kind} by "{cue}"'
        if m.reading == "historical" and not report.holds(_NOW, m.sentence) and not (self._later(report, m) and report.holds(_DEED, m.sentence) and not report.holds(_THERE, m.sentence)):
            return "historical", "stands under a heading for earlier examinations"
        near = self._time(report, m, "outside.before", "outside.after")
        if near and not self._done_here(text, *self._clause(report, m)):
            return "outside", f'another institution\'s: "{near}"'
        old = self._time(report, m, "history.before", "history.after") or self._then(report, m)
        if old:
            return "historical", f'an earlier examination\'s: "{old}"'
        if self._in_title(report, m) and not self._planned(report, m):
            return "title_only", "stands in the name of the examination"
        if m.reading == "title_only" and not (self._later(report, m) and report.holds(_DEED, m.sentence)):
            return "title_only", "stands in a title, order or indication"
        if any(c.start >= m.end and words_between(text, m.end, c.start) <= 4 for c in self.cues.of(report, m.sentence, "asked_on_paper")):
            return "title_only", "stands in a request"
        planned, condition = self._planned(report, m), self._conditional(report, m)
        if condition and (planned is None or re.match(r"if|when|may|might", planned.lower())):
            return "conditional", f'on a condition: "{condition}"'
        if planned:
            return "planned", f'wanted or planned: "{planned}"'
        if m.reading == "planned" and not report.holds(_DONE_HERE, m.sentence):
            return "planned", "stands under a heading for recommendations"
        return "performed", ""

    @staticmethod
    def _later(report: Report, m: Mention) -> bool:
        """Whether the mention stands behind the first sentence of its section."""
        section = report.section_at(m.start)
        return report.sentences[m.sentence].start > section.start and report.low[section.body : m.start].count(".") > 0

    @staticmethod
    def _in_title(report: Report, m: Mention) -> bool:
        """A mention within the name of an examination ("CT PELVIS WITH 3D RENDERING"), in a sentence without a deed."""
        sentence, text = report.sentences[m.sentence], report.low
        named = [b for b in report.of("base") if b.section == "title" and b.sentence == m.sentence and b.end <= m.start]
        if not named or not sentence.first or report.holds(_DEED, m.sentence):
            return False
        between, after = text[named[-1].end : m.start], text[m.end : sentence.end]
        return m.name in ("three_d", "rendering") and not re.search(r"[:;.]", between) and len(between) < 60 and (len(after.split()) <= 2 or (len(after) < 60 and sentence.end < len(text) and _NAME_GOES_ON.fullmatch(after) is not None))

    @staticmethod
    def _clause(report: Report, m: Mention) -> tuple[int, int, int, int]:
        """The stretch between the strong borders round a mention, before and after it."""
        sentence = report.sentences[m.sentence]
        start = max([b.end for b in report.borders_in(m.sentence) if b.kind == "strong" and b.end <= m.start], default=sentence.start)
        end = min([b.start for b in report.borders_in(m.sentence) if b.kind == "strong" and b.start >= m.end], default=sentence.end)
        return start, m.start, m.end, end

    def _time(self, report: Report, m: Mention, before: str, after: str) -> str | None:
        text = report.low
        for cue in self._near(report, m, before):
            if cue.end > m.start:
                continue
            between = text[cue.end : m.start]
            reach = 8 if before.startswith("outside") else 4
            blocked = re.search(r"[;]|\b(?:but|now|today|our|so|fresh|was|were)\b", between) if before.startswith("outside") else _BLOCK_TIME.search(between)
            if words_between(text, cue.end, m.start) <= reach and not blocked:
                if before.startswith("history") and re.match(r"(?:19|20)\d\d$", text[cue.start : cue.end]) and words_between(text, cue.end, m.start) > 1:
                    continue
                return self._quote(report, cue)
        for cue in self._near(report, m, after):
            if cue.start >= m.end - 1 and words_between(text, m.end, cue.start) <= (8 if after.startswith("outside") else 5):
                between = text[m.end : cue.start]
                blocking = r"[;]|\b(?:show\w*|demonstrat\w*|but|now)\b" if after.startswith("outside") else r"[;:]|\b(?:show\w*|demonstrat\w*|but|was|were|now|and)\b"
                if re.search(blocking, between) and not re.search(r"\bwas$|\bwere$", between.strip()):
                    continue
                if after.startswith("history") and report.section_at(m.start).addendum and _DAY.search(text[cue.start : cue.end]):
                    continue
                if after.startswith("history") and re.search(r"^\s*(?:,|\()", between) and _DATE.search(text[cue.start : cue.end]):
                    continue
                return self._quote(report, cue)
        return None

    @staticmethod
    def _then(report: Report, m: Mention) -> str | None:
        """"At the first examination, three months ago, the jaw was rendered": a time long past that opens the sentence."""
        sentence = report.sentences[m.sentence]
        lead = report.low[max(sentence.start, m.start - FAR) : m.start]
        found = _LONG_AGO.search(lead)
        return found[0] if found and not _NOW.search(lead) and not re.search(r"[;]|\bbut\b", lead[found.end() :]) else None

    @staticmethod
    def _done_here(text: str, a: int, b: int, c: int, d: int) -> bool:
        return bool(re.search(r"\b(?:our|here|at this|this (?:department|hospital)|re-?process\w*|loaded|by us|(?:i|we) (?:\w+ )?(?:made|rendered|built|created|generated|produced))\b", text[a:d])) and bool(_DONE_HERE.search(text[a:d]) or re.search(r"render", text[b:d]))

    def _planned(self, report: Report, m: Mention) -> str | None:
        text = report.low
        sentence = report.sentences[m.sentence]
        if _DONE_HERE.search(text[m.end : min(sentence.end, m.end + 60)]) and not re.search(r"\b(?:should|could|would|might|ought to) have\b", text[m.end : m.end + 30]) and not re.search(r"\b(?:to be|will be|be|not)\b", text[m.end : m.end + 20]):
            return None
        for cue in self._near(report, m, "planned.after"):
            between = text[m.end : cue.start]
            if cue.start >= m.end and words_between(text, m.end, cue.start) <= (12 if _TO_COME.match(text, cue.start) else 8) and not re.search(r"[;]|\b(?:show\w*|demonstrat\w*|but|which|that|was|were)\b", between) and (":" not in between or between.strip() == ":"):
                if re.search(r"\b(?:under|with|by)\b", between) and words_between(text, m.end, cue.start) > 5 and not _TO_COME.match(text, cue.start):
                    continue
                return self._quote(report, cue)
        for cue in self._near(report, m, "planned.before"):
            if cue.end <= m.start and words_between(text, cue.end, m.start) <= 14 and not _BLOCK_PLAN.search(text[cue.end : m.start]):
                between = text[cue.end : m.start]
                if "," in between and words_between(text, cue.end, m.start) > 7 and not re.search(r"\b(?:with|including|and|if)\b", between):
                    continue
                return self._quote(report, cue)
        return None

    def _conditional(self, report: Report, m: Mention) -> str | None:
        text = report.low
        for cue in self.cues.of(report, m.sentence, "policy"):  # what holds in general says nothing of this study
            if (cue.start <= m.start < cue.end or (cue.end <= m.start and words_between(text, cue.end, m.start) <= 6)) and not _NOW.search(text, cue.end, report.sentences[m.sentence].end):
                return self._quote(report, cue)
        for cue in self._near(report, m, "conditional.before", "conditional.after"):
            if cue.concept.endswith("after") and cue.start >= m.end - 1 and words_between(text, m.end, cue.start) <= 10 and ";" not in text[m.end : cue.start]:
                return self._quote(report, cue)
            if cue.concept.endswith("before") and cue.end <= m.start and words_between(text, cue.end, m.start) <= 6 and not re.search(r"[;.]|\b(?:was|were)\b", text[cue.end : m.start]):
                return self._quote(report, cue)
        return None

    @staticmethod
    def _coordinated(report: Report) -> None:
        """"MIP or VR was not made": what is said after the last of a list holds for the list."""
        techniques = report.of("technique")
        for here, following in zip(reversed(techniques[:-1]), reversed(techniques[1:]), strict=True):
            if here.sentence != following.sentence or here.assertion != "performed" or following.assertion not in ("negated", "failed", "planned", "conditional", "historical", "template"):
                continue
            between = report.low[here.end : following.start]
            if re.fullmatch(r"[\s,/()]*(?:(?:and/or|and|or|nor|&|,)\s*)?(?:\w+\s*){0,2}", between) and '"' in following.why:
                cue = following.why.lower().rsplit('"', 2)[1]
                if report.low.find(cue.split()[0], following.end) >= 0 or re.search(r"\bor\b|\bnor\b|/", between):
                    here.assertion, here.why = following.assertion, following.why


def default_assertion() -> Assert:
    """The step over the vocabulary of the package."""
    return Assert(default_cues())
