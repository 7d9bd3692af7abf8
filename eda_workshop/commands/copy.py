"""``copy``: a log to another engine, with a bar that shows how far it is."""

from __future__ import annotations

import sys
from argparse import Namespace

from eda_workshop.log import open_log
from eda_workshop.log.copying import copy_log

WIDTH = 40


def main(options: Namespace) -> int:
    """Copy a log, and verify the copy."""
    with open_log(options.source, read_only=True) as source, open_log(options.target) as target:
        copied = copy_log(source, target, progress=show if sys.stderr.isatty() else None)
        damage = target.verify()
    if sys.stderr.isatty():
        print(file=sys.stderr)
    print(f"{copied}. The copy is {'whole' if damage is None else f'damaged at {damage}'}.")
    return 0 if damage is None else 1


def show(done: int, total: int) -> None:
    """A bar in one line of the terminal."""
    full = WIDTH * done // total
    print(f"\r{'█' * full}{'░' * (WIDTH - full)} {done:,} of {total:,}", end="", file=sys.stderr, flush=True)
