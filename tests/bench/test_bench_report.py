"""What a run says: verdicts from canned samples, tables as text, and JSON there and back."""

from __future__ import annotations

import msgspec
import pytest

from bench import report as text
from bench.cases import Aim, Block, Case, Group, Work
from bench.report import Report, section, this_machine


def _nothing() -> Work:
    return Work(lambda times: lambda: None, lambda times: None)


GROUP = Group(
    name="demo",
    title="A demonstration",
    about="Nothing is published.",
    clock="cpu",
    blocks=(Block("1 handler", (Case("floor", _nothing), Case("ours", _nothing, "pyee"))),),
    aims=(
        Aim("1 handler", "ours", "at most", 1.7, "floor"),
        Aim("1 handler", "ours", "at least", 1000, "floor"),
        Aim("1 handler", "ours", "at most", 100, "ms"),
    ),
)
SAMPLES = {"1 handler: floor": [100.0, 200.0, 100.0], "1 handler: ours": [150.0, 300.0, 170.0]}
TIMES = {"1 handler: floor": 4000, "1 handler: ours": 3000}
MACHINE = "CPython 3.11.7, Linux x86_64, 2 CPUs; pyee 13.0.1, blinker 1.9.0"
EXPECTED = """\
== demo: A demonstration (processor time) ==
Nothing is published.

1 handler                                  ns/publish     ratio             [q1–q3]
  floor                                           100      1.00         [1.00–1.00]
  ours                                            170      1.50         [1.50–1.60]"""


@pytest.fixture
def report() -> Report:
    """A report of three canned rounds."""
    made = section(GROUP, SAMPLES, TIMES)
    return Report(MACHINE, 3, [made])


def test_section_holds_ratios_to_the_first_case_of_the_block(report: Report) -> None:
    """The second case costs 1.5, 1.5 and 1.7 times the first, round by round."""
    ours = report.sections[0].tables[0].lines[1]
    assert (ours.ns.median, ours.times) == (170, 3000)
    assert (ours.ratio.low, ours.ratio.median) == (1.5, 1.5)
    assert ours.ratio.high == pytest.approx(1.6)


def test_verdicts_say_what_was_reached(report: Report) -> None:
    """The same ratio of 1.5 reaches the first aim and misses the second."""
    assert [(verdict.ratio, verdict.reached) for verdict in report.sections[0].verdicts] == [
        (1.5, True),
        (1.5, False),
        (0.00017, True),
    ]


def test_tables_read_as_columns(report: Report) -> None:
    """Costs, ratios and quartiles are under their headings."""
    assert text.tables(report.sections[0]) == EXPECTED


def test_aims_are_printed_with_their_outcome(report: Report) -> None:
    """Each aim has a line: reached or not, the measured ratio, and what was aimed at."""
    assert text.verdicts(report.sections).splitlines() == [
        "== aims ==",
        "  reached           1.50  1 handler: ours at most 1.7x floor",
        "  NOT reached       1.50  1 handler: ours at least 1,000x floor",
        "  reached        0.00017  1 handler: ours at most 100 ms",
    ]


def test_group_without_aims_prints_none(report: Report) -> None:
    """A run of groups that only inform ends without a list of aims."""
    bare = msgspec.structs.replace(report.sections[0], verdicts=[])
    assert text.verdicts([bare]) == ""


def test_heading_names_machine_peers_and_rounds(report: Report) -> None:
    """The first line says where the figures come from and how many rounds they hold."""
    first = text.heading(report).splitlines()[0]
    assert first == "CPython 3.11.7, Linux x86_64, 2 CPUs; pyee 13.0.1, blinker 1.9.0; 3 rounds"


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [(0.994, "0.99"), (21.34, "21.3"), (114.6, "115"), (7021.4, "7,021")],
)
def test_numbers_are_cut_to_what_means_something(ratio: float, shown: str) -> None:
    """Small ratios show decimals, large ones show thousands."""
    samples = {"1 handler: floor": [1.0], "1 handler: ours": [ratio]}
    table = text.tables(section(GROUP, samples, TIMES))
    assert table.splitlines()[-1].split()[2:] == [shown, f"[{shown}–{shown}]"]


def test_report_comes_back_from_json(report: Report) -> None:
    """Saving and reading a report changes nothing."""
    assert Report.from_json(report.to_json()) == report


def test_machine_is_this_one() -> None:
    """The machine line gives the version of each peer asked for."""
    machine = this_machine(["pyee"])
    assert "CPUs; pyee " in machine
    assert this_machine([]).endswith("no peers needed")
