"""The command line: what it accepts, what it says, how it ends."""

import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from eda_workshop import cli
from eda_workshop.commands import table
from eda_workshop.errors import EdaError
from eda_workshop.exercises import progress

ROOT = Path(__file__).resolve().parents[2]


class Trouble(EdaError):
    """An error that words itself."""

    def __str__(self):
        return "Fix it like this."


@pytest.fixture
def command(monkeypatch):
    """Put a function in the place of the lab command and remember what it got."""
    got = []

    def install(act):
        class Module:
            @staticmethod
            def main(options):
                got.append(options.port)
                return act()

        monkeypatch.setattr(cli, "import_module", lambda name: Module)
        return got

    return install


def raiser(error):
    def act():
        raise error

    return act


@pytest.mark.parametrize(
    ("arguments", "port"), [([], None), (["lab"], None), (["--port", "9"], 9), (["lab", "--port", "9"], 9)]
)
def test_lab_is_the_default(command, arguments, port):
    """Options alone belong to lab, and the command's exit code is ours."""
    got = command(lambda: 5)
    assert cli.main(arguments) == 5
    assert got == [port]


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (Trouble(), 1, "Fix it like this."),
        (KeyboardInterrupt(), 130, "Stopped."),
        (ModuleNotFoundError("no", name="pyee"), 2, "needs pyee, which is not installed"),
    ],
)
def test_an_end_is_a_sentence_not_a_traceback(command, capsys, error, code, said):
    """An error of the kit, Ctrl-C and a missing package each end in one sentence with a code."""
    command(raiser(error))
    assert cli.main(["lab"]) == code
    assert said in capsys.readouterr().err


def test_a_wrong_option_gets_a_hint(capsys):
    """argparse names what it did not understand, and one more line says where to look."""
    assert cli.main(["lab", "--prot", "3"]) == 2
    said = capsys.readouterr().err
    assert "unrecognized arguments: --prot" in said
    assert "`python3 workshop.py lab --help`" in said


def test_a_commands_help_is_no_failure(capsys):
    """--help after a command shows its options."""
    assert cli.main(["lab", "--help"]) == 0
    assert "--no-browser" in capsys.readouterr().out


def test_a_poor_terminal_gets_question_marks():
    """Signs that the output's encoding lacks do not end a command."""
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    code = (
        "from eda_workshop import cli; table = cli.table; table.COMMANDS['lab'] = table.Command('a → b', '', ''); "
        "print(cli.main(['--help']))"
    )
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert "a ? b" in result.stdout


def test_an_unknown_command_lists_the_known_ones(capsys):
    """A typing mistake is answered with the list."""
    assert cli.main(["lba"]) == 2
    assert (
        "Choose one of: lab, test, build, bench, site, slides, lite, nats, copy, doctor, progress, reset"
        in capsys.readouterr().err
    )


def test_help_names_every_command(capsys):
    """The usage has a line for each command, and each has a module with a main."""
    assert cli.main(["--help"]) == 0
    shown = capsys.readouterr().out
    for name, command in table.COMMANDS.items():
        assert name in shown
        assert command.purpose in shown
        assert callable(cli.import_module(command.module).main)


def test_away_from_a_clone_the_bench_says_where_it_is(monkeypatch, capsys):
    """What it measures with is in the project's tests, which nobody installs."""
    monkeypatch.setattr("eda_workshop.commands.bench.clone_root", lambda: None)
    assert cli.main(["bench"]) == 1
    assert "bench works in a clone of the project: run `python3 workshop.py bench` there." in capsys.readouterr().err


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A learner of their own."""
    monkeypatch.setenv("EDA_WORKSHOP_HOME", str(tmp_path))
    return tmp_path


def test_progress_shows_every_exercise(home, capsys):
    """A fresh learner sees all exercises, none done."""
    assert cli.main(["progress"]) == 0
    assert "late_tap" in capsys.readouterr().out


def test_reset_asks_first(home, capsys, monkeypatch):
    """No answer, or any answer but yes, forgets nothing."""
    monkeypatch.setattr("builtins.input", lambda _: "n")
    monkeypatch.setattr(progress, "reset", raiser(AssertionError("forgot without a yes")))
    assert cli.main(["reset"]) == 1
    assert "Nothing was forgotten." in capsys.readouterr().out
    monkeypatch.setattr("builtins.input", raiser_of_input)
    assert cli.main(["reset"]) == 1


def raiser_of_input(_):
    raise EOFError


def test_reset_with_yes(home, capsys):
    """With --yes it does not ask; a fresh learner has nothing to forget."""
    assert cli.main(["reset", "--yes"]) == 0
    assert "no progress to forget" in capsys.readouterr().out


def test_the_version_is_the_packages(capsys):
    """As pip knows it."""
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"eda-workshop {metadata.version('eda-workshop')}\n"


HINTS = """
import eda_workshop.commandline as commandline
from eda_workshop import NoServer
from eda_workshop.commands import doctor
from eda_workshop.servers import Place
from eda_workshop import cli
print(NoServer("nats-server", "none was found"), Place(None), doctor.INSTALL, doctor.nats(""), doctor.environment("/usr", "/usr", ""))
print(cli.main(["--help"]), cli.main(["lab", "--prot"]), commandline.start())
"""


def test_every_hint_names_a_command_that_the_reader_has(tmp_path):
    """Installed with pip, away from a clone, nobody is told to run a file that isn't there."""
    shutil.copytree(ROOT / "eda_workshop", tmp_path / "eda_workshop", ignore=shutil.ignore_patterns("__pycache__"))
    result = subprocess.run([sys.executable, "-c", HINTS], cwd=tmp_path, capture_output=True, text=True, check=True)
    said = result.stdout + result.stderr
    assert "workshop.py" not in said
    assert "usage: eda-workshop COMMAND" in said
    assert "`eda-workshop lab --help`" in said
