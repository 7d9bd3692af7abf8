"""The contract of an event log as tests: subclass one class to check an engine of your own.

In a test module::

    class TestMyLog(DurableLogContract):
        def open(self, clock, folder):
            return MyLog(folder / "my.log", clock)

and run pytest on it. Each test is one behavior that the bus and the replay rely on. `LogContract` is for engines whose
events end with the object, `DurableLogContract` for those that keep them. For messages that show both sides of a failed
comparison, put ``pytest.register_assert_rewrite("eda_workshop.testing")`` into your ``conftest.py``.
"""

from eda_workshop.testing.contract import LogContract
from eda_workshop.testing.durable import DurableLogContract
from eda_workshop.testing.setup import SettableClock

__all__ = ["DurableLogContract", "LogContract", "SettableClock"]
