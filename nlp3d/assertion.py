"""Step 5, assertion: whether a technique mention was done, in this study, now. Each verdict names its cue.

Scope is the clause, not the sentence: a cue reaches a mention only if nothing stands between them that begins another statement.
"""

from __future__ import annotations

import re

from .cues import Cues, default_cues, words_between
from .facts import Assertion
from .matching import Match
from .report import Mention, Report

_BLOCK_NEGATION = re.compile(
    r"[;:]|\.\s|\b(?:on|in|at|from|via|through|during|because|since|due|show\w*|demonstrat\w*|is|are|was|were|be|seen|however|but|only|just|so|then|also|with|by|when|while|where|which|that|and (?:the|a|an|so)|using|under|if)\b|, (?:the|a|an|and|so|this|these|3)\b",
    re.I,
)
_BLOCK_AFTER = re.compile(r"[;]|\b(?:show\w*|demonstrat\w*|reveal\w*|confirm\w*|depict\w*|but|however|although|which|that|because|though|while|whereas|so|as)\b|, (?:and|the|no|with)\b", re.I)
_BLOCK_TIME = re.compile(r"[;:,]|\b(?:and|but|with|now|today|new|show\w*|there|is|are|was|were|to the|however)\b", re.I)
_EXCEPT = re.compile(r"except|other than|aside from|bar$|barring|beyond|besides|apart from|save for", re.I)
_BLOCK_PLAN = re.compile(r"[;]|\b(?:but|which|and (?:was|were)|was|were|has been|have been|had been|show\w*|demonstrat\w*|so (?:the|we|i|3)|therefore|accordingly|hence)\b", re.I)
_NOW = re.compile(r"\b(?:today|now|this (?:study|exam|morning|afternoon)|current|new|here)\b", re.I)
_DONE_HERE = re.compile(r"\b(?:was|were|been)\s+(?:\w+\s+)?(?:made|performed|obtained|done|generated|created|produced|built|rendered|prepared|constructed|completed|reconstructed|spun|put together|worked up|carried out|run|post-?processed)\b|\b(?:i|we|technologist|tech|lab)\s+(?:\w+\s+)?(?:made|built|created|did|ran|generated|rendered|produced|prepared)\b", re.I)
_PROTOCOL_NAME = re.compile(r"[A-Za-z]+_\w*$|^\w*_")
_DATE = re.compile(r"\[date\]|\b\d{1,2}/\d{1,2}|\b(?:19|20)\d\d\b", re.I)


