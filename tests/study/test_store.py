"""Run folders: whole or absent, equal bytes for equal work, damage found."""

from __future__ import annotations

import errno
import json
import os
import random
import stat

import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal

import sim
from sim.errors import InputError, StorageError
from sim.study.results import store

from .scenarios import desk

TABLES = ("measures.parquet", "distributions.parquet", "encounters.parquet", "visits.parquet")


@pytest.fixture
def stored(tmp_path):
    return sim.run(desk(), jobs=1, replications=2, policies="all", log=True, out=tmp_path)


def bytes_of(folder):
    return {name: (folder / name).read_bytes() for name in TABLES if (folder / name).exists()}


def test_what_is_read_is_what_was_run(stored, tmp_path):
    plain = sim.run(desk(), jobs=1, replications=2, policies="all", log=True)
    assert stored.folder.parent == tmp_path / "desk"
    back = sim.read(stored.folder)
    for other in (stored, back):
        assert_frame_equal(plain.measures, other.measures, check_exact=True)
        assert_frame_equal(plain.distributions, other.distributions, check_exact=True)
        assert_frame_equal(plain.visits(), other.visits(), check_exact=True)
        assert_frame_equal(plain.encounters(), other.encounters(), check_exact=True)
        assert other.content_id == plain.content_id
        assert other.policies == plain.policies
        assert other.to_json_object() == plain.to_json_object()
    assert back.scenario == plain.scenario
    assert back.scenario.canonical() == plain.scenario.canonical()


def test_the_record_says_what_was_run_by_what(stored):
    said = json.loads((stored.folder / "run.json").read_text(encoding="utf-8"))
    assert said["format"] == 1
    assert said["id"].startswith(stored.folder.name)
    assert said["seed"] == 3
    assert said["policies"] == ["as_is", "third"]
    assert said["scenario"]["staff"]["clerk"]["count"] == 2
    assert set(said["files"]) == set(TABLES)
    assert {"command", "packages", "python"} <= set(said["environment"])
    assert said["timings"]["seconds"] > 0


def test_equal_work_gives_equal_bytes_for_any_number_of_workers(tmp_path, stored):
    other = sim.run(desk(), jobs=3, replications=2, policies="all", log=True, out=tmp_path / "other")
    assert other.folder.name == stored.folder.name
    assert bytes_of(other.folder) == bytes_of(stored.folder)
    assert set(bytes_of(other.folder)) == set(TABLES)


def test_running_again_leaves_an_equal_run_as_it_is(tmp_path, stored):
    (stored.folder / "report.html").write_text("made from it")
    again = sim.run(desk(), jobs=1, replications=2, policies="all", log=True, out=tmp_path)
    assert again.folder == stored.folder
    assert (stored.folder / "report.html").exists()
    assert [path.name for path in stored.folder.parent.iterdir()] == [stored.folder.name]


def test_what_shapes_the_tables_shapes_the_name(tmp_path):
    ids = {
        sim.run(desk(**more), jobs=1, **{"replications": 1, **asked}).content_id
        for more, asked in [
            ({}, {}), ({}, {"seed": 4}), ({}, {"replications": 2}), ({}, {"by": ("hour",)}), ({}, {"policy": "third"}),
            ({"choose_staff": "first"}, {}), ({}, {"policies": "all"}), ({}, {"log": True}),
        ]
    }  # fmt: skip
    assert len(ids) == 8
    same = sim.run(desk(title="Another title", replications=9), jobs=1, replications=1)
    assert same.content_id == sim.run(desk(), jobs=1, replications=1).content_id


def test_a_name_may_be_given_and_holds_one_run(tmp_path):
    first = sim.run(desk(), jobs=1, replications=1, out=tmp_path, name="friday")
    assert first.folder == tmp_path / "desk" / "friday"
    with pytest.raises(InputError, match="another run"):
        sim.run(desk(), jobs=1, replications=2, out=tmp_path, name="friday")
    assert sim.read(first.folder).replications == 1


@pytest.mark.parametrize("name", ["../up", "a/b", "", ".", "..", "A", "nul\0", "x" * 65, "-rf", ".hidden"])
def test_names_that_could_lead_elsewhere_are_refused(tmp_path, name):
    with pytest.raises(InputError):
        sim.run(desk(), jobs=1, replications=1, out=tmp_path, name=name)
    assert list(tmp_path.rglob("*.parquet")) == []


