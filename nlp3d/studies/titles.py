"""Where examinations are named, and what is named there."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from operator import attrgetter

from ..matching import Encoded, Match, Matcher
from ..report import Mention, Report, Study
from ..vocabulary.model import Vocabulary

_ENUMERATOR = re.compile(r"(?:^|[\s(])(?:[a-d1-4]|i{1,3})\)\s")
_ITEM_BORDER = re.compile(r"[;\n+&]|\s/\s|\band\b|\bwith\b|,|\(?\b(?:\d|[A-D])[.)]|\bplus\b|\bas well as\b", re.I)
_TITLE_NOT_THIS = re.compile(r"\b(?:prior|previous|compar\w+|recommend\w*|consider)\b[^.;\n]{0,40}$", re.I)
_PAIR = re.compile(r"\b(?:with|w|wo|w/o|without)\s*(?:and|&|/|\+|then)\s*(?:with|w|wo|w/o|without|post)\b", re.I)
_STRONG_BORDER = re.compile(r"[;\n+&]|\s/\s|\band\b|\bplus\b|\bas well as\b|\bfollowed by\b|\(?\b(?:\d|[A-D])[.)]|\.\s|,\s(?=CT|MR|US|PET)", re.I)
NOT_THIS = re.compile(r"\b(?:prior|previous|compar\w+|recommend\w*|suggest\w*|consider|outside|follow[- ]up (?:with|by)|will|planned|correlat\w+|from (?:last|19|20)|earlier|(?<!year[- ])(?<!y/o )(?<!yo )old|recent|versus|vs|on (?:an?|the) (?:prior|previous|outside)|further|dedicated|advis\w+|s/p|order\w*)\b[^.;\n]{0,40}$", re.I)
NOT_THIS_AFTER = re.compile(r"^[^.;\n]{0,25}\b(?:recommended|suggested|advised|would|may be|could be|is advised|of \d{1,2}/|from (?:19|20)\d\d|ago|yesterday|from (?:the |an )?(?:outside|osh|other)|not available|last (?:week|month|year)|same (?:date|day) dictated|reported separately|dictated separately|as (?:the )?next step)", re.I)
LETTER = re.compile(r"^[\s*=#(\[-]*(?:(?:exam(?:ination)?|study|part|acc(?:ession)?)\s+)?(II|III|I|[A-D1-4])(?:[.):]|/(?=\s)|(?<=[mtync] .)(?:\s|$))", re.I)
_LABEL_BEFORE = re.compile(r"(?:^|\n|;|\s)(?:(?:exam(?:ination)?|study|part|acc(?:ession)?)\s+)?\(?(II|III|I|[A-D1-4])[.):]\s*$", re.I)
_HOMONYMS = ("Mr", "us", "pet", "Pet", "ion")
_MACHINE = re.compile(r"(?:[ /-]+\w+)?[ /-]+(?:scanner|console|machine|work-?\s?station|suite|tech|techs|technologist\w*|technician\w*|radiographer\w*|room|system|gantry|software|sonographer|unit)\b", re.I)
_NUMBERED = re.compile(r"\W*(?:(?:part|study|exam|examination|acc|accession)\s+(?:one|two|three|first|second|third|\d|[A-D])\b|(?:first|second|third) (?:study|exam\w*)|[IVX]{1,3}[.)])", re.I)
_BLANK_BEFORE = re.compile(r"\n[ \t]*\r?\n\s*$")
_HEADING = re.compile(r"[\s*=#\-•\d.)(]*(?:(?<=\d)/\s+)?(?P<name>[^:\n=]{4,60}?)\s*(?P<sign>:|={2,}|$|\n)")
_ONLY_SPINE = re.compile(r"\bthoracic\b(?=[^.;\n]{0,30}\b(?:spines?|lumb\w+)\b)", re.I)
_COUNTED = re.compile(r"[\s*#-]*(?:(?:part|exam(?:ination)?|study|service|section)\s+)?\(?(?P<sign>[1-9]|[A-D]|I{1,3}|IV|one|two|three)\s*(?:[.):/]|\s[-–])\s*(?P<name>[^.\n;:]{3,80})", re.I)
PARTS = ("technique", "findings", "impression", "history", "comparison")


_start = attrgetter("start")


class Titles:
    """Finds the named examinations in titles, title sections, headings further down or the first sentences."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.base = Matcher(vocabulary.base)
        self.rank = {concept.name: position for position, concept in enumerate(vocabulary.base)}
        self.body = frozenset(c.name for c in vocabulary.base if c.reach == "body")
        self.regions = Matcher(vocabulary.regions)

    def _title_items(self, report: Report) -> list[tuple[int, int]]:
        text = report.plain
        spans = [(s.body, s.end) for s in report.sections if s.name == "title" and text[s.body : s.end].strip()]
        items = [item for start, end in spans for item in self._items(report, start, end)]
        if items:
            return items
        preamble = report.sections[0]
        stop = preamble.end
        found: list[tuple[int, int]] = []
        last_block = -1
        for sentence in report.sentences:
            if sentence.start >= stop:
                break
            if found and sentence.block > last_block + 1:
                break
            length = sentence.end - sentence.start
            title_like = (sentence.first or self._goes_on(report, sentence.start, sentence.end, last_block)) and (length <= 110 or not found)
            also = found and sentence.block == last_block and re.match(r"(?:also|plus|and|second|in addition)\b", text[sentence.start : sentence.end], re.I)
            if found and not also and not (title_like and (sentence.block != last_block or not sentence.first) and length <= 110):
                continue
            if found and not self._begins_like_title(report.encoded, sentence.start, sentence.end, found[0][0]):
                continue
            here = self._items(report, sentence.start, sentence.end if length <= 400 else sentence.start + 400, prose=not title_like or length > 110)
            if here:
                found += here
                last_block = sentence.block
            elif not found and sentence.block > 8:
                break
        return found

    def _goes_on(self, report: Report, start: int, end: int, block: int) -> bool:
        """"CT ankle right. CT foot right.": the next of several short names on the title's line."""
        if end - start > 60 or report.sentences[report.sentence_at(start)].block != block:
            return False
        named = self._named(report.encoded, start, end)
        return bool(named) and re.fullmatch(r"\W*(?:\w[.)]\s*)?", report.plain[start : named[0].start]) is not None and bool(self.regions_in(report.encoded, start, end)) and not re.search(r"\b(?:was|were|is|are|show\w*)\b", report.plain[start:end])

    def _items(self, report: Report, start: int, end: int, prose: bool = False) -> list[tuple[int, int]]:
        """Stretches of a title that name one examination each: they begin at a border before a modality."""
        text = report.plain
        refused = NOT_THIS if prose else _TITLE_NOT_THIS
        heads = [m for m in self._named(report.encoded, start, end) if not refused.search(text[max(start, m.start - 50) : m.start]) and not NOT_THIS_AFTER.search(text[m.end : m.end + 50])]
        if not heads:
            return []
        if prose and len(_ENUMERATOR.findall(text, start, end)) < 2:
            heads = heads[:1] if not any(re.search(r"\band\b", text[a.end : b.start], re.I) and len(text[a.end : b.start]) < 60 for a, b in itertools.pairwise(heads)) else heads[:3]
        items: list[list[int]] = []
        opened = ""
        for head in heads:
            if items:
                between = _PAIR.sub(lambda m: "_" * len(m[0]), text[items[-1][2] : head.start])
                borders = [m.start() for m in _STRONG_BORDER.finditer(between + text[head.start : head.start + 3]) if m.start() < len(between)]
                if not borders or (head.concept == opened and "protocol" in text[head.start : head.end].lower()) or (head.concept in ("mrcp", "fluoroscopy", "radiograph") and re.search(r"\bwith\b", between, re.I)) or len(between.strip()) < 1 or re.fullmatch(r"\s*(?:and|&|/|,)\s*", between):
                    if re.fullmatch(r"\s*(?:and|&|/|,|\+)\s*", between) and self._other_kind(report.encoded, items[-1], head):
                        items.append([head.start, end, head.end])
                        continue
                    items[-1][2] = head.end
                    continue
                border = borders[-1] if not prose else [m.start() for m in _ITEM_BORDER.finditer(between)][-1]
                opened = head.concept
                items[-1][1] = items[-1][2] + border
                items.append([items[-1][1], end, head.end])
            else:
                first = [m.start() for m in _ENUMERATOR.finditer(text, start, head.start)] if prose else []
                opened = head.concept
                items.append([first[-1] if first else start, end, head.end])
        out = []
        for position, item in enumerate(items):
            stop = items[position + 1][0] if position + 1 < len(items) else item[1]
            cut = re.search(r"\n|\.\s", text[item[2] : stop])
            stop = item[2] + cut.start() if cut else stop
            out.append((item[0] + len(text[item[0] : stop]) - len(text[item[0] : stop].lstrip(" \t\r\n;+&/,.-")), stop))
        return out

    def _begins_like_title(self, encoded: Encoded, start: int, end: int, first: int) -> bool:
        """A further line names a further examination only if it opens with it, in the manner of the first."""
        text = encoded.text
        if re.match(r"(?:also|plus|and|second|in addition)\b", text[start:end], re.I):
            return True
        named = self._named(encoded, start, end)
        if not named or named[0].start - start > 14 or re.match(r"[^\n]{0,20}:\s", text[start:end]):
            return False
        return text[first : first + 12].split("\n")[0].isupper() == text[start : min(end, start + 12)].split("\n")[0].isupper()

    def _headed(self, report: Report) -> list[tuple[int, int]]:
        """Headings further down that name an examination of their own: on a line of their own, or before a colon."""
        text, found = report.plain, []
        repeated = {name for name, times in Counter(s.name for s in report.sections if s.heading).items() if times > 1 and name in PARTS}
        for sentence in report.sentences:
            if not sentence.first:
                continue
            section = report.section_at(sentence.start)
            opening = text[sentence.start : min(sentence.end, sentence.start + 80)]
            numbered = _NUMBERED.match(opening)
            alone = sentence.start == 0 or _BLANK_BEFORE.search(text, max(0, sentence.start - 6), sentence.start) is not None
            own_line = alone and opening[:8].isupper() and len(opening.split("\n")[0]) < 70
            if repeated and self._opens_block(report, sentence.start, sentence.end):
                found.append((sentence.start, sentence.start + len(text[sentence.start : sentence.end].split("\n")[0].rstrip())))
                continue
            if not numbered and not own_line and (section.reading in ("historical", "planned") or section.name in ("history", "impression", "header", "signature")):
                continue
            part = numbered and re.match(r"\W*(?:part|study|exam|examination)?\s*(?:one|two|three|first|second|third|\d|[A-D]|[IVX]{1,3})[:,.)]\s*(?P<name>[^.\n;:]{4,70})", opening, re.I)
            if part and (named := self._named(report.encoded, sentence.start + part.start("name"), sentence.start + part.end("name"))) and named[0].start - sentence.start - part.start("name") <= 24:
                found.append((sentence.start + part.start("name"), sentence.start + part.end("name")))
                continue
            heading = _HEADING.match(opening)
            if heading is None or (heading["sign"] == "" and not (heading["name"].isupper() or opening.startswith("=") or (alone and len(heading["name"]) < 45 and not heading["name"].endswith(".")))):
                continue
            start = sentence.start + heading.start("name")
            named = self._named(report.encoded, start, start + len(heading["name"]))
            if (named and named[0].start - start <= (24 if len(heading["name"]) <= 34 else 12) and self.regions_in(report.encoded, start, start + len(heading["name"]))) or (named and (named[0].concept == "mrcp" or (((own_line and re.match(r"\W*[1-9A-D]\s*[/.):]", opening)) or (heading["sign"] == ":" and heading["name"].isupper() and found)) and named[0].start - start <= 4 and named[0].concept not in ("ct", "mr", "us", "radiograph")))):
                found.append((start, start + len(heading["name"])))
        return found

    def _enumerated(self, report: Report) -> list[tuple[int, int, str]]:
        """Parts of the body that are counted and open with the examination they report ("PART A. ...", "(1) CT ANKLE", "2/ ..."), with
        the sign of each; none where fewer than two are, or where nothing stands below one."""
        text, found = report.plain, list[tuple[int, int, str]]()
        for sentence in report.sentences:
            counted = _COUNTED.match(text, sentence.start, min(sentence.end, sentence.start + 90)) if sentence.first else None
            if counted is None or report.section_at(sentence.start).name in ("impression", "history", "comparison", "signature"):
                continue
            start, end = counted.span("name")
            named = self._named(report.encoded, start, end)
            if named and named[0].start - start <= 24 and not NOT_THIS_AFTER.search(text, named[0].end, end):
                found.append((start, end, counted["sign"].upper()))
        signs = [sign for _, _, sign in found]
        below = [text[end : following[0]] for (_, end, _), following in itertools.pairwise(found)]
        if len(found) < 2 or len(set(signs)) < len(signs) or signs[0] not in ("1", "A", "I", "ONE") or any(len(b.strip()) < 40 for b in below):
            return []
        return found

    def _opens_block(self, report: Report, start: int, end: int) -> bool:
        """A short line that begins with an examination, with a headed part right below it that another examination has too."""
        text = report.plain
        line = text[start:end].split("\n")[0]
        here = bisect_left(report.sections, start, key=_start)
        after = bisect_right(report.sections, start, lo=here, key=_start)
        if (report.section_at(start).name == "impression" and re.match(r"\W*\d+[.)]", line)) or any(s.heading and s.name != "title" for s in report.sections[here:after]):
            return False
        below = next((s for s in itertools.islice(report.sections, after, None) if s.heading), None)
        if below is None or below.name not in PARTS or len(line) > 90 or not 0 <= len(text[start : below.start].strip()) - len(line.strip()) <= 2:
            return False
        if sum(s.name == below.name for s in report.sections if s.heading) < 2:
            return False
        named = self._named(report.encoded, start, start + len(line))
        return bool(named) and named[0].start - start <= 24 and bool(self.regions_in(report.encoded, start, start + len(line)))

    def _other_kind(self, encoded: Encoded, item: list[int], head: Match) -> bool:
        before = self._named(encoded, item[0], item[2])
        kinds = {before[-1].concept.split(".")[0], head.concept.split(".")[0]} if before else set()
        if kinds in ({"mr", "us"}, {"ct", "mr"}, {"ct", "us"}):
            return re.search(r"\band\b|&", encoded.text[item[2] : head.start], re.I) is not None
        return bool(before) and {before[-1].concept, head.concept} in ({"ct", "cta"}, {"mr", "mra"}, {"cta", "perfusion.ct"}, {"mra", "mrv"}, {"ct", "perfusion.ct"})

    def _named(self, encoded: Encoded, start: int, end: int) -> list[Match]:
        """Base phrases in a stretch; where they overlap, the longest, then the one that stands first in base.yaml."""
        text = encoded.text
        found = [m for m in self.base.find(encoded, start, end) if text[m.start : m.end] not in _HOMONYMS and not _MACHINE.match(text, m.end)]
        if len(found) < 2:
            return found
        found.sort(key=lambda m: (self.rank[m.concept], m.start))
        kept: list[Match] = []
        for match in found:
            if not any(match.start < k.end and k.start < match.end for k in kept):
                kept.append(match)
        return sorted(kept, key=lambda m: m.start)

    def _study(self, report: Report, index: int, start: int, end: int) -> Study:
        text = report.plain
        named = self._named(report.encoded, start, end)
        best = min(named, key=lambda m: self.rank[m.concept])
        if best.concept in ("mr", "ct", "us", "radiograph", "fluoroscopy"):
            best = named[0]
        for match in named:
            report.add(Mention(f"base.{match.concept}", match.start, match.end, sentence=report.sentence_at(match.start), section="title", reading="performed", studies=(index,), counts=match is best))
        name = " ".join(text[start:end].split()).strip(" .,;:-")
        letter = LETTER.match(text[start:end]) or _LABEL_BEFORE.search(text[max(0, start - 14) : start])
        label = letter[1].upper() if letter else ""
        return Study(index, name[:80], start, end, best.concept, self.regions_in(report.encoded, start, end), named[0].concept, label)

    def _fallback(self, report: Report) -> Study:
        """No title: the first examination that the body speaks of as this one; a fragment that names none is unknown."""
        text = report.plain
        ordered = [s for s in report.sentences if report.section_at(s.start).name == "order"]
        for sentence in [*(s for s in report.sentences if s not in ordered), *ordered] if ordered else report.sentences:
            section = report.section_at(sentence.start)
            if section.reading in ("historical", "planned") or section.name in ("history", "header", "signature"):
                continue
            for match in self._named(report.encoded, sentence.start, sentence.end):
                if match.concept in ("radiograph", "mr", "us", "fluoroscopy", "mammography") and re.fullmatch(r"us|mr|films?", text[match.start : match.end]):
                    continue
                if NOT_THIS.search(text[max(0, match.start - 60) : match.start]) or NOT_THIS_AFTER.search(text[match.end : match.end + 60]):
                    continue
                if re.search(r"\bsee\s+$", text[max(0, match.start - 6) : match.start], re.I):
                    continue
                return self._study(report, 0, match.start, match.end)
        return Study(0, "", 0, len(text))

    def regions_in(self, encoded: Encoded, start: int, end: int) -> tuple[str, ...]:
        """Body regions named in a stretch, in order."""
        found: list[str] = []
        for match in self.regions.find(encoded, start, end):
            if match.concept not in found:
                found.append(match.concept)
        if "chest" in found and "spine.thoracic" not in found and any(r.startswith("spine") for r in found) and _ONLY_SPINE.search(encoded.text, start, end):
            found[found.index("chest")] = "spine.thoracic"  # "thoracic and lumbar spine"
        if any(r.startswith("spine.") for r in found):
            found = [r for r in found if r != "spine" and not (r == "chest" and "spine.thoracic" in found and not re.search(r"\bchest|\bribs?\b|\blung", encoded.text[start:end], re.I))]
        return tuple(found)
