"""Gateways: the world outside is told once and asked once, however often its events are replayed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop import (
    AmbiguousId,
    BadData,
    BadGateway,
    BadTime,
    Bus,
    DuplicateEvent,
    Event,
    EventLog,
    Gateways,
    ManualClock,
    Message,
    MissingAnswer,
    Recorded,
    open_log,
    outbound_diff,
)
from eda_workshop.drive import stream
from eda_workshop.values import freeze


class Outside:
    """The world: an inbox, and a rate that changes."""

    def __init__(self) -> None:
        self.inbox: list[Any] = []
        self.asked: list[Any] = []
        self.rate = "1.10"

    def send(self, message: Any) -> None:
        self.inbox.append(message)

    def ask(self, *question: Any) -> str:
        self.asked.append(question)
        return self.rate


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def log() -> Iterator[EventLog]:
    """A log in memory, on a manual clock."""
    with open_log(clock=ManualClock("2026-03-02T09:00:00Z")) as log:
        yield log


def sign_up(log: EventLog, *users: str) -> list[Recorded]:
    """People who sign up, as recorded."""
    before = log.head
    log.append(*(Event("user.signed_up", {"user": user}, id=user) for user in users))
    return list(log.read(before, names="user.*"))


def greeter(gateways: Gateways, outside: Outside, times: int = 1) -> Callable[[Event], None]:
    """A handler that greets everybody so many times."""
    mail = gateways.update("mail", outside.send)

    def greet(event: Event) -> None:
        for _ in range(times):
            mail(to=event.data.get("user", "nobody"))

    return greet


# --- telling -----------------------------------------------------------------------------------------


def test_live_tells_and_a_replay_does_not(log: EventLog, outside: Outside) -> None:
    """n messages live, 0 in a replay, 0 in a branch; what was held back is counted and can be looked at."""
    gateways = Gateways(log)
    greet, events = greeter(gateways, outside), sign_up(log, "ada", "bob", "eve")
    for event in events:
        gateways.handle(event, greet)
    assert outside.inbox == [{"to": "ada"}, {"to": "bob"}, {"to": "eve"}]
    assert (gateways.replay(greet), gateways.suppressed, len(outside.inbox)) == (3, 3, 3)
    with gateways.branching():
        gateways.handle(Event("user.signed_up", {"user": "zoe"}, id="what if"), greet)
    assert (gateways.suppressed, len(outside.inbox)) == (4, 3)
    assert [message.cause for message in gateways.outbound] == ["ada", "bob", "eve"] * 2 + ["what if"]
    assert gateways.outbound[0] == Message("mail", freeze({"to": "ada"}), "ada")


def test_what_went_out_is_in_the_log(log: EventLog, outside: Outside) -> None:
    """Beside the event that caused it; what did not go out is not."""
    gateways = Gateways(log)
    greet, (event,) = greeter(gateways, outside), sign_up(log, "ada")
    gateways.handle(event, greet)
    gateways.replay(greet)
    (sent,) = log.read(names="gateway.*")
    assert (sent.name, sent.causation, sent.data["gateway"], sent.data["content"]) == (
        "gateway.sent",
        "ada",
        "mail",
        {"to": "ada"},
    )
    assert log.head == 2


def test_handling_an_event_again_tells_nothing_twice(log: EventLog, outside: Outside) -> None:
    """A redelivery is no new message, also from another object, and after the file was opened again."""
    gateways = Gateways(log)
    greet, (event,) = greeter(gateways, outside, times=2), sign_up(log, "ada")
    for _ in range(3):
        gateways.handle(event, greet)
    other = Gateways(log)
    other.handle(event, greeter(other, outside, times=2))
    assert (outside.inbox, log.head) == ([{"to": "ada"}, {"to": "ada"}], 3)


def test_a_replay_of_a_part(log: EventLog, outside: Outside) -> None:
    """By positions and names; what gateways recorded is not handled."""
    gateways, seen = Gateways(log), list[str]()
    greet = greeter(gateways, outside)
    for event in sign_up(log, "ada", "bob", "eve"):
        gateways.handle(event, greet)
    log.append(Event("folder.created", id="f1"))
    note = lambda event: seen.append(event.id)  # noqa: E731
    counts = [gateways.replay(note), gateways.replay(note, after=1, upto=2), gateways.replay(note, names="folder.*")]
    assert counts == [4, 1, 1]
    assert seen == ["ada", "bob", "eve", "f1", "bob", "f1"]


def test_a_crash_between_sending_and_recording_sends_again(log: EventLog, outside: Outside) -> None:
    """At least once: what went out and was not recorded goes out again with the event."""

    def send_and_crash(message: Any) -> None:
        outside.send(message)
        raise KeyboardInterrupt

    gateways, (event,) = Gateways(log), sign_up(log, "ada")
    mail = gateways.update("mail", send_and_crash)
    with pytest.raises(KeyboardInterrupt):
        gateways.handle(event, lambda event: mail(to="ada"))
    assert log.head == 1
    again = Gateways(log)
    greet = greeter(again, outside)
    again.handle(event, greet)
    again.handle(event, greet)
    assert outside.inbox == [{"to": "ada"}, {"to": "ada"}]


def test_a_crash_after_recording_does_not(log: EventLog, outside: Outside) -> None:
    """The first message is in the log, so only the second goes out when the event is handled again."""
    gateways, (event,) = Gateways(log), sign_up(log, "ada")
    mail, crashing = gateways.update("mail", outside.send), [True]

    def handler(event: Event) -> None:
        mail(to="ada", number=1)
        if crashing.pop() if crashing else False:
            raise OSError("no power")
        mail(to="ada", number=2)

    with pytest.raises(OSError):
        gateways.handle(event, handler)
    gateways.handle(event, handler)
    assert [message["number"] for message in outside.inbox] == [1, 2]


def test_a_line_that_fails_is_tried_again(log: EventLog, outside: Outside) -> None:
    """The error goes to the handler, nothing is recorded, and the next time it goes out."""

    def send(message: Any) -> None:
        if len(tries) < 2:
            tries.append(message)
            raise OSError("no line")
        outside.send(message)

    tries: list[Any] = []
    gateways, (event,) = Gateways(log), sign_up(log, "ada")
    mail = gateways.update("mail", send)
    for _ in range(2):
        with pytest.raises(OSError, match="no line"):
            gateways.handle(event, lambda event: mail(to="ada"))
    gateways.handle(event, lambda event: mail(to="ada"))
    assert outside.inbox == [{"to": "ada"}]


def test_a_message_is_json(log: EventLog, outside: Outside) -> None:
    """Anything else is refused before it goes out, and it can't be changed on the way."""
    gateways, (event,) = Gateways(log), sign_up(log, "ada")
    mail = gateways.update("mail", outside.send)
    with pytest.raises(BadData):
        gateways.handle(event, lambda event: mail(to={"ada"}))
    assert outside.inbox == []
    gateways.handle(event, lambda event: mail(to=["ada"]))
    with pytest.raises(Exception, match="can't be changed"):
        outside.inbox[0]["to"].append("bob")


