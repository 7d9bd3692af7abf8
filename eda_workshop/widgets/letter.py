"""The late letter: something about March turns out to have been otherwise, when March is over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import ipywidgets

from eda_workshop.drive.billing import MARCH, Usage, day
from eda_workshop.drive.letter import BEST, KINDS, NEW, Letter, Story, live, recorded
from eda_workshop.errors import BadPlan, BadSetting, check_number
from eda_workshop.replay import STRATEGIES, Message
from eda_workshop.show import palette
from eda_workshop.show.letter import LetterState, RealityLane, draw_letter
from eda_workshop.show.month import Look, Mark
from eda_workshop.show.picture import Picture
from eda_workshop.widgets.given import check_switch
from eda_workshop.widgets.instrument import Frame, Instrument, button, choice, number, tick

_EVENTS = {
    f"{index}: {user} {name.split('.')[1]}{f' {amount} GB' if amount else ''}": index
    for index, (_, name, user, amount) in enumerate(MARCH, 1)
}


class LateLetter(Instrument):
    """A letter about March, when March is over: what was believed, what is true, and what is to be done outside.

    >>> LateLetter().commit("rewind")
    A late event of 10 March, and 5 events after it touch the same. Steps: rebuild 12, rewind 17, selective 8. After 17 steps by rewind: ada stores 15 GB, not 12. Outside: 2 right, 2 to send, 1 to take back.
    """

    labels: ClassVar = {"strategy": "By", "day": "Day of March", "gigabytes": "GB", "out": "Invoices are out"}

    def __init__(self) -> None:
        self.settings = Letter()
        self._is_quiet = False
        super().__init__()

    def frame(self) -> Frame:
        story = live(self.settings)
        state = _look(self.settings, story)
        numbers = {"costs": dict(story.plan.costs), "external": story.external, "outside": list(story.billing.outside)}
        return Frame(draw_letter(state), numbers)

    def late(self, day: int = 10, gigabytes: int = 3) -> Picture:
        """So many gigabytes of ada's came on a day of March, and are told of only now."""
        return self._do(lambda: self._set(kind="came late", day=day, gigabytes=gigabytes))

    def reject(self, event: int) -> Picture:
        """An event of March never happened."""
        return self._do(lambda: self._set(kind="never happened", event=event))

    def correct(self, event: int, gigabytes: int) -> Picture:
        """It was another amount."""
        return self._do(lambda: self._set(kind="was another amount", event=event, gigabytes=gigabytes))

    def move(self, event: int, day: int) -> Picture:
        """It was on another day."""
        return self._do(lambda: self._set(kind="was on another day", event=event, day=day))

    def invoices(self, out: bool = True) -> Picture:
        """March's invoices went out before the letter came, or wait still."""
        return self._do(lambda: self._invoice(out))

    def accept(self, yes: bool = True) -> Picture:
        """What the correction makes impossible counts all the same. Without this it can't be committed."""
        return self._do(lambda: self._set(accepted=check_switch("Accept the impossible", yes)))

    def commit(self, strategy: str = BEST) -> Picture:
        """Record the correction, and bring the state up to date: "rebuild", "rewind", "selective" or "the best"."""
        return self._do(lambda: self._commit(strategy))

    def settle(self) -> Picture:
        """Send what is missing, and take back what is wrong."""
        return self._do(self._settle)

    def plan(self) -> Picture:
        """Back to the plan: nothing is recorded yet."""
        return self._do(self._set)

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        settings = self.settings
        self._kind = choice("What turned out: it", list(KINDS), settings.kind)
        self._event = choice("Event", list(_EVENTS.items()), settings.event)
        self._day = number("Day of March", settings.day, 1, 31, 1, self._follow)
        self._gigabytes = number("GB", settings.gigabytes, 1, 9, 1, self._follow)
        self._strategy = choice("By", [BEST, *STRATEGIES], settings.strategy)
        self._invoices = tick("Invoices are out", settings.invoices, self._follow)
        self._accepted = tick("Accept the impossible", settings.accepted, self._follow)
        self._kind.observe(self._follow, names="value")
        self._event.observe(self._follow, names="value")
        buttons = [button("Commit", lambda: self.commit(self._strategy.value)), button("Settle outside", self.settle)]
        return [
            [self._kind, self._event, *self._day, *self._gigabytes],
            [self._invoices, self._accepted, self._strategy, *buttons, button("Back to the plan", self.plan)],
        ]

    def _follow(self, _: object) -> None:
        """What the controls say becomes so, all of it together, unless the settings say the same already."""
        said = {
            "kind": self._kind.value,
            "event": self._event.value,
            "day": int(self._day[0].value),
            "gigabytes": int(self._gigabytes[0].value),
            "invoices": self._invoices.value,
            "accepted": self._accepted.value,
        }
        if not self._is_quiet and self.settings != replace(self.settings, **said):
            self._do(lambda: self._set(**said))

    def _set(self, **changes: Any) -> None:
        if "event" in changes:
            check_number("event", changes["event"], 1, len(MARCH))
        if "day" in changes:
            check_number("day", changes["day"], 1, 31)
        if "gigabytes" in changes:
            check_number("gigabytes", changes["gigabytes"], 1, 9)
        self.settings = replace(self.settings, stage="planned", **changes)
        settings = self.settings
        controls = (self._kind, self._event, self._day[0], self._gigabytes[0], self._invoices, self._accepted)
        values = (
            *(settings.kind, settings.event, settings.day, settings.gigabytes),
            *(settings.invoices, settings.accepted),
        )
        self._is_quiet = True
        try:
            for control, value in zip(controls, values, strict=True):
                control.value = value
        finally:
            self._is_quiet = False

    def _invoice(self, out: bool) -> None:
        check_switch("out", out)
        self._set(invoices=out)

    def _commit(self, strategy: str) -> None:
        if strategy not in (BEST, *STRATEGIES):
            raise BadSetting("strategy", strategy, f"one of: {', '.join((BEST, *STRATEGIES))}")
        if not self.settings.accepted and live(replace(self.settings, stage="planned")).plan.impossible:
            remedy = 'Tick "Accept the impossible" (in code, letter.accept()), or choose another event or day.'
            raise BadPlan("A later event becomes impossible, and nobody has accepted that", remedy)
        self.settings = replace(self.settings, strategy=strategy, stage="committed")
        self._strategy.value = strategy

    def _settle(self) -> None:
        if self.settings.stage == "planned":
            raise BadPlan("What is not recorded can't be settled", "Commit first.")
        self.settings = replace(self.settings, stage="settled")


