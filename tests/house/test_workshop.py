"""workshop.py: from a bare Python to a running command."""

import importlib.util
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "workshop.py"


@pytest.fixture
def workshop(tmp_path, monkeypatch):
    """The script as a module, working in an empty folder with a space and an accent in its name."""
    spec = importlib.util.spec_from_file_location("workshop", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    root = tmp_path / "my dir é"
    root.mkdir()
    for name in ("pyproject.toml", "constraints.txt"):
        (root / name).write_bytes((ROOT / name).read_bytes())
    places = {"ROOT": root, "VENV": root / ".venv", "LOCK": root / ".venv.lock"}
    places |= {"STAMP": root / ".venv" / "workshop.json", "LOG": root / ".venv" / "install.log"}
    for name, value in places.items():
        monkeypatch.setattr(module, name, value)
    return module


@pytest.fixture
def installed(workshop, monkeypatch):
    """The same, with an environment whose pip is a script of ours; `steps` notes what was done."""
    workshop.steps = []

    def make_venv():
        workshop.steps.append("venv")
        workshop.python().parent.mkdir(parents=True, exist_ok=True)
        workshop.python().write_text("")

    monkeypatch.setattr(workshop, "make_venv", make_venv)
    monkeypatch.setattr(workshop, "works", lambda: workshop.python().exists())
    monkeypatch.setattr(workshop, "install", lambda extras: workshop.steps.append(extras))
    return workshop


def test_it_uses_the_standard_library_only():
    """The script runs isolated from any installed package."""
    result = subprocess.run([sys.executable, "-I", "-S", SCRIPT, "--help"], capture_output=True, text=True, check=True)
    assert "open JupyterLab on the lessons" in result.stdout


def test_an_old_python_is_refused_in_one_sentence():
    """The check comes before any import, and names the version that runs and the one that is needed."""
    source = SCRIPT.read_text(encoding="utf-8")
    head = source[: source.index("import contextlib")].replace("sys.version_info", "(3, 9, 18)")
    result = subprocess.run([sys.executable, "-c", head], capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "needs Python 3.11 or newer, and this is Python 3.9" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "chosen"),
    [([], ("lab", [])), (["--port", "9"], ("lab", ["--port", "9"])), (["test", "-k", "x"], ("test", ["-k", "x"]))],
)
def test_the_default_is_lab(workshop, arguments, chosen):
    """Without a command, or with options alone, JupyterLab is meant."""
    assert workshop.choose(arguments) == chosen


def test_an_unknown_command_lists_the_known_ones(capsys, workshop):
    """A typing mistake ends with code 2 and the list."""
    assert workshop.main(["labb"]) == 2
    assert "no command 'labb'. Choose one of: lab, test, build" in capsys.readouterr().err


def test_the_second_start_installs_nothing(installed):
    """After a complete installation the next start finds everything in order."""
    installed.prepare("")
    installed.prepare("")
    assert installed.steps == ["venv", []]


def test_more_extras_are_added_to_what_is_there(installed):
    """`test` after `lab` installs more into the same environment, and `lab` afterwards nothing."""
    installed.prepare("")
    installed.prepare("test")
    installed.prepare("bench,test")
    installed.prepare("test")
    assert installed.steps == ["venv", [], ["test"], ["bench", "test"]]


def test_a_changed_pin_installs_again(installed):
    """A new pyproject.toml or constraints.txt is noticed, and the environment is kept."""
    installed.prepare("")
    (installed.ROOT / "constraints.txt").write_text("new", encoding="utf-8")
    installed.prepare("")
    assert installed.steps == ["venv", [], []]


def test_a_half_made_environment_is_made_anew(installed):
    """Without the stamp of a complete installation nothing is trusted."""
    installed.python().parent.mkdir(parents=True)
    installed.python().write_text("")
    installed.prepare("")
    assert installed.steps == ["venv", []]


def test_a_broken_environment_is_made_anew(installed):
    """A stamp alone is not enough: the environment's Python has to be there."""
    installed.prepare("")
    installed.python().unlink()
    installed.prepare("")
    assert installed.steps == ["venv", [], "venv", []]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"state": 1}'])
def test_a_damaged_stamp_is_no_stamp(workshop, text):
    """Whatever stands in the stamp, the start goes on."""
    workshop.VENV.mkdir()
    workshop.STAMP.write_text(text, encoding="utf-8")
    assert workshop.read_stamp() == {}
    assert not workshop.is_ready("")


def test_works_tells_a_real_python_from_a_dead_one(workshop, monkeypatch):
    """The probe runs the interpreter and asks for its version and pip."""
    assert not workshop.works()
    monkeypatch.setattr(workshop, "python", lambda: Path(sys.executable))
    assert workshop.works() == (importlib.util.find_spec("pip") is not None)


