"""What the page shows, worked out from the tally: the template only lays it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from ...rules.load import load_pack
from ...writers._console import visible
from .. import labels
from ..rows import BILLED, NOT_GIVEN, OUTCOMES, Json, ReasonPath
from ..shares import Share
from ..tally import Group, Missing, Tally
from . import charts

_MOST_ROWS = 60  # of a table; what is left out is counted in a last row
_MOST_MONTHS = 36  # more than these are shown by year
_3D = [name for name in OUTCOMES if name not in ("no_3d", "not_read")]
_REPEATED_FROM, _REPEATED_SHARE = 10, 0.8


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a counted list: words, a second line under them, the count, its bar, and what else belongs to it."""

    label: str
    count: int
    bar: Markup
    note: str = ""
    code: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One modality, site or reader (or what is left of them): its figures with the share of CT and MR that carries 3D."""

    name: str
    group: Group
    share: Share
    interval: Markup
    repeated: Share
    at_least: bool
    wording: str

    @property
    def macro(self) -> bool:
        """Whether one statement stands in most of a reader's reports that state anything, and there are enough to say so."""
        return self.repeated.whole >= _REPEATED_FROM and self.repeated.value >= _REPEATED_SHARE


def context(tally: Tally, manifest: Json) -> dict[str, Any]:
    """Everything the template asks for."""
    three_d = sum(tally.outcomes[name] for name in _3D)
    supported = tally.outcomes["76377"] + tally.outcomes["76376"]
    months, by = _months(tally.months)
    return {
        "tally": tally,
        "manifest": manifest,
        "three_d": three_d,
        "supported": supported,
        "questions": sum(missing.questions for missing in tally.missing.values()),
        "zoom": _zoom(tally, three_d),
        "outcomes": _outcomes(tally, three_d),
        "paths": list(_paths(tally)),
        "missing": list(_missing(tally)),
        "billed": [_line(labels.BILLED[n], tally.billed[n], tally.billed, f"k-{n}") for n in BILLED],
        "why": list(_why(tally)),
        "months": months,
        "by": by,
        "month_chart": _month_chart(months, by),
        "modalities": _lines(tally.modalities, tally),
        "sites": _lines(tally.sites, tally),
        "readers": _lines(tally.readers, tally),
        "flags": list(_flags(tally)),
        "quarantine": [_line(labels.words_of(visible(n)), c, tally.quarantined, "k-plain") for n, c in tally.quarantined.most_common()],
        "examples": list(_examples(tally)),
        "swatch": charts.swatch,
        "share": lambda part, whole: Share(part, whole),
        "labels": labels,
        "visible": visible,
        "three_d_kinds": _3D,
        "plain_month": lambda name: name,
    }


def _zoom(tally: Tally, three_d: int) -> Markup:
    whole = (charts.Piece("k-three_d", three_d), *(charts.Piece(f"k-{n}", tally.outcomes[n]) for n in ("no_3d", "not_read")))
    said = "; ".join(f"{labels.OUTCOMES[n]} {tally.outcomes[n]:,}" for n in OUTCOMES)
    return charts.zoom(whole, [charts.Piece(f"k-{n}", tally.outcomes[n]) for n in _3D], f"How {tally.reports:,} reports end: {said}")


def _outcomes(tally: Tally, three_d: int) -> list[Line]:
    most = max((tally.outcomes[name] for name in _3D), default=0)
    return [
        Line(labels.OUTCOMES[n], tally.outcomes[n], charts.bar(tally.outcomes[n], most, f"k-{n}") if n in _3D else Markup(""), labels.OUTCOME_NOTES[n], kind=f"k-{n}")
        for n in OUTCOMES
    ]


def _paths(tally: Tally) -> Iterator[Line]:
    """The reason paths, most frequent first; those without 3D at the end, since they would dwarf the rest."""
    def plain(path: ReasonPath) -> bool:
        return path.status != "answered" or path.reason == "no_3d_rendering"

    most = max((count for path, count in tally.paths.items() if not plain(path)), default=0)
    ordered = sorted(tally.paths.items(), key=lambda item: (plain(item[0]), -item[1], labels.path_label(item[0]), item[0].detail))
    for path, count in ordered:
        drawn = Markup("") if plain(path) else charts.bar(count, most, "k-76377" if path.code == "76377" else "k-76376" if path.code else "k-plain")
        yield Line(labels.path_label(path), count, drawn, labels.words_of(path.detail), path.rule or "")


