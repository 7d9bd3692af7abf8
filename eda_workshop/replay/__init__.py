"""The replay engine: state as a fold over a log, at any position, at any time, and in any branch."""

from eda_workshop.replay.branches import Branch, Divergence
from eda_workshop.replay.conditions import Impossible
from eda_workshop.replay.determinism import Findings, Impurity, check_determinism
from eda_workshop.replay.difference import Difference, Missing, diff
from eda_workshop.replay.fold import Cost, fold
from eda_workshop.replay.gateways import Gateways, Message, Rehearsal, outbound_diff
from eda_workshop.replay.image import CRASH_POINTS as CRASH_POINTS
from eda_workshop.replay.image import MemoryImage, Recovery
from eda_workshop.replay.model import KeyedModel, Model, applies, possible, reverses
from eda_workshop.replay.projections import Projection
from eda_workshop.replay.retroactive import STRATEGIES as STRATEGIES
from eda_workshop.replay.retroactive import External, History, NoState, Outcome, Plan
from eda_workshop.replay.snapshots import KeyedState
from eda_workshop.replay.snapshots import Snapshot as Snapshot
from eda_workshop.replay.temporal import Change, Period, TemporalProperty, Unknown
from eda_workshop.replay.timeline import Timeline

__all__ = [
    "Branch",
    "Change",
    "Cost",
    "Difference",
    "Divergence",
    "External",
    "Findings",
    "Gateways",
    "History",
    "Impossible",
    "Impurity",
    "KeyedModel",
    "KeyedState",
    "MemoryImage",
    "Message",
    "Missing",
    "Model",
    "NoState",
    "Outcome",
    "Period",
    "Plan",
    "Projection",
    "Recovery",
    "Rehearsal",
    "TemporalProperty",
    "Timeline",
    "Unknown",
    "applies",
    "check_determinism",
    "diff",
    "fold",
    "outbound_diff",
    "possible",
    "reverses",
]
