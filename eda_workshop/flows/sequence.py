"""One conversation as a sequence: who said or asked what, in which order, and who heard it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Sequence as Many
from dataclasses import dataclass

from eda_workshop.bus import Bus
from eda_workshop.event import Event, Recorded
from eda_workshop.names import matches

MOST_LANES, MOST_MESSAGES = 12, 24
NOBODY = "somebody"


@dataclass(frozen=True)
class SequenceMessage:
    """One message: an event, or a command that became known by what came of it.

    number    the event's position in the log; None for a command
    name      what happened, or what was asked for
    sender    who said or asked it
    hearers   who heard it and did something, or with a bus: everybody who got it
    at        seconds since the first message
    refused   whether it is a command that came to nothing
    """

    number: int | None
    name: str
    sender: str
    hearers: tuple[str, ...]
    at: float
    refused: bool = False

    @property
    def is_command(self) -> bool:
        return self.number is None


@dataclass(frozen=True)
class Sequence:
    """The participants, in the order in which they come in, and the messages between them; `left_out` were too many."""

    participants: tuple[str, ...]
    messages: tuple[SequenceMessage, ...]
    left_out: int = 0

    @property
    def unheard(self) -> int:
        """How many events nobody reacted to."""
        return sum(not (message.hearers or message.is_command) for message in self.messages)

    def mermaid(self) -> str:
        """The sequence as the text of a Mermaid diagram: solid arrows for commands, open ones for events.

        >>> from eda_workshop.flows import Sequence, SequenceMessage
        >>> print(Sequence(("web", "mailer"), (SequenceMessage(1, "user.signed_up", "web", ("mailer",), 0.0),)).mermaid())
        sequenceDiagram
            participant p1 as web
            participant p2 as mailer
            p1-)p2: 1 user.signed_up
        """
        alias = {name: f"p{number}" for number, name in enumerate(self.participants, 1)}
        lines = [f"    participant {alias[name]} as {_plain(name)}" for name in self.participants]
        for message in self.messages:
            arrow, words = ("->>", message.name) if message.is_command else ("-)", f"{message.number} {message.name}")
            sender = alias[message.sender]
            if not message.hearers:
                lines.append(f"    Note over {sender}: {words}, {'refused' if message.refused else 'heard by nobody'}")
            lines += [f"    {sender}{arrow}{alias[hearer]}: {words}" for hearer in message.hearers]
        if self.left_out:
            lines.append(f"    Note over p1: {self.left_out} more messages are left out")
        return "\n".join(["sequenceDiagram", *lines])

    def __repr__(self) -> str:
        return f"<Sequence: {len(self.messages)} messages among {len(self.participants)} participants>"


def sequence(events: Iterable[Recorded], bus: Bus | None = None, *, without: Many[str] = ()) -> Sequence:
    """The sequence of one conversation, from the events of a log.

    An event goes from its source to the source of each event that it caused; with the bus that delivered it, to every
    subscriber that got it as well. A participant is the same whether it is named ``mailer`` or ``/mailer``. What a saga
    asked for is known by the ids of its commands.

    events   of one conversation, in the order of the log
    without  names or patterns of events that are left out, such as a saga's own: ``sign_up.>``

    >>> log = open_log("memory://")
    >>> _ = log.append(Event("user.asked", id="1", source="/web"), Event("home.made", id="2", source="/homes", causation="1"))
    >>> [(message.sender, message.hearers) for message in sequence(log).messages]
    [('web', ('homes',)), ('homes', ())]
    """
    every = list(events)
    messages = list(_messages(every, bus, tuple(without)))
    shown = messages[:MOST_MESSAGES]
    names: dict[str, None] = {}
    for message in shown:
        names.update(dict.fromkeys((message.sender, *message.hearers)))
    lanes = tuple(names)[:MOST_LANES]
    kept = tuple(message for message in shown if {message.sender, *message.hearers} <= set(lanes))
    return Sequence(lanes, kept, len(messages) - len(kept))


def _messages(events: list[Recorded], bus: Bus | None, without: tuple[str, ...]) -> Iterator[SequenceMessage]:
    start = events[0].occurred if events else None
    hearers: dict[str, dict[str, None]] = {event.id: {} for event in events}
    for event in events:
        if event.causation in hearers:
            hearers[event.causation][_name(event.source)] = None
    asked: set[str] = set()
    for event in events:
        at = (event.occurred - start).total_seconds() if start else 0.0
        command = _command(event, hearers)
        if command and event.causation not in asked:
            asked.add(event.causation)
            yield SequenceMessage(None, command, _asker(event, events), (_name(event.source),), at)
        if event.name.endswith(".step_failed"):
            yield SequenceMessage(None, str(event.data["step"]), _name(event.source), (), at, refused=True)
        if any(matches(pattern, event.name) for pattern in without):
            continue
        got = {_name(name): None for name in (bus.receivers(event) or ())} if bus else {}
        heard = dict.fromkeys([*hearers[event.id], *got])
        yield SequenceMessage(event.position, event.name, _name(event.source), tuple(heard), at)


def _command(event: Event, known: dict[str, dict[str, None]]) -> str:
    """The command that caused an event, if a saga sent it: its id is ``<correlation>/<command>``."""
    head = f"{event.correlation}/"
    return (
        event.causation.removeprefix(head) if event.causation.startswith(head) and event.causation not in known else ""
    )


def _asker(event: Recorded, events: list[Recorded]) -> str:
    """Who sent the command behind an event: the saga that told of its steps last."""
    steps = [other for other in events if other.position < event.position and ".step_" in other.name]
    started = [other for other in events if other.name.endswith(".started")]
    return _name((steps or started or [event])[-1].source)


def _name(source: str) -> str:
    return source.removeprefix("/").removeprefix("saga ") or NOBODY


def _plain(text: str) -> str:
    """Text as Mermaid takes it: signs that end a statement are written by their numbers."""
    return "".join(f"#{ord(sign)};" if sign in "#;:\n\r" else sign for sign in text)
