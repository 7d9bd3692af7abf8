"""Answers to what counts: two that are right, and what people write on the way there."""

from __future__ import annotations

_PLACE = '(event["occurred"], event["position"])'
_SPEAK = '("event.rejected", "event.corrected")'


def _source(*lines: str) -> str:
    return "def what_counts(events):\n" + "\n".join(f"    {line}" for line in lines)


def _answer(
    *,
    newest: str = 'sorted(events, key=lambda event: event["position"], reverse=True)',
    void: str = 'void.add(event["data"]["event"])',
    note: str = 'changes[target] = {**event["data"], **changes.get(target, {})}',
    skip: str = f'event["id"] in void or event["name"] in {_SPEAK}',
    change: str = "{**event, **right}",
    key: str = _PLACE,
    fields: str = '("data", "occurred")',
) -> str:
    """Newest first to see what stands; then the events, changed and sorted."""
    return _source(
        "void, changes, counting = set(), {}, []",
        f"for event in {newest}:",
        '    target = event["data"].get("event")',
        '    if event["id"] in void:',
        "        continue",
        '    if event["name"] == "event.rejected":',
        f"        {void}",
        '    if event["name"] == "event.corrected":',
        f"        {note}",
        "for event in events:",
        f"    if {skip}:",
        "        continue",
        f'    right = {{key: value for key, value in changes.get(event["id"], {{}}).items() if key in {fields}}}',
        f"    counting.append({change})",
        f"return sorted(counting, key=lambda event: {key})",
    )


def _plain(
    *, test: str, void: str, sort: str = _PLACE, body: tuple[str, ...] = ("counting.append(dict(event))",)
) -> str:
    """One set of ids that do not count, and what is left."""
    return _source(
        f"void = {void}",
        "counting = []",
        "for event in events:",
        f"    if {test}:",
        *(f"        {line}" for line in body),
        f"return sorted(counting, key=lambda event: {sort})",
    )


_ALL = '{event["data"]["event"] for event in events if event["name"] == "event.rejected"}'
_IS_EVENT = f'event["name"] not in {_SPEAK} and event["id"] not in void'
_CORRECT = (
    'mine = [each["data"] for each in events if each["data"].get("event") == event["id"] and each["id"] not in void]',
    "counting.append(event)",
    "for change in mine:",
    '    counting[-1] = {**counting[-1], **{key: change[key] for key in ("data", "occurred") if key in change}}',
)
_BACK = (
    '{other["data"]["event"] for event in events for other in events'
    ' if event["name"] == other["name"] == "event.rejected" and event["data"]["event"] == other["id"]}'
)
_STEPWISE = _source(
    'void, known = set(), {event["id"]: event for event in events}',
    'for event in sorted(events, key=lambda event: event["position"]):',
    '    if event["name"] == "event.rejected":',
    '        target = known[event["data"]["event"]]',
    '        if target["name"] == "event.rejected":',
    '            void.discard(target["data"]["event"])',
    "        else:",
    '            void.add(target["id"])',
    "counting = []",
    "for event in events:",
    f"    if {_IS_EVENT}:",
    *(f"        {line}" for line in _CORRECT),
    f"return sorted(counting, key=lambda event: {_PLACE})",
)
_IN_PLACE = _source(
    "for event in list(events):",
    '    if event["name"] == "event.rejected":',
    "        events.remove(event)",
    '        events[:] = [each for each in events if each["id"] != event["data"]["event"]]',
    f"return sorted(events, key=lambda event: {_PLACE})",
)
_REPLACED = _source(
    "for change in events:",
    "    for event in events:",
    '        if change["name"] == "event.corrected" and event["id"] == change["data"]["event"]:',
    '            event.update({key: change["data"][key] for key in ("data", "occurred") if key in change["data"]})',
    f"void = {_ALL}",
    f"return sorted((event for event in events if {_IS_EVENT}), key=lambda event: {_PLACE})",
)
_APPENDED = _source(
    f"void = {_ALL}",
    "known = {event['id']: event for event in events}",
    "counting = []",
    "for event in events:",
    '    if event["name"] == "event.corrected":',
    '        counting.append({**known[event["data"]["event"]], **{key: value for key, value in event["data"].items() if key != "event"}})',
    '    elif event["name"] != "event.rejected" and event["id"] not in void:',
    "        counting.append(event)",
    f"return sorted(counting, key=lambda event: {_PLACE})",
)

