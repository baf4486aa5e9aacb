"""Runs on disk: a folder is there whole or not at all, and damage is found when it is read."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, StorageError
from sim.study.results.identity import RESULTS_VERSION, canonical_json
from sim.study.results.logs import TABLES, LogsInFolder, LogsInParts
from sim.study.results.result import FORMAT, Result

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

RECORD = "run.json"
_ID_DIGITS = 12
_FRAMES = ("measures", "distributions")
_COURSE = "course"  # of steady-state runs alone


class Staging:
    """A folder beside the run's place, in which everything is written before it gets its name."""

    def __init__(self, out: Path, scenario: str, name: str | None) -> None:
        self.parent = out / slug(scenario)
        self.name = None if name is None else slug(name)
        with told(self.parent):
            self.parent.mkdir(parents=True, exist_ok=True)
            self.folder = _new_folder(self.parent, ".unfinished-")
        self.parts = self.folder / "parts"

    def logs(self, policies: tuple[str, ...]) -> LogsInParts:
        """Where the logs go until they are bound."""
        with told(self.folder):
            self.parts.mkdir()
        return LogsInParts(policies, self.parts)

    def publish(self, result: Result, logs: LogsInParts | None, facts: dict[str, Any]) -> Result:
        """Write the result, give the folder its name and return the result as stored there."""
        place = self.parent / (self.name or result.content_id[:_ID_DIGITS])
        with told(self.folder):
            _write_frames(self.folder, result)
            if logs is not None:
                _bind(self.folder, logs)
                shutil.rmtree(self.parts)
            files = {path.name: _fingerprint(path) for path in sorted(self.folder.glob("*.parquet"))}
            _write_record(self.folder / RECORD, record(result, files, facts))
            _sync(self.folder)
        with told(place):
            _give_name(self.folder, place, result.content_id, files)
        return replace(result, folder=place, logs=None if logs is None else LogsInFolder(place))

    def discard(self) -> None:
        """Remove whatever was written under no name."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _new_folder(parent: Path, prefix: str) -> Path:
    """A folder of a name that nobody has, readable as any other (unlike those of `tempfile`)."""
    folder = parent / f"{prefix}{secrets.token_hex(8)}"
    folder.mkdir()
    return folder


def slug(name: str) -> str:
    """The name, if it can be one folder's name. InputError otherwise."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", name):
        raise InputError(f"'{name[:80]}' cannot name a folder; use small letters a-z, digits and hyphens, at most 64")
    return name


@contextlib.contextmanager
def told(place: Path) -> Iterator[None]:
    """Turn what the system says of disk and permissions into a StorageError that names the place."""
    try:
        yield
    except OSError as problem:
        reason = "the disk is full" if problem.errno == errno.ENOSPC else (problem.strerror or str(problem)).lower()
        raise StorageError(f"{problem.filename or place}: {reason}") from problem


