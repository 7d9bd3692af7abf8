"""JupyterLab: where it listens, what it opens, and what it leaves alone."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

import nbformat
import pytest
from jupyter_server.services.contents.largefilemanager import LargeFileManager
from jupyterlab.labapp import LabApp
from nbformat.sign import NotebookNotary

from eda_workshop import cli
from eda_workshop.commands import folders, lab
from eda_workshop.commands.errors import NoSuchNotebook, NotWritable, PortTaken
from eda_workshop.commands.folders import bring_along
from eda_workshop.exercises import progress
from eda_workshop.lessons import shipped

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def taken():
    """A port that somebody listens on."""
    with socket.socket() as server:
        server.bind((lab.HOST, 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_port_that_was_asked_for_must_be_free(taken):
    """The error names the port and the way out."""
    with pytest.raises(PortTaken, match=f"Port {taken} is taken or not allowed. Choose another"):
        lab.choose_port(taken)


def test_without_a_wish_the_next_free_port_is_taken(taken, monkeypatch, capsys):
    """JupyterLab opens anyway, and says where."""
    monkeypatch.setattr(lab, "PORT", taken)
    assert lab.choose_port(None) > taken
    assert f"Port {taken} is taken, so JupyterLab uses" in capsys.readouterr().out


@pytest.mark.parametrize("port", [-1, 99_999])
def test_a_port_that_is_none_is_refused(port):
    """Numbers that no port has are treated like taken ones."""
    with pytest.raises(PortTaken):
        lab.choose_port(port)


def test_a_lesson_is_found_by_its_number(tmp_path):
    """`lab 03` opens lesson 03; an unknown name lists what is there."""
    for name in ("00-start.ipynb", "03-bus.ipynb"):
        (tmp_path / name).touch()
    assert (
        lab.find(tmp_path, "03") == lab.find(tmp_path, "03-bus") == lab.find(tmp_path, "03-bus.ipynb") == "03-bus.ipynb"
    )
    assert lab.find(tmp_path, "notebooks/03-bus.ipynb") == "03-bus.ipynb"
    with pytest.raises(NoSuchNotebook, match=r"There are: 00-start.ipynb, 03-bus.ipynb"):
        lab.find(tmp_path, "99")


def test_it_listens_on_this_machine_only():
    """The address is the loopback's, the port no other than the one that was chosen."""
    command = lab.arguments(Path("notebooks"), "00-start.ipynb", 8899, browser=False)
    assert "--ip=127.0.0.1" in command
    assert "--ServerApp.port_retries=0" in command
    assert not any("token=" in part or "password" in part for part in command)


def test_the_list_of_files_hides_the_solutions(tmp_path):
    """Lessons are listed, with what else a learner keeps there; exercises and sources are an author's."""
    app = LabApp()
    app.parse_command_line(lab.arguments(tmp_path, "00-start.ipynb", 8899, browser=False))
    listed = LargeFileManager(root_dir=str(tmp_path), config=app.config).should_list
    assert not any(map(listed, ("exercises", "source", "__pycache__")))
    assert all(map(listed, ("03-bus.ipynb", "glossary.md", "drive.db")))


