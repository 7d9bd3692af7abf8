"""Charts of systems at work."""

import pytest

from eda_workshop.errors import BadSetting
from eda_workshop.show.runs import copy_chart, requests_chart
from eda_workshop.simulate import Cut, Load, Operation, Outage, Service, System, event, run_system
from eda_workshop.simulate.architectures import ARCHITECTURES


def runs(count):
    """So many architectures in the same outage."""
    names = list(ARCHITECTURES)[-count:]
    return {
        name: run_system(ARCHITECTURES[name].system, Load(5, 10), [Outage("mailer", 3, 3)], seed=1) for name in names
    }


def test_the_sentence_says_who_answered():
    """Each run with its share, and how many more the best answered than the worst."""
    found = runs(2)
    chart = requests_chart(found, [Outage("mailer", 3, 3)])
    more = found["event-driven"].all.answered - found["microservices by request"].all.answered
    assert chart.words.startswith("Answered of 50 requests: microservices by request ")
    assert chart.words.endswith(f"{more} more with event-driven than with microservices by request.")


def test_every_request_is_drawn():
    """A dot for each answer, a cross for each failure, a shade for the fault."""
    found = runs(1)
    figure = requests_chart(found, [Outage("mailer", 3, 3)]).figure
    good, bad = (len(drawn.get_offsets()) for drawn in figure.axes[0].collections)
    assert (good, bad) == (50, 0)
    assert len(figure.axes[0].patches) == 1


def test_the_age_of_a_copy():
    """The highest point is the oldest that the copy ever was."""
    operations = [Operation("list", "page"), Operation("share", "phone")]
    links = [event("phone", "folder.shared", "page", "share")]
    system = System("page", [Service("page", 0), Service("phone", 0)], links, operations)
    run = run_system(system, Load(5, 20), [Cut("page", "phone", 5, 5)], seed=1)
    chart = copy_chart(run, "page", [Cut("page", "phone", 5, 5)])
    drawn = chart.figure.axes[0].lines[0].get_ydata()
    assert max(drawn) == run.services["page"].oldest > 3
    assert f"up to {run.services['page'].oldest:.1f} s old" in chart.words


def test_what_can_t_be_drawn_is_told():
    """No runs, too many runs, a service without a copy."""
    with pytest.raises(BadSetting):
        requests_chart({})
    with pytest.raises(BadSetting):
        requests_chart(runs(7))
    with pytest.raises(BadSetting, match="one that answered from a copy"):
        copy_chart(runs(1)["event-driven"], "mailer")
