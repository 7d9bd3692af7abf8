"""Answers to lend by rule: right ones, and what people write on the way there."""

from __future__ import annotations

_RIGHT = """from datetime import date, timedelta


class Lending(Decider):
    initial = ("", ())

    def boundary(command):
        return Query(tags=f"book/{command.data['title']}")

    @applies("book.borrowed", "book.returned", "book.reserved")
    def follow(state, event):
        holder, line = state
        reader = event.data["reader"]
        if event.name == "book.reserved":
            return holder, (*line, reader)
        if event.name == "book.returned":
            return "", line
        return reader, tuple(other for other in line if other != reader)

    @decides("book.lend")
    def lend(state, command):
        holder, line = state
        title, reader = command.data["title"], command.data["reader"]
        if holder:
            raise Rejected(f"{holder} has it")
        if line and line[0] != reader:
            raise Rejected(f"{line[0]} is first in line")
        due = date.fromisoformat(command.data["day"]) + timedelta(days=10)
        return Event(
            "book.borrowed",
            {"title": title, "reader": reader, "due": due.isoformat()},
            subject=f"book/{title}",
        )


lend = Lending"""
_BY_NAME = """from datetime import date, timedelta


class lend(Decider):
    initial = {"in": True, "line": []}

    def boundary(command):
        return Query(["book.borrowed", "book.returned", "book.reserved"], tags="book/" + command.data["title"])

    @applies("book.borrowed")
    def borrowed(state, event):
        return {"in": False, "line": [other for other in state["line"] if other != event.data["reader"]]}

    @applies("book.returned")
    def returned(state, event):
        return {**state, "in": True}

    @applies("book.reserved")
    def reserved(state, event):
        return {**state, "line": [*state["line"], event.data["reader"]]}

    @decides("book.lend")
    def decide(state, command):
        asked = dict(command.data)
        due = date.fromisoformat(asked.pop("day")) + timedelta(10)
        if not state["in"] or asked["reader"] not in (*state["line"], asked["reader"])[:1]:
            raise Rejected("not now")
        yield Event("book.borrowed", asked | {"due": str(due)}, subject="book/" + asked["title"])"""

RIGHT = (_RIGHT, _BY_NAME)

_LINE = """        if line and line[0] != reader:
            raise Rejected(f"{line[0]} is first in line")
"""
_OUT = """        if holder:
            raise Rejected(f"{holder} has it")
"""
_FOLLOW = """        holder, line = state
        reader = event.data["reader"]
        if event.name == "book.reserved":
            return holder, (*line, reader)
        if event.name == "book.returned":
            return "", line
        return reader, tuple(other for other in line if other != reader)
"""
_CHANGES = """        reader = event.data["reader"]
        if event.name == "book.reserved":
            state["line"].append(reader)
        elif event.name == "book.returned":
            state["holder"] = ""
        else:
            state["holder"] = reader
        return state
"""
_OUTSIDE = """        if event.name == "book.reserved":
            waiting.append(event.data["reader"])
            return state
        return "" if event.name == "book.returned" else event.data["reader"], waiting
"""
_BOUNDARY = "Query(tags=f\"book/{command.data['title']}\")"
_WHOLE_LOG = """from datetime import date, timedelta


class lend(Decider):
    initial = {"holder": {}, "line": {}}

    def boundary(command):
        return Query()

    @applies("book.borrowed")
    def borrowed(state, event):
        title, reader = event.data["title"], event.data["reader"]
        line = [other for other in state["line"].get(title, []) if other != reader]
        return {"holder": {**state["holder"], title: reader}, "line": {**state["line"], title: line}}

    @applies("book.returned")
    def returned(state, event):
        return {**state, "holder": {**state["holder"], event.data["title"]: ""}}

    @applies("book.reserved")
    def reserved(state, event):
        title = event.data["title"]
        return {**state, "line": {**state["line"], title: [*state["line"].get(title, []), event.data["reader"]]}}

    @decides("book.lend")
    def decide(state, command):
        title, reader = command.data["title"], command.data["reader"]
        line = state["line"].get(title, [])
        if state["holder"].get(title) or (line and line[0] != reader):
            raise Rejected("not now")
        due = date.fromisoformat(command.data["day"]) + timedelta(days=10)
        data = {"title": title, "reader": reader, "due": due.isoformat()}
        return Event("book.borrowed", data, subject=f"book/{title}")"""


def _with(old: str, new: str) -> str:
    return _RIGHT.replace(old, new)


WRONG = {
    _with(_LINE, ""): "Ada got Emma, and Grace has waited longer",
    _with(_OUT, ""): "Two readers have Emma",
    _with(_OUT, "").replace(
        "        return reader, tuple",
        '        if holder:\n            raise Rejected(f"{holder} has it")\n        return reader, tuple',
    ): "Your reducer refuses what has happened",
    _with('date.fromisoformat(command.data["day"])', "date.today()"): "Your decision reads a clock",
    _with("days=10", "days=9"): "The book is due on another day",
    _with(_FOLLOW, _CHANGES)
    .replace('("", ())', '{"holder": "", "line": []}')
    .replace(
        "holder, line = state", 'holder, line = state["holder"], state["line"]'
    ): "Your reducer changes the state that",
    _with(_FOLLOW, _OUTSIDE)
    .replace("class Lending", "waiting = []\n\n\nclass Lending")
    .replace("holder, line = state", "holder, line = state[0], waiting"): "You keep something outside the state",
    _with("if line and line[0] != reader", "if line"): "Grace is first in line, and you refuse her, too",
    _with("tuple(other for other in line if other != reader)", "line"): "Grace has had Emma and brought it back",
    _with('return "", line', "return holder, line"): "Bob has brought Emma back",
    _with(
        '            raise Rejected(f"{holder} has it")', "            return None"
    ): "Bob has Emma, and nobody tells Ada no",
    _WHOLE_LOG: "Right, but every stranger disturbs you",
    _WHOLE_LOG.replace("Query()", 'Query("book.*")'): "Right, but every stranger disturbs you",
    _with(_BOUNDARY, 'Query("book.*")'): "Bob has a different book",
    _with(_BOUNDARY, "Query(['book.borrowed', 'book.returned'], tags=f\"book/{command.data['title']}\")"): (
        "Your boundary leaves out the reservations"
    ),
    _with('            subject=f"book/{title}",\n', ""): "Your event has no subject",
}
