"""The instruments of log and replay: the numbers they show, their twins in code, and what they refuse."""

import asyncio

import pytest

from eda_workshop import KeyedModel, ManualClock, applies, fold, open_log
from eda_workshop.drive import Count, stream
from eda_workshop.widgets import (
    LagSlider,
    LogBuilder,
    OrderMatters,
    PullThePlug,
    ReplayPlayer,
    SnapshotSpacing,
    SpamMeter,
    TapeAndGauge,
    TwoBoards,
    UndoButton,
)

MIDDLE = "in the middle of a click"


def tape(*changes):
    made = TapeAndGauge()
    for change in changes:
        made.record(change)
    return made


def test_what_was_recorded_comes_back():
    """Erased and replayed, step by step or at once, the gauge shows what the events add up to."""
    made = tape(5, 3, -2)
    made.erase()
    shown = []
    for _ in range(3):
        made.step()
        shown.append(made.numbers["gauge"])
    assert shown == [5, 8, 6]
    made.erase()
    made.replay()
    assert made.numbers == {"events": 3, "gauge": 6, "unexplained": 0}


def test_what_was_turned_by_hand_does_not_come_back():
    """The unexplained difference is there until the next replay."""
    made = tape(5)
    made.cheat(2)
    assert made.numbers["unexplained"] == 2
    made.erase()
    made.replay()
    assert made.numbers == {"events": 1, "gauge": 5, "unexplained": 0}


def test_the_tape_shows_any_position():
    """A position is a question about the past; one beyond the tape is refused, and the gauge stays."""
    made = tape(5, 3)
    made.seek(1)
    assert made.numbers["gauge"] == 5
    assert made.seek(3).words.startswith("Refused: There is no position 3")
    assert made.numbers["gauge"] == 5


@pytest.mark.parametrize("position", [1, 2, 3])
def test_verify_finds_the_changed_record(position):
    """Whichever record is changed, its position is named; restored, the log is whole."""
    builder = LogBuilder()
    for name in ("user.signed_up", "folder.created", "folder.moved"):
        builder.record(name)
    builder.tamper(position)
    assert builder.numbers["damaged"] is None
    builder.verify()
    assert builder.numbers["damaged"] == position
    builder.restore()
    assert "whole" in builder.verify().words


def test_a_torn_line_takes_only_itself():
    """Two of three records are kept, and the picture tells of the third."""
    builder = LogBuilder()
    for name in ("user.signed_up", "folder.created", "folder.moved"):
        builder.record(name)
    assert "1 lost, 2 kept" in builder.tear().words


@pytest.mark.parametrize("act", [lambda builder: builder.tamper(1), LogBuilder.tear, lambda b: b.record("Bad name")])
def test_nothing_can_be_done_to_an_empty_log(act):
    """It is refused in words, and the log stays empty."""
    builder = LogBuilder()
    assert act(builder).words.startswith("Refused:")
    assert builder.numbers["records"] == 0


@pytest.mark.parametrize(
    ("every", "snapshots", "mean", "worst"),
    [(10, 100, 4.5, 9), (50, 20, 24.5, 49), (100, 10, 49.5, 99), (250, 4, 124.5, 249), (1_000, 1, 499.5, 999)],
)
def test_what_snapshots_spare(every, snapshots, mean, worst):
    """Counted on a real timeline: (k - 1) / 2 on average, k - 1 at worst, n / k kept."""
    assert SnapshotSpacing(every).numbers == {"snapshots": snapshots, "mean": mean, "worst": worst}


def test_other_distances_are_refused():
    """The picture stays, and the control too."""
    spacing = SnapshotSpacing(10)
    assert spacing.every(7).words.startswith("Refused: A snapshot every can't be 7")
    assert (spacing.numbers["snapshots"], spacing._every.value) == (100, 10)
    spacing.every(50)
    assert (spacing.numbers["snapshots"], spacing._every.value) == (20, 50)


