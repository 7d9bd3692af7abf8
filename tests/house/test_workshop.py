"""workshop.py: from a bare Python to a running command."""

import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from thorough import THOROUGH

from eda_workshop.commands import table

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "workshop.py"


def test_it_uses_the_standard_library_only():
    """The script runs isolated from any installed package."""
    result = subprocess.run([sys.executable, "-I", "-S", SCRIPT, "--help"], capture_output=True, text=True, check=True)
    assert "open JupyterLab on the lessons" in result.stdout


def test_an_old_python_is_refused_in_one_sentence():
    """The check comes before any import, and names the version that runs and the one that is needed."""
    source = SCRIPT.read_text(encoding="utf-8")
    head = source[: source.index("import contextlib")].replace("sys.version_info", "(3, 9, 18)")
    result = subprocess.run([sys.executable, "-c", head], capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "needs Python 3.11 or newer, and this is Python 3.9" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_old_python_can_read_the_file():
    """Python 3.6 parses it all, so that it comes as far as the refusal."""
    assert ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6)).body


@pytest.mark.parametrize(
    ("arguments", "chosen"),
    [([], ("lab", [])), (["--port", "9"], ("lab", ["--port", "9"])), (["test", "-k", "x"], ("test", ["-k", "x"]))],
)
def test_the_default_is_lab(workshop, arguments, chosen):
    """Without a command, or with options alone, JupyterLab is meant."""
    assert workshop.choose(arguments, workshop.table()) == chosen


