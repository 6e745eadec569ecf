"""Every write, rename and fsync of a run made to fail in turn, and kills at random moments; each run is then resumed and must end as an
undisturbed one. In full:

    python tests/archive/fault_harness.py            # every place, 30 kills; prints what it did, exit code 1 if anything differs
    python tests/archive/fault_harness.py --every 9 --kills 3 --records 60

Tests run a short form of it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.archive.conftest import FAULTY, ROOT, contents, reports, write

OPERATIONS = ("write", "fsync", "replace", "open", "sqlite")
_FAULTS = ("{", "[]", '{"id": "x"}')
_SOONEST = 0.15  # seconds; before that not even Python runs


class Harness:
    """An archive in a folder, and what an undisturbed run makes of it."""

    def __init__(self, folder: Path, records: int, part_size: int) -> None:
        self.folder = folder
        made = reports(records, 0.2)
        made[7] = dict(made[5])  # an id that comes again
        write(folder / "in.jsonl", made, _FAULTS)
        self.read = records + len(_FAULTS)
        self.common = ("in.jsonl", "--part-size", str(part_size), "--workers", "1", "--max-errors", "50%", "--format", "csv")
        self.batch("whole")
        self.whole = contents(folder / "whole")

    def line(self, out: str, *more: str) -> list[str]:
        """The command for a run into a folder."""
        return [sys.executable, "-m", "nlp3d", "batch", self.common[0], out, *self.common[1:], *more]

    def environment(self, fault: str = "") -> dict[str, str]:
        """The variables, with a fault to come."""
        paths = [*([str(FAULTY)] if fault else []), str(ROOT)]
        return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), **({"FAULT": fault, "HIT": str(self.folder / "hit")} if fault else {})}

    def batch(self, out: str, *more: str, fault: str = "") -> subprocess.CompletedProcess[bytes]:
        """A run to its end."""
        return subprocess.run(self.line(out, *more), env=self.environment(fault), cwd=self.folder, capture_output=True, timeout=300, check=False)

    def check(self, out: str) -> None:
        """A finished run: the bytes of the undisturbed one, input = rows + quarantine, each once. Raises `AssertionError`."""
        folder = self.folder / out
        assert contents(folder) == self.whole, f"{out}: bytes differ"
        assert not (folder / ".work").exists(), f"{out}: work is left"
        sys.path.insert(0, str(ROOT))
        from nlp3d.archive.run import open_run

        run = open_run(folder)
        places = [(place["file"], place["record"]) for row in run.rows() for place in row["source"]]
        places += [("in.jsonl", place["record"]) for entry in run.quarantine() for place in entry["source"]]
        times = Counter(number for _, number in places)
        assert sorted(times) == list(range(1, self.read + 1)) and set(times.values()) == {1}, f"{out}: not each once"

    def failing(self, operation: str, every: int = 1) -> Iterator[tuple[int, int]]:
        """Fail the first, second ... call of an operation until none is left; the place and the exit code of each run."""
        place = 1
        while True:
            out = f"{operation}{place}"
            (self.folder / "hit").unlink(missing_ok=True)
            done = self.batch(out, fault=f"{operation} {place}")
            assert b"Traceback" not in done.stderr, f"{out}: {done.stderr.decode()[-600:]}"
            assert done.returncode in (0, 4), (out, done.returncode, done.stderr[-400:])
            if done.returncode:
                assert b"--resume" in done.stderr, (out, done.stderr)
                again = self.batch(out, "--resume")
                assert again.returncode == 0, (out, again.stderr[-400:])
            self.check(out)
            if not (self.folder / "hit").exists():
                return
            yield place, done.returncode
            place += every

    def killed(self, times: int, seed: int) -> int:
        """Kill a run and all its processes at random moments, again and again, and let it end; how many kills hit."""
        chance, hit = random.Random(seed), 0
        started = time.monotonic()
        self.batch("timed")
        usual = time.monotonic() - started
        runs = 0
        while hit < times:
            out = f"killed{runs}"
            while hit < times:
                with subprocess.Popen(
                    self.line(out, "--resume"), env=self.environment(), cwd=self.folder, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                ) as process:
                    try:
                        process.wait(chance.uniform(_SOONEST, usual))
                        break
                    except subprocess.TimeoutExpired:
                        os.killpg(process.pid, signal.SIGKILL)
                        process.wait()
                        hit += 1
            done = self.batch(out, "--resume")
            assert done.returncode == 0, (out, done.stderr[-400:])
            self.check(out)
            runs += 1
        return hit


def main() -> int:
    """The long form."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=120)
    parser.add_argument("--part-size", type=int, default=40)
    parser.add_argument("--every", type=int, default=1, help="fail every so-manieth place")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--operations", nargs="*", default=OPERATIONS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        harness = Harness(Path(folder), given.records, given.part_size)
        for operation in given.operations:
            codes = Counter(code for _, code in harness.failing(operation, given.every))
            print(json.dumps({"operation": operation, "places": sum(codes.values()), "stopped": codes[4], "went_on": codes[0]}), flush=True)
        print(json.dumps({"kills": harness.killed(given.kills, given.seed)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
