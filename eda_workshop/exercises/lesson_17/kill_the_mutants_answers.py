"""Answers to specs that catch wrong desks: good ones, and what people write on the way there."""

from __future__ import annotations

_IMPORTS = """from eda_workshop.stories.desks import borrowed, lending, reserved, reserving, returned, returning
"""
_LENDS = """

def lends(decider):
    return spec(decider).when(lending("emma", "ada")).then(borrowed("emma", "ada"))
"""
_TAKES_BACK = """

def takes_back(decider):
    return spec(decider).given(borrowed("emma", "ada")).when(returning("emma", "ada")).then(returned("emma", "ada"))
"""
_REFUSALS = """

def out(decider):
    return spec(decider).given(borrowed("emma", "bob")).when(lending("emma", "ada")).refused()


def not_hers(decider):
    return spec(decider).given(borrowed("emma", "ada")).when(returning("emma", "bob")).refused()


def fourth(decider):
    return spec(decider).given(*THREE).when(lending("emma", "ada")).refused()


def past_the_line(decider):
    line = reserved("emma", "grace"), reserved("emma", "cy")
    return spec(decider).given(*line).when(lending("emma", "cy")).refused()
"""
_EDGES = """

def third_again(decider):
    given = spec(decider).given(*THREE, returned("dune", "ada"))
    return given.when(lending("emma", "ada")).then(borrowed("emma", "ada"))


def next_in_line(decider):
    had = reserved("emma", "grace"), reserved("emma", "cy"), borrowed("emma", "grace"), returned("emma", "grace")
    return spec(decider).given(*had).when(lending("emma", "cy")).then(borrowed("emma", "cy"))
"""
_THREE = """
THREE = [borrowed(title, "ada") for title in ("dune", "faust", "ulysses")]
"""

RIGHT = (
    f"{_IMPORTS}{_THREE}{_LENDS}{_TAKES_BACK}{_REFUSALS}{_EDGES}\n\n"
    "kill_the_mutants = [lends, takes_back, out, not_hers, fourth, past_the_line, third_again, next_in_line]",
)


def _specs(body: str, names: str) -> str:
    return f"{_IMPORTS}{body}\n\nkill_the_mutants = [{names}]"


WRONG = {
    _specs(_LENDS + _TAKES_BACK, "lends, takes_back"): "Not one refusal is checked",
    _specs(
        _LENDS
        + """

def not_out(decider):
    return spec(decider).when(returning("emma", "ada")).refused()


def not_his(decider):
    return spec(decider).when(returning("dune", "bob")).refused()
""",
        "lends, not_out, not_his",
    ): "Your specs all begin where nothing has happened",
    _specs(
        """

def lends(decider):
    log = open_log("memory://")
    execute(log, decider, lending("emma", "ada"))
    assert fold(log, decider)["holder"] == {"emma": "ada"}
""",
        "lends",
    ): "Your spec lends looks into the state",
    _specs(
        """

def out(decider):
    log = open_log("memory://")
    execute(log, decider, lending("emma", "ada"))
    spec(decider).given(*log).when(lending("emma", "bob")).refused()


def free(decider):
    log = open_log("memory://")
    execute(log, decider, lending("emma", "ada"))
    execute(log, decider, returning("emma", "ada"))
    execute(log, decider, lending("emma", "bob"))
""",
        "out, free",
    ): "No spec looks at the events",
    _specs(
        """

def out(decider):
    said = spec(decider).given(borrowed("emma", "bob")).when(lending("emma", "ada")).refused().outcome
    assert "bob has emma" in said
""",
        "out",
    ): "A right desk fails your spec out, because it says no in other words",
    _specs(_LENDS.replace('borrowed("emma", "ada")', 'borrowed("emma", "ada", day=3)'), "lends"): (
        "Your spec lends fails on the right desk"
    ),
    _specs(_LENDS.replace('.then(borrowed("emma", "ada"))', ""), "lends"): "Your spec lends claims nothing",
    _specs(_THREE + _LENDS + _REFUSALS, "lends, out, fourth"): "Your specs catch 4 of 8 wrong desks",
    "kill_the_mutants = [1]": "Your answer isn't a list of specs",
    "kill_the_mutants = []": "There are no specs in your list",
}
