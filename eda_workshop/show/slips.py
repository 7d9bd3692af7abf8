"""What payroll runs paid, beside what they should have paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from eda_workshop.replay import TemporalProperty
from eda_workshop.show import palette
from eda_workshop.show.chart import INK
from eda_workshop.stories.payroll import MONTHS, Payslip, due, owed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_THICK = 0.36
_ROWS = 4
"""The fewest rows that the bars leave room for, so that they don't grow thick."""


def money(amount: float) -> str:
    """An amount for people: a comma from five digits on."""
    return f"{amount:,g}" if abs(amount) >= 10_000 else f"{amount:g}"


def short(moment: datetime) -> str:
    """A day in few letters."""
    return f"{moment.day} {MONTHS[moment.month - 1][:3]}"


def settled(salary: TemporalProperty, slips: Sequence[Payslip], known: datetime) -> str:
    """In a sentence, what was paid by a day and what was due, as that day knew it."""
    if not slips:
        return "No payroll had run by then."
    paid, should = sum(slip.paid for slip in slips), sum(due(salary, [slip.run for slip in slips], known))
    return f"By then {money(paid)} was paid and {money(should)} was due: {balance(should - paid)}."


def balance(missing: int) -> str:
    """What is still to be paid, in words; below 0 it was too much."""
    if not missing:
        return "nothing owed"
    return f"{money(missing)} owed" if missing > 0 else f"{money(-missing)} too much"


def draw_slips(axes: Axes, salary: TemporalProperty, slips: Sequence[Payslip], known: datetime) -> None:
    """Two bars a run, from zero: what it paid, and what is due for it as known on a day; the sum stands above."""
    paid, should = [slip.paid for slip in slips], due(salary, [slip.run for slip in slips], known)
    rows = max(len(slips), _ROWS)
    axes.set(ylim=(rows - 0.5, -0.9), xlim=(min(0, *paid, 0), max(1, *paid, *should, 1)))
    for row, slip in enumerate(slips):
        at = (row - _THICK / 2 - 0.02, row + _THICK / 2 + 0.02)
        axes.barh(at[0], paid[row], _THICK, color=palette.PUBLISHER)
        axes.barh(at[1], should[row], _THICK, facecolor="white", edgecolor=palette.SUBSCRIBER, hatch="////")
        for place, amount in zip(at, (paid[row], should[row]), strict=True):
            _beside(axes, max(amount, 0), place, money(amount), "left", 5)
        _beside(axes, axes.get_xlim()[0], row, short(slip.run), "right", -6)
    axes.axvline(0, color=INK, linewidth=0.8)
    missing = owed(salary, slips, known)
    title = balance(missing) if slips else "no payroll yet"
    _above(axes, 30, f"As known on {short(known)}:", 9, "normal")
    _above(axes, 15, title, 12, "bold")
    _below(axes)


def _beside(axes: Axes, x: float, y: float, words: str, side: str, gap: float) -> None:
    style: dict[str, Any] = {"ha": side, "va": "center", "fontsize": 8.5, "color": INK}
    axes.annotate(words, (x, y), xytext=(gap, 0), textcoords="offset points", annotation_clip=False, **style)


def _above(axes: Axes, gap: float, words: str, size: float, weight: str) -> None:
    place: dict[str, Any] = {"xy": (0, 1), "xycoords": "axes fraction", "textcoords": "offset points"}
    axes.annotate(words, xytext=(-36, gap - 12), fontsize=size, weight=weight, color=INK, **place)


def _below(axes: Axes) -> None:
    """What the two kinds of bars are, in place of a legend's box."""
    place: dict[str, Any] = {
        "xy": (0, 0),
        "xycoords": "axes fraction",
        "textcoords": "offset points",
        "annotation_clip": False,
    }
    for left, words, look in (
        (-36, "paid", {"facecolor": palette.PUBLISHER, "edgecolor": palette.PUBLISHER}),
        (22, "due", {"facecolor": "white", "edgecolor": palette.SUBSCRIBER, "hatch": "////"}),
    ):
        box: dict[str, Any] = {"boxstyle": "square,pad=0.35", **look}
        axes.annotate("    ", xytext=(left, -20), fontsize=6, bbox=box, **place)
        axes.annotate(words, xytext=(left + 16, -21), fontsize=9, color=INK, **place)
