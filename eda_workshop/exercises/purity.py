"""Whether a learner's reducer looks at anything but the state and the event."""

from __future__ import annotations

from eda_workshop.clock import ManualClock
from eda_workshop.exercises.exercise import Wrong
from eda_workshop.log import open_log
from eda_workshop.replay import Model, check_determinism


def require_pure(model: type[Model]) -> None:
    """Raise `Wrong` if the code of the model's reducers refers to a clock, to chance or to the outside."""
    for impurity in check_determinism(model, open_log("memory://", clock=ManualClock())):
        doing, _, what = impurity.problem.partition(": ")
        raise Wrong(
            f"The reducer {doing}, and each replay would do it again.",
            got=what.rstrip("."),
            look="What happened, and when, is in the event.",
        )
