"""The page under load: 50 people paste at once, and memory over many answers.

python benchmarks/page.py [--people 50] [--pause 5] [--seconds 30] [--answers 10000]

Each person pastes a report of about 3 KB, looks at it for `--pause` seconds on average (drawn at random, seeded), and pastes the next
one. What is measured is the time from sending until the whole answer of /view/answer is there. `--pause 0` is the worst case: nobody
ever looks. Standard output also tells how much processor time an answer cost the server and how much the machine was asked for by
others meanwhile: the limit is for a machine that does nothing else. Fails if the 95th percentile goes over 300 ms, or memory grows by more than 50 MB after the first tenth of the answers."""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

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


class Client:
    """One kept connection. A library's client takes as much processor time as the server does, on the same processors."""

    def __init__(self, base, token):
        self.host = base.removeprefix("http://")
        self.token, self.streams = token, None

    async def post(self, body):
        """The status of one answer, read to its end; a connection that the server closed in a pause is opened anew, as a browser does."""
        try:
            return await self._post(body)
        except (asyncio.IncompleteReadError, ConnectionError):
            self.streams = None
            return await self._post(body)

    async def _post(self, body):
        if self.streams is None:
            self.streams = await asyncio.open_connection(*self.host.split(":"), limit=1 << 20)
        reader, writer = self.streams
        raw = json.dumps(body).encode()
        head = f"POST /view/answer HTTP/1.1\r\nHost: {self.host}\r\nX-Nlp3d-Token: {self.token}\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: {len(raw)}\r\n\r\n".encode() + raw)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(answer.partition(b"content-length:")[2].partition(b"\r\n")[0]))
        return int(answer.split(b" ", 2)[1])


async def person(client, texts, pause, until, draw, times):
    """Paste, look, paste."""
    await asyncio.sleep(draw.random() * max(pause, 0.5))
    while time.perf_counter() < until:
        body = {"text": next(texts), "date_of_service": "2026-03-04"}
        begun = time.perf_counter()
        status = await client.post(body)
        times.append((time.perf_counter() - begun) * 1000)
        assert status == 200, status
        await asyncio.sleep(draw.expovariate(1 / pause) if pause else 0)


async def load(base, token, people, pause, seconds, pid):
    """The times of all answers in milliseconds, sorted; seconds of processor time that the server, this process and all the machine took, and of the clock."""
    draw, texts, times = random.Random(7), reports_of_3_kb(), []
    clients = [Client(base, token) for _ in range(people)]
    until = time.perf_counter() + 2
    await asyncio.gather(*(person(client, texts, 0, until, draw, []) for client in clients[:4]))
    begun = processor(pid)
    until = time.perf_counter() + seconds
    await asyncio.gather(*(person(client, texts, pause, until, draw, times) for client in clients))
    return sorted(times), [now - then for now, then in zip(processor(pid), begun, strict=True)]


async def many(base, token, answers, pid):
    """Megabytes of all processes of the server after a tenth of the answers and at the end."""
    texts, done, first = reports_of_3_kb(), 0, 0.0

    async def some():
        nonlocal done, first
        client = Client(base, token)
        while done < answers:
            done += 1
            if done == answers // 10:
                first = resident(pid)
            body = {"text": next(texts)}
            while (status := await client.post(body)) == 429:
                await asyncio.sleep(0.2)
            assert status == 200

    await asyncio.gather(*(some() for _ in range(4)))
    return first, resident(pid)


def family(pid):
    """A process and its children (Linux)."""
    return [str(pid), *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def processor(pid):
    """Seconds of processor time so far: of a server, of this process, of everything on the machine but waiting; and the clock."""
    tick = os.sysconf("SC_CLK_TCK")
    stats = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in family(pid)]
    total = [int(one) for one in Path("/proc/stat").read_text().split("\n")[0].split()[1:]]
    return sum(int(one[11]) + int(one[12]) for one in stats) / tick, time.process_time(), (sum(total[:8]) - total[3] - total[4]) / tick, time.perf_counter()


def resident(pid):
    """Megabytes that a process and its children hold (Linux)."""
    status = [Path(f"/proc/{one}/status").read_text() for one in family(pid)]
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
            times, (server_s, client_s, all_s, clock_s) = asyncio.run(load(base, token, wanted.people, wanted.pause, wanted.seconds, server.pid))
            middle, high = times[len(times) // 2], times[int(len(times) * 0.95)]
            print(f"{wanted.people} people, {len(times)} answers in {wanted.seconds:.0f} s: median {middle:.0f} ms, p95 {high:.0f} ms, most {times[-1]:.0f} ms")
            others = max(0.0, all_s - server_s - client_s) / clock_s
            print(f"an answer: {server_s / len(times) * 1000:.1f} ms of processor time, and {client_s / len(times) * 1000:.1f} ms to ask; others used {others:.2f} of {os.cpu_count()} processors")
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
