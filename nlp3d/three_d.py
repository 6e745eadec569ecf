"""What "3D" means in its place: a rendering, a planar reformat called 3D, an acquisition, or something else.

The letters alone decide nothing. The words after them, up to the first that says what they belong to, and then the words before
them are looked up in the classes of technique.yaml.
"""

from __future__ import annotations

import re

from .matching import Encoded, Match, Matcher
from .vocabulary.model import Concept, Vocabulary

_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9'’~]*|[^\sA-Za-z0-9]")
_JOIN = {"and", "or", "&", "plus", "+", "nor"}
_SOFT = {"-", "/", "'", '"', ",", "&", "+", "(", "*"}
_DEFINITE = re.compile(r"render|rendr|rentering|model|surface|^vr|vrt|^mips?$|minip|segment|spin|fly|volumetry|virtual|cinematic|shaded|mesh|cast|figure|volume$", re.I)
_MAKING = re.compile(
    r"\b(?:render\w*|re-?render\w*|reconstruct\w*|recon\w*|reformat\w*|built|build|modell?ed|modell?ing|segment\w*|outlin\w*|drew|draws|drawn|label\w*|carved|mapped|displayed|shown|spun|painted|put|made|worked up|visuali[sz]ed|post-?process\w*|processed|drawn|generated|created|produced|prepared|re-?plot\w*|plotted|laid out|assembled|depicted|projected|isolated|viewed|seen|rotated|turned|formed|constructed|cut|done|ran|run|brought|reproduced|sculpted|traced|contoured|extracted|separated|colou?red|peeled|stripped)\b",
    re.I,
)
_SCANNED_IN = re.compile(r"\b(?:gre|t1|t2|pd|flair|dwi|sequences?|acquisitions?|vibe|space|cube|acquired|scanned|imaged)\s+in\s+(?:true\s+|full\s+)?$", re.I)
_DEED_BETWEEN = re.compile(r"\b(?:of|from|on|at|with|by|made|done|was|were|show\w*|using|via|render\w*|recon\w*|view\w*|image\w*|model\w*)\b", re.I)
_PRINTING = re.compile(r"\s+print(?:ing|er|ers|out|outs)\b", re.I)
_MADE_VOLUME = re.compile(r"(?:render|segment|colou?r|shad|cut|paint)\w*\s+(?:\w+\s+)?$|liver|lung|kidney", re.I)
_VOLUME_MADE = re.compile(r"[^.\n]{0,60}\b(?:m?l|cc|segment\w*|contour\w*|render\w*|spun\b|rotated\b|turned\b|(?:was|were|is|are)\s+(?:\w+ly\s+)?(?:built|made|created|generated|produced|prepared|colou?red|constructed|cut|spun|rotated))\b", re.I)
_MEASURED = re.compile(r"\b(?:measur\w*|acquired|scanned|imaged|cm|mm|diameters?|localized|dimensions?)\b", re.I)
_TIMES = re.compile(r"(?:\bx|×|\bday|\bdays|\bpod|\bpast|\blast|\bevery|\bq|[\d.]\s*[x×]|\b(?:fever|pain|cough|symptoms?|sx|bleeding|vomiting|swelling|discharge|headache|nausea)\s+(?:for|x|since)?)\s*$", re.I)
_TIMES_END = ("x", "×", "day", "days", "pod", "past", "last", "every", "q", "for", "since", "fever", "pain", "cough", "symptom", "symptoms", "sx", "bleeding", "vomiting", "swelling", "discharge", "headache", "nausea")
_TIMES_AFTER = re.compile(r"\s*(?:ago|hx|history of|post[- ]?op|h/o|worse|and \d+\s?d\b|postop|after|of (?:cough|fever|pain|vomiting|symptoms|nausea|diarrhea))\b", re.I)
_SONOGRAPHY = frozenset(("ultrasound", "us", "sonography", "sonogram", "sonographic", "ultrasonic"))
_PLACE_NAME = re.compile(r"\b(?:ward|room|bed|unit|floor|apartment|suite|rm)\s+$", re.I)
_PLANE_BEFORE = re.compile(r"(?:multi-?\s?plan\w+|mpr|coronal|sagittal|axial|sag|cor)\s*[-/ ]\s*$", re.I)
_SEQUENCE = re.compile(r"\b(?:space|cube|vibe|tof|flair|mprage|ssfp|ciss|fiesta|bravo|lava|thrive|swi|t[12]w?|pd|gre|spgr|dess|haste|disco|twist|stir)\s+$", re.I)
_TWO_D = re.compile(r"(?:2\s?-?d|two\W?d\w*)\s*[/&+-]?\s*(?:and\s*)?$", re.I)


