"""The same system, tied otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop.errors import BadSetting, BadSystem
from eda_workshop.simulate import KINDS, Load, blast, run_system, tie
from eda_workshop.simulate.architectures import ARCHITECTURES

SYSTEMS = {name: each.system for name, each in ARCHITECTURES.items()}
MICROLITH = SYSTEMS["microlith"]


@pytest.mark.parametrize(
    ("kind", "lost"), [("call", True), ("queue and wait", True), ("queue", False), ("event", False)]
)
def test_what_the_kind_of_a_link_decides(kind, lost):
    """Whether sharing fails with the mailer depends on whether anybody waits, not on whether there is a queue."""
    assert ("share" in blast(tie(MICROLITH, "sharing", "mailer", kind), "mailer").lost) == lost


def test_a_target_that_is_told_goes_on_as_one_that_was_asked():
    """Sharing that hears of a request instead of answering it still writes its mails and its rows."""
    told = tie(MICROLITH, "web", "sharing", "event")
    before, after = (run_system(system, Load(5, 20), seed=1) for system in (MICROLITH, told))
    for name in ("sharing", "mailer", "database", "folders"):
        assert after.services[name].handled == before.services[name].handled, name
    assert after.of("share").mean < before.of("share").mean


def test_there_and_back():
    """A link that is tied as an event and then as a call again does what it did."""
    back = tie(tie(MICROLITH, "web", "sharing", "event"), "web", "sharing", "queue and wait")
    assert run_system(back, Load(5, 10), seed=1).requests == run_system(MICROLITH, Load(5, 10), seed=1).requests


def tie_or_circle(system, source, target, kind):
    """The system tied so; as it was where that would be a circle of calls, which is refused."""
    try:
        return tie(system, source, target, kind)
    except BadSystem as refused:
        if "called in a circle" not in str(refused):
            raise
        return system


@given(st.data())
def test_any_link_of_any_architecture_can_be_tied(data):
    """What comes out is a system in which everybody still does the same work, or a refusal that names the circle."""
    system = SYSTEMS[data.draw(st.sampled_from(list(SYSTEMS)))]
    links = sorted({(link.source, link.target) for link in system.links})
    source, target = data.draw(st.sampled_from(links))
    tied = tie_or_circle(system, source, target, data.draw(st.sampled_from(KINDS)))
    before, after = (run_system(each, Load(4, 10), seed=1) for each in (system, tied))
    assert after.all.answered == before.all.answered
    assert after.services["mailer"].handled == before.services["mailer"].handled


def test_what_is_not_there_is_told():
    """An unknown link or kind is refused with those that there are."""
    with pytest.raises(BadSystem, match="no link from 'mailer' to 'web'. Use one of: client → web"):
        tie(MICROLITH, "mailer", "web", "call")
    with pytest.raises(BadSetting, match="Give one of: call, queue and wait, queue, event"):
        tie(MICROLITH, "web", "sharing", "smoke signal")
