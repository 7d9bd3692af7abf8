"""``reset``: forget the progress of some exercises, or of all."""

from __future__ import annotations

from argparse import Namespace

from eda_workshop.commands.asking import agreed
from eda_workshop.commands.folders import use_own_progress
from eda_workshop.exercises import progress


def main(options: Namespace) -> int:
    """Forget progress, after a question."""
    use_own_progress()
    if not (options.yes or agreed(f"Forget the progress of {', '.join(options.exercises) or 'all exercises'}?")):
        print("Nothing was forgotten.")
        return 1
    forgotten = progress.reset(options.exercises or None)
    print(f"Forgotten: {', '.join(forgotten)}." if forgotten else "There was no progress to forget.")
    return 0
