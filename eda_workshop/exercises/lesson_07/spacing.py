"""Choose how far snapshots lie apart, by numbers."""

from __future__ import annotations

from typing import Any

from eda_workshop.exercises.attempt import require_table
from eda_workshop.exercises.exercise import Exercise, Wrong

EVENTS, EVERY, LIMIT = 1_000, 50, 150
CHOICES = (10, 50, 100, 250, 1_000)

_NOT_ONE_MORE = (
    "The looks cost 0, 1, 2 … events. Right on a snapshot none is applied; write down the cheapest and the dearest."
)
_SAID = {
    ("mean", 25): f"That is half of the distance, and it is a little too much. {_NOT_ONE_MORE}",
    ("mean", 25.5): f"One too many is counted for each look. {_NOT_ONE_MORE}",
    ("mean", 49): "That is the worst look back, right before a snapshot. The mean is over all of them.",
    (
        "mean",
        50,
    ): "That is the distance between two snapshots. Few looks back cost nearly that much, and some cost nothing.",
    ("mean", 499.5): "That is the mean without any snapshot: you go on from the one before, not from the first event.",
    ("mean", 500): "That is the mean without any snapshot: you go on from the one before, not from the first event.",
    ("snapshots", 19): "One is missing: the last event fills its group of 50 too, and a snapshot is taken after it.",
    ("snapshots", 21): "One too many: before the first event there is nothing to keep.",
    ("snapshots", 50): "That is how many events lie between two snapshots, not how many snapshots are kept.",
    ("snapshots", 1_000): "That is a snapshot for each event.",
    (
        "largest_k",
        10,
    ): "That keeps the promise, but it isn't the largest that does: you keep more snapshots than you need.",
    (
        "largest_k",
        50,
    ): "That keeps the promise, but it isn't the largest that does: you keep more snapshots than you need.",
    (
        "largest_k",
        250,
    ): "You looked at the mean. It keeps the limit, but the worst look back, right before a snapshot, doesn't.",
    ("largest_k", 1_000): "With the snapshot at the end only, nearly every look back begins at the first event.",
    ("largest_k", 150): "That would do, but it is not one of the distances to choose from.",
    ("largest_k", 151): "That would do, but it is not one of the distances to choose from.",
}


def look_backs(every: int) -> list[int]:
    """How many events a look at each position from 0 on applies: those since the last snapshot."""
    return [position % every for position in range(EVENTS)]


def right() -> dict[str, float]:
    """The numbers that were asked for. A test holds them against a real timeline."""
    costs = look_backs(EVERY)
    return {
        "mean": sum(costs) / EVENTS,
        "snapshots": EVENTS // EVERY,
        "largest_k": max(every for every in CHOICES if max(look_backs(every)) <= LIMIT),
    }


def check(answer: Any) -> None:
    truth = right()
    for name, number in require_table(answer, tuple(truth)).items():
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            raise Wrong(f"{name} takes a number.", got=type(number).__name__)
        if number != truth[name]:
            said = _SAID.get((name, number), f"The number behind {name} is not what a timeline comes to.")
            raise Wrong(said, got=f"{number} for {name}", look="Try it with SnapshotSpacing, and read its numbers.")


_STUB = """spacing = {
    "mean": ...,  # events applied for a look back, on average
    "snapshots": ...,  # how many are kept
    "largest_k": ...,  # 10, 50, 100, 250 or 1000
}"""


def _filled(mean: float = 24.5, snapshots: int = 20, largest_k: int = 100) -> str:
    return f'spacing = {{"mean": {mean}, "snapshots": {snapshots}, "largest_k": {largest_k}}}'


SPACING = Exercise(
    id="spacing",
    lesson=7,
    title="How far apart?",
    minutes=5,
    task=(
        "A log has 1,000 events, and after every 50th a snapshot is kept. Somebody looks once at each position from 0 to 999. How many "
        "events does such a look back apply on average, and how many snapshots are kept? And a promise: *no* look back may ever apply "
        "more than 150 events. Which is the largest of the distances 10, 50, 100, 250 and 1,000 that keeps it? Compute before you try."
    ),
    stub=_STUB,
    check=check,
    hints=(
        "Take a small case: a snapshot every 4 events. What does a look at the positions 4, 5, 6, 7 and 8 cost?",
        "The costs are 0 to k - 1 and then begin anew. What is their mean, and what the largest of them?",
        "The mean is (k - 1) / 2. For the promise only the largest counts: k - 1.",
    ),
    solutions=(
        _filled(),
        'spacing = {"mean": sum(range(50)) / 50, "snapshots": 1000 // 50, '
        '"largest_k": max(k for k in (10, 50, 100, 250, 1000) if k - 1 <= 150)}',
    ),
    wrong={
        _filled(mean=25): "That is half of the distance",
        _filled(mean=25.5): "One too many is counted",
        _filled(mean=49): "That is the worst look back",
        _filled(mean=50): "That is the distance between two snapshots",
        _filled(mean=499.5): "That is the mean without any snapshot",
        _filled(mean=12): "The number behind mean",
        _filled(snapshots=19): "One is missing",
        _filled(snapshots=21): "One too many: before the first event",
        _filled(snapshots=50): "That is how many events lie between",
        _filled(largest_k=50): "That keeps the promise, but it isn't the largest",
        _filled(largest_k=250): "You looked at the mean",
        _filled(largest_k=1000): "With the snapshot at the end only",
        'spacing = {"mean": "24.5", "snapshots": 20, "largest_k": 100}': "mean takes a number",
    },
)
