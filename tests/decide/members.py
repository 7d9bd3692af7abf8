"""Members who join: an account is opened, a card charged, and after an hour without that somebody is told."""

from eda_workshop import After, Event, Process, Send

HOUR = 3600


class Joining(Process):
    """What has happened so far, as names in their order."""

    initial = ()
    hears = "member.came", "account.opened", "card.charged"

    def key(event):
        return event.data.get("member")

    def evolve(state, event):
        return (*state, event.data["command"] if event.name == "command.refused" else event.name)

    def decide(state, event):
        about = {"member": event.data.get("member") or event.data.get("data", {}).get("member")}
        if event.name in state:
            return None
        if event.name == "member.came":
            return [Send("account.open", about), After(HOUR, "joining.overdue", about)]
        if event.name == "account.opened":
            return Send("card.charge", about)
        if event.name == "card.charged":
            return [Event("member.joined", about), Send("badge.print", about)]
        if event.name == "joining.overdue" and "card.charged" not in state:
            return Event("member.waited", about)
        if event.name == "command.refused":
            return Event("member.refused", {**about, "reason": event.data["reason"], "error": event.data["error"]})
        return None


FACTS = {"account.open": "account.opened", "card.charge": "card.charged", "badge.print": "badge.printed"}


class Office:
    """Carries out commands, each id once, and publishes a fact about it; it refuses, fails or keeps silent when told to."""

    def __init__(self, bus, errors=None, silent=()):
        self.bus, self.errors, self.silent = bus, errors or {}, silent
        self.got = []
        for name in FACTS:
            bus.handle(name, self.carry_out)

    def carry_out(self, command):
        """Do it, unless it was done."""
        self.got.append(command)
        if command.name in self.errors:
            raise self.errors[command.name]
        if command.name not in self.silent:
            self.bus.publish(Event(FACTS[command.name], command.data, id=f"{command.id}/done", source="/office"))

    @property
    def names(self):
        """What it was asked to do, in order."""
        return [command.name for command in self.got]


def came(member="ada", **attributes):
    """A member came."""
    return Event("member.came", {"member": member}, **attributes)


def facts(log):
    """The names in a log, without the kit's own records."""
    return [event.name for event in log if not event.name.startswith("process.")]
