"""``progress``: which exercises are done."""

from __future__ import annotations

from argparse import Namespace

from eda_workshop.commands.folders import use_own_progress
from eda_workshop.exercises import progress


def main(_options: Namespace) -> int:
    """Show which exercises are done."""
    use_own_progress()
    print(progress.report())
    return 0
