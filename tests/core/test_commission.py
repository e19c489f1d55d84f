"""What a member sells itself is divided to the öre, whatever happens to it, between the member and our commission."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from app.money import NOUGHT, Money
from app.settlement.commission import OwnSales
from app.vat import VatPart, sums

SPLIT = (VatPart(60, 25, "S"), VatPart(40, 12, "S"))
PARTS = st.sampled_from([*((VatPart(100, rate, "S"),) for rate in (25, 12, 6)), (VatPart(100, 0, "E"),)])
AMOUNTS = st.integers(1, 40) | st.integers(1, 10**7)
EVENTS = st.lists(st.tuples(AMOUNTS, st.integers(0, 130), PARTS), min_size=1, max_size=6)
"""Charged, so many per cent of it earned, and how it is taxed."""
BACK = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 100), st.integers(0, 100)), max_size=12)
"""Of which event so many per cent is given back, and how many per cent of that the member bears."""


def history(events, back) -> list[tuple[Money, Money, tuple[VatPart, ...], int]]:
    """What each event charged, and earned the member, and of which line: two deliveries each."""
    made = [(Money(ore), Money(ore).percent(share), parts, n // 2) for n, (ore, share, parts) in enumerate(events)]
    left = [charged for charged, *_more in made]
    for place, percent, borne in back:
        if place < len(events):
            amount = left[place].percent(percent)
            left[place] -= amount
            made.append((-amount, -amount.percent(borne), *made[place][2:]))
    return made


@given(EVENTS, BACK)
def test_what_the_customer_pays_is_the_members_and_ours(events, back):
    some, own = history(events, back), OwnSales()
    found = [own.add(charged, earned, parts, 25, line=line) for charged, earned, parts, line in some]
    charged, vat = Money.total(one for one, *_more in some), Money.total(one.vat for one in _as_invoiced(some))
    commission = Money.total(one.commission for one in found)
    made_good = Money.total(one.compensation for one in found)
    left = Money.total(one.left for one in found)
    assert left + commission + commission.percent(25) == charged + vat + made_good
    assert commission - made_good == charged - Money.total(earned for _charged, earned, *_more in some)
    assert Money.total(one.commission_vat for one in found) == commission.percent(25)
    assert all(one.paid + one.compensation == one.left + one.deducted for one in found)


@given(EVENTS, BACK)
def test_commission_of_no_line_is_ever_below_nought_nor_beside_compensation(events, back):
    some, own = history(events, back), OwnSales()
    commission, made_good = defaultdict(lambda: NOUGHT), defaultdict(lambda: NOUGHT)
    for charged, earned, parts, line in some:
        one = own.add(charged, earned, parts, 25, line=line)
        assert one.charged == earned + one.commission - one.compensation
        commission[line] += one.commission
        made_good[line] += one.compensation
        assert min(commission[line], made_good[line]) == NOUGHT <= max(commission[line], made_good[line])


@given(EVENTS, BACK)
def test_no_event_is_more_than_an_ore_from_what_it_comes_to_alone(events, back):
    own = OwnSales()
    for charged, earned, parts, line in history(events, back):
        one = own.add(charged, earned, parts, 25, line=line)
        assert abs(one.sale_vat.ore - charged.percent(parts[0].rate).ore) <= 1
        assert abs(one.commission_vat.ore - one.commission.percent(25).ore) <= 1


def _as_invoiced(some):
    """As an invoice and its credit notes have it in the end (EN 16931 BR-CO-17)."""
    return sums((charged, parts) for charged, _earned, parts, _line in some)


def test_a_price_of_two_rates_and_a_credit_that_the_house_bears():
    own = OwnSales()
    sold = own.add(Money.kronor(1000), Money.kronor(800), SPLIT, 25)
    assert (sold.sale_vat, sold.commission, sold.commission_vat) == tuple(map(Money.kronor, (198, 200, 50)))
    assert sold.left == Money.kronor(800 + 198 - 50)
    back = own.add(-Money.kronor(100), NOUGHT, SPLIT, 25)
    assert (back.commission, back.commission_vat) == (-Money.kronor(100), -Money.kronor(25))
    assert back.left == back.paid + Money.kronor(125) == Money.kronor("5.20")
    whole = own.add(-Money.kronor(900), NOUGHT, SPLIT, 25)
    assert (whole.commission, whole.commission_vat) == (-Money.kronor(100), -Money.kronor(25))
    assert whole.compensation == Money.kronor(800)
    assert sold.left + back.left + whole.left == Money.kronor(800), "what it has earned, and no VAT on it"
    assert [(one.rate, one.base) for one in sold.taxed] == [(25, Money.kronor(600)), (12, Money.kronor(400))]


def test_who_is_not_registered_charges_no_vat_and_is_charged_ours():
    one = OwnSales().add(Money.kronor(212), Money.kronor(160), (VatPart(100, 0, "E"),), 25)
    assert (one.sale_vat, one.commission_vat, one.left) == (NOUGHT, Money.kronor(13), Money.kronor(147))