# --- asking ------------------------------------------------------------------------------------------


def prices(gateways: Gateways, outside: Outside) -> tuple[Callable[[Event], None], list[str]]:
    """A handler that turns euros into dollars."""
    rate, results = gateways.query("rate", outside.ask), list[str]()

    def convert(event: Event) -> None:
        results.append(f"{event.data['euros'] * float(rate('EUR')):.2f}")

    return convert, results


def test_a_replay_has_the_answers_of_its_time(log: EventLog, outside: Outside) -> None:
    """100 EUR at 1.10 are 110.00, and not 125.00 at today's 1.25."""
    gateways = Gateways(log)
    convert, results = prices(gateways, outside)
    log.append(Event("order.placed", {"euros": 100}))
    (event,) = log
    gateways.handle(event, convert)
    outside.rate = "1.25"
    gateways.replay(convert)
    with gateways.branching():
        gateways.handle(event, convert)
    gateways.handle(event, convert)
    assert (results, outside.asked) == (["110.00"] * 4, [("EUR",)])
    log.append(Event("order.placed", {"euros": 100}))
    *_, later = log
    gateways.handle(later, convert)
    assert results[-1] == "125.00"


def test_answers_survive_in_the_log(tmp_path: Path, outside: Outside) -> None:
    """Another object reads them, and so does another process of the file."""
    with open_log(tmp_path / "drive.db") as log:
        gateways = Gateways(log)
        convert, results = prices(gateways, outside)
        log.append(Event("order.placed", {"euros": 100}))
        gateways.handle(next(log.read()), convert)
        other = Gateways(log)
        again, others = prices(other, outside)
        outside.rate = "1.25"
        other.replay(again)
    with open_log(tmp_path / "drive.db") as log:
        third = Gateways(log)
        convert, thirds = prices(third, outside)
        third.replay(convert)
    assert (results, others, thirds, len(outside.asked)) == (["110.00"], ["110.00"], ["110.00"], 1)


