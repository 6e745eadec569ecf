"""Every notebook runs from top to bottom without an error, and is kept without outputs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import nlp3d

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def _code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_without_error(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=180, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}})
    # The kernel imports the same nlp3d as this test.
    client.execute(env={**os.environ, "PYTHONPATH": str(Path(nlp3d.__file__).parents[1])})
    outputs = [output for cell in _code_cells(notebook) for output in cell.outputs]
    assert all(cell.execution_count for cell in _code_cells(notebook))
    assert outputs
    assert not [output for output in outputs if output.output_type == "error"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_is_kept_without_outputs(path: Path) -> None:
    assert not [cell for cell in _code_cells(nbformat.read(path, as_version=4)) if cell.outputs or cell.execution_count]
