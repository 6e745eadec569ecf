"""Quick ways of searching find what the plain ones find."""

import json
import re
from pathlib import Path

import pytest

from nlp3d.circumstances import _OUTSIDE_DATA
from nlp3d.cues import words_between
from nlp3d.matching import Encoded, Matcher, Sieve
from nlp3d.observations import _ACCESSION
from nlp3d.participation.frame import PROCESSING
from nlp3d.references import _AGAIN
from nlp3d.vocabulary.model import load_vocabulary

GOLD = Path(__file__).parents[2] / "data" / "gold"
TEXTS = [json.loads(line)["text"] for path in sorted(GOLD.glob("dev_0[01].jsonl")) for line in path.read_text("utf-8").splitlines()]


def test_matches_do_not_depend_on_the_number_of_sets():
    one, four = (Matcher(load_vocabulary().mentions, sets=sets) for sets in (1, 4))
    assert [one.find(text) for text in TEXTS] == [four.find(text) for text in TEXTS]


def test_a_part_holds_what_the_part_alone_holds():
    base = Matcher(load_vocabulary().base)
    for text in TEXTS:
        encoded = Encoded(text)
        base.which(encoded)
        for line in re.finditer(r".+", text):
            alone = [(m.concept, m.start + line.start(), m.end + line.start()) for m in base.find(line[0])]
            assert [(m.concept, m.start, m.end) for m in base.find(encoded, *line.span())] == alone


@pytest.mark.parametrize("pattern", [_ACCESSION, _AGAIN, _OUTSIDE_DATA, PROCESSING])
def test_a_sieve_lets_through_all_that_matches(pattern):
    sieve = Sieve(pattern)
    for text in (*TEXTS, "\N{LATIN SMALL LETTER E WITH ACUTE}" + TEXTS[0]):
        found = [m.start() for m in pattern.finditer(text.lower())]
        assert sieve.starts(Encoded(text), text.lower()) == found
        assert sieve.passes(Encoded(text)) or not found


def test_words_of_long_stretches_are_counted_as_those_of_short_ones():
    text = " ".join(TEXTS)[:3000]
    for start, end in ((0, 700), (3, 201), (17, 790), (501, 1003), (5, 205)):
        assert words_between(text, start, end) == len(re.findall(r"[\w'’%.]+", text[start:end]))
