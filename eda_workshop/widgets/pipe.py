"""Pipe and taps: what a topic copies, what a closed tap misses, and what a log behind the pipe brings back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import ipywidgets

from eda_workshop.bus import Bus, Subscriber, competing
from eda_workshop.clock import ManualClock
from eda_workshop.drive import KINDS
from eda_workshop.errors import BadEvent, BadSetting, check_number
from eda_workshop.event import Event
from eda_workshop.ids import CounterIds
from eda_workshop.log import open_log
from eda_workshop.names import check_name
from eda_workshop.show.picture import Picture
from eda_workshop.show.pipe import Delivered, PipeState, Span, Tap, draw_pipe
from eda_workshop.widgets.form import Form
from eda_workshop.widgets.instrument import Frame, Instrument, button, choice, tick

MOST_TAPS = 5
LONGEST = 3_600
"""Seconds that may pass at once."""
_NAMES = ("mailer", "folders", "audit", "search", "billing")
_SOURCES = ("web", "phone", "import")


@dataclass(frozen=True)
class Act:
    """One thing that was done at the pipe: publish, wait, open or close a tap."""

    verb: str
    tap: str = ""
    name: str = ""
    data: Mapping[str, Any] | None = None
    source: str = ""
    seconds: float = 0


@dataclass(frozen=True)
class PipeSettings:
    """Everything that `run` needs: what was done, in order, and what stands behind the pipe."""

    acts: tuple[Act, ...] = ()
    log: bool = False
    queue: bool = False


def run(settings: PipeSettings) -> PipeState:
    """Do the acts again, on a real bus with a clock that stands still between them."""
    world = _World(settings)
    for act in settings.acts:
        world.do(act)
    return world.state()


class PipeAndTaps(Instrument):
    """A pipe with taps. Publish, close a tap, open it again, and see what each tap got.

    log    whether a log stands behind the pipe: then the taps are durable subscribers
    queue  whether the pipe is a queue, which gives each message to one open tap, or a topic, which copies

    >>> PipeAndTaps().publish("user.signed_up")
    1 published · 3 delivered · 0 lost. Every open tap gets a copy of every event.
    """

    def __init__(self, *, log: bool = False, queue: bool = False) -> None:
        self.settings = PipeSettings(tuple(Act("open", tap=name) for name in _NAMES[:3]), log, queue)
        super().__init__()

    def frame(self) -> Frame:
        state = run(self.settings)
        return Frame(draw_pipe(state), state.numbers)

    # --- the same as the controls, from code ----------------------------------------------------

    def publish(self, name: str, data: Mapping[str, Any] | None = None, source: str = "web") -> Picture:
        """Publish one event; a second passes."""
        return self._do(lambda: self._publish(name, data, source))

    def wait(self, seconds: float = 1) -> Picture:
        """Let time pass."""
        return self._do(lambda: self._wait(seconds), lambda: f"{seconds:g} s passed.")

    def close(self, tap: str) -> Picture:
        """Close a tap."""
        return self._do(lambda: self._turn("close", tap), f"The tap {tap} is closed.")

    def open(self, tap: str) -> Picture:
        """Open a tap again, or add a new one that was never open before."""
        return self._do(lambda: self._turn("open", tap), f"The tap {tap} is open.")

    def log(self, on: bool = True) -> Picture:
        """Put a log behind the pipe, or take it away, for the whole story."""
        return self._set_control(self._log, on)

    def queue(self, on: bool = True) -> Picture:
        """Make the pipe a queue, or a topic again, for the whole story."""
        return self._set_control(self._mode, on)

    def reset(self) -> Picture:
        """Begin again with three open taps and nothing published."""
        return self._do(lambda: self._set(acts=tuple(Act("open", tap=name) for name in _NAMES[:3])))

    # --- controls -------------------------------------------------------------------------------

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        self._form = Form(lambda name, data: self.publish(name, data, self._source.value))
        self._source = choice("From", list(_SOURCES))
        self._tap = choice("Tap", list(_NAMES))
        self._log = tick("Log behind the pipe", self.settings.log, self._put_log)
        self._mode = choice("Pipe is a", [("topic", False), ("queue", True)], self.settings.queue)
        self._mode.observe(lambda change: self._make(change["new"]), names="value")
        taps = [
            self._tap,
            button("Close tap", lambda: self.close(self._tap.value)),
            button("Open tap", lambda: self.open(self._tap.value)),
            button("Wait 1 s", self.wait),
            self._log,
            self._mode,
            button("Start over", self.reset),
        ]
        return [[self._source, *self._form.row], taps]

    def _put_log(self, on: bool) -> Picture:
        return self._do(lambda: self._set(log=on), f"The pipe has {'a' if on else 'no'} log.")

    def _make(self, queue: bool) -> Picture:
        return self._do(lambda: self._set(queue=queue), f"The pipe is a {'queue' if queue else 'topic'}.")

    def _wait(self, seconds: float) -> None:
        check_number("seconds", seconds, 0, LONGEST, whole=False)
        self._append(Act("wait", seconds=seconds))

    def _publish(self, name: str, data: Mapping[str, Any] | None, source: str) -> None:
        check_name(name)
        example = {field.name: field.example for field in KINDS[name].fields} if name in KINDS else {}
        event = Event(name, example if data is None else data)
        self._append(Act("publish", name=event.name, data=event.data, source=source))

    def _turn(self, verb: str, tap: str) -> None:
        if not isinstance(tap, str):
            raise BadSetting("tap", tap, "a tap's name")
        taps = {existing.name: existing.is_open for existing in run(self.settings).taps}
        if taps.get(tap, False) == (verb == "open"):
            raise BadEvent(f"The tap {tap} is {'open' if verb == 'open' else 'closed'} already", "Turn another one.")
        if tap not in taps and len(taps) >= MOST_TAPS:
            raise BadEvent(f"There are {MOST_TAPS} taps already", "Open or close one of those.")
        self._append(Act(verb, tap=tap))

    def _append(self, act: Act) -> None:
        self._set(acts=(*self.settings.acts, act))

    def _set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)


class _World:
    """A bus, its taps and a clock, and notes on what each tap got."""

    def __init__(self, settings: PipeSettings) -> None:
        self.settings = settings
        self.clock = ManualClock("2026-03-02T09:00:00Z")
        self.start = self.clock.now()
        remembers = settings.log or settings.queue
        self.bus = Bus(
            open_log("memory://", clock=self.clock) if remembers else None, clock=self.clock, ids=CounterIds()
        )
        self.published: list[tuple[float, Event]] = []
        self.got: list[Delivered] = []
        self.spans: dict[str, list[Span]] = {}
        self.group: Subscriber | None = None

    @property
    def now(self) -> float:
        return (self.clock.now() - self.start).total_seconds()

    def do(self, act: Act) -> None:
        if act.verb == "publish":
            self.clock.advance(1)
            event = self.bus.event(act.name, act.data, source=f"/{act.source}")
            self.published.append((self.now, event))
            self.bus.publish(event)
        elif act.verb == "wait":
            self.clock.advance(act.seconds)
        elif act.verb == "open":
            self._turning()
            self.spans.setdefault(act.tap, []).append(Span(self.now, None))
            self._connect(act.tap)
        else:
            self._turning()
            self.spans[act.tap][-1] = Span(self.spans[act.tap][-1].start, self.now)
            self._disconnect(act.tap)

    def _turning(self) -> None:
        """Turning a tap takes half a second, so that it lies between two events in the picture."""
        if self.published:
            self.clock.advance(0.5)

    def state(self) -> PipeState:
        taps = tuple(Tap(name, tuple(spans)) for name, spans in self.spans.items())
        return PipeState(
            self.now, tuple(self.published), taps, tuple(self.got), log=self.settings.log, queue=self.settings.queue
        )

    def _connect(self, tap: str) -> None:
        if self.settings.queue:
            self._share()
            return
        subscriber = self.bus.subscriber(tap, durable=self.settings.log, after=0 if self.settings.log else None)
        subscriber.on(">", lambda event: self._note(tap, event))
        if self.settings.log:
            subscriber.catch_up()

    def _disconnect(self, tap: str) -> None:
        if self.settings.queue:
            self._share()
        else:
            self.bus.subscribers[tap].close()

    def _share(self) -> None:
        """One subscriber for all open taps: each message goes to one of them, in turn."""
        if self.group is not None:
            self.group.close()
            self.group = None
        takers = [tap for tap, spans in self.spans.items() if spans[-1].end is None]
        if takers:
            self.group = self.bus.subscriber("workers", durable=True, after=0)
            self.group.on(">", competing(*[lambda event, tap=tap: self._note(tap, event) for tap in takers]))
            self.group.catch_up()

    def _note(self, tap: str, event: Event) -> None:
        self.got.append(Delivered(self.now, tap, event.id))