@pytest.mark.parametrize(("keep", "wrong"), [(False, 2), (True, 0)])
def test_undoing_a_mark(keep, wrong):
    """Without the mark before, cargo that had been in Canada is taken for new."""
    ship = UndoButton(keep=keep)
    ship.undo()
    assert ship.numbers == {"arrivals": 2, "undone": 1, "wrong": wrong}
    ship.keep(not keep)
    assert ship.numbers["wrong"] == 2 - wrong


def test_undoing_more_than_there_is():
    """The fourth undo of three arrivals is refused; a new arrival begins anew from there."""
    ship = UndoButton(keep=True)
    for _ in range(3):
        ship.undo()
    assert ship.numbers["arrivals"] == 0
    assert ship.undo().words.startswith("Refused: There is no position -1")
    ship.arrive("Vancouver")
    assert ship.numbers == {"arrivals": 1, "undone": 0, "wrong": 0}


def test_six_orders_have_two_ends():
    """150 with a refusal, or 70 without."""
    ends = {(m.numbers["balance"], m.numbers["refused"]) for m in (OrderMatters(*o) for o in ORDERS)}
    assert ends == {(150, 1), (70, 0)}
    assert OrderMatters().order(1, 1, 2).words.startswith("Refused: Order can't be (1, 1, 2)")


ORDERS = [(1, 2, 3), (1, 3, 2), (2, 1, 3), (2, 3, 1), (3, 1, 2), (3, 2, 1)]


@pytest.mark.parametrize(
    ("settings", "point", "after", "lost"),
    [
        ({}, "between two clicks", 7, 0),
        ({}, MIDDLE, 8, 0),
        ({"snapshots": "every 4"}, MIDDLE, 8, 0),
        ({"log": False}, "between two clicks", 0, 7),
        ({"log": False, "snapshots": "every 4"}, "between two clicks", 4, 3),
        ({"order": "memory first"}, "between two clicks", 7, 0),
        ({"order": "memory first"}, MIDDLE, 7, 1),
    ],
)
def test_what_a_crash_takes(settings, point, after, lost):
    """Log first loses nothing that was promised; memory first, or no log, does."""
    plug = PullThePlug(**settings)
    plug.pull(point)
    assert (plug.numbers["after"], plug.numbers["lost"]) == (after, lost)


def test_the_plug_s_controls_follow_its_methods():
    """What code sets, the controls show; what they don't know is refused."""
    plug = PullThePlug()
    plug.snapshots("every 10")
    plug.order("memory first")
    plug.log(False)
    assert (plug._snapshots.value, plug._order.value, plug._log.value) == ("every 10", "memory first", False)
    assert plug.pull("now").words.startswith("Refused: Crash can't be 'now'")
    assert plug.order("both").words.startswith("Refused: First can't be 'both'")
    assert plug.click(0).words.startswith("Refused: Clicks can't be 0")


@pytest.mark.parametrize(("local", "shown"), [(True, (50, 55)), (False, (50, 50))])
def test_a_refused_bid_shows_only_where_boards_write(local, shown):
    """55 is less than 10 more than 50: the owner says no."""
    boards = TwoBoards(local=local)
    boards.bid("A", 50)
    boards.deliver()
    boards.bid("B", 55)
    boards.deliver()
    numbers = boards.numbers
    assert (numbers["A"], numbers["B"], numbers["refused"], numbers["waiting"]) == (*shown, 1, 0)
    assert numbers["difference"] == shown[1] - shown[0]


def test_boards_hear_when_events_are_delivered():
    """Until then an accepted bid is on its way, and shown nowhere."""
    boards = TwoBoards()
    boards.bid("A", 50)
    assert (boards.numbers["A"], boards.numbers["waiting"]) == (0, 1)
    boards.deliver()
    assert (boards.numbers["A"], boards.numbers["B"], boards.numbers["waiting"]) == (50, 50, 0)