RIGHT = (
    _answer(),
    _source(
        "def about(id, name):",
        '    found = [event for event in recorded if event["name"] == name and event["data"]["event"] == id]',
        '    return [event for event in found if not about(event["id"], "event.rejected")]',
        "",
        'recorded, counting = sorted(events, key=lambda event: event["position"]), []',
        "for event in recorded:",
        f'    if event["name"] in {_SPEAK} or about(event["id"], "event.rejected"):',
        "        continue",
        '    for change in about(event["id"], "event.corrected"):',
        '        said = {key: change["data"][key] for key in ("data", "occurred") if key in change["data"]}',
        "        event = {**event, **said}",
        "    counting.append(event)",
        'return sorted(counting, key=lambda event: event["occurred"])  # stable: ties keep the order recorded',
    ),
)

WRONG = {
    _source('return sorted(events, key=lambda event: event["position"])'): "That is the order in which they were recorded",
    _answer(key='event["position"]'): "That is the order in which they were recorded",
    _answer(key='event["occurred"]'): "Some events occurred at the same moment",
    _answer(key='(event["occurred"], event["id"])'): "Some events occurred at the same moment",
    _answer(key='event["occurred"], reverse=True'): "The newest comes first",
    _answer(skip=f'event["name"] in {_SPEAK}'): "A rejected event is still there",
    _answer(skip='event["id"] in void'): "Rejections and corrections are in the list",
    _source(f"return sorted(events, key=lambda event: {_PLACE})"): "Rejections and corrections are in the list",
    _APPENDED: "What was corrected is in the list twice",
    _answer(change="event"): "The event counts with its old data",
    _answer(change='{**event, "data": right.get("data", event["data"])}'): "The event counts at its old time",
    _answer(fields='("data", "event", "occurred")', change='{**event, "data": right or event["data"]}'): (
        "The data is that of the correction"
    ),
    _answer(change='{**event, **right, "data": {**event["data"], **right.get("data", {})}}'): "Old data and new were mixed",
    _answer(note='changes[target] = {"data": event["data"]["data"], "occurred": event["data"]["occurred"]}'): (
        "A correction speaks of the data, of the time, or of both"
    ),
    _answer(note='changes[target] = {**event["data"], "occurred": event["occurred"]}'): (
        "The time of the event is another one now"
    ),
    _answer(change='{**event, **changes.get(event["id"], {})}'): "The event has got fields that no event has",
    _answer(note='changes[target] = event["data"]'): "The event was corrected twice",
    _answer(note='changes.setdefault(target, event["data"])'): "The second correction is about the time only",
    _answer(note='changes[target] = {**event["data"], **changes.get(target, {})}\n            void.add(target)'): (
        "The wrong event is out, and the right one is not in"
    ),
    _plain(test=_IS_EVENT, void=_ALL, body=_CORRECT): "The rejection was rejected itself",
    _plain(test=_IS_EVENT, void=f"{_ALL} - {_BACK}", body=_CORRECT): "The first rejection was taken back, and the event",
    _STEPWISE: "Even what takes a rejection back",
    _answer(newest='sorted(events, key=lambda event: event["position"])', note=(
        'changes[target] = {**changes.get(target, {}), **event["data"]}'
    )): "The rejection was rejected itself",
    _answer(newest="reversed(events)"): "You went by the order of the list",
    _answer(key="0").replace("for event in events:", f"for event in sorted(events, key=lambda event: {_PLACE}):"): (
        "What was really at another time stands"
    ),
    _IN_PLACE: "The events that you were given were changed",
    _REPLACED: "The events that you were given were changed",
    _source("events.sort(key=lambda event: event['occurred'])", "return events"): "The events that you were given",
    _answer().replace("return sorted(counting", "return sorted((event['id'] for event in counting)").replace(
        f"key=lambda event: {_PLACE}", "key=str"
    ): "Whole events were asked for",
}  # fmt: skip
