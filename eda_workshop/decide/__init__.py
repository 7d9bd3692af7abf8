"""The write side: who may say yes, on what it depends, and how to find out that a decider is wrong."""

from eda_workshop.decide.decider import Decider, Decision, decides, execute

__all__ = ["Decider", "Decision", "decides", "execute"]
