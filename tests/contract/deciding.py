"""What every log does, whatever engine it runs on: tags, queries, and appends under a condition (the rules of dcb.events)."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.setup import LogSetup, SettableClock, an_event, numbers
from contract.together import at_once, behind
from eda_workshop.errors import BadSetting, Conflict, DuplicateEvent
from eda_workshop.event import Event
from eda_workshop.log import EventLog, Query, Upcasters, copy_log, open_log


def sold(number: int, seat: str, *tags: str, name: str = "seat.reserved") -> Event:
    """What happened to a seat, which is its subject; the tags are further entities."""
    return an_event(number, name, f"seat/{seat}").replace(tags=tags)


class DecidingContract(LogSetup):
    """The tests of `read(where=)`, and of `append(after=, unless=)`."""

    @pytest.fixture
    def six(self, log: EventLog, clock: SettableClock) -> EventLog:
        """Six events a minute apart: names, subjects and tags in turn."""
        events = [
            sold(1, "12", "show/1", "user/ada"),
            sold(2, "7", "show/1", "user/bob"),
            sold(3, "12", "show/1", name="seat.released"),
            sold(4, "12", "show/2", "user/ada"),
            an_event(5, "user.account.closed", "user/ada", day=9),
            an_event(6, "show.canceled", "show/1").replace(tags=("user/ada", "show/1")),
        ]
        for event in events:
            log.append(event)
            clock.move(minutes=1)
        return log

    # --- what a query means ---------------------------------------------------------------------

    def test_names_are_alternatives(self, six: EventLog) -> None:
        """Any of them, and patterns as everywhere."""
        assert numbers(six.read(where=Query("seat.reserved"))) == [1, 2, 4]
        assert numbers(six.read(where=Query(["seat.released", "show.canceled"]))) == [3, 6]
        assert numbers(six.read(where=Query("seat.*"))) == [1, 2, 3, 4]
        assert numbers(six.read(where=Query("user.*"))) == []
        assert numbers(six.read(where=Query(["user.>", "*.canceled"]))) == [5, 6]
        assert numbers(six.read(where=Query("*.reserved"))) == [1, 2, 4]

    def test_tags_must_all_be_there(self, six: EventLog) -> None:
        """In whatever order they are named; a tag is a whole text, not a part of one."""
        assert numbers(six.read(where=Query(tags="show/1"))) == [1, 2, 3, 6]
        assert numbers(six.read(where=Query(tags=("user/ada", "show/1")))) == [1, 6]
        assert numbers(six.read(where=Query(tags=("show/1", "user/ada")))) == [1, 6]
        assert numbers(six.read(where=Query(tags="show"))) == numbers(six.read(where=Query(tags="user/eve"))) == []
        assert numbers(six.read(where=Query(tags=("show/1", "user/eve")))) == []

    def test_the_subject_is_a_tag(self, six: EventLog) -> None:
        """Alone, next to others, and named twice by an event that has its subject among its tags."""
        assert numbers(six.read(where=Query(tags="user/ada"))) == [1, 4, 5, 6]
        assert numbers(six.read(where=Query(tags=("seat/12", "show/1")))) == [1, 3]
        assert numbers(six.read(where=Query("show.canceled", tags="show/1"))) == [6]

    def test_names_and_tags_hold_together(self, six: EventLog) -> None:
        """One of the names, and all of the tags."""
        assert numbers(six.read(where=Query("seat.reserved", tags="seat/12"))) == [1, 4]
        assert numbers(six.read(where=Query("*.>", tags=("user/ada", "show/2")))) == [4]
        assert numbers(six.read(where=Query("user.*", tags="user/ada"))) == []

    def test_items_are_alternatives(self, six: EventLog) -> None:
        """An event that several of them mean comes once, in its place."""
        either = Query("seat.reserved", tags="seat/7") | Query(tags="user/ada") | Query("*.canceled")
        assert numbers(six.read(where=either)) == [1, 2, 4, 5, 6]
        assert numbers(six.read(where=either, reverse=True)) == [6, 5, 4, 2, 1]

    def test_an_empty_query_means_everything(self, six: EventLog) -> None:
        """Also as one of several alternatives."""
        assert list(six.read(where=Query())) == list(six.read(where=Query(tags="x") | Query())) == list(six)

    def test_where_holds_with_all_other_conditions(self, six: EventLog) -> None:
        """Names, subject, times, positions, a limit, and the order."""
        where = Query(tags="show/1") | Query(tags="user/ada")
        assert numbers(six.read(1, 5, where=where)) == [2, 3, 4, 5]
        assert numbers(six.read(where=where, names="seat.reserved")) == [1, 2, 4]
        assert numbers(six.read(where=where, names=["seat.*", "show.canceled"], after=2)) == [3, 4, 6]
        assert numbers(six.read(where=where, subject="seat/12")) == [1, 3, 4]
        assert numbers(six.read(where=where, occurred=("2026-03-09T00:00:00Z", None))) == [5]
        assert numbers(six.read(where=where, recorded=("2026-03-02T09:01:00Z", "2026-03-02T09:04:00Z"))) == [2, 3, 4]
        assert numbers(six.read(where=where, limit=2)) == [1, 2]
        assert numbers(six.read(where=where, limit=2, reverse=True)) == [6, 5]
        assert numbers(six.read(where=where, names=[])) == []

    def test_a_query_is_read_as_the_log_stood_at_the_call(self, six: EventLog) -> None:
        """An event that is appended during the read is not included."""
        reading = six.read(where=Query(tags="user/ada"))
        six.append(sold(7, "1", "user/ada"))
        assert numbers(reading) == [1, 4, 5, 6]

    def test_events_keep_their_hashes(self, six: EventLog) -> None:
        """What a query finds is what reading everything gives."""
        assert list(six.read(where=Query(tags="user/ada"))) == [list(six)[place - 1] for place in (1, 4, 5, 6)]

    @pytest.mark.parametrize("wrong", ["seat.*", ("seat.*", "seat/12"), 7, Query], ids=repr)
    def test_where_and_unless_are_queries(self, six: EventLog, wrong: Any) -> None:
        """Anything else is refused at once, and nothing is appended."""
        with pytest.raises(BadSetting, match="query"):
            six.read(where=wrong)
        with pytest.raises(BadSetting, match="query"):
            six.append(sold(7, "1"), unless=wrong)
        assert six.head == 6

    def test_many_alternatives_many_names_and_many_tags(self, log: EventLog) -> None:
        """As many as a query and an event may have, all at once."""
        everything = tuple(f"tag/{number:03}" for number in range(100))
        log.append(*(sold(number, f"{number:03}") for number in range(1, 151)), an_event(151).replace(tags=everything))
        seats = [Query("seat.reserved", tags=f"seat/{number:03}") for number in range(1, 101)]
        assert numbers(log.read(where=any_of(seats))) == list(range(1, 101))
        names = [f"thing.no_{number}" for number in range(2_000)]
        assert numbers(log.read(where=Query([*names, "user.signed_up"], tags="tag/007"))) == [151]
        assert numbers(log.read(where=Query([*names, "thing.*", "user.*"]))) == [151]
        patterns = [f"thing.no_{number}.*" for number in range(200)]
        assert numbers(log.read(where=Query([*patterns, "user.*"]), names=[*patterns, "user.*"])) == [151]
        assert numbers(log.read(where=Query(tags=everything))) == [151]
        assert numbers(log.read(where=Query(tags=(*everything[1:], "tag/x")))) == []
        heavy = [Query([*names[:400], "seat.*"], tags=(f"seat/{n:03}", *everything[:30])) for n in range(1, 99)]
        whole = any_of([*heavy, Query(tags=everything), Query("seat.*", tags="seat/150")])
        assert numbers(log.read(where=whole, names=["seat.*", "user.*"])) == [150, 151]
        with pytest.raises(Conflict) as caught:
            log.append(an_event(152), unless=whole)
        assert caught.value.event.position == 150

    def test_many_pages_of_a_query(self, log: EventLog) -> None:
        """None is lost or doubled where one page ends and the next begins, in either order."""
        for first in range(1, 1_401, 7):
            odd = [sold(first + place, f"{place % 2}", "show/1") for place in range(6)]
            log.append(*odd, an_event(first + 6, "show.canceled", "show/1"))
        everything, weekly = list(range(1, 1_401)), list(range(7, 1_401, 7))
        assert numbers(log.read(where=Query(tags="show/1"))) == everything
        assert numbers(log.read(where=Query(tags="show/1"), reverse=True)) == everything[::-1]
        assert numbers(log.read(where=Query("show.*", tags="show/1"))) == weekly
        even = [number for number in everything if number % 7 in (1, 3, 5)]
        assert numbers(log.read(where=Query(tags=("seat/0", "show/1")))) == even
        assert numbers(log.read(where=Query(tags="seat/0") | Query("show.*"), after=700)) == [
            number for number in everything if number > 700 and number % 7 in (0, 1, 3, 5)
        ]

    @pytest.mark.parametrize(
        "tag", ["Zoë's 😀 wallet", " ", "a\x00b", "a\nb", "*", ">", "'; DROP TABLE tags; --", "x" * 9_000]
    )
    def test_any_text_is_a_tag(self, log: EventLog, tag: str) -> None:
        """As a subject, too; and it is told from what merely begins like it."""
        log.append(an_event(1).replace(tags=(tag,)), an_event(2, subject=tag), an_event(3, subject=tag[:1] + "-"))
        assert numbers(log.read(where=Query(tags=tag))) == [1, 2]
        assert (log.verify(), next(log.read()).tags) == (None, (tag,))

    # --- appending under a condition ------------------------------------------------------------

    def test_what_is_in_the_way_is_a_conflict(self, six: EventLog) -> None:
        """The error names the first event in the way, as it was recorded, and the query; nothing was appended."""
        query = Query("seat.*", tags="seat/12")
        with pytest.raises(Conflict, match="'seat.released' about 'seat/12' is in the way, at position 3") as caught:
            six.append(sold(7, "12"), sold(8, "13"), after=1, unless=query)
        conflict = caught.value
        assert (conflict.event, conflict.unless, conflict.expected, conflict.actual) == (
            six.find("evt-0003"),
            query,
            1,
            6,
        )
        assert six.head == 6

    def test_what_is_not_in_the_way_is_none(self, six: EventLog) -> None:
        """Events before the position, of other names, or without one of the tags."""
        assert six.append(sold(7, "12"), after=4, unless=Query("seat.*", tags="seat/12")) == (7,)
        assert six.append(sold(8, "7"), after=2, unless=Query(tags=("seat/7", "show/1"))) == (8,)
        assert six.append(sold(9, "8"), unless=Query("seat.reserved", tags=("seat/12", "user/bob"))) == (9,)
        assert six.append(sold(10, "8"), unless=Query("seat.*", tags="show/3") | Query("show.opened")) == (10,)

    def test_unless_alone_looks_at_the_whole_log(self, six: EventLog) -> None:
        """As after position 0: what must never have happened."""
        with pytest.raises(Conflict) as caught:
            six.append(sold(7, "7"), unless=Query("seat.reserved", tags="seat/7"))
        assert (caught.value.expected, caught.value.event.position) == (0, 2)
        assert six.append(sold(7, "8"), unless=Query("seat.reserved", tags="seat/8")) == (7,)

    def test_after_alone_means_every_event(self, six: EventLog) -> None:
        """Whatever was appended since is in the way; the first of it is named."""
        with pytest.raises(Conflict) as caught:
            six.append(sold(7, "1"), after=3)
        assert (caught.value.event.position, caught.value.unless) == (4, Query())
        assert six.append(sold(7, "1"), after=6) == (7,)
        assert six.append(sold(8, "2"), after=7, unless=Query()) == (8,)

    def test_with_an_expectation_both_must_hold(self, six: EventLog) -> None:
        """The end of the log is compared first, and then what is in the way looked for."""
        free, taken = Query(tags="seat/8"), Query(tags="seat/12")
        with pytest.raises(Conflict) as caught:
            six.append(sold(7, "8"), expected=5, unless=free)
        assert (caught.value.actual, caught.value.event) == (6, None)
        with pytest.raises(Conflict) as caught:
            six.append(sold(7, "8"), expected=6, after=3, unless=taken)
        assert caught.value.event.position == 4
        assert six.append(sold(7, "8"), expected=6, after=3, unless=free) == (7,)

    def test_known_events_come_before_any_condition(self, six: EventLog) -> None:
        """A retry after a lost acknowledgement gives the old positions, although its own event is in the way by now."""
        seat = Query("seat.reserved", tags="seat/8")
        assert six.append(sold(7, "8"), unless=seat) == six.append(sold(7, "8"), unless=seat) == (7,)
        assert six.append(sold(7, "8"), sold(2, "7", "show/1", "user/bob"), after=0) == (7, 2)
        with pytest.raises(DuplicateEvent):
            six.append(sold(7, "8", "user/eve"), unless=seat)

    def test_a_batch_with_something_new_must_meet_the_condition(self, six: EventLog) -> None:
        """What is known in it doesn't let the rest through."""
        one = sold(1, "12", "show/1", "user/ada")
        with pytest.raises(Conflict):
            six.append(one, sold(7, "12"), unless=Query(tags="seat/12"))
        assert six.head == 6
        assert six.append(one, sold(7, "12"), after=4, unless=Query(tags="seat/12")) == (1, 7)

    def test_a_batch_is_not_in_its_own_way(self, log: EventLog) -> None:
        """The condition is about what was there before it."""
        assert log.append(sold(1, "12"), sold(2, "12"), unless=Query(tags="seat/12")) == (1, 2)

    def test_a_condition_without_events_is_checked(self, six: EventLog) -> None:
        """It tells whether the decision would still hold."""
        assert six.append(after=4, unless=Query("seat.*")) == ()
        with pytest.raises(Conflict):
            six.append(after=3, unless=Query("seat.*"))

    def test_a_position_beyond_the_end_was_never_read(self, six: EventLog) -> None:
        """It is refused, like what is no position; nothing is appended."""
        for wrong in (7, -1, 1.0, "0", True):
            with pytest.raises(BadSetting, match="after"):
                six.append(sold(7, "1"), after=wrong, unless=Query(tags="seat/1"))  # type: ignore[arg-type]
        assert six.head == 6

    def test_a_correction_is_in_the_way_like_any_event(self, six: EventLog) -> None:
        """A decision on corrected events names the corrections in its query."""
        six.append(Event("event.rejected", {"event": "evt-0001"}))
        assert six.append(sold(8, "12"), after=4, unless=Query("seat.*", tags="seat/12")) == (8,)
        with pytest.raises(Conflict) as caught:
            six.append(sold(9, "13"), after=4, unless=Query(tags="seat/13") | Query("event.*"))
        assert caught.value.event.name == "event.rejected"

    # --- at once --------------------------------------------------------------------------------

    def test_a_condition_sees_what_waits_in_the_same_commit(self, log: EventLog) -> None:
        """Of appends that are stored together, the first one takes the seat; other seats are not disturbed."""
        works: list[Callable[[], Any]] = [
            lambda n=n: log.append(
                sold(n, f"{n % 3}", "show/1"), after=1, unless=Query(tags=(f"seat/{n % 3}", "show/1"))
            )
            for n in range(2, 11)
        ]
        _, *others = behind(log, lambda: log.append(sold(1, "0", "show/1")), works)
        conflicts = [answer for answer in others if isinstance(answer, Conflict)]
        assert len(conflicts) == 6
        for conflict in conflicts:
            assert conflict.event == log.find(conflict.event.id)
        assert sorted(answer for answer in others if isinstance(answer, tuple)) == [(2,), (3,), (4,)]
        assert sorted(event.subject for event in log.read(1)) == ["seat/0", "seat/1", "seat/2"]

    def test_forty_buyers_never_get_one_seat_twice(self, log: EventLog) -> None:
        """Each takes the first free seat, as often as others are quicker; twelve get one, and the rest learn that none is left."""
        start = threading.Barrier(40)

        def buy(buyer: int) -> str:
            start.wait()
            return first_free_seat(log, buyer, seats=12)

        answers = at_once([lambda buyer=buyer: buy(buyer) for buyer in range(40)])
        assert sorted(filter(None, answers)) == sorted(f"seat/{seat}" for seat in range(12))
        assert sorted(event.subject for event in log) == sorted(f"seat/{seat}" for seat in range(12))
        assert log.verify() is None

    def test_unrelated_decisions_are_no_conflicts(self, log: EventLog) -> None:
        """Eight writers, each on its own folder, need no second try; on the whole log they would get in each other's way."""
        start = threading.Barrier(8)

        def move(writer: int) -> int:
            start.wait()
            for number in range(12):
                mine = Query(tags=f"folder/{writer}")
                read = [event.position for event in log.read(where=mine)]
                assert len(read) == number
                event = an_event(100 * writer + number, "folder.moved", f"folder/{writer}")
                log.append(event, after=read[-1] if read else 0, unless=mine)
            return writer

        assert at_once([lambda writer=writer: move(writer) for writer in range(8)]) == list(range(8))
        assert log.head == 96

    # --- tags survive ---------------------------------------------------------------------------

    def test_tags_survive_files_copies_and_backups(self, six: EventLog, clock: SettableClock, tmp_path: Path) -> None:
        """What a query finds here it finds in every copy, and a copy is the same to the last hash."""
        where, expected = Query(tags=("user/ada", "show/1")) | Query(tags="seat/7"), list(six)
        six.save(tmp_path / "six.ndjson")
        six.backup(tmp_path / "backup.db")
        with self.another(clock, tmp_path) as copy:
            assert copy_log(six, copy).records == 6
            assert (list(copy), numbers(copy.read(where=where)), copy.verify()) == (expected, [1, 2, 6], None)
        with open_log(tmp_path / "backup.db") as backup, open_log() as restored, open_log() as loaded:
            restored.load(tmp_path / "six.ndjson", restore=True)
            loaded.load(tmp_path / "six.ndjson")
            assert list(backup) == list(restored) == expected
            assert [event.event for event in loaded] == [event.event for event in six]
            for log in (backup, restored, loaded):
                assert numbers(log.read(where=where)) == [1, 2, 6]
                with pytest.raises(Conflict):
                    log.append(an_event(7), unless=where)

    def test_tags_of_loaded_and_restored_events_are_found(
        self, log: EventLog, tmp_path: Path, clock: SettableClock
    ) -> None:
        """Whichever way an event comes into a log, a condition sees it."""
        with open_log(clock=clock) as source:
            source.append(sold(1, "12", "show/1"), sold(2, "7", "show/1"))
            source.save(tmp_path / "two.json")
            log.restore(list(source.read(upto=1)))
            log.load(tmp_path / "two.json", restore=True)
        with pytest.raises(Conflict) as caught:
            log.append(sold(3, "7"), after=1, unless=Query(tags=("show/1", "seat/7")))
        assert caught.value.event.position == 2

    def test_tags_go_through_the_wire_form(self, six: EventLog) -> None:
        """As `edatags`; what others call `tags` stays theirs, and no query takes it for ours."""
        first = next(six.read())
        document = first.to_cloudevent()
        assert document["edatags"] == '["show/1","user/ada"]'
        assert Event.from_cloudevent(document) == first
        theirs = {"specversion": "1.0", "id": "x", "source": "/elsewhere", "type": "seat.sold", "tags": "show/1"}
        six.append(Event.from_cloudevent(theirs))
        found = six.find("x")
        assert found is not None
        assert (found.tags, found.extensions) == ((), {"tags": "show/1"})
        assert numbers(six.read(where=Query(tags="show/1"))) == [1, 2, 3, 6]

    def test_tags_survive_upcasters(self, six: EventLog) -> None:
        """A query is about the event as it is stored; its data come in the newest shape, its tags as they are."""
        six.upcasters = Upcasters()
        six.upcasters.step("seat.reserved", 1)(lambda data: {"renewed": data["number"]})
        found = list(six.read(where=Query("seat.reserved", tags=("user/ada", "show/1"))))
        assert [(event.data, event.tags, event.version) for event in found] == [
            ({"renewed": 1}, ("show/1", "user/ada"), 2)
        ]

    def test_tags_survive_corrections(self, six: EventLog) -> None:
        """A corrected event is still about what it was about; a rejected one is not found."""
        six.append(Event("event.corrected", {"event": "evt-0001", "data": {"number": 10}}))
        six.append(Event("event.rejected", {"event": "evt-0004"}))
        found = six.effective(where=Query("seat.*", tags="user/ada"))
        assert [(event.data, event.tags) for event in found] == [({"number": 10}, ("show/1", "user/ada"))]

    def test_tags_reach_workers_and_followers(self, six: EventLog) -> None:
        """An event that is taken or followed comes with its tags."""
        taken = six.group("mailers", "ada").take()
        assert taken == next(six.read())
        assert next(six.follow(patience=0)).tags == ("show/1", "user/ada")
        last = six.last
        assert last is not None
        assert last.tags == ("show/1", "user/ada")

    def test_other_tags_are_another_event(self, six: EventLog) -> None:
        """The same id with other tags is a contradiction; their order is none."""
        assert six.append(sold(1, "12", "user/ada", "show/1", "show/1")) == (1,)
        with pytest.raises(DuplicateEvent) as caught:
            six.append(sold(1, "12", "user/ada"))
        assert caught.value.differs == "tags"

    # --- any history, any query -----------------------------------------------------------------

    @pytest.fixture
    def fresh_logs(self, clock: SettableClock, tmp_path: Path) -> Iterator[Callable[[], EventLog]]:
        """Makes an empty log each time."""
        opened, counter = list[EventLog](), count()

        def fresh() -> EventLog:
            home = tmp_path / f"fresh-{next(counter)}"
            home.mkdir()
            opened.append(self.open(clock, home))
            return opened[-1]

        yield fresh
        for log in opened:
            with suppress(Exception):
                log.close()

    @given(data=st.data())
    @settings(
        max_examples=max(10, settings().max_examples // 3),
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.differing_executors,
            HealthCheck.too_slow,
        ],
    )
    def test_any_history_does_what_a_list_would_do(
        self, fresh_logs: Callable[[], EventLog], data: st.DataObject
    ) -> None:
        """Appends under conditions, and reads, against a list that is searched naively."""
        with fresh_logs() as log:
            entries: list[Event] = []
            for events, after, query in data.draw(st.lists(WRITES, max_size=8)):
                after, events = (
                    min(after, len(entries)),
                    [an_event(len(entries) + n).replace(**made) for n, made in enumerate(events, 1)],
                )
                in_the_way = [place for place, event in enumerate(entries, 1) if place > after and means(query, event)]
                if in_the_way:
                    with pytest.raises(Conflict) as caught:
                        log.append(*events, after=after, unless=as_query(query))
                    assert caught.value.event.position == in_the_way[0]
                else:
                    log.append(*events, after=after, unless=as_query(query))
                    entries += events
            for query in data.draw(st.lists(QUERIES, min_size=1, max_size=5)):
                after, reverse = data.draw(st.integers(0, len(entries))), data.draw(st.booleans())
                wanted = [place for place, event in enumerate(entries, 1) if place > after and means(query, event)]
                found = [event.position for event in log.read(after, where=as_query(query), reverse=reverse)]
                assert found == (wanted[::-1] if reverse else wanted)


