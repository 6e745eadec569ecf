"""Which examination a place speaks of: its stretch below a title of its own, else the words round it."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from operator import itemgetter

from ..matching import Encoded
from ..report import Report, Study
from .titles import LETTER, PARTS, Titles

LABEL = re.compile(r"[\s*=\-#•\d.)(]*(?P<label>(?:[A-D]\.|\(?[A-D]\)|exam(?:ination)? [A-D1-4]|study [A-D1-4])?\s*[^:\n.]{0,60}?)\s*(?:[:.\n=]|\s[-–—]\s|$)", re.I)
_ORDINAL = re.compile(r"\W*(?:part |exam(?:ination)? |study |number )?(first|second|third|one|two|three)\b[\s,:.-]+(?:study|exam|examination|part|is|the|,|:|\w+)?", re.I)
_ORDINALS = {"first": 0, "one": 0, "second": 1, "two": 1, "third": 2, "three": 2}
_ALL = re.compile(r"\b(?:both|each|all (?:three|four|of these|regions|levels|segments|studies|exams|examinations|the)|either|every|all|for each)\b", re.I)
_WORD = re.compile(r"[A-Za-z]{4,}")
_STOP = frozenset(["part", "parts", "combined", "lateral", "anterior", "posterior", "medial", "oblique", "sunrise", "views", "view", "frontal", "axial", "coronal", "sagittal", "portal", "venous", "phase", "whole", "body", "base", "skull", "thigh", "mid", "tesla", "first", "second", "third", "study", "separate", "request", "also", "diagnostic", "reported", "below", "with", "without", "contrast", "intravenous", "noncontrast", "unenhanced", "exam", "examination", "study", "protocol", "both", "left", "right", "bilateral", "limited", "dated", "performed", "high", "resolution", "thin", "section", "date", "this", "that"])


class Places(Titles):
    """Says which study a place in the text speaks of."""

    def _stretches(self, report: Report) -> None:
        """Walk the blocks: a label that names one study opens its stretch; a general heading closes it."""
        if len(report.studies) < 2:
            return
        text = report.plain
        blocks = self._blocks(report)
        for study, block in zip(report.studies, blocks, strict=False):
            study.stretches.append(block)
        if blocks:
            return
        current: int | None = None
        own_line, since, below = False, 0, False
        listed = {s.start for a, b in itertools.pairwise(report.studies) if 0 <= b.start - a.end <= 8 and not text[a.end : b.start].strip(" \t\r\n.;,-*•+&)(0123456789abcdABCD/") for s in (a, b)}
        repeated: dict[str, int] = {}
        for section in report.sections:
            repeated[section.heading.lower()] = repeated.get(section.heading.lower(), 0) + 1
        for sentence in report.sentences:
            title_above, below = below, False
            if sentence.first:
                opening = text[sentence.start : min(sentence.end, sentence.start + 90)]
                labelled = LABEL.match(opening)
                label = labelled["label"] if labelled else ""
                named = self._speaks_of(report, Encoded(label), 0, len(label), strict=True) if label and len(label) < 60 else None
                letter = LETTER.match(opening)
                lettered = [s.index for s in report.studies if letter and s.label == letter[1].upper()] if any(s.label for s in report.studies) else []
                section = report.section_at(sentence.start)
                alone = labelled is not None and labelled.end() >= len(opening.rstrip()) and len(opening) < 80
                counted = _ORDINAL.match(opening)
                ordinal = _ORDINALS[counted[1].lower()] if counted and _ORDINALS[counted[1].lower()] < len(report.studies) else None
                own = [s.index for s in report.studies if sentence.start <= s.start < sentence.end]
                if len(own) == 1 and not any(sentence.start <= start < sentence.end for start in listed):
                    current, own_line, since, below = own[0], alone, sentence.start, alone
                elif any(sentence.start <= start < sentence.end for start in listed):
                    current = None  # one line of a list of titles opens nothing
                elif lettered and len(lettered) == 1:
                    current, own_line, since, below = lettered[0], alone, sentence.start, alone
                elif ordinal is not None:
                    current = ordinal
                elif named is not None and len(named) == 1:
                    current, own_line, since, below = named[0], alone, sentence.start, alone
                elif own_line and section.start == sentence.start and title_above:
                    pass
                elif own_line and section.start == sentence.start and section.name in ("findings", "technique", "history", "comparison") and not any(s.name == section.name and s.heading and s.start < since for s in report.sections):
                    pass  # a part of the study whose title stands above on a line of its own
                elif section.start == sentence.start and repeated.get(section.heading.lower(), 0) < 2 and section.name in ("findings", "impression", "technique", "history", "comparison", "title", "signature", "addendum") and len(section.heading.split()) <= 3 and not re.search(r"\b3-?d\b|acquisition|recon|reformat|platform|station", section.heading, re.I):
                    current = None
            if current is not None:
                report.studies[current].stretches.append((sentence.start, sentence.end))

    @staticmethod
    def _blocks(report: Report) -> list[tuple[int, int]]:
        """Where every study has a title of its own with its own headed parts below it: from title to title, up to a part that is common."""
        starts = [s.start for s in report.studies]
        parts = [s for s in report.sections if s.name in PARTS and s.heading]
        counted = Counter(s.name for s in parts)
        bounds = [*starts, len(report.plain)]
        if starts != sorted(set(starts)) or not any(n > 1 for n in counted.values()):
            return []
        if not all(any(a < part.start < b for part in parts) for a, b in itertools.pairwise(bounds)):
            return []
        common = [s.start for s in report.sections if s.start > starts[-1] and (s.name in ("signature", "addendum") or (s.name == "impression" and counted["impression"] == 1))]
        bounds[-1] = min(common, default=bounds[-1])
        return list(itertools.pairwise(bounds))

    def _speaks_of(self, report: Report, encoded: Encoded, start: int, end: int, strict: bool = False) -> tuple[int, ...] | None:
        """The studies whose own words (regions, title words, modality) stand in a stretch; None if it names none."""
        score: dict[int, float] = {}
        regions = set(self.regions_in(encoded, start, end))
        words = {w.lower() for w in _WORD.findall(encoded.text, start, end)} - _STOP
        named = {m.concept.split(".")[0] for m in self._named(encoded, start, end)} if not strict or len(encoded.text) < 200 else set()
        for study in report.studies:
            others = [s for s in report.studies if s is not study]
            own_regions = set(study.regions) - {r for o in others for r in o.regions}
            own_words = {w.lower() for w in _WORD.findall(study.name)} - _STOP - {w.lower() for o in others for w in _WORD.findall(o.name)}
            own_kind = _kinds(study) - {k for o in others for k in _kinds(o)}
            shared = sum(w in own_words or (len(w) > 6 and any(w in own or own in w for own in own_words)) for w in words)
            points = 2 * len(regions & own_regions) + 1.5 * shared + 3 * len(named & own_kind)
            if points:
                score[study.index] = points
        if not score:
            return None
        if not strict and max(score.values()) < 2:
            return None
        best = max(score.values())
        return tuple(sorted(i for i, points in score.items() if points >= best * 0.75))

    def of(self, report: Report, start: int, end: int) -> tuple[int, ...]:
        """The studies that a place speaks of: its stretch, else its sentence up to it, the whole sentence, the sentences before, else all."""
        if len(report.studies) == 1:
            return (0,)
        stretched = [s.index for s in report.studies if _holds(s.stretches, start)]
        if len(stretched) == 1:
            return (stretched[0],)
        position = report.sentence_at(start)
        sentence = report.sentences[position]
        clause = max([b.end for b in report.borders_in(position) if b.end <= start and b.kind in ("strong", "but", "while")], default=sentence.start)
        close = min([b.start for b in report.borders_in(position) if b.start >= end and b.kind in ("strong", "but", "while")], default=sentence.end)
        key = (position, clause, close)  # places of one clause speak of the same: a clause may hold thousands
        if key not in report.spoken_of:
            report.spoken_of[key] = self._of_clause(report, position, clause, close)
        return report.spoken_of[key]

    def _of_clause(self, report: Report, position: int, clause: int, close: int) -> tuple[int, ...]:
        everything = tuple(range(len(report.studies)))
        sentence, text = report.sentences[position], report.plain
        if (together := _ALL.search(text, sentence.start, sentence.end)) is not None:
            named = self._speaks_of(report, report.encoded, sentence.start, sentence.end) if together[0].lower() == "both" else None
            return named if named is not None and len(named) == 2 else everything
        for a, b in ((clause, close), (sentence.start, sentence.end)):
            named = self._speaks_of(report, report.encoded, a, b)
            if named is not None:
                return named
        for earlier in range(position - 1, max(-1, position - 4), -1):
            before = report.sentences[earlier]
            if before.block != sentence.block and position - earlier > 1:
                break
            if before.start < max(s.start for s in report.studies) and before.end <= min(s.end for s in report.studies) + 1:
                break
            named = self._speaks_of(report, report.encoded, before.start, before.end)
            if named is not None:
                return named
        return everything


def _holds(stretches: Sequence[tuple[int, int]], at: int) -> bool:
    """Whether one of some stretches in order holds a place."""
    before = bisect_right(stretches, at, key=itemgetter(0)) - 1
    return before >= 0 and at < stretches[before][1]


def _kinds(study: Study) -> set[str]:
    """The kinds of examination that a study is known by, without their regions."""
    return {study.procedure.split(".")[0], study.modality.split(".")[0]}
