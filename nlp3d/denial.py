"""Step 5, assertion: what is denied, failed or left as a choice nobody made."""

from __future__ import annotations

import re
from bisect import bisect_left

from .cues import FAR, Cues, words_between
from .matching import Match
from .report import Mention, Report

_BLOCK_NEGATION = re.compile(
    r"[;:]|\.\s|\b(?:on|in|at|from|via|through|during|because|since|due|show\w*|demonstrat\w*|is|are|was|were|be|seen|however|but|only|just|so|then|also|with|by|when|while|where|which|that|and (?:the|a|an|so)|using|under|if)\b|, (?:the|a|an|and|so|this|these|3)\b",
)
_BLOCK_AFTER = re.compile(r"[;]|\b(?:show\w*|demonstrat\w*|reveal\w*|confirm\w*|depict\w*|but|however|although|which|that|because|though|while|whereas|so|as)\b|, (?:and|the|no|with)\b")
_EXCEPT = re.compile(r"except|other than|aside from|bar$|barring|beyond|besides|apart from|save for")
_PART_IN = re.compile(r"\b(?:supervis\w*|oversight|overseeing|oversaw|involve\w*|part|participat\w*|role|input|direction|directing|guidance|presence|present|hand|used|needed|required|necessary|use)\b[^.;:]{0,6}\b(?:of|in|during|for|with|over|to)?\s*(?:the\s+|this\s+|these\s+|any\s+)?(?:making of the\s+|creation of the\s+)?(?:\w+\s+)?$")
_NONE_OF = re.compile(r"(?:not one|none|nothing|neither|not any)")
_LEADER = re.compile(r"(?:\s+\w+){0,2}\s*[.:=_ -]+\s*")
_PUT_BETWEEN = re.compile(r"^\s*,[^,;.]{3,60},")
_MANY = 40


class Denial:
    """Finds the cue that denies a mention, with its scope."""

    def __init__(self, cues: Cues) -> None:
        self.cues = cues

    def _near(self, report: Report, m: Mention, *names: str) -> list[Match]:
        """The cues of a mention's sentence within its farthest reach, so that a sentence of a thousand mentions takes no million looks."""
        found = self.cues.of(report, m.sentence, *names)
        if len(found) < _MANY:
            return found
        first = bisect_left(found, m.start - FAR, key=lambda c: c.start)
        return found[first : bisect_left(found, m.end + FAR, lo=first, key=lambda c: c.start)]

    def _quote(self, report: Report, cue: Match) -> str:
        return " ".join(report.text[cue.start : cue.end].split())

    def _template(self, report: Report, m: Mention) -> str | None:
        for cue in self.cues.of(report, m.sentence, "template"):
            if cue.start <= m.start and m.end <= cue.end:
                return self._quote(report, cue)
            if max(cue.start - m.end, m.start - cue.end) <= 60 and (report.low[cue.start] not in "{" or _LEADER.fullmatch(report.low, m.end, cue.start)):
                inside = report.low[cue.start : cue.end]
                if inside.startswith("[") and "|" in inside:
                    continue
                return self._quote(report, cue)
        return None

    def _negated(self, report: Report, m: Mention) -> str | None:
        text = report.low
        sentence_start = report.sentences[m.sentence].start
        found = [c for c in self._near(report, m, "negation.before") if c.end <= m.start]
        for position, cue in reversed(list(enumerate(found))):
            between = text[cue.end : m.start]
            if _BLOCK_NEGATION.search(between) and not (_NONE_OF.match(text, cue.start) and re.search(r"render|segment", text[m.start : m.end]) and not re.search(r"[;:.]", between)):
                continue
            if words_between(text, cue.end, m.start) > 7 or (between.count(",") and not re.search(r"\b(?:or|nor|and)\b", between)):
                continue
            if _PART_IN.search(text[max(sentence_start, m.start - 50) : m.start]):
                continue
            word = text[cue.start : cue.end]
            if _EXCEPT.search(word) and any(text[c.start : c.end].lower() in ("no", "not", "nothing", "without", "none of") for c in found[:position]):
                return None
            return self._quote(report, cue)
        for cue in self._near(report, m, "negation.after"):
            if cue.start < m.end - 1:
                continue
            between = text[m.end : cue.start]
            if _PART_IN.search(text[max(sentence_start, m.start - 50) : m.start]):
                continue
            between = _PUT_BETWEEN.sub(" ", between, count=1)
            if _BLOCK_AFTER.search(between) or len(between.split()) > 9 or re.search(r"\bworkstation|\bstation\b|supervis", between):
                continue
            if re.search(r"[,;:.]", between) and not re.search(r"^\W*(?:\([^)]*\))?\W*$|\b(?:and|or|nor)\b|,\s*(?:but\s+)?(?:it|this|they|these|none|that)\s*$", between):
                if words_between(text, m.end, cue.start) > 3:
                    continue
            tail = text[cue.end : cue.end + 30]
            if re.match(r"\s*(?:\w+\s+){0,3}(?:on|at|in|by|under|to|via|with|require|using|off|from)\s+(?:a |an |the |any )?(?:\w+ )?(?:independent|separate|scanner|console|dedicated|stand|post-?processing|3-?d|work-?station)", tail):
                continue
            if re.match(r"\s*(?:supervis|overs|direct|guid)", tail):
                continue
            return self._quote(report, cue)
        return None

    def _failed(self, report: Report, m: Mention) -> str | None:
        text = report.low
        for cue in self._near(report, m, "failure.after"):
            if re.match(r"\s+to (?:show|demonstrate|reveal|identify|depict)", text[cue.end : cue.end + 20]):
                continue
            if cue.start >= m.end and words_between(text, m.end, cue.start) <= 6 and not _BLOCK_AFTER.search(text[m.end : cue.start].replace(" but", "")) and ":" not in text[m.end : cue.start]:
                return self._quote(report, cue)
        for cue in self._near(report, m, "failure.before"):
            if cue.end <= m.start and words_between(text, cue.end, m.start) <= 5 and not _BLOCK_NEGATION.search(text[cue.end : m.start]):
                if not re.search(r"\bsuccess", text[m.end : m.end + 60]):
                    return self._quote(report, cue)
        return None
