"""The command `bench`: run the groups, print, save."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from bench import appending, histories, publishing, replaying, report, starting, streaming
from bench.cases import Group
from bench.chart import draw
from bench.measure import measure
from bench.report import Report, Section
from eda_workshop.errors import EdaError

ROUNDS, QUICK_ROUNDS = 100, 9
SLICE_NS, QUICK_SLICE_NS = 10_000_000, 2_000_000
GROUPS: dict[str, Group] = {
    group.name: group
    for group in (
        publishing.NAMING,
        publishing.DELIVERY,
        publishing.FLAT,
        appending.GROUP,
        replaying.REPLAY,
        replaying.TIME,
        streaming.GROUP,
        starting.GROUP,
    )
}


@dataclass(eq=False)
class MissingPeer(EdaError):
    """Raised when a library that the bench compares with is not installed."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        verb = "is" if len(self.names) == 1 else "are"
        return (
            f"The bench needs {' and '.join(self.names)}, which {verb} not installed here: "
            "run python3 workshop.py bench, which installs what it compares with."
        )


def run(options: Namespace) -> int:
    """Run the bench; return 0, 1 for a wrong count, 2 for a missing peer or an unknown group, 130 when stopped.

    A figure that misses its aim is no failure, it is printed: the machine may have been busy.
    """
    unknown = [name for name in options.only or () if name not in GROUPS]
    if unknown:
        print(f"There is no group {unknown[0]!r}. Choose from: {', '.join(GROUPS)}.", file=sys.stderr)
        return 2
    groups = [GROUPS[name] for name in dict.fromkeys(options.only or GROUPS)]
    try:
        found = _run(groups, options.rounds, quick=options.quick)
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
        options.json.write_bytes(found.to_json())
    if options.chart:
        draw(found).savefig(options.chart)
    return 0


def check_peers(groups: Iterable[Group]) -> list[str]:
    """The peers that these groups need, sorted. Raises `MissingPeer` if one is not installed."""
    needed = sorted({peer for group in groups for peer in group.peers()})
    missing = tuple(peer for peer in needed if find_spec(peer) is None)
    if missing:
        raise MissingPeer(missing)
    return needed


def _run(groups: Sequence[Group], rounds: int | None, *, quick: bool) -> Report:
    """Measure the groups one after the other and print each as soon as it is there."""
    machine = report.this_machine(check_peers(groups))
    found = Report(machine, rounds or (QUICK_ROUNDS if quick else ROUNDS), [])
    print(report.heading(found))
    for group in groups:
        found.sections.append(_measured(group, found.rounds, quick=quick))
        print(f"\n{report.tables(found.sections[-1])}", flush=True)
    aims = report.verdicts(found.sections)
    if aims:
        print(f"\n{aims}")
    return found


def _measured(group: Group, rounds: int, *, quick: bool) -> Section:
    rounds = min(rounds, group.rounds or rounds)
    print(f"{group.name}: {len(group.cases())} cases, {rounds} rounds …", file=sys.stderr, flush=True)
    return report.section(group, *measure(group, rounds, QUICK_SLICE_NS if quick else SLICE_NS))
