"""Reports per second and core: nlp3d and the two baselines on every report of data/gold, interleaved, with ratios.

    python benchmarks/speed.py --environments FOLDER [--rounds 5] [--without medspacy]

FOLDER is the one that `setup.sh` filled. Every system answers whole reports to the code and reason in a process of its own,
one core, warm; nlp3d writes its full JSON besides. Rounds take turns, so that a busy machine slows all alike."""

import argparse
import statistics
import subprocess
import sys
from pathlib import Path

from reports import gold_texts

WORKER = Path(__file__).with_name("worker.py")
BASELINES = ("edsnlp", "medspacy")


def start(python, system):
    """A worker that is ready."""
    worker = subprocess.Popen(
        [python, str(WORKER), system], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    if worker.stdout.readline().strip() != "ready":
        sys.exit(f"{system} does not start; run benchmarks/setup.sh, or leave it out with --without {system}.")
    return worker


def ask(worker, number):
    """CPU seconds, wall seconds and codes of one round."""
    worker.stdin.write(f"{number}\n")
    worker.stdin.flush()
    cpu, wall, codes = worker.stdout.readline().split()
    return float(cpu), float(wall), int(codes)


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Speed of nlp3d beside the baselines.")
    parser.add_argument("--environments", type=Path, required=True, help="the folder given to setup.sh")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--without", action="append", default=[], choices=BASELINES)
    options = parser.parse_args()
    pythons = {"nlp3d": sys.executable, **{s: options.environments / s / "bin" / "python" for s in BASELINES if s not in options.without}}
    workers = {system: start(str(python), system) for system, python in pythons.items()}
    rounds = {system: [] for system in workers}
    for number in range(1, options.rounds + 1):
        for system, worker in workers.items():
            rounds[system].append(ask(worker, number))
    for worker in workers.values():
        worker.stdin.close()
        worker.wait()
    count = len(gold_texts())
    speed = {system: [count / cpu for cpu, _, _ in taken] for system, taken in rounds.items()}
    print(f"{count} reports, {options.rounds} rounds, reports per CPU second, median [least-most]")
    for system, values in speed.items():
        ratio = statistics.median(own / other for own, other in zip(speed["nlp3d"], values, strict=True))
        print(f"{system:<9} {statistics.median(values):8.0f} [{min(values):.0f}-{max(values):.0f}]  nlp3d is {ratio:.1f} times as fast")


if __name__ == "__main__":
    main()
