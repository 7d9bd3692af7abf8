"""The bus: publish, subscribe, deliver, and keep what could not be delivered."""

from eda_workshop.bus.bus import Bus
from eda_workshop.bus.commands import Command
from eda_workshop.bus.faults import Delivery
from eda_workshop.bus.inbox import Inbox
from eda_workshop.bus.letters import DeadLetter
from eda_workshop.bus.policies import Backoff as Backoff
from eda_workshop.bus.policies import Policy as Policy
from eda_workshop.bus.policies import backoff, retry
from eda_workshop.bus.receipts import Receipt
from eda_workshop.bus.receipts import Statistics as Statistics
from eda_workshop.bus.registry import Observer as Observer
from eda_workshop.bus.registry import Row as Row
from eda_workshop.bus.subscriber import Subscriber
from eda_workshop.bus.trace import Trace as Trace
from eda_workshop.bus.trace import TraceLine as TraceLine
from eda_workshop.bus.trace import causes, find_cycle
from eda_workshop.bus.wrappers import competing, deduplicated

# What `import eda_workshop` offers. The others are what a bus gives back, for annotations.
__all__ = [
    "Bus",
    "Command",
    "DeadLetter",
    "Delivery",
    "Inbox",
    "Receipt",
    "Subscriber",
    "backoff",
    "causes",
    "competing",
    "deduplicated",
    "find_cycle",
    "retry",
]
