"""Decisions out: for an auditor (JSON lines or a table), as gold where facts were corrected, as codes for evaluation."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..facts import Reading, StudyFacts
from ..pipeline import read
from ..record import Record
from ..text import sanitize
from .chain import Entry
from .corrections import FAMILIES, Corrections, corrected
from .store import report_of

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\x00")
_COLUMNS = (
    "seq", "recorded_at", "reviewer", "action", "code", "reason", "note", "id", "accession", "suggested_code", "suggested_reason", "profile",
    "date_of_service", "edition", "corrected", "nlp3d", "rules_sha256", "vocabulary_sha256", "text_sha256", "sha256",
)  # fmt: skip
_GOLD_FACTS = ("technique", "location", "supervision", "interpretation", "output", "automatic", "outside")


def jsonl(entries: Iterable[Entry]) -> Iterator[str]:
    """A line an entry, with the hashes of the chain: such a file can be verified by itself."""
    for entry in entries:
        yield json.dumps(entry.to_dict(), ensure_ascii=False, separators=(",", ":")) + "\n"


def table(entries: Iterable[Entry]) -> Iterator[str]:
    """CSV with a head; cells that a spreadsheet would take for a formula begin with an apostrophe."""
    yield _row(_COLUMNS)
    for entry in entries:
        d = entry.decision
        s = d["suggestion"]
        yield _row(
            (
                entry.seq, entry.recorded_at, d["reviewer"], d["action"], d["code"], d["reason"], d["note"], d["record"]["id"],
                d["record"]["accession"], s["code"], s["reason"], s["profile"], d["given"]["date_of_service"], s["edition"]["date"],
                "yes" if d["corrected"] else "no", d["versions"].get("nlp3d"), s["edition"]["sha256"], d["versions"].get("vocabulary_sha256"),
                d["text_sha256"], entry.sha256,
            )
        )  # fmt: skip


def _row(cells: Iterable[Any]) -> str:
    out = io.StringIO()
    shown = ["" if cell is None else str(cell) for cell in cells]
    csv.writer(out, lineterminator="\n").writerow(f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in shown)
    return out.getvalue()


def gold(entries: Iterable[Entry], records: Mapping[str, Record]) -> Iterator[dict[str, Any]]:
    """A line as in data/gold for each report whose facts were corrected and then accepted or changed; the last decision counts.

    The words come from `records` (by hash of the text): a store holds none. Reports that are not there are left out."""
    for entry in _last(entries):
        d = entry.decision
        record = records.get(d["text_sha256"])
        if not d["corrected"] or d["action"] not in ("accept", "change") or record is None:
            continue
        text = sanitize(record.text).text
        known = Record.of({**d["given"], "text": text})
        reading = corrected(read(known), text, Corrections.of(d["corrections"]))
        answers = {study["index"]: study for study in d["corrected"]["studies"]}
        studies = [_gold_study(study, answers.get(study.index, {}), reading) for study in reading.studies]
        yield _line(entry, text, studies, d["corrected"]["reason"] if d["code"] == d["corrected"]["code"] else _reason(d["code"]))


def codes(entries: Iterable[Entry], records: Mapping[str, Record]) -> Iterator[dict[str, Any]]:
    """A line with the final code, and no facts, for each report that was accepted or changed; good for evaluation only."""
    for entry in _last(entries):
        d = entry.decision
        record = records.get(d["text_sha256"])
        if d["action"] in ("accept", "change") and record is not None:
            shown = d["corrected"] or d["suggestion"]
            same = d["code"] == shown["code"]
            yield _line(entry, sanitize(record.text).text, [{}], shown["reason"] if same else _reason(d["code"]))


def _last(entries: Iterable[Entry]) -> list[Entry]:
    return sorted({report_of(dict(entry.decision)): entry for entry in entries}.values(), key=lambda entry: entry.seq)


def _reason(code: str | None) -> str:
    """A reason where the coder's code is not that of the facts: a code is supported, and why there is none was not said."""
    return "supported" if code else "not_said"


def _line(entry: Entry, text: str, studies: list[dict[str, Any]], reason: str) -> dict[str, Any]:
    d = entry.decision
    return {
        "id": d["record"]["id"] or f"decision-{entry.seq}",
        "writer": d["reviewer"],
        "text": text,
        "title": d["given"]["title"],
        "date_of_service": d["given"]["date_of_service"],
        "studies": studies,
        "code": d["code"],
        "reason": reason,
    }


def _gold_study(study: StudyFacts, answer: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    quotes: dict[str, list[str]] = {family: [] for family in (*FAMILIES, "base", "distractor")}
    for mention in reading.evidence:
        family = mention.concept.partition(".")[0]
        if mention.field == "text" and (study.index in mention.studies or not mention.studies):
            kind = family if mention.counts else "distractor"
            if kind in quotes and mention.text not in quotes[kind]:
                quotes[kind].append(mention.text)
    facts = {name: getattr(study, name) for name in _GOLD_FACTS}
    found = {name: answer.get(name) for name in ("base", "code", "reason")}
    return {"name": study.name, "base": found["base"], **facts, "quotes": quotes, "code": found["code"], "reason": found["reason"]}
