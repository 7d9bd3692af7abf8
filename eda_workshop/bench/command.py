"""The command `bench`: read the options, run the groups, print, save."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from eda_workshop.bench import histories, text
from eda_workshop.bench.case import Group
from eda_workshop.bench.catalog import GROUPS, check_peers
from eda_workshop.bench.chart import draw
from eda_workshop.bench.errors import MissingPeer
from eda_workshop.bench.measure import measure
from eda_workshop.bench.memory import peak_mib
from eda_workshop.bench.report import Report, Section, section, this_machine
from eda_workshop.errors import EdaError

ROUNDS, QUICK_ROUNDS = 100, 9
SLICE_NS, QUICK_SLICE_NS = 10_000_000, 2_000_000


def main(argv: list[str]) -> int:
    """Run the bench; return 0, 1 for a wrong count, 2 for a missing peer, 130 when stopped.

    A figure that misses its aim is no failure, it is printed: the machine may have been busy.
    """
    options = _parser().parse_args(argv)
    groups = [GROUPS[name] for name in dict.fromkeys(options.only or GROUPS)]
    try:
        report = _run(groups, options.rounds, quick=options.quick)
    except MissingPeer as missing:
        print(missing, file=sys.stderr)
        return 2
    except EdaError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. The tables above are whole; nothing was saved.", file=sys.stderr)
        return 130
    finally:
        histories.clear()
    if options.json:
        options.json.write_bytes(report.to_json())
    if options.chart:
        draw(report).savefig(options.chart)
    return 0


def _run(groups: Sequence[Group], rounds: int | None, *, quick: bool) -> Report:
    """Measure the groups one after the other and print each as soon as it is there."""
    machine = this_machine(check_peers(groups))
    report = Report(machine, rounds or (QUICK_ROUNDS if quick else ROUNDS), [])
    print(text.heading(report))
    for group in groups:
        report.sections.append(_run_group(group, report.rounds, quick=quick))
        print(f"\n{text.tables(report.sections[-1])}", flush=True)
    aims = text.verdicts(report.sections)
    if aims:
        print(f"\n{aims}")
    return report


def _run_group(group: Group, rounds: int, *, quick: bool) -> Section:
    cases = group.cases()
    rounds = min(rounds, group.rounds or rounds)
    _say(f"{group.name}: {len(cases)} cases, {rounds} rounds …")
    samples, times = measure(group, rounds, QUICK_SLICE_NS if quick else SLICE_NS)
    peaks: dict[str, float | None] = {}
    if not quick:
        measured = [key for key, case in cases.items() if case.peak]
        _say(f"{group.name}: peak memory, {len(measured)} processes …")
        peaks = {key: peak_mib(group, key, times[key]) for key in measured}
    return section(group, samples, times, peaks)


def _say(line: str) -> None:
    """Progress goes beside the tables, so that they can be saved on their own."""
    print(line, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="workshop.py bench",
        description="Measure bus, log and replay beside their peers, all in one run, in some minutes.",
    )
    how_often = f"how often each case runs (default {ROUNDS})"
    parser.add_argument("--rounds", type=_rounds, metavar="N", help=how_often)
    parser.add_argument("--only", nargs="+", choices=GROUPS, metavar="GROUP", help=" ".join(GROUPS))
    parser.add_argument("--json", type=_target, metavar="FILE", help="save all figures there")
    parser.add_argument("--chart", type=_target, metavar="FILE", help="draw all ratios there, as .png, .svg or .pdf")
    parser.add_argument(
        "--quick",
        action="store_true",
        help=f"a first look in seconds: {QUICK_ROUNDS} short rounds, no memory",
    )
    return parser


def _rounds(given: str) -> int:
    if not given.isdecimal() or int(given) < 1:
        raise argparse.ArgumentTypeError(f"{given!r} is not a number of rounds: give 1 or more")
    return int(given)


def _target(given: str) -> Path:
    target = Path(given)
    if target.is_dir() or not target.absolute().parent.is_dir():
        raise argparse.ArgumentTypeError(f"{given!r} is no file in a folder that exists")
    return target
