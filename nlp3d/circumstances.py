"""Step 7, facts: what became of the rendering, whether software made it by itself, and whose data it shows."""

from __future__ import annotations

import re

from .cues import Cues
from .facts import Output
from .matching import Sieve
from .report import Mention, Report

_MESH = re.compile(r"\b(?:stl|obj|surface mesh|mesh file|mesh model|3mf|surface meshes|mesh)\b")
_PRINT = re.compile(r"\b(?:(?:3-?d[- ]?)?print(?:ed|ing|out)?s?|3-?d[- ]printer)\b")
_MADE_OF = ("print", "mesh", "stl", "obj", "3mf")
_NO_PICTURES = re.compile(r"\bno\s+(?:[\w-]+\s+){0,3}$")
_NOT_PRINTED = re.compile(r"\b(?:no|not|nothing|never|without|none|un)\s*(?:\w+\s+){0,3}$")
_PICTURES = re.compile(r"\b(?:view|views|image|images|picture|pictures|rendering|renderings|rendered|mip|mips|cine|spin|spins|display|displays|snapshot\w*|stills?|projection\w*|screen|captures?|rotat\w*|volume[- ]render\w*|vrt?|movie|pacs)\b")
_AUTOMATIC_NOT = re.compile(r"\b(?:not|no|never|nothing|non|semi|rather than|instead of)[\s-]+(?:\w+\s+){0,2}$")
_DOES = re.compile(r"\b(?:made|makes|generat\w*|produc\w*|creat\w*|render\w*|segment\w*|built|builds|drew|draws|put|puts|ran|runs|did|does|outlin\w*|pick\w*|labell?\w*|colou?r\w*)\s+(?:\w+\s+){0,4}$")
_OUTSIDE_DATA = re.compile(
    r"\b(?:outside|o\.?s\.?h\.?|\[outside[\w ]*\]|\[osh\]|another (?:hospital|institution|facility)|other (?:hospital|institution|facility)|referring (?:hospital|facility|site|institution)|transferring (?:hospital|facility|institution|site)|elsewhere|imported|community hospital)(?:['’]s)?\s+(?:\w+[\s-]+){0,4}(?:ct|mri?|dataset|data|study|exam\w*|scan|images|series|disc|disk|cd)\b|\b(?:ct|mri?|scan|study|data\w*|images|exam\w*|series)\b[^.;]{0,50}\b(?:(?:done|performed|obtained|acquired|made|scanned|from|at|by)\s+(?:\w+\s+){0,3}(?:outside|\[outside|\[osh|osh\b|another (?:hospital|institution|facility)|the (?:referring|transferring|other) (?:hospital|facility|institution|site))|elsewhere\b)|no (?:new |further )?(?:scan\w*|imaging|study|images) (?:was |were )?(?:repeated|performed|obtained|done|acquired) here|no new scan\w*|not (?:been )?(?:re-?)?scanned (?:again|here)|rescanned here:? \W*no|outside (?:study|exam\w*|ct|mri?|scan)\b",
)
_OUTSIDE_SIEVE = Sieve(_OUTSIDE_DATA)
_REFERRED = re.compile(r"\b(?:thank you|asking (?:us|me)|was suspected|were suspected|referred (?:for|because|after|with))\b")
_COMPARED = re.compile(r"\b(?:compar\w+|unlike|versus|since|relative to)\W+(?:\w+\W+){0,4}$")
_REPROCESS = re.compile(r"\bre-?process\w*|\bno new scan\w*|\bnot (?:been )?scanned again|rescanned here")


def output_of(report: Report, counted: list[Mention]) -> Output:
    """Images, unless the sentences round the rendering speak of a printed model or a surface file and of no images."""
    text = report.low
    sentences = {s for m in counted for s in (m.sentence - 1, m.sentence, m.sentence + 1) if s >= 0}
    pictured = any(_PICTURES.search(text[m.start : m.end]) and _NO_PICTURES.search(text, max(0, m.start - 40), m.start) is None for m in counted)
    mesh = printed = False
    if not any(word in text for word in _MADE_OF):
        return "display"
    for index in sentences:
        if index >= len(report.sentences):
            continue
        s = report.sentences[index]
        for found in _PRINT.finditer(text, s.start, s.end):
            if not _NOT_PRINTED.search(text[max(s.start, found.start() - 30) : found.start()]) and not re.search(r"\bto be\b|\bfor\b|\bwill\b", text[max(s.start, found.start() - 12) : found.start()]):
                printed = True
        for found in _MESH.finditer(text, s.start, s.end):
            if not _NOT_PRINTED.search(text[max(s.start, found.start() - 30) : found.start()]):
                mesh = True
    if pictured:
        return "display"
    return "print" if printed else "mesh" if mesh else "display"


def made_automatically(report: Report, cues: Cues, counted: list[Mention]) -> bool:
    """Whether the sentences round the rendering say that software made it."""
    text = report.low
    near = {s for m in counted for s in (m.sentence - 1, m.sentence, m.sentence + 1)}
    for index in sorted(near):
        if not 0 <= index < len(report.sentences):
            continue
        for cue in cues.of(report, index, "agent.software"):
            lead = text[max(report.sentences[index].start, cue.start - 30) : cue.start]
            if _AUTOMATIC_NOT.search(lead) or (text[cue.start : cue.end].lower().endswith("itself") and not _DOES.search(lead)):
                continue
            if any(m.sentence == index for m in counted) or re.search(r"\b(?:model|segment\w*|render\w*|3-?d|output|it|them|they)\b", text[report.sentences[index].start : report.sentences[index].end]):
                return True
    return False


def of_outside_data(report: Report, counted: list[Mention]) -> bool:
    """Whether the data rendered are another institution's or an earlier episode's."""
    text = report.low
    if not _OUTSIDE_SIEVE.passes(report.encoded):
        return False
    for found in _OUTSIDE_DATA.finditer(text):
        section = report.section_at(found.start())
        if section.name in ("comparison", "history", "impression", "recommendation") and not _REPROCESS.search(found[0]):
            continue
        index = report.sentence_at(found.start())
        titled = report.sentences[index].end - report.sentences[index].start < 140
        if (index <= 1 and titled and section.name in ("", "title") and not re.search(r"compar|prior|unlike|suspect|thank|because|found at|seen at", report.low[report.sentences[index].start : report.sentences[index].end])) or re.search(r"\bhere\b", found[0]):
            return True
        sentence = report.sentences[index]
        words = text[sentence.start : sentence.end]
        if _COMPARED.search(text, sentence.start, found.start()) or _REFERRED.search(text, sentence.start, sentence.end):
            continue
        if re.search(r"\b(?:compar\w+|prior|previous|read|report|mentioned|films?|unlike|unavailable|not available)\b", words) and not _REPROCESS.search(words) and not any(m.sentence == index for m in counted):
            continue
        if section.name == "title" or any(abs(m.sentence - index) <= 2 for m in counted):
            return True
    return False
