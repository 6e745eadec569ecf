"""What evidence looks like to who reads it: whole words, and a reason that does not speak against the answer."""

from __future__ import annotations

import json
from pathlib import Path

import nlp3d

GOLD = Path(__file__).parents[2] / "data" / "gold" / "dev_00.jsonl"


def test_evidence_begins_and_ends_with_words() -> None:
    texts = [json.loads(line)["text"] for line in GOLD.read_text(encoding="utf-8").splitlines()]
    told = [words for text in texts for words in nlp3d.suggest(text).evidence if words.field == "text"]
    assert len(told) > 100
    assert [words.text for words in told if words.text != words.text.strip(" \t\r\n,;")] == []


def test_a_maker_beside_a_physician_is_not_said_to_stand_alone() -> None:
    text = "CT ankle. The thin slices went to our Aquarius, where KM, RT, did volume renderings; I was beside her, had the talus taken off and picked the four tilts that were saved."
    answer = nlp3d.suggest(text)
    makers = [words for words in answer.evidence if words.concept == "supervision.made_by_technologist"]
    assert json.loads(answer.to_json())["studies"][0]["supervision"] == "concurrent" and makers
    assert [words.text for words in makers] == ["RT, did"]
    assert all("a physician's part is told too" in words.why for words in makers)