def test_a_missing_venv_module_names_the_package(workshop, monkeypatch):
    """Debian splits venv off; the sentence says what to install."""
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(workshop.Stop, match=r"sudo apt install python3\.\d+-venv"):
        workshop.make_venv()


FAKE_PIP = "import sys; print({text!r}); sys.exit({code})"


def fake_pip(workshop, monkeypatch, text, code):
    """Let the install step run a script of ours in place of pip."""
    workshop.VENV.mkdir()
    real = subprocess.Popen
    script = FAKE_PIP.format(text=text, code=code)
    monkeypatch.setattr(
        workshop.subprocess, "Popen", lambda command, **more: real([sys.executable, "-c", script], **more)
    )


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("Temporary failure in name resolution", "Are you online?"),
        ("ERROR: No matching distribution found for jupyterlab", "Are you online?"),
        ("OSError: [Errno 28] No space left on device", "The disk is full."),
        ("PermissionError: Permission denied", "may not be written"),
        ("SSLError: certificate verify failed", "PIP_CERT"),
        ("something new", "read the log"),
    ],
)
def test_a_failed_installation_says_what_to_do(workshop, monkeypatch, text, advice):
    """Each known trouble has its sentence; the log's end is shown, and the code is 3."""
    fake_pip(workshop, monkeypatch, text, 1)
    with pytest.raises(workshop.Stop, match="Installing failed") as caught:
        workshop.install([])
    assert caught.value.code == 3
    assert advice in str(caught.value)
    assert text in str(caught.value)
    assert text in workshop.LOG.read_text(encoding="utf-8")


def test_a_failed_installation_leaves_no_stamp(workshop, monkeypatch):
    """The next start tries again."""
    fake_pip(workshop, monkeypatch, "no", 1)
    monkeypatch.setattr(workshop, "make_venv", lambda: None)
    assert workshop.main(["doctor"]) == 3
    assert workshop.read_stamp() == {}
    assert not workshop.LOCK.exists()


def test_ctrl_c_while_installing(installed, monkeypatch, capsys):
    """Interrupted: no traceback, no lock, no stamp."""

    def interrupted(extras):
        raise KeyboardInterrupt

    monkeypatch.setattr(installed, "install", interrupted)
    assert installed.main([]) == 130
    assert "The next start goes on from here." in capsys.readouterr().err
    assert not installed.LOCK.exists()
    assert installed.read_stamp() == {}


def test_a_dead_starts_lock_is_taken_over(workshop):
    """A lock whose process is gone does not block."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    workshop.LOCK.write_text(str(dead.pid), encoding="utf-8")
    os.utime(workshop.LOCK, (0, 0))
    with workshop.locked():
        assert workshop.LOCK.read_text(encoding="utf-8") == str(os.getpid())
    assert not workshop.LOCK.exists()


def test_a_second_start_waits_for_the_first(workshop, capsys):
    """While one installs, the other says that it waits, and goes on when the lock is gone."""
    workshop.LOCK.write_text(str(os.getpid()), encoding="utf-8")
    os.utime(workshop.LOCK, (time.time() - 60,) * 2)
    entered = threading.Event()

    def second():
        with workshop.locked():
            entered.set()

    waiting = threading.Thread(target=second)
    waiting.start()
    assert not entered.wait(0.2)
    workshop.LOCK.unlink()
    waiting.join(30)
    assert entered.is_set()
    assert "waiting for it" in capsys.readouterr().out


def test_a_folder_that_may_not_be_written(workshop, monkeypatch):
    """The sentence names the folder and the way out."""

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(workshop.os, "open", refuse)
    with pytest.raises(workshop.Stop, match="Copy the folder to your home"), workshop.locked():
        pass


def test_the_stamp_says_what_was_installed(installed):
    """It is plain JSON with the state and the extras."""
    installed.prepare("test")
    assert json.loads(installed.STAMP.read_text(encoding="utf-8")) == {"state": installed.state(), "extras": ["test"]}


@pytest.mark.skipif(not os.environ.get("EDA_THOROUGH"), reason="makes a whole environment: run with --thorough")
def test_from_a_fresh_copy_to_a_running_command(tmp_path):
    """A copy of the clone in an odd folder installs itself, and its second start installs nothing."""
    folder = tmp_path / "my dir é"
    subprocess.run(["git", "clone", "-q", ROOT, folder], check=True)
    first = subprocess.run(
        [sys.executable, folder / "workshop.py", "progress"], capture_output=True, text=True, check=True
    )
    assert "Installed." in first.stdout
    second = subprocess.run(
        [sys.executable, folder / "workshop.py", "progress"], capture_output=True, text=True, check=True
    )
    assert "Install" not in second.stdout
