"""Retroactive events: the past put right by events that are recorded now, and what that means outside."""

from eda_workshop.replay.retroactive.history import History
from eda_workshop.replay.retroactive.outside import External
from eda_workshop.replay.retroactive.plan import Outcome, Plan
from eda_workshop.replay.retroactive.strategies import STRATEGIES

__all__ = ["STRATEGIES", "External", "History", "Outcome", "Plan"]
