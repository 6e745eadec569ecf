"""The steps as spaCy components: the same functions as in `pipeline.py`, over the raw text of a Doc, never its tokens.

    import nlp3d
    nlp = nlp3d.load()
    doc = nlp("CT FEMUR. 3D volume rendered images were made on an independent workstation.")
    doc._.nlp3d["reason"], doc.spans["nlp3d"]

In another pipeline: `nlp.add_pipe("nlp3d_suggestion")`, before or after any other component. A component runs the steps
before it that have not run yet, so each one may stand alone; `annotations.py` says what they leave on the Doc.
"""

from __future__ import annotations

from spacy import blank
from spacy.language import Language
from spacy.tokens import Doc

from .annotations import record_of, register, trace_of, write_reading, write_report, write_suggestion
from .gathering import default_gather
from .pipeline import conclude, steps, versions
from .record import Record
from .rules.evaluate import table_of
from .suggestion import unanswered

FACTORIES = (
    "nlp3d_mentions", "nlp3d_sections", "nlp3d_studies", "nlp3d_assertion", "nlp3d_attachment", "nlp3d_participation", "nlp3d_attribution",
    "nlp3d_facts", "nlp3d_suggestion",
)  # fmt: skip

register()


class StepComponent:
    """Runs one step of the flow, and those before it that have not run on this Doc."""

    def __init__(self, step: str) -> None:
        self.last = [name for name, _ in steps()].index(step)

    def __call__(self, doc: Doc) -> Doc:
        """Fill the Doc's report up to this step."""
        trace = trace_of(doc)
        report = trace.report
        if report is not None and trace.done <= self.last:
            for _, step in steps()[trace.done : self.last + 1]:
                report = step(report)
            trace.report, trace.done = report, self.last + 1
            write_report(doc, trace, report)
        return doc


class FactsComponent:
    """Adds up the mentions to facts per study and evidence."""

    def __init__(self) -> None:
        self.steps = StepComponent(steps()[-1][0])

    def __call__(self, doc: Doc) -> Doc:
        """Leave `studies` and `evidence` in the Doc's trace."""
        trace = trace_of(self.steps(doc))
        if trace.report is not None and trace.reading is None:
            trace.reading = default_gather()(trace.report)
            write_report(doc, trace, trace.report)
            write_reading(trace, trace.reading)
        return doc


class SuggestionComponent:
    """Applies the rules of a profile and writes `doc._.nlp3d`. The Doc's own date of service comes before `date_of_service`."""

    def __init__(self, profile: str, date_of_service: str | None) -> None:
        self.profile = profile
        self.day = Record.of({"text": "", "date_of_service": date_of_service}).date_of_service
        self.facts = FactsComponent()
        table_of(profile, self.day)

    def __call__(self, doc: Doc) -> Doc:
        """Leave the suggestion, the same that `nlp3d.suggest` gives for the text."""
        record = record_of(doc)
        reading = trace_of(self.facts(doc)).reading
        if reading is None or not record.text.strip():
            suggestion = unanswered(record, "no_text", self.profile, self.day, versions())
        else:
            suggestion = conclude(record, reading, self.profile, self.day)
        write_suggestion(doc, suggestion)
        return doc


def make_mentions(nlp: Language, name: str) -> StepComponent:
    """Step 2: every phrase that matters."""
    return StepComponent("mentions")


def make_sections(nlp: Language, name: str) -> StepComponent:
    """Step 3: headings."""
    return StepComponent("sections")


def make_studies(nlp: Language, name: str) -> StepComponent:
    """Step 4: the examinations of the report."""
    return StepComponent("studies")


def make_assertion(nlp: Language, name: str) -> StepComponent:
    """Step 5: performed, negated, historical, planned ..."""
    return StepComponent("assertion")


def make_attachment(nlp: Language, name: str) -> StepComponent:
    """Step 6: what a location is said of."""
    return StepComponent("attachment")


def make_participation(nlp: Language, name: str) -> StepComponent:
    """Step 6: what a physician did or directed."""
    return StepComponent("participation")


def make_attribution(nlp: Language, name: str) -> StepComponent:
    """Step 6: which study a mention belongs to."""
    return StepComponent("attribution")


def make_facts(nlp: Language, name: str) -> FactsComponent:
    """Step 7: facts per study and evidence."""
    return FactsComponent()


def make_suggestion(nlp: Language, name: str, profile: str, date_of_service: str | None) -> SuggestionComponent:
    """Steps 8 and 9: the rules and the answer."""
    return SuggestionComponent(profile, date_of_service)


Language.factory("nlp3d_mentions", assigns=["doc.spans"], func=make_mentions)
Language.factory("nlp3d_sections", func=make_sections)
Language.factory("nlp3d_studies", func=make_studies)
Language.factory("nlp3d_assertion", func=make_assertion)
Language.factory("nlp3d_attachment", func=make_attachment)
Language.factory("nlp3d_participation", func=make_participation)
Language.factory("nlp3d_attribution", func=make_attribution)
Language.factory("nlp3d_facts", func=make_facts)
Language.factory(
    "nlp3d_suggestion", assigns=["doc._.nlp3d"], default_config={"profile": "strict", "date_of_service": None}, func=make_suggestion
)


def load(profile: str = "strict", date_of_service: str | None = None) -> Language:
    """A blank English pipeline with all components. The text it is given must be safe (`nlp3d.text.sanitize`)."""
    nlp = blank("en")
    for factory in FACTORIES[:-1]:
        nlp.add_pipe(factory)
    nlp.add_pipe(FACTORIES[-1], config={"profile": profile, "date_of_service": date_of_service})
    return nlp
