"""The board of two axes."""

import pytest
from labelled import control

from eda_workshop.widgets import TwoAxes
from eda_workshop.widgets.axes import DEPLOYMENTS, MACHINES, PARTS, AxesSettings, run


@pytest.mark.parametrize("machines", MACHINES)
@pytest.mark.parametrize("how", DEPLOYMENTS)
def test_the_axes_are_independent(how, machines):
    """How it is deployed decides what restarts, on how many machines it runs decides the hops, and neither the other."""
    state = run(AxesSettings(how, machines))
    assert len(state.restarted) == (1 if how == "a unit each" else 5)
    assert state.units == (5 if how == "a unit each" else 1)
    assert (state.machines, state.hops) == (machines, 2 * (machines - 1))


@pytest.mark.parametrize("machines", MACHINES)
def test_each_part_has_one_machine(machines):
    """All six parts are somewhere, once."""
    found = [name for names in MACHINES[machines] for name in names]
    assert sorted(found) == sorted((*PARTS, "database"))


def test_controls_and_code_say_the_same():
    """Each control has its method, and follows it."""
    axes = TwoAxes()
    control(axes, "Deploy as").value = "a unit each"
    control(axes, "Machines").value = 4
    control(axes, "Hop (ms)").value = 20
    control(axes, "Change").value = "mailer"
    by_hand = axes.picture.words
    other = TwoAxes()
    other.deploy("a unit each")
    other.machines(4)
    other.delay(20)
    assert other.change("mailer").words == by_hand
    assert control(other, "Machines").value == 4
    assert by_hand == (
        "Services on 4 machines: 5 units. A change of mailer restarts 1 of 5 parts; "
        "one request makes 6 hops between machines, 120 ms in all."
    )


@pytest.mark.parametrize(
    "mistake",
    [
        lambda a: a.deploy("by hand"),
        lambda a: a.machines(5),
        lambda a: a.machines(2.0),
        lambda a: a.change("database"),
        lambda a: a.delay(0),
    ],
)
def test_a_mistake_is_told_and_changes_nothing(mistake):
    """In the status line; nothing raises."""
    axes = TwoAxes()
    assert mistake(axes).words.startswith("Refused: ")
    assert axes.settings == AxesSettings()


def test_start_over():
    """Everything as it was, controls included."""
    axes = TwoAxes()
    axes.machines(1)
    axes.reset()
    assert (axes.settings, control(axes, "Machines").value) == (AxesSettings(), 3)