def test_the_same_question_twice_is_two_questions(log: EventLog, outside: Outside) -> None:
    """For one event, in their order; another question in between is no matter."""
    gateways, (event,) = Gateways(log), sign_up(log, "ada")
    rates, answers = iter(["1", "2", "3", "4"]), list[str]()
    ask = gateways.query("rate", lambda *question: next(rates))

    def handler(event: Event) -> None:
        answers.extend([ask("EUR"), ask("CHF"), ask("EUR"), ask("EUR", 2)])

    gateways.handle(event, handler)
    gateways.replay(handler)
    assert answers == ["1", "2", "3", "4"] * 2


@pytest.mark.parametrize("mode", ["replaying", "branching"])
def test_what_was_never_asked_is_missing(log: EventLog, outside: Outside, mode: str) -> None:
    """The outside is not asked; the error names gateway, question and event."""
    gateways = Gateways(log)
    convert, results = prices(gateways, outside)
    log.append(Event("order.placed", {"euros": 100}, id="o1"))
    with getattr(gateways, mode)(), pytest.raises(MissingAnswer) as info:
        gateways.handle(next(log.read()), convert)
    error = info.value
    assert (error.gateway, error.question, error.event, error.position) == ("rate", '["EUR"]', "order.placed", 1)
    assert (outside.asked, results, log.head, gateways.mode) == ([], [], 1, "live")


def test_a_person_can_answer_later(log: EventLog, outside: Outside) -> None:
    """What was found out by hand is as good as what was asked, also live; a second answer is refused."""
    gateways = Gateways(log)
    convert, results = prices(gateways, outside)
    log.append(Event("order.placed", {"euros": 100}))
    (event,) = log
    gateways.answer("rate", ["EUR"], "1.20", event=event)
    gateways.replay(convert)
    gateways.handle(event, convert)
    assert (results, outside.asked) == (["120.00", "120.00"], [])
    with pytest.raises(DuplicateEvent):
        gateways.answer("rate", ["EUR"], "1.30", event=event)
    gateways.answer("rate", ["EUR"], "1.30", event=event, nth=1)
    assert log.head == 3


@pytest.mark.parametrize("answer", [None, 0, False, "", [1, {"a": None}], {"rate": 1.5}])
def test_any_json_is_an_answer(log: EventLog, answer: Any) -> None:
    """Live and replayed the handler gets the same."""
    gateways, (event,) = Gateways(log), sign_up(log, "ada")
    ask, got = gateways.query("thing", lambda: answer), list[Any]()
    gateways.handle(event, lambda event: got.append(ask()))
    gateways.replay(lambda event: got.append(ask()))
    assert got == [answer, answer]
    assert type(got[0]) is type(got[1])


