"""``lab``: JupyterLab on the notebooks, on this machine only."""

from __future__ import annotations

import os
import socket
from argparse import Namespace
from contextlib import closing
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from eda_workshop.commands.errors import NoSuchNotebook, PortTaken
from eda_workshop.commands.folders import notebooks_folder
from eda_workshop.files import hold
from eda_workshop.lessons.catalogue import LESSONS
from eda_workshop.lessons.shipped import is_shipped
from eda_workshop.servers.process import HOST, free_port

PORT = 8888
PLACE = Path.home() / ".eda-workshop" / "servers"
_claims: list[BinaryIO] = []
"""The files that are locked while this process runs."""
HIDDEN = ("exercises", "source", "__pycache__", "*.pyc", "*~", ".DS_Store")
"""What JupyterLab's list of files leaves out: the exercises' files have solutions in them."""
CONFIGURATION = Path(__file__).resolve().parent / "jupyter"


def main(options: Namespace) -> int:
    """Open JupyterLab."""
    folder = notebooks_folder()
    notebook = find(folder, options.notebook)
    port = choose_port(options.port)
    trust(folder)
    os.environ.update(environment(folder))
    print(f"Opening JupyterLab on {notebook}. Stop it with Ctrl-C here.", flush=True)
    return run(arguments(folder, notebook, port, browser=not options.no_browser))


def run(given: list[str]) -> int:
    """Run the server in this process, so that whoever stops this command stops the server."""
    from jupyterlab.labapp import LabApp

    LabApp.launch_instance(given)
    print("JupyterLab has stopped. What you saved is in your notebooks.", flush=True)
    return 0


def find(folder: Path, name: str) -> str:
    """The notebook's file name; its path or a lesson's number will do too. Raises `NoSuchNotebook`."""
    there = tuple(sorted(path.name for path in folder.glob("*.ipynb")))
    asked = Path(name).name
    chosen = next((file for file in there if file in (asked, f"{asked}.ipynb") or file.startswith(f"{asked}-")), None)
    if chosen is None:
        raise NoSuchNotebook(name, there)
    return chosen


def choose_port(asked: int | None) -> int:
    """The port asked for, if it is free; else the first free one from 8888 on. Raises `PortTaken`."""
    if asked is not None:
        if asked and not is_free(asked):
            raise PortTaken(asked)
        return asked or free_port()
    for port in range(PORT, PORT + 50):
        if claim(port) and is_free(port):
            if port != PORT:
                print(f"Port {PORT} is taken, so JupyterLab uses {port}.")
            return port
    return free_port()


def claim(port: int) -> bool:
    """Reserve the port for this process; False if another start of this user has it, and will listen there in a moment."""
    try:
        PLACE.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = (PLACE / f"lab-{port}.lock").open("ab")
    except OSError:
        return True
    _claims.append(file)
    return hold(file)


def is_free(port: int) -> bool:
    """Whether a server may listen there."""
    with socket.socket() as probe:
        if os.name != "nt":  # there the option would let two servers share a port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError):
            return False
    return True


def arguments(folder: Path, notebook: str, port: int, *, browser: bool) -> list[str]:
    """How JupyterLab is started: this machine only, with its token, no other port than this, stopped without a question."""
    given = [f"--ServerApp.root_dir={folder}", f"--ip={HOST}", f"--port={port}", "--ServerApp.port_retries=0", "-y"]
    given += [f"--LabApp.default_url=/lab/tree/{quote(notebook)}"]
    given += [f"--ContentsManager.hide_globs={name}" for name in HIDDEN]
    given += [] if browser else ["--no-browser"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        given.append("--allow-root")
    return given


def environment(folder: Path) -> dict[str, str]:
    """The kit's settings come before the learner's own, which stay as they are."""
    paths = [str(CONFIGURATION), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    return {
        **os.environ,
        "JUPYTER_CONFIG_PATH": os.pathsep.join(paths),
        "EDA_WORKSHOP_HOME": os.environ.get("EDA_WORKSHOP_HOME", str(folder)),
    }


def trust(folder: Path) -> None:
    """Sign the lessons that are byte for byte the shipped ones, so that JupyterLab shows their stored pictures at once.

    Changed lessons and all other notebooks are left to JupyterLab's own judgement.
    """
    import nbformat
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary()
    with closing(notary.store):
        for lesson in LESSONS:
            path = folder / lesson.notebook
            data = path.read_bytes() if path.exists() else b""
            if is_shipped(path.name, data):
                notary.sign(nbformat.reads(data.decode(), as_version=4))
