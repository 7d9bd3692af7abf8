"""The memory image: what crashes, what comes back, who decides, and who is told."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from accounts import Account, Accounts, Balance, a_log, added
from interrupting import REPLAY, interrupted_at
from thorough import THOROUGH

from eda_workshop import (
    BadFile,
    BadLog,
    BadSetting,
    BadSnapshot,
    Bus,
    Conflict,
    Crashed,
    DuplicateEvent,
    Event,
    EventLog,
    MemoryImage,
    Model,
    Overtaken,
    Query,
    Rejected,
    applies,
    fold,
    open_log,
)
from eda_workshop.drive import Folders, stream
from eda_workshop.replay import CRASH_POINTS


@pytest.fixture(params=["memory", "sqlite"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventLog]:
    """An empty log of either engine."""
    with open_log() if request.param == "memory" else open_log(tmp_path / "drive.db", durable=False) as log:
        yield log


def positions_of(told: list[Event]) -> list[int]:
    return [event.position for event in told]  # type: ignore[attr-defined]


def test_state_follows_what_is_recorded(log: EventLog) -> None:
    """Whole and keyed, by one call or many; the log has it all."""
    balance = MemoryImage(log, Balance)
    assert (balance.record(added(1, "ada")), balance.record(added(2, "bob"), added(4, "ada"))) == ((1,), (2, 3))
    accounts = MemoryImage(log, Accounts)
    assert (balance.state, balance.position) == (7, 3)
    assert accounts.state == {"ada": Account(5), "bob": Account(2)}
    assert (accounts.get("ada"), accounts.get("eve"), accounts.get("eve", 0)) == (Account(5), None, 0)
    assert repr(accounts) == "<MemoryImage of Accounts at 3, as recorded>"
    assert log.head == 3


def test_a_state_that_was_given_out_never_changes(log: EventLog) -> None:
    """The next event makes another."""
    image = MemoryImage(log, Accounts)
    image.record(added(1, "ada"))
    before = image.state
    image.record(added(1, "ada"), added(1, "bob"))
    assert before == {"ada": Account(1)}
    with pytest.raises(TypeError):
        hash(before)


def test_what_the_log_refuses_changes_nothing(log: EventLog) -> None:
    """Neither state nor log, and nobody is told."""
    told: list[Event] = []
    image = MemoryImage(log, Balance, publish=told.append)
    image.record(added(1, id="1"))
    with pytest.raises(Conflict):
        image.record(added(1), expected=7)
    with pytest.raises(DuplicateEvent):
        image.record(added(2), added(5, id="1"))
    assert (image.state, image.position, log.head, len(told)) == (1, 1, 1, 1)


def test_an_event_that_is_there_already_is_applied_once(log: EventLog) -> None:
    """Recording it again is harmless: it gives back its old position."""
    told: list[Event] = []
    image = MemoryImage(log, Balance, publish=told.append)
    event = added(5)
    assert (image.record(event), image.record(event, added(1)), image.record()) == ((1,), (1, 2), ())
    assert (image.state, positions_of(told)) == (6, [1, 2])


# --- crashes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("every", [None, 1, 2, 3])
@pytest.mark.parametrize("point", CRASH_POINTS)
@pytest.mark.parametrize("nth", [1, 2, 3, 4, 5])
def test_no_crash_loses_what_was_acknowledged(
    log: EventLog, tmp_path: Path, point: str, nth: int, every: int | None
) -> None:
    """At each point, at each event, with and without snapshots: log, state and those who are told agree afterwards."""
    settings: dict[str, Any] = {} if every is None else {"snapshots": tmp_path / "s", "every": every}
    told: list[Event] = []
    image = MemoryImage(log, Balance, publish=told.append, **settings)
    acknowledged: list[int] = []
    with suppress(Crashed):
        for number in range(1, 7):
            if number == nth:
                image.pull_the_plug(point)
            acknowledged += image.record(added(10**number, id=str(number)))
    has_crashed = repr(image) == f"<MemoryImage of Balance crashed {point}, as recorded>"
    assert has_crashed or (point, every) == ("after snapshot", None)
    assert log.head - len(acknowledged) == (1 if has_crashed and point != "before append" else 0)
    again = MemoryImage(log, Balance, publish=told.append, **settings)
    assert again.state == fold(log, Balance)
    assert again.position == log.head
    assert again.recovery.snapshot + again.recovery.replayed == log.head
    assert sorted(set(positions_of(told))) == list(range(1, log.head + 1))
    assert positions_of(told) == sorted(positions_of(told))
    assert again.recovery.published == (1 if point in ("after append", "after apply") else 0)
    assert again.record(added(1, id="last")) == (log.head,)


@pytest.mark.parametrize("point", CRASH_POINTS)
def test_after_a_crash_the_image_is_gone(tmp_path: Path, point: str) -> None:
    """Every use says so and what to do; a new one has it all."""
    log = a_log()
    image = MemoryImage(log, Balance, snapshots=tmp_path / "s", every=1, publish=lambda event: None)
    image.pull_the_plug(point)
    with pytest.raises(Crashed, match=f"The plug was pulled {point}"):
        image.record(added(1))
    uses = (
        lambda: image.state,
        lambda: image.get("x"),
        lambda: image.record(added(1)),
        lambda: image.execute(lambda state, command: added(1), None),
        image.snapshot,
        image.catch_up,
    )
    head = log.head
    for use in uses:
        with pytest.raises(Crashed, match="Make the image again from its log"):
            use()
    assert repr(image) == f"<MemoryImage of Balance crashed {point}, as recorded>"
    assert log.head == head
    assert MemoryImage(log, Balance).state == fold(log, Balance)


@pytest.mark.parametrize("point", ["", "during lunch", None, 3])
def test_a_crash_has_its_points(point: Any) -> None:
    """Others are refused with the list of those there are."""
    with pytest.raises(BadSetting, match="before append, after append, after apply, after publish, after snapshot"):
        MemoryImage(a_log(), Balance).pull_the_plug(point)


@pytest.mark.parametrize("every", [0, -1, 1.5, True, None])
def test_the_spacing_is_a_whole_number_from_1(every: Any) -> None:
    """Refused where the image is made."""
    with pytest.raises(BadSetting, match="every"):
        MemoryImage(a_log(), Balance, every=every)


# --- snapshots on the way ----------------------------------------------------------------------------


def test_a_snapshot_is_taken_when_so_many_events_came(tmp_path: Path) -> None:
    """Then the next start replays the rest only."""
    log = a_log()
    image = MemoryImage(log, Balance, snapshots=tmp_path / "s", every=3)
    recovered = []
    for _ in range(8):
        image.record(added(1))
        recovered.append(MemoryImage(log, Balance, snapshots=tmp_path / "s").recovery.snapshot)
    assert recovered == [0, 0, 3, 3, 3, 6, 6, 6]


def test_a_disk_that_fails_a_snapshot_loses_no_event(tmp_path: Path) -> None:
    """What was recorded is acknowledged; the error is kept, and later it is tried again."""
    log, folder = a_log(), tmp_path / "none"
    image = MemoryImage(log, Balance, snapshots=folder / "s", every=2)
    assert [image.record(added(1)) for _ in range(3)] == [(1,), (2,), (3,)]
    assert isinstance(image.snapshot_error, BadFile)
    assert (image.state, log.head, image.get("")) == (3, 3, 3)
    folder.mkdir()
    image.record(added(1))
    assert image.snapshot_error is None
    assert MemoryImage(log, Balance, snapshots=folder / "s").recovery.snapshot == 4


def test_a_state_that_can_t_be_kept_loses_no_event(tmp_path: Path) -> None:
    """The older file stays, the image goes on."""

    class Grows(Model):
        initial = 0

        @applies("a.b")
        def one(state, event):
            return state + 0.5

    log = a_log()
    image = MemoryImage(log, Grows, snapshots=tmp_path / "s", every=1)
    image.snapshot()
    older = (tmp_path / "s").read_bytes()
    assert image.record(Event("a.b")) == (1,)
    assert isinstance(image.snapshot_error, BadSnapshot)
    assert (image.state, (tmp_path / "s").read_bytes()) == (0.5, older)
    assert MemoryImage(log, Grows, snapshots=tmp_path / "s").state == 0.5


def test_a_failed_snapshot_is_not_tried_at_every_event(tmp_path: Path) -> None:
    """Only after as many more as lie between two."""
    image = MemoryImage(a_log(), Balance, snapshots=tmp_path / "none" / "s", every=3)
    errors = []
    for _ in range(7):
        image.record(added(1))
        errors.append(image.snapshot_error)
    assert errors[1] is None
    assert errors[2] is errors[3] is errors[4]
    assert errors[5] is errors[6] is not errors[4]


# --- events that the model can't take ----------------------------------------------------------------


class Picky(Balance):
    """It takes no negative amount."""

    @applies("money.added")
    def added(balance, event):
        if event.data["amount"] < 0:
            raise ValueError("negative")
        return balance + event.data["amount"]


def test_an_event_that_the_model_can_t_take_is_recorded(log: EventLog) -> None:
    """The image stays before it and says so each time; with a better model all is there, each event once."""
    told: list[Event] = []
    image = MemoryImage(log, Picky, publish=told.append)
    for _ in range(2):
        with pytest.raises(Exception, match="raises ValueError: negative"):
            image.record(added(1), added(-2), added(4))
        assert (image.state, image.position) == (1, 1)
    assert log.head == 6
    again = MemoryImage(log, Balance, publish=told.append)
    assert (again.state, positions_of(told)) == (6, [1, 2, 3, 4, 5, 6])


# --- publishing --------------------------------------------------------------------------------------


def test_everybody_is_told_after_the_state_has_it(log: EventLog) -> None:
    """Append, apply, publish: whoever hears of an event finds it in both."""
    seen: list[tuple[int, int, int]] = []
    image = MemoryImage(log, Balance, publish=lambda event: seen.append((event.position, image.state, log.head)))
    image.record(added(1), added(2))
    image.record(added(4))
    assert seen == [(1, 3, 2), (2, 3, 2), (3, 7, 3)]


def test_a_listener_that_fails_is_told_again(log: EventLog) -> None:
    """The event is recorded and applied; the next use tells from there, in order, none left out."""
    told, broken = list[int](), [True]

    def publish(event: Event) -> None:
        if broken[0] and event.position == 2:  # type: ignore[attr-defined]
            raise OSError("no line")
        told.append(event.position)  # type: ignore[attr-defined]

    image = MemoryImage(log, Balance, publish=publish)
    with pytest.raises(OSError, match="no line"):
        image.record(added(1), added(2), added(3))
    assert (image.state, log.head, told) == (6, 3, [1])
    broken[0] = False
    image.record(added(4))
    assert told == [1, 2, 3, 4]


def test_a_listener_that_fails_is_told_by_the_next_image_too(log: EventLog) -> None:
    """What it has heard before is not said again."""
    told: list[Event] = []

    def publish(event: Event) -> None:
        if len(told) == 2:
            raise OSError("no line")
        told.append(event)

    with pytest.raises(OSError):
        MemoryImage(log, Balance, publish=publish).record(added(1), added(2), added(3))
    assert MemoryImage(log, Balance, publish=lambda event: told.append(event)).recovery.published == 1
    assert positions_of(told) == [1, 2, 3]


def test_a_listener_may_record(log: EventLog) -> None:
    """Its event is told after all that were before it, and each once."""
    told: list[str] = []

    def publish(event: Event) -> None:
        told.append(f"{event.position} {event.name}")  # type: ignore[attr-defined]
        if event.name == "money.added":
            image.record(Event("email.sent"))

    image = MemoryImage(log, Balance, publish=publish)
    image.record(added(1), added(2))
    assert told == ["1 money.added", "2 money.added", "3 email.sent", "4 email.sent"]
    assert MemoryImage(log, Balance, publish=publish).recovery.published == 0


def test_images_that_publish_are_told_apart_by_name(log: EventLog) -> None:
    """Each remembers in the log how far it came; one without a name for it shares it."""
    one, two = list[Event](), list[Event]()
    MemoryImage(log, Balance, publish=one.append, name="one").record(added(1))
    image = MemoryImage(log, Balance, publish=two.append, name="two")
    assert (image.recovery.published, positions_of(two)) == (1, [1])
    assert MemoryImage(log, Balance, publish=one.append, name="one").recovery.published == 0


def test_a_durable_subscriber_hears_each_event_once(log: EventLog) -> None:
    """The image records, the bus's subscriber catches up: also after both were made anew, no gap and no double."""
    got: list[int] = []

    def a_reader() -> Any:
        reader = Bus(log).subscriber("reader", durable=True)
        reader.on("money.*", lambda event: got.append(event.position))  # type: ignore[attr-defined]
        return reader

    reader = a_reader()
    image = MemoryImage(log, Balance, publish=lambda event: reader.catch_up())
    image.record(added(1), Event("x.y"), added(2))
    assert got == [1, 3]
    MemoryImage(log, Balance).record(added(4))
    reader = a_reader()
    reader.catch_up()
    image = MemoryImage(log, Balance, publish=lambda event: reader.catch_up())
    image.record(added(8))
    assert (got, image.state) == ([1, 3, 4, 5], 15)


