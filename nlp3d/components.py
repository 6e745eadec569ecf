"""nlp3d in spaCy: the component `nlp3d`, and the steps one by one, all over the raw text of a Doc, never its tokens.

    nlp = spacy.blank("en")
    nlp.add_pipe("nlp3d")                  # in any pipeline, before or after any other component
    doc = nlp("CT FEMUR. 3D volume rendered images were made on an independent workstation.")
    doc._.nlp3d["reason"], doc.spans["nlp3d"]

`nlp3d.load()` gives a pipeline with the steps apart. A component runs the steps before it that have not run yet, so each one
may stand alone; `nlp3d` and `nlp3d_suggestion` are the same last step, and do nothing twice. What they leave: `annotations.py`.
spaCy imports this module whenever a pipeline is made, ours or not; so the steps are imported only where a component is made.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacy import blank, registry
from spacy.language import Language
from spacy.util import get_minor_version_range

from .annotations import KEY, register
from .scoring import make_scorer

if TYPE_CHECKING:
    from .pack import Pack
    from .pipe import FactsComponent, Nlp3d, Scorer, StepComponent

FACTORIES = (
    "nlp3d_mentions", "nlp3d_sections", "nlp3d_studies", "nlp3d_assertion", "nlp3d_attachment", "nlp3d_participation", "nlp3d_attribution",
    "nlp3d_facts", "nlp3d_suggestion",
)  # fmt: skip
DEFAULTS: dict[str, Any] = {
    "profile": "strict",
    "date_of_service": None,
    "spans_key": KEY,
    "extension": KEY,
    "pack": {"@misc": "nlp3d.Pack.v1", "folder": None},
    "scorer": {"@scorers": "nlp3d.scorer.v1", "by": "concept"},
}

# A requirement of this package, with extras and versions or without.
_OURS = re.compile(r"nlp3d\s*($|[\[(<>=!~;@])")

register()


def make_pack(folder: str | None = None) -> Pack:
    """`nlp3d.Pack.v1`: rules and vocabulary, the installed ones or those of a folder that holds `rules/` and `vocabulary/`."""
    from .pack import installed, read_pack

    return installed() if folder is None else read_pack(Path(folder))


def _step(name: str) -> StepComponent:
    from .pipe import StepComponent

    return StepComponent(name)


def make_mentions(nlp: Language, name: str) -> StepComponent:
    """Step 2: every phrase that matters."""
    return _step("mentions")


def make_sections(nlp: Language, name: str) -> StepComponent:
    """Step 3: headings."""
    return _step("sections")


def make_studies(nlp: Language, name: str) -> StepComponent:
    """Step 4: the examinations of the report."""
    return _step("studies")


def make_assertion(nlp: Language, name: str) -> StepComponent:
    """Step 5: performed, negated, historical, planned ..."""
    return _step("assertion")


def make_attachment(nlp: Language, name: str) -> StepComponent:
    """Step 6: what a location is said of."""
    return _step("attachment")


def make_participation(nlp: Language, name: str) -> StepComponent:
    """Step 6: what a physician did or directed."""
    return _step("participation")


def make_attribution(nlp: Language, name: str) -> StepComponent:
    """Step 6: which study a mention belongs to."""
    return _step("attribution")


def make_facts(nlp: Language, name: str) -> FactsComponent:
    """Step 7: facts per study and evidence."""
    from .pipe import FactsComponent

    return FactsComponent()


def make_nlp3d(
    nlp: Language, name: str, profile: str, date_of_service: str | None, spans_key: str, extension: str, pack: Pack, scorer: Scorer | None
) -> Nlp3d:
    """All steps that have not run, the rules and the answer."""
    from .pipe import Nlp3d

    _require(nlp)
    return Nlp3d(profile, date_of_service, spans_key, extension, pack, scorer)


def _require(nlp: Language) -> None:
    """Name this release among what the pipeline requires, so that a package of it does: spaCy finds that out by itself only for
    distributions that are made with setuptools."""
    from .pipeline import versions

    required = nlp.meta.setdefault("requirements", [])
    if not any(_OURS.match(line) for line in required):
        required.append(f"nlp3d{get_minor_version_range(versions()['nlp3d'])}")


registry.misc("nlp3d.Pack.v1", func=make_pack)
registry.scorers("nlp3d.scorer.v1", func=make_scorer)
Language.factory("nlp3d_mentions", assigns=["doc.spans"], func=make_mentions)
Language.factory("nlp3d_sections", func=make_sections)
Language.factory("nlp3d_studies", func=make_studies)
Language.factory("nlp3d_assertion", func=make_assertion)
Language.factory("nlp3d_attachment", func=make_attachment)
Language.factory("nlp3d_participation", func=make_participation)
Language.factory("nlp3d_attribution", func=make_attribution)
Language.factory("nlp3d_facts", func=make_facts)
for _factory, _assigns in (("nlp3d", ["doc.spans", "doc._.nlp3d"]), ("nlp3d_suggestion", ["doc._.nlp3d"])):
    Language.factory(
        _factory,
        assigns=_assigns,
        default_config=DEFAULTS,
        default_score_weights={"spans_nlp3d_f": 1.0, "spans_nlp3d_p": 0.0, "spans_nlp3d_r": 0.0, "spans_nlp3d_per_type": None},
        func=make_nlp3d,
    )


def load(profile: str = "strict", date_of_service: str | None = None) -> Language:
    """A blank English pipeline with a component a step. `nlp3d.make_doc` makes its Docs from texts that spaCy would choke on.

    Raises `Nlp3dError` for an unknown profile or date."""
    nlp = blank("en")
    for factory in FACTORIES[:-1]:
        nlp.add_pipe(factory)
    nlp.add_pipe(FACTORIES[-1], config={"profile": profile, "date_of_service": date_of_service})
    assert nlp.get_pipe(FACTORIES[-1]).profile  # raises now, not with the first Doc
    return nlp
