"""Rewrite a flow of requests as one of events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eda_workshop.bus import Bus
from eda_workshop.clock import ManualClock
from eda_workshop.errors import DeliveryFailed, EdaError
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_11.going_out_answers import RIGHT, WRONG
from eda_workshop.ids import CounterIds
from eda_workshop.log import open_log

COLD = 12


class _Sensor:
    """A thermometer that can be asked, and counts how often it was."""

    def __init__(self) -> None:
        self.asked, self.degrees = 0, 20

    def __call__(self) -> int:
        self.asked += 1
        return self.degrees

    def __lt__(self, other: object) -> bool:
        raise Wrong("ask_sensor itself was compared, and not its answer. Call it: ask_sensor().", look=_LOOK)


class _House:
    """A bus with its log, a sensor, and a valet's list of coats: each departure adds True or False to it."""

    def __init__(self, wire: Callable[..., Any], *, before: int | None = None) -> None:
        self.bus = Bus(open_log("memory://", clock=ManualClock()), ids=CounterIds())
        self.sensor, self.coats = _Sensor(), list[bool]()
        self.asked_then = self.asked_at_door = 0
        if before is not None:
            self.warm(before)
        wire(self.bus, self.sensor, self.coats)
        self.asked_then = 0

    def warm(self, degrees: int) -> None:
        self.sensor.degrees, before = degrees, self.sensor.asked
        self.bus.publish("temperature.changed", {"degrees": degrees}, source="/sensor")
        self.asked_then += self.sensor.asked - before

    def leave(self) -> list[bool]:
        before = self.sensor.asked
        self.bus.publish("departure.announced", {"who": "ada"}, source="/door")
        self.asked_at_door += self.sensor.asked - before
        return self.coats


DEGREES = (COLD - 1, 18, 18, COLD, 4)
"""The temperature at each departure of the check; the limit itself is one of them, and what lies just below it."""


def check(answer: Any) -> None:
    wire = require_function(answer, "bus", "ask_sensor", "coats")
    house = _House(wire)
    if house.coats:
        said = "Something was decided when the valet was wired, before anybody went out. What is done at a departure belongs in its handler."
        raise Wrong(said, "nothing but going_out", "coats: []", f"coats: {house.coats}", _LOOK)
    for number, degrees in enumerate(DEGREES):
        if degrees != house.sensor.degrees:
            house.warm(degrees)
        _check_one(house, number, degrees)
    _check_names(house)
    _check_asked(house)
    wanted = [degrees < COLD for degrees in DEGREES]
    if house.coats != wanted:
        called = f"departures at {', '.join(map(str, DEGREES))} degrees"
        raise Wrong(_said(house.coats, wanted), called, f"coats: {wanted}", f"coats: {house.coats}", _LOOK)
    _check_two_houses(wire)
    _check_start(wire)


def _check_one(house: _House, number: int, degrees: int) -> None:
    """One decision for each departure, and none before."""
    called = f"temperature.changed ({degrees} degrees)"
    if len(house.coats) > number:
        said = "The valet decided when nobody went out: a change of temperature is no departure."
        raise Wrong(said, called, "nothing new in coats", f"coats: {house.coats}", _LOOK)
    got = len(house.leave()) - number
    if got != 1:
        said = "Somebody went out, and nothing was appended to coats. Each departure gives a True or a False."
        said = said if got < 1 else "One departure, and more than one decision about a coat."
        raise Wrong(said, f"{called}, departure.announced", "one more", f"coats: {house.coats}", _LOOK)


def _check_asked(house: _House) -> None:
    if house.asked_at_door:
        said = "The sensor was asked while somebody stood at the door: a request in disguise. When it is down, so is the valet."
        raise Wrong(
            said, "departure.announced", "no question to the sensor", f"asked {house.asked_at_door} times", _LOOK
        )
    if house.asked_then:
        said = (
            "The sensor says the temperature, and is called back for it: a request in disguise, though not at the door."
        )
        raise Wrong(said, "temperature.changed", "no question to the sensor", f"asked {house.asked_then} times", _LOOK)


