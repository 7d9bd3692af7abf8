"""The contract of an event log as tests: an engine's test class derives from one class, and says how to open its log.

Each test is one behavior that the bus and the replay rely on. `LogContract` is for engines whose events end with the
object, `DurableLogContract` for those that keep them.
"""

from contract.appending import LogContract
from contract.durable import DurableLogContract
from contract.setup import SettableClock

__all__ = ["DurableLogContract", "LogContract", "SettableClock"]
