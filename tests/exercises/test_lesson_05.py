"""Lesson 05: right answers that are written in another way."""

import pytest

import eda_workshop
from eda_workshop.exercises import registry
from eda_workshop.exercises.judge import judge
from eda_workshop.exercises.lesson_05.find_the_bug import RIGHT

EXERCISES = {exercise.id: exercise for exercise in registry.of(5)}


def outcome(name, source):
    """What a learner is told for this source."""
    names = {public: getattr(eda_workshop, public) for public in eda_workshop.__all__}
    exec(compile(source, "<cell>", "exec"), names)
    return judge(EXERCISES[name], names[name])


@pytest.mark.parametrize("number", range(2))
def test_each_line_that_causes_a_symptom_counts(number):
    """Some symptoms have two; a message of another shape may lack one value or the other."""
    assert (
        judge(EXERCISES["find_the_bug"], {letter: lines[-number] for letter, lines in RIGHT.items()}).state == "right"
    )


def test_a_failure_may_come_out_in_another_guise():
    """The error of the mail server, or one that the handler makes of it."""
    source = """def idempotent(outbox):
    done = set()

    def handler(event):
        if event.id in done:
            return
        try:
            outbox.append(event.data["user"])
        except ConnectionError as error:
            raise RuntimeError("again, please") from error
        done.add(event.id)

    return handler"""
    assert outcome("idempotent", source).state == "right"


@pytest.mark.parametrize(
    "subscriber", ['"disk", durable=True', '"disk", after=0', '"disk", durable=True, after=0, on_error="park"']
)
def test_other_places_in_the_log_pass(subscriber):
    """A subscriber that always begins at the beginning is slow, and right: a set takes a path twice."""
    source = f"""def log_first(bus, disk):
    bus.subscriber({subscriber}).on("folder.created", lambda event: disk.add(event.data["path"]))
    return lambda path: bus.publish("folder.created", {{"path": path}})"""
    assert outcome("log_first", source).state == "right"
