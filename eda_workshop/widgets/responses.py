"""Request against publish, on a simulated clock: who waits, and where the work goes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import ipywidgets

from eda_workshop.show.picture import Picture
from eda_workshop.show.responses import ResponseState, draw_responses
from eda_workshop.simulate import run_jobs
from eda_workshop.widgets.instrument import Frame, Instrument, button, number


@dataclass(frozen=True)
class ResponseSettings:
    """Seconds of work for each job, seconds between two callers, and how many callers there are."""

    work: float = 3.0
    every: float = 2.0
    jobs: int = 6


def run(settings: ResponseSettings) -> ResponseState:
    """The same callers twice: once they wait for the worker, once they only publish."""
    facts = {"work": settings.work, "every": settings.every, "jobs": settings.jobs}
    return ResponseState(
        run_jobs(publish=False, **facts),  # type: ignore[arg-type]
        run_jobs(publish=True, **facts),  # type: ignore[arg-type]
        settings.work,
        settings.every,
    )


class RequestOrPublish(Instrument):
    """The same callers, once waiting for the worker and once going on at once.

    work     how long the worker needs for each job, 0 to 5 s
    every    how long it takes until the next caller comes, 0.5 to 5 s
    callers  how many come, 1 to 12

    >>> RequestOrPublish(callers=1).numbers["request"]
    3.1
    """

    def __init__(self, *, work: float = 3, every: float = 2, callers: int = 6) -> None:
        self.settings = ResponseSettings(work, every, callers)
        super().__init__()

    def frame(self) -> Frame:
        state = run(self.settings)
        numbers = {
            "request": state.request.mean_response,
            "publish": state.publish.mean_response,
            "deepest": state.publish.deepest,
            "end": state.publish.end,
        }
        return Frame(draw_responses(state), numbers)

    def work(self, seconds: float) -> Picture:
        """How long the worker needs for each job, 0 to 5 s."""
        return self._set_control(self._work, seconds)

    def every(self, seconds: float) -> Picture:
        """How long it takes until the next caller comes, 0.5 to 5 s."""
        return self._set_control(self._every, seconds)

    def callers(self, count: int) -> Picture:
        """How many callers come, 1 to 12."""
        return self._set_control(self._jobs, count)

    def reset(self) -> Picture:
        """Back to 6 callers, one every 2 s, 3 s of work each."""
        return self._do(self._restore)

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        work = number("Work (s)", self.settings.work, 0, 5, 0.5, lambda value: self._set(work=value))
        every = number("A caller every (s)", self.settings.every, 0.5, 5, 0.5, lambda value: self._set(every=value))
        jobs = number("Callers", self.settings.jobs, 1, 12, 1, lambda value: self._set(jobs=int(value)))
        self._work, self._every, self._jobs = work[0], every[0], jobs[0]
        return [[*work, *every], [*jobs, button("Start over", self.reset)]]

    def _restore(self) -> None:
        self._work.value, self._every.value, self._jobs.value = 3, 2, 6

    def _set(self, **changes: float) -> None:
        self._do(lambda: setattr(self, "settings", replace(self.settings, **changes)))
