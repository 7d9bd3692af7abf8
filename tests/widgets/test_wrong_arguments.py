"""What no control could be turned to is refused, by every method of every instrument."""

import inspect
import re

import pytest
from all_instruments import MAKERS


class Odd:
    """Nothing that an instrument could want."""

    def __repr__(self):
        return "<odd>"


ODD = ["x", "5", "", None, True, -1, 1.5, 10**9, float("nan"), float("inf"), (), [], {}, Odd(), b"x"]
RAW = re.compile(r"^\w*(Error|Exception)\b|trait of|\w+=")
"""What only who writes an instrument understands."""


def methods(instrument):
    """The methods that take something: each with the names of what they take."""
    for name, method in inspect.getmembers(instrument, inspect.ismethod):
        if not name.startswith("_") and name != "frame":
            kinds = inspect.signature(method).parameters.values()
            yield name, [each.name for each in kinds if each.kind is each.POSITIONAL_OR_KEYWORD]


CALLS = [
    pytest.param(make, name, taken, id=f"{type(instrument).__name__}.{name}")
    for make in MAKERS
    for instrument in [make()]
    for name, taken in methods(instrument)
    if taken
]


@pytest.mark.parametrize(("make", "name", "taken"), CALLS)
def test_a_wrong_argument_is_refused_in_the_sentence(make, name, taken):
    """It raises nothing, changes nothing, and names what is on the label."""
    instrument = make()
    for odd in ODD:
        before = instrument.settings
        picture = getattr(instrument, name)(**dict.fromkeys(taken, odd))
        refused = picture.words.startswith("Refused: ")
        if refused:
            complaint = instrument._complaint
            assert instrument.settings == before
            assert not RAW.search(complaint.replace(repr(odd), "")), complaint
        else:
            instrument = make()


@pytest.mark.parametrize(("make", "name", "taken"), CALLS)
def test_what_can_not_be_meant_is_always_refused(make, name, taken):
    """No method takes a list of nothing, or an object, for what it wants."""
    for odd in ([], Odd()):
        assert getattr(make(), name)(**dict.fromkeys(taken, odd)).words.startswith("Refused: ")


def test_the_words_are_those_of_the_labels():
    """Not the names of arguments."""
    from eda_workshop.widgets import CanYouSayNo, PipeAndTaps, SpamMeter, ThreeTiers

    assert (
        ThreeTiers().down(servers=5).words.startswith("Refused: Servers down can't be 5. Give a whole number from 0 to")
    )
    assert PipeAndTaps().queue("x").words.startswith("Refused: Pipe is a can't be 'x'. Give True or False.")
    assert PipeAndTaps().wait("5").words.startswith("Refused: Seconds can't be '5'. Give a number from 0 to 3600.")
    assert SpamMeter().today("x").words.startswith("Refused: Rate today can't be 'x'. Give a number from 0.5 to 2")
    assert (
        CanYouSayNo().send_as("letter").words.startswith("Refused: Send it as can't be 'letter'. Give one of: command")
    )