def _said(got: list[bool], wanted: list[bool]) -> str:
    off = [degrees for degrees, coat, right in zip(DEGREES, got, wanted, strict=True) if coat != right]
    if not all(isinstance(coat, bool) for coat in got):
        return "What is appended is True or False."
    if off == [COLD]:
        return "At exactly 12 degrees a coat was fetched: that is not below 12."
    if off == [COLD - 1]:
        return "At 11 degrees no coat was fetched: that is below 12."
    if {*DEGREES} - {COLD} <= {*off}:
        return "The coat is fetched when it is warm, and not when it is cold."
    return "The valet acts on an old temperature: its copy was not brought up to date."


def _check_names(house: _House) -> None:
    assert house.bus.log is not None
    orders = [event.name for event in house.bus.log if event.name not in ("temperature.changed", "departure.announced")]
    if any(_is_order(name) for name in orders):
        said = "An order was published as if it were a fact. Who goes out doesn't say what the valet shall do."
        raise Wrong(said, "what the log holds", got=f"{', '.join(orders)}", look=_LOOK)


def _is_order(name: str) -> bool:
    verb = name.rpartition(".")[2].partition("_")[0]
    return not (verb.endswith(("ed", "en")) or verb in ("put", "left", "gone", "brought", "worn"))


def _check_two_houses(wire: Callable[..., Any]) -> None:
    cold, warm = _House(wire), _House(wire)
    cold.warm(2)
    warm.warm(30)
    if cold.leave() != [True]:
        said = "Two houses share one copy: what was said in one is believed in the other. Keep it where the handlers of one house see it."
        raise Wrong(said, "2 degrees in one house, 30 in another, then a departure in the first", look=_LOOK)


def _check_start(wire: Callable[..., Any]) -> None:
    # Once cold and once warm: whoever assumes a temperature is right in one of them only.
    for degrees in (3, 18):
        called = f"the temperature was told ({degrees} degrees) before the valet came; then departure.announced"
        house = _House(wire, before=degrees)
        try:
            got = f"coats: {house.leave()}"
        except DeliveryFailed as failed:
            error = failed.exceptions[0]
            if isinstance(error, Wrong):
                raise error from None
            got = f"{type(error).__name__}: {error}"
        except EdaError as error:
            got = str(error)
        _check_asked(house)
        if got != f"coats: {[degrees < COLD]}":
            said = "The valet came later than the last change, and knows no temperature. The log has it: hear from its beginning, or ask once at the start."
            raise Wrong(said, called, f"coats: {[degrees < COLD]}", got, _LOOK)


_LOOK = "Two handlers: one keeps what the sensor said, one acts on it. after=0 hears what was said before."
_STUB = '''def going_out(bus, ask_sensor, coats):
    """Let a valet act on what it hears, and ask nobody at the door."""
    # As it is, the door gives orders, and the valet asks:
    # if ask_sensor() < 12: coats.append(True)
    ...'''

GOING_OUT = Exercise(
    id="going_out",
    lesson=11,
    title="Nobody asks at the door",
    minutes=8,
    task=(
        "Write `going_out(bus, ask_sensor, coats)`. It wires a valet to the bus so that at each `departure.announced` it appends `True` to `coats` "
        'if it is below 12 degrees, else `False`. The sensor publishes `temperature.changed` with `{"degrees": …}`; at the door it '
        "must not be asked. The valet may come after the last change: then it has to know it all the same."
    ),
    stub=_STUB,
    check=check,
    hints=(
        "One handler for temperature.changed that keeps the number, one for departure.announced that uses it.",
        'bus.subscriber("valet", after=0) starts at the beginning of the log; valet.catch_up() hears what is there.',
        "Keep the copy inside the function, so that each house has its own.",
    ),
    solutions=RIGHT,
    wrong=WRONG,
)
