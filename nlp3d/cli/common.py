"""What several commands share."""

from __future__ import annotations

EXIT_INTERNAL, EXIT_USAGE, EXIT_IO = 1, 2, 4
USAGE_ERRORS = frozenset({"profile_unknown", "date_of_service", "record_date", "base_unknown", "two_inputs", "rule_unknown", "concept_unknown"})


def span(start: object, end: object) -> str:
    """A stretch of time in words."""
    return f"{start or 'always'} to {end or 'now'}"
