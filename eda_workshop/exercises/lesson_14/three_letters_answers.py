"""Answers to the three letters: those that are right, and what people write on the way there."""

from __future__ import annotations

_EVENT = 'Event("cargo.loaded", {"cargo": "books"}, occurred="2026-03-01T12:00:00Z")'
_DATA = '{"port": "Vancouver", "pilot": "Ames", "pier": 7}'
_ARRIVAL = f'Event("ship.arrived", {_DATA}, occurred="2026-03-02T12:00:00Z")'


def _source(*lines: str) -> str:
    return "def three_letters(history):\n" + "\n".join(f"    {line}" for line in lines)


_FIRST = f"history.late({_EVENT}).commit()"
_SECOND = f'history.correct("evt-0001", data={_DATA}).commit()'
_THIRD = 'history.reject("evt-0005").commit()'


def _letters(*, first: str = _FIRST, second: str = _SECOND, third: str = _THIRD) -> str:
    return _source(*first.splitlines(), *second.splitlines(), *third.splitlines())


RIGHT = (
    _letters(),
    _source(
        'wrong = history.log.find("evt-0001")',
        "plans = (",
        f"    lambda: history.late({_EVENT}),",
        '    lambda: history.correct(wrong.id, data={**wrong.data, "port": "Vancouver"}, reason="mistaken"),',
        '    lambda: history.reject("evt-0005", reason="storm"),',
        ")",
        "for plan in plans:",
        "    plan().commit()",
    ),
)

WRONG = {
    _letters(
        first='history.log.append(Event("cargo.loaded", {"cargo": "books"}, occurred=history.log.clock.now()))'
    ): "The loading counts at the wrong time",
    _letters(
        first='history.late(Event("cargo.loaded", {"cargo": "books"}, occurred=history.log.clock.now())).commit()'
    ): "The loading counts at the wrong time",
    _letters(first=_FIRST.replace("books", "book")): "The loading has other data",
    _letters(first=_FIRST.replace("2026-", "2025-")): "The loading counts at the wrong time",
    _letters(first=_FIRST.replace(', occurred="2026-03-01T12:00:00Z"', "")): "The late event has no time of its own",
    _letters(
        first=_FIRST.replace('"cargo": "books"', '"loaded": "books"')
    ): "The freight can't do anything with the data",
    _letters(first=_FIRST.replace("cargo.loaded", "cargo.load")): "The loading goes by another name",
    _letters(third=_THIRD.replace("5", "4")): "The letters say nothing of this: the unloading",
    _letters(first=f"history.record({_EVENT})"): "record is for what happens now",
    _letters(first=f"{_FIRST}\n{_FIRST}"): "The books were loaded once",
    _letters(
        first=_FIRST.removesuffix(".commit()"),
        second=_SECOND.removesuffix(".commit()"),
        third=_THIRD.removesuffix(".commit()"),
    ): "The log is as it was before",
    _letters(first=_FIRST.removesuffix(".commit()")): "The first letter has no effect",
    _letters(second=_SECOND.removesuffix(".commit()")): "The second letter has no effect",
    _letters(third=_THIRD.removesuffix(".commit()")): "The third letter has no effect",
    _source(
        f"first = history.late({_EVENT})",
        f'second = history.correct("evt-0001", data={_DATA})',
        'third = history.reject("evt-0005")',
        "for plan in (first, second, third):",
        "    plan.commit()",
    ): "A plan was carried out after the log had grown",
    _letters(second='history.reject("evt-0001").commit()'): "The wrong arrival is out",
    _letters(second=f"history.late({_ARRIVAL}).commit()"): "Two arrivals count",
    _letters(second=_SECOND.replace("evt-0001", "evt-0003")): "The arrival of 4 March",
    _letters(second='history.correct("evt-0001", data={"port": "Vancouver"}).commit()'): (
        "The port is right, and the rest of the data is lost"
    ),
    _letters(
        second=f'history.correct("evt-0001", data={_DATA}, occurred=history.log.clock.now()).commit()'
    ): "The arrival counts at another time",
    _letters(second=f'history.log.append(Event("ship.arrived", {_DATA}, id="evt-0001"))'): (
        "You appended an id that is in the log already"
    ),
    _letters(second=f'history.log.find("evt-0001").data = {_DATA}'): "A recorded event was to be changed",
    _letters(third='history.reject("evt-0002").commit()'): "The departure of 3 March is out",
    _letters(third=f"{_THIRD}\n{_THIRD}"): "A rejection can't be rejected",
    _letters(
        third=f"plan = {_THIRD.removesuffix('.commit()')}\nplan.commit()\nhistory.reject(plan.event.id).commit()"
    ): ("A rejection can't be rejected"),
    _letters(
        third=f"plan = {_THIRD.removesuffix('.commit()')}\nplan.commit()\nhistory.withdraw(plan.event.id).commit()"
    ): "The departure was rejected, and then the rejection",
    _letters(third='history.correct("evt-0005", occurred="2026-03-07T12:00:00Z").commit()'): (
        "The departure was given another time"
    ),
    _letters(third='history.reject("evt-0005").commit()\nhistory.reject("evt-0004").commit()'): (
        "The letters say nothing of this"
    ),
    _letters(
        third=f'{_THIRD}\nlast = list(history.log)[-1]\nhistory.log.append(Event("event.rejected", {{"event": last.id}}))'
    ): "The departure was rejected, and then the rejection",
    _source(
        'log = open_log("memory://", clock=history.log.clock)',
        "for event in history.log.read(upto=4):",
        f"    log.append({_ARRIVAL} if event.position == 1 else event.event)",
        f"log.append({_EVENT})",
        "history.log = log",
    ): "You made another log",
}
