"""Which ids a stream holds, and where: read once, kept up to date, so that no append has to ask the server."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from eda_workshop.log.nats.requests import Stored


class _Named(msgspec.Struct):
    id: str = ""


_decode = msgspec.json.Decoder(_Named).decode


class Ids:
    """The ids of the events up to the last one that was learned.

    A server forgets the ids that it was given after two minutes. An append is only let through at the position that
    the writer expects, so whoever knows all ids up to there knows whether one is new.
    """

    def __init__(self) -> None:
        self._positions: dict[str, int] = {}

    def position_of(self, id: str) -> int | None:
        """Where the event with this id is, None if it isn't there."""
        return self._positions.get(id)

    def learn(self, messages: Iterable[Stored]) -> None:
        """Take in the messages that follow."""
        for message in messages:
            self.add(_id_of(message.data), message.seq)

    def add(self, id: str, position: int) -> None:
        """Take in one id."""
        self._positions.setdefault(id, position)


def _id_of(body: bytes) -> str:
    try:
        return _decode(body).id
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""  # no event of ours; reading it tells
