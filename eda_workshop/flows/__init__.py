"""What a flow looks like from outside: as a sequence, as circles, as an AsyncAPI document. Its steps are a `Saga`'s."""

from eda_workshop.decide import Instance, Saga, Step
from eda_workshop.flows.asyncapi import asyncapi
from eda_workshop.flows.circles import find_circles
from eda_workshop.flows.sequence import Sequence, SequenceMessage, sequence

__all__ = ["Instance", "Saga", "Sequence", "SequenceMessage", "Step", "asyncapi", "find_circles", "sequence"]