def test_a_folder_of_somebody_elses_is_not_touched(tmp_path):
    place = tmp_path / "desk" / "mine"
    place.mkdir(parents=True)
    (place / "thesis.tex").write_text("years of work")
    with pytest.raises(InputError, match="no run folder"):
        sim.run(desk(), jobs=1, replications=1, out=tmp_path, name="mine")
    assert (place / "thesis.tex").read_text() == "years of work"


@pytest.mark.parametrize("at", ["_write_frames", "_bind", "_write_record", "_sync", "_give_name"])
def test_a_stop_before_the_rename_leaves_nothing_under_the_name(tmp_path, monkeypatch, at):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(store, at, stopped)
    with pytest.raises(KeyboardInterrupt):
        sim.run(desk(), jobs=1, replications=1, log=True, out=tmp_path)
    assert list(tmp_path.rglob("*")) == [tmp_path / "desk"]


def test_killed_before_the_rename_only_an_unfinished_folder_is_left(tmp_path):
    child = os.fork()
    if child == 0:
        store._give_name = lambda *_: os._exit(9)
        sim.run(desk(), jobs=1, replications=1, out=tmp_path)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 9
    (left,) = (tmp_path / "desk").iterdir()
    assert left.name.startswith(".unfinished-")
    again = sim.run(desk(), jobs=1, replications=1, out=tmp_path)
    assert sim.read(again.folder).replications == 1


def test_a_full_disk_is_told_and_leaves_no_partial_folder(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store, "_write_frames", full)
    with pytest.raises(StorageError, match="the disk is full"):
        sim.run(desk(), jobs=1, replications=1, out=tmp_path)
    assert list((tmp_path / "desk").iterdir()) == []


def test_a_place_where_nothing_can_be_written_is_told_before_the_work(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="file"):
        sim.run(desk(), jobs=1, replications=1, out=tmp_path / "file")


def test_folders_are_as_readable_as_others(stored, tmp_path):
    (tmp_path / "usual").mkdir()
    assert stat.S_IMODE(stored.folder.stat().st_mode) == stat.S_IMODE((tmp_path / "usual").stat().st_mode)


@pytest.mark.parametrize("name", [*TABLES, "run.json"])
def test_any_flipped_bit_is_found(stored, name):
    chance = random.Random(name)
    path = stored.folder / name
    whole = path.read_bytes()
    for _ in range(25):
        at = chance.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :])
        with pytest.raises((StorageError, InputError), match=name):
            sim.read(stored.folder)
        path.write_bytes(whole[:at])
        with pytest.raises((StorageError, InputError), match=name):
            sim.read(stored.folder)
    path.write_bytes(whole)
    assert sim.read(stored.folder).replications == 2


@pytest.mark.parametrize("name", TABLES)
def test_pages_carry_checksums_of_their_own(stored, name):
    """A bit that flips in the data of a page after the files were checked is found when the page is read."""
    path = stored.folder / name
    whole, group = path.read_bytes(), pq.ParquetFile(path).metadata.row_group(0)
    for chunk in (group.column(k) for k in range(group.num_columns)):
        start = min(chunk.data_page_offset, chunk.dictionary_page_offset or chunk.data_page_offset)
        last = start + chunk.total_compressed_size - 1
        path.write_bytes(whole[:last] + bytes([whole[last] ^ 4]) + whole[last + 1 :])
        with pytest.raises(StorageError, match=name):
            store.read_table(path)


def test_a_damaged_run_is_replaced_by_running_again(stored, tmp_path):
    path = stored.folder / "measures.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    again = sim.run(desk(), jobs=1, replications=2, policies="all", log=True, out=tmp_path)
    assert again.folder == stored.folder
    assert path.read_bytes() == whole
    assert [entry.name for entry in stored.folder.parent.iterdir()] == [stored.folder.name]


def test_a_missing_table_and_a_folder_that_is_none_are_told(stored, tmp_path):
    (stored.folder / "visits.parquet").unlink()
    with pytest.raises(StorageError, match=r"visits.parquet: missing"):
        sim.read(stored.folder)
    with pytest.raises(InputError, match="not a run folder"):
        sim.read(tmp_path)


def test_failures_and_levers_are_stored(tmp_path):
    crowd = desk(site={"max_in_system": 5}, staff={"clerk": {"count": 1}}, policies={})
    result = sim.run(crowd, jobs=1, replications=2, out=tmp_path, levers={"staff.clerk.pace": 0.5})
    back = sim.read(result.folder)
    assert_frame_equal(result.failures, back.failures)
    assert back.settings["levers"] == {"staff.clerk.pace": 0.5}
    assert back.measures.empty
