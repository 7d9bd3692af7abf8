"""A workshop on Event Driven Architecture: the bus, the event log and the replay engine."""

from eda_workshop.bus import (
    Bus,
    Command,
    DeadLetter,
    Delivery,
    Receipt,
    Subscriber,
    causes,
    competing,
    deduplicated,
    find_cycle,
    retry,
)
from eda_workshop.clock import Clock, ManualClock, WallClock
from eda_workshop.errors import (
    AsyncHandler,
    BadCloudEvent,
    BadData,
    BadEvent,
    BadHandler,
    BadLog,
    BadName,
    BadPattern,
    BadSetting,
    BadSubscriber,
    BadTime,
    ClockBackwards,
    Conflict,
    DeliveryFailed,
    DuplicateEvent,
    DuplicateHandler,
    EdaError,
    EndlessChain,
    FrozenData,
    NoHandler,
    NoLog,
    NotRegistered,
    ReadOnlyTap,
    Rejected,
)
from eda_workshop.event import Event, Recorded
from eda_workshop.ids import CounterIds, uuid7
from eda_workshop.log import EventLog, open_log

__all__ = [
    "AsyncHandler",
    "BadCloudEvent",
    "BadData",
    "BadEvent",
    "BadHandler",
    "BadLog",
    "BadName",
    "BadPattern",
    "BadSetting",
    "BadSubscriber",
    "BadTime",
    "Bus",
    "Clock",
    "ClockBackwards",
    "Command",
    "Conflict",
    "CounterIds",
    "DeadLetter",
    "Delivery",
    "DeliveryFailed",
    "DuplicateEvent",
    "DuplicateHandler",
    "EdaError",
    "EndlessChain",
    "Event",
    "EventLog",
    "FrozenData",
    "ManualClock",
    "NoHandler",
    "NoLog",
    "NotRegistered",
    "ReadOnlyTap",
    "Receipt",
    "Recorded",
    "Rejected",
    "Subscriber",
    "WallClock",
    "causes",
    "competing",
    "deduplicated",
    "find_cycle",
    "open_log",
    "retry",
    "uuid7",
]


def load_ipython_extension(shell: object) -> None:
    """``%load_ext eda_workshop``: errors of the kit become one sentence instead of a traceback."""
    from eda_workshop.widgets.plainly import show_plainly

    show_plainly(shell)
