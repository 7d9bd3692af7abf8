"""``bench``: the engine measured next to its peers; what it measures with is in the clone's tests/bench."""

from __future__ import annotations

import sys
from argparse import Namespace
from importlib import import_module

from eda_workshop.commands.errors import NotAClone
from eda_workshop.lessons.catalogue import clone_root


def main(options: Namespace) -> int:
    """Run the bench that is in the clone's tests."""
    root = clone_root()
    if root is None:
        raise NotAClone("bench")
    sys.path.insert(0, str(root / "tests"))
    code: int = import_module("bench.command").run(options)
    return code
