"""What the JSON API takes: the bodies of its requests, checked for kind and size. What they mean is checked where it is used."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..decisions.corrections import Corrections
from ..decisions.model import ACTIONS, CODE_VALUES
from ..facts import GROUPS
from ..readers import MAX_CHARS
from ..record import Record

_Name = Annotated[str, Field(max_length=300)]
_Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="As 2026-11-23.")]
_Place = Annotated[int, Field(ge=0, le=MAX_CHARS)]
_Study = Annotated[int, Field(ge=0, le=1000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, strict=True)


class FactBody(_Body):
    """A fact as the coder knows it."""

    study: _Study
    fact: Annotated[str, Field(max_length=40)]
    value: bool | Annotated[str, Field(max_length=40)]


class MarkBody(_Body):
    """Words that count, or do not; offsets are Unicode code points of the text."""

    study: _Study
    start: _Place
    end: _Place
    concept: Annotated[str, Field(max_length=80)]
    counts: bool
    about: Annotated[str, Field(max_length=40, description="What words that do not count are about: planar, viewing.")] = ""


class CorrectionsBody(_Body):
    """What a coder corrects in a reading."""

    facts: Annotated[list[FactBody], Field(max_length=200)] = []
    marks: Annotated[list[MarkBody], Field(max_length=500)] = []

    def made(self) -> Corrections:
        """The corrections themselves."""
        return Corrections.of(self.model_dump())


class SuggestBody(_Body):
    """A report, what is known apart from its text, and the profile."""

    text: Annotated[str, Field(max_length=MAX_CHARS, description="The report.")]
    id: _Name | None = None
    accession: _Name | None = None
    title: _Name | None = None
    base: Literal[GROUPS] | None = None  # type: ignore[valid-type]
    date_of_service: _Day | None = None
    modality: _Name | None = None
    site: _Name | None = None
    reader: _Name | None = None
    version: _Name | None = None
    billed_code: _Name | None = None
    profile: _Name | None = None
    corrections: CorrectionsBody = CorrectionsBody()

    def record(self) -> Record:
        """The record of the request. Raises `Nlp3dError` for a date that is none."""
        return Record.of(self.model_dump(exclude={"profile", "corrections"}))


class BeforeBody(_Body):
    """The profile and date of service that were asked before."""

    profile: _Name
    date_of_service: _Day | None = None


class AnswerBody(SuggestBody):
    """A report for the page; `before` asks what the new profile or date changed."""

    before: BeforeBody | None = None


class DecideBody(_Body):
    """Facts of one study or several, for the rules alone."""

    facts: Annotated[list[dict[str, str | bool | int | list[str] | None]], Field(min_length=1, max_length=50)]
    date_of_service: _Day | None = None
    profile: _Name | None = None


class ItemBody(_Body):
    """A report of the worklist, by its number, with what the coder knows and corrects. Fields left out are those of the record."""

    number: Annotated[int, Field(ge=0, le=10_000_000)]
    title: _Name | None = None
    base: Literal[GROUPS] | None = None  # type: ignore[valid-type]
    date_of_service: _Day | None = None
    profile: _Name | None = None
    corrections: CorrectionsBody = CorrectionsBody()
    before: BeforeBody | None = None


class FilterBody(_Body):
    """Which reports of the worklist; all where nothing is given."""

    reason: _Name | None = None
    flag: _Name | None = None
    reader: _Name | None = None
    month: Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")] | None = None
    state: Literal["open", "decided", "held"] | None = None
    after: Annotated[int, Field(ge=-1, le=10_000_000)] = -1
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class DecisionBody(_Body):
    """What a coder decides on a report: one of the worklist (`number`), or the one in `report`."""

    key: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$", description="A UUID made by the sender; the same key is recorded once.")]
    action: Literal[ACTIONS]  # type: ignore[valid-type]
    code: Literal[CODE_VALUES] | None = None  # type: ignore[valid-type]
    reason: Annotated[str, Field(max_length=40)] | None = None
    reviewer: Annotated[str, Field(min_length=1, max_length=100)]
    note: Annotated[str, Field(max_length=500)] = ""
    follows: Annotated[int, Field(ge=1)] | None = None
    item: ItemBody | None = None
    report: SuggestBody | None = None


class Coding(_Body):
    """A code of a list, as CDS Hooks writes it."""

    code: Annotated[str, Field(max_length=40)]
    system: Annotated[str, Field(max_length=200)] | None = None
    display: _Name | None = None


class OverrideReason(_Body):
    """Why a suggestion was not taken."""

    reason: Coding | None = None
    userComment: Annotated[str, Field(max_length=500)] | None = None


class Accepted(_Body):
    """A suggestion that was taken."""

    id: _Name


class Extension(_Body):
    """What CDS Hooks leaves open: who decided, and the further choices."""

    decision: DecisionBody


class Feedback(_Body):
    """One entry of a feedback body: `card` is the key of the decision."""

    card: _Name
    outcome: Literal["accepted", "overridden"]
    acceptedSuggestions: Annotated[list[Accepted], Field(max_length=10)] = []
    overrideReason: OverrideReason | None = None
    outcomeTimestamp: Annotated[str, Field(max_length=40)] | None = None
    extension: Extension


class FeedbackBody(_Body):
    """A CDS Hooks feedback body."""

    feedback: Annotated[list[Feedback], Field(min_length=1, max_length=20)]
