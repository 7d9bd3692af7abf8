"""Projections: behind the log by their lag, moved by hand or by themselves, stopped by an error alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from accounts import Account, Accounts, Balance, a_log, a_story, added
from interrupting import REPLAY, interrupted_at

from eda_workshop import (
    BadModel,
    BadPosition,
    BadSetting,
    Bus,
    Event,
    EventLog,
    Model,
    Projection,
    ReducerFailed,
    StillBehind,
    UpcasterFailed,
    Upcasters,
    applies,
    fold,
    open_log,
)
from eda_workshop.drive import Count, Folders


class Picky(Balance):
    """It takes no negative amount, as long as it is told so."""

    refusing = True

    @applies("money.added")
    def added(balance, event):
        if event.data["amount"] < 0 and Picky.refusing:
            raise ValueError("negative")
        return balance + event.data["amount"]


@pytest.fixture(params=["memory", "sqlite"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventLog]:
    """An empty log of either engine."""
    with open_log() if request.param == "memory" else open_log(tmp_path / "drive.db", durable=False) as log:
        yield log


@pytest.fixture
def running(log: EventLog) -> Iterator[Projection]:
    """A projection that follows by itself, stopped after the test."""
    projection = Projection(log, Picky, name="balance")
    projection.start()
    yield projection
    projection.stop()


def test_a_projection_is_behind_by_its_lag(log: EventLog) -> None:
    """It moves as far as it is told, at most to the head, and others are not moved with it."""
    log.append(*map(added, (1, 10, 100, 1000)))
    one, other = Projection(log, Balance), Projection(log, Balance, name="other")
    moves = [one.advance(1), one.advance(0), one.advance(2), one.lag, one.advance(9), one.lag, one.advance()]
    assert moves == [1, 0, 2, 1, 1, 0, 0]
    assert (one.state, one.position, other.state, other.lag) == (1111, 4, 0, 4)
    log.append(added(1))
    assert (one.lag, other.lag, other.advance(), other.state) == (1, 5, 5, 1112)
    assert repr(one) == "<Projection Balance at 4 of 5, as recorded>"
    assert other.name == "other"


@pytest.mark.parametrize("limit", [-1, 1.5, True, "1"])
def test_a_limit_is_a_whole_number(limit: Any) -> None:
    """Nothing moves for anything else."""
    projection = Projection(a_log(added(1)), Balance)
    with pytest.raises(BadSetting, match="limit"):
        projection.advance(limit)
    assert projection.position == 0


def test_its_states_never_change() -> None:
    """One that was given out stays; a key alone can be asked for."""
    projection = Projection(a_log(added(1, "ada"), added(2, "ada")), Accounts)
    projection.advance(1)
    before = projection.state
    projection.advance()
    assert (before, projection.state) == ({"ada": Account(1)}, {"ada": Account(3)})
    assert (projection.get("ada"), projection.get("bob"), projection.get("bob", 7)) == (Account(3), None, 7)


def test_an_error_stops_only_that_projection(log: EventLog) -> None:
    """At the event before; it says why, and tries again when it is told to."""
    log.append(*map(added, (1, -2, 4)))
    picky, good = Projection(log, Picky), Projection(log, Balance)
    for _ in range(2):
        with pytest.raises(ReducerFailed, match="at position 2 raises ValueError: negative"):
            picky.advance()
        assert isinstance(picky.error, ReducerFailed)
        assert (picky.position, picky.state, picky.lag) == (1, 1, 2)
    assert repr(picky) == "<Projection Picky at 1 of 3, as recorded, stopped by an error>"
    assert (good.advance(), good.state, good.error) == (3, 3, None)


def test_a_mended_projection_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error is forgotten with the first event that works."""
    picky = Projection(a_log(*map(added, (1, -2, 4))), Picky)
    with pytest.raises(ReducerFailed):
        picky.advance()
    monkeypatch.setattr(Picky, "refusing", False)
    assert (picky.advance(), picky.state, picky.error) == (2, 3, None)


def test_a_rebuilt_one_is_made_beside_the_old() -> None:
    """From position 0, of the same or a better model; the old one serves meanwhile."""
    log = a_story(100)
    old = Projection(log, Count, name="board")
    old.advance()
    before = old.state
    new, same = old.rebuild(Folders), old.rebuild()
    new.advance(50)
    assert (old.state, old.position) == (before, 100)
    assert (new.position, new.name, new.model) == (50, "board", Folders)
    new.advance()
    same.advance()
    assert (new.state, same.state, same.model) == (fold(log, Folders), before, Count)
    with pytest.raises(BadModel):
        old.rebuild(int)  # type: ignore[arg-type]