def test_an_image_hears_a_bus(log: EventLog) -> None:
    """What the bus publishes is in the log, and with the next look in the image."""
    bus, image = Bus(log), MemoryImage(log, Balance)
    bus.subscriber("image").on("money.added", lambda event: image.catch_up())
    bus.publish("money.added", {"amount": 3})
    bus.publish("money.added", {"amount": 4})
    assert (image.state, image.position) == (7, 2)


# --- deciding ----------------------------------------------------------------------------------------


def withdraw(balance: int, amount: int) -> Event:
    """Nobody may take more than there is."""
    if amount > balance:
        raise Rejected(f"{balance} is less than {amount}")
    return added(-amount)


def test_a_command_is_decided_by_the_state(log: EventLog) -> None:
    """It sees all that was recorded, also by others, and may give one event, many or none."""
    image = MemoryImage(log, Balance)
    log.append(added(10))
    assert image.execute(withdraw, 4) == (2,)
    assert image.execute(lambda state, many: [added(state)] * many, 1) == (3,)
    assert image.execute(lambda state, command: [added(1), added(2)], None) == (4, 5)
    assert image.execute(lambda state, command: [], None) == ()
    assert image.state == 15


def test_a_rejected_command_changes_nothing(log: EventLog) -> None:
    """Neither the log nor the state, and nobody is told."""
    told: list[Event] = []
    image = MemoryImage(log, Balance, publish=told.append)
    image.record(added(3))
    with pytest.raises(Rejected, match="3 is less than 4"):
        image.execute(withdraw, 4)
    assert (image.state, log.head, len(told)) == (3, 1, 1)
    assert image.execute(withdraw, 3) == (2,)


