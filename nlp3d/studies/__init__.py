"""Step 4, studies: the examinations in one report, the procedure of each, and which stretch of the text speaks of which. Only splits."""

from __future__ import annotations

import re
from functools import lru_cache

from ..matching import Encoded
from ..report import Mention, Report, Study
from ..vocabulary.model import load_vocabulary
from .places import LABEL, Places
from .titles import NOT_THIS, NOT_THIS_AFTER

_ROTATION = re.compile(r"\b(?:rotational|3-?d ?ra|3-?dra|spin|cone[- ]beam|rotated|rotation)\b", re.I)
_HEADED = frozenset({"spine.cervical", "spine.thoracic", "spine.lumbar", "chest", "abdomen", "pelvis", "head", "neck", "face"})


class Studies(Places):
    """The studies of a report, with the procedure of each and the studies of every mention."""

    def __call__(self, report: Report) -> Report:
        """Fill `report.studies` (at least one), the base mentions, and the studies of every mention."""
        self.base.which(report.encoded)  # most sentences name no examination of those that the text names
        items = self._title_items(report)
        parts = self._enumerated(report)
        if parts and len(parts) >= sum(end <= parts[0][0] for _, end in items):
            return self._with(report, [self._part(report, index, *part) for index, part in enumerate(parts)])
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
        return self._with(report, self._headed_parts(report, studies))

    def _part(self, report: Report, index: int, start: int, end: int, sign: str) -> Study:
        study = self._study(report, index, start, end)
        study.label = {"ONE": "1", "TWO": "2", "THREE": "3"}.get(sign, sign)
        return study

    def _with(self, report: Report, studies: list[Study]) -> Report:
        """The report with its studies, what the caller said of them, and the studies of every mention."""
        for index, study in enumerate(studies):
            study.index = index
        for mention in report.of("base"):
            mention.studies = tuple(s.index for s in studies if s.start <= mention.start < max(s.end, s.start + 1)) or mention.studies
        if report.title:
            self._caller_title(report, studies)
        for study in studies:
            study.caller_base = report.base
        report.studies = studies
        report.spoken_of.clear()
        self._stretches(report)
        for study in studies:
            self._body_base(report, study)
        for mention in report.mentions:
            if mention.family != "base":
                mention.studies = self.of(report, mention.start, mention.end)
        return report

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
        if study.procedure == "angiography.catheter" and _ROTATION.search(text) and not any(s.procedure == "rotational_angiography" for s in report.studies):
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
                if NOT_THIS.search(before) or NOT_THIS_AFTER.search(after) or re.search(r"\b(?:no|not|without|non)\b[^.;]{0,20}$", before, re.I):
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
            labelled = LABEL.match(text[sentence.start : sentence.end])
            label = labelled["label"] if labelled else ""
            whole = labelled is not None and (labelled.end() >= sentence.end - sentence.start or label.isupper() or re.match(r"\W*3-?d\b|three", label, re.I))
            if not whole or len(label) > 40:
                continue
            named = set(self.regions_in(Encoded(label), 0, len(label)))
            if spinal and "chest" in named and re.search(r"\bthoracic\b", label, re.I):
                named = (named - {"chest"}) | {"spine.thoracic"}
            found = named & allowed & _HEADED
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


class Attribution:
    """Gives statements found after the studies were split their studies too: those of their place."""

    def __init__(self, studies: Studies) -> None:
        self.studies = studies

    def __call__(self, report: Report) -> Report:
        """Fill the studies of mentions that have none."""
        for mention in report.mentions:
            if not mention.studies:
                mention.studies = self.studies.of(report, mention.start, mention.end)
        _narrow(report)
        return report


def _narrow(report: Report) -> None:
    """"The MIP" of an impression that names no examination is that of the examination whose MIPs were told before."""
    told: dict[str, set[int]] = {}
    for mention in report.of("technique"):
        if mention.assertion != "performed":
            continue
        known = told.setdefault(mention.concept, set())
        if len(mention.studies) == 1:
            known.update(mention.studies)
        elif known and known < set(mention.studies):
            mention.studies = tuple(sorted(known))


_NAME_WORD = re.compile(r"[A-Za-z]{3,}")


def _without_repeats(studies: list[Study]) -> list[Study]:
    kept: list[Study] = []
    for study in studies:
        same = next((k for k in kept if (k.procedure == study.procedure or study.modality == "radiograph" or not study.regions) and _same_place(k, study) and not _part_of_its_own(k, study)), None)
        if same is None and kept and not study.regions and any(k.procedure == study.procedure for k in kept):
            continue
        if same is None and not (kept and not study.regions and study.procedure in ("ct", "mr", "us", "radiograph") and study.modality in {k.modality for k in kept}):
            study.index = len(kept)
            kept.append(study)
    return kept


def _same_place(earlier: Study, later: Study) -> bool:
    """The same regions; for a procedure of its own kind ("CT venogram"), overlapping ones."""
    if (later.modality == "radiograph" or not later.regions) and {w.lower() for w in _NAME_WORD.findall(later.name)} <= {w.lower() for w in _NAME_WORD.findall(earlier.name)}:
        return True
    if set(earlier.regions) == set(later.regions):
        return bool(later.regions) or earlier.name.lower() == later.name.lower()
    return later.procedure not in ("ct", "mr", "us", "radiograph") and bool(set(earlier.regions) & set(later.regions)) and earlier.end < later.start


def _part_of_its_own(earlier: Study, later: Study) -> bool:
    """"CT LEFT RIBS, 3D" below "CT CHEST": the same region by another word, with a side or a 3D of its own."""
    own = {w.lower() for w in re.findall(r"[A-Za-z]{3,}", later.name)} - {w.lower() for w in re.findall(r"[A-Za-z]{3,}", earlier.name.split(":")[0])}
    return len(own & {"left", "right"}) > 0 and len(own - {"left", "right", "with", "without", "contrast"}) > 0 and bool(re.search(r"\b3-?d\b", later.name, re.I))


def _without_cover(studies: list[Study]) -> list[Study]:
    """A title that names together what headed parts below name one by one ("CT thoracic and lumbar spine", then each) is no study itself."""
    kept = [s for s in studies if not _covered(s, [o for o in studies if o is not s and o.start > s.end and o.modality == s.modality and o.procedure == s.procedure])]
    for index, study in enumerate(kept):
        study.index = index
    return kept


def _covered(study: Study, parts: list[Study]) -> bool:
    if len(parts) < 2:
        return False
    return {r for s in parts for r in s.regions} == set(study.regions) or (all(s.label for s in parts) and not study.label)


@lru_cache(maxsize=1)
def default_studies() -> Studies:
    """The step over the vocabulary of the package."""
    return Studies(load_vocabulary())


def default_attribution() -> Attribution:
    """The second half of the step, for statements found by frames."""
    return Attribution(default_studies())
