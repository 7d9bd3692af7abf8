"""Instruments: labelled controls that drive the engine and show what it does."""

from eda_workshop.widgets.grid import RegistryGrid
from eda_workshop.widgets.pipe import PipeAndTaps
from eda_workshop.widgets.quiz import Option, Question, Quiz
from eda_workshop.widgets.responses import RequestOrPublish

__all__ = ["Option", "PipeAndTaps", "Question", "Quiz", "RegistryGrid", "RequestOrPublish"]
