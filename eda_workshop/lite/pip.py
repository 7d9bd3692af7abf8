"""pip with the indexes that somebody has set, and with none of their other settings.

`workshop.py` loads this file by its path, before anything is installed: it imports the standard library only.
"""

import ast
import os
import subprocess
from typing import Dict  # noqa: UP035  an old Python parses this

REACHING = {
    *("index-url", "extra-index-url", "find-links", "no-index", "trusted-host", "proxy", "cert", "client-cert"),
    *("timeout", "default-timeout", "retries", "cache-dir", "no-cache-dir", "keyring-provider", "use-feature"),
}
"""The settings that say where packages come from and how they are reached.

Others, such as `user`, `target` or `require-hashes`, say where a person's own packages go and what they accept there.
"""
ORDER = ("global", "install", ":env:")
"""The sections of pip's settings, the strongest last."""


def environment(python: str) -> Dict[str, str]:  # noqa: UP006
    """The variables for a pip that this Python runs: of all settings, only those by which it reaches its indexes."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return {**others, **_settings(python), "PIP_CONFIG_FILE": os.devnull}


def _settings(python: str) -> Dict[str, str]:  # noqa: UP006
    command = [python, "-I", "-m", "pip", "config", "list"]
    # Else a `user` that is set would choose which of the files are listed.
    every = {**os.environ, "PIP_USER": "0"}
    said = subprocess.run(command, env=every, capture_output=True, text=True, check=False).stdout
    found = [_setting(line) for line in said.splitlines() if "=" in line]
    reaching = [each for each in found if each[0] in ORDER and each[1] in REACHING]
    strongest_last = sorted(reaching, key=lambda each: ORDER.index(each[0]))
    return {f"PIP_{name.upper().replace('-', '_')}": value for _, name, value in strongest_last}


def _setting(line: str) -> "tuple[str, str, str]":
    """Section, name and value of a line such as ``global.index-url='…'``."""
    place, _, value = line.partition("=")
    section, _, name = place.strip().rpartition(".")
    return section, name, str(ast.literal_eval(value.strip()))
