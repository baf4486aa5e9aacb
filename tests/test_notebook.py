"""Each notebook runs as it stands, and what is committed is that notebook, executed.

``python -m tests.test_notebook`` executes the sources anew and writes the committed notebooks.
"""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "docs" / "notebooks"
FIGURES = {"first_run": 2, "which_policy": 3}

jupytext = pytest.importorskip("jupytext")
nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")


def executed(source):
    """The notebook of the source with its outputs; cells keep their ids and say nothing of when they ran."""
    notebook = jupytext.read(source)
    nbclient.NotebookClient(
        notebook, timeout=600, record_timing=False, resources={"metadata": {"path": str(source.parent)}}
    ).execute()
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
    return notebook


@pytest.mark.parametrize("name", FIGURES)
def test_the_notebook_runs_and_draws_its_figures(name, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    outputs = [o for cell in executed(NOTEBOOKS / f"{name}.py").cells for o in cell.get("outputs", [])]
    assert len([output for output in outputs if "image/png" in output.get("data", {})]) == FIGURES[name]
    assert [output for output in outputs if output.output_type == "stream"] == []


@pytest.mark.parametrize("name", FIGURES)
def test_the_committed_notebook_is_this_source_executed(name):
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    source = jupytext.read(NOTEBOOKS / f"{name}.py")
    assert [(c.cell_type, c.source) for c in notebook.cells] == [(c.cell_type, c.source) for c in source.cells]
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert not [o for cell in code for o in cell.outputs if o.output_type in {"error", "stream"}]


if __name__ == "__main__":
    for source in sorted(NOTEBOOKS.glob("*.py")):
        nbformat.write(executed(source), source.with_suffix(".ipynb"))