def _missing(tally: Tally) -> Iterator[tuple[str, str, Missing, Markup]]:
    most = max((missing.reports for missing in tally.missing.values()), default=0)
    for name, (words, supports) in labels.MISSING.items():
        if missing := tally.missing.get(name):
            kind = "k-one_missing" if name.startswith("supervision.") or name == "location" else "k-two_missing" if name == "both" else "k-unclear"
            yield words, supports, missing, charts.bar(missing.reports, most, kind)


def _why(tally: Tally) -> Iterator[tuple[str, str, str, int]]:
    """Why what was billed is not supported, or is another code: the reason paths behind each."""
    for name in ("unsupported", "wrong_one", "missed"):
        found = [(path, count) for (billed, path), count in tally.why.items() if billed == name]
        for path, count in sorted(found, key=lambda item: (-item[1], labels.path_label(item[0]), item[0].detail))[:12]:
            yield labels.BILLED[name], labels.path_label(path), labels.words_of(path.detail), count


def _months(groups: Mapping[str, Group]) -> tuple[list[tuple[str, Group]], str]:
    """The months in order, or the years where there are many; what has no date comes last."""
    by = "month"
    dated = {name: group for name, group in groups.items() if name != NOT_GIVEN}
    if len(dated) > _MOST_MONTHS:
        by = "year"
        years: dict[str, list[Group]] = {}
        for name, group in dated.items():
            years.setdefault(name[:4], []).append(group)
        dated = {year: _together(parts) for year, parts in years.items()}
    lines = sorted(dated.items())
    if NOT_GIVEN in groups:
        lines.append((NOT_GIVEN, groups[NOT_GIVEN]))
    return lines, by


def _month_chart(lines: list[tuple[str, Group]], by: str) -> Markup | None:
    dated = [(name, group) for name, group in lines if name != NOT_GIVEN]
    if not any(group.outcomes[kind] for _, group in dated for kind in _3D):
        return None
    bars = [charts.Column(name, tuple(charts.Piece(f"k-{kind}", group.outcomes[kind]) for kind in _3D)) for name, group in dated]
    return charts.columns(bars, f"Reports with 3D by {by}, by where they end; the figures are in the table below")


def _lines(groups: Mapping[str, Group], tally: Tally) -> list[GroupLine]:
    """The groups with most CT and MR first; further ones together, then those without a name."""
    named = sorted((item for item in groups.items() if item[0] != NOT_GIVEN), key=lambda item: (-item[1].ct_or_mr, -item[1].reports, item[0]))
    shown = named[:_MOST_ROWS]
    if left := named[_MOST_ROWS:]:
        shown.append((f"{len(left)} further", _together(group for _, group in left)))
    if NOT_GIVEN in groups:
        shown.append((NOT_GIVEN, groups[NOT_GIVEN]))
    return [_group_line(name, group, tally) for name, group in shown]


def _group_line(name: str, group: Group, tally: Tally) -> GroupLine:
    share, top = Share(group.rendered, group.ct_or_mr), group.repeated.top()
    hash, count = top or (0, 0)
    return GroupLine(visible(name), group, share, charts.interval(share), Share(count, group.stated), bool(group.repeated.given_up), visible(tally.wording.get(hash, "")))


def _together(groups: Iterable[Group]) -> Group:
    whole = Group()
    for group in groups:
        whole.reports += group.reports
        whole.ct_or_mr += group.ct_or_mr
        whole.rendered += group.rendered
        whole.questions += group.questions
        whole.outcomes.update(group.outcomes)
        whole.billed.update(group.billed)
    return whole


def _flags(tally: Tally) -> Iterator[Line]:
    meanings = load_pack().flags
    most = max(tally.flags.values(), default=0)
    for name, count in sorted(tally.flags.items(), key=lambda item: (-item[1], item[0])):
        meaning = meanings.get(name)
        title, says = (meaning.title, meaning.says) if meaning else (labels.words_of(visible(name)), "")
        yield Line(title, count, charts.bar(count, most, "k-c" if meaning and meaning.review else "k-plain"), says, kind="review" if meaning and meaning.review else "")


def _examples(tally: Tally) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    ordered = sorted(tally.examples.items(), key=lambda item: (-tally.paths[item[0]], labels.path_label(item[0]), item[0].detail))
    for path, kept in ordered:
        shown = [
            {"id": visible(str(e["accession"] or e["id"] or f"row {number}")), "words": [visible(words) for words in e["words"] if words]}
            for number, e in kept.things()
        ]
        if any(example["words"] for example in shown) and path.reason != "no_3d_rendering":
            yield labels.path_label(path) + (f", {labels.words_of(path.detail)}" if path.detail else ""), shown


def _line(label: str, count: int, whole: Counter[str], kind: str) -> Line:
    return Line(label, count, charts.bar(count, max(whole.values(), default=0), kind), kind=kind)
