"""The archive page, the audit sample and the comparison, over runs of the real command."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from .conftest import nlp3d


def test_page_is_one_file_without_script_network_or_words(runs: tuple[Path, Path]) -> None:
    page = (runs[0] / "report.html").read_text()
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    assert "default-src 'none'" in page
    assert "Measurement" not in page and "acetabular" not in page
    assert page.count("<svg") >= 2 and page.count("<table") >= 5


def test_page_counts_what_the_rows_say(runs: tuple[Path, Path]) -> None:
    page = re.sub(r"<[^>]+>", " ", (runs[0] / "report.html").read_text())
    assert re.search(r"10\s+of\s+30\s+reports\s+support", page)
    billed = json.loads((runs[0] / "run.json").read_text())["counts"]["billed"]
    assert {name: count for name, count in billed.items() if count} == {"none": 15, "supported_and_billed": 5, "unsupported": 5, "wrong_one": 5}


def test_page_is_the_same_bytes_again_and_shows_words_only_where_asked(runs: tuple[Path, Path], tmp_path: Path) -> None:
    first, second, words = (tmp_path / f"{name}.html" for name in "abc")
    assert nlp3d("report", str(runs[0]), "--out", str(first)).returncode == 0
    assert nlp3d("report", str(runs[0]), "--out", str(second)).returncode == 0
    assert first.read_bytes() == second.read_bytes() == (runs[0] / "report.html").read_bytes()
    assert nlp3d("report", str(runs[0]), "--out", str(words), "--include-text").returncode == 0
    assert "volume rendering" in words.read_text() and "volume rendering" not in first.read_text()


def test_questions_are_counted_within_their_window_only(runs: tuple[Path, Path], tmp_path: Path) -> None:
    page = tmp_path / "p.html"
    assert nlp3d("report", str(runs[0]), "--out", str(page), "--query-max-age", "20").returncode == 2
    assert nlp3d("report", str(runs[0]), "--out", str(page), "--query-max-age", "20", "--as-of", "soon").returncode == 2
    assert nlp3d("report", str(runs[0]), "--out", str(page), "--query-max-age", "20", "--as-of", "2026-03-20").returncode == 0
    assert page.read_bytes() != (runs[0] / "report.html").read_bytes()


def test_sample_is_seeded_stratified_and_weighted(runs: tuple[Path, Path]) -> None:
    once, again, other = (nlp3d("sample", str(runs[0]), "--n", "10", "--by", "reason", "--seed", seed).stdout for seed in ("1", "1", "2"))
    assert once == again != other
    rows = [json.loads(line) for line in once.splitlines()]
    assert len(rows) == 10 and [row["sample"]["number"] for row in rows] == sorted(row["sample"]["number"] for row in rows)
    drawn = Counter(row["reason"] for row in rows)
    assert len(drawn) == 5 and set(drawn.values()) == {2}
    assert sum(row["sample"]["weight"] for row in rows) == pytest.approx(30)
    assert nlp3d("sample", str(runs[0]), "--by", "mood").returncode == 2


def test_compare_names_what_changed(runs: tuple[Path, Path]) -> None:
    same = json.loads(nlp3d("compare", str(runs[0]), str(runs[0]), "--format", "json").stdout)
    assert same["counts"] == {"both": 30, "same": 30, "only_a": 0, "only_b": 0, "other_text": 0} and same["changes"] == []
    found = json.loads(nlp3d("compare", str(runs[0]), str(runs[1]), "--format", "json").stdout)
    assert found["counts"]["both"] == 30 and found["counts"]["same"] == 20
    answers = {(change["before"][0], change["before"][1], change["after"][0]): change["count"] for change in found["changes"]}
    assert answers == {(None, "location_not_documented", "76376"): 5, (None, "supervision_not_documented", "76377"): 5}
    assert any("profile" in line for line in found["versions"])
    told = nlp3d("compare", str(runs[0]), str(runs[1])).stdout
    assert "Measurement" not in told and "10 changed" in told


def test_compare_matches_rows_in_another_order(runs: tuple[Path, Path], tmp_path: Path) -> None:
    lines = [json.loads(line) for line in nlp3d("sample", str(runs[0]), "--n", "30").stdout.splitlines()]
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    one.write_text("".join(json.dumps(line) + "\n" for line in lines))
    other.write_text("".join(json.dumps(line) + "\n" for line in reversed(lines[1:])))
    found = json.loads(nlp3d("compare", str(one), str(other), "--format", "json").stdout)
    assert found["counts"] == {"both": 29, "same": 29, "only_a": 1, "only_b": 0, "other_text": 0}


@pytest.mark.parametrize("command", ["report", "sample", "compare"])
def test_what_is_no_run_is_told_without_its_name(command: str, tmp_path: Path) -> None:
    torn = tmp_path / "CANARY.jsonl"
    torn.write_text('{"status": "answered", "reason": "supported"\n')
    for given in (tmp_path / "CANARY", torn):
        done = nlp3d(command, *[str(given)] * (2 if command == "compare" else 1))
        assert done.returncode in (2, 4) and done.stderr and "CANARY" not in done.stderr and "Traceback" not in done.stderr


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Debian's chromium")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_has_no_accessibility_faults(runs: tuple[Path, Path], scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        for width in (1280, 360):
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
            page.goto((runs[0] / "report.html").as_uri())
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
        browser.close()