class Assert:
    """Sets `assertion` and `why` of every technique mention."""

    def __init__(self, cues: Cues) -> None:
        self.cues = cues

    def __call__(self, report: Report) -> Report:
        """Read the cues round each technique mention; title, order and comparison sections set the default."""
        for mention in report.of("technique"):
            mention.assertion, mention.why = self._verdict(report, mention)
        self._coordinated(report)
        return report

    def _verdict(self, report: Report, m: Mention) -> tuple[Assertion, str]:
        text = report.plain
        sentence = report.sentences[m.sentence]
        before, after = (sentence.start, m.start), (m.end, sentence.end)
        if (template := self._template(report, m)) is not None:
            return "template", f'a choice nobody made: "{template}"'
        if _PROTOCOL_NAME.search(text[max(0, m.start - 20) : m.start]) or text[m.end : m.end + 1] == "_":
            return "title_only", "part of a protocol name"
        for kind, cue in (("negated", self._negated(report, m)), ("failed", self._failed(report, m))):
            if cue:
                return ("negated" if kind == "negated" else "failed"), f'{kind} by "{cue}"'
        if m.reading == "historical" and not _NOW.search(text[sentence.start : sentence.end]):
            return "historical", "stands under a heading for earlier examinations"
        near = self._time(report, m, "outside.before", "outside.after")
        if near and not self._done_here(text, *before, *after):
            return "outside", f'another institution\'s: "{near}"'
        old = self._time(report, m, "history.before", "history.after")
        if old:
            return "historical", f'an earlier examination\'s: "{old}"'
        if m.reading == "title_only":
            return "title_only", "stands in a title, order or indication"
        planned, condition = self._planned(report, m), self._conditional(report, m)
        if condition and (planned is None or re.match(r"if|when|may|might", planned, re.I)):
            return "conditional", f'on a condition: "{condition}"'
        if planned:
            return "planned", f'wanted or planned: "{planned}"'
        if m.reading == "planned" and not _DONE_HERE.search(text[sentence.start : sentence.end]):
            return "planned", "stands under a heading for recommendations"
        return "performed", ""

    def _quote(self, report: Report, cue: Match) -> str:
        return " ".join(report.text[cue.start : cue.end].split())

    def _template(self, report: Report, m: Mention) -> str | None:
        for cue in self.cues.of(report, m.sentence, "template"):
            if cue.start <= m.start and m.end <= cue.end:
                return self._quote(report, cue)
            if max(cue.start - m.end, m.start - cue.end) <= 60 and report.plain[cue.start] not in "{":
                inside = report.plain[cue.start : cue.end]
                if inside.startswith("[") and "|" in inside:
                    continue
                return self._quote(report, cue)
        return None

    def _negated(self, report: Report, m: Mention) -> str | None:
        text = report.plain
        found = [c for c in self.cues.of(report, m.sentence, "negation.before") if c.end <= m.start]
        for position, cue in reversed(list(enumerate(found))):
            between = text[cue.end : m.start]
            if _BLOCK_NEGATION.search(between) or words_between(text, cue.end, m.start) > 7 or (between.count(",") and not re.search(r"\b(?:or|nor|and)\b", between)):
                continue
            word = text[cue.start : cue.end]
            if _EXCEPT.search(word) and any(text[c.start : c.end].lower() in ("no", "not", "nothing", "without", "none of") for c in found[:position]):
                return None
            return self._quote(report, cue)
        for cue in self.cues.of(report, m.sentence, "negation.after"):
            if cue.start < m.end - 1:
                continue
            between = text[m.end : cue.start]
            if _BLOCK_AFTER.search(between) or words_between(text, m.end, cue.start) > 9 or re.search(r"\bworkstation|\bstation\b|supervis", between, re.I):
                continue
            if re.search(r"[,;:.]", between) and not re.search(r"^\W*(?:\([^)]*\))?\W*$|\b(?:and|or|nor)\b", between):
                if words_between(text, m.end, cue.start) > 3:
                    continue
            tail = text[cue.end : cue.end + 30]
            if re.match(r"\s*(?:on|at|at the|in|by|under)\s+(?:a |an |the )?(?:independent|separate|scanner|console|dedicated|stand)", tail, re.I):
                continue
            return self._quote(report, cue)
        return None

    def _failed(self, report: Report, m: Mention) -> str | None:
        text = report.plain
        for cue in self.cues.of(report, m.sentence, "failure.after"):
            if re.match(r"\s+to (?:show|demonstrate|reveal|identify|depict)", text[cue.end : cue.end + 20], re.I):
                continue
            if cue.start >= m.end and words_between(text, m.end, cue.start) <= 6 and not _BLOCK_AFTER.search(text[m.end : cue.start].replace(" but", "")) and ":" not in text[m.end : cue.start]:
                return self._quote(report, cue)
        for cue in self.cues.of(report, m.sentence, "failure.before"):
            if cue.end <= m.start and words_between(text, cue.end, m.start) <= 5 and not _BLOCK_NEGATION.search(text[cue.end : m.start]):
                if not re.search(r"\bsuccess", text[m.end : m.end + 60], re.I):
                    return self._quote(report, cue)
        return None

    def _time(self, report: Report, m: Mention, before: str, after: str) -> str | None:
        text = report.plain
        for cue in self.cues.of(report, m.sentence, before):
            if cue.end > m.start:
                continue
            between = text[cue.end : m.start]
            reach = 8 if before.startswith("outside") else 4
            blocked = re.search(r"[;]|\b(?:but|now|today|our|so|fresh|was|were)\b", between, re.I) if before.startswith("outside") else _BLOCK_TIME.search(between)
            if words_between(text, cue.end, m.start) <= reach and not blocked:
                if before.startswith("history") and re.match(r"(?:19|20)\d\d$", text[cue.start : cue.end]) and words_between(text, cue.end, m.start) > 1:
                    continue
                return self._quote(report, cue)
        for cue in self.cues.of(report, m.sentence, after):
            if cue.start >= m.end - 1 and words_between(text, m.end, cue.start) <= (8 if after.startswith("outside") else 5):
                between = text[m.end : cue.start]
                if re.search(r"[;:]|\b(?:show\w*|demonstrat\w*|but|was|were|now|and)\b", between) and not re.search(r"\bwas$|\bwere$", between.strip()):
                    continue
                if after.startswith("history") and re.search(r"^\s*(?:,|\()", between) and _DATE.search(text[cue.start : cue.end]):
                    continue
                return self._quote(report, cue)
        return None

    @staticmethod
    def _done_here(text: str, a: int, b: int, c: int, d: int) -> bool:
        return bool(re.search(r"\b(?:our|here|at this|this (?:department|hospital)|re-?process\w*|loaded|by us|(?:i|we) (?:\w+ )?(?:made|rendered|built|created|generated|produced))\b", text[a:d], re.I)) and bool(_DONE_HERE.search(text[a:d]) or re.search(r"render", text[b:d], re.I))

    def _planned(self, report: Report, m: Mention) -> str | None:
        text = report.plain
        sentence = report.sentences[m.sentence]
        if _DONE_HERE.search(text[m.end : min(sentence.end, m.end + 60)]) and not re.search(r"\b(?:to be|will be|be|not)\b", text[m.end : m.end + 20], re.I):
            return None
        for cue in self.cues.of(report, m.sentence, "planned.after"):
            between = text[m.end : cue.start]
            if cue.start >= m.end and words_between(text, m.end, cue.start) <= 8 and not re.search(r"[;]|\b(?:show\w*|demonstrat\w*|but|which|that|was|were)\b", between) and (":" not in between or between.strip() == ":"):
                if re.search(r"\b(?:under|with|by)\b", between) and words_between(text, m.end, cue.start) > 5:
                    continue
                return self._quote(report, cue)
        for cue in self.cues.of(report, m.sentence, "planned.before"):
            if cue.end <= m.start and words_between(text, cue.end, m.start) <= 14 and not _BLOCK_PLAN.search(text[cue.end : m.start]):
                between = text[cue.end : m.start]
                if "," in between and words_between(text, cue.end, m.start) > 7 and not re.search(r"\b(?:with|including|and|if)\b", between):
                    continue
                return self._quote(report, cue)
        return None

    def _conditional(self, report: Report, m: Mention) -> str | None:
        text = report.plain
        for cue in self.cues.of(report, m.sentence, "conditional.before", "conditional.after"):
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
            between = report.plain[here.end : following.start]
            if re.fullmatch(r"[\s,/()]*(?:(?:and/or|and|or|nor|&|,)\s*)?(?:\w+\s*){0,2}", between, re.I) and '"' in following.why:
                cue = following.why.rsplit('"', 2)[1]
                if report.plain.find(cue.split()[0], following.end) >= 0 or re.search(r"\bor\b|\bnor\b|/", between):
                    here.assertion, here.why = following.assertion, following.why


def default_assertion() -> Assert:
    """The step over the vocabulary of the package."""
    return Assert(default_cues())
