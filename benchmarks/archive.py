"""An archive end to end, from JSON lines to Parquet: reports a second with and without prefilter, with one worker and two, start-up, peak
memory, Spark; beside the baselines on 2,000 of the same reports, ratios from one run.

    python benchmarks/archive.py [--reports 10000] [--prevalence 0.02 0.08] [--environments FOLDER] [--without medspacy] [--no-spark]

With --reports 1000000 it shows whether memory stays flat, too: the largest worker of a run over a tenth and of one over the whole.
The baselines' environments are made by `setup.sh`; they answer texts they are handed, while nlp3d reads and writes files and starts up.
Times are wall times of whole processes; each figure is one run, so repeat on a quiet machine."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import made_archive

HERE = Path(__file__).parent
BASELINES = ("edsnlp", "medspacy")
SAMPLE = 2_000


def run(command, **variables):
    """The wall seconds of a process; its failure is not hidden."""
    begin = time.perf_counter()
    done = subprocess.run(list(map(str, command)), check=False, capture_output=True, cwd=HERE.parent, env={**os.environ, **variables})
    if done.returncode:
        sys.exit(done.stderr.decode()[-2000:])
    return time.perf_counter() - begin, done.stdout.decode()


def batch(archive, folder, *options):
    """One run of `nlp3d batch`: seconds, its timings, its manifest."""
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    seconds, _ = run([sys.executable, "-m", "nlp3d", "batch", archive, out, *options])
    timings, manifest = (json.loads((out / name).read_text(encoding="utf-8")) for name in ("timings.json", "run.json"))
    return seconds, timings, manifest


def spark(archive, folder, reports):
    """The wall seconds of Spark on local[2], from Parquet to Parquet, start-up included."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    source = folder / "parquet"
    source.mkdir(exist_ok=True)
    with archive.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    half = len(records) // 2
    for name, part in (("a", records[:half]), ("b", records[half:])):
        pq.write_table(pa.Table.from_pylist(part), source / f"{name}.parquet")
    shutil.rmtree(folder / "spark", ignore_errors=True)
    seconds, _ = run([sys.executable, "-m", "nlp3d.archive.spark", source, folder / "spark"], MASTER="local[2]", PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    return reports / seconds


def measured(folder, options, prevalence):
    """Measure one archive and print."""
    reports, archive = options.reports, folder / "archive.jsonl"
    made_archive.write(archive, reports, prevalence)
    empty = folder / "one.jsonl"
    made_archive.write(empty, 1, prevalence)
    print(f"\n{reports:,} reports, {archive.stat().st_size / reports:.0f} bytes each, prevalence {prevalence:.0%}")
    start, _, _ = batch(empty, folder, "--workers", "1")
    rates = {}
    for name, more in {"one worker": ("--workers", "1"), "two workers": ("--workers", "2"), "no prefilter": ("--workers", "1", "--no-prefilter")}.items():
        seconds, timings, manifest = batch(archive, folder, *more)
        rates[name] = reports / seconds
        memory = timings["peak_memory_mb"]
        print(f"{name:<14} {rates[name]:8.0f} reports/s, whole process  {reports / max(seconds - start, 0.001):8.0f} without start-up  peak {memory['main']} + {memory['largest_worker']} MB")
    detail = manifest["counts"]["detail"]
    print(f"start-up       {start:8.2f} s;  read in full {detail.get('full', 0) / reports:.1%};  two workers {rates['two workers'] / rates['one worker']:.2f} times one")
    if not options.no_spark:
        print(f"Spark local[2] {spark(archive, folder, reports):8.0f} reports/s, whole process")
    for system in BASELINES:
        if options.environments and system not in options.without:
            python = options.environments / system / "bin" / "python"
            _, words = run([python, HERE / "archive_worker.py", system, archive, min(SAMPLE, reports)])
            rate = min(SAMPLE, reports) / float(words.split()[0])
            print(f"{system:<14} {rate:8.0f} reports/s; nlp3d is {rates['one worker'] / rate:.1f} times as fast, {rates['no prefilter'] / rate:.1f} without prefilter")


def main():
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description="Speed and memory of nlp3d batch.")
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--prevalence", type=float, nargs="+", default=[0.02, 0.08])
    parser.add_argument("--environments", type=Path, help="the folder given to setup.sh")
    parser.add_argument("--without", action="append", default=[], choices=BASELINES)
    parser.add_argument("--no-spark", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for prevalence in options.prevalence:
            measured(Path(folder), options, prevalence)


if __name__ == "__main__":
    main()
