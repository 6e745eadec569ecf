"""Step 4, studies: the examinations in one report, the procedure of each, and which stretch of the text speaks of which. Only splits."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from functools import lru_cache

from .matching import Encoded, Match, Matcher
from .report import Mention, Report, Study
from .vocabulary.model import Vocabulary, load_vocabulary

_ITEM_BORDER = re.compile(r"[;\n+&]|\s/\s|\band\b|\bwith\b|,|\(?\b(?:\d|[A-D])[.)]|\bplus\b|\bas well as\b", re.I)
_TITLE_NOT_THIS = re.compile(r"\b(?:prior|previous|compar\w+|recommend\w*|consider)\b[^.;\n]{0,40}$", re.I)
_PAIR = re.compile(r"\b(?:with|w|wo|w/o|without)\s*(?:and|&|/|\+|then)\s*(?:with|w|wo|w/o|without|post)\b", re.I)
_STRONG_BORDER = re.compile(r"[;\n+&]|\s/\s|\band\b|\bplus\b|\bas well as\b|\(?\b(?:\d|[A-D])[.)]|\.\s|,\s(?=CT|MR|US|PET)", re.I)
_NOT_THIS = re.compile(r"\b(?:prior|previous|compar\w+|recommend\w*|suggest\w*|consider|outside|follow[- ]up (?:with|by)|will|planned|correlat\w+|from (?:last|19|20)|earlier|old|recent|versus|vs|on (?:an?|the) (?:prior|previous|outside)|further|dedicated|advis\w+|s/p|order\w*)\b[^.;\n]{0,40}$", re.I)
_NOT_THIS_AFTER = re.compile(r"^[^.;\n]{0,25}\b(?:recommended|suggested|advised|would|may be|could be|is advised|of \d{1,2}/|from (?:19|20)\d\d|ago|yesterday|from (?:the |an )?(?:outside|osh|other)|not available|last (?:week|month|year)|same (?:date|day) dictated|reported separately|dictated separately|as (?:the )?next step)", re.I)
_LABEL = re.compile(r"[\s*=\-#•\d.)(]*(?P<label>(?:[A-D]\.|\(?[A-D]\)|exam(?:ination)? [A-D1-4]|study [A-D1-4])?\s*[^:\n.]{0,60}?)\s*(?:[:.\n=]|\s[-–—]\s|$)", re.I)
_ORDINAL = re.compile(r"\W*(?:part |exam(?:ination)? |study |number )?(first|second|third|one|two|three)\b[\s,:.-]+(?:study|exam|examination|part|is|the|,|:|\w+)?", re.I)
_ORDINALS = {"first": 0, "one": 0, "second": 1, "two": 1, "third": 2, "three": 2}
_ALL = re.compile(r"\b(?:both|each|all (?:three|four|of these|regions|levels|segments|studies|exams|examinations|the)|either|every|all|for each)\b", re.I)
_LETTER = re.compile(r"^[\s*=#(\[-]*(?:(?:exam(?:ination)?|study|part|acc(?:ession)?)\s+)?(II|III|I|[A-D1-4])(?:[.):]|(?<=[mtync] .)(?:\s|$))", re.I)
_LABEL_BEFORE = re.compile(r"(?:^|\n|;|\s)(?:(?:exam(?:ination)?|study|part|acc(?:ession)?)\s+)?\(?(II|III|I|[A-D1-4])[.):]\s*$", re.I)
_WORD = re.compile(r"[A-Za-z]{4,}")
_STOP = frozenset(["part", "parts", "combined", "lateral", "anterior", "posterior", "medial", "oblique", "sunrise", "views", "view", "frontal", "axial", "coronal", "sagittal", "portal", "venous", "phase", "whole", "body", "base", "skull", "thigh", "mid", "tesla", "first", "second", "third", "study", "separate", "request", "also", "diagnostic", "reported", "below", "with", "without", "contrast", "intravenous", "noncontrast", "unenhanced", "exam", "examination", "study", "protocol", "both", "left", "right", "bilateral", "limited", "dated", "performed", "high", "resolution", "thin", "section", "date", "this", "that"])
_ROTATION = re.compile(r"\b(?:rotational|3-?d ?ra|3-?dra|spin|cone[- ]beam|rotated|rotation)\b", re.I)
_HOMONYMS = ("Mr", "us", "pet", "Pet", "ion")
_MACHINE = re.compile(r"(?:[ /-]+\w+)?[ /-]+(?:scanner|console|machine|work-?\s?station|suite|tech|techs|technologist\w*|technician\w*|radiographer\w*|room|system|gantry|software|sonographer|unit)\b", re.I)
_PARTS = ("technique", "findings", "impression", "history", "comparison")
_HEADED = frozenset({"spine.cervical", "spine.thoracic", "spine.lumbar", "chest", "abdomen", "pelvis", "head", "neck", "face"})


class Studies:
    """Finds the named examinations in titles, title sections or the first sentences, and says which study a place speaks of."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.base = Matcher(vocabulary.base)
        self.rank = {concept.name: position for position, concept in enumerate(vocabulary.base)}
        self.body = frozenset(c.name for c in vocabulary.base if c.reach == "body")
        self.regions = Matcher(vocabulary.regions)

    def __call__(self, report: Report) -> Report:
        """Fill `report.studies` (at least one), the base mentions, and the studies of every mention."""
        self.base.which(report.encoded)  # most sentences name no examination of those that the text names
        items = self._title_items(report)
        studies: list[Study] = []
        for start, end in items:
            studies.append(self._study(report, len(studies), start, end))
        studies = _without_repeats(studies)
        headed = [self._study(report, 0, start, end) for start, end in self._headed(report) if not any(a <= start < b for a, b in items)]
        if headed:
            if len(headed) > 1 and len(studies) == 1 and set(studies[0].regions) <= {"spine"} and {h.modality for h in headed} == {studies[0].modality}:
                studies = []
            fuller = _without_repeats([s for s in studies if s.regions or s.procedure not in ("ct", "mr", "us")] + headed)
            studies = _without_cover(fuller) if len(fuller) > 1 else studies or fuller
        if not studies:
            studies = [self._fallback(report)]
        studies = self._headed_parts(report, studies)
        if report.title:
            self._caller_title(report, studies)
        for study in studies:
            study.caller_base = report.base
        report.studies = studies
        self._stretches(report)
        for study in studies:
            self._body_base(report, study)
        for mention in report.mentions:
            if mention.family != "base":
                mention.studies = self.of(report, mention.start, mention.end)
        return report

    # where examinations are named

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
            title_like = sentence.first and (length <= 110 or not found)
            also = found and sentence.block == last_block and re.match(r"(?:also|plus|and|second|in addition)\b", text[sentence.start : sentence.end], re.I)
            if found and not also and not (title_like and sentence.block != last_block and length <= 110):
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

    def _items(self, report: Report, start: int, end: int, prose: bool = False) -> list[tuple[int, int]]:
        """Stretches of a title that name one examination each: they begin at a border before a modality."""
        text = report.plain
        refused = _NOT_THIS if prose else _TITLE_NOT_THIS
        heads = [m for m in self._named(report.encoded, start, end) if not refused.search(text[max(start, m.start - 50) : m.start]) and not _NOT_THIS_AFTER.search(text[m.end : m.end + 50])]
        if not heads:
            return []
        if prose:
            heads = heads[:1] if not any(re.search(r"\band\b", text[a.end : b.start], re.I) and len(text[a.end : b.start]) < 60 for a, b in itertools.pairwise(heads)) else heads[:3]
        items: list[list[int]] = []
        for head in heads:
            if items:
                between = _PAIR.sub(lambda m: "_" * len(m[0]), text[items[-1][2] : head.start])
                if not _STRONG_BORDER.search(between) or (head.concept in ("mrcp", "fluoroscopy", "radiograph") and re.search(r"\bwith\b", between, re.I)) or len(between.strip()) < 1 or re.fullmatch(r"\s*(?:and|&|/|,)\s*", between):
                    if re.fullmatch(r"\s*(?:and|&|/|,|\+)\s*", between) and self._other_kind(report.encoded, items[-1], head):
                        items.append([head.start, end, head.end])
                        continue
                    items[-1][2] = head.end
                    continue
                border = [m.start() for m in _STRONG_BORDER.finditer(between)][-1] if not prose else [m.start() for m in _ITEM_BORDER.finditer(between)][-1]
                items[-1][1] = items[-1][2] + border
                items.append([items[-1][1], end, head.end])
            else:
                items.append([start, end, head.end])
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
        return text[first : first + 12].isupper() == text[start : start + 12].isupper()

    def _headed(self, report: Report) -> list[tuple[int, int]]:
        """Headings further down that name an examination of their own: on a line of their own, or before a colon."""
        text, found = report.plain, []
        for sentence in report.sentences:
            if not sentence.first:
                continue
            section = report.section_at(sentence.start)
            opening = text[sentence.start : min(sentence.end, sentence.start + 80)]
            numbered = re.match(r"\W*(?:(?:part|study|exam|examination|acc|accession)\s+(?:one|two|three|first|second|third|\d|[A-D])\b|(?:first|second|third) (?:study|exam\w*)|[IVX]{1,3}[.)])", opening, re.I)
            alone = sentence.start == 0 or re.search(r"\n[ \t]*\r?\n\s*$", text[max(0, sentence.start - 6) : sentence.start]) is not None
            own_line = alone and opening[:8].isupper() and len(opening.split("\n")[0]) < 70
            if self._opens_block(report, sentence.start, sentence.end):
                found.append((sentence.start, sentence.start + len(text[sentence.start : sentence.end].split("\n")[0].rstrip())))
                continue
            if not numbered and not own_line and (section.reading in ("historical", "planned") or section.name in ("history", "impression", "header", "signature")):
                continue
            part = numbered and re.match(r"\W*(?:part|study|exam|examination)?\s*(?:one|two|three|first|second|third|\d|[A-D]|[IVX]{1,3})[:,.)]\s*(?P<name>[^.\n;:]{4,70})", opening, re.I)
            if part and (named := self._named(report.encoded, sentence.start + part.start("name"), sentence.start + part.end("name"))) and named[0].start - sentence.start - part.start("name") <= 24:
                found.append((sentence.start + part.start("name"), sentence.start + part.end("name")))
                continue
            heading = re.match(r"[\s*=#\-•\d.)(]*(?P<name>[^:\n=]{4,60}?)\s*(?P<sign>:|={2,}|$|\n)", opening)
            if heading is None or (heading["sign"] == "" and not (heading["name"].isupper() or opening.startswith("=") or (alone and len(heading["name"]) < 45 and not heading["name"].endswith(".")))):
                continue
            start = sentence.start + heading.start("name")
            named = self._named(report.encoded, start, start + len(heading["name"]))
            if (named and named[0].start - start <= (24 if len(heading["name"]) <= 34 else 12) and self.regions_in(report.encoded, start, start + len(heading["name"]))) or (named and named[0].concept == "mrcp"):
                found.append((start, start + len(heading["name"])))
        return found

    def _opens_block(self, report: Report, start: int, end: int) -> bool:
        """A short line that begins with an examination, with a headed part right below it that another examination has too."""
        text = report.plain
        line = text[start:end].split("\n")[0]
        if any(s.start == start and s.heading and s.name != "title" for s in report.sections):
            return False
        below = next((s for s in report.sections if s.start > start and s.heading), None)
        if below is None or below.name not in _PARTS or len(line) > 90 or not 0 <= len(text[start : below.start].strip()) - len(line.strip()) <= 2:
            return False
        if sum(s.name == below.name for s in report.sections if s.heading) < 2 or not any(s.first and s.start == start for s in report.sentences):
            return False
        named = self._named(report.encoded, start, start + len(line))
        return bool(named) and named[0].start - start <= 24 and bool(self.regions_in(report.encoded, start, start + len(line)))

    def _other_kind(self, encoded: Encoded, item: list[int], head: Match) -> bool:
        before = self._named(encoded, item[0], item[2])
        return bool(before) and {before[-1].concept, head.concept} in ({"ct", "cta"}, {"mr", "mra"}, {"cta", "perfusion.ct"}, {"mra", "mrv"}, {"ct", "perfusion.ct"})

    def _named(self, encoded: Encoded, start: int, end: int) -> list[Match]:
        """Base phrases in a stretch; where they overlap, the longest, then the one that stands first in base.yaml."""
        text = encoded.text
        found = [m for m in self.base.find(encoded, start, end) if text[m.start : m.end] not in _HOMONYMS and not _MACHINE.match(text, m.end)]
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
        letter = _LETTER.match(text[start:end]) or _LABEL_BEFORE.search(text[max(0, start - 14) : start])
        label = letter[1].upper() if letter else ""
        return Study(index, name[:80], start, end, best.concept, self.regions_in(report.encoded, start, end), named[0].concept, label)

    def _fallback(self, report: Report) -> Study:
        """No title: the first examination that the body speaks of as this one; a fragment that names none is unknown."""
        text = report.plain
        for sentence in report.sentences:
            section = report.section_at(sentence.start)
            if section.reading in ("historical", "planned") or section.name in ("history", "header", "signature"):
                continue
            for match in self._named(report.encoded, sentence.start, sentence.end):
                if match.concept in ("radiograph", "mr", "us", "fluoroscopy", "mammography") and re.fullmatch(r"us|mr|films?", text[match.start : match.end]):
                    continue
                if _NOT_THIS.search(text[max(0, match.start - 60) : match.start]) or _NOT_THIS_AFTER.search(text[match.end : match.end + 60]):
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
        if any(r.startswith("spine.") for r in found):
            found = [r for r in found if r != "spine" and not (r == "chest" and "spine.thoracic" in found and not re.search(r"\bchest|\bribs?\b|\blung", encoded.text[start:end], re.I))]
        return tuple(found)

    def _caller_title(self, report: Report, studies: list[Study]) -> None:
        title = Encoded(report.title)
        named = self._named(title, 0, len(report.title))
        if not named:
            return
        best = min(named, key=lambda m: self.rank[m.concept])
        for study in studies:
            if study.procedure == "unknown" or (len(studies) == 1 and self.rank[best.concept] < self.rank.get(study.procedure, 999)):
                study.procedure, study.modality = best.concept, named[0].concept
                study.name = study.name or report.title[:80]
                study.regions = study.regions or self.regions_in(title, 0, len(report.title))

    def _body_base(self, report: Report, study: Study) -> None:
        """Angiographic words of the technique text, where what was rendered is the angiographic series; rotational runs of an angiogram."""
        text = report.plain
        if study.procedure == "angiography.catheter" and _ROTATION.search(text):
            study.procedure = "rotational_angiography"
            return
        if any(s is not study and s.procedure.split(".")[0] in ("mra", "mrv", "cta") and s.modality[:2] == study.modality[:2] for s in report.studies):
            return
        if study.procedure not in ("ct", "mr", "ambiguous") or study.caller_base not in (None, "unknown", "ambiguous"):
            return
        rendered = {m.sentence for m in report.of("technique") if study.index in self.of(report, m.start, m.end)}
        for sentence_index, sentence in enumerate(report.sentences):
            if study.procedure != "ambiguous" and not rendered & {sentence_index, sentence_index + 1}:
                continue
            section = report.section_at(sentence.start)
            if section.reading != "performed" or section.name in ("impression", "signature"):
                continue
            for match in self._named(report.encoded, sentence.start, sentence.end):
                kind = match.concept
                if kind not in self.body or (study.procedure == "mr") != kind.startswith("mr") or study.index not in self.of(report, match.start, match.end):
                    continue
                before, after = text[max(0, match.start - 60) : match.start], text[match.end : match.end + 60]
                if _NOT_THIS.search(before) or _NOT_THIS_AFTER.search(after) or re.search(r"\b(?:no|not|without|non)\b[^.;]{0,20}$", before, re.I):
                    continue
                if kind == "mrv" and not re.search(r"\bmrv\b", text[match.start : match.end], re.I) and not re.search(r"\bmips?\b", text[sentence.start : sentence.end], re.I):
                    continue
                study.procedure = kind
                report.add(Mention(f"base.{kind}", match.start, match.end, sentence=sentence_index, section=section.name, studies=(study.index,), counts=True))
                return

    def _headed_parts(self, report: Report, studies: list[Study]) -> list[Study]:
        """Regions joined in one title are one study, unless the report gives each its own headed part (ANNOTATION)."""
        if len(studies) != 1 or (len(_HEADED.intersection(studies[0].regions)) < 2 and "spine" not in studies[0].regions):
            return studies
        one, text = studies[0], report.plain
        spinal = "spine" in one.regions or sum(r.startswith("spine.") for r in one.regions) > 1
        allowed = set(one.regions) | ({"spine.cervical", "spine.thoracic", "spine.lumbar"} if spinal else set())
        parts: dict[str, int] = {}
        for sentence in report.sentences:
            if not sentence.first or sentence.start < one.end or report.section_at(sentence.start).name in ("impression", "history"):
                continue
            labelled = _LABEL.match(text[sentence.start : sentence.end])
            label = labelled["label"] if labelled else ""
            whole = labelled is not None and (labelled.end() >= sentence.end - sentence.start or label.isupper() or re.match(r"\W*3-?d\b|three", label, re.I))
            if not whole or len(label) > 40:
                continue
            found = set(self.regions_in(Encoded(label), 0, len(label))) & allowed & _HEADED
            if len(found) == 1:
                parts.setdefault(found.pop(), sentence.start)
        wanted = sorted((r for r in allowed if r in parts), key=lambda r: parts[r])
        spine = sum(r.startswith("spine.") for r in wanted)
        own_3d = sum(bool(re.match(r"[^\n]{0,30}\b(?:3-?d|three|technique)", text[parts[r] : parts[r] + 40], re.I)) for r in wanted)
        if len(wanted) < 2 or (spine < 2 and own_3d < 2):
            return studies
        out = []
        for index, region in enumerate(wanted):
            out.append(Study(index, f"{one.name.split()[0]} {region.split('.')[-1]}" + (" spine" if region.startswith("spine.") else ""), one.start, one.end, one.procedure, (region,), one.modality, region))
        for mention in report.of("base"):
            mention.studies = tuple(range(len(out)))
        return out

    # which study a place speaks of

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
        own_line, since = False, 0
        repeated: dict[str, int] = {}
        for section in report.sections:
            repeated[section.heading.lower()] = repeated.get(section.heading.lower(), 0) + 1
        for sentence in report.sentences:
            if sentence.first:
                opening = text[sentence.start : min(sentence.end, sentence.start + 90)]
                labelled = _LABEL.match(opening)
                label = labelled["label"] if labelled else ""
                named = self._speaks_of(report, Encoded(label), 0, len(label), strict=True) if label and len(label) < 60 else None
                letter = _LETTER.match(opening)
                lettered = [s.index for s in report.studies if letter and s.label == letter[1].upper()] if any(s.label for s in report.studies) else []
                section = report.section_at(sentence.start)
                alone = labelled is not None and labelled.end() >= len(opening.rstrip()) and len(opening) < 80
                counted = _ORDINAL.match(opening)
                ordinal = _ORDINALS[counted[1].lower()] if counted and _ORDINALS[counted[1].lower()] < len(report.studies) else None
                if lettered and len(lettered) == 1:
                    current, own_line, since = lettered[0], alone, sentence.start
                elif ordinal is not None:
                    current = ordinal
                elif named is not None and len(named) == 1:
                    current, own_line, since = named[0], alone, sentence.start
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
        parts = [s for s in report.sections if s.name in _PARTS and s.heading]
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
            points = 2 * len(regions & own_regions) + 1.5 * len(words & own_words) + 3 * len(named & own_kind)
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
        everything = tuple(range(len(report.studies)))
        stretched = [s.index for s in report.studies if any(a <= start < b for a, b in s.stretches)]
        if len(stretched) == 1:
            return (stretched[0],)
        position = report.sentence_at(start)
        sentence, text = report.sentences[position], report.plain
        if _ALL.search(text[sentence.start : sentence.end]):
            return everything
        clause = max([b.end for b in report.borders_in(position) if b.end <= start and b.kind in ("strong", "but", "while")], default=sentence.start)
        close = min([b.start for b in report.borders_in(position) if b.start >= end and b.kind in ("strong", "but", "while")], default=sentence.end)
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


