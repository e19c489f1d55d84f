"""Somebody else than the recorded signatory signs: told of, and the same name is one however it is written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bids.kinds import DocumentKind
from bids.signer_checks import is_among, name_key, signer_gap
from tests.core.bid_samples import LJUNGBACKEN


@pytest.mark.parametrize("same", ["Greta Sagandér", "GRETA  sagander", "greta sagande\u0301r"])
def test_a_name_is_one_however_it_is_written(same):
    assert name_key(same) == name_key("Greta Sagander")
    assert name_key("Greta Sagerander") != name_key(same)


@pytest.mark.parametrize(
    ("name", "recorded", "among"),
    [
        ("Lova Hittepå", "Lova Hittepå", True),
        ("Lova Hittepå", "Firman tecknas av Lova Maria Hittepå och Kim Exempel i förening.", True),
        ("Kim Exempel", "Lova Hittepå; Kim Exempel", True),
        ("Anna-Lisa Ek", "Anna-Lisa Ek (ensam)", True),
        ("Kalle Utomstående", "Renata Fabel", False),
        ("Renata Utomstående", "Renata Fabel", False),
        ("Kalle Utomstående", "  ", True),
    ],
)
def test_who_is_among_the_recorded(name, recorded, among):
    assert is_among(name, recorded) is among


def test_somebody_else_is_told_of_with_both_names():
    party = replace(LJUNGBACKEN, signatories="Renata Fabel")
    kind = DocumentKind.LIABILITY_DECLARATION
    assert signer_gap(party, kind, ["Renata Fabel"]) is None
    gap = signer_gap(party, kind, ["Renata Fabel", "Kalle Utomstående"])
    assert gap is not None
    assert not gap.blocking
    assert "undertecknad av Kalle Utomstående." in gap.sentence
    assert "Registrerad firmatecknare är Renata Fabel." in gap.sentence
