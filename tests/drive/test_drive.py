"""The story: the service, its kinds of event, and the seeded streams."""

from itertools import pairwise

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
