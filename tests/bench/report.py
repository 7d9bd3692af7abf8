"""The result of a run: medians, quartiles, ratios and verdicts, as tables to read and as JSON."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import packages_distributions, version

import msgspec

from bench.cases import MILLISECOND, Aim, Block, Group

LEGEND = (
    "Medians over the rounds. A ratio is to the first line of its table, within the same round, with its quartiles."
)
Samples = Mapping[str, Sequence[float]]
"""For each case's key, what one unit cost in each round, in nanoseconds."""


class Spread(msgspec.Struct, frozen=True):
    """The middle of some numbers, and the quartiles: half of them lie between low and high."""

    median: float
    low: float
    high: float


class Line(msgspec.Struct, frozen=True):
    """One case: nanoseconds a unit, their ratio to the block's reference, units a round."""

    label: str
    ns: Spread
    ratio: Spread
    times: int


class Table(msgspec.Struct, frozen=True):
    """One block of cases; the first line is the reference."""

    title: str
    unit: str
    lines: list[Line]


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
    """A whole run. Figures of two machines don't compare, their ratios nearly do."""

    machine: str
    rounds: int
    sections: list[Section]

    def to_json(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"

    @classmethod
    def from_json(cls, text: bytes) -> Report:
        return msgspec.json.decode(text, type=cls)


def spread(values: Sequence[float]) -> Spread:
    """The median and the quartiles, both ends included. There must be at least one value.

    >>> spread([1, 2, 3, 4, 5])
    Spread(median=3.0, low=2.0, high=4.0)
    """
    if len(values) == 1:
        return Spread(float(values[0]), float(values[0]), float(values[0]))
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(median, low, high)


def ratio(case: Sequence[float], reference: Sequence[float]) -> Spread:
    """How many times the reference a case costs: the spread of the ratios of the same round.

    Each round runs both within a moment, so whatever else slows the machine down slows both.

    >>> ratio([20, 40, 90], [10, 20, 30])
    Spread(median=2.0, low=2.0, high=2.5)
    """
    return spread([mine / other for mine, other in zip(case, reference, strict=True)])


def this_machine(peers: Iterable[str]) -> str:
    """Python, system and the versions of these peers, as they are here."""
    found = ", ".join(f"{peer} {version(packages_distributions()[peer][0])}" for peer in peers)
    return (
        f"{platform.python_implementation()} {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count() or 1} CPUs; {found or 'no peers needed'}"
    )


def section(group: Group, samples: Samples, times: Mapping[str, int]) -> Section:
    """Draw a group's samples together: medians, quartiles, ratios and verdicts."""
    tables = [_table(block, samples, times) for block in group.blocks]
    verdicts = [_judge(aim, samples) for aim in group.aims]
    return Section(group.name, group.title, group.about, group.clock, tables, verdicts)


def _table(block: Block, samples: Samples, times: Mapping[str, int]) -> Table:
    keys = {case.label: block.key(case.label) for case in block.cases}
    reference = samples[block.key(block.cases[0].label)]
    lines = [
        Line(label, spread(samples[key]), ratio(samples[key], reference), times[key]) for label, key in keys.items()
    ]
    return Table(block.title, block.unit, lines)


def _judge(aim: Aim, samples: Samples) -> Verdict:
    costs = samples[f"{aim.block}: {aim.label}"]
    other = [1e6] * len(costs) if aim.other == MILLISECOND else samples[f"{aim.block}: {aim.other}"]
    measured = ratio(costs, other).median
    return Verdict(str(aim), measured, aim.reached(measured))


# --- as text --------------------------------------------------------------------------------------


def heading(report: Report) -> str:
    """The machine, and how to read what follows."""
    return f"{report.machine}; {report.rounds} round{'s' * (report.rounds != 1)}\n{LEGEND}"


def tables(section: Section) -> str:
    """A group: its heading and its tables."""
    clock = "processor time" if section.clock == "cpu" else "time that passed"
    lines = [f"== {section.name}: {section.title} ({clock}) ==", section.about]
    for table in section.tables:
        lines.append(f"\n{table.title:<38} {f'ns/{table.unit}':>14} {'ratio':>9} {'[q1–q3]':>19}")
        lines += [
            f"  {line.label:<36} {line.ns.median:>14,.0f} {number(line.ratio.median):>9} "
            f"{f'[{number(line.ratio.low)}–{number(line.ratio.high)}]':>19}"
            for line in table.lines
        ]
    return "\n".join(lines)


def verdicts(sections: Iterable[Section]) -> str:
    """All aims with what became of them; "" if the groups have none."""
    lines = [
        f"  {'reached' if verdict.reached else 'NOT reached':<11}  {number(verdict.ratio):>9}  {verdict.aim}"
        for section in sections
        for verdict in section.verdicts
    ]
    return "\n".join(["== aims ==", *lines]) if lines else ""


def number(value: float) -> str:
    """Three digits, or all that stand before the point: 0.00074, 1.58, 21.3, 7,021."""
    if 0 < value < 0.1:
        return f"{value:.2g}"
    decimals = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{decimals}f}"
