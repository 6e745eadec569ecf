"""The order of the steps, written once: text, mentions, sections, studies, assertion, attachment, facts; then rules and the answer.

Each step is a plain function over a `Report`; the spaCy components in `components.py` wrap the same functions.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version

from .admission import status_of
from .assertion import default_assertion
from .attachment import default_attachment
from .facts import Reading
from .gathering import default_gather
from .mentions import default_mentions
from .participation import default_participation
from .record import Record
from .report import Report
from .rules.model import Profile
from .sections import default_sections
from .studies import default_attribution, default_studies
from .suggestion import Suggestion, build, unanswered
from .text import sanitize
from .vocabulary.site import digest

# A text with one of these is read whatever else it looks like.
_READ_ANYWAY = ("technique.", "location.", "supervision.")

Step = Callable[[Report], Report]


@lru_cache(maxsize=1)
def steps() -> tuple[tuple[str, Step], ...]:
    """The steps that fill a report, in order, by name."""
    return (
        ("mentions", default_mentions()),
        ("sections", default_sections()),
        ("studies", default_studies()),
        ("assertion", default_assertion()),
        ("attachment", default_attachment()),
        ("participation", default_participation()),
        ("attribution", default_attribution()),
    )


def read(record: Record) -> Reading:
    """The facts and the evidence of one record's text."""
    report = Report(sanitize(record.text).text, title=record.title or "", base=record.base)
    for _, step in steps():
        report = step(report)
    return default_gather()(report)


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Versions that an answer depends on; `site_vocabulary` is the hash of a site's additions, where it has any."""
    try:
        own = version("nlp3d")
    except PackageNotFoundError:
        own = "0"
    added = digest()
    return {"nlp3d": own, "site_vocabulary": added} if added else {"nlp3d": own}


def answer(record: Record, profile: str | Profile = "strict", date_of_service: date | None = None) -> Suggestion:
    """The suggestion for a record. Never raises for any text; `status` says why a text was not read."""
    if not record.text.strip():
        return unanswered(record, "no_text", profile, date_of_service, versions())
    return conclude(record, read(record), profile, date_of_service)


def conclude(record: Record, reading: Reading, profile: str | Profile = "strict", date_of_service: date | None = None) -> Suggestion:
    """The suggestion for a record that was read; a text that is no English report gets a status instead."""
    status = status_of(record.text, any(mention.concept.startswith(_READ_ANYWAY) for mention in reading.evidence))
    if status == "unsupported_language" or (status == "not_a_report" and not reading.evidence):
        return unanswered(record, status, profile, date_of_service, versions())
    return build(record, reading, profile, date_of_service, versions())
