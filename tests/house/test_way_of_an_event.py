"""The way of one event through the house is short: whoever reads it opens few files."""

import re
import sys
from pathlib import Path

from eda_workshop import Bus, Model, Timeline, applies, open_log

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "eda_workshop"


def files_executed(work):
    """The files of the package whose functions run meanwhile."""
    seen = set()

    def note(frame, what, _):
        path = Path(frame.f_code.co_filename)
        if what == "call" and path.is_relative_to(PACKAGE):
            seen.add(path.relative_to(PACKAGE).as_posix())

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return seen


def test_an_event_passes_few_files_on_its_way_to_a_handler():
    """Published with name and data into a log in memory, it reaches its handler through a dozen files at most."""
    bus, got = Bus(open_log("memory://")), []
    bus.subscriber("mailer").on("user.signed_up", got.append)
    files = files_executed(lambda: bus.publish("user.signed_up", {"name": "Ada"}))
    assert [event.data for event in got] == [{"name": "Ada"}]
    assert {"bus/bus.py", "log/base.py", "log/records.py", "log/memory.py", "event.py"} <= files
    assert len(files) <= 12, sorted(files)


def test_a_state_comes_from_a_log_through_few_files():
    """From the rows of a log to a state: the log, the model, the fold, the timeline, and what they stand on."""

    class Count(Model):
        initial = 0

        @applies("user.signed_up")
        def one_more(state, event):
            return state + 1

    log = open_log("memory://")
    Bus(log).publish("user.signed_up", {"name": "Ada"})
    states = []
    files = files_executed(lambda: states.append(Timeline(log, Count).at(1)))
    assert states == [1]
    assert {"log/base.py", "log/memory.py", "replay/timeline.py", "replay/fold.py"} <= files
    assert len(files) <= 12, sorted(files)


def test_the_way_that_contributing_shows_is_there():
    """Each function that it names stands in the file that it names."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    lines = text.split("### The way of an event")[1].split("```")[1].splitlines()
    file = ""
    checked = 0
    for line in lines:
        named = re.match(r" (\w+/\w+\.py) +(.+?)  ", line + "  ")
        arrow = re.match(r" +→ (\w+)  ", line)
        if named:
            file, names = (PACKAGE / named[1]).read_text(encoding="utf-8"), named[2]
        elif arrow:
            names = arrow[1]
        else:
            continue
        for name in re.findall(r"\w+", names):
            assert re.search(rf"^\s*(async )?(def|class) {name}\b", file, re.MULTILINE), f"{name} in {line}"
            checked += 1
    assert checked > 12
