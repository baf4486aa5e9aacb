"""What the tests of the command line share: a folder with a small scenario, and a way to call `sim` in it."""

import pytest

from sim.cli.exits import ended
from sim.cli.main import cli
from tests.cli.small import written


@pytest.fixture
def call(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    written(tmp_path)

    def run(*words):
        capsys.readouterr()
        status = ended(lambda: cli.main(list(words), prog_name="sim", standalone_mode=False), words)
        out, err = capsys.readouterr()
        return status, out, err

    return run
