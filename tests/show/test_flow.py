"""The flow chart: what it holds, and that it draws."""

import io

import pytest

from eda_workshop import Bus, CounterIds, ManualClock, open_log
from eda_workshop.drive import Drive, stream
from eda_workshop.show.flow import MOST_EVENTS, flow, flow_chart


def drive_bus():
    bus = Bus(open_log("memory://", clock=ManualClock(tick=1)), ids=CounterIds())
    Drive(bus)
    bus.send("user.sign_up", {"user": "ada", "email": "ada@example.org"})
    return bus


def test_the_flow_knows_publishers_names_and_receivers():
    """Each event is a step with its publisher, its name and the subscribers that got it."""
    bus = drive_bus()
    drawn = flow(bus.log, bus)
    assert drawn.publishers == ("/drive",)
    assert drawn.names == ("user.signed_up", "folder.created", "email.sent")
    assert drawn.subscribers == ("drive", "homes", "mailer")
    assert [step.receivers for step in drawn.steps] == [("drive", "homes", "mailer"), ("drive",), ()]
    assert drawn.deliveries == 4


def test_any_log_can_be_drawn_without_a_bus():
    """Without the bus the deliveries are unknown, and none is claimed."""
    log = open_log("memory://")
    log.append(*stream(20))
    drawn = flow(log)
    assert drawn.subscribers == ()
    assert len(drawn.steps) == 20
    assert drawn.steps[0].at == 0


def test_only_the_newest_events_are_drawn():
    """A long log is cut at the old end, and the sentence says how much."""
    log = open_log("memory://")
    log.append(*stream(MOST_EVENTS + 7))
    assert flow(log).left_out == 7
    assert "7 older events are not drawn." in flow_chart(log).words


def test_the_sentence_has_the_numbers():
    """What the chart shows is also said."""
    bus = drive_bus()
    said = "3 events of 3 names from 1 publisher, 4 deliveries to 3 subscribers. Unheard: 1."
    assert flow_chart(bus.log, bus).words == repr(flow_chart(bus.log, bus)) == said


def test_a_publisher_and_a_subscriber_may_share_a_name():
    """Lanes are told apart by role, not by name alone."""
    bus = Bus(open_log("memory://"))
    bus.subscriber("drive").on("user.signed_up", lambda event: None)
    bus.publish("user.signed_up", source="drive")
    axes = flow_chart(bus.log, bus).figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["drive", "user.signed_up", "drive"]
    assert len(set(axes.get_yticks())) == 3


def test_an_empty_log_gives_an_empty_chart():
    """Nothing happened yet: the chart says so and is still a picture."""
    chart = flow_chart(open_log("memory://"))
    assert chart.words.startswith("0 events of 0 names")
    assert chart.png.startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["paid_$ and due_$", "$", r"\$x$ ^_{"])
def test_any_name_is_drawn_as_text(name):
    """A dollar begins no formula, and a control character is a sign like any other."""
    bus = Bus(open_log("memory://"))
    bus.subscriber(name).on("user.signed_up", lambda event: None)
    bus.publish("user.signed_up")
    chart = flow_chart(bus.log, bus)
    assert chart.png.startswith(b"\x89PNG")
    chart.figure.savefig(io.BytesIO())
