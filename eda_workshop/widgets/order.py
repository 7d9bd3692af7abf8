"""Does order matter? Three events on an account, one of them guarded."""

from __future__ import annotations

from itertools import pairwise, permutations

import ipywidgets

from eda_workshop.clock import ManualClock
from eda_workshop.errors import BadSetting
from eda_workshop.event import Event
from eda_workshop.ids import CounterIds
from eda_workshop.log import open_log
from eda_workshop.replay import Model, Timeline, applies
from eda_workshop.show.orders import OrderRow, OrdersState, draw_orders
from eda_workshop.show.picture import Picture
from eda_workshop.widgets.instrument import Frame, Instrument, choice

ASKED = {1: ("money.deposited", 100), 2: ("withdrawal.asked", 80), 3: ("money.deposited", 50)}
"""Three events by number: what happened, and how much it was about."""

ORDERS = tuple(permutations(ASKED))


class Account(Model):
    """A balance, and how many withdrawals were refused because there was too little."""

    initial = (0, 0)

    @staticmethod
    @applies("money.deposited")
    def deposited(account: tuple[int, int], event: Event) -> tuple[int, int]:
        balance, refused = account
        return balance + event.data["amount"], refused

    @staticmethod
    @applies("withdrawal.asked")
    def asked(account: tuple[int, int], event: Event) -> tuple[int, int]:
        balance, refused = account
        amount = event.data["amount"]
        return (balance - amount, refused) if amount <= balance else (balance, refused + 1)


def _row(order: tuple[int, ...]) -> OrderRow:
    log, ids = open_log("memory://", clock=ManualClock()), CounterIds()
    log.append(*(Event(ASKED[number][0], {"amount": ASKED[number][1]}, id=ids()) for number in order))
    states = [state for _, state in Timeline(log, Account).play()]
    before = [0, *(refused for _, refused in states)]
    refused = tuple(after > earlier for earlier, after in pairwise(before))
    return OrderRow(order, _words(order), tuple(balance for balance, _ in states), refused)


def _words(order: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(f"{'+' if ASKED[n][0] == 'money.deposited' else '−'}{ASKED[n][1]}" for n in order)


def run(chosen: tuple[int, ...]) -> OrdersState:
    """Fold all six orders."""
    return OrdersState(tuple(map(_row, ORDERS)), chosen)


class OrderMatters(Instrument):
    """Deposit 100, withdraw 80 if there is enough, deposit 50: in an order of your choice.

    >>> OrderMatters().numbers
    {'balance': 70, 'refused': 0, 'outcomes': 2}
    """

    def __init__(self, *order: int) -> None:
        self.settings = _checked(order or ORDERS[0])
        super().__init__()

    def frame(self) -> Frame:
        state = run(self.settings)
        row = state.rows[ORDERS.index(self.settings)]
        numbers = {"balance": row.balances[-1], "refused": sum(row.refused), "outcomes": len(state.outcomes)}
        return Frame(draw_orders(state), numbers)

    def order(self, *numbers: int) -> Picture:
        """Let the events come in this order: 1, 2 and 3, each once."""
        return self._do(lambda: self._choose(numbers), f"The order is {', '.join(map(str, numbers))}.")

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        options = [(", ".join(_words(order)), order) for order in ORDERS]
        self._order = choice("Order", options, self.settings)
        self._order.observe(lambda change: self.order(*change["new"]), names="value")
        return [[self._order]]

    def _choose(self, numbers: tuple[int, ...]) -> None:
        self.settings = _checked(numbers)
        self._order.value = self.settings


def _checked(order: tuple[int, ...]) -> tuple[int, ...]:
    if order not in ORDERS:
        raise BadSetting("order", order, "1, 2 and 3, each once")
    return order