@pytest.mark.parametrize("command", [*table.COMMANDS, ""])
def test_help_installs_nothing(command, tmp_path):
    """Of all commands and of each: a bare Python shows it, and leaves nothing behind."""
    for name in ("workshop.py", "eda_workshop/commands/table.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    start = [sys.executable, "-I", "-S", "-B", tmp_path / "workshop.py", *filter(None, [command]), "--help"]
    result = subprocess.run(start, capture_output=True, text=True, check=True)
    assert "usage: " in result.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["eda_workshop", "workshop.py"]


def test_a_wrong_option_installs_nothing(installed):
    """What a command doesn't know is refused before anything is made."""
    with pytest.raises(SystemExit):
        installed.main(["lab", "--prot", "3"])
    assert installed.steps == []


def test_an_unknown_command_lists_the_known_ones(capsys, workshop):
    """A typing mistake ends with code 2 and the list."""
    assert workshop.main(["labb"]) == 2
    assert "no command 'labb'. Did you mean lab? Choose one of: lab, test, build" in capsys.readouterr().err


def test_the_second_start_installs_nothing(installed):
    """After a complete installation the next start finds everything in order."""
    installed.prepare([])
    installed.prepare([])
    assert installed.steps == ["venv", []]


def test_more_extras_are_added_to_what_is_there(installed):
    """`test` after `lab` installs more into the same environment, and `lab` afterwards nothing."""
    installed.prepare([])
    installed.prepare(["test"])
    installed.prepare(["bench", "test"])
    installed.prepare(["test"])
    assert installed.steps == ["venv", [], ["test"], ["bench", "test"]]


def test_a_changed_pin_installs_again(installed):
    """A new pyproject.toml or constraints.txt is noticed, and the environment is kept."""
    installed.prepare([])
    (installed.ROOT / "constraints.txt").write_text("new", encoding="utf-8")
    installed.prepare([])
    assert installed.steps == ["venv", [], []]


def test_a_half_made_environment_is_made_anew(installed):
    """Without the stamp of a complete installation nothing is trusted."""
    installed.python().parent.mkdir(parents=True)
    installed.python().write_text("")
    installed.prepare([])
    assert installed.steps == ["venv", []]


def test_a_broken_environment_is_made_anew(installed):
    """A stamp alone is not enough: the environment's Python has to be there."""
    installed.prepare([])
    installed.python().unlink()
    installed.prepare([])
    assert installed.steps == ["venv", [], "venv", []]


def test_a_moved_environment_is_made_anew(installed):
    """The scripts of an environment hold its path, so it doesn't move along with its folder."""
    installed.prepare(["test"])
    stamp = json.loads(installed.STAMP.read_text(encoding="utf-8"))
    installed.STAMP.write_text(json.dumps({**stamp, "root": "/elsewhere", "state": "its"}), encoding="utf-8")
    installed.prepare([])
    assert installed.steps == ["venv", ["test"], "venv", ["test"]]


def test_a_server_is_brought_by_its_hash(installed, monkeypatch):
    """Only where this machine has none, and only the very files that the list names; the next start does nothing."""
    calls = []
    monkeypatch.setattr(installed, "pip", lambda *arguments: calls.append(arguments))
    monkeypatch.setattr(installed.shutil, "which", lambda name: "/usr/sbin/nats-server")
    installed.prepare(["nats-server"])
    assert (installed.steps, calls) == (["venv", []], [])
    monkeypatch.setattr(installed.shutil, "which", lambda name: None)
    installed.STAMP.unlink()
    installed.prepare(["nats-server"])
    installed.prepare(["nats-server"])
    assert len(calls) == 1
    assert {"--require-hashes", "--no-deps", "nats-server.txt"} <= {*calls[0]}
    lines = (ROOT / "nats-server.txt").read_text(encoding="utf-8").splitlines()
    assert sum("--hash=sha256:" in line for line in lines) == 6
    assert "//" not in "".join(lines)


def test_a_machine_without_a_server_goes_on(installed, monkeypatch, capsys):
    """Where the package index has none for this machine, everything else is installed, and a sentence says what to do."""

    def fail(*arguments):
        raise installed.Stop("no such package")

    monkeypatch.setattr(installed, "pip", fail)
    monkeypatch.setattr(installed.shutil, "which", lambda name: None)
    installed.prepare(["test", "nats-server"])
    assert installed.is_ready(["test"])
    said = capsys.readouterr().out
    assert "nats-server is missing. no such package" in said
    assert "install nats-server by apt, brew or conda-forge" in said


def test_a_server_that_could_not_be_brought_is_tried_again(installed, monkeypatch):
    """The next start installs nothing else, and brings it once the network is back."""
    calls = []

    def offline(*arguments):
        calls.append(arguments)
        raise installed.Stop("The package index can't be reached.")

    monkeypatch.setattr(installed.shutil, "which", lambda name: None)
    monkeypatch.setattr(installed, "pip", offline)
    for count in (1, 2):
        installed.prepare(["test", "nats-server"])
        assert (installed.steps, len(calls)) == (["venv", ["test"]], count)
    monkeypatch.setattr(installed, "pip", lambda *arguments: None)
    installed.prepare(["nats-server"])
    assert installed.is_ready(["test", "nats-server"])


@pytest.mark.parametrize("named", [".venv", ".workshop"])
def test_somebody_elses_folder_is_left_alone(workshop, monkeypatch, capsys, named):
    """An environment of the learner's, or anything in the place of the kit's, is neither deleted nor used."""
    workshop.MARK.unlink()
    workshop.KEPT.rmdir()
    mine = workshop.ROOT / named / "lib" / "mine.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    monkeypatch.setattr(workshop, "works", lambda: False)
    monkeypatch.setattr(workshop, "make_venv", workshop.VENV.mkdir)
    monkeypatch.setattr(workshop, "install", lambda extras: None)
    code = workshop.main(["doctor"]) if named == ".workshop" else workshop.prepare([])
    assert mine.read_text(encoding="utf-8") == "mine"
    assert (code, "Move it away" in capsys.readouterr().err) == ((2, True) if code else (None, False))


def test_it_says_its_version(workshop, capsys):
    """Without installing anything; it is the package's."""
    assert workshop.main(["--version"]) == 0
    assert re.fullmatch(r"eda-workshop \d+\.\d+\.\d+\n", capsys.readouterr().out)


@pytest.mark.skipif(os.name == "nt", reason="a path can't hold it there")
def test_a_colon_in_the_path_is_said(workshop, monkeypatch, capsys):
    """Python makes no environment below it, so the sentence says to move the folder."""
    root = workshop.ROOT.parent / "a:b"
    for name, place in {"ROOT": root, "VENV": root / ".workshop" / "3.x"}.items():
        monkeypatch.setattr(workshop, name, place)
    with pytest.raises(workshop.Stop, match=r"has a : in its path.* Move the folder"):
        workshop.make_venv()


SETTINGS = {
    "user": {"PIP_USER": "1"},
    "target": {"PIP_TARGET": "elsewhere"},
    "prefix": {"PIP_PREFIX": "elsewhere"},
    "hashes": {"PIP_REQUIRE_HASHES": "1"},
    "constraint": {"PIP_CONSTRAINT": "nowhere.txt"},
}


@pytest.mark.parametrize("given", SETTINGS.values(), ids=SETTINGS)
@pytest.mark.parametrize("kind", ["variable", "file"])
def test_pip_gets_only_the_settings_that_reach_an_index(workshop, monkeypatch, tmp_path, given, kind):
    """Where a learner's own packages go, and what they accept, is theirs; their index and their proxy are kept."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    file = tmp_path / "pip.conf"
    lines = (
        [f"{name[4:].lower().replace('_', '-')} = {value}" for name, value in given.items()] if kind == "file" else []
    )
    file.write_text("\n".join(["[global]", "index-url = http://127.0.0.1:9/", "proxy = http://127.0.0.1:8", *lines]))
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    monkeypatch.setenv("PIP_PROXY", "http://127.0.0.1:7")
    for name, value in given.items() if kind == "variable" else ():
        monkeypatch.setenv(name, value)
    got = workshop.load(ROOT / "eda_workshop" / "lite" / "pip.py").environment(sys.executable)
    assert (got["PIP_INDEX_URL"], got["PIP_PROXY"]) == ("http://127.0.0.1:9/", "http://127.0.0.1:7")
    assert got["PIP_CONFIG_FILE"] == os.devnull
    assert not {*given} & {*got}


def test_pip_installs_whatever_somebody_has_set(workshop, monkeypatch):
    """Really installed, from a folder: the package is in the environment, whatever its owner's pip would do."""
    package = workshop.ROOT / "tiny-1-py3-none-any.whl"
    with zipfile.ZipFile(package, "w") as wheel:
        wheel.writestr("tiny.py", "")
        wheel.writestr("tiny-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1\n")
        wheel.writestr("tiny-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("tiny-1.dist-info/RECORD", "")
    monkeypatch.setattr(workshop, "PIP", ROOT / "eda_workshop" / "lite" / "pip.py")
    for given in SETTINGS.values():
        monkeypatch.setenv(*next(iter(given.items())))
    workshop.make_venv()
    workshop.pip("--no-index", str(package))
    found = subprocess.run([workshop.python(), "-c", "import tiny"], check=False, capture_output=True)
    assert found.returncode == 0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"state": 1}'])
def test_a_damaged_stamp_is_no_stamp(workshop, text):
    """Whatever stands in the stamp, the start goes on."""
    workshop.VENV.mkdir()
    workshop.STAMP.write_text(text, encoding="utf-8")
    assert workshop.read_stamp() == {}
    assert not workshop.is_ready([])


def test_works_tells_a_real_python_from_a_dead_one(workshop, monkeypatch):
    """The probe runs the interpreter and asks for its version and pip."""
    assert not workshop.works()
    monkeypatch.setattr(workshop, "python", lambda: Path(sys.executable))
    assert workshop.works() == (importlib.util.find_spec("pip") is not None)


def test_the_stamp_says_what_was_installed(installed):
    """It is plain JSON with the state, the place and the extras."""
    installed.prepare(["test"])
    stamp = json.loads(installed.STAMP.read_text(encoding="utf-8"))
    assert stamp == {"state": installed.state(), "root": str(installed.ROOT), "extras": ["test"]}


@pytest.mark.skipif(not THOROUGH, reason="makes a whole environment: run with --thorough")
def test_from_a_fresh_copy_to_a_running_command(tmp_path):
    """A copy of the project in an odd folder installs itself, and its second start installs nothing."""
    folder = tmp_path / "my dir é"
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines():
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    start = [sys.executable, folder / "workshop.py", "progress"]
    first = subprocess.run(start, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "Installed." in first.stdout
    second = subprocess.run(start, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "Install" not in second.stdout
    assert second.stdout in first.stdout
