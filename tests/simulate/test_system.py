"""Systems as data: what can be described, and what is refused and how."""

import pytest

from eda_workshop.errors import BadName, BadSetting, BadSystem
from eda_workshop.simulate import Link, Operation, Service, System, ask, call, event, queue


def system(*links, names=("web", "drive", "mailer"), operations=("share",), **settings):
    """A system of plain services, entered at its first."""
    return System(
        "drive",
        [Service(name) for name in names],
        links,
        [Operation(name, names[0]) for name in operations],
        **settings,
    )


@pytest.mark.parametrize(
    ("links", "said"),
    [
        ([call("web", "web")], "'web' calls itself"),
        ([event("web", "folder.shared", "web")], "'web' calls itself"),
        ([queue("web", "drive", via="web")], "'drive' calls itself"),
        ([call("web", "printer")], "goes to 'printer', which it has no service for. Use one of: web, drive, mailer."),
        ([call("printer", "web")], "goes from 'printer'"),
        ([queue("web", "drive", via="rabbit")], "by way of 'rabbit'"),
        ([call("web", "drive", "print")], "for an unknown operation, 'print'. Use one of: share."),
        (
            [call("web", "drive"), call("drive", "web")],
            "so nobody ever answers: web → drive → web. Turn one of these calls",
        ),
        ([ask("web", "drive"), call("drive", "mailer"), ask("mailer", "web")], "web → drive → mailer → web"),
        ([event("web", "a.done", "drive", after="b.done")], "'web' goes on after b.done, of which it never hears"),
    ],
)
def test_links_that_lead_nowhere_are_refused(links, said):
    """A wrong link is refused when the system is described, with what to do instead."""
    with pytest.raises(BadSystem) as refusal:
        system(*links)
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: System("none", [], [], []), "no services or no operations"),
        (lambda: system(names=("web", "web")), "two of its services are called 'web'"),
        (lambda: system(operations=("share", "share")), "two of its operations are called 'share'"),
        (lambda: System("s", [Service("a")], [], [Operation("o", "b")]), "'o' begins at 'b'"),
        (lambda: System("s", [Service("a")], [], [Operation("o", "a", 0)]), "no operation has a share"),
    ],
)
def test_services_and_operations_are_told_apart(make, said):
    """Names are unique and known, and somebody asks for something."""
    with pytest.raises(BadSystem, match=said):
        make()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Service("web", work=-0.1),
        lambda: Service("web", capacity=0),
        lambda: Service("web", up=0),
        lambda: call("web", "drive", delay=-1),
        lambda: call("web", "drive", timeout=0),
        lambda: call("web", "drive", retries=-1),
        lambda: Link("web", "drive", "telepathy"),
        lambda: Operation("share", "web", -1),
        lambda: system(delay=-1),
    ],
)
def test_numbers_out_of_range_are_refused(make):
    """No negative time, no capacity of nothing, no unknown kind of link."""
    with pytest.raises(BadSetting):
        make()


def test_an_event_has_a_name():
    """An event link needs the name of what happened, by the rules of names."""
    with pytest.raises(BadName):
        event("web", "shared", "mailer")


def test_calls_in_a_circle_are_fine_for_different_operations():
    """Two services may call each other, as long as no single operation goes round."""
    assert system(call("web", "drive", "list"), call("drive", "web", "share"), operations=("list", "share"))


def test_what_shares_a_unit_or_a_machine():
    """A service without a unit is one of its own; a unit without a machine has one of its own."""
    made = System(
        "two tiers",
        [
            Service("screen", unit="app"),
            Service("logic", unit="app"),
            Service("data", machine="server"),
            Service("log", machine="server"),
        ],
        [call("screen", "logic"), call("logic", "data"), call("data", "log")],
        [Operation("see", "screen")],
        delay=0.02,
    )
    assert made.units == {"app": ("screen", "logic"), "data": ("data",), "log": ("log",)}
    assert made.machines == {"app": ("screen", "logic"), "server": ("data", "log")}
    assert [made.hop(link) for link in made.links] == [0, 0.02, 0]
    assert repr(made) == "<System two tiers: 4 services in 3 units on 2 machines, 3 links (3 call), 1 operation>"
