"""The write side: who may say yes, on what it depends, how to find out that a decider is wrong, and what follows from events."""

from eda_workshop.decide.decider import Decider, Decision, decides, execute
from eda_workshop.decide.manager import ProcessInstance, ProcessManager
from eda_workshop.decide.process import After, Process, Send
from eda_workshop.decide.saga import Saga
from eda_workshop.decide.specs import Spec, caught_by, kills, spec
from eda_workshop.decide.steps import Instance, Step

__all__ = [
    "After",
    "Decider",
    "Decision",
    "Instance",
    "Process",
    "ProcessInstance",
    "ProcessManager",
    "Saga",
    "Send",
    "Spec",
    "Step",
    "caught_by",
    "decides",
    "execute",
    "kills",
    "spec",
]
