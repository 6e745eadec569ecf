"""Write `tests/cases/known_gaps.yaml` anew: every case that is read wrongly today. Run as `python tests/language/mark_gaps.py`."""

from __future__ import annotations

import json
from collections import defaultdict

from conftest import GAPS, all_cases, faults

HEAD = """\
# Cases that are read wrongly today: group (file: name) and the texts of it, counted from 1, or the sides of a pair.
# Each is run and must fail; once it is read rightly the test asks for its removal from here.
# Written by `python tests/language/mark_gaps.py`.
"""


def main() -> None:
    """Read all cases and list the failing ones by group."""
    failing: dict[str, list[str]] = defaultdict(list)
    cases = all_cases()
    for case in cases:
        if faults(case):
            failing[case.group].append(case.number)
    lines = [f"{json.dumps(group, ensure_ascii=False)}: {json.dumps(numbers)}" for group, numbers in failing.items()]
    GAPS.write_text(HEAD + "\n".join(lines or ["{}"]) + "\n", encoding="utf-8")
    print(f"{sum(map(len, failing.values()))} gaps of {len(cases)} cases")


if __name__ == "__main__":
    main()
