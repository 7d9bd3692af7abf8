"""The story: the service, its kinds of event, and the seeded streams."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop import Bus, Event, ManualClock, Rejected, open_log
from eda_workshop.drive import KINDS, Drive, stream


@pytest.fixture
def drive():
    service = Drive(Bus(open_log("memory://", clock=ManualClock())))
    for user in ("ada", "grace"):
        service.bus.send("user.sign_up", {"user": user, "email": f"{user}@example.org"})
    return service


def names(service):
    return [event.name for event in service.bus.log]


def test_signing_up_makes_a_home_and_sends_a_welcome(drive):
    """One command leads to three events, in a fixed order, and one mail."""
    assert names(drive)[:3] == ["user.signed_up", "folder.created", "email.sent"]
    assert drive.folders["home-ada"] == "/ada"
    assert drive.outbox[0] == ("ada@example.org", "welcome")


def test_a_moved_folder_keeps_its_identity(drive):
    """The path changes, the folder and its subject stay."""
    drive.bus.send("folder.create", {"user": "ada", "path": "/ada/photos"})
    drive.bus.send("folder.move", {"folder": "f3", "path": "/ada/summer"})
    assert drive.folders["f3"] == "/ada/summer"
    assert {event.subject for event in drive.bus.log.read(names="folder.*", after=6)} == {"folder/f3"}


def test_sharing_writes_to_the_friend(drive):
    """The mailer uses the address it kept from the friend's sign-up."""
    drive.bus.send("folder.share", {"folder": "home-ada", "with": "grace"})
    assert drive.outbox[-1] == ("grace@example.org", "folder home-ada is shared with you")


@pytest.mark.parametrize(
    ("command", "data", "reason"),
    [
        ("user.sign_up", {"user": "ada", "email": "x"}, "already"),
        ("folder.create", {"user": "alan", "path": "/x"}, "nobody"),
        ("folder.create", {"user": "ada", "path": "/ada"}, "exists"),
        ("folder.move", {"folder": "f9", "path": "/x"}, "no folder"),
        ("folder.move", {"folder": "home-ada", "path": "/grace"}, "exists"),
        ("folder.share", {"folder": "f9", "with": "grace"}, "no folder"),
        ("folder.share", {"folder": "home-ada", "with": "alan"}, "nobody"),
    ],
)
def test_a_rejected_command_publishes_nothing(drive, command, data, reason):
    """A command may be refused, with a reason; then nothing has happened."""
    before = names(drive)
    with pytest.raises(Rejected, match=reason):
        drive.bus.send(command, data)
    assert names(drive) == before


def test_the_state_can_be_told_from_the_events_alone(drive):
    """Replaying the log into a second service gives the same users and folders."""
    drive.bus.send("folder.create", {"user": "ada", "path": "/ada/photos"})
    drive.bus.send("folder.move", {"folder": "f3", "path": "/ada/summer"})
    twin = Drive(Bus())
    twin.bus.subscribers["homes"].close()
    twin.bus.subscribers["mailer"].close()
    for event in drive.bus.log:
        twin.bus.publish(event.event)
    assert (twin.users, twin.folders) == (drive.users, drive.folders)


def test_each_kind_forms_its_subject_from_its_fields():
    """The example values of a kind's fields are enough to name its subject."""
    subjects = {
        kind.name: kind.subject({field.name: field.example for field in kind.fields}) for kind in KINDS.values()
    }
    assert subjects == {
        "user.signed_up": "user/ada",
        "folder.created": "folder/f1",
        "folder.moved": "folder/f1",
        "folder.shared": "folder/f1",
        "email.sent": "user/ada",
    }


@given(seed=st.integers(0, 10_000), count=st.integers(0, 120))
def test_a_stream_makes_sense(seed, count):
    """Nobody acts before signing up, no folder before it is created, causes come first, and time never goes back."""
    users, folders, ids = set(), set(), set()
    events = stream(count, seed=seed)
    assert len(events) == count
    assert all(one.occurred <= two.occurred for one, two in pairwise(events))
    for event in events:
        assert event.causation == "" or event.causation in ids
        assert set(event.data) == {field.name for field in KINDS[event.name].fields}
        assert event.subject == KINDS[event.name].subject(event.data)
        if event.name == "user.signed_up":
            users.add(event.data["user"])
        elif event.name == "folder.created":
            assert event.data["user"] in users
            folders.add(event.data["folder"])
        elif event.name.startswith("folder."):
            assert event.data["folder"] in folders
        assert event.data.get("with", "ada") in users
        ids.add(event.id)


