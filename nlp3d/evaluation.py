"""How well answers meet annotated reports: codes, facts by value, evidence, offsets.

Most reports support no code, so accuracy alone flatters: codes found, false codes among near misses, and rare values come first. The
worst error is a false code: one where the reference has none or the other one. A mention finds a quote when it overlaps it and is not
longer than three times the quote plus 20 characters. Answers are the JSON of `Suggestion.to_dict`, strict profile, full detail.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import error
from .readers import unreadable

Line = Mapping[str, Any]
Span = tuple[int, int]
Pairs = Mapping[str, Sequence[tuple[Any, Any]]]

FACTS = ("base", "technique", "location", "supervision", "interpretation", "output", "automatic", "outside")
FAMILIES = ("technique", "location", "supervision")
_WITHOUT_RENDERING = ("base", "technique")
_EASY = ("no_3d_rendering",)  # everything else without a code is a near miss
_NO_EVIDENCE = ("no_3d_rendering", "not_tomographic", "base_includes_3d")
_OF_A_STUDY = ("base", "technique", "location", "supervision", "code")
_TALLIES = (
    "reports", "unanswered", "gold_codes", "found", "given", "false", "near", "false_near", "multi", "multi_ok", "passages", "passages_ok",
    "distractors", "distractor_counted", "distractor_seen",
)  # fmt: skip
_UNANSWERED: Line = {"code": None, "reason": None, "studies": [], "evidence": []}


@dataclass(frozen=True, slots=True)
class Score:
    """The figures, by name, and the reports that went wrong: id and what."""

    summary: Mapping[str, Any]
    errors: tuple[tuple[str, str], ...]


def lines_of(paths: Iterable[Path]) -> list[Line]:
    """The annotated reports of files, and of folders that hold some, in order. Raises `Nlp3dError` with the line."""
    lines: list[Line] = []
    for path in paths:
        for file in sorted(path.glob("*.jsonl")) if path.is_dir() else [path]:
            lines += _read(file)
    if not lines:
        raise error("gold_empty")
    return lines


def answered(gold: Iterable[Line]) -> dict[str, Line]:
    """Our answers to annotated reports by id."""
    from .pipeline import answer
    from .record import Record

    return {line["id"]: answer(Record.of(line)).to_dict() for line in gold}


def score(gold: Iterable[Line], answers: Mapping[str, Line]) -> Score:
    """What is right of the answers; a report without an answer counts as answered with nothing."""
    tally: Counter[str] = Counter()
    pairs: dict[str, list[tuple[Any, Any]]] = {fact: [] for fact in FACTS}
    errors: list[tuple[str, str]] = []
    for line in gold:
        answer = answers.get(line["id"]) or _UNANSWERED
        tally["unanswered"] += line["id"] not in answers
        wrong = _facts(line, answer, pairs)
        _offsets(line, answer, tally)
        if line.get("passage"):
            tally["passages"] += 1
            tally["passages_ok"] += not wrong
        else:
            _evidence(line, answer, tally)
            wrong = _report(line, answer, tally, wrong)
        if wrong:
            errors.append((line["id"], "; ".join(wrong)))
    return Score(_summary(tally, pairs), tuple(errors))


def wilson(right: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % Wilson interval of a share."""
    if not of:
        return 0.0, 1.0
    share, scale = right / of, 1 + z * z / of
    middle = (share + z * z / (2 * of)) / scale
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / scale
    return max(0.0, middle - half), min(1.0, middle + half)


