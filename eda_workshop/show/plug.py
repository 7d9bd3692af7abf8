"""The scene of pull the plug: what is in memory, in the log and in the snapshot, before and after the restart."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.show import palette, svg
from eda_workshop.show.blocks import gauge
from eda_workshop.show.picture import Picture


@dataclass(frozen=True)
class PlugState:
    """A counter that was counted up, and a crash.

    clicks    how often somebody clicked, and was told that it counts
    memory    what the counter showed just before the crash
    log       how many clicks the log holds; None without one
    snapshot  what the newest snapshot says; None without one
    after     what the counter shows after the restart; None before the crash
    replayed  how many events the restart applied
    point     where the plug was pulled, in words; "" while it runs
    """

    clicks: int
    memory: int
    log: int | None
    snapshot: int | None
    after: int | None
    replayed: int
    point: str = ""

    @property
    def lost(self) -> int:
        """Clicks that were acknowledged, and are gone."""
        return 0 if self.after is None else max(self.clicks - self.after, 0)


def draw_plug(state: PlugState) -> Picture:
    """Bars for the four places, with their sentence."""
    most = max(10, state.memory, state.clicks)
    running = state.after is None
    bars = [
        (
            "memory",
            f"shows {state.memory}" if running else f"showed {state.memory}, gone",
            state.memory,
            palette.PUBLISHER,
        ),
        ("log", "none" if state.log is None else f"{state.log} events", state.log or 0, palette.LOG),
        ("snapshot", "none" if state.snapshot is None else f"of {state.snapshot}", state.snapshot or 0, palette.EVENT),
    ]
    body = "".join(
        gauge(32 + 52 * row, name, words, value, most, color=color)
        for row, (name, words, value, color) in enumerate(bars)
    )
    if not running:
        assert state.after is not None
        words = f"shows {state.after}, {state.replayed} replayed"
        body += svg.line(16, 192, 864, 192, stroke=palette.EDGE, stroke_dasharray="6 4")
        body += gauge(204, "after the restart", words, state.after, most, color=palette.SUBSCRIBER, missing=state.lost)
    return Picture(body, 252 if not running else 200, _sentence(state))


def _sentence(state: PlugState) -> str:
    if state.after is None:
        return f"{state.clicks} clicks counted, and the counter shows {state.memory}. Pull the plug."
    snapshot = f"a snapshot of {state.snapshot} and " if state.snapshot else ""
    back = (
        f"{snapshot}{state.replayed} replayed events"
        if state.log is not None
        else f"{snapshot or 'nothing and '}no log"
    )
    head = f"Crash {state.point}: the counter showed {state.memory}, and came back from {back} at {state.after}"
    if state.after > state.clicks:
        return f"{head} · **0 lost**: the last click had been recorded, and nobody had been told yet."
    return f"{head} · acknowledged clicks lost: **{state.lost}**."
