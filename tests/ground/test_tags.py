"""An event's tags: which are taken, in what order they are kept, and how they travel."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop import BadCloudEvent, BadData, BadEvent, Event

TEXTS = st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable())


def test_tags_are_kept_in_order_each_once():
    """So two events that were made with the same tags say the same, in whatever order they came."""
    event = Event("seat.reserved", tags=["wallet/ada", "row/3", "wallet/ada"])
    assert event.tags == ("row/3", "wallet/ada")
    assert Event("seat.reserved", tags={"b", "a"}).tags == Event("seat.reserved", tags=(each for each in "ab")).tags
    assert Event("seat.reserved").tags == Event("seat.reserved", tags=[]).tags == ()


def test_kinds_of_text_become_plain_text():
    """As in every other field."""
    (tag,) = Event("seat.reserved", tags=[np.str_("row/3")]).tags
    assert (type(tag), tag) == (str, "row/3")


@pytest.mark.parametrize(
    ("tags", "problem"),
    [
        ("wallet/ada", "one text, not several"),
        (b"wallet", "tag is int"),
        (None, "are NoneType"),
        (7, "are int"),
        ({"wallet": "ada"}, "are dict"),
        ([7], "tag is int"),
        ([["a"]], "tag is list"),
        ([""], "empty"),
        (["\ud800"], "not valid Unicode"),
        ([f"t{number}" for number in range(101)], "101 tags, and 100 are allowed"),
    ],
)
def test_what_is_no_list_of_texts_is_refused(tags, problem):
    """The error says what it is, and what to write."""
    with pytest.raises(BadEvent, match=problem):
        Event("seat.reserved", tags=tags)


def test_tags_share_the_limit_of_the_attributes():
    """The longest of them is named."""
    with pytest.raises(BadData, match="tags"):
        Event("seat.reserved", subject="s" * 100, tags=["t" * 16_384])


def test_tags_can_be_replaced():
    """And stay when something else is."""
    event = Event("seat.reserved", tags=["row/3"])
    assert (event.replace(tags=()).tags, event.replace(subject="seat/1").tags) == ((), ("row/3",))
    with pytest.raises(BadEvent):
        event.replace(tags="row/4")


@given(tags=st.sets(TEXTS, max_size=8))
def test_tags_travel_as_json_in_text(tags):
    """A CloudEvents attribute can't be a list, so they are one as text; none are left out."""
    event = Event("seat.reserved", tags=tags)
    document = event.to_cloudevent()
    assert ("edatags" in document) == bool(tags)
    assert isinstance(document.get("edatags", ""), str)
    assert Event.from_cloudevent(document) == event


def test_what_others_call_tags_stays_theirs():
    """Their extension is kept as it came, and no decision asks for it."""
    document = Event("seat.reserved", id="1").to_cloudevent() | {"tags": "vip,front"}
    event = Event.from_cloudevent(document)
    assert (event.tags, event.extensions["tags"]) == ((), "vip,front")
    assert event.to_cloudevent() == document
    with pytest.raises(BadEvent):
        Event("seat.reserved", extensions={"edatags": "[]"})


@pytest.mark.parametrize("text", ["row/3", '"row/3"', "[1]", "{}", "[", 7, True])
def test_broken_tags_of_others_are_named(text):
    """The document is refused; nothing of it is guessed."""
    document = Event("seat.reserved", id="1").to_cloudevent() | {"edatags": text}
    with pytest.raises(BadCloudEvent, match="edatags"):
        Event.from_cloudevent(document)
