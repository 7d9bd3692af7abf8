"""The command ``eda-workshop``: lab, test, build, bench, site, slides, lite, nats, copy, doctor, progress, reset."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from io import TextIOWrapper

from eda_workshop.errors import EdaError

COMMANDS = {
    "lab": ("eda_workshop.commands.lab", "open JupyterLab on the lessons (this is the default)"),
    "test": ("eda_workshop.commands.test", "run every test, the browser's included"),
    "build": ("eda_workshop.lessons.build", "run the lessons' sources and write the notebooks"),
    "bench": ("eda_workshop.bench", "measure the engine beside its peers"),
    "site": ("eda_workshop.commands.site", "write the lessons as pages for readers without a kernel"),
    "slides": ("eda_workshop.commands.slides", "write lessons as slides for a projector"),
    "lite": ("eda_workshop.commands.lite", "build the lessons so that they run in a browser alone"),
    "nats": ("eda_workshop.commands.nats", "run a NATS server for logs that several processes share"),
    "copy": ("eda_workshop.commands.copy", "copy a log to another place, from a file to a server or back"),
    "doctor": ("eda_workshop.commands.doctor", "look for what is missing, and say how to mend it"),
    "progress": ("eda_workshop.commands.progress", "show which exercises are done"),
    "reset": ("eda_workshop.commands.reset", "forget the progress of some exercises or of all"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code; an error of the kit is one sentence and code 1."""
    given = sys.argv[1:] if arguments is None else arguments
    _spare_old_terminals()
    if given[:1] in (["-h"], ["--help"], ["help"]):
        print(usage())
        return 0
    name, rest = ("lab", given) if not given or given[0].startswith("-") else (given[0], given[1:])
    if name not in COMMANDS:
        print(f"There is no command {name!r}. Choose one of: {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    try:
        command: Callable[[list[str]], int] = import_module(COMMANDS[name][0]).main
        return command(rest)
    except EdaError as error:
        print(error, file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        print(
            f"{name} needs {error.name}, which is not installed. `python3 workshop.py {name}` brings it.",
            file=sys.stderr,
        )
        return 2
    except SystemExit as end:
        if end.code == 2:
            print(f"`eda-workshop {name} --help` says what can be given.", file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def _spare_old_terminals() -> None:
    """A sign that the terminal's encoding lacks becomes a question mark, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def usage() -> str:
    """The commands and what each is for."""
    lines = [f"  {name:10}{purpose}" for name, (_, purpose) in COMMANDS.items()]
    return "\n".join(["usage: eda-workshop COMMAND [options]", "", *lines, "", "COMMAND --help says more."])