def test_the_learners_own_settings_stay(monkeypatch):
    """The kit's folder of settings is added in front of what is there; it turns the news off and shows pages as read."""
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/mine")
    ours, mine = lab.environment(ROOT)["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert mine == "/mine"
    settings = json.loads((Path(ours) / "labconfig" / "default_setting_overrides.json").read_text("utf-8"))
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    assert settings["@jupyterlab/docmanager-extension:plugin"]["defaultViewers"]["markdown"] == "Markdown Preview"


def test_copied_notebooks_are_never_overwritten(tmp_path, capsys):
    """The first time all are copied; later only what is missing, and the learner's changes stay."""
    packaged, folder = tmp_path / "packaged", tmp_path / "mine"
    packaged.mkdir()
    for name in ("00-start.ipynb", "03-bus.ipynb"):
        (packaged / name).write_text("new", encoding="utf-8")
    bring_along(packaged, folder)
    assert "Copied 2 notebooks" in capsys.readouterr().out
    (folder / "03-bus.ipynb").write_text("changed", encoding="utf-8")
    (folder / "00-start.ipynb").unlink()
    bring_along(packaged, folder)
    assert (folder / "03-bus.ipynb").read_text(encoding="utf-8") == "changed"
    assert "Copied 1 notebook " in capsys.readouterr().out


def test_the_glossary_comes_along(tmp_path, capsys):
    """The page that all lessons link to is copied with them; alone it is called by its name."""
    packaged, folder = tmp_path / "packaged", tmp_path / "mine"
    packaged.mkdir()
    for name in ("00-start.ipynb", "glossary.md"):
        (packaged / name).write_text("new", encoding="utf-8")
    bring_along(packaged, folder)
    assert "Copied 1 notebook to" in capsys.readouterr().out
    (folder / "glossary.md").unlink()
    bring_along(packaged, folder)
    assert (folder / "glossary.md").read_text(encoding="utf-8") == "new"
    assert "Copied the glossary to" in capsys.readouterr().out


def test_a_place_that_may_not_be_written(tmp_path):
    """Copying where it can't be done is one sentence that names the place."""
    packaged, folder = tmp_path / "packaged", tmp_path / "mine"
    packaged.mkdir()
    (packaged / "00-start.ipynb").touch()
    folder.write_text("a file, not a folder", encoding="utf-8")
    with pytest.raises(NotWritable, match="can't be copied to .*mine .* Start in a folder that is yours"):
        bring_along(packaged, folder)


@pytest.fixture
def notary(tmp_path, monkeypatch):
    """Jupyter's signatures, in a place of their own."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))

    def is_signed(path):
        notary = NotebookNotary()
        with closing(notary.store):
            return notary.check_signature(nbformat.read(path, as_version=4))

    return is_signed


@pytest.fixture
def lessons(tmp_path, monkeypatch):
    """Two lessons, known by their bytes, and a notebook of somebody else's; there is no git."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    monkeypatch.setattr(shipped, "MANIFEST", tmp_path / "shipped.txt")
    shipped.MANIFEST.touch()
    for name in ("00-start.ipynb", "03-bus.ipynb"):
        save(folder / name, f"print({name!r})")
        shipped.note({name: (folder / name).read_bytes()})
    save(folder / "foreign.ipynb", "print('from somewhere')")
    return folder


def save(path, code):
    cell = nbformat.v4.new_code_cell(code, id="one", outputs=[nbformat.v4.new_output("stream", text="old")])
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)


def test_the_kits_own_lessons_are_trusted(lessons, notary):
    """Stored pictures of the lessons show at once; what the kit did not bring is not vouched for."""
    lab.trust(lessons)
    signed = [name for name in ("00-start", "03-bus", "foreign") if notary(lessons / f"{name}.ipynb")]
    assert signed == ["00-start", "03-bus"]


def test_a_changed_lesson_is_not_trusted(lessons, notary):
    """Someone else's version of a lesson must not run its scripts because of its name."""
    save(lessons / "03-bus.ipynb", "print('changed')")
    lab.trust(lessons)
    assert notary(lessons / "00-start.ipynb")
    assert not notary(lessons / "03-bus.ipynb")


def test_what_a_lesson_shows_is_part_of_it(lessons, notary):
    """The code is the shipped one, and an output of it holds a script."""
    notebook = nbformat.read(lessons / "03-bus.ipynb", as_version=4)
    script = nbformat.v4.new_output("display_data", {"text/html": "<img src=x onerror=alert(1)>"})
    notebook.cells[0].outputs.append(script)
    nbformat.write(notebook, lessons / "03-bus.ipynb")
    lab.trust(lessons)
    assert notary(lessons / "00-start.ipynb")
    assert not notary(lessons / "03-bus.ipynb")


def test_a_damaged_notebook_keeps_no_other_from_opening(lessons, notary):
    """A file that can't be read is none of the kit's."""
    (lessons / "00-start.ipynb").write_text("{", encoding="utf-8")
    lab.trust(lessons)
    assert notary(lessons / "03-bus.ipynb")


