"""How the kit's commands are started here, so that a hint names a command that the reader has."""

from __future__ import annotations

import os
from pathlib import Path

INSTALLED = "eda-workshop"


def start() -> str:
    """What to type before a command: the clone's own file where there is one, else the program that pip installed.

    >>> f"{start()} nats"  # doctest: +SKIP
    'python3 workshop.py nats'
    """
    if not (Path(__file__).resolve().parents[1] / "workshop.py").exists():
        return INSTALLED
    return "py workshop.py" if os.name == "nt" else "python3 workshop.py"


def bringing(extra: str, command: str) -> str:
    """The beginning of a sentence: what to run so that one of the package's extras is installed.

    extra    its name in pyproject.toml
    command  the command that brings it in a clone

    >>> bringing("nats-server", "nats")  # doctest: +SKIP
    '`python3 workshop.py nats` brings'
    """
    own = start()
    return f"`pip install` with the extra `{extra}` brings" if own == INSTALLED else f"`{own} {command}` brings"