def test_what_is_not_json_is_no_answer_and_no_question(log: EventLog, outside: Outside) -> None:
    """It is refused with a name, and nothing is recorded."""
    gateways, (event,) = Gateways(log), sign_up(log, "ada")
    ask, odd = gateways.query("rate", outside.ask), gateways.query("odd", lambda: {1, 2})
    with pytest.raises(BadGateway, match="'rate' was asked something that is not JSON"):
        gateways.handle(event, lambda event: ask(object()))
    with pytest.raises(BadData):
        gateways.handle(event, lambda event: odd())
    assert (outside.asked, log.head) == ([], 1)


def test_an_outside_that_fails_is_asked_again(log: EventLog) -> None:
    """No answer, no record."""
    tries = [1]

    def ask() -> str:
        if tries.pop() if tries else 0:
            raise OSError("no line")
        return "yes"

    gateways, (event,) = Gateways(log), sign_up(log, "ada")
    question, got = gateways.query("line", ask), list[str]()
    with pytest.raises(OSError):
        gateways.handle(event, lambda event: got.append(question()))
    gateways.handle(event, lambda event: got.append(question()))
    gateways.replay(lambda event: got.append(question()))
    assert got == ["yes", "yes"]


# --- modes and mistakes ------------------------------------------------------------------------------


def test_modes_end_with_their_block(log: EventLog, outside: Outside) -> None:
    """Nested ones, and ones that an error ends."""
    gateways, modes = Gateways(log), list[str]()
    with gateways.replaying():
        modes.append(gateways.mode)
        with gateways.branching():
            modes.append(gateways.mode)
        modes.append(gateways.mode)
        with pytest.raises(KeyboardInterrupt), gateways.branching():
            raise KeyboardInterrupt
        modes.append(gateways.mode)
    sign_up(log, "ada")
    with pytest.raises(ValueError, match="no"):
        gateways.replay(lambda event: (_ for _ in ()).throw(ValueError("no")))
    assert [*modes, gateways.mode] == ["replay", "branch", "replay", "replay", "live"]


def test_outside_of_an_event_no_gateway_can_be_used(log: EventLog, outside: Outside) -> None:
    """A replay could not match it; also after a handler failed."""
    gateways, (event,) = Gateways(log), sign_up(log, "ada")
    uses = [
        gateways.update("mail", outside.send),
        gateways.query("rate", outside.ask),
        gateways.buffered("letter", outside.send, lambda event: "2026-04-01T00:00:00Z"),  # type: ignore[arg-type,return-value]
    ]
    with pytest.raises(ZeroDivisionError):
        gateways.handle(event, lambda event: 1 / 0)
    for name, use in zip(("mail", "rate", "letter"), uses, strict=True):
        with pytest.raises(BadGateway, match=f"'{name}' was used while no event is handled") as info:
            use()
        assert info.value.gateway == name
    assert (outside.inbox, outside.asked, log.head) == ([], [], 1)


def test_handlers_may_handle_events_within(log: EventLog, outside: Outside) -> None:
    """Each message belongs to the innermost event; afterwards the outer one goes on."""
    gateways, (one, two) = Gateways(log), sign_up(log, "ada", "bob")
    mail = gateways.update("mail", outside.send)

    def outer(event: Event) -> None:
        mail(number=1)
        gateways.handle(two, lambda event: mail(number=2))
        mail(number=3)

    gateways.handle(one, outer)
    assert [(message.cause, message.content["number"]) for message in gateways.outbound] == [
        ("ada", 1),
        ("bob", 2),
        ("ada", 3),
    ]


@pytest.mark.parametrize("kinds", list(product(["update", "query", "buffered"], repeat=2)))
def test_each_gateway_has_a_name_of_its_own(log: EventLog, outside: Outside, kinds: tuple[str, str]) -> None:
    """Whatever the two are; the first one stays."""
    gateways = Gateways(log)
    make: dict[str, Callable[[], Any]] = {
        "update": lambda: gateways.update("line", outside.send),
        "query": lambda: gateways.query("line", outside.ask),
        "buffered": lambda: gateways.buffered("line", outside.send, lambda event: event.occurred),
    }
    make[kinds[0]]()
    for kind in kinds:
        with pytest.raises(BadGateway, match="'line' is there already"):
            make[kind]()


