"""docs/scaling.md: its arithmetic is run, and what it says comes of it."""

import contextlib
import io
import math
import random
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
PAIRS = re.findall(r"```python\n(.*?)```\n(?:\n```text\n(.*?)```)?", PAGE, re.DOTALL)


def names() -> dict[str, object]:
    """What the page's first block defines."""
    found: dict[str, object] = {}
    exec(compile(PAIRS[0][0], "scaling.md", "exec"), found)
    return found


def printed() -> list[str]:
    """What each block of code prints, one after the other."""
    names: dict[str, object] = {}
    said = []
    for code, _ in PAIRS:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, "scaling.md", "exec"), names)
        said.append(out.getvalue())
    return said


def test_its_arithmetic_comes_to_what_it_says():
    """Each block of code is followed by what it prints."""
    assert len(PAIRS) == PAGE.count("```python") == 6
    assert printed() == [text for _, text in PAIRS]


def test_partitions_keep_their_share_of_rest():
    """So many that none is busier than asked for; with one less, it would be."""
    partitions = names()["partitions"]
    for rate, each, busy in ((1_000_000, 30_000, 0.6), (100, 30_000, 0.6), (90_000, 30_000, 1)):
        count = partitions(rate, each, busy)
        assert rate / count <= each * busy
        assert count == 1 or rate / (count - 1) > each * busy


def test_waiting_is_what_a_queue_does():
    """A queue with random arrivals and even work, event by event, comes to the formula."""
    waiting = names()["waiting"]
    chance, clock, free, waited = random.Random(3), 0.0, 0.0, 0.0
    for _ in range(200_000):
        clock += chance.expovariate(700)
        waited += max(0.0, free - clock)
        free = max(free, clock) + 0.001
    assert waited / 200_000 == pytest.approx(waiting(700, 1_000), rel=0.05)
    assert waiting(1_200, 1_000) == math.inf


def test_the_hottest_key():
    """By Zipf the first of three has 6 of 11."""
    assert names()["hottest"](3) == pytest.approx(6 / 11)


def test_a_batch_keeps_up():
    """With the number that is named the writer keeps up, with one less it doesn't."""
    count = names()["smallest_batch"](10_000, 0.003, 0.00003)
    assert count / (0.003 + count * 0.00003) >= 10_000 > (count - 1) / (0.003 + (count - 1) * 0.00003)
