"""What a study asks of a scenario: how precise, what must hold, what is uncertain."""

import re
from typing import Annotated, Any

from sim.scenario.written import Part, Written, listed, number, show, text, whole, whole_schema, wrong

_LIMIT = re.compile(r"\s*[^\s<>=\[\]]+\s*(\[.*\])?\s*(<=|>=|<|>)\s*\S.*")


def _part(value: Any) -> float:
    """A share, also written ``5%``."""
    if isinstance(value, str) and re.fullmatch(r"\s*\d+(\.\d+)?\s*%\s*", value):
        value = float(value.strip().rstrip("%")) / 100
    return number(0, 1, above=True)(value)


def _limit(value: Any) -> str:
    if not isinstance(value, str) or not _LIMIT.fullmatch(value):
        raise wrong(f'{show(value)} is not a limit; write for example "wait_p90 < 12 min"')
    return text(value)


def _low_high(value: Any) -> tuple[Any, Any]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise wrong("two values are due, [low, high]")
    return value[0], value[1]


_TEXTS = {"type": "array", "items": {"type": "string"}}


class Precision(Part):
    """How many replications: until these measures are known within that part of themselves."""

    of: Annotated[tuple[str, ...], Written(listed(text, 1), _TEXTS)] = ("wait_mean",)
    """Measures."""
    within: Annotated[float, Written(_part, {"anyOf": [{"type": "number"}, {"type": "string"}]})] = 0.05
    """Half-width of the 95 % interval, as a part of the mean: `5%`."""
    at_most: Annotated[int, Written(whole(2, 1_000_000), whole_schema(2))] = 500
    """Replications, at most."""


Limits = Annotated[tuple[str, ...], Written(listed(_limit), _TEXTS)]
LowHigh = Annotated[tuple[Any, Any], Written(_low_high, {"type": "array", "minItems": 2, "maxItems": 2})]
