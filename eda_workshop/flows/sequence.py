"""One conversation as a sequence: who said or asked what, in which order, and who heard it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Sequence as Many
from dataclasses import dataclass
from typing import NamedTuple

from eda_workshop.bus import Bus
from eda_workshop.event import Recorded
from eda_workshop.log.own import COMMAND_ACCEPTED, COMMAND_REFUSED, STEPS
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
    subscriber that got it as well. A participant is the same whether it is named ``mailer`` or ``/mailer``. What a process
    or a saga asked for is known by its own records, which are not among the messages.

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
    asked_for = _asked_for(events)
    hearers: dict[str, dict[str, None]] = {event.id: {} for event in events}
    for event in events:
        if event.causation in hearers and event.position not in asked_for:
            hearers[event.causation][_name(event.source)] = None
    asked: set[str] = set()
    for event in events:
        at = (event.occurred - start).total_seconds() if start else 0.0
        command = asked_for.get(event.position)
        if command and command.id not in asked:
            asked.add(command.id)
            yield SequenceMessage(None, command.name, command.asker, (_name(event.source),), at)
        if event.name == COMMAND_REFUSED:
            yield SequenceMessage(None, str(event.data["command"]), _name(event.source), (), at, refused=True)
        if event.name in STEPS or any(matches(pattern, event.name) for pattern in without):
            continue
        got = {_name(name): None for name in (bus.receivers(event) or ())} if bus else {}
        heard = dict.fromkeys([*hearers[event.id], *got])
        yield SequenceMessage(event.position, event.name, _name(event.source), tuple(heard), at)


class _Command(NamedTuple):
    """A command that a process sent."""

    id: str
    name: str
    asker: str


def _asked_for(events: list[Recorded]) -> dict[int, _Command]:
    """By position, the command behind each event that a process's command led to.

    A command is sent right after the step that decided it, or the answer to the one before, and its answer is recorded
    right after it was carried out; what others record in between came of it.
    """
    found: dict[int, _Command] = {}
    since: list[Recorded] = []
    facts = 0
    for event in events:
        if event.name == COMMAND_ACCEPTED:
            command = _Command(event.data["id"], event.data["command"], _name(event.source))
            found.update({each.position: command for each in since})
        if event.name in STEPS:
            since, facts = [], event.data.get("facts", 0)
        elif facts:
            facts -= 1
        else:
            since.append(event)
    return found


def _name(source: str) -> str:
    return source.removeprefix("/").removeprefix("saga ") or NOBODY


def _plain(text: str) -> str:
    """Text as Mermaid takes it: signs that end a statement are written by their numbers."""
    return "".join(f"#{ord(sign)};" if sign in "#;:\n\r" else sign for sign in text)
