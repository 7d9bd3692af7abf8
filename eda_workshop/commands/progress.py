"""``progress``: which exercises are done."""

from __future__ import annotations

import argparse

from eda_workshop.exercises import progress


def main(arguments: list[str]) -> int:
    """`progress`"""
    argparse.ArgumentParser(prog="progress", description="Show which exercises are done.").parse_args(arguments)
    print(progress.report())
    return 0
