"""``reset``: forget the progress of some exercises, or of all."""

from __future__ import annotations

import argparse

from eda_workshop.exercises import progress


def main(arguments: list[str]) -> int:
    """`reset [EXERCISE …] [--yes]`"""
    parser = argparse.ArgumentParser(
        prog="reset", description="Forget the progress of exercises; notebooks stay as they are."
    )
    parser.add_argument("exercises", nargs="*", help="which, such as late_tap; none: all")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    options = parser.parse_args(arguments)
    if not (options.yes or agreed(options.exercises)):
        print("Nothing was forgotten.")
        return 1
    forgotten = progress.reset(options.exercises or None)
    print(f"Forgotten: {', '.join(forgotten)}." if forgotten else "There was no progress to forget.")
    return 0


def agreed(exercises: list[str]) -> bool:
    """Whether the learner says yes; no answer is a no."""
    try:
        answer = input(f"Forget the progress of {', '.join(exercises) or 'all exercises'}? [y/N] ")
    except EOFError:
        return False
    return answer.strip().lower() in ("y", "yes")