# --- any history, any query -----------------------------------------------------------------------

Alternatives = Sequence[tuple[list[str] | None, list[str] | None]]

_TAGS = ("seat/12", "seat/7", "user/ada", "name:Zoë", "seat")
_NAMES = ("seat.reserved", "seat.released", "user.account.closed", "show.opened")
_PATTERNS = ("seat.*", "user.*", "*.reserved", "user.>", "*.account.*", "*.>")
EVENTS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(_NAMES),
        "subject": st.sampled_from(("", *_TAGS)),
        "tags": st.lists(st.sampled_from(_TAGS), max_size=4, unique=True),
    }
)
QUERIES = st.lists(
    st.tuples(
        st.none() | st.lists(st.sampled_from(_NAMES + _PATTERNS), min_size=1, max_size=3),
        st.none() | st.lists(st.sampled_from(_TAGS), min_size=1, max_size=3, unique=True),
    ),
    min_size=1,
    max_size=3,
)
WRITES = st.tuples(st.lists(EVENTS, min_size=1, max_size=4), st.integers(0, 12), QUERIES)


def means(alternatives: Alternatives, event: Event) -> bool:
    """Whether a query means an event, by the letter of dcb.events."""
    about = {event.subject, *event.tags} - {""}
    return any(
        (names is None or any(re.fullmatch(_expression(name), event.name) for name in names))
        and about >= set(tags or ())
        for names, tags in alternatives
    )


