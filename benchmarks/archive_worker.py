"""A baseline over the texts of an archive: `archive_worker.py SYSTEM FILE COUNT` prints wall and processor seconds, warm, and its codes."""

import importlib
import json
import sys
import time
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "baselines"))


def main():
    """Build, warm up, answer, print."""
    system, file, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(file, encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in islice(lines, count)]
    answer = importlib.import_module(f"{system}_baseline").answerer()
    for text in texts[:50]:
        answer(text)
    begin, cpu = time.perf_counter(), time.process_time()
    codes = sum(answer(text)[0] is not None for text in texts)
    print(time.perf_counter() - begin, time.process_time() - cpu, codes)


if __name__ == "__main__":
    main()
