"""Can you say no? Messages, ways to send them, and who was there."""

import pytest
from labelled import control

from eda_workshop.errors import BadSetting
from eda_workshop.widgets import CanYouSayNo
from eda_workshop.widgets.refusing import CARDS, WAYS, RefusingSettings, run


def outcome(card, way, receivers, *, refuses=False):
    """Errors, reactions and refusals."""
    state = run(RefusingSettings(card, way, receivers, refuses))
    return state.errors, state.reactions, state.refusals


@pytest.mark.parametrize("card", CARDS)
def test_a_command_has_exactly_one_receiver(card):
    """Nobody is an error, two are an error, three are one, and then nobody does anything."""
    found = [outcome(card, "command", count) for count in range(4)]
    assert found == [(1, 0, 0), (0, 1, 0), (1, 0, 0), (1, 0, 0)]


@pytest.mark.parametrize("card", CARDS)
def test_an_event_has_any_number(card):
    """Nobody is fine, and three make three reactions."""
    assert [outcome(card, "event", count) for count in range(4)] == [(0, count, 0) for count in range(4)]


@pytest.mark.parametrize("card", CARDS)
def test_a_question_needs_somebody_who_knows(card):
    """Nobody is an error; each who is asked answers."""
    found = [run(RefusingSettings(card, "query", count)) for count in range(4)]
    assert [(state.errors, state.answers) for state in found] == [(1, 0), (0, 1), (0, 2), (0, 3)]


def test_a_command_can_be_refused():
    """Then the sender is told, and nothing has happened."""
    state = run(RefusingSettings("folder.create", "command", 1, refuses=True))
    assert (state.errors, state.refusals, state.reactions, state.facts) == (1, 1, 0, ())
    assert state.said == "Rejected: folders says no."


def test_an_event_can_not():
    """Somebody says no, the others react all the same, and the log still has it."""
    state = run(RefusingSettings("user.signed_up", "event", 3, refuses=True))
    assert (state.errors, state.refusals, state.reactions, state.facts) == (0, 1, 2, ("user.signed_up",))
    assert state.takers[0].did == "said no, but it has happened"


def test_the_library_words_its_errors():
    """Those of the bus itself, without the advice."""
    assert run(RefusingSettings(receivers=0)).said.startswith("NoHandler: Nobody handles the command folder.create")
    assert run(RefusingSettings(receivers=2)).said.startswith("DuplicateHandler: The bus already has a handler")


def test_an_order_as_an_event_is_carried_out_by_everybody():
    """One mail was wanted, and three go out."""
    assert run(RefusingSettings("email.send", "event", 3)).facts == ("email.send", *["email.sent"] * 3)


@pytest.mark.parametrize("card", [name for name, card in CARDS.items() if card.means == "query"])
def test_a_query_changes_nothing(card):
    """However often it is asked, the log stays empty."""
    assert run(RefusingSettings(card, "query", 3)).facts == ()


@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize("way", WAYS)
def test_every_case_has_its_sentence(card, way):
    """With its numbers, and what such a way of sending comes to."""
    words = CanYouSayNo(card, way, 3, refuses=True).picture.words
    assert words.startswith(f"{card} as a")
    assert " to 3 receivers: " in words


def test_the_controls_do_the_same():
    """Dropdowns, number box and checkbox set what the methods set."""
    by_hand, by_code = CanYouSayNo(), CanYouSayNo()
    control(by_hand, "Message").value = "email.send"
    control(by_hand, "Send it as").value = "event"
    control(by_hand, "Receivers").value = 2
    control(by_hand, "The first says no").value = True
    by_code.card("email.send")
    by_code.send_as("event")
    by_code.receivers(2)
    by_code.refuse()
    assert by_hand.settings == by_code.settings == RefusingSettings("email.send", "event", 2, True)
    assert control(by_code, "Receivers").value == 2
    control(by_hand, "Start over").click()
    assert by_hand.settings == RefusingSettings()


def test_what_is_no_choice_is_refused():
    """In words, and nothing changes."""
    box = CanYouSayNo()
    assert box.receivers(4).words.startswith("Refused: Receivers can't be 4")
    assert box.card("user.sign_up").words.startswith("Refused: Message can't be 'user.sign_up'")
    assert box.send_as("letter").words.startswith("Refused: Send it as can't be 'letter'")
    assert box.settings == RefusingSettings()
    with pytest.raises(BadSetting, match="card"):
        CanYouSayNo("user.sign_up")
