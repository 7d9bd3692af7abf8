#!/usr/bin/env python3
"""The workshop in one command: make an environment next to this file, install into it, and run.

    python3 workshop.py             open JupyterLab on the lessons
    python3 workshop.py test        run every test
    python3 workshop.py --help      what else there is

It needs Python 3.11 or newer and nothing else. The second start installs nothing.
"""

import sys

if sys.version_info < (3, 11):
    sys.stderr.write(
        "The workshop needs Python 3.11 or newer, and this is Python {}.{}. Install a newer one from python.org "
        "or your system's packages, then start this file with it: python3.12 workshop.py\n".format(*sys.version_info)
    )
    sys.exit(2)

import contextlib
import errno
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

ROOT = Path(__file__).resolve().parent
KEPT = ROOT / ".workshop"
VENV = KEPT / "{}.{}".format(*sys.version_info)
MARK = KEPT / "README.txt"
STAMP = VENV / "workshop.json"
LOG = VENV / "install.log"
SERVER = "nats-server"
TABLE = ROOT / "eda_workshop" / "commands" / "table.py"
PIP = ROOT / "eda_workshop" / "lite" / "pip.py"
LOCK = KEPT / "lock"
ABOUT = """What workshop.py installs, one folder for each version of Python. Delete this folder, and the next start makes it again.
"""

OFFLINE = "The package index can't be reached. Are you online? Behind a proxy, set HTTPS_PROXY first."
TROUBLES = {
    "No space left": "The disk is full. Free about 1 GB and start again.",
    "Permission denied": "Something in {root} may not be written. Make the folder yours, or copy it to your home.",
    "Read-only file system": "{root} may not be written. Copy the folder to your home.",
    "No such file": "A part of the project is missing. Get the whole project again.",
    "externally-managed": "This Python forbids installing. Start with another: python3.12 workshop.py",
    "SSLError": "The package index's certificate was refused. Behind a company's proxy, set PIP_CERT first.",
    "connection broken by": OFFLINE,
    "name resolution": OFFLINE,
    "No matching distribution": "The package index can't be reached, or lacks a package. Are you online?",
}


class Stop(Exception):
    """An end with one sentence and an exit code."""

    def __init__(self, sentence: str, code: int = 2) -> None:
        super().__init__(sentence)
        self.code = code


def main(arguments: list[str]) -> int:
    try:
        commands = table()
        if arguments[:1] in (["--help"], ["-h"], ["help"]):
            print(f"{__doc__}\n{commands.usage('python3 workshop.py')}")
            return 0
        if arguments[:1] == ["--version"]:
            print(f"eda-workshop {version()}")
            return 0
        command, rest = choose(arguments, commands)
        prepare(commands.COMMANDS[command].extras)
        # -P: a module in the folder the user stands in must not take the place of one of ours.
        return run([str(python()), "-P", "-m", "eda_workshop", command, *rest])
    except Stop as stop:
        print(stop, file=sys.stderr)
        return stop.code
    except OSError as error:
        print(f"{error}. {trouble(str(error))}", file=sys.stderr)
        return 3 if error.errno == errno.ENOSPC else 2
    except KeyboardInterrupt:
        print("\nStopped. The next start goes on from here.", file=sys.stderr)
        return 130


def table() -> Any:
    """The commands and what can be given to them."""
    return load(TABLE)


def load(file: Path) -> Any:
    """A module of the package that needs nothing installed."""
    spec = importlib.util.spec_from_file_location(f"eda_workshop_{file.stem}", file)
    module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    sys.modules[module.__name__] = module
    spec.loader.exec_module(module)  # type: ignore[union-attr]
    return module


def version() -> str:
    """The kit's version."""
    import tomllib

    project: str = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    return project


def choose(arguments: list[str], commands: Any) -> tuple[str, list[str]]:
    """The command and what follows it. Options that it doesn't know, and its help, end here: nothing is installed."""
    try:
        command, rest = commands.chosen(arguments)
    except KeyError as unknown:
        raise Stop(unknown.args[0]) from None
    commands.parse(command, rest)
    return command, rest


def prepare(extras: Iterable[str]) -> None:
    """See to it that the environment is there and up to date; do nothing if it is."""
    if is_ready(extras):
        return
    with locked():
        if is_ready(extras):
            return
        known = read_stamp()
        wanted = {*known.get("extras", []), *extras}
        if known.get("root") != str(ROOT) or not works():
            make_venv()
            known = {}
        packages = wanted - {SERVER}
        if known.get("state") != state() or not packages <= {*known["extras"]}:
            install(sorted(packages))
            write_stamp(packages)
        if SERVER in wanted and bring_server():
            write_stamp(wanted)
        say("Installed.")


def write_stamp(extras: Iterable[str]) -> None:
    """Remember what is installed."""
    facts = {"state": state(), "root": str(ROOT), "extras": sorted(extras)}
    STAMP.write_text(json.dumps(facts), encoding="utf-8")


def is_ready(extras: Iterable[str]) -> bool:
    known = read_stamp()
    return known.get("state") == state() and {*extras} <= {*known["extras"]} and python().exists()


def read_stamp() -> dict:  # type: ignore[type-arg]
    """What the last complete installation left; {} if there was none."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
        return stamp if isinstance(stamp, dict) and "extras" in stamp else {}
    except (OSError, ValueError):
        return {}


def state() -> str:
    """A hash over all that decides whether an installation is still right."""
    digest = hashlib.sha256(f"{sys.version} {ROOT}".encode("utf-8", "surrogateescape"))
    for name in ("pyproject.toml", "constraints.txt", "nats-server.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def python() -> Path:
    """The environment's own Python."""
    return VENV / "Scripts" / "python.exe" if os.name == "nt" else VENV / "bin" / "python"


