"""A faulty pack is refused, with file and line; reading YAML is strict."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nlp3d.errors import MESSAGES, Nlp3dError
from nlp3d.rules import load_pack
from nlp3d.yamlfile import load_yaml

Spoil = Callable[[str, str, str], Path]
ROW = "- id: query.mesh"
FAULTS = [
    # file, words, words instead, code
    ("decision.yaml", "technique: none}", "technique: nothing}", "pack_value_unknown"),
    ("decision.yaml", "when: {technique: none}", "when: {tecnique: none}", "pack_value_unknown"),
    ("decision.yaml", "when: {outside: true}", 'when: {outside: "true"}', "pack_value_unknown"),
    ("decision.yaml", "{output: mesh}", "{output: [mesh, model]}", "pack_value_unknown"),
    ("decision.yaml", "source: [S16]", "source: [S916]", "pack_source_unknown"),
    ("decision.yaml", 'code: "76377", reason: supported', "code: 76377, reason: supported", "pack_value_unknown"),
    ("decision.yaml", 'code: "76377", reason: supported', 'code: "73677", reason: supported', "pack_value_unknown"),
    ("decision.yaml", 'code: "76377", reason: supported', 'code: "76376", reason: supported', "pack_code_unsupported"),
    ("decision.yaml", "supervision: [concurrent, personal]}", "supervision: [concurrent, personal, partial]}", "pack_code_unsupported"),
    ("decision.yaml", "lenient: same", "lenient: similar", "pack_value_unknown"),
    ("decision.yaml", "reason: other_output", "reason: another_output", "pack_value_unknown"),
    ("decision.yaml", "blocked: {output: The rendering was not made as a surface file only.}", "blocked: {}", "pack_blocked_missing"),
    ("decision.yaml", "blocked: {technique: The", "blocked: {base: x, technique: The", "pack_key_unknown"),
    ("decision.yaml", "ask: mesh_output", "ask: mesh", "pack_value_unknown"),
    ("decision.yaml", "to: coder, ask: mesh_output", "to: physician, ask: mesh_output", "pack_value_unknown"),
    ("decision.yaml", f"{ROW}\n  says:", f"{ROW}\n  sais:", "pack_key_unknown"),
    ("decision.yaml", f"{ROW}\n  says: Only a surface file was made, which is another service.\n", f"{ROW}\n", "pack_key_missing"),
    ("decision.yaml", f"{ROW}\n", "- id: query.technique\n", "pack_dates_overlap"),
    ("decision.yaml", "{from: unknown, to: 2005-12-31}", "{from: unknown, to: 2004-12-31}", "pack_table_gap"),
    ("decision.yaml", "{from: unknown, to: 2005-12-31}", "{from: 2006-01-01, to: 2005-12-31}", "pack_dates_reversed"),
    ("decision.yaml", "{from: unknown, to: 2005-12-31}", "{from: unknown, to: 2005-13-31}", "pack_date"),
    ("decision.yaml", "{from: unknown, to: 2005-12-31}", "{from: unknown}", "pack_row_never"),
    (
        "decision.yaml",
        "location: [undocumented, conflicting], supervision: [partial",
        "location: conflicting, supervision: [partial",
        "pack_table_gap",
    ),
    ("decision.yaml", "when: {technique: weak}", "when: {technique: none}", "pack_row_never"),
    ("bases.yaml", "base: cta\n", "base: ctangio\n", "pack_value_unknown"),
    ("bases.yaml", "to: 2009-12-31}", "to: 2009-11-30}", "pack_dates_gap"),
    ("bases.yaml", "to: 2009-12-31}", "to: 2010-01-01}", "pack_dates_overlap"),
    ("bases.yaml", "procedures: [mra.*, mrv.*]", "procedures: [mra.*, cta.*]", "pack_dates_overlap"),
    ("bases.yaml", "- id: base.mra", "- id: base.cta", "pack_duplicate_id"),
    ("bases.yaml", "  note: The first day was not found.\n", "", "pack_key_missing"),
    ("bases.yaml", "base: radiotherapy\n", "base: guidance\n", "pack_group_missing"),
    ("bases.yaml", "checked_through: 2026-11-23", "checked_through: soon", "pack_date"),
    ("contiguity.yaml", "max_units: 2", 'max_units: "2"', "pack_type"),
    ("contiguity.yaml", "- id: contiguous.trunk", "- id: contiguous.spine", "pack_duplicate_id"),
    ("flags.yaml", "- id: contradiction", "- id: contradictory", "pack_value_unknown"),
    ("flags.yaml", "review: false", "review: never", "pack_type"),
    ("queries.yaml", "Examination: $study", "Examination: $name", "pack_template_key"),
    ("queries.yaml", "Where were", "To bill, where were", "pack_words_forbidden"),
    ("queries.yaml", "Where were", "For $$$$5, where were", "pack_words_forbidden"),
    ("queries.yaml", "    [ ] unable to determine\n", "", "pack_option_missing"),
    ("queries.yaml", "Please clarify", "For 76377, please clarify", "pack_words_forbidden"),
    ("payers/rocky_mountain.yaml", "parent: strict", "parent: lax", "pack_value_unknown"),
    ("payers/rocky_mountain.yaml", "payer:", "payers:", "pack_key_unknown"),
    ("decision.yaml", "skippable: true", "skippable: true\n  skippable: true", "yaml_duplicate_key"),
    ("decision.yaml", "when: {outside: true}", "when: &w {outside: true}", "yaml_alias"),
    ("decision.yaml", "when: {outside: true}", "when: !!python/none {outside: true}", "yaml_tag"),
    ("decision.yaml", "when: {outside: true}", "when: {outside: true", "yaml_syntax"),
]


@pytest.mark.parametrize(("name", "old", "new", "code"), FAULTS)
def test_a_faulty_pack_is_refused_with_file_and_line(spoil: Spoil, name: str, old: str, new: str, code: str) -> None:
    folder = spoil(name, old, new)
    with pytest.raises(Nlp3dError) as caught:
        load_pack(folder)
    fault = caught.value
    assert fault.code == code, str(fault)
    assert re.fullmatch(re.escape(str(folder / name)) + r", line \d+", fault.where), fault.where
    assert fault.what and fault.next and str(fault).startswith(f"{code}: {fault.where}\n  ")


def test_the_line_is_that_of_the_entry(spoil: Spoil) -> None:
    folder = spoil("decision.yaml", "{output: mesh}", "{output: modell}")
    line = (folder / "decision.yaml").read_text(encoding="utf-8").split("modell")[0].count("\n") + 1
    with pytest.raises(Nlp3dError, match=f"line {line}\n"):
        load_pack(folder)


def test_a_changed_pack_has_another_hash_and_an_unchanged_copy_the_same(spoil: Spoil) -> None:
    ours = load_pack().sha256
    assert load_pack(spoil("decision.yaml", "version", "version")).sha256 == ours
    load_pack.cache_clear()
    assert load_pack(spoil("payers/rocky_mountain.yaml", "Known from", "Read from")).sha256 != ours
    load_pack.cache_clear()


def test_every_message_says_what_and_what_next() -> None:
    for what, following in MESSAGES.values():
        assert what.strip() and following.strip().endswith(".")


def test_yaml_is_read_as_1_2_with_dates_as_text(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: NO\nb: 2006-01-01\nc: 12:30:45\nd: true\ne: 3\nf:\ng: 1.5\n", encoding="utf-8")
    assert load_yaml(path).data == {"a": "NO", "b": "2006-01-01", "c": "12:30:45", "d": True, "e": 3, "f": None, "g": 1.5}
    assert load_yaml(path).line("d") == 4


def test_parsed_data_are_kept_beside_the_file_and_a_change_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\n", encoding="utf-8")
    assert load_yaml(path).data == {"a": 1}
    (kept,) = (tmp_path / "__pycache__").iterdir()
    assert json.loads(kept.read_text(encoding="utf-8")) == {"a": 1}
    kept.write_text('{"a": 7}', encoding="utf-8")
    assert load_yaml(path).data == {"a": 7}  # read from there
    kept.write_text("{", encoding="utf-8")
    assert load_yaml(path).data == {"a": 1}  # a damaged one is made anew
    path.write_text("a: 2\n", encoding="utf-8")
    assert load_yaml(path).data == {"a": 2}
    assert len(list((tmp_path / "__pycache__").iterdir())) == 1


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\n", encoding="utf-8")
    (tmp_path / "__pycache__").write_text("a file, not a folder", encoding="utf-8")
    assert load_yaml(path).data == {"a": 1}


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(Nlp3dError, match="yaml_unreadable"):
        load_yaml(tmp_path / "none.yaml")
