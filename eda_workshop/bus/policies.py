"""What a subscriber wants done about a failure: try again, now or later, then raise, park or stop."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from eda_workshop.clock import Clock
from eda_workshop.errors import BadSetting, BadSubscriber, check_number

Verdict = Literal["raise", "park", "stop"]
DAY = 86_400.0


class Backoff(NamedTuple):
    """How long to wait after each failure; made by `backoff`."""

    base: float
    factor: float
    cap: float
    jitter: float
    seed: int

    def seconds(self, attempt: int, key: str = "") -> float:
        """Seconds to wait after this attempt, counted from 1; what differs by chance is drawn for each key."""
        wait = float(min(self.cap, self.base))
        for _ in range(attempt - 1):
            if wait in (0, self.cap) or self.factor == 1:
                break
            wait = min(self.cap, wait * self.factor)
        return wait * (1 - self.jitter * random.Random(f"{self.seed}/{key}/{attempt}").random())

    def __str__(self) -> str:
        jitter = f", jitter={self.jitter:g}, seed={self.seed}" if self.jitter else ""
        return f"backoff({self.base:g}, {self.factor:g}, {self.cap:g}{jitter})"


def backoff(base: float = 1, factor: float = 2, cap: float = 60, jitter: float = 0, seed: int = 0) -> Backoff:
    """Waits that grow, for ``retry(5, wait=backoff(1))``: so many seconds of the bus's clock after each failure.

    base    seconds after the first failure
    factor  by which each wait is longer than the one before; 1 leaves them all alike
    cap     seconds that no wait exceeds
    jitter  the part of each wait, from 0 to 1, that chance may take off, so that not all come back at once
    seed    the same seed gives the same waits

    >>> waits = backoff(1, factor=2, cap=10)
    >>> [waits.seconds(attempt) for attempt in range(1, 6)]
    [1.0, 2.0, 4.0, 8.0, 10.0]
    """
    return Backoff(
        check_number("base", base, 0, DAY, whole=False),
        check_number("factor", factor, 1, DAY, whole=False),
        check_number("cap", cap, 0, DAY * 365, whole=False),
        check_number("jitter", jitter, 0, 1, whole=False),
        check_number("seed", seed, 0),
    )


class Policy(NamedTuple):
    """How often a subscriber tries again, what happens when that did not help, and how long it waits in between.

    wait  None: it tries again at once
    """

    retries: int
    then: Verdict
    wait: Backoff | None = None

    @property
    def at_once(self) -> int:
        """How often it tries again before the call that failed goes on."""
        return 0 if self.wait else self.retries

    def due(self, clock: Clock, attempts: int, key: str) -> datetime | None:
        """When to try again after so many attempts, the last of them now; None: not by itself."""
        if self.wait is None or attempts > self.retries:
            return None
        return clock.now() + timedelta(seconds=self.wait.seconds(attempts, key))

    def __str__(self) -> str:
        if not self.retries:
            return self.then
        wait = f", wait={self.wait}" if self.wait else ""
        return f"retry({self.retries}, then={self.then!r}{wait})"


def retry(times: int, then: Verdict = "park", wait: Backoff | float | None = None) -> Policy:
    """Try a failed handler again up to `times` times, then raise, park or stop.

    wait  None: at once, while `publish` waits. A `backoff`, or seconds of the bus's clock: `publish` doesn't wait for
          it; the letter falls due, and is delivered by the next `publish` or `catch_up`, by `settle`, or by `listen`

    >>> print(retry(2))
    retry(2, then='park')
    >>> print(retry(5, wait=backoff(1)))
    retry(5, then='park', wait=backoff(1, 2, 60))
    """
    times = check_number("times", times, 0)
    if wait is None or isinstance(wait, Backoff):
        return Policy(times, then, wait)
    wait = check_number("wait", wait, 0, DAY * 365, whole=False)
    return Policy(times, then, Backoff(wait, 1, wait, 0, 0))


def as_policy(subscriber: str, given: str | Policy) -> Policy:
    """The policy that was meant. Raises `BadSubscriber` for one that doesn't exist."""
    policy = given if isinstance(given, Policy) else Policy(0, given)  # type: ignore[arg-type]
    if policy.then not in ("raise", "park", "stop"):
        remedy = "Choose 'raise', 'park', 'stop' or retry(3)."
        raise BadSubscriber(subscriber, f"can't have the policy {str(given)!r}", remedy)
    check_number("retries", policy.retries, 0)
    if policy.wait is not None and not isinstance(policy.wait, Backoff):
        raise BadSetting("wait", policy.wait, "a backoff: retry(5, wait=backoff(1))")
    return policy