def test_what_others_did_in_between_is_read_and_it_decides_again(log: EventLog) -> None:
    """What was decided by an old state is not recorded; the caller hears nothing of it unless the answer is no."""
    image, interruptions = MemoryImage(log, Balance), [-5, -1]
    image.record(added(9))

    def decide(balance: int, amount: int) -> Event:
        if interruptions:
            log.append(added(interruptions.pop()))
        return withdraw(balance, amount)

    assert image.execute(decide, 2) == (4,)
    assert (image.state, image.position) == (1, 4)
    interruptions.append(-1)
    with pytest.raises(Rejected, match="0 is less than 1"):
        image.execute(decide, 1)
    assert (image.state, log.head) == (0, 5)


def test_only_what_lies_within_the_boundary_disturbs(log: EventLog) -> None:
    """A stranger's event in between is no conflict; with one try only, one that matters is."""
    image, seen = MemoryImage(log, Balance), list[int]()

    def decide(balance: int, stranger: str) -> Event:
        seen.append(balance)
        log.append(Event("user.signed_up", subject=stranger))
        return added(1)

    assert image.execute(decide, "ada", boundary=Query("money.*"), tries=1) == (2,)
    assert len(seen) == 1
    with pytest.raises(Overtaken, match="user.signed_up at 3") as info:
        image.execute(decide, "bob", boundary=Query(tags="bob"), tries=1)
    assert [event.subject for event in info.value.in_the_way] == ["bob"]
    with pytest.raises(BadSetting, match="boundary"):
        image.execute(decide, "cy", boundary="money.*")  # type: ignore[arg-type]


