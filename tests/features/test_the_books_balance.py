"""Whatever happens, however it is paid and whoever sells: events, documents, payments, Stripe and pay agree."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from app.customers.models import InvoiceRhythm
from app.money import NOUGHT
from app.orders.states import ENDED
from tests import books_case
from tests.books_case import AFTER_BY_CARD, AFTER_BY_INVOICE, CARD_ACTS, INVOICE_ACTS, CardActor, Till, four_orders
from tests.books_sums import in_balance
from tests.card_case import taking_cards
from tests.furnished import furnished
from tests.money_case import due, sell_as, signed, worth

SELLERS = st.sampled_from([(), ("ljungbacken",), ("ljungbacken", "rullande")])
PARTLY_COME = [(one, *act) for one in range(4) for act in (("accept", 0, 12), ("part", 0, 3))]
"""With this each history begins: each order is partly delivered."""


EACH_LINE_CREDITED = [
    *[(0, "credit", 0, number) for number in (1, 2, 3)],
    *[(0, "commission", which, 0) for which in (0, 1)],
    *[(0, "credit", 1, number) for number in (1, 3)],
    *[(2, "credit", 0, 1), (2, "pay_out", 0, 0), (2, "refund", 1, 2), (2, "commission", 0, 0)],
]
"""What befalls all that members sell themselves: credited with them and without, before the commission and after."""


def histories(by_invoice: tuple[str, ...], by_card: tuple[str, ...], *, least: int, most: int) -> Any:
    """So many acts: on which order, what, on which of what there is, with which number. Most befall those by card."""

    def acts(first: int, names: tuple[str, ...]) -> Any:
        return st.tuples(st.integers(first, first + 1), st.sampled_from(names), st.integers(0, 3), st.integers(0, 12))

    return st.lists(acts(0, by_invoice) | acts(2, by_card) | acts(2, by_card), min_size=least, max_size=most)


@furnished
def house_of_books(app):
    books_case.furnish_books()


@pytest.fixture
def till(app, house_of_books, clock):
    with taking_cards(app, clock) as stripe:
        yield Till(app, stripe, clock)


@settings(
    max_examples=6,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(InvoiceRhythm.ORDER, ("ljungbacken", "rullande"), [], EACH_LINE_CREDITED)
@given(
    st.sampled_from(InvoiceRhythm),
    SELLERS,
    histories(INVOICE_ACTS, CARD_ACTS, least=4, most=12),
    histories(AFTER_BY_INVOICE, AFTER_BY_CARD, least=12, most=24),
)
def test_the_books_balance_whatever_happens(till, clock, rhythm, agents, while_it_comes, when_it_has_come):
    sell_as(rhythm, *agents)
    actors = four_orders(till)
    for acts in ([*PARTLY_COME, *while_it_comes], when_it_has_come):
        for who, act, which, number in acts:
            clock.move(minutes=1)
            actors[who].do(act, which, number)
            till.settle()
            in_balance(actors, actors[who])
        for actor in actors:
            actor.finish()
            till.settle()
        in_balance(actors)
    for actor in actors:
        if isinstance(actor, CardActor):
            actor.calm()
    in_balance(actors)
    for actor in actors:
        assert actor.order.state in ENDED
        assert due(actor.order) == NOUGHT
        assert signed(actor.order) == worth(actor.order)