def test_spam_grows_with_each_replay_and_not_at_all_with_gateways():
    """Five e-mails a replay, and a payment at another rate; with gateways nothing and the old rate."""
    meter = SpamMeter()
    for _ in range(3):
        meter.replay()
    assert meter.numbers == {"inbox": 20, "spam": 15, "booked": 110.0, "replayed": 125.0}
    meter.gateways()
    assert meter.numbers == {"inbox": 5, "spam": 0, "booked": 110.0, "replayed": 110.0}


def test_lag_is_the_delay_and_a_drop_is_made_good():
    """Each read model stays behind by its delay; a dropped one begins at 0 and comes back while the other serves."""
    lag = LagSlider(folders=0, totals=2)
    assert (lag.numbers["folders"], lag.numbers["totals"]) == (0, 2)
    lag.drop("totals")
    assert lag.numbers["folders"] == 0
    lag.wait(10)
    assert lag.numbers["totals"] == 2
    assert lag.delay("totals", 11).words.startswith("Refused: Totals delay (s) can't be 11")
    assert lag.drop("users").words.startswith("Refused: Read model can't be 'users'")


def test_the_player_shows_every_position():
    """Its state is the fold up to there; at the ends it stays."""
    log = open_log("memory://", clock=ManualClock(tick=60))
    log.append(*stream(12))
    player = ReplayPlayer(log, Count, every=5)
    for position in range(13):
        player.seek(position)
        assert player.numbers["state"] == fold(log, Count, upto=position)
    assert player.forward().words.startswith("Position 12 of 12")
    player.first()
    assert player.back().words.startswith("Before the first of 12 events")
    assert player.last().words.startswith("Position 12 of 12")
    assert player.seek(13).words.startswith("Refused: There is no position 13")
    assert player._place.value == player._box.children[1].children[1].value == player.settings == 12


def test_the_player_tells_what_an_event_changed():
    """Names whose values differ from those before it."""
    log = open_log("memory://", clock=ManualClock(tick=60))
    log.append(*stream(3))
    assert "changed: users ·" in ReplayPlayer(log, Count).seek(1).words
    assert "changed: emails ·" in ReplayPlayer(log, Count).seek(3).words


def playing(count=3):
    log = open_log("memory://", clock=ManualClock(tick=60))
    log.append(*stream(count))
    return ReplayPlayer(log, Count)


def test_the_player_plays_where_a_loop_runs():
    """It goes on event by event while others run, and stands still when it is paused; the button says what it would do."""

    async def watch():
        player = playing(30)
        player.speed("10 events/s")
        player.play()
        assert (player.settings, player._button.description) == (0, "Pause")
        while player.settings < 2:
            await asyncio.sleep(0.01)
        player.pause()
        stood = player.settings
        await asyncio.sleep(0.25)
        return stood, player.settings, player._button.description

    stood, after, word = asyncio.run(watch())
    assert (after, word) == (stood, "Play")


def test_the_player_plays_to_the_end_and_begins_again():
    """At the end the button says Play again, and playing starts from the first event."""

    async def play_twice():
        player = playing()
        player.speed("10 events/s")
        for _ in range(2):
            player.play()
            assert player.settings == 0
            await player._playing
        return player.settings, player._button.description

    assert asyncio.run(play_twice()) == (3, "Play")


def test_without_a_loop_the_player_does_not_wait():
    """In a script it is at the end at once."""
    assert playing().play().words.startswith("Position 3 of 3")


def test_a_state_with_many_lines_says_what_it_leaves_out():
    """Six lines are shown, and how many more there are."""

    class Everybody(KeyedModel):
        initial = 0

        @applies("user.signed_up")
        def here(state, event):
            return 1

    log = open_log("memory://")
    log.append(*stream(60))
    assert "and 2 more" in ReplayPlayer(log, Everybody).last().body