# --- the picture --------------------------------------------------------------------------------


def _look(settings: Letter, story: Story) -> LetterState:
    user = story.plan.keys[0]
    truth = live(replace(settings, stage="committed", strategy=BEST, accepted=True))
    before = _lane(
        "incorrect reality", "as it was believed", palette.LOST, settings, story, user, known=story.plan.head
    )
    correct = _lane("correct branch", "had it been known", palette.HYPOTHETICAL, settings, truth, user, new="new")
    is_planned = story.outcome is None
    ours = _lane(
        "corrected reality",
        "nothing is done yet"
        if is_planned
        else f"{settings.stage}, by {story.outcome.strategy if story.outcome else ''}",
        palette.SUBSCRIBER,
        settings,
        story,
        user,
        known=story.plan.head if is_planned else None,
    )
    return LetterState(
        (before, correct, ours), (story.plan.since - day(1)).days + 1, _outbox(story), _sentence(settings, story, user)
    )


def _lane(
    name: str,
    state: str,
    color: str,
    settings: Letter,
    story: Story,
    user: str,
    *,
    known: int | None = None,
    new: Look = "event",
) -> RealityLane:
    counting = [event for event in story.billing.log.effective(known) if not event.name.startswith("gateway.")]
    marks = []
    for event in counting:
        index = int(event.id[-4:])
        first = recorded(story.billing, event.id)
        changed = event.data != first.data or event.occurred != first.occurred
        look: Look = new if index == NEW else "changed" if changed else "event" if event.subject == user else "other"
        marks.append(Mark((event.occurred - day(1)).days + 1, index, look, f"{event.name} {dict(event.data)}"))
    if settings.kind == "never happened" and settings.event not in {mark.number for mark in marks}:
        marks.append(Mark(MARCH[settings.event - 1][0], settings.event, "gone", "never happened"))
    own = [event for event in counting if event.subject == user and event.name in Usage.rules]
    history = story.billing.history
    curve = ((mark, history.state(occurred=moment, known=known, subject=user)) for mark, moment in _moments(own))
    return RealityLane(name, state, color, tuple(marks), tuple(curve))


