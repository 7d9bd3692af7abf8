"""A saga: one place that knows the steps of a flow, asks for them one after the other, and undoes them if one fails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eda_workshop.bus import Bus, Command
from eda_workshop.errors import DeliveryFailed, NoLog, Rejected
from eda_workshop.event import Event, Recorded
from eda_workshop.flows.steps import Instance, Step, check_steps
from eda_workshop.log import EventLog
from eda_workshop.names import check_name

_TOLD = ("started", "step_asked", "step_accepted", "step_done", "step_failed", "step_undone", "step_kept")
_ENDS = ("completed", "compensated", "stuck")


class Saga:
    """An orchestrated flow with compensation: steps in order, and if one fails, those before it undone, newest first.

    bus     with a log: what the saga does is told there, and its state is a fold of that
    name    one token, such as ``sign_up``; its events are ``sign_up.started``, ``sign_up.step_done`` and so on
    starts  the event that starts an instance; its correlation is the instance's, one for each conversation
    steps   in the order of doing

    Each step sends a command, and waits for the event that says it is done. It fails if the command is refused (any
    error; of `Rejected` the reason is kept), or if the event has not come in time when `check` is called. Then what was
    done is undone in reverse, and the saga ends with ``sign_up.compensated``; a refused undo ends it with ``sign_up.stuck``,
    because only a person can help. A step that is reported twice counts once; one that is reported early is not asked
    for; one that is reported after it was given up is undone as well.

    A saga that is made again on the same log goes on where it was. A command is sent again only if the crash came between
    asking and its answer; it has the same id then, ``<correlation>/<command>``, by which its handler can tell.

    Raises `NoLog` without a log, and `BadSaga`.

    >>> bus = Bus(open_log("memory://"))
    >>> _ = bus.handle("account.open", lambda command: bus.publish("account.opened", command.data) and None)
    >>> saga = Saga(bus, "joining", "user.signed_up", [Step("account.open", "account.opened")])
    >>> _ = bus.publish("user.signed_up", {"user": "ada"}, id="evt-1")
    >>> saga.of("evt-1").status
    'completed'
    """

    def __init__(self, bus: Bus, name: str, starts: str, steps: Sequence[Step]) -> None:
        check_name(f"{name}.started")
        check_name(starts)
        check_steps(name, starts, steps)
        if bus.log is None:
            raise NoLog("A saga")
        self.bus, self.name, self.starts, self.steps = bus, name, starts, tuple(steps)
        self._log: EventLog = bus.log
        self._instances: dict[str, Instance] = {}
        self._sending: set[str] = set()
        for event in self._log.read(names=[f"{name}.{told}" for told in (*_TOLD, *_ENDS)]):
            self._learn(event)
        self._listen()

    def of(self, correlation: str) -> Instance | None:
        """The instance of a conversation; None if it has none."""
        return self._instances.get(correlation)

    @property
    def instances(self) -> tuple[Instance, ...]:
        """Every instance, in the order they started."""
        return tuple(self._instances.values())

    def check(self) -> int:
        """Give up the steps that are overdue by the bus's clock; return how many. Call it now and then."""
        now, overdue = self.bus.clock.now(), 0
        for instance in self.instances:
            step = self._next(instance)
            if instance.status != "running" or step is None or step.within is None or step.do not in instance.asked:
                continue
            if (now - instance.since).total_seconds() >= step.within:
                overdue += 1
                self._fail(instance.correlation, step, f"{step.done} did not come within {step.within:g} s")
        return overdue

    # --- hearing --------------------------------------------------------------------------------

    def _listen(self) -> None:
        subscriber = self.bus.subscriber(f"saga {self.name}", durable=True)
        subscriber.on(self.starts, self._started)
        for step in self.steps:
            subscriber.on(step.done, lambda event, step=step: self._reported(step, event))
        subscriber.catch_up()
        for instance in self.instances:
            self._go_on(instance.correlation)

    def _started(self, event: Event) -> None:
        if event.correlation not in self._instances:
            self._tell(event.correlation, "started", data=event.data)
        self._go_on(event.correlation)

    def _reported(self, step: Step, event: Event) -> None:
        instance = self._instances.get(event.correlation)
        if instance is None:
            return
        if step.do not in instance.done:
            self._tell(event.correlation, "step_done", step=step.do)
        self._go_on(event.correlation)

    # --- doing ----------------------------------------------------------------------------------

    def _go_on(self, correlation: str) -> None:
        """Do what comes next, until something has to be waited for."""
        while self._instances[correlation].status in ("running", "undoing"):
            act = self._forward if self._instances[correlation].status == "running" else self._back
            if not act(self._instances[correlation]):
                return

    def _forward(self, instance: Instance) -> bool:
        """Ask for the next step. Whether there is more to do at once."""
        step = self._next(instance)
        if step is None:
            self._tell(instance.correlation, "completed")
        elif step.do in instance.accepted or instance.correlation in self._sending:
            return False
        else:
            self._ask(instance, step)
        return True

    def _ask(self, instance: Instance, step: Step) -> None:
        if step.do not in instance.asked:
            self._tell(instance.correlation, "step_asked", step=step.do)
        refused = self._send(step.do, instance)
        if self._instances[instance.correlation].status != "running":
            return
        if refused is None:
            self._tell(instance.correlation, "step_accepted", step=step.do)
        else:
            self._fail(instance.correlation, step, refused)

    def _back(self, instance: Instance) -> bool:
        """Take the newest step back. Whether there is more to do at once."""
        if instance.correlation in self._sending:
            return False
        if not instance.left:
            self._tell(instance.correlation, "compensated", reason=instance.reason)
            return True
        step = next(step for step in self.steps if step.do == instance.left[0])
        if not step.undo:
            stays = step.kept or "nothing takes it back"
            self._tell(instance.correlation, "step_kept", step=step.do, reason=stays)
            return True
        refused = self._send(step.undo, instance)
        if refused is None:
            self._tell(instance.correlation, "step_undone", step=step.do, command=step.undo)
        else:
            self._tell(instance.correlation, "stuck", step=step.do, reason=f"{step.undo}: {refused}")
        return True

    def _fail(self, correlation: str, step: Step, reason: str) -> None:
        self._tell(correlation, "step_failed", step=step.do, reason=reason)
        self._go_on(correlation)

    def _send(self, name: str, instance: Instance) -> str | None:
        """Send a command of the conversation. Why it was refused; None if it was not."""
        identity = f"{instance.correlation}/{name}"
        self._sending.add(instance.correlation)
        try:
            self.bus.send(Command(name, instance.data, id=identity, correlation=instance.correlation))
        except Rejected as refused:
            return str(refused)
        except DeliveryFailed:
            # It was carried out. Somebody else failed at what came of it, and has a dead letter.
            return None
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        finally:
            self._sending.discard(instance.correlation)
        return None

    def _next(self, instance: Instance) -> Step | None:
        return next((step for step in self.steps if step.do not in instance.done), None)

    # --- telling --------------------------------------------------------------------------------

    def _tell(self, correlation: str, told: str, **facts: Any) -> None:
        """Say what the saga did, and know it."""
        receipt = self.bus.publish(
            f"{self.name}.{told}",
            facts,
            source=f"/{self.name}",
            subject=f"{self.name}/{correlation}",
            correlation=correlation,
        )
        self._learn(receipt.event)  # type: ignore[arg-type]

    def _learn(self, event: Recorded) -> None:
        correlation = event.correlation
        if event.name == f"{self.name}.started":
            self._instances[correlation] = Instance(correlation, event.data["data"], event.occurred)
        else:
            self._instances[correlation] = self._instances[correlation].after(event)

    def __repr__(self) -> str:
        found = [instance.status for instance in self.instances]
        told = [f"{found.count(status)} {status}" for status in dict.fromkeys(found)]
        return f"<Saga {self.name}: {len(self.steps)} steps, {', '.join(told) or 'never started'}>"
