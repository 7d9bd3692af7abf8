"""The commands: what each is for, what has to be installed for it, and what it can be given.

`workshop.py` loads this file by its path, before anything is installed: it imports the standard library only.
"""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path


@dataclass(frozen=True)
class Command:
    """One command.

    purpose  its line in the list of commands
    module   whose `main` takes the options and returns the exit code
    about    the first line of its help
    options  adds what it can be given to its parser
    extras   which of the project's extras it needs
    passes   whether what it doesn't know is passed on, as `options.rest`
    """

    purpose: str
    module: str
    about: str
    options: Callable[[ArgumentParser], None] | None = None
    extras: tuple[str, ...] = ()
    passes: bool = False


def usage(start: str) -> str:
    """The commands and what each is for; `start` is how a command is started."""
    lines = [f"  {name:10}{command.purpose}" for name, command in COMMANDS.items()]
    return "\n".join([f"usage: {start} COMMAND [options]", "", *lines, "", "COMMAND --help says more."])


def chosen(arguments: list[str]) -> tuple[str, list[str]]:
    """The command and what follows it; options alone belong to lab. Raises `KeyError` for one that isn't there."""
    if not arguments or arguments[0].startswith("-"):
        return "lab", arguments
    if arguments[0] not in COMMANDS:
        close = get_close_matches(arguments[0], COMMANDS, n=1)
        question = f" Did you mean {close[0]}?" if close else ""
        raise KeyError(f"There is no command {arguments[0]!r}.{question} Choose one of: {', '.join(COMMANDS)}.")
    return arguments[0], arguments[1:]


def parser(name: str) -> ArgumentParser:
    """What reads a command's options."""
    command = COMMANDS[name]
    made = ArgumentParser(prog=name, description=command.about, allow_abbrev=not command.passes)
    if command.options:
        command.options(made)
    return made


def parse(name: str, arguments: list[str]) -> Namespace:
    """A command's options. Prints what is wrong with them, or the help, and raises `SystemExit`."""
    if not COMMANDS[name].passes:
        return parser(name).parse_args(arguments)
    options, rest = parser(name).parse_known_args(arguments)
    options.rest = rest
    return options


# --- what each command can be given ---------------------------------------------------------------


def _lab(parser: ArgumentParser) -> None:
    parser.add_argument("notebook", nargs="?", default="00-start.ipynb", help="what to open (default: %(default)s)")
    parser.add_argument("--port", type=int, help="the port on 127.0.0.1 (default: 8888, or the next free one)")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")


def _test(parser: ArgumentParser) -> None:
    parser.add_argument("--thorough", action="store_true", help="the slow versions of some tests too")


def _build(parser: ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", help="lessons, such as 03 or 03-bus; none: all")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if a notebook is not what its source gives"
    )


GROUPS = ("naming", "delivery", "flat", "append", "replay", "time", "nats", "start")


def _bench(parser: ArgumentParser) -> None:
    parser.add_argument("--rounds", type=_rounds, metavar="N", help="how often each case runs (default 100)")
    parser.add_argument("--only", nargs="+", choices=GROUPS, metavar="GROUP", help=" ".join(GROUPS))
    parser.add_argument("--json", type=_target, metavar="FILE", help="save all figures there")
    parser.add_argument("--chart", type=_target, metavar="FILE", help="draw all ratios there, as .png, .svg or .pdf")
    parser.add_argument("--quick", action="store_true", help="a first look in seconds: 9 short rounds")


def _rounds(given: str) -> int:
    if not given.isdecimal() or int(given) < 1:
        raise ArgumentTypeError(f"{given!r} is not a number of rounds: give 1 or more")
    return int(given)


def _target(given: str) -> Path:
    target = Path(given)
    if target.is_dir() or not target.absolute().parent.is_dir():
        raise ArgumentTypeError(f"{given!r} is not a file in a folder that exists")
    return target


def _folder(default: str) -> Callable[[ArgumentParser], None]:
    def add(parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=default, help="where to (default: %(default)s)")

    return add


def _slides(parser: ArgumentParser) -> None:
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help="lessons, such as 03 or 03-bus; none: all")
    parser.add_argument(
        "--into", type=Path, default="eda-workshop-slides", metavar="FOLDER", help="where to (default: %(default)s)"
    )


def _nats(parser: ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=4222, help="the port on 127.0.0.1 (default: %(default)s)")
    parser.add_argument("--folder", type=Path, help="where it keeps its streams (default: .eda-workshop/nats)")
    parser.add_argument("--fast", action="store_true", help="answer before the disk has an event")


def _copy(parser: ArgumentParser) -> None:
    parser.add_argument("source", metavar="FROM", help="the log to copy: drive.db, or nats://127.0.0.1:4222/drive")
    parser.add_argument("target", metavar="TO", help="where to: a log that is empty, or was begun by this command")


def _reset(parser: ArgumentParser) -> None:
    parser.add_argument("exercises", nargs="*", help="which, such as late_tap; none: all")
    parser.add_argument("--yes", action="store_true", help="do not ask")


COMMANDS: dict[str, Command] = {
    "lab": Command(
        "open JupyterLab on the lessons (this is the default)",
        "eda_workshop.commands.lab",
        "Open JupyterLab on the lessons.",
        _lab,
    ),
    "test": Command(
        "run every test, the browser's included",
        "eda_workshop.commands.test",
        "Run every test; further arguments go to pytest.",
        _test,
        extras=("test", "bench", "nats-server"),
        passes=True,
    ),
    "build": Command(
        "run the lessons' sources and write the notebooks",
        "eda_workshop.lessons.build",
        "Run the lessons' sources and write the notebooks.",
        _build,
        extras=("test", "nats-server"),
    ),
    "bench": Command(
        "measure the engine next to its peers",
        "eda_workshop.commands.bench",
        "Measure bus, log and replay next to their peers, all in one run, in some minutes.",
        _bench,
        extras=("test", "bench", "nats-server"),
    ),
    "site": Command(
        "write the lessons as pages for readers without a kernel",
        "eda_workshop.commands.site",
        "Write all lessons as pages that need no kernel, no script and no network.",
        _folder("eda-workshop-site"),
    ),
    "slides": Command(
        "write lessons as slides for a projector",
        "eda_workshop.commands.slides",
        "Write lessons as slides that need no network.",
        _slides,
    ),
    "lite": Command(
        "build the lessons so that they run in a browser alone",
        "eda_workshop.commands.lite",
        "Build JupyterLite with the lessons: Python runs in the reader's browser.",
        _folder("eda-workshop-lite"),
    ),
    "nats": Command(
        "run a NATS server for logs that several processes share",
        "eda_workshop.commands.nats",
        "Run a NATS server on this machine until Ctrl-C.",
        _nats,
        extras=("nats-server",),
    ),
    "copy": Command(
        "copy a log to another place, from a file to a server or back",
        "eda_workshop.commands.copy",
        "Copy a log, record by record; if it broke off, run it again and it goes on from there.",
        _copy,
    ),
    "doctor": Command(
        "look for what is missing, and say how to fix it", "eda_workshop.commands.doctor", "Look for what is missing."
    ),
    "progress": Command(
        "show which exercises are done", "eda_workshop.commands.progress", "Show which exercises are done."
    ),
    "reset": Command(
        "forget the progress of some exercises or of all",
        "eda_workshop.commands.reset",
        "Forget the progress of exercises; notebooks stay as they are.",
        _reset,
    ),
}
