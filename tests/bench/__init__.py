"""The bench: the engine next to its peers, measured in one run on one machine.

`python3 workshop.py bench` runs it. A group is a module that holds one or more `Group`s: cases that do the
same work in different ways, and the aims that their ratios have to reach. `command.GROUPS` lists them.
"""
