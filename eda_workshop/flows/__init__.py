"""Business flows over the bus: who does what next, and what has to be undone when one step fails."""

from eda_workshop.flows.saga import Saga
from eda_workshop.flows.steps import Instance, Step

__all__ = ["Instance", "Saga", "Step"]
