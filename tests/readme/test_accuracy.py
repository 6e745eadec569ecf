"""The figures of README: what can be measured again is, and sums are those of the table."""

from __future__ import annotations

import re
from pathlib import Path

from nlp3d.evaluation import answered, lines_of, score

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
GOLD = Path(__file__).parents[2] / "data" / "gold"
_ROW = re.compile(r"^\| (.*?) \| (\d+) of (\d+) \| (\d+) of (\d+) \| ([\d.]+) \|$", re.MULTILINE)
ROWS = [(name, *map(int, numbers), share) for name, *numbers, share in _ROW.findall(README)]


def _sum(rows: list[tuple[str, int, int, int, int, str]], place: int) -> int:
    return sum(int(row[place]) for row in rows)


def test_the_table_is_read() -> None:
    assert len(ROWS) == 11 and [name.startswith("unseen") for name, *_ in ROWS] == [True] * 10 + [False]


def test_the_row_of_the_development_gold_is_measured() -> None:
    lines = lines_of([GOLD])
    figures = score(lines, answered(lines)).summary
    name, found, codes, false, given, share = ROWS[-1]
    assert f"{figures['reports']} reports" in name
    assert (found, codes, false, given) == (figures["found"], figures["gold_codes"], figures["false"], figures["given"])
    assert share == f"{figures['reason_accuracy']:.2f}"


def test_sums_are_those_of_the_table() -> None:
    unseen = ROWS[:-1]
    found, codes, wrong, given = map(int, re.findall(r"\*\*(\d+) of (\d+) codes are found and (\d+) of (\d+) given were wrong\*\*", README)[0])
    last = unseen[:4]
    assert "the last four sets together" in README
    assert (found, codes, wrong, given) == (_sum(last, 1), _sum(last, 2), _sum(last, 3), _sum(last, 4))
    least, most = (min(last, key=lambda row: row[1] / row[2]), max(last, key=lambda row: row[1] / row[2]))
    assert f"({least[1]} of {least[2]} to {most[1]} of {most[2]})" in README