# --- messages that wait ------------------------------------------------------------------------------


def invoicer(
    gateways: Gateways, outside: Outside, due: str = "2026-04-01T00:00:00Z", times: int = 1
) -> Callable[[Event], None]:
    """A handler whose invoices wait until the end of the month."""
    invoice = gateways.buffered("invoice", outside.send, lambda event: due)  # type: ignore[arg-type,return-value]

    def handler(event: Event) -> None:
        for number in range(times):
            invoice(to=event.data["user"], number=number)

    return handler


def test_a_message_waits_until_it_is_due(log: EventLog, outside: Outside) -> None:
    """Not before, then once, in the order in which they came."""
    gateways = Gateways(log)
    handler = invoicer(gateways, outside, times=2)
    for event in sign_up(log, "ada", "bob"):
        gateways.handle(event, handler)
    assert (outside.inbox, len(gateways.waiting)) == ([], 4)
    assert gateways.release("2026-03-31T23:59:59.999999Z") == 0  # type: ignore[arg-type]
    assert gateways.release("2026-04-01T00:00:00Z") == 4  # type: ignore[arg-type]
    assert gateways.release("2027-01-01T00:00:00Z") == 0  # type: ignore[arg-type]
    assert [(one["to"], one["number"]) for one in outside.inbox] == [("ada", 0), ("ada", 1), ("bob", 0), ("bob", 1)]
    assert gateways.waiting == []


@pytest.mark.parametrize(
    ("due", "now", "count"),
    [
        ("2026-04-01T00:00:00.5Z", "2026-04-01T00:00:00Z", 0),
        ("2026-04-01T00:00:00.5Z", "2026-04-01T00:00:00.5Z", 1),
        ("2026-04-01T00:00:00Z", "2026-04-01T00:00:00.000001Z", 1),
        ("2026-04-01T02:00:00+02:00", "2026-04-01T00:00:00Z", 1),
        ("2026-04-01T00:00:00Z", "2026-04-01T01:00:00+02:00", 0),
    ],
)
def test_times_are_compared_as_times(log: EventLog, outside: Outside, due: str, now: str, count: int) -> None:
    """In any zone, down to the microsecond."""
    gateways, (event,) = Gateways(log), sign_up(log, "ada")
    gateways.handle(event, invoicer(gateways, outside, due))
    assert gateways.release(now) == count  # type: ignore[arg-type]


def test_before_release_a_message_can_be_withdrawn(log: EventLog, outside: Outside) -> None:
    """Without a trace outside; the others go out, and handling the event again brings it not back."""
    gateways = Gateways(log)
    handler, (one, two) = invoicer(gateways, outside, times=2), sign_up(log, "ada", "bob")
    gateways.handle(one, handler)
    gateways.handle(two, handler)
    assert (gateways.withdraw("ada"), gateways.withdraw("ada"), gateways.withdraw("nobody")) == (2, 0, 0)
    gateways.handle(one, handler)
    assert [message.cause for message in gateways.waiting] == ["bob", "bob"]
    assert gateways.release("2026-05-01T00:00:00Z") == 2  # type: ignore[arg-type]
    assert {one["to"] for one in outside.inbox} == {"bob"}


def test_after_release_there_is_nothing_to_withdraw(log: EventLog, outside: Outside) -> None:
    """What is out is out; handling the event again sends it not again."""
    gateways = Gateways(log)
    handler, (event,) = invoicer(gateways, outside), sign_up(log, "ada")
    gateways.handle(event, handler)
    gateways.release("2026-05-01T00:00:00Z")  # type: ignore[arg-type]
    assert gateways.withdraw("ada") == 0
    gateways.handle(event, handler)
    assert (gateways.waiting, gateways.release("2026-06-01T00:00:00Z"), len(outside.inbox)) == ([], 0, 1)  # type: ignore[arg-type]


