"""One fails, the others go on, and nothing is lost."""

from eda_workshop import Bus, CounterIds, DeliveryFailed, DuplicateHandler, ManualClock, open_log
from eda_workshop.exercises import Wrong

# %% task: One fails, nothing is lost (lesson 03, 8 minutes, function)
# Write `one_fails(bus, welcome, note)`. It subscribes a `mailer` with the handler `welcome` and an `audit` with the handler `note` to
# `user.signed_up`. The mail server is down now and then, and `welcome` raises. That must disturb neither the publisher nor the audit. The
# next event must be tried as usual, and when the server is up again, `bus.redeliver()` must bring the mailer what it missed.


# %% stub
def one_fails(bus, welcome, note):
    """Subscribe both, so that a failing welcome harms nobody."""
    ...


# %% hint
# What becomes of a failure that leaves the handler? Don't catch anything yourself.
# %% hint
# `bus.subscriber` takes `on_error=`. Which of `"raise"`, `"park"`, `"stop"` and `retry(n)` keeps the dead letter and lets the publisher go on?


# %% solution
def one_fails(bus, welcome, note):
    mailer = bus.subscriber("mailer", on_error="park")
    mailer.on("user.signed_up", welcome)
    bus.subscriber("audit").on("user.signed_up", note)


# %% unusual: it tries again twice, and subscribes the audit first
def one_fails(bus, welcome, note):
    from eda_workshop import retry

    bus.subscriber("audit").on("user.signed_up", note)
    bus.subscriber("mailer", on_error=retry(2)).on("user.signed_up", welcome)


# %% wrong like solution: You left the policy as it is, so `publish` raised the mailer's failure at the publisher. Which `on_error=` doesn't?
# , on_error="park" ->

# %% wrong like solution: You stopped the mailer at its first failure. It gets nothing more until somebody resumes it.
# on_error="park" -> on_error="stop"


# %% wrong: You swallowed the exception, so there is no dead letter, and the event can never be redelivered.
def one_fails(bus, welcome, note):
    def safe(event):
        try:
            welcome(event)
        except Exception as error:
            print(error)

    bus.subscriber("mailer").on("user.signed_up", safe)
    bus.subscriber("audit").on("user.signed_up", note)


# %% wrong: Your bus has no subscriber called "audit". Mailer and audit are two subscribers, so that one can fail without the other.
def one_fails(bus, welcome, note):
    def both(event):
        welcome(event)
        note(event)

    bus.subscriber("mailer", on_error="park").on("user.signed_up", both)


# %% wrong like solution: You let the audit note every sign-up twice.
# "user.signed_up", note -> "user.signed_up", lambda event: (note(event), note(event))

# %% wrong like solution: You call `note` in the mailer's handler, too, so each redelivery writes one more note.
# "user.signed_up", welcome -> "user.signed_up", lambda event: (note(event), welcome(event))

# %% wrong like solution: You gave one subscriber two handlers for the same event, and it can have one. Mailer and audit are two subscribers.
# bus.subscriber("audit").on -> mailer.on

# %% wrong like solution: You subscribed the mailer to an event that nobody publishes, so `welcome` is never called.
# mailer.on("user.signed_up" -> mailer.on("user.sign_up"


# %% wrong: You gave `welcome` to the audit, so the audit fails, and its letter waits.
def one_fails(bus, welcome, note):
    bus.subscriber("mailer").on("user.signed_up", note)
    bus.subscriber("audit", on_error="park").on("user.signed_up", welcome)


# %% check
CASES = {
    "a user.signed_up while the mail server is down": ("down",),
    "a second one, when the mail server is up again": ("down", "up"),
    "bus.redeliver() after both": ("down", "up", "redeliver"),
}


def observe(one_fails, acts):
    """What the publisher, the mailer and the audit have come to, after these acts."""
    bus = Bus(open_log("memory://", clock=ManualClock()), ids=CounterIds())
    office = Office()
    subscribe(one_fails, bus, office)
    raised = [act for act in acts if office.does(act, bus)]
    return {
        "raised by publish": raised,
        "welcomed": sorted(office.mails),
        "noted": office.noted,
        "dead letters of": sorted({letter.subscriber for letter in bus.dead_letters}),
    }


def subscribe(one_fails, bus, office):
    """Let the answer subscribe, and see that both subscribers are there."""
    try:
        one_fails(bus, office.welcome, office.note)
    except DuplicateHandler:
        said = "You gave one subscriber two handlers for the same event, and it can have one. Mailer and audit are two subscribers."
        raise Wrong(said) from None
    for name in ("mailer", "audit"):
        if name not in bus.subscribers:
            said = f'Your bus has no subscriber called "{name}". Mailer and audit are two subscribers, so that one can fail without the other.'
            raise Wrong(said, expected="mailer, audit", got=", ".join(bus.subscribers) or "no subscriber")


class Office:
    """A mail server that is down until it is up, and the notes of an audit."""

    def __init__(self):
        self.is_down = True
        self.mails, self.noted = [], []

    def welcome(self, event):
        if self.is_down:
            raise ConnectionError("the mail server is down")
        self.mails.append(event.id)

    def note(self, event):
        self.noted.append(event.id)

    def does(self, act, bus):
        """Do it; True if publishing raised."""
        self.is_down = act == "down"
        try:
            bus.redeliver() if act == "redeliver" else bus.publish("user.signed_up", {"user": "ada"})
        except DeliveryFailed:
            return True
        return False