class Attribution:
    """Gives statements found after the studies were split their studies too: those of their place."""

    def __init__(self, studies: Studies) -> None:
        self.studies = studies

    def __call__(self, report: Report) -> Report:
        """Fill the studies of mentions that have none."""
        for mention in report.mentions:
            if not mention.studies:
                mention.studies = self.studies.of(report, mention.start, mention.end)
        return report


def _kinds(study: Study) -> set[str]:
    """The kinds of examination that a study is known by, without their regions."""
    return {study.procedure.split(".")[0], study.modality.split(".")[0]}


def _without_repeats(studies: list[Study]) -> list[Study]:
    kept: list[Study] = []
    for study in studies:
        same = next((k for k in kept if k.procedure == study.procedure and set(k.regions) == set(study.regions) and (study.regions or k.name.lower() == study.name.lower())), None)
        if same is None and kept and not study.regions and any(k.procedure == study.procedure for k in kept):
            continue
        if same is None and not (kept and not study.regions and study.procedure in ("ct", "mr", "us", "radiograph") and study.modality in {k.modality for k in kept}):
            study.index = len(kept)
            kept.append(study)
    return kept


def _without_cover(studies: list[Study]) -> list[Study]:
    """A title that names together what headed parts below name one by one ("CT thoracic and lumbar spine", then each) is no study itself."""
    first, rest = studies[0], studies[1:]
    if len(rest) < 2 or any(s.start < first.start or s.modality != first.modality for s in rest):
        return studies
    together = {r for s in rest for r in s.regions}
    if together != set(first.regions) and not (all(s.label for s in rest) and not first.label):
        return studies
    for index, study in enumerate(rest):
        study.index = index
    return rest


@lru_cache(maxsize=1)
def default_studies() -> Studies:
    """The step over the vocabulary of the package."""
    return Studies(load_vocabulary())


def default_attribution() -> Attribution:
    """The second half of the step, for statements found by frames."""
    return Attribution(default_studies())
