"""A saga: one place that knows the steps of a flow, asks for them one after the other, and undoes them if one fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from eda_workshop.bus import Bus
from eda_workshop.callbacks import check_plain
from eda_workshop.decide.manager import ProcessManager
from eda_workshop.decide.process import ACCEPTED, REFUSED, After, Output, Process, Send
from eda_workshop.decide.steps import Instance, Step, check_steps
from eda_workshop.errors import NoLog
from eda_workshop.event import Event
from eda_workshop.names import check_name

Reaction = tuple[Instance | None, list[Output]]
"""The instance after an event, and what came of it."""
Key = Callable[[Event], str | None]


class Saga:
    """An orchestrated flow with compensation: steps in order, and if one fails, those before it undone, newest first.

    bus     with a log, in which the saga records what it does
    name    one token, such as ``sign_up``; its events are ``sign_up.started``, ``sign_up.step_done`` and so on
    starts  the event that starts an instance
    steps   in the order of doing
    key     ``(event) -> text``: which instance an event belongs to, by a business key that all of the saga's events carry;
            left out, the event's correlation, so there is one instance for each conversation

    Each step sends a command, and waits for the event that says it is done. It fails if the command is refused (any
    error; of `Rejected` the reason is kept), or if the event has not come in time. Then what was
    done is undone in reverse, and the saga ends with ``sign_up.compensated``; a refused undo ends it with ``sign_up.stuck``,
    because only a person can help. A step that is reported twice counts once; one that is reported early is not asked
    for; one that is reported after it was given up is undone as well.

    A saga is the short form of a `Process` with its `ProcessManager`, and keeps their promises: made again on the same log
    it goes on where it was, and a command that is sent again has the same id. Raises `NoLog` without a log, and `BadSaga`.

    >>> bus = Bus(open_log("memory://"))
    >>> _ = bus.handle("account.open", lambda command: bus.publish("account.opened", command.data) and None)
    >>> steps = [Step("account.open", "account.opened")]
    >>> saga = Saga(bus, "joining", "user.signed_up", steps, key=lambda event: event.data["user"])
    >>> _ = bus.publish("user.signed_up", {"user": "ada"})
    >>> saga.of("ada").status
    'completed'
    """

    def __init__(self, bus: Bus, name: str, starts: str, steps: Sequence[Step], key: Key | None = None) -> None:
        check_name(f"{name}.started")
        check_name(starts)
        check_steps(name, starts, steps)
        if bus.log is None:
            raise NoLog("A saga")
        self.bus, self.name, self.starts, self.steps = bus, name, starts, tuple(steps)
        flow = _Flow(name, starts, self.steps, _correlation if key is None else check_plain(key, None))
        self._manager = ProcessManager(bus.log, bus, flow.process(), tries=1, subscriber=f"saga {name}")

    def of(self, key: str) -> Instance | None:
        """The instance with this key, without a `key=` that of a conversation's correlation; None if there is none."""
        found = self._manager.of(key)
        return None if found is None else found.state

    @property
    def instances(self) -> tuple[Instance, ...]:
        """Every instance, in the order they started."""
        return tuple(found.state for found in self._manager.instances)

    def check(self) -> int:
        """Give up the steps that are overdue by the bus's clock; return how many. Call it now and then.

        So do the next `Bus.publish`, `Bus.settle` and `Bus.listen`.
        """
        running = {instance.key for instance in self.instances if instance.status == "running"}
        self._manager.check()
        return sum(instance.key in running and bool(instance.reason) for instance in self.instances)

    def __repr__(self) -> str:
        found = [instance.status for instance in self.instances]
        told = [f"{found.count(status)} {status}" for status in dict.fromkeys(found)]
        return f"<Saga {self.name}: {len(self.steps)} steps, {', '.join(told) or 'never started'}>"


def _correlation(event: Event) -> str:
    return event.correlation


