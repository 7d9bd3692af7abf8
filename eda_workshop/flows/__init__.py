"""Business flows over the bus: who does what next, and what has to be undone when one step fails."""

from eda_workshop.flows.asyncapi import asyncapi
from eda_workshop.flows.circles import find_circles
from eda_workshop.flows.saga import Saga
from eda_workshop.flows.sequence import Sequence, SequenceMessage, sequence
from eda_workshop.flows.steps import Instance, Step

__all__ = ["Instance", "Saga", "Sequence", "SequenceMessage", "Step", "asyncapi", "find_circles", "sequence"]