def test_the_same_seed_tells_the_same_story():
    """A stream depends on its seed alone, and a longer one begins like a shorter one."""
    assert stream(40, seed=3) == stream(60, seed=3)[:40]
    assert stream(40, seed=3) != stream(40, seed=4)


def test_the_story_fits_the_log():
    """Every event of a stream can be recorded, by a clock that stands later than all of them."""
    log = open_log("memory://", clock=ManualClock("2026-04-01T00:00:00Z"))
    assert log.append(*stream(100)) == tuple(range(1, 101))
    assert isinstance(next(iter(log)), Event)


# --- two programs on one log ----------------------------------------------------------------------


def two_drives(tmp_path):
    """Two programs on one file: each with its own log, bus and service."""
    path = tmp_path / "drive.db"
    return tuple(Drive(Bus(open_log(path, clock=ManualClock()))) for _ in range(2))


def test_nobody_signs_up_twice_whichever_program_decides(tmp_path):
    """The second program hasn't heard of ada, and nevertheless says no; one mail goes out."""
    here, there = two_drives(tmp_path)
    ada = {"user": "ada", "email": "ada@example.org"}
    here.bus.send("user.sign_up", ada)
    assert there.users == set()
    with pytest.raises(Rejected, match="ada has signed up already"):
        there.bus.send("user.sign_up", ada)
    assert [(drive.outbox, names(drive).count("user.signed_up")) for drive in (here, there)] == [
        ([("ada@example.org", "welcome")], 1),
        ([], 1),
    ]


def test_a_program_that_starts_later_knows_what_was(tmp_path):
    """After a restart it knows users, paths, numbers and addresses, and sends no letter again."""
    before, _ = two_drives(tmp_path)
    for user in ("ada", "grace"):
        before.bus.send("user.sign_up", {"user": user, "email": f"{user}@example.org"})
    after = Drive(Bus(open_log(tmp_path / "drive.db")))
    assert (after.users, after.folders, after.outbox) == ({"ada", "grace"}, before.folders, [])
    with pytest.raises(Rejected, match="/ada exists already"):
        after.bus.send("folder.create", {"user": "ada", "path": "/ada"})
    after.bus.send("folder.create", {"user": "ada", "path": "/ada/photos"})
    after.bus.send("folder.share", {"folder": "f3", "with": "grace"})
    assert after.outbox == [("grace@example.org", "folder f3 is shared with you")]


def test_a_friend_of_the_other_program_gets_the_letter(tmp_path):
    """Grace signed up in the other program a moment ago; the address is in the log."""
    here, there = two_drives(tmp_path)
    here.bus.send("user.sign_up", {"user": "ada", "email": "ada@example.org"})
    there.bus.send("user.sign_up", {"user": "grace", "email": "grace@example.org"})
    here.bus.send("folder.share", {"folder": "home-ada", "with": "grace"})
    assert here.outbox[-1] == ("grace@example.org", "folder home-ada is shared with you")


def test_programs_that_create_at_once_give_no_number_twice(tmp_path):
    """Eight threads, each with a program of its own on one file: every folder has a number and a path of its own."""
    first, _ = two_drives(tmp_path)
    first.bus.send("user.sign_up", {"user": "ada", "email": "ada@example.org"})
    gate = Barrier(8)

    def create(number):
        drive = Drive(Bus(open_log(tmp_path / "drive.db")))
        gate.wait()
        try:
            drive.bus.send("folder.create", {"user": "ada", "path": f"/ada/{number % 4}"})
        except Rejected:
            return "no"
        return "yes"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(create, range(8)))
    made = [event.data for event in first.bus.log.read(names="folder.created")]
    assert sorted(answers) == ["no"] * 4 + ["yes"] * 4
    assert len({each["folder"] for each in made}) == len({each["path"] for each in made}) == len(made) == 5


def test_a_drive_without_a_log_decides_by_what_it_has_heard():
    """The same rules, and the same answers."""
    drive = Drive(Bus())
    drive.bus.send("user.sign_up", {"user": "ada", "email": "ada@example.org"})
    with pytest.raises(Rejected, match="already"):
        drive.bus.send("user.sign_up", {"user": "ada", "email": "x"})
    drive.bus.send("folder.share", {"folder": "home-ada", "with": "ada"})
    assert drive.outbox[-1] == ("ada@example.org", "folder home-ada is shared with you")
