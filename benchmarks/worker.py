"""One system in a process of its own: `worker.py nlp3d|edsnlp|medspacy`.

For each number read from standard input it answers all reports of that round and prints CPU seconds, wall seconds and codes given."""

import importlib
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE / "baselines"), str(HERE.parent)]

from reports import gold_texts, varied  # noqa: E402


def answerer(system):
    """A function from a report's text to its answer, ready to run."""
    if system != "nlp3d":
        return importlib.import_module(f"{system}_baseline").answerer()
    import nlp3d

    def answer(text):
        suggestion = nlp3d.suggest(text)
        suggestion.to_json()
        return suggestion.code, suggestion.reason

    return answer


def main():
    """Answer rounds until standard input ends."""
    texts, answer = gold_texts(), answerer(sys.argv[1])
    for text in varied(texts, 0)[:50]:
        answer(text)
    print("ready", flush=True)
    for line in sys.stdin:
        reports = varied(texts, int(line))
        wall, cpu = time.perf_counter(), time.process_time()
        codes = sum(answer(text)[0] is not None for text in reports)
        print(time.process_time() - cpu, time.perf_counter() - wall, codes, flush=True)


if __name__ == "__main__":
    main()
