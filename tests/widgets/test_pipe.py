"""Pipe and taps: the numbers, the twins in code, and the controls."""

import pytest
from displayed import VIEW, displayed
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop.widgets import PipeAndTaps
from eda_workshop.widgets.pipe import Act, PipeSettings, run

TAPS = ("mailer", "folders", "audit")


def outage(pipe):
    pipe.publish("user.signed_up")
    pipe.close("mailer")
    pipe.publish("user.signed_up")
    pipe.open("mailer")
    return pipe


def test_a_topic_copies():
    """Two events and three open taps make six copies."""
    pipe = PipeAndTaps()
    pipe.publish("user.signed_up")
    pipe.publish("folder.created")
    assert pipe.numbers == {"published": 2, "delivered": 6, "late": 0, "waiting": 0, "lost": 0}


def test_a_closed_tap_misses_for_good():
    """Without a log, opening the tap again brings nothing back."""
    assert outage(PipeAndTaps()).numbers["lost"] == 1


def test_a_log_brings_back_what_a_closed_tap_missed():
    """With a log, the copy waits while the tap is closed, and comes late when it opens."""
    pipe = PipeAndTaps(log=True)
    pipe.close("mailer")
    pipe.publish("user.signed_up")
    assert pipe.numbers["waiting"] == 1
    pipe.open("mailer")
    pipe.wait(2)
    assert pipe.numbers["waiting"] == pipe.numbers["lost"] == 0


def test_a_queue_hands_each_message_to_one_tap():
    """Messages go to the open taps in turn; with none open they wait."""
    pipe = PipeAndTaps(queue=True)
    for _ in range(3):
        pipe.publish("email.sent")
    assert pipe.numbers["delivered"] == 3
    for tap in TAPS:
        pipe.close(tap)
    pipe.publish("email.sent")
    assert pipe.numbers["waiting"] == 1
    pipe.open("audit")
    assert pipe.numbers["waiting"] == 0


def test_the_switches_apply_to_the_whole_story():
    """Putting a log behind the pipe afterwards shows what it would have changed."""
    pipe = outage(PipeAndTaps())
    assert pipe.log(True).words.endswith("0 lost. The log remembers.")
    assert pipe.log(False).words == outage(PipeAndTaps()).picture.words


@pytest.mark.parametrize(
    ("act", "complaint"),
    [
        (lambda pipe: pipe.open("mailer"), "The tap mailer is open already"),
        (lambda pipe: pipe.close("search"), "The tap search is closed already"),
        (lambda pipe: pipe.wait(-1), "Seconds can't be -1"),
        (lambda pipe: pipe.publish("Signup"), "'Signup' is not a name"),
        (lambda pipe: pipe.publish("user.signed_up", {"when": float("nan")}), "data['when'] is nan"),
    ],
)
def test_a_mistake_is_told_and_changes_nothing(act, complaint):
    """The library's own words stand in the status line; nothing is raised, and the story is as it was."""
    pipe = PipeAndTaps()
    before = pipe.settings
    assert act(pipe).words.startswith(f"Refused: {complaint}")
    assert complaint in pipe._status.value.replace("&#x27;", "'")
    assert pipe.settings == before
    assert "Refused" not in pipe.publish("user.signed_up").words


def test_no_more_than_five_taps():
    """A sixth tap is refused with a sentence."""
    pipe = PipeAndTaps()
    pipe.open("search")
    pipe.open("billing")
    assert "There are 5 taps already" in pipe.open("extra").words


def test_the_form_has_a_field_for_each_value_of_the_kind():
    """Choosing another kind of event brings that kind's fields; Publish takes what they hold."""
    pipe = PipeAndTaps()
    form = pipe._form
    form.kind.value = "folder.shared"
    assert [control.description for control in form.fields.children] == ["Folder", "With"]
    form.fields.children[0].value = "f7"
    form.button.click()
    assert dict(pipe.settings.acts[-1].data) == {"folder": "f7", "with": "grace"}
    assert pipe.numbers["published"] == 1


def test_buttons_do_what_their_words_say():
    """Close tap, Open tap, Wait and Start over act on the chosen tap."""
    pipe = PipeAndTaps()
    buttons = {child.description: child for child in pipe._box.children[1].children}
    pipe._tap.value = "audit"
    buttons["Close tap"].click()
    assert [tap.name for tap in run(pipe.settings).taps if not tap.is_open] == ["audit"]
    buttons["Wait 1 s"].click()
    assert run(pipe.settings).now == 1
    buttons["Open tap"].click()
    buttons["Start over"].click()
    assert run(pipe.settings).now == 0


def test_it_shows_the_same_everywhere():
    """The live picture, the stored picture and the printed line say the same."""
    pipe = outage(PipeAndTaps())
    stored, live = displayed(pipe)
    assert stored["text/plain"] == f"PipeAndTaps: {pipe.picture.words}"
    assert pipe.picture.words in stored["text/html"]
    assert 'role="status"' in pipe._status.value
    assert VIEW in live


acts = st.lists(
    st.one_of(
        st.builds(Act, st.just("publish"), name=st.sampled_from(["user.signed_up", "folder.moved"]), data=st.just({})),
        st.builds(Act, st.just("wait"), seconds=st.integers(0, 5)),
        st.builds(Act, st.just("toggle"), tap=st.sampled_from(TAPS)),
    ),
    max_size=20,
)


@given(acts=acts)
def test_every_copy_is_accounted_for(acts):
    """Due = delivered + lost without a log, delivered + waiting with one; all taps open at the end leaves nothing."""
    story, is_open = [Act("open", tap=tap) for tap in TAPS], dict.fromkeys(TAPS, True)
    for act in acts:
        if act.verb == "toggle":
            act = Act("close" if is_open[act.tap] else "open", tap=act.tap)
            is_open[act.tap] = not is_open[act.tap]
        story.append(act)
    plain = run(PipeSettings(tuple(story))).numbers
    logged = run(PipeSettings(tuple(story), log=True)).numbers
    assert plain["delivered"] + plain["lost"] == 3 * plain["published"]
    assert logged["delivered"] + logged["waiting"] == 3 * logged["published"]
    assert logged["lost"] == plain["waiting"] == plain["late"] == 0
    assert logged["delivered"] >= plain["delivered"]
    reopened = [*story, *(Act("open", tap=tap) for tap in TAPS if not is_open[tap])]
    assert run(PipeSettings(tuple(reopened), log=True)).numbers["waiting"] == 0
