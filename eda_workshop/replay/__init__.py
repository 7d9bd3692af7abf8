"""The replay engine: state as a fold over a log, at any position and at any time."""

from eda_workshop.replay.determinism import Impurity, check_determinism
from eda_workshop.replay.folding import Cost
from eda_workshop.replay.gateways import Gateways
from eda_workshop.replay.image import CRASH_POINTS, MemoryImage, Recovery
from eda_workshop.replay.messages import Message, outbound_diff
from eda_workshop.replay.model import KeyedModel, Model, applies, reverses
from eda_workshop.replay.projections import Projection
from eda_workshop.replay.snapshots import Snapshot
from eda_workshop.replay.states import States
from eda_workshop.replay.timeline import Timeline, fold

__all__ = [
    "CRASH_POINTS",
    "Cost",
    "Gateways",
    "Impurity",
    "KeyedModel",
    "MemoryImage",
    "Message",
    "Model",
    "Projection",
    "Recovery",
    "Snapshot",
    "States",
    "Timeline",
    "applies",
    "check_determinism",
    "fold",
    "outbound_diff",
    "reverses",
]
