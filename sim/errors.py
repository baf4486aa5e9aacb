"""What can go wrong, and how the user is told: where it is, what was got, what would do."""

import difflib
from collections.abc import Iterable
from typing import NamedTuple

_SHOWN = 50


class SimError(Exception):
    """Anything the program reports in one plain message; ``exit_status`` is that of the command line."""

    exit_status: int = 1


class InputError(SimError):
    """The user's input or usage is wrong."""

    exit_status = 2


class ModelError(SimError):
    """The model gave an impossible number, such as a negative duration: names element, encounter and draw."""


class SelfCheckError(SimError):
    """A law that every run checks was violated: a bug of the program."""


class GuardStop(SimError):  # noqa: N818 (a stop, not a mistake)
    """A guard ended the run: too many customers inside, or too many events at one instant."""

    exit_status = 3


class StorageError(SimError):
    """Results could not be written or read: disk full, no permission, damage."""

    exit_status = 5


class BusyFolder(SimError):  # noqa: N818 (a state of the folder)
    """Another process works in that folder."""

    exit_status = 75


class Problem(NamedTuple):
    """One thing wrong in a scenario: file, line (None where there is none), dotted path, message."""

    file: str
    line: int | None
    path: str
    message: str


class ScenarioError(InputError):
    """All that is wrong with a scenario, told at once; ``str()`` is the whole report."""

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.file = file
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(file, self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        lines = [f"{printable(self.file)}: {count} problem{'' if count == 1 else 's'}"]
        lines += [f"  {_told(problem, self.file)}" for problem in self.problems[:_SHOWN]]
        if count > _SHOWN:
            lines.append(f"  … and {count - _SHOWN} more")
        return "\n".join(lines)


def _told(problem: Problem, file: str) -> str:
    line = "" if problem.line is None else str(problem.line)
    if problem.file != file:
        line = f"{problem.file}:{line}" if line else problem.file
    return printable(": ".join(part for part in (line, problem.path, problem.message) if part))


def printable(text: str) -> str:
    """The text with control and direction characters written out, so that no terminal obeys them."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


def did_you_mean(name: str, choices: Iterable[str]) -> str:
    """``"; did you mean 'x'?"`` for the closest of the choices, or nothing where none is close."""
    close = difflib.get_close_matches(name[:80], list(choices), n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else ""


def there_are(names: Iterable[str], most: int = 20) -> str:
    """``"there are a, b, c"``: the names one can choose from, cut after ``most``."""
    known = list(names)
    if not known:
        return "there are none"
    more = "" if len(known) <= most else f" and {len(known) - most} more"
    return f"there {'is' if len(known) == 1 else 'are'} {', '.join(known[:most])}{more}"
