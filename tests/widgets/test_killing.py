"""Kill a box: its numbers, its controls, and its picture."""

import pytest
from labelled import control

from eda_workshop.errors import BadSetting
from eda_workshop.show.layout import BOX, curve, places
from eda_workshop.simulate import Operation, Service, System, call, event
from eda_workshop.simulate.architectures import ARCHITECTURES
from eda_workshop.widgets import KillABox


def spots(box):
    """The buttons that stand on the boxes, by what they say."""
    return {spot.tooltip: spot for spot in box._spots.buttons}


def test_the_failure_test():
    """A queue that is waited for leaves the radius as it is; one that is not waited for doesn't."""
    box = KillABox("microlith")
    box.kill("mailer")
    assert (box.numbers["radius"], box.numbers["lost"]) == (5, ("share", "sign up"))
    box.tie("sharing", "mailer", "call")
    box.tie("accounts", "mailer", "call")
    assert box.numbers["radius"] == 5
    box.tie("sharing", "mailer", "queue")
    box.tie("accounts", "mailer", "event")
    assert (box.numbers["radius"], box.numbers["lost"]) == (1, ())


def test_a_click_on_a_box_turns_it():
    """The button on a box kills it, and the same button brings it back; its name says which."""
    box = KillABox("event-driven")
    spots(box)["Kill mailer"].click()
    assert box.settings.killed == ("mailer",)
    spots(box)["Restore mailer"].click()
    assert box.settings.killed == ()


def test_a_box_can_be_picked_as_well():
    """The dropdown and its two buttons do the same as a click."""
    box = KillABox()
    control(box, "Box").value = "database"
    control(box, "Kill").click()
    assert "database falls" in box.picture.words
    control(box, "Restore").click()
    assert box.numbers["radius"] == 0


def test_the_kind_follows_the_link():
    """Choosing a link shows what it is; choosing a kind ties it."""
    box = KillABox("microlith")
    control(box, "Link").value = ("accounts", "database")
    assert control(box, "is a").value == "call"
    control(box, "Link").value = ("sharing", "mailer")
    assert control(box, "is a").value == "queue and wait"
    control(box, "is a").value = "event"
    assert box.settings.tied == (("sharing", "mailer", "event"),)


def test_another_architecture_starts_whole():
    """What was killed and tied belongs to the one before."""
    box = KillABox("microlith")
    box.kill("mailer")
    control(box, "Architecture").value = "microservices by request"
    assert (box.settings.killed, box.numbers["boxes"]) == ((), 6)
    assert [spot.layout.display for spot in box._spots.buttons].count(None) == 6


@pytest.mark.parametrize(
    "mistake",
    [
        lambda box: box.kill("printer"),
        lambda box: box.restore("mailer"),
        lambda box: box.build("nanolith"),
        lambda box: box.tie("mailer", "web", "call"),
        lambda box: box.tie("client", "web", "telepathy"),
    ],
)
def test_a_mistake_is_told_and_changes_nothing(mistake):
    """In the status line, with what there is; nothing raises."""
    box = KillABox("microlith")
    before = box.settings
    assert mistake(box).words.startswith("Refused: ")
    assert box.settings == before


def test_killing_twice_is_told():
    """What is down can't fall."""
    box = KillABox()
    box.kill("web")
    assert "Give a box that is up" in box.kill("web").words


def test_a_system_of_one_s_own():
    """Any system can be shown; its boxes stand in columns from its entry on."""
    links = [
        call("shop", "stock"),
        event("shop", "order.placed", "post"),
        event("post", "order.sent", "shop", after="order.placed"),
    ]
    shop = System("shop", [Service(name) for name in ("shop", "stock", "post")], links, [Operation("order", "shop")])
    box = KillABox(shop)
    where = places(shop)
    assert where["shop"][0] < where["stock"][0] == where["post"][0]
    box.kill("stock")
    assert box.numbers["lost"] == ("order",)
    assert box.system is not None
    with pytest.raises(BadSetting):
        KillABox("nanolith")


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_boxes_and_lines_keep_apart(name):
    """No two boxes overlap, all are in the picture, and no line passes through a box that it doesn't belong to."""
    system = ARCHITECTURES[name].system
    where = places(system)
    middles = list(where.values())
    for number, (x, y) in enumerate(middles):
        assert BOX[0] / 2 <= x <= 880 - BOX[0] / 2
        assert all(abs(x - a) >= BOX[0] or abs(y - b) >= BOX[1] for a, b in middles[:number])
    for link in system.links:
        pairs = [(link.source, link.via), (link.via, link.target)] if link.via else [(link.source, link.target)]
        for source, target in pairs:
            others = [place for other, place in where.items() if other not in (source, target)]
            way = curve(where[source], where[target], others)
            points = [way.at(step / 50) for step in range(51)]
            assert not any(
                abs(px - x) < BOX[0] / 2 and abs(py - y) < BOX[1] / 2 for px, py in points for x, y in others
            ), (source, target)
