"""Suggestions in pandas and polars: tidy columns, index kept, missing stays missing, one bad row stops no other."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import nlp3d
import nlp3d.pandas
import nlp3d.polars
from nlp3d.errors import Nlp3dError
from nlp3d.frames import COLUMNS

SUPPORTED = "CT FEMUR\nTECHNIQUE: Volume rendered 3D images were made on an independent workstation under my concurrent supervision."
SCANNER = SUPPORTED.replace("an independent workstation", "the scanner console")
PLAIN = "CT FEMUR without contrast. No fracture."
CANARY = "canary-8675309"

TYPES = [object, "string", pd.StringDtype("pyarrow"), pd.StringDtype("python", na_value=float("nan")), pd.ArrowDtype(pa.string()), "category"]
if int(pd.__version__.split(".")[0]) >= 3:
    TYPES.append("str")  # before, this was object, with missing values as words


@pytest.mark.parametrize("dtype", TYPES, ids=str)
@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA], ids=["None", "nan", "NA"])
def test_index_is_kept_and_missing_stays_missing(dtype: Any, missing: Any) -> None:
    if isinstance(dtype, pd.ArrowDtype) and missing is not None:
        missing = pd.NA  # pandas itself takes no NaN there
    texts = pd.Series([SUPPORTED, missing, SCANNER, PLAIN, ""], index=["b", "a", "a", "c", "d"], dtype=dtype)
    answers = texts.nlp3d.suggest()
    assert list(answers.index) == list(texts.index)
    assert list(answers.columns) == list(COLUMNS)
    assert answers.iloc[1].isna().all()
    assert answers["code"].fillna("none").tolist() == ["76377", "none", "76376", "none", "none"]
    assert answers["status"].tolist()[2:] == ["answered", "answered", "no_text"]
    assert answers["needs_review"].dtype == "boolean"
    assert answers["json"].iloc[0] == nlp3d.suggest(SUPPORTED).to_json()
    first = answers.iloc[0]
    assert (first["technique"], first["location"], first["supervision"], first["units"]) == ("performed", "workstation", "concurrent", 1)
    assert "independent workstation" in first["evidence"]


def test_columns_of_a_frame() -> None:
    frame = pd.DataFrame({
        "report": [SUPPORTED.removeprefix("CT FEMUR\n"), SUPPORTED, SUPPORTED, SUPPORTED],
        "exam": ["CT FEMUR", None, "CTA CHEST", ""],
        "day": pd.to_datetime(["2026-03-01", "2005-06-01", None, "2026-03-01"]),
        "number": [1, None, 3, 4],
    }, index=pd.MultiIndex.from_product([["x", "y"], [1, 2]]))  # fmt: skip
    answers = nlp3d.suggest_frame(frame, "report", title="exam", date_of_service="day", id="number", prefix="nlp3d_")
    assert answers.index.equals(frame.index)
    assert answers["nlp3d_reason"].tolist() == ["supported", "not_in_force", "base_includes_3d", "supported"]
    same = nlp3d.suggest(frame["report"].iloc[0], title="CT FEMUR", date_of_service="2026-03-01", id="1")
    assert answers["nlp3d_json"].iloc[0] == same.to_json()
    assert len(frame.join(answers).columns) == 4 + len(COLUMNS)


def test_a_bad_row_stops_no_other_and_shows_no_value() -> None:
    frame = pd.DataFrame({"text": [SUPPORTED, SUPPORTED, 17], "day": ["2026-03-01", CANARY, None], "who": ["a", "b", "c"]})
    answers = nlp3d.suggest_frame(frame, date_of_service="day", id="who")
    assert answers["status"].tolist() == ["answered", "error", "error"]
    assert answers["problem"].fillna("").tolist() == ["", "record_date", "record_field_type"]
    assert CANARY not in answers.to_csv()
    assert '"id":"b"' in answers["json"].iloc[1]


def test_accessor_takes_one_value_or_a_column_with_the_same_index() -> None:
    texts = pd.Series([SUPPORTED, SUPPORTED])
    assert texts.nlp3d.suggest(base="cta")["reason"].tolist() == ["base_includes_3d"] * 2
    assert texts.nlp3d.suggest(date_of_service=pd.Series(["2005-01-01", "2026-01-01"]))["code"].fillna("").tolist() == ["", "76377"]
    with pytest.raises(Nlp3dError) as caught:
        texts.nlp3d.suggest(title=pd.Series(["a", "b"], index=[1, 0]))
    assert caught.value.code == "frame_index"


@pytest.mark.parametrize("frame", [pd.DataFrame({"a": [SUPPORTED]}), pl.DataFrame({"a": [SUPPORTED]}), pd.DataFrame([[1, 2]], columns=["text", "text"])])
def test_an_unknown_or_double_column(frame: Any) -> None:
    with pytest.raises(Nlp3dError) as caught:
        nlp3d.suggest_frame(frame)
    assert caught.value.code == "frame_column"


@pytest.mark.parametrize("frame", [None, [SUPPORTED], pl.LazyFrame({"text": [SUPPORTED]})])
def test_no_frame(frame: Any) -> None:
    with pytest.raises(Nlp3dError) as caught:
        nlp3d.suggest_frame(frame)
    assert caught.value.code == "frame_kind"


def test_an_unknown_profile_is_said_even_of_no_rows() -> None:
    with pytest.raises(Nlp3dError) as caught:
        nlp3d.suggest_frame(pd.DataFrame({"text": []}), profile="hasty")
    assert caught.value.code == "profile_unknown"
    empty = nlp3d.suggest_frame(pd.DataFrame({"text": []}))
    assert (len(empty), list(empty.columns)) == (0, list(COLUMNS))


def test_polars_gives_what_pandas_gives() -> None:
    texts = [SUPPORTED, None, SCANNER, "", "\U0001f600 " + PLAIN]
    columns = {"text": texts, "day": ["2026-03-01", "2026-03-01", None, None, "soon"]}
    ours = nlp3d.suggest_frame(pl.DataFrame(columns), date_of_service="day")
    theirs = nlp3d.suggest_frame(pd.DataFrame(columns), date_of_service="day")
    assert isinstance(ours, pl.DataFrame)
    assert ours.schema["needs_review"] == pl.Boolean
    assert ours.to_dicts() == theirs.astype(object).where(theirs.notna(), None).to_dict("records")
    assert pl.Series(texts).nlp3d.suggest()["code"].to_list() == ["76377", None, "76376", None, None]


def test_workers_change_nothing() -> None:
    texts = pd.Series([SUPPORTED, None, SCANNER, PLAIN] * 150)
    pd.testing.assert_frame_equal(texts.nlp3d.suggest(workers=2), texts.nlp3d.suggest())


KILLED = """
import os, signal, threading, multiprocessing, time, nlp3d.frames as frames
from nlp3d.errors import Nlp3dError
def kill():
    while not multiprocessing.active_children(): time.sleep(0.01)
    os.kill(multiprocessing.active_children()[0].pid, signal.SIGKILL)
if __name__ == "__main__":
    threading.Thread(target=kill, daemon=True).start()
    try:
        frames.rows({"text": ["CT FEMUR"] * 2000}, workers=2)
    except Nlp3dError as problem:
        print(problem.code)
"""


def test_a_killed_worker_is_an_error_not_a_wait(tmp_path: Any) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.strip() == "worker_lost"


def test_nlp3d_alone_loads_no_frame_library() -> None:
    program = "import sys, nlp3d, nlp3d.frames; print({'pandas', 'polars'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "set()"
