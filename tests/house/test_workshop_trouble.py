"""workshop.py when something is in the way: each is one sentence that says what to do."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "workshop.py"


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
        ("Retrying after connection broken by 'ProxyError(…)'", "HTTPS_PROXY"),
        ("error: externally-managed-environment", "Start with another"),
        ("something new", "delete the folder .workshop"),
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
    with workshop.LOCK.open("a+") as free:
        assert workshop.take(free)


def test_ctrl_c_while_installing(installed, monkeypatch, capsys):
    """Interrupted: no traceback, nobody holds the lock, no stamp."""

    def interrupted(extras):
        raise KeyboardInterrupt

    monkeypatch.setattr(installed, "install", interrupted)
    assert installed.main([]) == 130
    assert "The next start goes on from here." in capsys.readouterr().err
    with installed.LOCK.open("a+") as free:
        assert installed.take(free)
    assert installed.read_stamp() == {}


HOLDER = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("workshop", sys.argv[1])
workshop = importlib.util.module_from_spec(spec)
spec.loader.exec_module(workshop)
workshop.LOCK = workshop.Path(sys.argv[2])
with workshop.locked():
    print("locked", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def first_start(workshop):
    """Another process that holds the lock until it is killed."""
    command = [sys.executable, "-c", HOLDER, str(SCRIPT), str(workshop.LOCK)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "locked\n"
        yield process
        process.kill()


def test_a_second_start_waits_for_the_first(workshop, first_start, monkeypatch, capsys):
    """While one installs, the other says for whom it waits, and goes on once the first is gone."""

    def end_the_first(_):
        first_start.kill()
        first_start.wait()

    monkeypatch.setattr(workshop.time, "sleep", end_the_first)
    with workshop.locked():
        assert first_start.poll() is not None
        assert workshop.LOCK.read_text(encoding="utf-8") == str(os.getpid())
    assert f"process {first_start.pid}, is installing; waiting for it" in capsys.readouterr().out


def test_a_dead_starts_lock_is_taken_over(workshop, first_start, capsys):
    """The lock of a start that was killed does not block."""
    first_start.kill()
    first_start.wait()
    with workshop.locked():
        assert workshop.LOCK.read_text(encoding="utf-8") == str(os.getpid())
    assert "waiting" not in capsys.readouterr().out


def test_two_locks_of_one_process_exclude_each_other(workshop):
    """Whoever opens the file anew has to wait too."""
    with workshop.locked(), workshop.LOCK.open("a+") as second:
        assert not workshop.take(second)
    with workshop.LOCK.open("a+") as third:
        assert workshop.take(third)


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.EACCES, "Make the folder yours"),
        (errno.EROFS, "Copy the folder to your home"),
        (errno.ENOSPC, "The disk is full"),
        (errno.ENOENT, "Get the whole project again"),
    ],
)
def test_a_folder_that_may_not_be_written(workshop, monkeypatch, capsys, number, advice):
    """Whatever the system refuses, the end is a sentence with the way out: code 3 for a full disk, else 2."""

    def refuse():
        raise OSError(number, os.strerror(number), "somewhere")

    monkeypatch.setattr(workshop, "locked", refuse)
    assert workshop.main([]) == (3 if number == errno.ENOSPC else 2)
    assert advice in capsys.readouterr().err


def test_a_terminal_sees_that_pip_is_alive(workshop, monkeypatch, capsys):
    """A line tells what pip is at, and is wiped at the end; what is no terminal gets none."""
    with workshop.sign_of_life() as lines:
        lines.append("Collecting numpy<3 from somewhere")
    assert capsys.readouterr().out == ""
    ticks = iter([False, True])
    monkeypatch.setattr(workshop.threading.Event, "wait", lambda *_: next(ticks))
    monkeypatch.setattr(workshop.sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(workshop.threading, "Thread", RunAtOnce)
    with workshop.sign_of_life():
        pass
    shown = capsys.readouterr().out
    assert "0 s  starting pip" in shown
    assert shown.endswith(" \r")


class RunAtOnce:
    """A thread that runs in the one that starts it."""

    def __init__(self, target, daemon):
        self.start = target

    def is_alive(self):
        return False


def test_without_a_network_it_says_so(tmp_path):
    """Really run, with a package index that nobody answers for: a sentence, the log's place, and code 3."""
    folder = tmp_path / "my dir é"
    folder.mkdir()
    for name in (
        "workshop.py",
        "pyproject.toml",
        "constraints.txt",
        "nats-server.txt",
        "eda_workshop/commands/table.py",
        "eda_workshop/lite/pip.py",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    own = folder / ".venv" / "mine.txt"
    own.parent.mkdir()
    own.touch()
    index = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "1", "PIP_CONFIG_FILE": os.devnull}
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    result = subprocess.run(
        [sys.executable, folder / "workshop.py", "doctor"],
        cwd=tmp_path,
        env={**plain, **index},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 3, result.stderr
    assert own.exists()
    assert "The package index can't be reached. Are you online?" in result.stderr
    place = Path(".workshop") / "{}.{}".format(*sys.version_info)
    assert str(place / "install.log") in result.stderr
    assert "No matching distribution found for hatchling" in result.stderr
    assert not (folder / place / "workshop.json").exists()
