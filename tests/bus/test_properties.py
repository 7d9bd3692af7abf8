"""Properties of the bus against models that are too simple to be wrong."""

from __future__ import annotations

from collections import deque
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from eda_workshop import Bus, CounterIds, DuplicateHandler, Event, NotRegistered, open_log
from eda_workshop.names import matches, overlap

NAMES = ["a.a", "a.b", "b.a", "b.b", "a.b.a"]
PATTERNS = [*NAMES, "a.*", "*.a", "*.*", "a.>", ">", "b.>"]

# For each name and subscriber, what its handler publishes: more names, deeper in the list so that it ends.
scripts = st.dictionaries(
    st.tuples(st.sampled_from(NAMES), st.sampled_from("xyz")),
    st.lists(st.sampled_from(NAMES), max_size=2),
    max_size=8,
)


def naive(script: dict[tuple[str, str], list[str]], first: list[str], hops: int) -> list[tuple[str, str, int, int]]:
    """What happens, by the book: one queue, first in first out; each event to its subscribers in order."""
    done, number = [], 0
    for name in first:
        number += 1
        queue = deque([(name, number, 0, 1)])
        while queue:
            name, mine, cause, depth = queue.popleft()
            for (wanted, subscriber), more in script.items():
                if wanted != name:
                    continue
                done.append((subscriber, name, mine, cause))
                for effect in more if depth < hops else []:
                    number += 1
                    queue.append((effect, number, mine, depth + 1))
    return done


@given(scripts, st.lists(st.sampled_from(NAMES), max_size=3), st.sampled_from(["none", "log", "positions"]))
def test_nested_publishing_is_breadth_first(
    script: dict[tuple[str, str], list[str]], first: list[str], mode: str
) -> None:
    """Events are delivered first in first out, each to everybody before the next, causes as they were."""
    bus = Bus(None if mode == "none" else open_log(), ids=CounterIds("e"))
    done: list[tuple[str, str, int, int]] = []
    depths: dict[str, int] = {}

    def handle(event: Event, subscriber: str, more: list[str]) -> None:
        cause = event.causation
        depth = depths[event.id] = depths.get(cause, 0) + 1
        done.append((subscriber, event.name, int(event.id[2:]), int(cause[2:] or 0) if cause else 0))
        for name in more if depth < 3 else []:
            bus.publish(name)

    for subscriber in dict.fromkeys(who for _, who in script):
        bus.subscriber(subscriber, after=0 if mode == "positions" else None)
    for (name, subscriber), more in script.items():
        bus.subscribers[subscriber].on(name, lambda event, s=subscriber, m=more: handle(event, s, m))
    for name in first:
        bus.publish(name)
    assert done == naive(script, first, hops=3)


@given(st.lists(st.sampled_from(["publish", "stop", "resume", "fail", "heal"]), max_size=30))
def test_each_link_is_first_in_first_out_through_stops(steps: list[str]) -> None:
    """Whatever stops and failures come between, a subscriber that stops handles every event once and in order."""
    for log in (None, open_log()):
        bus = Bus(log)
        failing, got = [False], list[int]()

        def handle(event: Event, failing: list[bool] = failing, got: list[int] = got) -> None:
            if failing[0]:
                raise ValueError
            got.append(event.data["n"])

        reader = bus.subscriber("reader", on_error="stop", after=None if log is None else 0)
        reader.on("a.b", handle)
        sent = 0
        for step in steps:
            if step == "publish":
                sent += 1
                bus.publish("a.b", {"n": sent})
            elif step == "resume":
                reader.resume()
            else:
                failing[0] = step == "fail"
        failing[0] = False
        reader.resume()
        assert got == list(range(1, sent + 1))


class RegistryMachine(RuleBasedStateMachine):
    """Random registering, beside a plain dict of what should be there."""

    def __init__(self) -> None:
        super().__init__()
        self.bus = Bus()
        self.model: dict[tuple[str, str], int] = {}
        self.count = 0
        self.got: list[tuple[str, int]] = []

    def subscriber(self, who: str) -> Any:
        return self.bus.subscribers.get(who) or self.bus.subscriber(who)

    def handler(self, who: str) -> Any:
        self.count += 1
        return lambda event, number=self.count: self.got.append((who, number))

    def clashes(self, who: str, pattern: str) -> set[str]:
        return {known for owner, known in self.model if owner == who and overlap(known, pattern)}

    @rule(who=st.sampled_from("xyz"), pattern=st.sampled_from(PATTERNS), replace=st.booleans())
    def on(self, who: str, pattern: str, replace: bool) -> None:
        """Adds where nothing overlaps, swaps where it may, and else refuses naming an old one."""
        handler, clashes = self.handler(who), self.clashes(who, pattern)
        try:
            self.subscriber(who).on(pattern, handler, replace=replace)
        except DuplicateHandler as error:
            assert error.existing_name in clashes  # noqa: PT017
            assert not (replace and pattern in clashes)
        else:
            assert not clashes or (replace and clashes == {pattern})
            self.model[who, pattern] = self.count

    @rule(who=st.sampled_from("xyz"), pattern=st.sampled_from(PATTERNS))
    def off(self, who: str, pattern: str) -> None:
        """Takes off what is there, and else refuses naming all that is."""
        try:
            self.subscriber(who).off(pattern)
        except NotRegistered as error:
            assert (who, pattern) not in self.model
            assert set(error.known) == {known for owner, known in self.model if owner == who}  # noqa: PT017
        else:
            del self.model[who, pattern]

    @rule(who=st.sampled_from("xyz"))
    def close(self, who: str) -> None:
        """Takes off all of one subscriber."""
        self.subscriber(who).close()
        self.model = {key: number for key, number in self.model.items() if key[0] != who}

    @rule(name=st.sampled_from(NAMES), ready=st.booleans())
    def publish(self, name: str, ready: bool) -> None:
        """Calls exactly the handlers that the model has, each subscriber's at most once."""
        self.got.clear()
        receipt = self.bus.publish(Event(name) if ready else name)
        expected = sorted((who, number) for (who, known), number in self.model.items() if matches(known, name))
        assert sorted(self.got) == expected
        assert sorted(receipt.delivered_to) == [who for who, _ in expected]
        assert len({who for who, _ in self.got}) == len(self.got)

    @invariant()
    def rows_are_the_model(self) -> None:
        """The registry shows what is there, whatever was refused."""
        assert [(row.subscriber, row.name) for row in self.bus.registry()] == sorted(self.model)


TestRegistry = RegistryMachine.TestCase
