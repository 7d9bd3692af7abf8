"""The result of a run, as data that goes to JSON and back, and as tables to read."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import packages_distributions, version

import msgspec

from eda_workshop.bench.case import Aim, Block, Group
from eda_workshop.bench.figures import Samples, Spread, ratio, spread


class Machine(msgspec.Struct, frozen=True):
    """Where figures come from. Those of two machines don't compare, their ratios nearly do."""

    python: str
    system: str
    cpus: int
    peers: dict[str, str]

    def __str__(self) -> str:
        peers = ", ".join(f"{name} {number}" for name, number in self.peers.items())
        return f"{self.python}, {self.system}, {self.cpus} CPUs; {peers or 'no peers needed'}"


class Line(msgspec.Struct, frozen=True):
    """One case: nanoseconds a publish, their ratio to the block's reference, publishes a round."""

    label: str
    ns: Spread
    ratio: Spread
    times: int
    peak_mib: float | None = None


class Table(msgspec.Struct, frozen=True):
    """One block of cases; the first line is the reference."""

    title: str
    lines: list[Line]
    unit: str = "publish"


class Verdict(msgspec.Struct, frozen=True):
    """What became of an aim."""

    aim: str
    ratio: float
    reached: bool


class Section(msgspec.Struct, frozen=True):
    """All tables and verdicts of a group."""

    name: str
    title: str
    about: str
    clock: str
    tables: list[Table]
    verdicts: list[Verdict]


class Report(msgspec.Struct, frozen=True):
    """A whole run."""

    machine: Machine
    rounds: int
    sections: list[Section]

    def to_json(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"

    @classmethod
    def from_json(cls, text: bytes) -> Report:
        return msgspec.json.decode(text, type=cls)


def this_machine(peers: Iterable[str]) -> Machine:
    """Python, system and the versions of these peers, as they are here."""
    return Machine(
        python=f"{platform.python_implementation()} {platform.python_version()}",
        system=f"{platform.system()} {platform.machine()}",
        cpus=os.cpu_count() or 1,
        peers={peer: version(packages_distributions()[peer][0]) for peer in peers},
    )


def section(
    group: Group,
    samples: Samples,
    times: Mapping[str, int],
    peaks: Mapping[str, float | None],
) -> Section:
    """Draw a group's samples together: medians, quartiles, ratios and verdicts."""
    return Section(
        name=group.name,
        title=group.title,
        about=group.about,
        clock=group.clock,
        tables=[_table(block, samples, times, peaks) for block in group.blocks],
        verdicts=[_judge(aim, samples) for aim in group.aims],
    )


def _table(
    block: Block,
    samples: Samples,
    times: Mapping[str, int],
    peaks: Mapping[str, float | None],
) -> Table:
    reference = samples[block.key(block.cases[0].label)]
    lines = []
    for case in block.cases:
        key = block.key(case.label)
        costs = samples[key]
        relative = ratio(costs, reference)
        lines.append(Line(case.label, spread(costs), relative, times[key], peaks.get(key)))
    return Table(block.title, lines, block.unit)


def _judge(aim: Aim, samples: Samples) -> Verdict:
    measured = ratio(samples[f"{aim.block}: {aim.label}"], samples[f"{aim.block}: {aim.other}"])
    return Verdict(str(aim), measured.median, aim.reached(measured.median))
