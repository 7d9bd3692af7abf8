"""The faulty service of `find_the_bug` really has the faults that the exercise asks for."""

import pytest

from eda_workshop.exercises.lesson_05.demo import DEMO, line_of, numbered
from eda_workshop.exercises.lesson_05.find_the_bug import RIGHT


class Broker:
    """A broker like many: patterns, no memory, and each matching subscription gets its own copy."""

    def __init__(self) -> None:
        self.subscriptions: list[tuple[str, object]] = []
        self.is_up = True

    def subscribe(self, pattern: str, handler: object) -> None:
        self.subscriptions.append((pattern, handler))

    def publish(self, name: str, data: dict[str, str]) -> None:
        if not self.is_up:
            raise ConnectionError("no broker")
        for pattern, handler in self.subscriptions:
            if pattern in (name, name.split(".", maxsplit=1)[0] + ".*"):
                handler(name, data)


@pytest.fixture
def world():
    """The service and its worker, each with a disk of its own, on one broker."""
    names = {}
    exec(compile(DEMO, "demo", "exec"), names)
    broker, disks = Broker(), ([], [])
    return names["FolderService"](disks[0], broker), names["Worker"](disks[1], broker), broker, disks


def test_a_and_b_a_broker_that_is_down_goes_unnoticed(world):
    """The folder is made, nobody hears of it, and the caller learns nothing."""
    service, worker, broker, (disk, _) = world
    broker.is_up = False
    service.create("/ada")
    assert disk == ["/ada"]
    assert worker.count == 0


def test_c_and_d_the_message_is_an_order(world):
    """Its name is imperative, and it carries the method for the receiver."""
    service, _, broker, _ = world
    got = []
    broker.subscribe("folder.create", lambda name, data: got.append((name, data)))
    service.create("/ada")
    assert got == [("folder.create", {"method": "POST", "path": "/ada"})]


def test_e_and_f_one_folder_is_counted_twice(world):
    """Two overlapping subscriptions handle one message twice, and the count adds."""
    service, worker, _, (_, disk) = world
    service.create("/ada")
    assert worker.count == 2
    assert disk == ["/ada"]


def test_g_one_message_of_another_shape_stops_the_worker(world):
    """A message without the value that the worker trusts raises in it."""
    _, worker, _, _ = world
    with pytest.raises(KeyError, match="method"):
        worker.on_message("folder.create", {"path": "/ada"})


def test_the_numbers_are_those_that_are_shown():
    """Each right line is a line of the listing, and no line causes two symptoms."""
    shown = numbered().splitlines()
    assert shown[line_of("class Worker") - 1].split() == ["17", "class", "Worker:"]
    lines = [line for right in RIGHT.values() for line in right]
    assert len(set(lines)) == len(lines)
    assert all(shown[line - 1].split()[0] == str(line) for line in lines)
