"""The trace of a flow: its controls, its numbers and its picture."""

import pytest
from labelled import control

from eda_workshop.errors import BadSetting
from eda_workshop.widgets import FlowTrace


def test_both_flows_come_to_the_same_facts():
    """The orchestration adds commands, and knows the order in one place."""
    trace = FlowTrace()
    facts = trace.numbers["facts"]
    control(trace, "Flow").value = "orchestration"
    assert trace.numbers["facts"] == facts
    assert (trace.numbers["commands"], trace.numbers["known by"]) == (4, 1)


def test_a_refusal_brings_back_what_was_done():
    """Compensation is seen as messages that go back up."""
    trace = FlowTrace()
    control(trace, "Refuses").value = "mailer"
    assert trace.numbers["facts"][-3:] == ("trial.ended", "home.removed", "account.closed")
    trace.refuse()
    assert control(trace, "Refuses").value == ""


def test_messages_one_by_one():
    """The slider shows the first so many; another flow shows all of its own."""
    trace = FlowTrace()
    control(trace, "Messages").value = 2
    assert trace.picture.words.endswith("Shown up to account.opened.")
    assert trace.picture.svg.count('opacity="0.25"') == 3
    trace.flow("orchestration")
    assert control(trace, "Messages").value == 9
    assert 'opacity="0.25"' not in trace.picture.svg


def test_doubled_copies_double_what_follows():
    """A choreography whose participants are not idempotent does things twice; a saga does each step once."""
    trace = FlowTrace()
    plain = trace.numbers["facts"]
    control(trace, "Copies come twice").value = True
    assert len(trace.numbers["facts"]) > len(plain)
    trace.flow("orchestration")
    assert trace.numbers["facts"] == plain


def test_the_mermaid_text_is_of_what_is_shown():
    """The same messages, as text."""
    assert FlowTrace(refuses="billing").mermaid.count("-)") == 5


@pytest.mark.parametrize(
    "mistake", [lambda t: t.flow("ballet"), lambda t: t.refuse("printer"), lambda t: t.show(99), lambda t: t.show(-1)]
)
def test_a_mistake_is_told_and_changes_nothing(mistake):
    """In the status line; nothing raises."""
    trace = FlowTrace()
    before = trace.settings
    assert mistake(trace).words.startswith("Refused: ")
    assert trace.settings == before


def test_a_wrong_start_is_an_error():
    """What isn't there can't be shown."""
    with pytest.raises(BadSetting):
        FlowTrace("ballet")
    with pytest.raises(BadSetting):
        FlowTrace(refuses="printer")
