"""Processes that are killed between any two writes: nothing is forgotten, and what is sent again has the same id."""

import pytest
from members import FACTS, Joining, came

from eda_workshop import Bus, Event, ProcessManager, Rejected, Saga, Send, Step
from eda_workshop.exercises.crashes import killed_at_each_step

WHEN = "2026-03-01T12:00:00Z"
MEMBERS = ("ada", "grace")


class Clerk:
    """Carries out commands in a database, each id once, and publishes what was done; one command is refused."""

    def __init__(self, computer, bus, refuses="", by=lambda command: command.id):
        self.bus, self.refuses, self.by = bus, refuses, by
        self.database = computer.database()
        with self.database:
            self.database.execute("CREATE TABLE IF NOT EXISTS done (id TEXT PRIMARY KEY, name TEXT, member TEXT)")
        for name in (*FACTS, "account.close", "clerk.call"):
            bus.handle(name, self.carry_out)

    def carry_out(self, command):
        if command.name == self.refuses:
            raise Rejected(f"no {command.name}")
        with self.database:
            row = (self.by(command), command.name, command.data["member"])
            self.database.execute("INSERT OR IGNORE INTO done VALUES (?, ?, ?)", row)
        fact = FACTS.get(command.name, f"{command.name}d")
        self.bus.publish(Event(fact, command.data, id=f"{self.by(command)}/done", occurred=WHEN))


class Waiting(Joining):
    """The timer leads to a command, whatever has happened until then."""

    def decide(state, event):
        if event.name == "joining.overdue":
            return None if event.name in state else Send("clerk.call", event.data)
        return Joining.decide(state, event)


def joining(process, **clerk):
    """The process as a program: two members come, each time it is started."""

    def program(computer):
        bus = Bus(computer.log())
        Clerk(computer, bus, **clerk)
        manager = ProcessManager(bus.log, bus, process)
        for member in MEMBERS:
            bus.publish(came(member, id=f"came/{member}", occurred=WHEN))
        manager.check()

    return program


@pytest.mark.parametrize("refuses", ["", "account.open", "card.charge", "badge.print"])
def test_a_process_killed_between_any_two_writes(refuses):
    """Each command takes effect once, each fact is published once, each event leads to one step."""
    report = killed_at_each_step(joining(Waiting, refuses=refuses))
    assert report.accidents > 10
    assert report.faults == ()


def test_a_new_id_at_each_try_would_be_found():
    """The examination finds a clerk who does not go by the command's id."""
    numbers = iter(range(10_000))
    report = killed_at_each_step(joining(Waiting, by=lambda command: f"{command.name}/{next(numbers)}"))
    assert report.faults


def sending(id_of):
    """The process as a program whose commands have effects outside, which can't be taken back and may fail once."""

    def program(computer):
        bus = Bus(computer.log())

        def carry_out(command):
            computer.send(id_of(command), {"name": command.name, "member": command.data["member"]})
            fact = FACTS.get(command.name, f"{command.name}d")
            bus.publish(Event(fact, command.data, id=f"{command.id}/done", occurred=WHEN))

        for name in (*FACTS, "clerk.call"):
            bus.handle(name, carry_out)
        manager = ProcessManager(bus.log, bus, Waiting, tries=5)
        for member in MEMBERS:
            bus.publish(came(member, id=f"came/{member}", occurred=WHEN))
        while any(each.waiting for each in manager.instances):
            manager.check()

    return program


def test_what_goes_out_goes_out_under_the_id_of_its_command():
    """Killed or failed once, before the work or after it: at least once, always with the same id, and nothing else."""
    report = killed_at_each_step(sending(lambda command: command.id))
    assert report.accidents > 50
    assert report.faults == ()


@pytest.mark.parametrize("refuses", ["", "account.open", "card.charge"])
def test_a_saga_killed_between_any_two_writes(refuses):
    """All steps once, or all undone once."""
    steps = [Step("account.open", "account.opened", "account.close"), Step("card.charge", "card.charged")]

    def program(computer):
        bus = Bus(computer.log())
        Clerk(computer, bus, refuses=refuses)
        saga = Saga(bus, "joining", "member.came", steps, key=lambda event: event.data["member"])
        for member in MEMBERS:
            bus.publish(came(member, id=f"came/{member}", occurred=WHEN))
        assert {each.status for each in saga.instances} == {"compensated" if refuses else "completed"}

    report = killed_at_each_step(program)
    assert report.accidents > 10
    assert report.faults == ()
