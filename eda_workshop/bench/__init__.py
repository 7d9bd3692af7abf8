"""The bench: this bus beside its peers, measured in one run on one machine.

A group is a module of this folder that holds one `Group`: cases that do the same work in different
ways, and the aims that their ratios have to reach. `catalog.GROUPS` lists them: a new group is a
new module, named there.
"""

from eda_workshop.bench.command import main

__all__ = ["main"]
