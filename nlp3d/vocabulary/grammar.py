"""The small language in which vocabulary phrases are written, turned into google-re2 expressions.

a space    blanks or a line break, or a hyphen or slash that touches the word before it
~          the same, or nothing: `work~station`
(a|b)      choice;  `(x )?` and ` (x)?` optional parts
*          after a letter: the rest of the word;  after a group or class: repetition
.          after a letter: an optional full stop
<n>        up to n words of any kind, no punctuation between them
{name}     a word class of classes.yaml
!          at the very end: the phrase may stop within a word or at a sign
Everything else is an re2 expression already. Matching ignores case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

GAP = r"(?:[-/]\s*|\s+)"
WORD = r"\[?[\w'&%+#]+\]?"
_SET = re.compile(r"\[\^?(?:\\.|[^\]\\])+\]")
_CLASS = re.compile(r"\{([0-9]?[a-z][a-z0-9_]*)\}")


def to_re2(phrase: str, classes: Mapping[str, str]) -> str:
    """One phrase as an expression that begins and ends at word borders. Raises `KeyError` for an unknown class."""
    phrase, open_end = (phrase.strip()[:-1], True) if phrase.rstrip().endswith("!") else (phrase.strip(), False)
    body, _ = _sequence(phrase, 0, classes)
    start = r"\b" if re.match(r"[\w({<]", phrase.strip()) and not phrase.startswith("(?") else ""
    end = r"\b" if re.search(r"[\w*}>)?]$", phrase.strip()) and phrase.strip()[-2:-1] != "\\" else ""
    if phrase.rstrip().endswith("?") and not phrase.rstrip().endswith(")?"):
        end = r"\b"
    return f"{start}(?:{body}){'' if open_end else end}"


def _sequence(text: str, at: int, classes: Mapping[str, str]) -> tuple[str, int]:
    out: list[str] = []
    while at < len(text):
        char = text[at]
        if char == ")":
            break
        if char == "(":
            piece, at = _group(text, at, classes)
            at = _quantify(text, at, piece, out)
        elif char == " ":
            at = _space(text, at + 1, classes, out)
        elif char == "~":
            out.append(f"{GAP}?")
            at += 1
        elif char == "{" and (named := _CLASS.match(text, at)):
            at = _quantify(text, named.end(), f"(?:{classes[named[1]]})", out)
        elif char == "<" and at + 2 < len(text) and text[at + 1].isdigit() and text[at + 2] == ">":
            most, at = text[at + 1], at + 3
            if text[at : at + 1] == " ":
                at += 1
                out.append(f"(?:{WORD}{GAP}){{0,{most}}}")
            else:
                out.append(f"(?:{WORD}{GAP}?){{0,{most}}}")
        elif char == "[":
            named_set = _SET.match(text, at)
            if named_set is None:
                raise ValueError("a set of characters is not closed")
            out.append(named_set[0])
            at = named_set.end()
        elif char == "\\":
            out.append(text[at : at + 2])
            at += 2
        elif char == "*" and at and (text[at - 1].isalnum() or text[at - 1] in "'"):
            raw = at > 1 and text[at - 2] == "\\"
            out.append("*" if raw else r"[\w']*")
            at += 1
        elif char == "." and at and text[at - 1].isalnum():
            out.append(r"\.?")
            at += 1
        else:
            out.append(char)
            at += 1
    return "".join(out), at


def _space(text: str, at: int, classes: Mapping[str, str], out: list[str]) -> int:
    """A blank: a gap, or blanks that may be missing (` *`), or the gap of an optional group that follows."""
    if text[at : at + 1] in ("*", "?"):
        out.append(rf"\s{text[at]}")
        return at + 1
    if text[at : at + 1] == "(" and text[at : at + 2] != "(?":
        piece, after = _group(text, at, classes)
        if text[after : after + 1] == "?" and not piece.endswith((GAP + ")", r"\s*)")):
            out.append(f"(?:{GAP}{piece})?")
            return after + 1
    out.append(GAP)
    return at


def _group(text: str, at: int, classes: Mapping[str, str]) -> tuple[str, int]:
    body, end = _sequence(text, at + 1, classes)
    return f"({body})" if body.startswith("?") else f"(?:{body})", end + 1


def _quantify(text: str, at: int, piece: str, out: list[str]) -> int:
    if text[at : at + 1] in ("?", "*", "+") and text[at : at + 1]:
        out.append(piece + text[at])
        return at + 1
    out.append(piece)
    return at
