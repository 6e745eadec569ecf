"""Memory over many varied reports is flat: fails if it grows by more than 50 MB after the first tenth.

python benchmarks/memory.py [--reports 50000]"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from reports import gold_texts, varied

import nlp3d

LIMIT = 50.0


def resident():
    """Megabytes that the process holds now (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def main():
    """Answer, measure, judge."""
    parser = argparse.ArgumentParser(description="Memory of nlp3d over many reports.")
    parser.add_argument("--reports", type=int, default=50_000)
    wanted = parser.parse_args().reports
    texts, done, number, after_a_tenth = gold_texts(), 0, 0, 0.0
    while done < wanted:
        number += 1
        for text in varied(texts, number):
            nlp3d.suggest(text).to_json()
        before, done = done, done + len(texts)
        if before < wanted // 10 <= done:
            after_a_tenth = resident()
        if before * 10 // wanted != done * 10 // wanted:
            print(f"{done:>8} reports {resident():7.1f} MB", flush=True)
    grown = resident() - after_a_tenth
    print(f"grown by {grown:.1f} MB after the first tenth; allowed {LIMIT:.0f}")
    return grown > LIMIT


if __name__ == "__main__":
    sys.exit(main())
