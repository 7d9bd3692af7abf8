"""What the log has recorded of gateways: what went out, what waits, what was answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from eda_workshop.event import Event
from eda_workshop.log import EventLog
from eda_workshop.replay.messages import ANSWERED, BUFFERED, RETRACTED, SENT, Message, note
from eda_workshop.values import FrozenDict

Key = tuple[str, str, int]
"""A message: its gateway, the id of the event that caused it, and which of these it was, from 0."""

Question = tuple[str, str, str, int]
"""The same for a question, with its text, and how often it had been asked."""


class Recording:
    """Notes of gateways in a log, and what they come to. Every look takes in what is new.

    answers  the answer to each question
    sent     what went out by each message; None once it was retracted
    buffer   when each message that waits is due, and what it says
    """

    def __init__(self, log: EventLog) -> None:
        self.log = log
        self._upto = 0
        self._answers: dict[Question, Any] = {}
        self._sent: dict[Key, FrozenDict | None] = {}
        self._buffer: dict[Key, tuple[str, FrozenDict]] = {}
        self._used: Counter[tuple[str, str]] = Counter()

    @property
    def answers(self) -> dict[Question, Any]:
        self._catch_up()
        return self._answers

    @property
    def sent(self) -> dict[Key, FrozenDict | None]:
        self._catch_up()
        return self._sent

    @property
    def buffer(self) -> dict[Key, tuple[str, FrozenDict]]:
        self._catch_up()
        return self._buffer

    def next_key(self, gateway: str, cause: str) -> Key:
        """A message that there has not been yet."""
        self._catch_up()
        return gateway, cause, self._used[gateway, cause]

    def out(self, causes: Collection[str]) -> Iterator[tuple[Key, Message]]:
        """What went out because of these events, and was not retracted."""
        for key, content in self.sent.items():
            if key[1] in causes and content is not None:
                yield key, Message(key[0], content, key[1])

    def waiting(self, causes: Collection[str] | None = None) -> Iterator[tuple[Key, Message]]:
        """What waits because of these events, or of any."""
        for key, (_, content) in self.buffer.items():
            if causes is None or key[1] in causes:
                yield key, Message(key[0], content, key[1])

    def note(self, name: str, key: Key, data: dict[str, Any], event: Event | datetime) -> None:
        """Record something about a message or a question.

        event  the event that it belongs to, or the time of the record itself
        """
        gateway, cause, nth = key
        self.log.append(note(name, cause, {"gateway": gateway, "nth": nth, **data}, event))

    def _catch_up(self) -> None:
        head = self.log.head
        if head == self._upto:
            return
        for event in self.log.read(self._upto, head, names="gateway.*"):
            data, cause = event.data, event.causation
            if event.name == ANSWERED:
                self._answers[data["gateway"], cause, data["question"], data["nth"]] = data["answer"]
                continue
            key = data["gateway"], cause, data["nth"]
            self._used[key[:2]] = max(self._used[key[:2]], key[2] + 1)
            if event.name == BUFFERED:
                self._buffer[key] = data["due"], data["content"]
                continue
            self._buffer.pop(key, None)
            if event.name in (SENT, RETRACTED):
                self._sent[key] = data["content"] if event.name == SENT else None
        self._upto = head
