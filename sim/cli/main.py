"""The command line: the list of commands, each imported only when it is called."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from sim import __version__
from sim.cli.exits import ended

COMMANDS = {
    "run": ("sim.cli.run", "Simulate a scenario; print the service and what it led to."),
    "compare": ("sim.cli.compare", "Compare policies on the same customers; how surely, at what cost."),
    "select": ("sim.cli.select", "Find the best policy with a guarantee, or the cheapest that keeps limits."),
    "sensitivity": ("sim.cli.sensitivity", "Find which assumed parameters matter, and what they decide."),
    "warm-up": ("sim.cli.warm_up", "Suggest how much of a steady-state run to leave out at its beginning."),
    "trace": ("sim.cli.trace", "Tell one customer's story, event by event."),
    "validate": ("sim.cli.files", "Check scenario files; say all that is wrong, where, and the cure."),
    "new": ("sim.cli.files", "Write a commented scenario to start from."),
    "schema": ("sim.cli.files", "Print the JSON Schema of scenario files, for editors."),
    "doctor": ("sim.cli.doctor", "Check this installation."),
}


class Commands(click.Group):
    """A group that knows its commands' names without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of a working day: run first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of this name; None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name][0]), cmd_name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, so that help imports none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, says) for name, (_, says) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one may have been meant."""
        if args and args[0] not in COMMANDS:
            from sim.errors import did_you_mean

            known = ", ".join(COMMANDS)
            ctx.fail(f"no command '{args[0]}'{did_you_mean(args[0], COMMANDS)}; there are {known}")
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sim", message="%(prog)s %(version)s")
def cli() -> None:
    """Simulate service encounters: how training and staffing change waits and the quality customers perceive.

    \b
    Begin with:  sim new my-desk
                 sim run my-desk.yaml
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(ended(lambda: cli.main(words, prog_name="sim", standalone_mode=False), words))
