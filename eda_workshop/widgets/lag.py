"""The lag slider: one write side, two read models that follow at their own pace, dropped and rebuilt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import ipywidgets

from eda_workshop.clock import ManualClock
from eda_workshop.drive import Count, Folders, stream
from eda_workshop.errors import check_number
from eda_workshop.log import open_log
from eda_workshop.replay import Model, Projection
from eda_workshop.show.lag import LagState, Reader, draw_lag
from eda_workshop.show.picture import Picture
from eda_workshop.widgets.given import check_known
from eda_workshop.widgets.instrument import Frame, Instrument, button, choice, number

MODELS: dict[str, type[Model]] = {"folders": Folders, "totals": Count}
MOST = 60
CATCH_UP = 4
"""Events that a rebuilt read model applies in a second, beside the one that is written meanwhile."""


@dataclass(frozen=True)
class LagSettings:
    """How long it ran, each read model's delay in seconds, and when which was dropped."""

    seconds: int = 12
    folders: int = 1
    totals: int = 4
    dropped: tuple[tuple[int, str], ...] = ()


def run(settings: LagSettings) -> LagState:
    """Write one event a second; each read model applies what is older than its delay, and is asked once a second.

    An answer is stale if the log, read to its end, gives another.
    """
    log, events = open_log("memory://", clock=ManualClock(tick=1)), stream(settings.seconds)
    delays = {"folders": settings.folders, "totals": settings.totals}
    readers, truth = ({name: Projection(log, model, name=name) for name, model in MODELS.items()} for _ in range(2))
    positions: dict[str, list[int]] = {name: [0] for name in MODELS}
    stale, heads, behind = dict.fromkeys(MODELS, 0), [0], set[str]()
    for second, event in enumerate(events, 1):
        log.append(event)
        heads.append(log.head)
        for name in MODELS:
            if (second - 1, name) in settings.dropped:
                readers[name] = readers[name].rebuild()
                behind.add(name)
            due = max(log.head - delays[name] - readers[name].position, 0)
            readers[name].advance(min(due, CATCH_UP) if name in behind else due)
            if readers[name].position >= log.head - delays[name]:
                behind.discard(name)
            positions[name].append(readers[name].position)
            truth[name].advance()
            stale[name] += readers[name].state != truth[name].state
    return LagState(
        tuple(heads),
        tuple(Reader(name, tuple(positions[name]), stale[name], settings.seconds, name in behind) for name in MODELS),
    )


class LagSlider(Instrument):
    """One event is written a second; two read models follow, each with a delay, and are asked once a second.

    folders  seconds by which the folder list is behind, 0 to 10
    totals   the same for the totals

    >>> LagSlider(folders=0, totals=0).numbers
    {'written': 12, 'folders': 0, 'totals': 0, 'stale': 0, 'asked': 24}
    """

    labels: ClassVar = {"reader": "Read model"}

    def __init__(self, *, folders: int = 1, totals: int = 4) -> None:
        self.settings = LagSettings(folders=folders, totals=totals)
        super().__init__()

    def frame(self) -> Frame:
        state = run(self.settings)
        stale, asked = (sum(getattr(reader, name) for reader in state.readers) for name in ("stale", "asked"))
        return Frame(draw_lag(state), {"written": state.heads[-1], **state.lag, "stale": stale, "asked": asked})

    def wait(self, seconds: int = 3) -> Picture:
        """Let so many seconds pass, at most 60 in all."""
        return self._do(lambda: self._wait(seconds))

    def delay(self, reader: str, seconds: int) -> Picture:
        """Let "folders" or "totals" be so many seconds behind, 0 to 10."""
        return self._do(lambda: self._delay(reader, seconds))

    def drop(self, reader: str) -> Picture:
        """Drop "folders" or "totals" now and rebuild it from the log while the other serves; three seconds pass."""
        return self._do(lambda: self._drop(reader))

    def reset(self) -> Picture:
        """Twelve seconds, nothing dropped."""
        return self._do(lambda: self._set(seconds=12, dropped=()))

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        def slider(reader: str) -> list[ipywidgets.Widget]:
            label, value = f"{reader.capitalize()} delay (s)", getattr(self.settings, reader)
            return number(label, value, 0, 10, 1, lambda chosen: self._do(lambda: self._set(**{reader: chosen})))

        folders, totals = slider("folders"), slider("totals")
        self._boxes = {"folders": folders[0], "totals": totals[0]}
        which = choice("Read model", list(MODELS), "totals")
        return [
            [*folders, *totals],
            [
                button("Wait 3 s", self.wait),
                which,
                button("Drop and rebuild", lambda: self.drop(which.value)),
                button("Start over", self.reset),
            ],
        ]

    def _delay(self, reader: str, seconds: int) -> None:
        check_known("reader", reader, self._boxes)
        check_number(f"{reader} delay (s)", seconds, 0, 10)
        self._boxes[reader].value = seconds

    def _wait(self, seconds: int) -> None:
        check_number("seconds", seconds, 0, MOST)
        self._set(seconds=min(self.settings.seconds + seconds, MOST))

    def _drop(self, reader: str) -> None:
        check_known("reader", reader, MODELS)
        now = self.settings.seconds
        self._set(dropped=(*self.settings.dropped, (now, reader)), seconds=min(now + 3, MOST))

    def _set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)