def test_an_image_as_corrected_decides_again_after_a_correction(log: EventLog) -> None:
    """A rejection is recorded while it decides, outside its boundary: it counts nevertheless."""
    image, rejections = MemoryImage(log, Balance, corrected=True), [Event("event.rejected", {"event": "wrong"})]
    image.record(Event("money.added", {"amount": 9}, id="wrong"), added(2))

    def decide(balance: int, amount: int) -> Event:
        if rejections:
            log.append(rejections.pop())
        return withdraw(balance, amount)

    with pytest.raises(Rejected, match="2 is less than 5"):
        image.execute(decide, 5, boundary=Query("money.*"))


def test_two_images_on_one_log_never_overdraw(log: EventLog) -> None:
    """Each sees the other's events before it decides."""
    one, two = MemoryImage(log, Balance), MemoryImage(log, Balance)
    one.record(added(10))
    for image in (two, one, two, one):
        image.execute(withdraw, 2)
    with pytest.raises(Rejected):
        two.execute(withdraw, 3)
    assert (one.catch_up(), two.catch_up(), log.head) == (2, 2, 5)


def test_a_replay_never_decides(log: EventLog) -> None:
    """Only what was decided is in the log; the decider is asked once for each command."""
    asked: list[int] = []

    def decide(balance: int, amount: int) -> Event:
        asked.append(balance)
        return added(random.randint(1, 100))

    image = MemoryImage(log, Balance)
    for number in range(5):
        image.execute(decide, number)
    assert MemoryImage(log, Balance).state == MemoryImage(log, Balance).state == image.state
    assert len(asked) == 5