def record(result: Result, files: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    """What run.json says: what was run, from what, by which versions, and the fingerprints of the tables."""
    import sim

    failures = result.failures.to_dict("records")
    return {
        "format": FORMAT,
        "program": sim.__version__,
        "results_version": RESULTS_VERSION,
        "id": result.content_id,
        "scenario": result.scenario.as_written(),
        "policies": list(result.policies),
        "replications": result.replications,
        "seed": result.seed,
        "engine": result.engine,
        "settings": dict(result.settings),
        "precise": result.precise,
        "warnings": list(result.warnings),
        "failures": failures,
        "files": files,
        **facts,
    }


def read(folder: str | Path) -> Result:
    """Open a stored run. InputError where there is none; StorageError where a file is damaged, and which one."""
    import pandas as pd

    from sim.scenario import load
    from sim.study.results.frames import FAILURES

    place = Path(folder)
    said = read_record(place)
    for name, print_ in said["files"].items():
        _check(place / name, print_)
    frames = {name: read_table(place / f"{name}.parquet").to_pandas() for name in _FRAMES}
    frames["measures"] = frames["measures"].astype({"period": "Int64", "hour": "Int64"})
    return Result(
        scenario=load(said["scenario"]),
        policies=tuple(said["policies"]),
        replications=said["replications"],
        seed=said["seed"],
        engine=said["engine"],
        measures=frames["measures"],
        distributions=frames["distributions"],
        failures=pd.DataFrame(said["failures"], columns=list(FAILURES)),
        warnings=tuple(said["warnings"]),
        content_id=said["id"],
        settings=said["settings"],
        precise=said["precise"],
        seconds=said["timings"]["seconds"],
        logs=LogsInFolder(place) if f"{TABLES[0]}.parquet" in said["files"] else None,
        folder=place,
        course=read_table(place / f"{_COURSE}.parquet").to_pandas() if f"{_COURSE}.parquet" in said["files"] else None,
    )


def read_record(folder: Path) -> dict[str, Any]:
    """The record of a run folder, checked against its own fingerprint."""
    path = folder / RECORD
    if not path.is_file():
        raise InputError(f"{folder}: not a run folder, it has no {RECORD}")
    with told(path):
        text = path.read_bytes()
    try:
        said = json.loads(text)
        sealed = said.pop("seal")
    except (ValueError, AttributeError, KeyError) as problem:
        raise StorageError(f"{path}: damaged: {problem}; run the scenario again") from problem
    if sealed != _seal(said):
        raise StorageError(f"{path}: damaged: it is not what was written; run the scenario again")
    if said["format"] > FORMAT:
        raise InputError(f"{path}: written by a later version of the program (format {said['format']})")
    return dict(said)


def read_table(path: Path) -> pa.Table:
    """One table, its pages checked. StorageError where it is damaged."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with told(path):
            return pq.read_table(path, page_checksum_verification=True)
    except pa.ArrowException as problem:
        raise StorageError(f"{path}: damaged: {str(problem).splitlines()[0]}") from problem


def _write_frames(folder: Path, result: Result) -> None:
    for name in _FRAMES if result.course is None else (*_FRAMES, _COURSE):
        with _writer(folder / f"{name}.parquet", _arrow(getattr(result, name))) as (writer, table):
            writer.write_table(table)


def _arrow(frame: pd.DataFrame) -> pa.Table:
    """A frame as a table of plain columns: texts repeat, so they are stored as a dictionary; NaN is null."""
    import pyarrow as pa

    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    texts = [pa.field(f.name, pa.string()) if pa.types.is_large_string(f.type) or pa.types.is_null(f.type) else f
             for f in table.schema]  # fmt: skip
    return table.cast(pa.schema(texts))


@contextlib.contextmanager
def _writer(path: Path, table: pa.Table) -> Iterator[tuple[Any, pa.Table]]:
    """A Parquet file in the one form we write: zstd, page checksums, no index, no wall clock."""
    import pyarrow.parquet as pq

    writer = pq.ParquetWriter(path, table.schema, compression="zstd", write_page_checksum=True)
    try:
        yield writer, table
    finally:
        writer.close()


def _bind(folder: Path, logs: LogsInParts) -> None:
    """Bind the parts of the logs into one file for each table, one part in memory at a time."""
    for name in TABLES:
        schema = logs.schema(name)
        with _writer(folder / f"{name}.parquet", schema.empty_table()) as (writer, _):
            for page in logs.pages(name):
                writer.write_table(page.cast(schema))


def _fingerprint(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"sha256": hashlib.file_digest(file, "sha256").hexdigest(), "bytes": path.stat().st_size}


def _check(path: Path, expected: dict[str, Any]) -> None:
    with told(path):
        found = _fingerprint(path) if path.is_file() else None
    if found != expected:
        what = "missing" if found is None else "damaged: it is not what was written"
        raise StorageError(f"{path}: {what}; run the scenario again")


def _seal(said: dict[str, Any]) -> str:
    return hashlib.sha256(canonical_json(said).encode()).hexdigest()


def _write_record(path: Path, said: dict[str, Any]) -> None:
    plain = json.loads(json.dumps(said))  # as it will be read
    path.write_text(json.dumps({**plain, "seal": _seal(plain)}, indent=1, ensure_ascii=False), encoding="utf-8")


def _sync(folder: Path) -> None:
    """See that the files are on the disk before they get their name."""
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())


def _give_name(folder: Path, place: Path, content: str, files: dict[str, Any]) -> None:
    """Rename to the run's place. An equal run there stays as it is; a damaged one of the same content gives way."""
    if not place.exists():
        os.rename(folder, place)
        return
    try:
        there = read_record(place)
    except (InputError, StorageError):
        there = {}
    if there and there["id"] != content:
        raise InputError(f"{place} holds another run; choose another name, or remove that folder")
    if there and there["files"] == files and _intact(place, files):
        shutil.rmtree(folder)
        return
    if not there and not (place / RECORD).exists():
        raise InputError(f"{place} exists and is no run folder; choose another name")
    retired = _new_folder(place.parent, ".retired-")
    os.rename(place, retired / "run")
    os.rename(folder, place)
    shutil.rmtree(retired)


def _intact(place: Path, files: dict[str, Any]) -> bool:
    return all((place / name).is_file() and _fingerprint(place / name) == said for name, said in files.items())
