"""A report as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from eda_workshop.bench.report import Report, Section, Table, Verdict

LEGEND = (
    "Medians over the rounds. A ratio is to the first line of its table, within the same round,\n"
    "with its quartiles. A peak is the memory that a new process takes for the case, above what\n"
    "it took when it had imported the same modules."
)


def heading(report: Report) -> str:
    """The machine, and how to read what follows."""
    rounds = "1 round" if report.rounds == 1 else f"{report.rounds} rounds"
    return f"{report.machine}; {rounds}\n{LEGEND}"


def tables(section: Section) -> str:
    """A group: its heading and its tables."""
    clock = "processor time" if section.clock == "cpu" else "time that passed"
    parts = [f"== {section.name}: {section.title} ({clock}) ==", section.about]
    return "\n".join([*parts, *(_table(table) for table in section.tables)])


def verdicts(sections: Iterable[Section]) -> str:
    """All aims with what became of them; "" if the groups have none."""
    lines = [_verdict(verdict) for section in sections for verdict in section.verdicts]
    return "\n".join(["== aims ==", *lines]) if lines else ""


def _table(table: Table) -> str:
    head = f"\n{table.title:<38} {f'ns/{table.unit}':>12} {'ratio':>9} {'[q1–q3]':>19} {'peak MiB':>9}"
    rows = [
        f"  {line.label:<36} {line.ns.median:>12,.0f} {_number(line.ratio.median):>9} "
        f"{f'[{_number(line.ratio.low)}–{_number(line.ratio.high)}]':>19} {_peak(line.peak_mib):>9}"
        for line in table.lines
    ]
    return "\n".join([head, *rows])


def _verdict(verdict: Verdict) -> str:
    outcome = "reached" if verdict.reached else "NOT reached"
    return f"  {outcome:<11}  {_number(verdict.ratio):>9}x  {verdict.aim}"


def _peak(mib: float | None) -> str:
    return "-" if mib is None else f"{mib:.1f}"


def _number(value: float) -> str:
    """Three digits, or all that stand before the point: 0.00074, 1.58, 21.3, 7,021."""
    if 0 < value < 0.1:
        return f"{value:.2g}"
    decimals = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{decimals}f}"