def report(result: Score, most: int) -> str:
    """The figures for a person, and the first reports that went wrong."""
    s = result.summary
    told = [f"reports {s['reports']}  passages {s['passages']}  unanswered {s['unanswered']}  offset errors {s['offset_errors']}"]
    if s["reports"]:
        found, false = ("[{:.3f}, {:.3f}]".format(*s[name]) for name in ("found_ci", "false_near_ci"))
        told += [
            f"codes found {s['found']} of {s['gold_codes']} {found}",
            f"false codes {s['false']} of {s['given']} given; {s['false_near']} of {s['near']} near misses {false}",
            f"code {s['code_accuracy']:.3f}  code and reason {s['reason_accuracy']:.3f}",
            f"reports with several studies all right {s['multi_ok']} of {s['multi']}",
            f"evidence recall {s['evidence_recall']:.3f}  precision {s['evidence_precision']:.3f}",
            f"distractors {s['distractors']}: counted {s['distractor_counted']}, shown as not counted {s['distractor_seen']}",
        ]
    if s["passages"]:
        told.append(f"passages with all facts right {s['passages_ok']} of {s['passages']}")
    for fact, (share, of) in s["facts"].items():
        told.append(f"{fact:15}{share:.3f} of {of}")
        for value, (right, times, given) in sorted(s["values"][fact].items(), key=lambda one: (-one[1][1], one[0])):
            told.append(f"    {value:14} {right} of {times}" + (f"  (and {given - right} times wrongly)" if given > right else ""))
    if result.errors and most:
        told += [f"wrong: {len(result.errors)}, the first {min(most, len(result.errors))}:"]
        told += [f"    {name}  {what}" for name, what in result.errors[:most]]
    return "\n".join(told) + "\n"


def _read(file: Path) -> Iterator[Line]:
    try:
        raw = file.read_bytes().decode("utf-8-sig", "replace")
    except OSError as problem:
        raise unreadable(problem) from None
    for number, text in enumerate(raw.split("\n"), 1):
        if text.strip():
            yield _line(text, f"line {number}")


def _line(text: str, where: str) -> Line:
    try:
        line: dict[str, Any] = json.loads(text)
        whole = isinstance(line["id"], str) and isinstance(line["text"], str) and isinstance(line["studies"][0], dict)
        if whole and (line.get("passage") or {"code", "reason"} <= line.keys()):
            return line
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        pass
    raise error("gold_line", where)


def _deciding(line: Line) -> Mapping[str, Any]:
    """The study that gave the answer (the first one where several did)."""
    same = (s for s in line["studies"] if s.get("code") == line.get("code") and s.get("reason") == line.get("reason"))
    return next(same, line["studies"][0] if line["studies"] else {})


def _facts(line: Line, answer: Line, pairs: Mapping[str, list[tuple[Any, Any]]]) -> list[str]:
    """Compare the facts of the deciding studies; where nothing was rendered there is nothing to locate or supervise."""
    wanted, given = _deciding(line), _deciding(answer)
    wrong = []
    for fact in FACTS:
        if fact in wanted and (fact in _WITHOUT_RENDERING or wanted.get("technique") != "none"):
            pairs[fact].append((wanted[fact], given.get(fact)))
            if given.get(fact) != wanted[fact]:
                wrong.append(f"{fact} {wanted[fact]} -> {given.get(fact)}")
    return wrong


def _report(line: Line, answer: Line, tally: Counter[str], wrong: list[str]) -> list[str]:
    """Count code and reason of a report, and its studies where they are several; what is wrong of code and reason, facts behind."""
    right = answer["code"] == line["code"]
    reason = right and answer["reason"] == line["reason"]
    near = line["code"] is None and line["reason"] not in _EASY
    tally["reports"] += 1
    tally["code_ok"] += right
    tally["reason_ok"] += reason
    tally["gold_codes"] += line["code"] is not None
    tally["found"] += line["code"] is not None and right
    tally["given"] += answer["code"] is not None
    tally["false"] += answer["code"] is not None and not right
    tally["near"] += near
    tally["false_near"] += near and answer["code"] is not None
    if len(line["studies"]) > 1:
        tally["multi"] += 1
        tally["multi_ok"] += _studies(line) == _studies(answer)
    if reason:
        return []
    return [f"{line['code'] or 'no code'} {line['reason']} -> {answer['code'] or 'no code'} {answer['reason']}", *wrong]


