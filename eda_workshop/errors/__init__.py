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
from eda_workshop.errors.log import (
    BadFile,
    BadLog,
    BadRecord,
    BadUpcaster,
    Conflict,
    DuplicateEvent,
    MissingUpcaster,
    UpcasterFailed,
)
from eda_workshop.errors.replay import (
    BadGateway,
    BadModel,
    BadPosition,
    BadSnapshot,
    Crashed,
    MissingAnswer,
    NotReversible,
    ReducerFailed,
    StillBehind,
    UnknownEvent,
)
from eda_workshop.errors.root import BadSetting, EdaError, check_number, cut, shorten

__all__ = [
    "AsyncHandler",
    "BadCloudEvent",
    "BadData",
    "BadEvent",
    "BadFile",
    "BadGateway",
    "BadHandler",
    "BadLog",
    "BadModel",
    "BadName",
    "BadPattern",
    "BadPosition",
    "BadRecord",
    "BadSetting",
    "BadSnapshot",
    "BadSubscriber",
    "BadTime",
    "BadUpcaster",
    "ClockBackwards",
    "Conflict",
    "Crashed",
    "DeliveryFailed",
    "DuplicateEvent",
    "DuplicateHandler",
    "EdaError",
    "EndlessChain",
    "FrozenData",
    "MissingAnswer",
    "MissingUpcaster",
    "NoHandler",
    "NoLog",
    "NotRegistered",
    "NotReversible",
    "ReadOnlyTap",
    "ReducerFailed",
    "Rejected",
    "StillBehind",
    "UnknownEvent",
    "UpcasterFailed",
    "check_number",
    "cut",
    "shorten",
]

for _name in __all__:
    if isinstance(globals()[_name], type):
        # A traceback names the place to import from, not the file where the class happens to stand.
        globals()[_name].__module__ = __name__