def _moments(events: list[Any]) -> list[tuple[float, Any]]:
    return [((event.occurred - day(1)).days + 1, event.occurred) for event in events]


def _outbox(story: Story) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    external = story.external
    wrong = (*external.wrong, *external.waiting)
    return (
        ("right, left alone", palette.MUTED, tuple(map(_words, external.same))),
        ("missing, to send", palette.SUBSCRIBER, tuple(map(_words, external.missing))),
        ("wrong, to take back", palette.LOST, tuple(map(_words, wrong))),
    )


def _words(message: Message) -> str:
    user, content = message.content["user"].split("/")[1], message.content
    return f"{message.gateway} to {user}, {message.cause[-4:].lstrip('0')}: " + (
        f"{content['euros']} €" if "euros" in content else f"{content['text']}"
    )


def _sentence(settings: Letter, story: Story, user: str) -> str:
    plan, external, who = story.plan, story.external, user.split("/")[1]
    count = len(plan.affected)
    after = f"{count} event{'s' * (count != 1)} after it touch{'es' * (count == 1)} the same"
    price = ", ".join(f"{name} {cost}" for name, cost in plan.costs.items())
    told = f"{_about(settings)}, and {after}. Steps: {price}. {_change(story, user, who)} {_impossible(story)}"
    if settings.stage == "settled":
        count = len(story.billing.outside)
        return told + f"Outside all is settled: **{count}** messages went out in all, and nothing was sent twice."
    back = len(external.wrong) + len(external.waiting)
    return told + f"Outside: **{len(external.same)}** right, {len(external.missing)} to send, {back} to take back."


def _change(story: Story, user: str, who: str) -> str:
    outcome, plan = story.outcome, story.plan
    before, after = plan.incorrect.get(user, 0), plan.correct.get(user, 0)
    stores = f"{who} stores {after} GB, not {before}" if before != after else f"{who} stores {after} GB as before"
    if outcome is None:
        return f"Planned: {stores}."
    met = f", {outcome.spared} spared where all was as before" if outcome.spared else ""
    return f"After {outcome.steps} steps by {outcome.strategy}{met}: {stores}."


def _impossible(story: Story) -> str:
    """What can't have happened, now that the past is another one."""
    said = [
        f"event {it.event.id[-4:].lstrip('0')} is **impossible**, because {it.problem}" for it in story.plan.impossible
    ]
    if not said:
        return ""
    return f"But {', and '.join(said)}. {'It was accepted. ' if story.outcome else ''}"


def _about(settings: Letter) -> str:
    if settings.kind == "came late":
        return f"A late event of {settings.day} March"
    label = next(name for name, index in _EVENTS.items() if index == settings.event)
    more = {
        "was another amount": f" was {settings.gigabytes} GB",
        "was on another day": f" was on {settings.day} March",
    }
    return f"Event {label}{more.get(settings.kind, ' never happened')}"