@pytest.mark.parametrize("model", [Balance, Accounts])
def test_an_interruption_at_any_moment_doubles_nothing(model: type[Model]) -> None:
    """Ctrl-C while it advances: position and state belong together, and then it goes on."""
    log, moment = a_log(added(1, "ada"), added(10, "bob"), added(100, "ada")), 0
    while True:
        projection = Projection(log, model)
        projection.advance(1)
        if not interrupted_at(moment, projection.advance, REPLAY):
            break
        assert projection.state == fold(log, model, upto=projection.position), moment
        projection.advance()
        assert (projection.position, projection.state) == (3, fold(log, model)), moment
        moment += 1
    assert moment > 10


# --- waiting -----------------------------------------------------------------------------------------


def test_you_read_your_own_write(running: Projection) -> None:
    """Wait for the position that the append gave, and it is there, each time."""
    total = 0
    for amount in range(1, 41):
        position = running.log.append(added(amount))[-1]
        total += amount
        assert running.wait(position) == total
    assert (running.wait(0), running.lag) == (total, 0)


def test_what_is_there_needs_no_waiting() -> None:
    """Also when nothing moves it."""
    projection = Projection(a_log(added(3)), Balance)
    projection.advance()
    assert projection.wait(1, timeout=0) == 3


def test_waiting_for_one_that_nothing_moves() -> None:
    """It is told at once, with what to do."""
    projection = Projection(a_log(added(3)), Balance)
    started = time.monotonic()
    with pytest.raises(StillBehind, match=r"nothing moves it. Start it, call advance\(\), or wait longer") as info:
        projection.wait(1, timeout=60)
    error = info.value
    assert (error.name, error.position, error.wanted, error.problem) == ("Balance", 0, 1, "nothing moves it")
    assert time.monotonic() - started < 5


def test_waiting_ends_when_the_time_is_up(log: EventLog) -> None:
    """With the time in the sentence; nothing is lost, it comes later."""
    busy = [True]

    class Slow(Balance):
        @applies("money.added")
        def added(balance, event):
            while busy[0]:
                time.sleep(0.001)
            return balance + event.data["amount"]

    projection = Projection(log, Slow)
    Thread(target=lambda: (time.sleep(0.1), busy.clear(), busy.append(False)), daemon=True).start()
    projection.start()
    log.append(added(3))
    with pytest.raises(StillBehind, match="0 s were not enough"):
        projection.wait(1, timeout=0)
    assert projection.wait(1) == 3
    projection.stop()


def test_waiting_for_one_that_an_error_stopped(running: Projection) -> None:
    """The error is told, also to those who were waiting when it came."""
    running.log.append(added(1), added(-2), added(4))
    for _ in range(2):
        with pytest.raises(StillBehind, match="it was stopped: The reducer of Picky for money.added") as info:
            running.wait(3, timeout=60)
        assert (info.value.position, info.value.wanted) == (1, 3)
        assert "\n" not in str(info.value)
    assert running.wait(1) == 1
    assert isinstance(running.error, ReducerFailed)


def test_an_event_that_can_t_be_read_stops_it_too(tmp_path: Path) -> None:
    """An upcaster that fails is told as a reducer that fails is."""
    upcasters = Upcasters()
    upcasters.step("money.added", 1)(lambda data: 1 / 0)  # type: ignore[arg-type,return-value]
    projection = Projection(open_log(upcasters=upcasters), Balance)
    projection.start()
    projection.log.append(added(1))
    with pytest.raises(StillBehind, match="it was stopped: The upcaster of money.added"):
        projection.wait(1, timeout=60)
    assert isinstance(projection.error, UpcasterFailed)
    projection.stop()


@pytest.mark.parametrize("position", [-1, 2, True, "1", 1.0])
def test_only_a_position_of_the_log_can_be_waited_for(position: Any) -> None:
    """Beyond the head would be for ever."""
    with pytest.raises(BadPosition):
        Projection(a_log(added(1)), Balance).wait(position)


