"""Virtual time and small worlds: what happens when, computed and not waited for."""

from eda_workshop.simulate.capacity import demand, overloaded
from eda_workshop.simulate.change import tie
from eda_workshop.simulate.conditions import Cut, Load, Outage, Slow, outages
from eda_workshop.simulate.emitters import GlobalEmitter, ListEmitter
from eda_workshop.simulate.failures import Blast, availability, blast, needed
from eda_workshop.simulate.measures import Asked, Run, Worked
from eda_workshop.simulate.part import Failure, Request
from eda_workshop.simulate.responses import Job, Timings, run_jobs
from eda_workshop.simulate.run import run_system
from eda_workshop.simulate.system import (
    ASK,
    CALL,
    EVENT,
    KINDS,
    QUEUE,
    Link,
    Operation,
    Service,
    System,
    ask,
    call,
    event,
    queue,
)

__all__ = [
    "ASK",
    "CALL",
    "EVENT",
    "KINDS",
    "QUEUE",
    "Asked",
    "Blast",
    "Cut",
    "Failure",
    "GlobalEmitter",
    "Job",
    "Link",
    "ListEmitter",
    "Load",
    "Operation",
    "Outage",
    "Request",
    "Run",
    "Service",
    "Slow",
    "System",
    "Timings",
    "Worked",
    "ask",
    "availability",
    "blast",
    "call",
    "demand",
    "event",
    "needed",
    "outages",
    "overloaded",
    "queue",
    "run_jobs",
    "run_system",
    "tie",
]
