"""How a command ends: every exception becomes one message and one exit status, here and nowhere else."""

from __future__ import annotations

import errno
import shlex
import traceback
from collections.abc import Callable, Sequence

import click

from sim.cli import console
from sim.errors import SimError

DONE = 0
BUG = 1
WRONG_INPUT = 2
SOME_FAILED = 3
LIMIT_NOT_MET = 4
STORAGE = 5
BUSY = 75
INTERRUPTED = 130

_NOT_THERE = {errno.ENOENT, errno.EISDIR, errno.ENOTDIR}


def ended(command: Callable[[], object], arguments: Sequence[str]) -> int:
    """Run a command and return its exit status; say on standard error what went wrong, if anything did.

    ``arguments`` are the words after ``sim``, for the line that repeats an interrupted command. A command returns
    its own status, or None for done.
    """
    try:
        status = command()
    except (KeyboardInterrupt, click.Abort):
        console.tell("Interrupted. To run it again:\n  " + shlex.join(["sim", *arguments]))
        return INTERRUPTED
    except click.ClickException as problem:
        return _usage(problem)
    except SimError as problem:
        console.complain(str(problem))
        return problem.exit_status
    except OSError as problem:
        console.complain(_of_system(problem))
        return WRONG_INPUT if problem.errno in _NOT_THERE else STORAGE
    except MemoryError:
        console.complain("out of memory; fewer --jobs need less")
        return BUG
    except Exception:
        console.tell(traceback.format_exc().rstrip())
        console.complain("this is a fault of the program, not yours; please report it with the lines above")
        return BUG
    return status if isinstance(status, int) else DONE


def _usage(problem: click.ClickException) -> int:
    if isinstance(problem, getattr(click.exceptions, "NoArgsIsHelpError", ())):  # from click 8.2 on
        console.tell(problem.format_message())
        return WRONG_INPUT
    console.complain(problem.format_message())
    context = getattr(problem, "ctx", None)
    if context is not None:
        console.tell(f"{context.get_usage()}\n'{context.command_path} --help' says more.")
    return WRONG_INPUT


def _of_system(problem: OSError) -> str:
    reason = (problem.strerror or str(problem)).lower()
    return f"{problem.filename}: {reason}" if problem.filename else reason
