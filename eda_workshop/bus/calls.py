"""What the steps of a delivery ask for, and what they are told."""

from __future__ import annotations

from collections.abc import Callable, Generator
from types import CoroutineType
from typing import Any, NamedTuple


class Call(NamedTuple):
    """A request to the driver: call this with that, and await what it gives if it `waits`."""

    handler: Callable[[Any], Any]
    argument: Any
    waits: bool = True


class Outcome(NamedTuple):
    """How a call ended: with a result, or with an error."""

    result: Any
    error: Exception | None


Steps = Generator[Call, Outcome, Any]


def already(result: Any) -> Steps:
    """Steps that ask for nothing and end with this result."""
    return result
    yield


def is_unawaited(result: object) -> bool:
    """Whether a call gave a coroutine that nobody awaited; it is closed then."""
    if not isinstance(result, CoroutineType):
        return False
    result.close()
    return True
