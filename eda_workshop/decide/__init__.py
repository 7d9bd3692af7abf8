"""The write side: who may say yes, on what it depends, and how to find out that a decider is wrong."""

from eda_workshop.decide.decider import Decider, Decision, decides, execute
from eda_workshop.decide.specs import Spec, caught_by, kills, spec

__all__ = ["Decider", "Decision", "Spec", "caught_by", "decides", "execute", "kills", "spec"]