def works() -> bool:
    """Whether the environment's Python runs, is this Python's version, and has pip."""
    probe = "import sys, pip; print(sys.version)"
    try:
        result = subprocess.run([str(python()), "-c", probe], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0 and result.stdout.strip() == sys.version


def make_venv() -> None:
    place = VENV.relative_to(ROOT)
    if os.pathsep in str(VENV):
        raise Stop(f"{ROOT} has a {os.pathsep} in its path, and Python makes no environment there. Move the folder.")
    if VENV.exists():
        say(f"The environment {place} is unfinished, was moved or belongs to another Python; it is made again.")
    say(f"Making an environment in {place} …")
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError:
        version = "{}.{}".format(*sys.version_info[:2])
        raise Stop(
            f"This Python has no venv module. On Debian or Ubuntu: sudo apt install python{version}-venv; then start again."
        ) from None
    try:
        venv.create(VENV, clear=True, with_pip=True, symlinks=os.name != "nt")
    except (OSError, subprocess.CalledProcessError) as error:
        said = f"{error} {getattr(error, 'output', '')}"
        raise Stop(f"The environment could not be made in {VENV}: {error}. {trouble(said)}", 3) from None


def install(extras: list[str]) -> None:
    """Install this folder with what it needs, at the versions of constraints.txt."""
    say("Installing JupyterLab and the workshop; the first time this takes about a minute …")
    target = f".[{','.join(extras)}]" if extras else "."
    pip("-c", "constraints.txt", "-e", target)


def bring_server() -> bool:
    """Install the nats-server that a third party packs, by its hash, if this machine has none; whether there is one."""
    if shutil.which(SERVER):
        return True
    say("Installing nats-server …")
    try:
        pip("--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", "nats-server.txt")
    except Stop as stop:
        say(f"nats-server is missing. {stop}")
        say("Everything else works. The next start tries again; or install nats-server by apt, brew or conda-forge.")
        return False
    return True


def pip(*arguments: str) -> None:
    """Run pip's install; its output goes into the log, and what it is at to the terminal."""
    command = [
        str(python()),
        "-I",
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--retries",
        "2",
    ]
    command += ["--progress-bar", "off", *arguments]
    pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
    pipe["env"] = load(PIP).environment(str(python()))
    with LOG.open("w", encoding="utf-8") as log, sign_of_life() as progress:  # noqa: SIM117  an old Python parses this
        with subprocess.Popen(command, cwd=ROOT, **pipe) as process:  # type: ignore[call-overload]
            try:
                for line in process.stdout:
                    log.write(line)
                    words = line.split()[:2]
                    if words[:1] in (["Collecting"], ["Processing"], ["Downloading"], ["Installing"]):
                        progress.append(" ".join(word.rpartition("/")[2] for word in words))
            except BaseException:
                process.terminate()
                raise
    if process.returncode:
        text = LOG.read_text(encoding="utf-8")
        lines = text.strip().splitlines()
        last = "\n".join(f"  {line.strip()}" for line in ([line for line in lines if "ERROR" in line] or lines)[-3:])
        raise Stop(f"Installing failed. {trouble(text)} The end of {LOG.relative_to(ROOT)}:\n{last}", 3)


def trouble(text: str) -> str:
    """What to do about the first known trouble in the text."""
    found = (advice for sign, advice in TROUBLES.items() if sign in text)
    return next(found, "Start again; if it fails again, delete the folder .workshop first.").format(root=ROOT)


def say(sentence: str) -> None:
    print(sentence, flush=True)


@contextlib.contextmanager
def sign_of_life() -> Iterator[list[str]]:
    """On a terminal, a line that is overwritten each second: the seconds gone, and what pip is at."""
    lines: list[str] = ["starting pip"]
    start, done = time.monotonic(), threading.Event()

    def tick() -> None:
        while not done.wait(1):
            print(f"\r  {time.monotonic() - start:3.0f} s  {lines[-1][:60]:60}", end="", flush=True)
        print("\r" + " " * 70, end="\r", flush=True)

    ticker = threading.Thread(target=tick, daemon=True)
    if sys.stdout.isatty():
        ticker.start()
    try:
        yield lines
    finally:
        done.set()
        if ticker.is_alive():
            ticker.join()


def claim() -> None:
    """Make the folder for environments, or know it again; one that somebody else made stays as it is."""
    if KEPT.exists() and not MARK.exists() and any(KEPT.iterdir()):
        raise Stop(f"{KEPT} holds something that the workshop did not put there. Move it away, and start again.")
    KEPT.mkdir(exist_ok=True)
    MARK.write_text(ABOUT, encoding="utf-8")


@contextlib.contextmanager
def locked() -> Iterator[None]:
    """One start at a time: a second one waits. The system frees the lock of a start that died."""
    claim()
    with LOCK.open("a+", encoding="utf-8") as handle:
        if not take(handle):
            say(f"Another start, process {LOCK.read_text(encoding='utf-8')}, is installing; waiting for it …")
            while not take(handle):
                time.sleep(0.5)
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def take(handle: TextIO) -> bool:
    """Take the lock if nobody holds it; where the file system knows no locks, go on without."""
    try:
        if sys.platform == "win32":
            import msvcrt

            # Far behind the process id, which the others must be able to read.
            handle.seek(2**20)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
    return True


def run(command: list[str]) -> int:
    """Hand over to the environment's Python."""
    if os.name == "nt":
        return subprocess.call(command)
    os.execv(command[0], command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
