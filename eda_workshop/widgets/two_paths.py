"""Two paths: a slow exact count and a quick one, added up; and what comes of late, doubled and forgotten things."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import ipywidgets

from eda_workshop.show.picture import Picture
from eda_workshop.show.two_paths import draw_two_paths
from eda_workshop.simulate.two_paths import HOUR, Paths, count
from eda_workshop.widgets.given import check_switch
from eda_workshop.widgets.instrument import Frame, Instrument, button, number, tick


class TwoPaths(Instrument):
    """The lambda pattern over an hour of uploads.

    >>> TwoPaths().late(0).words.split(": ")[1].split(",")[0]
    'at worst the number served is 0 off'
    """

    labels: ClassVar = {
        "late": "Told late",
        "twins": "Told twice",
        "period": "Batch every",
        "changed": "Change the rule in one program",
    }

    def __init__(self) -> None:
        self.settings = Paths()
        super().__init__()

    def frame(self) -> Frame:
        state = count(self.settings)
        numbers = {
            "worst": state.gaps[state.worst],
            "minute": state.worst,
            "after_runs": tuple(state.gaps[run] for run in state.runs),
            "end": state.gaps[HOUR],
        }
        return Frame(draw_two_paths(state), numbers)

    def period(self, minutes: int) -> Picture:
        """How often the batch runs: every 5 to 60 minutes."""
        return self._do(lambda: self._set(period=minutes))

    def late(self, share: float) -> Picture:
        """The share of uploads that are told late, 0 to 1."""
        return self._do(lambda: self._set(late=share))

    def twins(self, share: float) -> Picture:
        """The share of uploads that are told twice, 0 to 1."""
        return self._do(lambda: self._set(twins=share))

    def change_the_rule(self, on: bool = True) -> Picture:
        """Films count no more, and only the batch's program was changed."""
        return self._do(lambda: self._set(changed=check_switch("Change the rule in one program", on)))

    def reset(self) -> Picture:
        """As it was at first."""
        return self._do(lambda: setattr(self, "settings", Paths()))

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        made = self.settings
        self._period = number(
            "Batch every", made.period, 5, HOUR, 5, lambda n: self._by_hand(lambda: self.period(int(n)))
        )
        self._late = number("Told late", made.late, 0, 1, 0.1, lambda share: self._by_hand(lambda: self.late(share)))
        self._twins = number(
            "Told twice", made.twins, 0, 1, 0.1, lambda share: self._by_hand(lambda: self.twins(share))
        )
        self._changed = tick(
            "Change the rule in one program", False, lambda on: self._by_hand(lambda: self.change_the_rule(on))
        )
        return [[*self._period, *self._late], [*self._twins, self._changed, button("Start over", self.reset)]]

    def _put_controls(self) -> None:
        made = self.settings
        for box, value in ((self._period[0], made.period), (self._late[0], made.late), (self._twins[0], made.twins)):
            box.value = value
        self._changed.value = made.changed

    def _set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)
