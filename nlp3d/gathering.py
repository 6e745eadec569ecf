"""Step 7, facts gathered: what a study's mentions add up to, literally, and the evidence with what counted and why the rest did not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import observations
from .circumstances import made_automatically, of_outside_data, output_of
from .cues import Cues, default_cues
from .facts import Evidence, Location, Output, Reading, StudyFacts, Supervision, Technique
from .interpretation import Interpretation
from .references import named_again
from .report import Mention, Report, Study
from .studies import Studies, default_studies

_SPECIFIC = {"mip", "minip", "volume_rendering", "shaded_surface", "cinematic_rendering", "virtual_endoscopy", "segmentation", "weak_thin_mip", "weak_two_d_mip", "printed_model", "surgical_model"}
_US = re.compile(r"\b(?:ultrasound|sonogra\w+|transvaginal|endovaginal|transabdominal|probe|transducer|gestation\w*|fetal|foetal|doppler)\b")
_NOT_US = re.compile(r"\b(?:ct|mri?|computed)\b")
_THESE = re.compile(r"\b(?:these|those|the|said|such)\s+$")
_REFORMATS = re.compile(r"reform\w+|recon\w*|images?$")
_NOT_CALLED_FOR = re.compile(r"not (?:\w+ )?(?:required|needed|necessary|requested|ordered|indicated)|unnecessary|no need|no call")
_ADDENDUM_FIX = re.compile(r"\b(?:in error|erroneous\w*|incorrect\w*|correct(?:ion|ed)|dictation error|mistake\w*|should (?:have )?read|instead|(?:was|is|were) wrong|not as stated|clarif\w*)\b")
_ORDER: tuple[Supervision, ...] = ("personal", "concurrent", "partial", "insufficient", "absent")


class Gather:
    """Turns a report with its mentions into facts per study and evidence."""

    def __init__(self, cues: Cues, studies: Studies) -> None:
        self.cues = cues
        self.studies = studies
        self.interpretation = Interpretation(cues, studies)

    def __call__(self, report: Report) -> Reading:
        """Plain data out: nothing is inferred that no mention says."""
        facts = tuple(self._study(report, study) for study in report.studies)
        return Reading(facts, self._evidence(report), observations.of_report(report.text))

    def _study(self, report: Report, study: Study) -> StudyFacts:
        own = [m for m in report.mentions if study.index in m.studies]
        flags: set[str] = set()
        technique, counted = self._technique(report, study, [m for m in own if m.family == "technique"], flags)
        location: Location = "undocumented"
        supervision: Supervision = "absent"
        automatic = outside = interpretation = False
        output: Output = "display"
        for m in counted:
            m.counts = True
        if technique != "none":
            location = self._location(report, study, own, flags)
            supervision = self._supervision(report, own, flags)
            interpretation = self.interpretation(report, study.index, counted)
            output = output_of(report, counted)
            automatic = made_automatically(report, self.cues, counted)
            outside = of_outside_data(report, counted)
        elif any(m.assertion == "outside" for m in own if m.family == "technique"):
            outside = True
        if technique == "performed":
            again = named_again(report, study, self.studies, counted)
            report.mentions = sorted([*report.mentions, *again], key=lambda m: (m.start, -m.end))
        if technique != "none":
            flags |= observations.of_study(report, study)
        start, end, _ = report.original(study.start, study.end)
        name = report.original(study.start, study.end)[2] if study.end - study.start <= 80 and study.name else study.name
        return StudyFacts(
            index=study.index,
            name=" ".join(name.split()).strip(" .,;:-") or study.name,
            start=start,
            end=end,
            procedure=study.procedure,
            caller_base=study.caller_base,
            technique=technique,
            location=location,
            supervision=supervision,
            interpretation=interpretation,
            output=output,
            automatic=automatic,
            outside=outside,
            regions=study.regions,
            observed=tuple(sorted(flags)),
        )

    # technique

    def _technique(self, report: Report, study: Study, own: list[Mention], flags: set[str]) -> tuple[Technique, list[Mention]]:
        done = [m for m in own if m.assertion == "performed" and not m.weak]
        done = self._said_again(report, own, done)
        if self._ultrasound(report, study):
            for m in list(done):
                if m.concept == "technique.three_d" and not re.search(r"render|surface|model|segment|post|recon", report.low[m.start : m.end + 30]):
                    done.remove(m)
                    m.why = m.why or "3D ultrasound images with no word of rendering"
        counted = set(map(id, done))
        weak = [m for m in own if id(m) not in counted and (m.assertion in ("conditional", "template", "title_only") or (m.assertion == "performed"))]
        denied = [m for m in own if m.assertion in ("negated", "failed")]
        if any(m.assertion == "template" for m in own):
            flags.add("unfilled_template")
        if done:
            against = [m for m in denied if self._contradicts(m, done)]
            if against:
                last_done, last_denied = done[-1], against[-1]
                settled = report.section_at(last_denied.start).addendum or report.section_at(last_done.start).addendum
                if not settled:
                    flags.add("contradiction")
                if last_denied.start > last_done.start:
                    return "none", []
            return "performed", done
        if weak and not (denied and all(m.assertion == "title_only" for m in weak)):
            return "weak", weak
        return "none", []

    @staticmethod
    def _said_again(report: Report, own: list[Mention], done: list[Mention]) -> list[Mention]:
        """"These 3D reformats" after "3D multiplanar reformats" are the same ones, and no more than they were."""
        planar = [m for m in own if m.name == "weak_three_d_planar" and m.assertion == "performed"]
        again = [m for m in done if planar and m.start > planar[0].end and _THESE.search(report.low, max(0, m.start - 12), m.start) and _REFORMATS.search(report.low, m.start, m.end)]
        return [] if again and len(again) == len(done) else done

    @staticmethod
    def _contradicts(denied: Mention, done: list[Mention]) -> bool:
        """A denial of 3D in general, or of the very technique that is described; a denial of another technique is none."""
        if denied.value == "kept" or _NOT_CALLED_FOR.search(denied.why.lower()):
            return False
        if denied.name in _SPECIFIC:
            return any(m.name == denied.name for m in done) and not any(m.name != denied.name for m in done)
        return True

    @staticmethod
    def _ultrasound(report: Report, study: Study) -> bool:
        if study.procedure == "us":
            return True
        return study.procedure == "unknown" and bool(_US.search(report.low)) and not _NOT_US.search(report.low)

    # location

    def _location(self, report: Report, study: Study, own: list[Mention], flags: set[str]) -> Location:
        places = [m for m in own if m.family == "location" and m.about == "rendering"]
        if any(m.concept == "location.viewer_software" for m in own):
            flags.add("consumer_viewer")
        by_value: dict[str, list[Mention]] = {"workstation": [], "scanner": []}
        for m in places:
            by_value["workstation" if m.concept == "location.workstation" else "scanner"].append(m)
        if by_value["workstation"] and by_value["scanner"]:
            late = {v: [m for m in ms if report.section_at(m.start).addendum] for v, ms in by_value.items()}
            settled = [v for v in by_value if late[v] and not late["scanner" if v == "workstation" else "workstation"]]
            if len(settled) == 1 and _ADDENDUM_FIX.search(report.low, report.section_at(late[settled[0]][0].start).start):
                for m in by_value[settled[0]]:
                    m.counts = True
                return "workstation" if settled[0] == "workstation" else "scanner"
            for m in places:
                m.counts = True
            return "conflicting"
        for m in places:
            m.counts = True
        return "workstation" if by_value["workstation"] else "scanner" if by_value["scanner"] else "undocumented"

    # supervision

    def _supervision(self, report: Report, own: list[Mention], flags: set[str]) -> Supervision:
        said = [m for m in own if m.family == "supervision" and m.about == "rendering"]
        by: dict[str, list[Mention]] = {}
        for m in said:
            by.setdefault(m.name, []).append(m)
        elements = {name for name in by if name.startswith("element_") and name not in ("element_approve",)}
        others = [m for name, ms in by.items() if name.startswith("made_by_") for m in ms]
        chosen: list[Mention]
        value: Supervision
        positive = [m for name in ("concurrent", "personal", *elements) for m in by.get(name, [])]
        if by.get("denied"):
            if positive and max(m.start for m in positive) > max(m.start for m in by["denied"]):
                flags.add("contradiction")
            else:
                if [m for m in positive if m.name in ("concurrent", "personal")]:
                    flags.add("contradiction")
                self._mark([*by["denied"], *others])
                return "denied"
        if by.get("personal") and not (by.get("concurrent") and others):
            value, chosen = "personal", by["personal"]
        elif by.get("concurrent"):
            value, chosen = "concurrent", by["concurrent"] + [m for name in elements for m in by[name]]
        elif len(elements) >= 2:
            value, chosen = "concurrent", [m for name in elements for m in by[name]]
        elif elements or by.get("element_approve"):
            value, chosen = "partial", [m for name in (*elements, "element_approve") for m in by.get(name, [])]
        else:
            rest = others + by.get("reviewed", []) + by.get("general", [])
            attested = [m for m in own if m.family == "supervision" and m.assertion == "performed" and m.name in ("general", "attestation", "concurrent") and m not in rest]
            if not rest and not attested:
                return "absent"
            value, chosen = "insufficient", rest or attested
        self._mark(chosen)
        return value

    @staticmethod
    def _mark(mentions: Sequence[Mention]) -> None:
        for m in mentions:
            m.counts = True

    # evidence

    def _evidence(self, report: Report) -> tuple[Evidence, ...]:
        out: list[Evidence] = []
        for m in report.mentions:
            if m.family not in ("technique", "location", "supervision", "base", "reformat", "acquisition"):
                continue
            start, end, words = report.original(*_trimmed(report.plain, m.start, m.end))
            concept = m.concept if m.family != "supervision" else f"supervision.{m.name}"
            why = m.why or ("" if m.counts else _default_why(m))
            if not m.counts and m.about == "rendering" and m.name.startswith("made_by_"):
                why = why.split(";")[0] + "; a physician's part is told too"
            out.append(Evidence(concept, "text", words, start, end, m.section, m.studies, m.assertion, m.counts, why))
        if report.title:
            out.append(Evidence("base.title", "title", report.title, None, None, "", tuple(s.index for s in report.studies), "performed", True, "given by the caller"))
        if report.base:
            out.append(Evidence(f"base.{report.base}", "base", report.base, None, None, "", tuple(s.index for s in report.studies), "performed", True, "given by the caller"))
        return tuple(out)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without the blanks and commas at its ends, which phrases of the vocabulary may take with them."""
    words = text[start:end]
    inner = words.strip(" \t\r\n,;")
    lead = words.find(inner)
    return (start + lead, start + lead + len(inner)) if inner else (start, end)


def _default_why(m: Mention) -> str:
    if m.family == "reformat":
        return "planar or curved reformats are two-dimensional"
    if m.family == "acquisition":
        return "data acquired in three dimensions are not a rendering"
    if m.family == "base":
        return "another name of the examination decided"
    if m.family == "technique":
        return "no study of this report is rendered" if m.assertion == "performed" else m.assertion
    if m.family == "location":
        return "nothing was rendered that it could be the place of"
    return "other statements decided"


def default_gather() -> Gather:
    """The step over the vocabulary of the package."""
    return Gather(default_cues(), default_studies())