def answer(address):
    """Status and final address; a server that has just announced itself may need another moment."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=30) as reply:
                return reply.status, reply.geturl()
        except urllib.error.HTTPError as error:
            return error.code, address
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"nobody answers at {address}")


@contextmanager
def started(tmp_path, *given, **streams):
    """The command, running, and the address that it prints; killed if it takes too long, and at the end."""
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    folders = {name: str(tmp_path / name) for name in names}
    command = [sys.executable, "-m", "eda_workshop", "lab", "--no-browser", *given]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **streams}
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **folders}, **pipes)
    watchdog = threading.Timer(120, server.kill)
    watchdog.start()
    try:
        found = (
            re.search(r"http://127\.0\.0\.1:\d+/lab\S*token=\w+", line) for line in iter(server.stderr.readline, "")
        )
        yield server, next(match[0] for match in found if match)
    finally:
        watchdog.cancel()
        server.terminate()
        server.communicate(timeout=60)


def test_jupyterlab_answers_with_its_token_and_refuses_without(tmp_path):
    """Really started by the command: the printed address works, the same without the token does not."""
    with started(tmp_path, "--port", str(lab.free_port())) as (_, address):
        assert answer(address)[0] == 200
        status, landed = answer(re.sub(r"/lab.*", "/api/contents", address))
        assert status == 403 or "login" in landed


def test_two_starts_at_once_both_run(tmp_path):
    """Neither waits for the other, and each has a port of its own, whoever else has the first one."""
    with started(tmp_path / "a") as (_, first), started(tmp_path / "b") as (_, second):
        assert first.partition("?")[0] != second.partition("?")[0]
        assert answer(first)[0] == answer(second)[0] == 200


CHOOSER = """
import sys
from eda_workshop import cli
from eda_workshop.commands import folders, lab
lab.PORT = int(sys.argv[1])
sys.stdin.readline()
print(lab.choose_port(None), flush=True)
sys.stdin.read()
"""


def test_a_port_is_reserved_until_its_start_listens():
    """Several starts choose at the same moment, before any of them listens: all of them choose another."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    command = [sys.executable, "-c", CHOOSER, str(lab.free_port())]
    starts = [subprocess.Popen(command, **pipes) for _ in range(3)]
    for start in starts:
        start.stdin.write("\n")
        start.stdin.flush()
    chosen = [next(line for line in start.stdout if line.strip().isdecimal()) for start in starts]
    for start in starts:
        start.communicate()
    assert len(set(chosen)) == 3


@pytest.mark.skipif(os.name == "nt", reason="needs a terminal of Unix")
def test_ctrl_c_in_the_terminal_stops_it(tmp_path):
    """At once and without a question, and it says that it has stopped."""
    ours, theirs = os.openpty()
    with started(tmp_path, "--port", str(lab.free_port()), stdin=theirs, stdout=theirs) as (server, address):
        os.close(theirs)
        assert answer(address)[0] == 200
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=60) == 0
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "JupyterLab has stopped." in shown
    assert "Shut down this Jupyter server" not in shown


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Somebody who installed the kit with pip: its lessons, and a folder to work in."""
    packaged, here = tmp_path / "packaged", tmp_path / "here"
    for folder in (packaged, here):
        folder.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.delenv("EDA_WORKSHOP_HOME", raising=False)
    monkeypatch.setattr(folders, "PACKAGED", packaged)
    monkeypatch.setattr(folders, "clone_root", lambda: None)

    def release(edition):
        (packaged / "00-start.ipynb").write_text(edition, encoding="utf-8")
        monkeypatch.setattr(folders, "edition", lambda: edition)
        return folders.notebooks_folder()

    return release


def test_an_older_edition_is_left_alone(installed, capsys):
    """Its lessons stay as they are; the new ones lie beside them, with the progress, and a sentence says so."""
    first = installed("one")
    (first / "00-start.ipynb").write_text("solved", encoding="utf-8")
    mine = first / ".eda-workshop" / "progress-ada.json"
    mine.write_text("mine", encoding="utf-8")
    assert installed("one") == first
    second = installed("two")
    said = capsys.readouterr().out
    assert (first.name, second.name) == ("eda-workshop-notebooks", "eda-workshop-notebooks-2")
    assert "The lessons in eda-workshop-notebooks are of an older edition and stay as they are" in said
    assert (first / "00-start.ipynb").read_text(encoding="utf-8") == "solved"
    assert (second / "00-start.ipynb").read_text(encoding="utf-8") == "two"
    assert (second / ".eda-workshop" / mine.name).read_text(encoding="utf-8") == "mine"
    (second / ".eda-workshop" / mine.name).write_text("newer", encoding="utf-8")
    assert installed("two") == second
    assert (second / ".eda-workshop" / mine.name).read_text(encoding="utf-8") == "newer"
    assert installed("three").name == "eda-workshop-notebooks-3"
    assert installed("one") == first


def test_lessons_without_a_stamp_are_older(installed):
    """They were copied before there were stamps."""
    old = Path.cwd() / "eda-workshop-notebooks"
    old.mkdir()
    (old / "00-start.ipynb").touch()
    assert installed("one").name == "eda-workshop-notebooks-2"


def test_the_commands_find_the_progress_of_copied_lessons(installed, capsys):
    """Where `lab` was started, `progress` shows what was done there."""
    folder = installed("one")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EDA_WORKSHOP_HOME", str(folder))
        progress.change("late_tap", lambda record: setattr(record, "passed", True))
        patch.delenv("EDA_WORKSHOP_HOME")
        assert cli.main(["progress"]) == 0
    assert re.search(r"late_tap +\d+ min  right", capsys.readouterr().out)
    os.environ.pop("EDA_WORKSHOP_HOME", None)
