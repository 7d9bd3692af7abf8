"""The replay engine: state as a fold over a log, at any position and at any time."""

from eda_workshop.replay.fold import Cost
from eda_workshop.replay.model import KeyedModel, Model, applies, reverses
from eda_workshop.replay.timeline import Timeline, replay

__all__ = ["Cost", "KeyedModel", "Model", "Timeline", "applies", "replay", "reverses"]