@pytest.mark.parametrize("timeout", [-1, "1", None, True])
def test_a_timeout_is_a_number_from_0(timeout: Any) -> None:
    """Anything else is refused before it waits."""
    with pytest.raises(BadSetting, match="timeout"):
        Projection(a_log(added(1)), Balance).wait(1, timeout=timeout)


# --- by itself ---------------------------------------------------------------------------------------


def test_starting_and_stopping_twice_is_allowed(log: EventLog) -> None:
    """Each event is applied once; stopped it stands still, and started again it goes on where it was."""
    projection = Projection(log, Balance)
    projection.stop()
    projection.start()
    projection.start()
    assert projection.wait(log.append(added(1))[0]) == 1
    projection.stop()
    projection.stop()
    log.append(added(10))
    assert (projection.state, projection.lag) == (1, 1)
    with pytest.raises(StillBehind, match="nothing moves it"):
        projection.wait(2)
    projection.start()
    assert projection.wait(log.append(added(100))[0]) == 111
    projection.stop()
    assert projection.position == 3


def test_stopping_wakes_those_who_wait() -> None:
    """Nobody waits for what stands still."""
    gate, said, upcasters = threading.Event(), list[str](), Upcasters()

    def held(data: Any) -> Any:
        gate.wait(30)
        return data

    upcasters.step("money.added", 1)(held)
    projection = Projection(open_log(upcasters=upcasters), Balance)
    projection.log.append(added(1), added(2))
    projection.start()

    def wait() -> None:
        with pytest.raises(StillBehind) as info:
            projection.wait(2, timeout=60)
        said.append(info.value.problem)

    waiter, stopper = Thread(target=wait), Thread(target=projection.stop)
    waiter.start()
    stopper.start()
    while not projection._follower._closed:  # type: ignore[union-attr]
        time.sleep(0.001)
    gate.set()
    for thread in (stopper, waiter):
        thread.join(30)
    assert said == ["nothing moves it"]
    assert projection.position < 2


def test_moving_it_by_hand_while_it_follows_doubles_nothing(log: EventLog) -> None:
    """Whoever is first applies an event, and the other passes it."""
    projection = Projection(log, Balance)
    projection.start()
    for _ in range(100):
        log.append(added(1))
        projection.advance()
    position = log.append(added(1))[0]
    assert projection.wait(position) == 101
    projection.stop()
    assert (projection.state, projection.position) == (101, 101)


def test_many_write_and_many_wait(log: EventLog) -> None:
    """Each thread finds its own write, whatever the others do."""
    projection, found = Projection(log, Accounts), list[bool]()
    projection.start()

    def work(name: str) -> None:
        for number in range(1, 16):
            position = log.append(added(1, name))[0]
            found.append(projection.wait(position, timeout=30)[name] == Account(number))

    threads = [Thread(target=work, args=(f"t{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    projection.stop()
    assert found == [True] * 60
    assert projection.state == fold(log, Accounts)


def test_it_hears_other_processes(tmp_path: Path) -> None:
    """Another log object on the same file is another writer."""
    with open_log(tmp_path / "drive.db") as mine, open_log(tmp_path / "drive.db") as theirs:
        projection = Projection(mine, Balance)
        projection.start()
        position = theirs.append(added(3))[0]
        while mine.head < position:
            time.sleep(0.001)
        assert projection.wait(position) == 3
        projection.stop()


def test_a_closed_log_ends_it() -> None:
    """The thread is over; its state can be read."""
    projection = Projection(a_log(added(1)), Balance)
    projection.start()
    projection.wait(1)
    projection.log.close()
    projection.stop()
    assert (projection.state, projection.error) == (1, None)


def test_beside_a_durable_subscriber(log: EventLog) -> None:
    """Both read the one log at their own pace and see the same events, once each, also after a restart."""
    got: list[int] = []

    def a_bus() -> Bus:
        bus = Bus(log)
        bus.subscriber("mailer", durable=True).on("money.*", lambda event: got.append(event.position))  # type: ignore[attr-defined]
        return bus

    bus, projection = a_bus(), Projection(log, Balance)
    bus.publish("money.added", {"amount": 1})
    projection.advance()
    log.append(added(2), Event("x.y"))
    bus = a_bus()
    bus.publish("money.added", {"amount": 4})
    assert got == [1, 2, 4]
    assert (projection.lag, projection.advance(), projection.state) == (3, 3, 7)
    bus.subscribers["mailer"].catch_up()
    assert got == [1, 2, 4]
