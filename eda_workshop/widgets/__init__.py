"""Instruments: labelled controls that drive the engine and show what it does."""

from eda_workshop.widgets.axes import TwoAxes
from eda_workshop.widgets.boards import TwoBoards
from eda_workshop.widgets.carried import NotificationOrState
from eda_workshop.widgets.flowtrace import FlowTrace
from eda_workshop.widgets.grid import RegistryGrid
from eda_workshop.widgets.house import LeavingTheHouse
from eda_workshop.widgets.killing import KillABox
from eda_workshop.widgets.lag import LagSlider
from eda_workshop.widgets.letter import LateLetter
from eda_workshop.widgets.library import LendingLibrary
from eda_workshop.widgets.links import LinksOrBus
from eda_workshop.widgets.order import OrderMatters
from eda_workshop.widgets.pipe import PipeAndTaps
from eda_workshop.widgets.plane import TwoTimes
from eda_workshop.widgets.player import ReplayPlayer
from eda_workshop.widgets.plug import PullThePlug
from eda_workshop.widgets.quiz import Option, Question, Quiz
from eda_workshop.widgets.railway import RailwaySwitch
from eda_workshop.widgets.records import LogBuilder
from eda_workshop.widgets.refusing import CanYouSayNo
from eda_workshop.widgets.responses import RequestOrPublish
from eda_workshop.widgets.shards import Shards
from eda_workshop.widgets.spacing import SnapshotSpacing
from eda_workshop.widgets.spam import SpamMeter
from eda_workshop.widgets.spec_table import SpecTable
from eda_workshop.widgets.tables import StreamAndTable
from eda_workshop.widgets.tape import TapeAndGauge
from eda_workshop.widgets.tiers import ThreeTiers
from eda_workshop.widgets.two_desks import TwoDesks
from eda_workshop.widgets.two_paths import TwoPaths
from eda_workshop.widgets.undo import UndoButton

__all__ = [
    "CanYouSayNo",
    "FlowTrace",
    "KillABox",
    "LagSlider",
    "LateLetter",
    "LeavingTheHouse",
    "LendingLibrary",
    "LinksOrBus",
    "LogBuilder",
    "NotificationOrState",
    "Option",
    "OrderMatters",
    "PipeAndTaps",
    "PullThePlug",
    "Question",
    "Quiz",
    "RailwaySwitch",
    "RegistryGrid",
    "ReplayPlayer",
    "RequestOrPublish",
    "Shards",
    "SnapshotSpacing",
    "SpamMeter",
    "SpecTable",
    "StreamAndTable",
    "TapeAndGauge",
    "ThreeTiers",
    "TwoAxes",
    "TwoBoards",
    "TwoDesks",
    "TwoPaths",
    "TwoTimes",
    "UndoButton",
]