class ThreeD:
    """Finds every "3D", however spelled, and says what it stands for."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._matcher = Matcher([Concept("technique.three_d", (rf"(?:{vocabulary.three_d_spelling})(?:'?[sd]\b)?",))])
        words = vocabulary.three_d
        self._class: list[tuple[str, frozenset[str], tuple[str, ...]]] = []
        for name in ("others", "acquisitions", "planes", "weak_volumes", "products", "bare_follow"):
            plain = frozenset(w for w in words[name] if not w.endswith("*"))
            stems = tuple(w[:-1] for w in words[name] if w.endswith("*"))
            self._class.append((name, plain, stems))

    def classes_of(self, word: str) -> set[str]:
        """The word classes a word belongs to."""
        return {name for name, plain, stems in self._class if word in plain or (stems and word.startswith(stems))}

    def find(self, encoded: Encoded) -> list[Match]:
        """Matches with concept `technique.three_d`, `technique.weak_three_d_planar`, `technique.weak_three_d_volume` or
        `acquisition.three_d`; what is something else is left out. A match reaches to the word that decided."""
        return [m for match in self._matcher.find(encoded) if (m := self._read(encoded.text, match)) is not None]

    def _read(self, text: str, match: Match) -> Match | None:
        start, end = match.start, match.end
        before = text[max(0, start - 80) : start]
        if re.search(r"\d\.$|[A-Za-z0-9]$", before[-3:]) or (before.rstrip().lower().endswith(_TIMES_END) and _TIMES.search(before)) or _TIMES_AFTER.match(text, end) or _PLACE_NAME.search(before):
            return None
        if text[start:end].lower().endswith("dimensions") and not re.search(r"\b(?:in|into)\s+(?:all\s+)?$", before, re.I):
            return None
        concept, stop = self._after(text, end, before)
        if concept == "bare":
            concept, stop = self._before(text, start, end, before)
        if concept is None:
            return None
        return Match(concept, start, stop)

    def _after(self, text: str, end: int, before: str) -> tuple[str | None, int]:
        plane = bool(_PLANE_BEFORE.search(before))
        joined = modifiers = 0
        comma = False
        for token in _TOKEN.finditer(text, end, min(len(text), end + 90)):
            word = token[0].lower()
            gap = text[end : token.start()]
            if gap.count("\n") > 1 or (modifiers == 0 and "\n" in gap and word[0].isupper()):
                break
            if not word[0].isalnum():
                if word == ")" and modifiers == 0 and before.endswith("("):
                    continue
                if word in ",(":
                    comma = True
                if word in _SOFT:
                    continue
                break
            if word in _JOIN:
                if modifiers == 0:
                    joined = 1
                    continue
                break
            if word == "work" and re.match(r"[-\s]+sta", text[token.end() : token.end() + 5], re.I):
                word = "workstation"
            classes = self.classes_of(word)
            if modifiers == 0 and not joined and not comma:
                if "others" in classes:
                    shown = word in _SONOGRAPHY and re.match(r"\s+(?:\w+\s+)?(?:image|view|picture|volume|sweep)", text[token.end() :], re.I)
                    return ("technique.weak_three_d_volume", token.end()) if shown else (None, end)
                if "acquisitions" in classes and "products" not in classes:
                    return "acquisition.three_d", token.end()
                if "weak_volumes" in classes:
                    following = _TOKEN.search(text, token.end())
                    if following and re.match(r"render|rent|recon|imag|display|view|pict|model|map|segment", following[0], re.I):
                        modifiers += 1
                        continue
                    made = _MADE_VOLUME.search(before) or _VOLUME_MADE.match(text, token.end())
                    return ("technique.three_d" if made else "technique.weak_three_d_volume"), token.end()
                if "bare_follow" in classes and "products" not in classes:
                    return "bare", end
            elif "bare_follow" in classes and "products" not in classes and "planes" not in classes:
                break
            if "planes" in classes:
                plane = plane or not joined
                modifiers += 1
                continue
            if "acquisitions" in classes and not joined and not comma and (modifiers <= 2 if plane else modifiers <= 3 and not _DEED_BETWEEN.search(text, end, token.start())):
                return "acquisition.three_d", token.end()
            if "products" in classes:
                if plane and not joined and not comma and word in ("set", "sets"):
                    return "acquisition.three_d", token.end()
                if plane and not joined and not comma and not _DEFINITE.search(word):
                    if not re.match(r"\W*(?:rend|volume|surface)", text[token.end() : token.end() + 24], re.I):
                        return "technique.weak_three_d_planar", token.end()
                if word == "ct" or word == "bone" or word == "bones" or word == "face":
                    modifiers += 1
                    continue
                if _PRINTING.match(text, token.end()):
                    return None, end
                return "technique.three_d", (token.end() if not joined and not comma else end)
            modifiers += 1
            if modifiers > 5 or comma:
                break
        if plane and not joined and modifiers:
            return "technique.weak_three_d_planar", end
        return "bare", end

    def _before(self, text: str, start: int, end: int, before: str) -> tuple[str | None, int]:
        clause = re.split(r"[.;:\n]\s", before)[-1]
        acquired = re.search(r"([A-Za-z0-9]+)\s*\($", before)
        if acquired and "acquisitions" in self.classes_of(acquired[1].lower()):
            return "acquisition.three_d", end
        if acquired and re.match(r"tomo", acquired[1], re.I):
            return None, end
        if _SCANNED_IN.search(before):
            return "acquisition.three_d", end
        if _SEQUENCE.search(before):
            return "acquisition.three_d", end
        preposition = re.search(r"\b(in|into|as|to|through)\s+(?:true\s+|full\s+)?$", clause, re.I)
        if preposition:
            if _MEASURED.search(clause) and not _MAKING.search(clause):
                return None, end
            if not _MAKING.search(clause) and not re.match(r"\W*(?:by|on|at|was|were|with|under)\b", text[end : end + 12], re.I):
                return None, end
        return "technique.three_d", end
