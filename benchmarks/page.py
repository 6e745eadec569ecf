"""The page under load: 50 people paste at once, and memory over many answers.

python benchmarks/page.py [--people 50] [--pause 5] [--seconds 30] [--answers 10000]

Each person pastes a report of about 3 KB, looks at it for `--pause` seconds on average (drawn at random, seeded), and pastes the next
one. What is measured is the time from sending until the whole answer of /view/answer is there. `--pause 0` is the worst case: nobody
ever looks. Fails if the 95th percentile goes over 300 ms, or memory grows by more than 50 MB after the first tenth of the answers."""

import argparse
import asyncio
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parents[1]))

from reports import gold_texts, varied

ROOT = Path(__file__).parents[1]
LIMIT_MS, LIMIT_MB = 300.0, 50.0


def reports_of_3_kb():
    """Reports of the gold joined to others' findings until they are about 3 KB long, with varied numbers."""
    texts = [text for text in gold_texts() if len(text) > 500]
    filler = "\n\nADDITIONAL FINDINGS: " + " ".join(
        f"The segment {n} of the liver is unremarkable, without mass or ductal dilatation." for n in range(60)
    )
    number = 0
    while True:
        number += 1
        for text in varied(texts, number):
            yield (text + filler)[:3072]


async def person(client, texts, pause, until, draw, times):
    """Paste, look, paste."""
    await asyncio.sleep(draw.random() * max(pause, 0.5))
    while time.perf_counter() < until:
        begun = time.perf_counter()
        answer = await client.post("/view/answer", json={"text": next(texts), "date_of_service": "2026-03-04"})
        times.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 200, answer.status_code
        await asyncio.sleep(draw.expovariate(1 / pause) if pause else 0)


async def load(base, token, people, pause, seconds):
    """The times of all answers in milliseconds, sorted."""
    draw, texts, times = random.Random(7), reports_of_3_kb(), []
    limits = httpx.Limits(max_connections=people)
    async with httpx.AsyncClient(base_url=base, headers={"X-Nlp3d-Token": token}, timeout=60, limits=limits) as client:
        for _ in range(8):
            await client.post("/view/answer", json={"text": next(texts)})
        until = time.perf_counter() + seconds
        await asyncio.gather(*(person(client, texts, pause, until, draw, times) for _ in range(people)))
    return sorted(times)


async def many(base, token, answers, pid):
    """Megabytes of all processes of the server after a tenth of the answers and at the end."""
    texts, done, first = reports_of_3_kb(), 0, 0.0
    async with httpx.AsyncClient(base_url=base, headers={"X-Nlp3d-Token": token}, timeout=60) as client:

        async def some():
            nonlocal done, first
            while done < answers:
                done += 1
                if done == answers // 10:
                    first = resident(pid)
                answer = await client.post("/view/answer", json={"text": next(texts)})
                while answer.status_code == 429:
                    await asyncio.sleep(0.2)
                    answer = await client.post("/view/answer", json={"text": next(texts)})
                assert answer.status_code == 200

        await asyncio.gather(*(some() for _ in range(4)))
    return first, resident(pid)


def resident(pid):
    """Megabytes that a process and its children hold (Linux)."""
    family = [str(pid), *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    status = [Path(f"/proc/{one}/status").read_text() for one in family]
    return sum(int(one.split("VmRSS:")[1].split()[0]) for one in status) / 1024


def main():
    """Start the server, load it, judge."""
    parser = argparse.ArgumentParser(description="The page under load.")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--pause", type=float, default=5.0)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--answers", type=int, default=10_000)
    wanted = parser.parse_args()
    command = [sys.executable, "-m", "nlp3d", "serve", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    base, _, token = server.stdout.readline().decode().strip().partition("/#token=")
    failed = False
    try:
        if wanted.seconds:
            times = asyncio.run(load(base, token, wanted.people, wanted.pause, wanted.seconds))
            middle, high = times[len(times) // 2], times[int(len(times) * 0.95)]
            print(f"{wanted.people} people, {len(times)} answers in {wanted.seconds:.0f} s: median {middle:.0f} ms, p95 {high:.0f} ms, most {times[-1]:.0f} ms")
            failed = high > LIMIT_MS
        if wanted.answers:
            first, last = asyncio.run(many(base, token, wanted.answers, server.pid))
            print(f"{wanted.answers} answers: {first:.1f} MB after a tenth, {last:.1f} MB at the end, grown by {last - first:.1f} MB")
            failed = failed or last - first > LIMIT_MB
    finally:
        server.terminate()
        server.wait()
    return failed


if __name__ == "__main__":
    sys.exit(main())