def _studies(line: Line) -> list[tuple[str, ...]]:
    return sorted(tuple(str(study.get(fact)) for fact in _OF_A_STUDY) for study in line["studies"])


def _in_text(answer: Line) -> list[Mapping[str, Any]]:
    return [mention for mention in answer.get("evidence", []) if mention.get("field", "text") == "text"]


def _offsets(line: Line, answer: Line, tally: Counter[str]) -> None:
    tally["span_bad"] += sum(line["text"][m["start"] : m["end"]] != m["text"] for m in _in_text(answer))


def _evidence(line: Line, answer: Line, tally: Counter[str]) -> None:
    """Count quotes found, mentions that are right, and what became of the distractors."""
    counted = [((m["start"], m["end"]), m["concept"].split(".")[0]) for m in _in_text(answer) if m.get("counts")]
    seen = [(m["start"], m["end"]) for m in answer.get("evidence", []) if not m.get("counts") and m.get("start") is not None]
    right = {family: list(_quotes(line, family, rendered=True)) for family in FAMILIES}
    if line["code"] or line["reason"] not in _NO_EVIDENCE:
        for family in FAMILIES:
            mine = [span for span, of in counted if of == family]
            tally["ev_gold"] += len(right[family])
            tally["ev_found"] += sum(_hit(mine, places) for places in right[family])
            tally["ev_pred"] += len(mine)
            tally["ev_right"] += sum(any(_hit([span], places) for places in right[family]) for span in mine)
    counting = [place for family in FAMILIES for places in right[family] for place in places]
    for places in _quotes(line, "distractor", rendered=False):
        if _hit(places, counting):
            continue  # overlaps something that does count
        tally["distractors"] += 1
        tally["distractor_counted"] += _hit([span for span, _ in counted], places)
        tally["distractor_seen"] += _hit(seen, places)


def _quotes(line: Line, family: str, *, rendered: bool) -> Iterator[list[Span]]:
    """The places of each quote of a family, of the rendered studies or of all."""
    for study in line["studies"]:
        if study.get("technique") != "none" or not rendered:
            for quote in study.get("quotes", {}).get(family, []):
                if places := _places(line["text"], quote):
                    yield places


def _places(text: str, quote: str) -> list[Span]:
    places, at = [], text.find(quote)
    while at >= 0:
        places.append((at, at + len(quote)))
        at = text.find(quote, at + 1)
    return places


def _hit(spans: Iterable[Span], places: Sequence[Span]) -> bool:
    """Whether a span finds one of the places."""
    return any(a < d and c < b and b - a <= 3 * (d - c) + 20 for a, b in spans for c, d in places)


def _summary(tally: Counter[str], pairs: Pairs) -> dict[str, Any]:
    reports = max(1, tally["reports"])
    return {
        **{name: tally[name] for name in _TALLIES},
        "found_ci": wilson(tally["found"], tally["gold_codes"]),
        "false_near_ci": wilson(tally["false_near"], tally["near"]),
        "code_accuracy": tally["code_ok"] / reports,
        "reason_accuracy": tally["reason_ok"] / reports,
        "facts": {fact: (sum(a == b for a, b in of) / len(of), len(of)) for fact, of in pairs.items() if of},
        "values": {fact: _by_value(of) for fact, of in pairs.items() if of},
        "evidence_recall": tally["ev_found"] / max(1, tally["ev_gold"]),
        "evidence_precision": tally["ev_right"] / max(1, tally["ev_pred"]),
        "offset_errors": tally["span_bad"],
    }


def _by_value(pairs: Iterable[tuple[Any, Any]]) -> dict[str, tuple[int, int, int]]:
    """For each value of a fact: how often it was right, wanted and given."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for wanted, given in pairs:
        counts[str(wanted)][0] += wanted == given
        counts[str(wanted)][1] += 1
        counts[str(given)][2] += 1
    return {value: (right, times, answers) for value, (right, times, answers) in counts.items()}
