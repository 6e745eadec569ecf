"""The reports that the benchmarks read. Standard library only: the baselines' environments use it too."""

import json
import random
import re
from pathlib import Path

GOLD = Path(__file__).parents[1] / "data" / "gold"

_NUMBER = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.])")


def gold_texts():
    """The text of every report of data/gold; the passages, which are no whole reports, are left out."""
    paths = sorted(path for path in GOLD.glob("*.jsonl") if not path.name.startswith("passages"))
    return [json.loads(line)["text"] for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def varied(texts, round_number):
    """The same reports with other measurements and accession numbers, so that no cache has seen them."""
    chance = random.Random(round_number)
    return [f"{_NUMBER.sub(lambda _: f'{chance.uniform(0, 99):.1f}', text)}\nAccession {chance.randrange(10**9)}." for text in texts]
