"""The narmat command. Groups are loaded when used, so that `narmat --help` answers at once."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from types import MappingProxyType

import click

# name: (module:attribute, one line of help)
COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "demo": (
            "market.commands.demo:demo",
            "Make the demo's data if it is missing and serve it on this machine.",
        ),
        "serve": ("market.commands.serve:serve", "Serve Närmat on this machine."),
        "work": ("market.commands.work:work", "Send messages and do what is due, beside the servers."),
        "worker": ("market.commands.worker:worker", "Do the jobs that people ask for, beside the servers."),
        "db": ("market.commands.db:db", "Create or upgrade the database."),
        "audit": ("market.commands.audit:audit_group", "Verify the chain of audit events."),
        "user": ("market.commands.user:user", "Add the first people of an installation."),
        "map": ("market.commands.map:map_group", "Maps as files that open without a network."),
        "prepare": ("market.commands.prepare:prepare", "Print what a scenario of preparedness means."),
        "simulate": (
            "market.commands.simulate:simulate",
            "How many suppliers does a DIS need? A simulated market.",
        ),
        "routing": ("routing.cli:routing", "Solve and check routing problems from files."),
        "geodata": ("geodata.cli:geodata", "Places, municipalities, neighbours."),
        "local": ("geodata.cli:local", "Is this local, for whom, and why?"),
    }
)


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="narmat")
def narmat() -> None:
    """Närmat: local food for public kitchens, from farm to hub."""


def main() -> None:
    """The entry point: a setting that can't be used is one line, not a traceback."""
    from market.config import BadSetting

    try:
        narmat()
    except BadSetting as error:
        click.echo(f"narmat: {error}", err=True)
        sys.exit(2)
