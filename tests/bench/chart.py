"""A report as a chart: each case's ratio to the first of its table."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.report import Report, Table

INK, OURS, OTHERS = "#24323f", "#c8741a", "#8796a5"


def draw(report: Report) -> Figure:
    """One panel for each table, ratios on a logarithmic scale; the reference is the line at 1."""
    tables = [table for section in report.sections for table in section.tables]
    heights = [len(table.lines) + 1.2 for table in tables]
    figure = Figure(figsize=(9, 0.3 * sum(heights) + 0.6), dpi=110, layout="constrained")
    panels = figure.subplots(len(tables), 1, squeeze=False, height_ratios=heights)[:, 0]
    for axes, table in zip(panels, tables, strict=True):
        _panel(axes, table)
    figure.supxlabel(f"times the first line of each table · {report.machine}", fontsize=7, color=INK)
    return figure


def _panel(axes: Axes, table: Table) -> None:
    rows = range(len(table.lines), 0, -1)
    ratios = [line.ratio.median for line in table.lines]
    colors = [OURS if "our " in line.label else OTHERS for line in table.lines]
    axes.barh(rows, ratios, color=colors, height=0.7)
    axes.set_xscale("log")
    axes.set_xlim(min(0.5, *ratios) * 0.9, max(2, *ratios) * 2)
    axes.xaxis.set_major_formatter("{x:,g}x")
    axes.xaxis.set_minor_formatter("")
    axes.axvline(1, color=INK, linewidth=0.8)
    axes.set_yticks(list(rows), [line.label for line in table.lines], fontsize=8)
    axes.set_title(table.title, fontsize=9, color=INK, loc="left")
    for row, ratio in zip(rows, ratios, strict=True):
        axes.annotate(
            f"{ratio:.3g}x", (max(ratio, 1), row), (6, 0), textcoords="offset points", va="center", fontsize=8
        )
