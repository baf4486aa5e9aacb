"""Puts the contents of CSV files that a scenario names (``file``, ``column``) into its tree."""

import csv
from pathlib import Path
from typing import Any

from sim.errors import did_you_mean, there_are
from sim.scenario.document import Keys

MOST_BYTES = 20_000_000
MOST_ROWS = 200_000


class Unfit(Exception):  # noqa: N818
    """A CSV file that cannot be used; the text says why and what would do."""


def with_csv_contents(tree: Any, folder: Path) -> tuple[Any, list[tuple[Keys, str]]]:
    """The tree with the files of empirical laws and of appointments read into it; and problems."""
    problems: list[tuple[Keys, str]] = []
    return _filled(tree, (), folder, problems), problems


def _filled(node: Any, keys: Keys, folder: Path, problems: list[tuple[Keys, str]]) -> Any:
    if isinstance(node, list):
        return [_filled(entry, (*keys, str(place)), folder, problems) for place, entry in enumerate(node)]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("file"), str) and (node.get("dist") == "empirical" or _is_arrivals(keys)):
        try:
            return _contents(node, folder)
        except Unfit as error:
            problems.append(((*keys, "file"), str(error)))
            return {**_rest(node), **({"values": [1]} if "dist" in node else {"at": []})}
    return {key: _filled(entry, (*keys, key), folder, problems) for key, entry in node.items()}


def _is_arrivals(keys: Keys) -> bool:
    """Also for a lever of a policy, whose key is a dotted path."""
    return bool(keys) and keys[-1].rpartition(".")[2] == "arrivals"


def _rest(node: dict[str, Any]) -> dict[str, Any]:
    return {key: entry for key, entry in node.items() if key not in ("file", "column")}


def _contents(node: dict[str, Any], folder: Path) -> dict[str, Any]:
    rows = _rows(confined(node["file"], folder))
    column = node.get("column", "time" if "dist" not in node else None)
    if not isinstance(column, str):
        raise Unfit("'column' is missing; name the column of the CSV file")
    if column not in rows[0]:
        raise Unfit(f"no column '{column}'{did_you_mean(column, rows[0]) or '; ' + there_are(rows[0])}")
    places = {name: place for place, name in enumerate(rows[0])}
    cells = [_cell(row, places[column]) for row in rows[1:]]
    if "dist" in node:
        return {**_rest(node), "values": [_value(cell) for cell in cells]}
    if "day" not in places or column == "day":
        return {**_rest(node), "at": cells}
    days = [_value(_cell(row, places["day"])) for row in rows[1:]]
    return {**_rest(node), "at": [{"time": time, "day": day} for time, day in zip(cells, days, strict=True)]}


def _cell(row: list[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _value(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell


def confined(file: str, folder: Path) -> Path:
    """The path of a file inside the folder tree; Unfit where it is not there, or leads out of it."""
    if not file.isprintable() or Path(file).is_absolute() or ":" in file or "\\" in file:
        raise Unfit(f"'{file[:60]}' will not do; write a path relative to the scenario's folder")
    try:
        path, root = (folder / file).resolve(), folder.resolve()
    except (OSError, RuntimeError):
        raise Unfit(f"'{file[:60]}' cannot be followed; write the path of a CSV file") from None
    if not path.is_relative_to(root):
        raise Unfit(f"'{file[:60]}' leads out of the scenario's folder; put the file into it")
    if not path.is_file():
        raise Unfit(f"no file '{file[:60]}' in the scenario's folder")
    return path


def _rows(path: Path) -> list[list[str]]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Unfit(f"the file has more than {MOST_BYTES} bytes; shorten it")
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = [row for row in csv.reader(stream) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Unfit(f"the CSV file cannot be read ({type(error).__name__}); save it as UTF-8 text") from None
    if len(rows) < 2:
        raise Unfit("the CSV file has no rows; a header and at least one row are due")
    if len(rows) > MOST_ROWS:
        raise Unfit(f"the CSV file has more than {MOST_ROWS} rows; shorten it")
    return [[name.strip() for name in rows[0]], *rows[1:]]
