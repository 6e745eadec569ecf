"""Which examinations a report without 3D holds, told by its first line alone where nothing below can have a say.

The steps `sections` and `studies` read a whole text to find where examinations are named. In most reports that is the first line, and few
different first lines open a whole archive. So the steps are asked about a first line once, and what they say is kept. It is used only
if the rest of the text can neither add an examination nor change one:

- the first line stands alone: below it is a blank line or a heading;
- below it no line begins with the heading of a title, a number of an examination, or digits that touch a word, and none has such a heading with a colon;
- no examination is named below it, but after a heading ("COMPARISON: CT of May"), which opens no study;
- the first line itself has no other heading than a title's, and its examination is one that is not settled by words further down.

A date at the end of a first line tells the steps no more than that it is a date, if no phrase reaches into it: it is kept apart. Any doubt
is left to the steps: then there is no outline.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ..admission import names_medicine
from ..facts import Group, StudyFacts
from ..gathering import default_gather
from ..matching import unanchored
from ..report import Report
from ..sections import default_sections
from ..studies import default_studies
from ..vocabulary.model import load_vocabulary
from .first_look import compiled

_MOST = 5_000  # first lines remembered; where there are more, they hardly repeat, and asking about further ones would not pay
_LONGEST = 200  # characters of a first line
_HEAD = re.compile(r"\s*[^\r\n]*[A-Z][^\r\n]*(?P<end>\r?\n)(?=(?P<next>[^\r\n]*))")
_DATE = re.compile(r"(?<= )\d{1,2}/\d{1,2}/\d{4}(?=\r?\n\Z)")
_DIGIT = re.compile(r"\d")
_WHOLE_NAME = 80  # characters: a longer name of a study is cut, perhaps in a date
_LABEL = re.compile(r"[A-Z][A-Za-z]*(?: [A-Za-z]+){0,3}")
_LONGEST_LABEL = 40
# What the steps are shown below a first line: a headed part, once and twice, since a part that comes twice makes a title of its own.
_BELOW = ("FINDINGS:{0}Seen.{0}", "FINDINGS:{0}Seen.{0}{0}FINDINGS:{0}Seen.{0}")
_SETTLED_BELOW = ("ambiguous", "unknown", "angiography.catheter")
_PARTS = re.compile(r"technique|three|3-?d", re.I)  # two of them may make several studies of regions joined in a title
_MISPRINT = "73677"


@dataclass(slots=True, eq=False)
class Outline:
    """The studies that first lines of one wording tell, and what has been made of them so far, for whoever answers. `date` is what names
    have in place of the date that stood in the line; `regional`: the title joins several regions."""

    studies: tuple[StudyFacts, ...]
    date: str
    regional: bool
    made: dict[Any, Any] = field(default_factory=dict)


class Outlines:
    """Gives outlines and remembers first lines. Built once."""

    def __init__(self) -> None:
        vocabulary = load_vocabulary()
        titles = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name, section in vocabulary.headings.items() if section == "title")
        self._headings = vocabulary.headings
        self._below = compiled(
            rf"(?i)(?:\b|_)(?:{titles})[\s*=_#>~.\[\])-]*(?:[,(/-][^:\n]*)?:"
            rf"|(?m:^)[^a-z\n]*(?:[a-z][.):]\W*)?(?:{titles})(?:\b|_)"
            r"|(?m:^)\W*(?:(?:part|study|exam|examination|acc|accession|first|second|third)\b|[ivx]{1,3}[.)])"
            r"|(?m:^)[\s*=#\-.)(\d]*\d[a-z]"
        )
        named, regions = ("|".join(unanchored(one) for concept in concepts for one in concept.phrases) for concepts in (vocabulary.base, vocabulary.regions))
        self._named = compiled(f"(?i){named}")
        self._into_date = compiled(rf"(?i)(?:{named}|{regions})[\d/]{{0,9}}\s*$")
        self._plain: dict[str, bool] = {}
        self._known: dict[tuple[str, str | None, Group | None], Outline | None] = {}

    def __call__(self, text: str, copy: str, title: str | None, base: Group | None) -> tuple[Outline, str] | None:
        """The outline of a text without any technique or acquisition, and the date in its first line ("" for none); None where the
        steps must say. `copy` is the text's reading copy, of the same length."""
        found = _HEAD.match(copy)
        if found is None or (found["next"].strip() and not self._headed(found["next"])):
            return None
        head, day = text[: found.end("end")], ""
        if len(head) <= _WHOLE_NAME and (dated := _DATE.search(head)) is not None and self._into_date.search(head.encode()) is None:
            day, head = dated[0], head[: dated.start()] + _DIGIT.sub("0", dated[0]) + head[dated.end() :]
        outline = self._of(head, title, base) if len(head) <= _LONGEST else None
        if outline is None or _MISPRINT in copy or copy.count("\r") != copy.count("\r\n"):
            return None
        rest = copy[found.end("end") :]
        if self._below.search(rest.encode()) is not None or self._named.search(self._open(rest)) is not None:
            return None
        if outline.regional and len(_PARTS.findall(rest)) > 1:
            return None
        return outline, day

    def _of(self, head: str, title: str | None, base: Group | None) -> Outline | None:
        key = (head, title, base)
        if key not in self._known:
            if len(self._known) >= _MOST:
                return None
            self._known[key] = self._asked(*key)
        return self._known[key]

    def _asked(self, head: str, title: str | None, base: Group | None) -> Outline | None:
        """What the steps say of a first line whatever stands below; None where that matters."""
        dated = _DATE.search(head) if len(head) <= _WHOLE_NAME else None
        if dated is not None and (self._into_date.search(head.encode()) is not None or head.count(dated[0]) > 1):
            return None
        line_end = "\r\n" if head.endswith("\r\n") else "\n"
        said = {self._steps(head, head + line_end + below.format(line_end), title, base) for below in _BELOW}
        studies = said.pop()
        return None if said or studies is None else Outline(studies, dated[0] if dated else "", len(studies[0].regions) > 1)

    @staticmethod
    def _steps(head: str, text: str, title: str | None, base: Group | None) -> tuple[StudyFacts, ...] | None:
        report = default_studies()(default_sections()(Report(text, title=title or "", base=base)))
        above = [section.name for section in report.sections if section.start < len(head.rstrip())]
        if {*above} - {"", "title"} or not names_medicine(head.lower()) or not any(m.counts and m.end <= len(head) for m in report.of("base")):
            return None
        studies = default_gather()(report).studies
        settled = all(s.procedure not in _SETTLED_BELOW and "spine" not in s.regions and sum(r.startswith("spine.") for r in s.regions) < 2 for s in studies)
        return studies if settled else None

    def _open(self, rest: str) -> bytes:
        """The lines below the first one, without what stands beside a heading."""
        known, lines = self._plain, []
        for line in rest.split("\n"):
            if ":" in line:
                label = line[: line.index(":")]
                if known.get(label) is not False and self._headed(line):
                    line = label
            lines.append(line)
        return "\n".join(lines).encode()

    def _headed(self, line: str) -> bool:
        """Whether a line begins with a heading that is no title's, and a colon."""
        label, colon, beside = line.partition(":")
        if not colon or (beside and not beside[0].isspace()):
            return False
        known = self._plain.get(label)
        if known is None:
            known = len(label) <= _LONGEST_LABEL and self._headings.get(label.lower(), "title") != "title" and _LABEL.fullmatch(label) is not None
            if len(label) <= _LONGEST_LABEL and len(self._plain) < _MOST:
                self._plain[label] = known
        return known
