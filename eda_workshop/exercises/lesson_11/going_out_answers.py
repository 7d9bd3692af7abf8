"""Answers to a house where nobody asks at the door: those that are right, and what people write on the way there."""

from __future__ import annotations

_HEAD = "def going_out(bus, ask_sensor, coats):\n"
_COPY = (
    '    valet, copy = bus.subscriber("valet"), {}\n'
    '    valet.on("temperature.changed", lambda event: copy.update(event.data))\n'
)
_HEARS = (
    '    valet, copy = bus.subscriber("valet", after=0), {}\n'
    '    valet.on("temperature.changed", lambda event: copy.update(event.data))\n'
    '    valet.on("departure.announced", lambda event: coats.append(copy["degrees"] < 12))\n'
    "    valet.catch_up()"
)

RIGHT = (
    _HEAD + _HEARS,
    _HEAD + '    known = [ask_sensor()]\n    valet = bus.subscriber("valet")\n\n    @valet.on("temperature.changed")\n'
    '    def keep(event):\n        known.append(event.data["degrees"])\n\n    @valet.on("departure.announced")\n'
    "    def dress(event):\n        coats.append(known[-1] < 12)",
)

WRONG = {
    _HEAD + '    bus.subscriber("valet").on("departure.announced", lambda event: coats.append(ask_sensor() < 12))': (
        "The sensor was asked while somebody stood at the door"
    ),
    _HEAD + _HEARS.replace(", after=0)", ")").replace("    valet.catch_up()", "    copy['degrees'] = 20"): (
        "The valet came later than the last change"
    ),
    _HEAD + _HEARS.replace("< 12", "> 12"): "The coat is fetched when it is warm",
    _HEAD + _HEARS + '\n    valet.on("user.came", lambda event: None)\n'
    '    bus.subscriber("door").on("departure.announced", lambda event: bus.publish("valet.fetch_coat"))': (
        "An order was published as if it were a fact"
    ),
    "copy = {}\n\n\n" + _HEAD + _HEARS.replace(", {}\n", "\n").replace("valet, copy =", "valet ="): (
        "Two houses share one copy"
    ),
    _HEAD
    + '    bus.subscriber("valet").on("temperature.changed", lambda event: coats.append(event.data["degrees"] < 12))': (
        "The valet decided when nobody went out"
    ),
    _HEAD
    + '    bus.subscriber("valet").on("temperature.changed", lambda event: None)': "Somebody went out, and nothing was appended",
    _HEAD + _HEARS.replace('coats.append(copy["degrees"] < 12)', 'copy["degrees"] < 12 and coats.append(True)'): (
        "Somebody went out, and nothing was appended"
    ),
    _HEAD + "    coats.append(ask_sensor() < 12)": "Something was decided when the valet was wired",
    _HEAD
    + _COPY.replace("{}", '{"degrees": ask_sensor}')
    + '    valet.on("departure.announced", lambda event: coats.append(copy["degrees"] < 12))': (
        "ask_sensor itself was compared"
    ),
    _HEAD + '    valet, copy = bus.subscriber("valet"), {}\n'
    '    valet.on("temperature.changed", lambda event: copy.setdefault("degrees", event.data["degrees"]))\n'
    '    valet.on("departure.announced", lambda event: coats.append(copy["degrees"] < 12))': (
        "The valet acts on an old temperature"
    ),
    _HEAD + _COPY + '    valet.on("departure.announced", lambda event: '
    'coats.append((copy["degrees"] if copy else ask_sensor()) < 12))': (
        "The sensor was asked while somebody stood at the door"
    ),
    _HEAD
    + _COPY.replace("copy.update(event.data)", "copy.update(degrees=ask_sensor())")
    + '    valet.on("departure.announced", lambda event: coats.append(copy["degrees"] < 12))': (
        "The sensor says the temperature, and is called back"
    ),
    _HEAD
    + _COPY.replace("{}", '{"degrees": 0}')
    + '    valet.on("departure.announced", lambda event: coats.append(copy["degrees"] < 12))': (
        "The valet came later than the last change"
    ),
    _HEAD + "    known = ask_sensor()\n"
    '    bus.subscriber("valet").on("departure.announced", lambda event: coats.append(known < 12))': (
        "The valet acts on an old temperature"
    ),
    _HEAD + _HEARS.replace("< 12", "<= 12"): "At exactly 12 degrees",
    _HEAD + _HEARS.replace("< 12", "< 11"): "At 11 degrees no coat was fetched",
}
