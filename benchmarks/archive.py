"""An archive end to end, from JSON lines to Parquet: reports a second with and without prefilter, with one worker and two, start-up, peak
memory, Spark; beside the baselines on 2,000 of the same reports, ratios from one run.

    python benchmarks/archive.py [--reports 10000] [--prevalence 0.02 0.08] [--environments FOLDER] [--without medspacy] [--no-spark]

From --reports 100000 on it shows whether memory stays flat, too: the processes of a run over a tenth beside those of one over the whole.
Without the prefilter no more than 10,000 of the reports are read: the rate does not depend on how many they are.
The baselines' environments are made by `setup.sh`; they answer texts they are handed, while nlp3d reads and writes files and starts up.
Rates are by wall time and, in brackets, by processor time of all processes (a busy machine spoils the former); each is one run."""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import made_archive

HERE = Path(__file__).parent
BASELINES = ("edsnlp", "medspacy")
SAMPLE = 2_000
READ_IN_FULL = 10_000
MANY = 100_000


def spent():
    """Processor seconds of all ended child processes."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(command, **variables):
    """Wall and processor seconds of a process and what it printed; its failure is not hidden."""
    begin, before = time.perf_counter(), spent()
    done = subprocess.run(list(map(str, command)), check=False, capture_output=True, cwd=HERE.parent, env={**os.environ, **variables})
    if done.returncode:
        sys.exit(done.stderr.decode()[-2000:])
    return time.perf_counter() - begin, spent() - before, done.stdout.decode()


def batch(archive, folder, *options):
    """One run of `nlp3d batch`: wall and processor seconds, its timings, its manifest."""
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    wall, cpu, _ = run([sys.executable, "-m", "nlp3d", "batch", archive, out, *options])
    timings, manifest = (json.loads((out / name).read_text(encoding="utf-8")) for name in ("timings.json", "run.json"))
    return wall, cpu, timings, manifest


def spark(archive, folder, reports):
    """Reports a second by wall time of Spark on local[2], from Parquet to Parquet, start-up included."""
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
    wall, _, _ = run([sys.executable, "-m", "nlp3d.archive.spark", source, folder / "spark"], MASTER="local[2]", PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    return reports / wall


def first(archive, count):
    """The first reports of an archive as one of its own."""
    part = archive.with_name(f"first-{count}.jsonl")
    with archive.open("rb") as lines, part.open("wb") as out:
        out.writelines(islice(lines, count))
    return part


def measured(folder, options, prevalence):
    """Measure one archive and print."""
    reports, archive = options.reports, folder / "archive.jsonl"
    made_archive.write(archive, reports, prevalence)
    empty = folder / "one.jsonl"
    made_archive.write(empty, 1, prevalence)
    print(f"\n{reports:,} reports, {archive.stat().st_size / reports:.0f} bytes each, prevalence {prevalence:.0%}")
    start, _, _, _ = batch(empty, folder, "--workers", "1")
    walls, rates, full, few = {}, {}, 0, min(reports, READ_IN_FULL)
    runs = {"one worker": (archive, reports, "1"), "two workers": (archive, reports, "2"), "no prefilter": (first(archive, few), few, "1", "--no-prefilter")}
    if reports >= MANY:
        runs["a tenth of it"] = (first(archive, reports // 10), reports // 10, "2")
    for name, (source, count, *more) in runs.items():
        walls[name], cpu, timings, manifest = batch(source, folder, "--workers", *more)
        rates[name], memory = count / cpu, timings["peak_memory_mb"]
        full = manifest["counts"]["detail"].get("full", 0) if source == archive else full  # of the whole
        print(f"{name:<14} {count / walls[name]:8.0f} [{rates[name]:.0f}] reports/s, start-up included; peak {memory['main']} + {memory['largest_worker']} MB", flush=True)
    print(f"start-up       {start:8.2f} s;  read in full {full / reports:.1%};  two workers {walls['one worker'] / walls['two workers']:.2f} times one by wall time")
    if not options.no_spark:
        print(f"Spark local[2] {spark(archive, folder, reports):8.0f} reports/s, start-up included")
    for system in BASELINES:
        if options.environments and system not in options.without:
            python, count = options.environments / system / "bin" / "python", min(SAMPLE, reports)
            _, _, words = run([python, HERE / "archive_worker.py", system, archive, count])
            wall, cpu, _ = map(float, words.split())
            rate = count / cpu
            print(f"{system:<14} {count / wall:8.0f} [{rate:.0f}] reports/s; by processor time nlp3d is {rates['one worker'] / rate:.1f} times as fast, {rates['no prefilter'] / rate:.1f} without prefilter")


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
