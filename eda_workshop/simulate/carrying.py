"""How work goes from one service to another, over each kind of link."""

from __future__ import annotations

from collections.abc import Callable

import simpy

from eda_workshop.event import Recorded
from eda_workshop.simulate.part import Failure, Part, Request, Work
from eda_workshop.simulate.system import ASK, CALL, EVENT, QUEUE, Link
from eda_workshop.simulate.world import Steps, World

MOST_HOPS = 50
"""What has gone through more services than this, one causing the other, is taken for endless."""

PAUSE = 1.0
"""Seconds between two tries of queued work or of an event."""


class Carrier:
    """Has the parts of a world do their work, and takes it over the links of its system."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.env = world.env
        system = world.system
        self._routes = {
            (service.name, operation.name, after): system.out_of(service.name, operation.name, after)
            for service in system.services
            for operation in system.operations
            for after in ("", *(link.name for link in system.links if link.name and link.target == service.name))
        }
        self._keepers = {
            link: Link(link.source, link.via, CALL, delay=link.delay, timeout=link.timeout)
            for link in system.links
            if link.via
        }
        every = [*system.links, *self._keepers.values()]
        self._hops = {link: system.hop(link) for link in every}
        self._between_units = {link for link in every if system.unit_of(link.source) != system.unit_of(link.target)}
        world.subscribe(lambda link, event: self.env.process(self._react(link, event)))

    def ask(self, request: Request, entry: str) -> Steps:
        """One request, from its entry to its answer; a process of the world."""
        work = Work(request.operation, request.number, (entry,))
        request.failure = yield from self._serve(self.world.parts[entry], work)
        request.answered = self.env.now

    # --- at one service -------------------------------------------------------------------------

    def _serve(self, part: Part, work: Work) -> Steps:
        """Wait for a turn, do one's own work, go on with others. Gives back a `Failure`, or None if all went well."""
        if not part.is_up:
            part.refused += 1
            return Failure(part.name, "is down")
        self.world.begin()
        me = self.env.active_process
        assert me is not None
        part.begin(me)
        try:
            with part.turn() as turn:
                if turn is not None:
                    yield turn
                lasts = part.duration()
                yield self.env.timeout(lasts)
                part.busy += lasts
                if not work.after and part.name in self.world.taps:
                    tap = self.world.taps[part.name]
                    tap.ages.append((self.env.now, tap.age(self.env.now)))
                failure = yield from self._go_on(part, work)
            part.handled += failure is None
            return failure
        except simpy.Interrupt:
            return Failure(part.name, "fell")
        finally:
            self.world.end()
            part.end(me)

    def _go_on(self, part: Part, work: Work) -> Steps:
        """What the service sets going, one link after the other; an event is said once, however many listen."""
        said = set()
        for link in self._routes[part.name, work.operation, work.after]:
            if link.kind == EVENT and link.name in said:
                continue
            said.add(link.name)
            ways = {EVENT: self._publish, QUEUE: self._leave}
            failure = yield from ways.get(link.kind, self._request)(link, work)
            if failure is not None and not link.optional:
                return failure
        return None

    # --- calls, and queues whose answer is waited for ---------------------------------------------

    def _request(self, link: Link, work: Work) -> Steps:
        for _ in range(link.retries + 1):
            failure = (yield from self._keep(link, work)) or (yield from self._try(link, work))
            if failure is None:
                break
        return failure

    def _try(self, link: Link, work: Work) -> Steps:
        reply = self.env.process(self._carry(link, work.on_to(link.target)))
        if link.timeout is None:
            return (yield reply)
        # The caller gives up; whoever works for it doesn't know, and goes on.
        yield reply | self.env.timeout(link.timeout)
        return reply.value if reply.triggered else Failure(link.target, "took too long")

    def _carry(self, link: Link, work: Work) -> Steps:
        yield from self._travel(link)
        if link.kind == ASK:
            outcome = yield from self._work_off(link, work)
        elif self.world.is_cut(link.source, link.target):
            return Failure(link.target, "can't be reached")
        else:
            outcome = yield from self._serve(self.world.parts[link.target], work)
        yield from self._travel(link)
        return outcome

    def _travel(self, link: Link) -> Steps:
        """One message over the link."""
        if link in self._between_units:
            self.world.messages[link.kind] += 1
        if self._hops[link]:
            yield self.env.timeout(self._hops[link])

    def _keep(self, link: Link, work: Work) -> Steps:
        """Hand over to whoever keeps the queue or the log, if that is a service of its own."""
        if not link.via:
            return None
        return (yield from self._try(self._keepers[link], work))

    # --- queues ---------------------------------------------------------------------------------

    def _leave(self, link: Link, work: Work) -> Steps:
        failure = yield from self._keep(link, work)
        if failure is None and not self._is_endless(work):
            self.world.later += 1
            self.env.process(self._later(link, work.on_to(link.target)))
        return failure

    def _later(self, link: Link, work: Work) -> Steps:
        yield from self._travel(link)
        yield from self._try_until_done(link, lambda: self._work_off(link, work))
        self.world.later -= 1

    def _work_off(self, link: Link, work: Work) -> Steps:
        """Wait in the queue until the target can be reached and is up; what falls with it comes back to the queue."""
        part = self.world.parts[link.target]
        while True:
            while self.world.is_cut(link.via or link.source, link.target):
                yield self.world.healed
            if not part.is_up:
                yield part.back
            outcome = yield from self._serve(part, work)
            if outcome is None or outcome.where != part.name:
                return outcome

    def _try_until_done(self, link: Link, attempt: Callable[[], Steps]) -> Steps:
        """Try until it is done, its service fell, or the retries are used up: then it is dropped."""
        for left in range(link.retries, -1, -1):
            failure = yield from attempt()
            if failure is None or failure.where == link.target:
                return
            if left:
                yield self.env.timeout(PAUSE)
        self.world.dropped += 1

    # --- events ---------------------------------------------------------------------------------

    def _publish(self, link: Link, work: Work) -> Steps:
        failure = yield from self._keep(link, work)
        if failure is None and not self._is_endless(work):
            told = {"operation": work.operation, "path": work.path}
            facts = {"source": f"/{link.source}", "subject": f"request/{work.request}"}
            if work.event is not None:
                facts |= {"causation": work.event.id, "correlation": work.event.correlation}
            self.world.bus.publish(link.name, told, **facts)
        return failure

    def _react(self, link: Link, event: Recorded) -> Steps:
        """What a service does when it hears of an event. If it falls meanwhile, the log will tell it again."""
        tap, part = self.world.taps[link.target], self.world.parts[link.target]
        life = tap.life
        yield from self._travel(link)
        if tap.life != life:
            return
        if tap.is_closed:
            tap.lost(event)
            return
        path, request = (*event.data["path"], part.name), int(event.subject.removeprefix("request/"))
        work = Work(event.data["operation"], request, path, event, event.name)
        yield from self._try_until_done(link, lambda: self._serve(part, work))
        if tap.life == life:
            tap.done(event, self.env.now)

    def _is_endless(self, work: Work) -> bool:
        if len(work.path) <= MOST_HOPS:
            return False
        circle = " → ".join(work.path[-5:])
        self.world.stop(
            f"a request for {work.operation!r} has gone through {MOST_HOPS} services and comes to no end: … → {circle}. "
            "Take one of these links out, or let a service not react to what it caused itself"
        )
        return True
