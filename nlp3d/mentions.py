"""Step 2, mentions: every phrase that matters, with its concept, found once over the raw text. Decides nothing about it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from itertools import accumulate

from .matching import Match, Matcher, longest
from .report import Mention, Report
from .three_d import ThreeD
from .vocabulary.model import Vocabulary, load_vocabulary

_MILLIMETRES = re.compile(r"\b(\d{1,2}(?:\.\d)?)\s*-?\s*mm\b", re.I)
_THIN = re.compile(r"\b(?:thin|axial|ax)\b", re.I)
_THICK = re.compile(r"\b(?:thick|rotat\w*|oblique\w*|radial|3\s*-?d|three\W?d\w*|spin\w*|cine|whole|full|volum\w*|tumbl\w*|surface|multiple angles|projections)\b", re.I)
_THIN_SLAB = re.compile(r"\bthin\W{0,2}(?:slab|slice|section)?", re.I)
_INTO = re.compile(r"\s+(?:in|into|as)\s+(?=3|three|tri)", re.I)
_SEPARATE = re.compile(r"[,;.:()]|\band\b|\bplus\b|\bwith\b|\bas well\b|&|\+", re.I)


class Mentions:
    """The matcher over the evidence families, with what "3D" means in its place and which MIPs are thin."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.matcher = Matcher(vocabulary.mentions, sets=4)
        self.three_d = ThreeD(vocabulary)

    def __call__(self, report: Report) -> Report:
        """Fill `report.mentions`, sorted by place; overlaps of different families are kept, within a family the longest wins."""
        text = report.plain
        found = self.matcher.find(report.encoded)
        three = self.three_d.find(report.encoded)
        by_family: dict[str, list[Match]] = {}
        for match in found:
            by_family.setdefault(match.concept.split(".", 1)[0], []).append(match)
        technique = [self._thin(text, m) for m in by_family.pop("technique", [])]
        _inherit(text, technique)
        by_family["technique"] = _merge(text, technique, [m for m in three if m.concept.startswith("technique")])
        by_family.setdefault("acquisition", []).extend(m for m in three if m.concept.startswith("acquisition"))
        by_family["location"] = _places(by_family.get("location", []))
        matches = [m for group in by_family.values() for m in longest(group)]
        matches.sort(key=lambda m: (m.start, -m.end))
        report.mentions = [Mention(m.concept, m.start, m.end, m.kind, m.product) for m in _without_shadowed(matches)]
        for mention in report.mentions:
            mention.sentence = report.sentence_at(mention.start)
        return report

    @staticmethod
    def _thin(text: str, match: Match) -> Match:
        """A MIP said to be thin, axial or up to 10 mm, and nothing of rotating, oblique or thicker, leaves it open (ANNOTATION)."""
        if match.concept != "technique.mip":
            return match
        before = text[max(0, match.start - 48) : match.start]
        before = before[max((m.end() for m in re.finditer(r"[;.:()]|\n\s*\n|,\s|\bwith\b|\bplus\b", before)), default=0) :]
        after = text[match.end : match.end + 40]
        stop = re.search(r"[.;()]|\n\s*\n|\band\b|\bwith\b|, (?!\d|axial|thin)", after, re.I)
        after = after[: stop.start()] if stop else after
        near = before + " " + after
        sizes = [float(m) for m in _MILLIMETRES.findall(near)]
        if any(size > 10 for size in sizes) or _THICK.search(near):
            return match
        close = before.rsplit(" and ", 1)[-1]
        if any(size <= 10 for size in sizes) or _THIN.search(close) or re.search(r"\baxial\b|\bthin\b", after, re.I):
            match.concept = "technique.weak_thin_mip"
        return match


def _inherit(text: str, technique: list[Match]) -> None:
    """"Those MIPs" after thin ones are the thin ones, unless they are said to be rotating, thick or oblique."""
    first = next((m for m in sorted(technique, key=lambda m: m.start) if m.concept in ("technique.mip", "technique.weak_thin_mip")), None)
    if first is None or first.concept != "technique.weak_thin_mip":
        return
    for match in technique:
        if match.concept == "technique.mip" and not _THICK.search(text[max(0, match.start - 30) : match.end + 20]):
            match.concept = "technique.weak_thin_mip"


def _merge(text: str, named: list[Match], three: list[Match]) -> list[Match]:
    """"3D" and a technique beside or over it are one mention; a named technique decides what it is."""
    named = longest(named)
    out = list(named)
    starts = [n.start for n in named]
    for match in three:
        beside = None
        for n in reversed(named[: bisect_right(starts, match.end + 1)]):
            if match.start > n.end + 1 + len(into[0] if (into := _INTO.match(text, n.end)) else ""):
                break  # what ends further before stands no closer
            if not _SEPARATE.search(text[min(match.end, n.end) : max(match.start, n.start)]):
                beside = n
        if beside is None:
            out.append(match)
            continue
        beside.start, beside.end = min(beside.start, match.start), max(beside.end, match.end)
        if beside.concept == "technique.weak_thin_mip" and not _THIN.search(text, beside.start, beside.end):
            beside.concept = "technique.mip"
        if beside.concept == "technique.weak_volumetric_reformats" and re.search(r"recon", text[beside.start : beside.end], re.I):
            beside.concept = "technique.three_d"
    return out


def _places(matches: list[Match]) -> list[Match]:
    """A bare "station" within a product or a named kind of place says nothing of its own."""
    named = [m for m in matches if m.concept in ("location.workstation", "location.scanner", "location.no_workstation")]
    matches = [m for m in matches if m.concept != "location.scanner" or not any(n.concept == "location.workstation" and n.product and m.start < n.start and n.end <= m.end + 1 for n in matches)]
    vague = ("location.plain_workstation", "location.viewing_station")
    return [m for m in matches if m.concept not in vague or not any(m.start < n.end and n.start < m.end and (n.product or m.name == "plain_workstation") for n in named)]


def _without_shadowed(matches: list[Match]) -> list[Match]:
    """Drop reformats and acquisitions that lie within a technique mention, and places within longer statements of the same family."""
    techniques = _Cover([m for m in matches if m.concept.startswith("technique")])
    places = _Cover([m for m in matches if m.concept.startswith("location") and _names_place(m)])
    return [
        m
        for m in matches
        if not (m.concept.startswith(("reformat", "acquisition")) and techniques.over(m.start + 1, m.end))
        and not (m.concept.startswith("technique") and places.over(m.start, m.end))
    ]


class _Cover:
    """Stretches sorted by where they begin, asked whether one that begins before a place reaches to another."""

    def __init__(self, matches: list[Match]) -> None:
        self.starts = [m.start for m in matches]
        self.reach = [*accumulate((m.end for m in matches), max)]

    def over(self, before: int, end: int) -> bool:
        """Whether a stretch that begins before `before` reaches to `end`."""
        earlier = bisect_left(self.starts, before)
        return earlier > 0 and self.reach[earlier - 1] >= end


def _names_place(match: Match) -> bool:
    return match.concept in ("location.workstation", "location.no_workstation", "location.pacs") and not match.product


@lru_cache(maxsize=1)
def default_mentions() -> Mentions:
    """The step over the vocabulary of the package."""
    return Mentions(load_vocabulary())