def test_another_object_releases_what_waits(tmp_path: Path, outside: Outside) -> None:
    """The buffer is in the log: after a restart each message goes out once."""
    with open_log(tmp_path / "drive.db") as log:
        gateways = Gateways(log)
        handler = invoicer(gateways, outside)
        for event in sign_up(log, "ada", "bob"):
            gateways.handle(event, handler)
    for released in (2, 0):
        with open_log(tmp_path / "drive.db") as log:
            gateways = Gateways(log)
            invoicer(gateways, outside)
            assert gateways.release("2026-05-01T00:00:00Z") == released  # type: ignore[arg-type]
    assert [message["to"] for message in outside.inbox] == ["ada", "bob"]


def test_a_release_needs_the_gateway(log: EventLog, outside: Outside) -> None:
    """An object that does not have it yet says which to make; nothing is lost."""
    gateways, (event,) = Gateways(log), sign_up(log, "ada")
    gateways.handle(event, invoicer(gateways, outside))
    other = Gateways(log)
    with pytest.raises(BadGateway, match=r"'invoice' is not there. Make it first: gateways.buffered"):
        other.release("2026-05-01T00:00:00Z")  # type: ignore[arg-type]
    invoicer(other, outside)
    assert other.release("2026-05-01T00:00:00Z") == 1  # type: ignore[arg-type]


def test_a_line_that_fails_in_a_release_loses_nothing(log: EventLog, outside: Outside) -> None:
    """What went out went out, the rest waits."""

    def send(message: Any) -> None:
        if message["number"] == 1 and broken:
            broken.pop()
            raise OSError("no line")
        outside.send(message)

    broken = [1]
    gateways, (event,) = Gateways(log), sign_up(log, "ada")
    invoice = gateways.buffered("invoice", send, lambda event: event.occurred)
    gateways.handle(event, lambda event: [invoice(number=number) for number in range(3)])
    with pytest.raises(OSError):
        gateways.release("2099-01-01T00:00:00Z")  # type: ignore[arg-type]
    assert gateways.release("2099-01-01T00:00:00Z") == 2  # type: ignore[arg-type]
    assert [message["number"] for message in outside.inbox] == [0, 1, 2]


@pytest.mark.parametrize("mode", ["replaying", "branching"])
def test_nothing_is_released_in_a_replay(log: EventLog, outside: Outside, mode: str) -> None:
    """Nor buffered, nor withdrawn."""
    gateways, (event,) = Gateways(log), sign_up(log, "ada")
    handler = invoicer(gateways, outside)
    with getattr(gateways, mode)():
        gateways.handle(event, handler)
        with pytest.raises(BadGateway, match="can't release in a"):
            gateways.release("2099-01-01T00:00:00Z")  # type: ignore[arg-type]
        with pytest.raises(BadGateway, match="can't withdraw in a"):
            gateways.withdraw("ada")
    assert (gateways.waiting, gateways.suppressed, log.head) == ([], 1, 1)


def test_a_time_of_release_is_a_time(log: EventLog, outside: Outside) -> None:
    """One without a zone is refused where it is given."""
    gateways, (event,) = Gateways(log), sign_up(log, "ada")
    with pytest.raises(BadTime):
        gateways.handle(event, invoicer(gateways, outside, "end of month"))
    with pytest.raises(BadTime):
        gateways.release("now")  # type: ignore[arg-type]
    assert log.head == 1


# --- on a bus ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("durable", [True, False])
@pytest.mark.parametrize("pattern", [">", "user.*", "gateway.>"])
def test_a_handler_on_a_bus_answers_no_mail_of_its_own(
    log: EventLog, outside: Outside, pattern: str, durable: bool
) -> None:
    """What gateways recorded is passed, also by one that hears all and catches up from the log."""
    bus, gateways = Bus(log), Gateways(log)
    mailer = bus.subscriber("mailer", durable=True) if durable else bus.subscriber("mailer")
    mailer.on(pattern, gateways.handler(greeter(gateways, outside)))
    for user in ("ada", "bob"):
        bus.publish("user.signed_up", {"user": user})
        if durable:
            mailer.catch_up()
    assert [message["to"] for message in outside.inbox] == ([] if pattern == "gateway.>" else ["ada", "bob"])
    assert log.head == (2 if pattern == "gateway.>" else 4)


