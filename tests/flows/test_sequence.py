"""Sequences: who said what to whom, drawn from a log."""

from eda_workshop import Bus, CounterIds, Event, ManualClock, Process, ProcessManager, Rejected, Send, open_log
from eda_workshop.drive.signup import choreographed, orchestrated, request
from eda_workshop.flows import Sequence, SequenceMessage, sequence
from eda_workshop.flows.sequence import MOST_LANES, MOST_MESSAGES
from eda_workshop.show.sequence import draw_sequence


def ran(build, **settings):
    """A sign-up that is over, with its bus."""
    bus = Bus(open_log("memory://", clock=ManualClock(tick=1)), ids=CounterIds())
    build(bus, **settings)
    request(bus)
    return bus


def arrows(drawn):
    """Each message as sender, name and hearers."""
    return [(message.sender, message.name, message.hearers) for message in drawn.messages]


def test_the_log_alone_tells_who_reacted():
    """An event goes to those whose own events it caused; what nobody reacted to goes nowhere."""
    bus = ran(choreographed)
    assert arrows(sequence(bus.log)) == [
        ("web", "signup.requested", ("accounts",)),
        ("accounts", "account.opened", ("folders",)),
        ("folders", "home.made", ("billing",)),
        ("billing", "trial.begun", ("mailer",)),
        ("mailer", "mail.sent", ()),
    ]


def test_the_bus_knows_who_else_got_it():
    """A subscriber that says nothing is seen with the bus, and not without."""
    bus = Bus(open_log("memory://"))
    bus.subscriber("audit").on("user.signed_up", lambda event: None)
    bus.publish("user.signed_up", source="/web")
    assert arrows(sequence(bus.log, bus)) == [("web", "user.signed_up", ("audit",))]
    assert arrows(sequence(bus.log)) == [("web", "user.signed_up", ())]


def test_a_saga_s_commands_are_seen_by_what_came_of_them():
    """Its own events can be left out; what it asked for stands between the facts."""
    bus = ran(orchestrated)
    drawn = sequence(bus.log, bus, without=["sign_up.>"])
    assert arrows(drawn)[:4] == [
        ("web", "signup.requested", ("sign_up",)),
        ("sign_up", "account.open", ("accounts",)),
        ("accounts", "account.opened", ("sign_up",)),
        ("sign_up", "home.make", ("folders",)),
    ]
    assert [message.number for message in drawn.messages if not message.is_command] == [1, 5, 12, 19, 26]


def test_a_refused_command_is_seen_too():
    """It caused nothing, but the saga told of it."""
    bus = ran(orchestrated, refuses="billing")
    refused = [message for message in sequence(bus.log, bus, without=["sign_up.>"]).messages if message.refused]
    assert [(message.sender, message.name, message.hearers) for message in refused] == [("sign_up", "trial.begin", ())]


class Greeting(Process):
    """A guest gets a badge and a coffee; the coffee is refused."""

    hears = "guest.came"

    def key(event):
        return event.data["guest"]

    def evolve(state, event):
        return event.name

    def decide(state, event):
        if event.name == "guest.came":
            return [Event("guest.greeted", source="/greeting"), Send("badge.print"), Send("coffee.make")]
        return None


def test_a_process_s_commands_are_seen_too():
    """Its facts are its own, and what came of each command is that one's; no record of the kit is a message."""
    bus = Bus(open_log("memory://", clock=ManualClock(tick=1)), ids=CounterIds())
    bus.handle("badge.print", lambda command: bus.publish("badge.printed", source="/printer") and None)
    bus.handle("coffee.make", refuse)
    ProcessManager(bus.log, bus, Greeting)
    bus.publish("guest.came", {"guest": "ada"}, source="/door")
    assert arrows(sequence(bus.log)) == [
        ("door", "guest.came", ("greeting",)),
        ("greeting", "guest.greeted", ()),
        ("greeting", "badge.print", ("printer",)),
        ("printer", "badge.printed", ()),
        ("greeting", "coffee.make", ()),
    ]


def refuse(command):
    raise Rejected("no milk")


def test_seconds_count_from_the_first():
    """By when each occurred."""
    at = [message.at for message in sequence(ran(choreographed).log).messages]
    assert at[0] == 0
    assert at == sorted(at)
    assert at[-1] > 0


def test_mermaid_text_is_safe():
    """Names are given by aliases; signs that would end a statement are written by number."""
    drawn = Sequence(
        ("a;b", "c#d"),
        (SequenceMessage(1, "x.done", "a;b", ("c#d",), 0), SequenceMessage(2, "y.done", "c#d", (), 1)),
        3,
    )
    assert drawn.mermaid().splitlines() == [
        "sequenceDiagram",
        "    participant p1 as a#59;b",
        "    participant p2 as c#35;d",
        "    p1-)p2: 1 x.done",
        "    Note over p2: 2 y.done, heard by nobody",
        "    Note over p1: 3 more messages are left out",
    ]


def test_too_many_are_left_out_and_said():
    """At most 12 participants and 24 messages are kept, and the rest is counted."""
    log = open_log("memory://")
    log.append(*(Event("a.done", id=f"{n}", source=f"/s{n % 20}") for n in range(60)))
    drawn = sequence(log)
    assert len(drawn.participants) == MOST_LANES
    assert len(drawn.messages) <= MOST_MESSAGES
    assert len(drawn.messages) + drawn.left_out == 60
    assert draw_sequence(drawn).height <= 420
    assert f"{drawn.left_out} more are not drawn" in draw_sequence(drawn).words


def test_nothing_happened():
    """An empty log gives an empty sequence, and a picture that says so."""
    drawn = sequence(open_log("memory://"))
    assert repr(drawn) == "<Sequence: 0 messages among 0 participants>"
    assert draw_sequence(drawn).words.startswith("No message yet")


def test_an_event_without_a_source_comes_from_somebody():
    """A participant needs a name."""
    log = open_log("memory://")
    log.append(Event("a.done", id="1"))
    assert sequence(log).participants == ("somebody",)
