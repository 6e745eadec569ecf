"""Step 7, facts: what a study's mentions add up to. The closed lists of values are spelled only here.

Nothing in this module knows spaCy or text; rules see these objects and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, cast, get_args

Technique = Literal["performed", "weak", "none"]
Location = Literal["workstation", "scanner", "undocumented", "conflicting"]
Supervision = Literal["concurrent", "personal", "partial", "insufficient", "absent", "denied"]
Output = Literal["display", "mesh", "print"]
Group = Literal[
    "eligible", "cta", "mra", "nuclear", "ct_colonography", "cardiac", "breast", "perfusion", "guidance", "radiotherapy",
    "navigation_bronchoscopy", "non_tomographic", "ambiguous", "unknown",
]  # fmt: skip
Assertion = Literal["performed", "negated", "historical", "outside", "planned", "conditional", "title_only", "template", "failed"]

TECHNIQUES = cast("tuple[Technique, ...]", get_args(Technique))
LOCATIONS = cast("tuple[Location, ...]", get_args(Location))
SUPERVISIONS = cast("tuple[Supervision, ...]", get_args(Supervision))
OUTPUTS = cast("tuple[Output, ...]", get_args(Output))
GROUPS = cast("tuple[Group, ...]", get_args(Group))
ASSERTIONS = cast("tuple[Assertion, ...]", get_args(Assertion))

FLAGS = (
    "cta_without_3d",
    "findings_3d_not_described",
    "contradiction",
    "late_addendum",
    "addendum_by_other_physician",
    "outside_dataset",
    "mesh_output",
    "printed_output",
    "unfilled_template",
    "consumer_viewer",
    "needle_mapping",
    "several_units",
    "excluded_base_in_same_report",
    "base_on_other_accession",
    "date_of_service_unknown",
    "date_after_checked_through",
    "suspicious_token",
)


@dataclass(frozen=True, slots=True)
class StudyFacts:
    """The facts of one examination in a report.

    `procedure` is a concept of the vocabulary (`ct`, `cta.chest`, `mr` ...) or `ambiguous` or `unknown`; `base` is not
    here, since the group of a procedure depends on the date of service and is a rule's result. `caller_base` is the
    group the caller gave, if any. `regions` are body regions named for the study (`spine.cervical`, `chest` ...), used
    to count contiguous studies as one unit. `observed` are flags of `FLAGS` that the reader of the text raises itself.
    `start` and `end` delimit the study's part of the text in code points.
    """

    index: int = 0
    name: str = ""
    start: int = 0
    end: int = 0
    procedure: str = "unknown"
    caller_base: Group | None = None
    technique: Technique = "none"
    location: Location = "undocumented"
    supervision: Supervision = "absent"
    interpretation: bool = False
    output: Output = "display"
    automatic: bool = False
    outside: bool = False
    regions: tuple[str, ...] = ()
    observed: tuple[str, ...] = ()

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> StudyFacts:
        """Facts from plain values, unknown names and values refused (`ValueError`)."""
        legal: dict[str, tuple[Any, ...]] = {
            "technique": TECHNIQUES,
            "location": LOCATIONS,
            "supervision": SUPERVISIONS,
            "output": OUTPUTS,
            "interpretation": (True, False),
            "automatic": (True, False),
            "outside": (True, False),
        }
        known = {f.name for f in fields(cls)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"unknown fact {name!r}; facts are {', '.join(sorted(known))}")
            if name in legal and value not in legal[name]:
                raise ValueError(f"{name} has no value {value!r}; values are {', '.join(map(str, legal[name]))}")
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One mention as an answer shows it: what it says, where, whether it counted and why.

    `concept` is `family.name` (families: technique, location, supervision, base, reformat, acquisition, performer);
    `field` is where it stands: `text`, `title` or `base` (then `start` and `end` are None). Offsets are code points.
    """

    concept: str
    field: Literal["text", "title", "base"]
    text: str
    start: int | None
    end: int | None
    section: str
    studies: tuple[int, ...]
    assertion: Assertion
    counts: bool
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the language steps found in one record: facts per study, the evidence, report-level flags."""

    studies: tuple[StudyFacts, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    flags: tuple[str, ...] = field(default=())
