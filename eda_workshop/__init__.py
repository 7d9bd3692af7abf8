"""A workshop on Event Driven Architecture: the bus, the event log and the replay engine.

A part's own `__all__` says which of its names are public: they all can be imported from here.
"""

from typing import TYPE_CHECKING

from eda_workshop import bus, clock, decide, errors, event, ids, log, replay
from eda_workshop import cloudevents as cloudevents  # gives events their form on the wire
from eda_workshop.bus import *
from eda_workshop.clock import *
from eda_workshop.decide import *
from eda_workshop.errors import *
from eda_workshop.event import *
from eda_workshop.ids import *
from eda_workshop.log import *
from eda_workshop.replay import *

if not TYPE_CHECKING:  # type checkers know what a star brings
    _PUBLIC = [name for part in (bus, clock, decide, errors, event, ids, log, replay) for name in part.__all__]
    __all__ = sorted(_PUBLIC, key=lambda name: (name[0].islower(), name))


def load_ipython_extension(shell: object) -> None:
    """``%load_ext eda_workshop``: the kit's errors become one sentence, and lessons know which of their cells were run."""
    from eda_workshop.lessons.ran import watch
    from eda_workshop.widgets.plainly import show_plainly

    show_plainly(shell)
    watch(shell)
