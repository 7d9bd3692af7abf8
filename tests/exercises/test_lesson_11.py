"""Lesson 11: right answers that are written in another way, and wrong ones that look right."""

import textwrap

import pytest

import eda_workshop
from eda_workshop.exercises import registry
from eda_workshop.exercises.judge import judge

EXERCISES = {exercise.id: exercise for exercise in registry.of(11)}
KEEPS = """
valet, copy = bus.subscriber("valet"), {"degrees": ask_sensor()}
valet.on("temperature.changed", lambda event: copy.update(event.data))
"""
UNDOES = """
done = []
for do, undo in steps:
    try:
        do()
    except Exception as error:
        problems = []
        for back in reversed(done):
            try:
                back()
            except Exception as problem:
                problems.append(problem)
        END
    done.append(undo)
return []
"""


def outcome(name, body):
    """What a learner is told for a function with this body."""
    head = EXERCISES[name].stub.splitlines()[0]
    names = {public: getattr(eda_workshop, public) for public in eda_workshop.__all__}
    source = f"{head}\n{textwrap.indent(textwrap.dedent(body).strip(), '    ')}"
    exec(compile(source, "<cell>", "exec"), names)
    return judge(EXERCISES[name], names[name])


@pytest.mark.parametrize(
    "body",
    [
        KEEPS + 'valet.on("departure.announced", lambda event: coats.append(copy["degrees"] < 12))',
        """
        def dress(event):
            told = [each for each in bus.log if each.name == "temperature.changed"]
            coats.append(told[-1].data["degrees"] < 12)
        bus.subscriber("valet").on("departure.announced", dress)
        """,
        """
        class Valet:
            def __init__(self):
                self.degrees = ask_sensor()
            def hear(self, event):
                self.degrees = event.data["degrees"]
            def dress(self, event):
                coats.append(self.degrees < 12)
                bus.publish("coat.fetched")
        valet, ears = Valet(), bus.subscriber("valet")
        ears.on("temperature.changed", valet.hear)
        ears.on("departure.announced", valet.dress)
        """,
    ],
    ids=["asks at the start", "reads the log", "a class that says what it did"],
)
def test_other_ways_to_hold_a_temperature(body):
    """A copy, the log itself, an object: none asks at the door."""
    assert outcome("going_out", body).state == "right"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            KEEPS + "gone = []\n"
            "def dress(event):\n    gone.append(event)\n"
            "    coats.append((copy['degrees'] if len(gone) == 1 else ask_sensor()) < 12)\n"
            'valet.on("departure.announced", dress)',
            "The sensor was asked while",
        ),
        (
            'copy = {"degrees": 99}\nvalet = bus.subscriber("valet")\n'
            'valet.on("temperature.changed", lambda event: copy.update(event.data))\n'
            'valet.on("departure.announced", lambda event: coats.append(copy["degrees"] < 12))',
            "The valet came later",
        ),
        (
            KEEPS + 'valet.on("departure.announced", lambda event: coats.append("coat"))',
            "What is appended is True or False",
        ),
    ],
    ids=["asks from the second time on", "assumes that it is warm", "appends a word"],
)
def test_a_copy_that_is_none(body, said):
    """What holds at the first departure doesn't have to hold at the next."""
    assert outcome("going_out", body).sentence.startswith(said)


@pytest.mark.parametrize(
    "end",
    [
        "return [error, *problems]",
        "return [error] + problems",
        "return error, *problems",
        "problems.insert(0, error)\n        return problems",
    ],
    ids=["unpacked", "added", "a tuple", "in the list of problems"],
)
def test_every_way_to_tell_of_a_failed_undo(end):
    """However the errors are put together: none goes unnoticed."""
    assert outcome("compensate", UNDOES.replace("END", end)).state == "right"


@pytest.mark.parametrize("end", ["return [error]", "if problems: raise problems[0]\n        return [error]"])
def test_a_failed_undo_that_nobody_hears_of(end):
    """The bare reason, or the first of two problems, says nothing of what else could not be undone."""
    assert outcome("compensate", UNDOES.replace("END", end)).sentence.startswith("An undo failed, and nobody is told")


def test_a_circle_found_by_another_walk():
    """From each name in turn, until the walk is back at that name; the circle may begin anywhere."""
    body = """
    follows = {}
    for hears, says in table.values():
        for name in hears:
            follows.setdefault(name, []).extend(says)
    for start in reversed(list(follows)):
        ways, seen = [[start]], set()
        while ways:
            way = ways.pop()
            for name in follows.get(way[-1], []):
                if name == start:
                    return (*way, name)
                if name not in seen:
                    seen.add(name)
                    ways.append([*way, name])
    return ()
    """
    assert outcome("circles", body).state == "right"


@pytest.mark.parametrize(
    "body",
    [
        'f = told["folder"]\nreturn copy | {f: max(told, copy.get(f, told), key=lambda each: each["version"])}',
        'f = told["folder"]\nif copy.get(f, {"version": 0})["version"] < told["version"]:\n    copy[f] = dict(told)\nreturn copy',
    ],
    ids=["max", "in place"],
)
def test_other_ways_to_keep_the_newest(body):
    """A new dict or the old one, the whole message or a part."""
    assert outcome("newest", body).state == "right"
