"""`--no-text`: a row without a word of the report; offsets, concepts, codes and the rules' own sentences stay."""

from __future__ import annotations

from typing import Any


def without_words(row: dict[str, Any]) -> dict[str, Any]:
    """The row with every word that stems from the report or its title blanked: in evidence and its reasons, names of studies,
    questions and the title. Keys and types stay as they are."""
    blank = dict(row)
    blank["studies"] = [{**study, "name": ""} for study in row["studies"]]
    if "evidence" in row:
        blank["evidence"] = [{**mention, "text": "", "why": ""} for mention in row["evidence"]]
        blank["queries"] = [{**query, "text": ""} for query in row["queries"]]
    blank["record"] = {**row["record"], "title": None}
    return blank
