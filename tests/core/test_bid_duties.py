"""What a role may do is one table, and no role is left out of it."""

from __future__ import annotations

import pytest

from app.errors import Refused
from app.tenders.working.duties import RULES, Act, Duty, check, may


def test_every_role_has_its_rules_and_every_act_somebody_who_may():
    assert set(RULES) == set(Duty)
    assert set().union(*RULES.values()) == set(Act)


@pytest.mark.parametrize("act", [Act.SUBMIT, Act.NAME, Act.ACKNOWLEDGE])
def test_only_the_owner_answers_for_the_bid(act):
    assert [duty for duty in Duty if may(duty, act)] == [Duty.OWNER]


@pytest.mark.parametrize("duty", list(Duty))
@pytest.mark.parametrize("act", list(Act))
def test_a_no_is_a_sentence(duty, act):
    if may(duty, act):
        check(duty, act)
        return
    with pytest.raises(Refused, match=r"^Du .+ och kan inte .+\. Be den som är ansvarig"):
        check(duty, act)
