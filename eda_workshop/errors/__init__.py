"""Every error of the kit: it carries its facts as attributes and words itself from them."""

from eda_workshop.errors.bus import (
    AsyncHandler,
    BadHandler,
    BadSubscriber,
    DeliveryFailed,
    DuplicateHandler,
    EndlessChain,
    NoHandler,
    NoLog,
    NotRegistered,
    ReadOnlyTap,
    Rejected,
)
from eda_workshop.errors.event import (
    BadCloudEvent,
    BadData,
    BadEvent,
    BadName,
    BadPattern,
    BadTime,
    ClockBackwards,
    FrozenData,
)
from eda_workshop.errors.log import BadLog, Conflict, DuplicateEvent
from eda_workshop.errors.root import BadSetting, EdaError, check_number, cut, shorten

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
    "ClockBackwards",
    "Conflict",
    "DeliveryFailed",
    "DuplicateEvent",
    "DuplicateHandler",
    "EdaError",
    "EndlessChain",
    "FrozenData",
    "NoHandler",
    "NoLog",
    "NotRegistered",
    "ReadOnlyTap",
    "Rejected",
    "check_number",
    "cut",
    "shorten",
]

for _name in __all__:
    if isinstance(globals()[_name], type):
        # A traceback names the place to import from, not the file where the class happens to stand.
        globals()[_name].__module__ = __name__
