"""The bus: publish, subscribe, deliver, and keep what could not be delivered."""

from eda_workshop.bus.bus import Bus, Observer, Row
from eda_workshop.bus.commands import Command
from eda_workshop.bus.faults import Delivery
from eda_workshop.bus.receipts import DeadLetter, Policy, Receipt, Statistics, retry
from eda_workshop.bus.subscriber import Subscriber
from eda_workshop.bus.trace import Trace, TraceLine, causes, find_cycle
from eda_workshop.bus.wrappers import competing, deduplicated

__all__ = [
    "Bus",
    "Command",
    "DeadLetter",
    "Delivery",
    "Observer",
    "Policy",
    "Receipt",
    "Row",
    "Statistics",
    "Subscriber",
    "Trace",
    "TraceLine",
    "causes",
    "competing",
    "deduplicated",
    "find_cycle",
    "retry",
]
