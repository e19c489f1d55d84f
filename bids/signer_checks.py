"""Whether whoever signed a paper is among those who are recorded to sign for the firm."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from bids.gap import Gap
from bids.kinds import DocumentKind, GapArea
from bids.parties import Party
from bids.swedish import listing


def name_key(name: str) -> str:
    """The name without what people write differently: the letters' size, accents, and spaces."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(sign for sign in apart if not unicodedata.combining(sign)).split())


def is_among(name: str, signatories: str) -> bool:
    """Whether first and last name both stand among the recorded ones; where none is recorded nobody knows better."""
    there = name_key("".join(sign if sign.isalnum() or sign == "-" else " " for sign in signatories)).split()
    parts = name_key(name).split()
    return not there or (bool(parts) and parts[0] in there and parts[-1] in there)


def signer_gap(party: Party, kind: DocumentKind, names: Sequence[str]) -> Gap | None:
    """A reminder where somebody else has signed: companies change, so it is asked and not refused."""
    others = [name for name in names if not is_among(name, party.signatories)]
    if not others:
        return None
    return Gap(
        key=f"party:signer:{party.key}:{kind}",
        area=GapArea.PARTY,
        blocking=False,
        sentence=f"{kind.label} för {party.name} är undertecknad av {listing(others)}. Registrerad firmatecknare är "
        f"{party.signatories.strip().rstrip('.')}. Kontrollera rätten att teckna firman, och ändra medlemmens "
        "uppgifter om den är ny.",
        party_key=party.key,
    )
