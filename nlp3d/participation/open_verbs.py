"""Step 6, attachment: deeds told with a verb that no class holds ("I parcelled it out", "the bones I whittled down myself").

Verbs of making have no end, verbs of seeing, saying, wanting and passing on do: those are listed (`act.other` in acts.yaml, and the classes
of viewing, sending, choosing ...). Whatever else a physician does to rendered images is making them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ..cues import FAR

_VERB = re.compile(
    r"(?:\s*\([^)]{0,30}\))?,?\s+(?:(?:have|has|had|also|then|next|first|now|just|simply|both|myself|himself|herself|personally|therefore|[a-z]+ly|in turn),?\s+)*(?!(?:the|and|who|our|for|but|nor|not|too|one|all|any|this|that|with)\b)([a-z]{3,})\b(?:\s+(?:up|out|off|down|together|apart|away|back|round|around|over)\b)?"
)
_PAST = re.compile(r"[a-z]+ed|flew|took|cut|spun|ran|threw|drove|built|held|shook|tore|swept|wove|bent|split|swung|slid|stuck|shot|strung|wound|broke|dug|drew|fed|hung|laid|hewed|sewed|brought|ground|bound|rode|froze|tilted|hid|led")
_OBJECT = re.compile(r"\b(?:it|them|these|this|those|each|all of (?:it|them)|everything|the (?:3-?d|volumes?|models?|renderings?|pictures|spins?|images|views|projections?|set|surfaces?|maps?|mips?|lot))\b")
_THING = re.compile(r"\s+(?:the|both|each|all|every|his|her|its|their|away|off|out|down|up)\s+(?:the\s+)?[a-z]{3,}")
_AWAY = re.compile(r"\b(?:at|to|for|about|with|into|from|in|by|of|that|which|if|whether|when|who|how|as|than|no|not|on)\b|[;:.]")
_JOINED = re.compile(r"(?:,|\band|\bthen)\s+(?:then\s+|also\s+|finally\s+|next\s+)?([a-z]{3,})\b")
_TO_LOOK = re.compile(r"\bto\s+(?:see|look|view|inspect|appreciate|examine|assess|evaluate|check|confirm)\b")
_REFLEXIVE = re.compile(r"\b([a-z]{3,})\b(?:\s+[^\s.;]+){0,7}?\s+(?:all\s+|by\s+|for\s+)?(myself|himself|herself)\b")
_BY = re.compile(r"\b([a-z]{3,})(?:\s+(?:up|out|off|down|together|apart|away|back|round|around|over|free|clear))?(?:\s+\w+ly)?\s+by\s+(?:the\s+|our\s+)?$")
_WITH = re.compile(r"\bwith\s+(?:the\s+|our\s+)?$")
_DOING = re.compile(r"\s+(?:actively\s+|himself\s+|herself\s+|\w+ly\s+)?([a-z]+ing)\b")


def made(text: str, agents: Sequence[tuple[int, int]], stop: Callable[[int], int], known: Callable[[int, int], bool], heads: Sequence[int]) -> list[tuple[int, int, bool]]:
    """Stretches where a physician did something to the images (third: true) or to a part of what they show (false). `agents` are the
    spans of subjects, `stop(at)` the end of the clause, `known(start, end)` whether a listed verb stands there, `heads` where renderings
    are named."""
    found = []
    for start, end in agents:
        found += [(start, joined.end(1), False) for joined in _JOINED.finditer(text, end, stop(end)) if _PAST.fullmatch(joined[1]) and not known(joined.start(1), joined.end(1)) and _THING.match(text, joined.end(1), stop(end))]
        verb = _VERB.match(text, end)
        if verb is None or verb.end() > stop(end) or known(verb.start(1), verb.end(1)):
            continue
        first_person = text[start:end] in ("i", "i've", "i'd")
        if not first_person and not _PAST.fullmatch(verb[1]):
            continue
        limit = min(stop(end), verb.end() + 60)
        objects = [h for h in heads if verb.end() <= h < limit]
        pronoun = _OBJECT.search(text, verb.end(), limit)
        objects += [pronoun.start()] if pronoun else []
        if _TO_LOOK.search(text, verb.end(), limit):
            continue
        if objects and not _AWAY.search(text, verb.end(), min(objects)):
            found.append((start, verb.end(), True))
        elif _THING.match(text, verb.end(1), limit):
            found.append((start, verb.end(), False))
    return found


def made_oneself(text: str, start: int, end: int, known: Callable[[int, int], bool]) -> list[tuple[int, int]]:
    """"Whittled the femur down myself": a past verb of no class with a reflexive in the same clause."""
    found: list[tuple[int, int]] = []
    if text.find("self", start, end) < 0:
        return found
    for match in _REFLEXIVE.finditer(text, start, end):
        words = [w for w in re.finditer(r"[a-z]{3,}", text[match.start() : match.end()]) if _PAST.fullmatch(w[0])]
        spans = [(match.start() + w.start(), match.start() + w.end(), w[0]) for w in words]
        if spans and not known(match.start(), match.end()) and not any(known(a, b) for a, b, _ in spans):
            found.append((spans[0][0], match.end()))
    return found


def made_by(text: str, start: int, agents: Sequence[tuple[int, int]], known: Callable[[int, int], bool]) -> list[tuple[int, int]]:
    """"Teased apart by the radiologist": a participle of no class with its agent."""
    found = []
    for begin, end in agents:
        done = _BY.search(text, max(start, begin - FAR), begin)
        if done and _PAST.fullmatch(done[1]) and not known(done.start(1), done.end(1)):
            found.append((done.start(1), end))
    return found


def beside(text: str, agents: Sequence[tuple[int, int]], known: Callable[[int, int], bool]) -> list[tuple[int, int]]:
    """"With me quarterbacking": a physician joined to the making by a participle of no class."""
    found = []
    for start, end in agents:
        doing = _DOING.match(text, end)
        if doing and (text[start:end] == "me" or _WITH.search(text, max(0, start - FAR), start)) and not known(doing.start(1), doing.end(1)):
            found.append((start, doing.end()))
    return found