def test_a_bus_that_starts_anew_tells_nothing_twice(log: EventLog, outside: Outside) -> None:
    """A subscriber that hears everything from the beginning again sends only what was not sent."""
    for users in (("ada", "bob"), ("eve",)):
        bus, gateways = Bus(log), Gateways(log)
        bus.subscriber("mailer", after=0).on("user.signed_up", gateways.handler(greeter(gateways, outside)))
        for user in users:
            bus.publish("user.signed_up", {"user": user})
    assert [message["to"] for message in outside.inbox] == ["ada", "bob", "eve"]


def test_the_story_is_told_once(log: EventLog, outside: Outside) -> None:
    """300 replayed events, no e-mail; and the same messages as live."""
    gateways = Gateways(log)
    mail = gateways.update("mail", outside.send)

    def handler(event: Event) -> None:
        if event.name == "email.sent":
            mail(to=event.data["to"])

    log.append(*stream(300))
    for event in list(log):
        gateways.handle(event, handler)
    live, gateways.outbound = gateways.outbound, []
    assert gateways.replay(handler) == 300
    assert gateways.outbound == live
    assert len(outside.inbox) == len(live) == gateways.suppressed > 50


# --- what should have been sent ----------------------------------------------------------------------

MESSAGES = st.lists(
    st.builds(
        Message, st.sampled_from(["mail", "sms"]), st.sampled_from([freeze({"to": to}) for to in "ab"]), st.just("1")
    ),
    max_size=8,
)


@given(MESSAGES, MESSAGES)
def test_a_difference_counts(had: list[Message], should: list[Message]) -> None:
    """What is the same and what is wrong are all there was; what is the same and missing are all there should be."""
    diff = outbound_diff(had, should)
    kinds = {message.gateway + message.content["to"] for message in had + should}

    def count(messages: list[Message]) -> dict[str, int]:
        return {kind: sum(one.gateway + one.content["to"] == kind for one in messages) for kind in kinds}

    for kind in kinds:
        there, wanted = count(had)[kind], count(should)[kind]
        assert count(diff["same"])[kind] == min(there, wanted)
        assert count(diff["missing"])[kind] == max(0, wanted - there)
        assert count(diff["wrong"])[kind] == max(0, there - wanted)


def test_another_cause_is_another_message() -> None:
    """The same text because of another event is not the same mail."""
    one, other = (Message("mail", freeze({"to": "ada"}), cause) for cause in "12")
    assert outbound_diff([one], [other]) == {"same": [], "missing": [other], "wrong": [one]}


def test_two_sources_may_use_one_id() -> None:
    """What went out because of one event is not taken for what goes out because of another that has its id."""
    log = open_log(clock=ManualClock())
    gateways, inbox = Gateways(log), list[Any]()
    mail, rate = gateways.update("mail", inbox.append), gateways.query("rate", lambda name: len(inbox))
    later = gateways.buffered("later", inbox.append, lambda event: "2026-04-01T00:00:00Z")

    def react(event: Event) -> None:
        mail(to=event.source, rate=rate("EUR"))
        later(to=event.source)

    log.append(Event("bill.sent", id="1", source="/billing"), Event("order.placed", id="1", source="/shop"))
    for event in log.read(names=["bill.sent", "order.placed"]):
        gateways.handle(event, react)
        gateways.handle(event, react)
    assert inbox == [{"to": "/billing", "rate": 0}, {"to": "/shop", "rate": 1}]
    with gateways.replaying():
        gateways.replay(react, names=["bill.sent", "order.placed"])
    assert len(Gateways(log).waiting) == len(gateways.waiting) == 2
    with pytest.raises(AmbiguousId):
        gateways.withdraw("1")
    assert (gateways.withdraw("1", "/shop"), [message.source for message in gateways.waiting]) == (1, ["/billing"])
