"""The command ``eda-workshop``: reads what is given, runs the command of the table, and puts its end into a sentence."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import version
from io import TextIOWrapper

from eda_workshop.commandline import INSTALLED, start
from eda_workshop.commands import table
from eda_workshop.errors import EdaError


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code; an error of the kit is one sentence and code 1."""
    given = sys.argv[1:] if arguments is None else arguments
    _spare_old_terminals()
    if given[:1] in (["-h"], ["--help"], ["help"]):
        print(table.usage(start()))
        return 0
    if given[:1] == ["--version"]:
        print(f"eda-workshop {version('eda-workshop')}")
        return 0
    try:
        name, rest = table.chosen(given)
    except KeyError as unknown:
        print(unknown.args[0], file=sys.stderr)
        return 2
    try:
        options = table.parse(name, rest)
        code: int = import_module(table.COMMANDS[name].module).main(options)
        return code
    except EdaError as error:
        print(error, file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        remedy = "Install the kit again with pip." if start() == INSTALLED else f"`{start()} {name}` brings it."
        print(f"{name} needs {error.name}, which is not installed. {remedy}", file=sys.stderr)
        return 2
    except SystemExit as end:
        if end.code == 2:
            print(f"`{start()} {name} --help` says what can be given.", file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def _spare_old_terminals() -> None:
    """A sign that the terminal's encoding lacks becomes a question mark, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
