"""The notebook runs as it stands, and what is committed is that notebook, executed.

``python -m tests.test_notebook`` executes the source anew and writes the committed notebook.
"""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "docs" / "notebooks" / "first_run.py"

jupytext = pytest.importorskip("jupytext")
nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")


def executed():
    """The notebook of the source with its outputs; cells keep their ids and say nothing of when they ran."""
    notebook = jupytext.read(SOURCE)
    nbclient.NotebookClient(
        notebook, timeout=300, record_timing=False, resources={"metadata": {"path": str(SOURCE.parent)}}
    ).execute()
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
    return notebook


def test_the_notebook_runs_and_draws_its_figures(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    outputs = [output for cell in executed().cells for output in cell.get("outputs", [])]
    assert len([output for output in outputs if "image/png" in output.get("data", {})]) == 2
    assert [output for output in outputs if output.output_type == "stream"] == []


def test_the_committed_notebook_is_this_source_executed():
    notebook = nbformat.read(SOURCE.with_suffix(".ipynb"), as_version=4)
    source = jupytext.read(SOURCE)
    assert [(c.cell_type, c.source) for c in notebook.cells] == [(c.cell_type, c.source) for c in source.cells]
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert not [o for cell in code for o in cell.outputs if o.output_type in {"error", "stream"}]


if __name__ == "__main__":
    nbformat.write(executed(), SOURCE.with_suffix(".ipynb"))
