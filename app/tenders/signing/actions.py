"""Signing a paper on screen, noting where else it is signed, and whether the buyer wants joint liability."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from app import audit
from app.accounts.models import User
from app.clock import local_date
from app.db import db
from app.errors import Refused
from app.tenders.bid import Bid, BidParty
from app.tenders.bid_actions import check_draft
from app.tenders.promise_actions import check_open_for_answers
from app.tenders.signing import queries
from app.tenders.signing.models import PaperSignature, PartyPaper, SigningLink
from app.tenders.tender import Tender
from bids.kinds import DocumentKind
from bids.party_documents import PartyText, to_json
from bids.signer_checks import name_key

LONGEST_URL = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """What a person writes to sign: its name, by what right, and whether a second person must sign too."""

    name: str
    right: str
    with_another: bool = False


def sign(
    party: BidParty, text: PartyText, hand: Hand, *, seen: str, address: str, by: User, now: datetime
) -> PartyPaper:
    """Put a name to the text as it reads now. ``seen`` is the hash of what the person has read.

    Raises Refused when the text is another by now, when everybody has signed it, and when the name is there already.
    """
    check_open_for_answers(party.bid, now)
    if party.has_declined:
        raise Refused("Ni har tackat nej till anbudet. Svara ja först, om ni är med ändå.")
    if seen != text.sha256:
        raise Refused("Texten har ändrats sedan du öppnade sidan. Läs den igen nedan, och skriv under om den stämmer.")
    name, right = " ".join(hand.name.split()), " ".join(hand.right.split())
    if len(name.split()) < 2:
        raise Refused("Skriv både förnamn och efternamn, som i registreringsbeviset.")
    paper = queries.paper_with(party, text) or _begun(party, text, hand)
    if paper.is_complete:
        raise Refused("Handlingen är redan undertecknad. Den ligger bland era handlingar.")
    key = name_key(name)
    if any(name_key(one.name) == key for one in paper.signatures):
        raise Refused(f"{name} har redan skrivit under. Nu behövs en annan firmatecknare.")
    paper.signatures.append(
        PaperSignature(name=name, name_key=key, right=right, signed_at=now, address=address, user_id=by.id)
    )
    said = {"member": party.member.name, "kind": str(text.kind), "signed_by": name, "sha256": text.sha256}
    audit.record(party.bid, "paper_signed", by=by, now=now, **said)
    return paper


def _begun(party: BidParty, text: PartyText, hand: Hand) -> PartyPaper:
    paper = PartyPaper(
        bid_id=party.bid_id,
        member_id=party.member_id,
        kind=text.kind,
        text_json=to_json(text),
        sha256=text.sha256,
        needs=2 if hand.with_another else 1,
        signatures=[],
    )
    db.session.add(paper)
    return paper


def note_link(
    party: BidParty, kind: DocumentKind, *, url: str, provider: str, sent_on: date, by: User, now: datetime
) -> SigningLink:
    """Somebody has been asked to sign at a provider of e-signatures. Raises Refused for an address that is no https."""
    check_draft(party.bid)
    if sent_on > local_date(now):
        raise Refused("Dagen har inte varit än. Skriv den dag då länken skickades.")
    link = SigningLink(
        bid_id=party.bid_id,
        member_id=party.member_id,
        kind=kind,
        url=_secure(url),
        provider=" ".join(provider.split()),
        sent_on=sent_on,
        noted_at=now,
        noted_by=by.name,
    )
    db.session.add(link)
    said = {"member": party.member.name, "kind": str(kind), "provider": link.provider, "host": link.host}
    audit.record(party.bid, "signing_link_noted", by=by, now=now, **said)
    return link


def _secure(url: str) -> str:
    """The address, once it is one that a browser opens encrypted and that says plainly where it leads."""
    wrong = Refused("Länken ska börja med https:// och leda till leverantörens webbplats. Kopiera den på nytt.")
    typed = url.strip()
    try:
        parts = urlsplit(typed)
        host, _port = parts.hostname or "", parts.port
    except ValueError as impossible:
        raise wrong from impossible
    if parts.scheme != "https" or "." not in host or parts.username is not None or len(typed) > LONGEST_URL:
        raise wrong
    if not typed.isascii() or not typed.isprintable() or " " in typed or "\\" in typed:
        raise wrong
    return typed


def forget_link(bid: Bid, link: SigningLink, *, by: User, now: datetime) -> None:
    """It was noted by mistake, or leads nowhere any longer."""
    check_draft(bid)
    db.session.delete(link)
    audit.record(bid, "signing_link_removed", by=by, now=now, provider=link.provider, kind=str(link.kind))


def want_joint_liability(tender: Tender, bid: Bid, *, wanted: bool, by: User, now: datetime) -> Tender:
    """Whether the buyer wants the parties to answer for the whole contract together (LOU 14 kap. 8 §)."""
    check_draft(bid)
    tender.joint_liability = wanted
    audit.record(tender, "joint_liability", by=by, now=now, wanted=int(wanted))
    return tender