def _expression(pattern: str) -> str:
    return pattern.replace(".", r"\.").replace("*", "[^.]+").replace(">", ".+")


def as_query(alternatives: Alternatives) -> Query:
    """The kit's query for these names and tags."""
    return any_of([Query(names, tags=tags) for names, tags in alternatives])


def any_of(queries: Sequence[Query]) -> Query:
    """All of them as alternatives."""
    joined, *others = queries
    for query in others:
        joined |= query
    return joined


# --- seats ----------------------------------------------------------------------------------------


def first_free_seat(log: EventLog, buyer: int, seats: int) -> str:
    """Reserve the first free seat of a show, and again while others are quicker; its name, or "" if none is left."""
    while True:
        read = log.head
        taken = {event.subject for event in log.read(upto=read, where=Query("seat.reserved", tags="show/1"))}
        free = [f"seat/{seat}" for seat in range(seats) if f"seat/{seat}" not in taken]
        if not free:
            return ""
        event = an_event(buyer, "seat.reserved", free[0]).replace(tags=("show/1", f"buyer/{buyer}"))
        try:
            log.append(event, after=read, unless=Query("seat.reserved", tags=(free[0], "show/1")))
        except Conflict as conflict:
            assert conflict.event.subject == free[0]  # noqa: PT017
            continue
        return free[0]
