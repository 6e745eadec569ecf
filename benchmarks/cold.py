"""Cold start: whole processes, from start to exit, median of n.

python benchmarks/cold.py [--times 11]"""

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
HIT = "CT FEMUR\nTECHNIQUE: Volume rendered 3D images were made on an independent workstation under my concurrent supervision."
NO_HIT = "CHEST, TWO VIEWS\nFINDINGS: The lungs are clear. No effusion.\nIMPRESSION: Normal."
IN_PYTHON = "import sys, nlp3d; sys.stdout.write(nlp3d.suggest(sys.argv[1]).to_json())"


def seconds(command):
    """The time of one process; its output is thrown away, its failure is not."""
    begin = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, cwd=ROOT)
    return time.perf_counter() - begin


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Cold start of nlp3d.")
    parser.add_argument("--times", type=int, default=11)
    times = parser.parse_args().times
    python = sys.executable
    commands = {
        "python -c pass": [python, "-c", "pass"],
        "import nlp3d; suggest, a hit": [python, "-c", IN_PYTHON, HIT],
        "import nlp3d; suggest, no hit": [python, "-c", IN_PYTHON, NO_HIT],
        "nlp3d --help": [python, "-m", "nlp3d", "--help"],
        "nlp3d suggest, a hit": [python, "-m", "nlp3d", "suggest", "--text", HIT],
        "nlp3d suggest, no hit": [python, "-m", "nlp3d", "suggest", "--text", NO_HIT],
    }
    for command in commands.values():
        seconds(command)
    for name, command in commands.items():
        taken = [seconds(command) for _ in range(times)]
        print(f"{name:<30} {statistics.median(taken):.2f} s [{min(taken):.2f}-{max(taken):.2f}]")


if __name__ == "__main__":
    main()