def test_catching_up_is_told_to_listeners(log: EventLog) -> None:
    """What others recorded is applied and published, once."""
    told: list[Event] = []
    image = MemoryImage(log, Balance, publish=told.append)
    log.append(added(1), added(2))
    assert image.state == 0
    assert (image.catch_up(), image.catch_up(), image.position) == (3, 3, 2)
    assert positions_of(told) == [1, 2]


def test_threads_may_share_an_image(log: EventLog) -> None:
    """Each command sees a whole state, and each event is applied and published once."""
    told, given = list[Event](), list[tuple[Any, Any]]()
    image = MemoryImage(log, Accounts, publish=told.append)

    def work(name: str) -> None:
        for number in range(25):
            image.execute(lambda state, who: added(1, who), name)
            if number % 5 == 0:
                image.record(added(100, "all"))
            given.append((state := image.state, dict(state)))

    threads = [Thread(target=work, args=(f"t{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert image.state == fold(log, Accounts) == {**{f"t{n}": Account(25) for n in range(4)}, "all": Account(2_000)}
    assert positions_of(told) == list(range(1, 121))
    assert len(given) == 100
    assert all(state == copy for state, copy in given)


def test_a_closed_log_says_so(tmp_path: Path) -> None:
    """The state stays readable; writing is the log's error."""
    with open_log(tmp_path / "drive.db") as log:
        image = MemoryImage(log, Balance)
        image.record(added(3))
    assert image.state == 3
    with pytest.raises(BadLog, match="is closed"):
        image.record(added(1))


@pytest.mark.parametrize("model", [Balance, Accounts])
def test_an_interruption_at_any_moment_loses_nothing(model: type[Model]) -> None:
    """Ctrl-C while it records: position and state belong together, and the next use has and tells all of the log."""
    moment = 0
    while True:
        log, told = a_log(added(1, "ada")), list[Event]()
        image = MemoryImage(log, model, publish=told.append)
        events = [added(10, "ada"), added(100, "bob"), added(1000, "ada")]
        if not interrupted_at(moment, lambda image=image, events=events: image.record(*events), REPLAY):  # type: ignore[misc]
            break
        assert image.state == fold(log, model, upto=image.position), moment
        image.record(added(10_000, "eve"))
        assert (image.position, image.state) == (log.head, fold(log, model)), moment
        assert list(dict.fromkeys(positions_of(told))) == list(range(1, log.head + 1)), moment
        moment += 1
    assert moment > 20


# --- real crashes ------------------------------------------------------------------------------------

WRITER = """
import os, sys
from eda_workshop import Event, MemoryImage, open_log
from eda_workshop.drive import Folders
folder, start = sys.argv[1], int(sys.argv[2])
told = os.open(folder + "/told", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
with open_log(folder + "/drive.db") as log:
    image = MemoryImage(log, Folders, snapshots=folder + "/snapshot", every=4,
                        publish=lambda event: os.write(told, f"{event.position}\\n".encode()))
    number = start
    while True:
        number += 1
        data = {"user": "ada", "path": f"/{number}", "folder": f"f{number % 7}"}
        event = Event("folder.created", data, subject=f"folder/f{number % 7}", id=f"e{number}")
        position, = image.record(event)
        os.write(1, f"{position} {event.id}\\n".encode())
"""


def killed(folder: Path, start: int, moment: float) -> dict[str, int]:
    """What a writer was told is there, before it was killed so long after the first answer."""
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(folder), str(start)], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    first = writer.stdout.readline()
    time.sleep(moment)
    writer.send_signal(signal.SIGKILL)
    rest = writer.communicate(timeout=60)[0]
    lines = [line.split() for line in (first + rest).decode().splitlines(keepends=True) if line.endswith("\n")]
    return {id: int(position) for position, id in lines}


def test_a_killed_process_loses_nothing(tmp_path: Path) -> None:
    """kill -9 at any moment, again and again: all that was answered is there, the state is the fold of the log, and
    everything was published, in order, twice only where the process died in between."""
    chance, acknowledged = random.Random(11), dict[str, int]()
    kills = 40 if THOROUGH else 5
    for kill in range(kills):
        acknowledged |= killed(tmp_path, kill * 1_000_000, chance.uniform(0, 0.1))
        with open_log(tmp_path / "drive.db") as log:
            assert acknowledged.items() <= {event.id: event.position for event in log}.items()
            image = MemoryImage(log, Folders, snapshots=tmp_path / "snapshot", every=4)
            assert image.state == fold(log, Folders)
            assert image.recovery.discarded == ""
            assert log.head - image.recovery.snapshot <= 4
            head = log.head
        told = [int(line) for line in (tmp_path / "told").read_text().split("\n") if line]
        first = list(dict.fromkeys(told))
        assert first == list(range(1, len(first) + 1))
        assert head - len(first) in (0, 1)
        assert len(told) - len(first) <= kill + 1
    with open_log(tmp_path / "drive.db") as log:
        later: list[Event] = []
        MemoryImage(log, Folders, publish=later.append)
        assert [event.position for event in later] in ([], [log.head])  # type: ignore[attr-defined]
        assert log.verify() is None


def test_an_image_of_the_story_is_its_fold(log: EventLog, tmp_path: Path) -> None:
    """Recorded one by one, with snapshots on the way, and recovered at any point."""
    image = MemoryImage(log, Folders, snapshots=tmp_path / "s", every=9)
    for number, event in enumerate(stream(60), 1):
        image.record(event)
        if number % 7 == 0:
            image = MemoryImage(log, Folders, snapshots=tmp_path / "s", every=9)
            assert image.recovery.snapshot + image.recovery.replayed == number
        assert image.state == fold(log, Folders)


def test_snapshots_stay_where_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their path is bound when the image is made: a program that goes to another folder writes them where they were."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    with open_log("drive.db") as log:
        image = MemoryImage(log, Balance, snapshots="image.snapshot", every=1)
        monkeypatch.chdir("elsewhere")
        image.record(added(1, "ada"))
        assert list(Path().iterdir()) == []
        assert (tmp_path / "image.snapshot").exists()


@pytest.mark.parametrize("wrong", ["a\0.snapshot", "", 3])
def test_what_names_no_snapshot_is_refused(wrong: Any) -> None:
    """When the image is made, not when the first snapshot is due."""
    with pytest.raises(BadFile, match="has no name|has a character that no file's name can have"):
        MemoryImage(open_log("memory://"), Balance, snapshots=wrong)
