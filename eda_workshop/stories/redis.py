"""What Redis' publish/subscribe does with events: the talk's demo used it, and it is no log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eda_workshop.errors import NoServer
from eda_workshop.servers.process import HOST
from eda_workshop.servers.redis import RedisServer

SIGN_UP, PROFILE = "user.signed_up", "user.profile.updated"


@dataclass(frozen=True)
class Heard:
    """Which channels' messages four subscribers got of the same three: two of `SIGN_UP`, then one of `PROFILE`.

    early    who subscribed to the channel before
    late     who subscribed to it after the first message
    pattern  who subscribed to the pattern ``user.*``
    twice    who subscribed to the channel and to the pattern
    """

    early: tuple[str, ...]
    late: tuple[str, ...]
    pattern: tuple[str, ...]
    twice: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"Published: 2 {SIGN_UP}, 1 {PROFILE}. "
            f"The channel, early: {len(self.early)}; the channel, late: {len(self.late)}; "
            f"the pattern user.*: {len(self.pattern)}; channel and pattern: {len(self.twice)}."
        )


def listen_to_redis() -> Heard:
    """Start a redis-server, publish three messages, and tell who heard what. Raises `NoServer`."""
    try:
        from redis import Redis
    except ModuleNotFoundError:
        raise NoServer("redis-server", "Python's redis package is missing: pip install redis") from None
    with RedisServer() as server, Redis(HOST, server.port, password=server.password, decode_responses=True) as redis:
        early, pattern, twice = (_subscriber(redis, *names) for names in ((SIGN_UP,), ("user.*",), (SIGN_UP, "user.*")))
        redis.publish(SIGN_UP, "ada")
        late = _subscriber(redis, SIGN_UP)
        redis.publish(SIGN_UP, "bob")
        redis.publish(PROFILE, "ada")
        return Heard(*map(_messages, (early, late, pattern, twice)))


def _subscriber(redis: Any, *names: str) -> Any:
    """A connection that hears these channels and patterns from now on: Redis has confirmed each."""
    hearing = redis.pubsub()
    for name in names:
        (hearing.psubscribe if name.endswith("*") else hearing.subscribe)(name)
        hearing.get_message(timeout=5)
    return hearing


def _messages(hearing: Any) -> tuple[str, ...]:
    """The channels of what has come; Redis delivers before it answers whoever published."""
    found = []
    while (message := hearing.get_message(ignore_subscribe_messages=True, timeout=0.2)) is not None:
        found.append(message["channel"])
    hearing.close()
    return tuple(found)