class _Flow:
    """What a saga does about each event: pure functions from an instance to the next one and what comes of it."""

    def __init__(self, name: str, starts: str, steps: tuple[Step, ...], key: Key) -> None:
        self.name, self.starts, self.steps, self.key = name, starts, steps, key
        self._overdue = f"{name}.step_overdue"

    def process(self) -> type[Process]:
        """The saga as a process."""

        def evolve(instance: Instance | None, event: Event) -> Instance | None:
            return self._react(instance, event)[0]

        def decide(instance: Instance | None, event: Event) -> list[Output]:
            return self._react(instance, event)[1]

        body = {
            "name": self.name,
            "hears": (self.starts, *(step.done for step in self.steps)),
            "starts": (self.starts,),
            "key": self.key,
            "evolve": evolve,
            "decide": decide,
            "status": lambda instance: instance.status,
        }
        return type(f"saga {self.name}", (Process,), body)

    def _react(self, instance: Instance | None, event: Event) -> Reaction:
        if instance is None:
            return self._start(event)
        by_name = {step.done: step for step in self.steps}
        if event.name in by_name:
            return self._reported(instance, by_name[event.name], event)
        if event.name == self._overdue:
            return self._late(instance, self._step(event.data["step"]))
        if event.name == ACCEPTED:
            return self._accepted(instance, event.data["command"])
        if event.name == REFUSED:
            return self._refused(instance, event.data["command"], event.data["reason"])
        return instance, []

    # --- what happened --------------------------------------------------------------------------

    def _start(self, event: Event) -> Reaction:
        instance = Instance(self.key(event) or "", event.data, event.occurred)
        return self._with(self._tell(instance, "started", data=event.data), self._forward(instance, event))

    def _reported(self, instance: Instance, step: Step, event: Event) -> Reaction:
        """A step is done; also after it was given up, and then it has to be taken back as well."""
        if step.do in instance.done:
            return instance, []
        told = self._tell(instance, "step_done", step=step.do)
        instance = replace(instance, done=(*instance.done, step.do))
        if instance.status == "running":
            return self._with(told, self._forward(instance, event))
        if instance.status == "compensated":
            return self._with(told, self._back(replace(instance, status="undoing")))
        return instance, [told]

    def _accepted(self, instance: Instance, command: str) -> Reaction:
        taken_back = instance.taking_back
        if taken_back and command == self._step(taken_back).undo:
            told = self._tell(instance, "step_undone", step=taken_back, command=command)
            instance = replace(instance, undone=(*instance.undone, taken_back), taking_back="")
            return self._with(told, self._back(instance))
        if command in instance.accepted:
            return instance, []
        return replace(instance, accepted=(*instance.accepted, command)), [
            self._tell(instance, "step_accepted", step=command)
        ]

    def _refused(self, instance: Instance, command: str, reason: str) -> Reaction:
        step = instance.taking_back
        if step and command == self._step(step).undo:
            reason = f"{command}: {reason}"
            told = self._tell(instance, "stuck", step=step, reason=reason)
            return replace(instance, status="stuck", reason=reason, taking_back=""), [told]
        return self._fail(instance, self._step(command), reason)

    def _late(self, instance: Instance, step: Step) -> Reaction:
        return self._fail(instance, step, f"{step.done} did not come within {step.within:g} s")

    def _fail(self, instance: Instance, step: Step, reason: str) -> Reaction:
        """Give a step up, unless it is done after all, and take back what is done."""
        if instance.status != "running" or step.do in instance.done:
            return instance, []
        told = self._tell(instance, "step_failed", step=step.do, reason=reason)
        return self._with(told, self._back(replace(instance, status="undoing", reason=reason)))

    # --- what comes next ------------------------------------------------------------------------

    def _forward(self, instance: Instance, event: Event) -> Reaction:
        """Ask for the next step that is not done, once."""
        step = next((step for step in self.steps if step.do not in instance.done), None)
        if step is None:
            return replace(instance, status="completed"), [self._tell(instance, "completed")]
        if step.do in instance.asked:
            return instance, []
        told = self._tell(instance, "step_asked", step=step.do)
        timers = [] if step.within is None else [After(step.within, self._overdue, {"step": step.do})]
        asked = replace(instance, asked=(*instance.asked, step.do), since=event.occurred)
        return asked, [told, Send(step.do, instance.data), *timers]

    def _back(self, instance: Instance) -> Reaction:
        """Take the newest step back that can be, one at a time; what can't is kept."""
        outputs: list[Output] = []
        for step in map(self._step, instance.left):
            if step.undo:
                return replace(instance, taking_back=step.do), [*outputs, Send(step.undo, instance.data)]
            stays = step.kept or "nothing takes it back"
            outputs.append(self._tell(instance, "step_kept", step=step.do, reason=stays))
            instance = replace(instance, undone=(*instance.undone, step.do))
        told = self._tell(instance, "compensated", reason=instance.reason)
        return replace(instance, status="compensated"), [*outputs, told]

    def _step(self, do: str) -> Step:
        return next(step for step in self.steps if step.do == do)

    def _with(self, told: Event, reaction: Reaction) -> Reaction:
        return reaction[0], [told, *reaction[1]]

    def _tell(self, instance: Instance, told: str, **facts: Any) -> Event:
        about = f"{self.name}/{instance.key}"
        return Event(f"{self.name}.{told}", facts, source=f"/{self.name}", subject=about)
