"""Answers that nobody foresaw: right in other words, or wrong in a way that looks right."""

import subprocess
import sys

import pytest

from eda_workshop import exercises
from eda_workshop.exercises.judge import judge
from eda_workshop.exercises.lesson_16.solutions import answer

EXERCISES = {exercise.id: exercise for exercise in exercises.every()}

RIGHT = {
    "put_right": (
        'def put_right(log):\n    data = {"event": "evt-0002", "amount": -90.0, "reason": "typed wrongly"}\n'
        '    log.append(Event("payment.corrected", data, id="c-1", occurred="2026-03-06T10:00:00Z"))',
    ),
    "moved": (
        "from types import MappingProxyType\n\n\ndef moved(state, event):\n    folder = event.data['folder']\n"
        "    return MappingProxyType({**state, folder: event.data['path']}) if folder in state else state",
    ),
    "unmoved": (
        "from types import MappingProxyType\n\n\ndef unmoved(state, event, kept):\n    if kept is None:\n        return state\n"
        "    return MappingProxyType({**state, event.data['folder']: kept})",
    ),
    "suppose": (
        'def suppose(timeline):\n    return timeline.branch("slip-5").drop("slip-6").drop("slip-7").drop("slip-10")',
    ),
    "wire": (
        "def wire(bus, post, screen):\n"
        '    bus.subscriber("post", durable=True, after=0, on_error="stop").on("book.returned", post)\n'
        '    bus.subscriber("screen", after=0).on("book.*", screen)',
        "def wire(bus, post, screen):\n"
        '    bus.subscriber("post", durable=True, after=0, on_error=retry(3, wait=5)).on("book.returned", post)\n'
        '    bus.subscriber("screen", after=0).on("book.*", screen)',
    ),
    "reserve": (
        "class Seat(Decider):\n    initial = ''\n    def boundary(command): return Query(tags='seat/' + command.data['seat'])\n"
        "    @applies('seat.reserved')\n    def reserved(holder, event): return event.data['who']\n"
        "    @decides('seat.reserve')\n    def reserve(holder, command):\n        if holder == command.data['who']: return\n"
        "        if holder: raise Rejected(holder)\n"
        "        return Event('seat.reserved', command.data, subject='seat/' + command.data['seat'])\n\n\n"
        "def reserve(log, seat, who):\n    try:\n        execute(log, Seat, Command('seat.reserve', {'seat': seat, 'who': who}))\n"
        "    except Rejected:\n        return False\n    return True",
        "def reserve(log, seat, who):\n    seen = log.head\n"
        "    found = [e.data['who'] for e in log.read(where=Query(tags=f'seat/{seat}'))]\n    if found:\n        return who in found\n"
        "    try:\n        log.append(Event('seat.reserved', dict(seat=seat, who=who), subject=f'seat/{seat}'), after=seen)\n"
        "    except Conflict:\n        return reserve(log, seat, who)\n    return True",
    ),
    "lend": (
        "import datetime\nfrom dataclasses import dataclass, replace\n\n\n"
        "@dataclass(frozen=True)\nclass Shelf:\n    out: bool = False\n    line: tuple = ()\n\n\n"
        "class Library(Decider):\n    initial = Shelf()\n"
        "    def boundary(command): return Query('book.*', tags='book/' + command.data['title'])\n"
        "    @applies('book.borrowed')\n    def out(shelf, event):\n"
        "        return Shelf(True, tuple(r for r in shelf.line if r != event.data['reader']))\n"
        "    @applies('book.returned')\n    def back(shelf, event): return replace(shelf, out=False)\n"
        "    @applies('book.reserved')\n    def wait(shelf, event): return replace(shelf, line=shelf.line + (event.data['reader'],))\n"
        "    @decides('book.lend')\n    def decide(shelf, command):\n        asked = command.data\n"
        "        if shelf.out or [*shelf.line, asked['reader']][0] != asked['reader']:\n            raise Rejected('no')\n"
        "        due = datetime.datetime.fromisoformat(asked['day']) + datetime.timedelta(days=10)\n"
        "        data = {'due': f'{due:%Y-%m-%d}', 'reader': asked['reader'], 'title': asked['title']}\n"
        "        tags = ['reader/' + asked['reader']]\n"
        "        return [Event('book.borrowed', data, subject='book/' + asked['title'], tags=tags)]\n\n\nlend = Library",
    ),
    "seat_and_wallet": (
        "def seat_and_wallet(log, seat, who):\n    mine, wallet = Query(tags=f'seat/{seat}'), Query(tags=f'wallet/{who}')\n"
        "    seen = log.head\n    money = {'wallet.topped_up': 1, 'wallet.charged': -1}\n"
        "    euros = sum(money[e.name] * e.data['euros'] for e in log.read(upto=seen, where=wallet))\n"
        "    if euros < 10 or any(log.read(upto=seen, where=mine)):\n        return False\n"
        "    paid = Event('wallet.charged', {'euros': 10, 'who': who}, subject=f'wallet/{who}')\n"
        "    sits = Event('seat.reserved', {'who': who, 'seat': seat}, subject=f'seat/{seat}', tags=[f'user/{who}'])\n"
        "    try:\n        log.append(paid, sits, after=seen, unless=wallet | mine)\n"
        "    except Conflict:\n        return seat_and_wallet(log, seat, who)\n    return True",
    ),
    "unique_name": (
        "def unique_name(log, shown, folder, name):\n    tag = 'name:' + name.casefold()\n    same = Query(tags=tag)\n"
        "    created = Event('folder.created', {'folder': folder, 'name': name}, subject=f'folder/{folder}', tags=[tag, 'new'])\n"
        "    for _ in range(9):\n        seen = log.head\n        newest = next(log.read(where=same, reverse=True), None)\n"
        "        if newest and newest.name != 'folder.deleted':\n            return False\n"
        "        try:\n            return bool(log.append(created, after=seen, unless=same))\n"
        "        except Conflict:\n            continue",
    ),
    "kill_the_mutants": (
        "from eda_workshop.stories.desks import *\n\n\ndef everything(decider):\n    desk = spec(decider)\n"
        "    desk.when(lending('emma', 'ada', 9)).then(borrowed('emma', 'ada', 9))\n"
        "    desk.given(borrowed('emma', 'ada')).when(returning('emma', 'bob')).refused()\n"
        "    desk.given(reserved('emma', 'cy')).when(lending('emma', 'ada')).refused()\n"
        "    three = desk.given(*(borrowed(title, 'ada') for title in 'abc'))\n    three.when(lending('d', 'ada')).refused()\n"
        "    three.given(returned('b', 'ada')).when(lending('d', 'ada')).then(borrowed('d', 'ada'))\n\n\n"
        "kill_the_mutants = (everything, lambda decider: spec(decider).when(lending('a', 'b')).refused())",
    ),
    "compensate": (
        "def compensate(steps):\n    done, failed = [], []\n    for do, undo in steps:\n        try:\n            do()\n"
        "        except Exception as error:\n            failed.append(error)\n            break\n        done.append(undo)\n"
        "    while failed and done:\n        try:\n            done.pop()()\n        except Exception as error:\n"
        "            failed.append(error)\n    return tuple(failed)",
    ),
}


@pytest.mark.parametrize(
    ("id", "source"), [pytest.param(id, source, id=f"{id}-{n}") for id in RIGHT for n, source in enumerate(RIGHT[id])]
)
def test_what_is_right_in_other_words_is_right(id, source):
    """Another mapping, a reason beside the amount, a float for a whole number, an id for a position."""
    outcome = judge(EXERCISES[id], answer(source, id))
    assert outcome.state == "right", outcome.sentence


def test_a_check_is_right_the_first_time():
    """In a program that has just begun, which has yet to find out where modules come from."""
    program = (
        "from eda_workshop.exercises import every\nfrom eda_workshop.exercises.judge import judge\n"
        "from eda_workshop.exercises.lesson_16.solutions import answer\n"
        "moved = next(each for each in every() if each.id == 'moved')\n"
        "print(judge(moved, answer(moved.solutions[0], 'moved')).state)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert ran.stdout == "right\n", ran.stderr
