"""Time of texts that repeat one phrase, which no writer sends and a broken export does: it grows in proportion to the text.

python benchmarks/hostile.py [--characters 8000] [--allowed 12]

Each phrase is read at a quarter of the length and at the whole length; four times the text may take `--allowed`
times as long, where it takes over a second at all. Fails otherwise."""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import nlp3d

OPENINGS = ("CT PELVIS. ", "COMPARISON: ", "RECOMMENDATION: ", "CT chest\nMRI brain\nTECHNIQUE: 3D on the workstation.\n")
PHRASES = (
    " 3D ", "3D. ", "3D\n", "3D\n\n", "MIP ", "prior 3D, ", "no 3D, ", "not ", "3D by me, ", "I ", "myself ", "made ", "Dr. Lee and I ",
    "the technologist ", "supervised by Dr. Lee, ", "3D was made by the technologist under my supervision, ",
    "I chose the region and tissue for 3D, ", "Vitrea ", "scanner console / workstation ", "3D MIP on the Vitrea by me and ",
    "multiplanar reformats, ", "outside ct 3D, ", "two months ago 3D, ", "if needed 3D, ", "they show ", "on the 3D images the bone shows, ",
    "CT chest; ", "1. CT CHEST\n", "CT CHEST\n3D\n", "FINDINGS:\n3D\n", "ADDENDUM: 3D\n", "[ ] 3D ", "{3D|MIP} ", "dr. ", "A.", ", ", "-",
    "(", "  ", "\n", "a", "\N{LATIN SMALL LETTER E WITH ACUTE}", "\N{GRINNING FACE} 3D ",
)  # fmt: skip


def taken(text):
    """CPU seconds of one text."""
    start = time.process_time()
    nlp3d.suggest(text).to_json()
    return time.process_time() - start


def main():
    """Measure, print the slowest, judge."""
    parser = argparse.ArgumentParser(description="Time of repeated phrases.")
    parser.add_argument("--characters", type=int, default=8_000)
    parser.add_argument("--allowed", type=float, default=12.0)
    options = parser.parse_args()
    taken("CT. 3D.")
    found = []
    for opening in OPENINGS:
        for phrase in PHRASES:
            quarter, whole = (opening + phrase * (length // len(phrase)) for length in (options.characters // 4, options.characters))
            short, long = min(taken(quarter), taken(quarter)), taken(whole)
            found.append((long, long / short, opening + phrase))
    found.sort(reverse=True)
    for seconds, ratio, text in found[:10]:
        print(f"{seconds:6.2f} s, {ratio:4.1f} times that of a quarter: {text!r}")
    worst = [text for seconds, ratio, text in found if seconds > 1 and ratio > options.allowed]
    print(f"{len(found)} texts of {options.characters:,} characters; {len(worst)} grow faster than allowed")
    return bool(worst)


if __name__ == "__main__":
    sys.exit(main())
