"""The papers that a party signs, made from the offer: power of attorney, commitment, declaration of joint liability.

A text follows from frozen values alone, and its hash from the text: what somebody has signed holds as long as the
offer still says the same. LOU 4 kap. 5 § (groups), 14 kap. 6 and 8 §§ (the capacity of others, joint liability).
"""

from __future__ import annotations

from collections.abc import Iterator

from bids import canonical, letter_of_intent
from bids.kinds import BidForm, DocumentKind, PartyRole
from bids.legal_forms import leads, with_role
from bids.legal_values import QualificationKind
from bids.offer import Offer
from bids.parties import Party
from bids.party_texts import Fact, PartySheet, PartyText, Signed
from bids.swedish import listing, number

__all__ = ["Fact", "PartySheet", "PartyText", "Signed"]
SIGNED_KINDS = (
    DocumentKind.POWER_OF_ATTORNEY,
    DocumentKind.COMMITMENT_LETTER,
    DocumentKind.LIABILITY_DECLARATION,
    DocumentKind.LETTER_OF_INTENT,
)
"""What we can write for a party to sign."""
ROW = "prisrad"
LONGEST_QUOTE = 200
"""So many letters of a requirement stand in a commitment; its number says the rest."""


def to_json(value: PartyText) -> str:
    """A text as it is kept with its signatures."""
    return canonical.dumps(value)


def from_json(text: str) -> PartyText:
    """The text that `to_json` wrote. Raises ValueError for anything else."""
    return canonical.loads(text, PartyText)


def attorney(offer: Offer, party: Party) -> Party | None:
    """Who represents the party: the representative, else the tenderer that leads; None where all sign themselves."""
    leading = [one for one in with_role(offer, PartyRole.TENDERER) if leads(offer, one)]
    return next((one for one in (*with_role(offer, PartyRole.REPRESENTATIVE), *leading) if one.key != party.key), None)


def why_not(offer: Offer, party: Party, kind: DocumentKind) -> str:
    """Why the paper cannot be written yet, and what to do; empty where it can."""
    if kind not in SIGNED_KINDS:
        return f"{kind.label} skrivs inte här. Ladda upp handlingen i stället."
    if kind is DocumentKind.LETTER_OF_INTENT:
        return letter_of_intent.why_not(offer, party)
    if kind is DocumentKind.POWER_OF_ATTORNEY and attorney(offer, party) is None:
        return "Anbudet har inget ombud, så det finns ingen att ge fullmakt. Lägg till ett ombud bland parterna."
    if kind is DocumentKind.COMMITMENT_LETTER and not with_role(offer, PartyRole.TENDERER):
        return "Anbudet har ingen anbudsgivare, så det finns ingen att lova något. Lägg till en bland parterna."
    if kind is DocumentKind.COMMITMENT_LETTER and not (party.does.strip() or any(_lent(offer, party))):
        return (
            f"Det står inte vad {party.name} ställer till förfogande. Skriv vad parten gör i anbudet, fördela "
            "prisrader eller välj parten som ansvarig för ett krav."
        )
    return ""


def text_of(offer: Offer, party: Party, kind: DocumentKind) -> PartyText:
    """What the party signs. Raises ValueError where `why_not` says something."""
    problem = why_not(offer, party, kind)
    if problem:
        raise ValueError(problem)
    return _WRITERS[kind](offer, party)


def text_hash(offer: Offer, party: Party, kind: DocumentKind) -> str:
    """The hash of what the party would sign now; empty where nothing can be signed."""
    return "" if why_not(offer, party, kind) else text_of(offer, party, kind).sha256


LAW = "lagen (2016:1145) om offentlig upphandling"
MAY = (
    "lämna och underteckna anbudet och de handlingar som hör till det",
    "ställa och besvara frågor, och lämna förtydliganden och kompletteringar",
    "förlänga den tid som anbudet är bindande",
    "begära sekretess för uppgifter i anbudet",
    "ta emot tilldelningsbeslut och andra meddelanden från köparen",
)
"""What a representative may do for a member of the group; to sign the contract is not among it."""
HOLDS_FOR_THE_TENDER = (
    "Fullmakten gäller så länge anbudet är bindande, också om den tiden förlängs, och tills upphandlingen är avslutad."
)
HOLDS_FOR_THE_CONTRACT = "gäller så länge anbudet är bindande, och därefter så länge kontraktet gäller."


def _power_of_attorney(offer: Offer, party: Party) -> PartyText:
    whom = attorney(offer, party)
    if whom is None:
        raise ValueError("nobody to represent the party")
    together = f"Vi lämnar anbud tillsammans med {_others(offer, party)}, som grupp av leverantörer enligt 4 kap. 5 §"
    return PartyText(
        kind=DocumentKind.POWER_OF_ATTORNEY,
        title="Fullmakt att företräda oss i en upphandling",
        facts=(Fact("Fullmaktsgivare", _named(party)), Fact("Ombud", _named(whom)), *_tender(offer)),
        paragraphs=(f"{together} {LAW}.", "Ombudet får för vår räkning, i denna upphandling:"),
        items=MAY,
        closing=(
            "Det som ombudet gör inom fullmakten binder oss. Ombudet får inte underteckna kontraktet för oss.",
            HOLDS_FOR_THE_TENDER,
        ),
    )


def _commitment(offer: Offer, party: Party) -> PartyText:
    to, lent = with_role(offer, PartyRole.TENDERER), tuple(_lent(offer, party))
    promise = (
        f"Om {listing([one.name for one in to])} tilldelas kontrakt förfogar anbudsgivaren över våra resurser under "
        f"hela kontraktets tid, förlängningar inräknade, så som 14 kap. 6 § {LAW} kräver."
    )
    paragraphs = (
        promise,
        f"Det vi gör i uppdraget: {party.does.strip()}" if party.does.strip() else "",
        "Åtagandet gäller:" if lent else "",
    )
    performs = "De delar av uppdraget där vår yrkeserfarenhet åberopas utför vi själva." if _performs(lent) else ""
    return PartyText(
        kind=DocumentKind.COMMITMENT_LETTER,
        title="Åtagande att ställa resurser till förfogande",
        facts=(
            Fact("Den som åtar sig", _named(party)),
            Fact("Anbudsgivare", "; ".join(_named(one) for one in to)),
            *_tender(offer),
        ),
        paragraphs=tuple(filter(None, paragraphs)),
        items=lent,
        closing=tuple(filter(None, (performs, f"Åtagandet {HOLDS_FOR_THE_CONTRACT}"))),
    )


def _liability(offer: Offer, party: Party) -> PartyText:
    if party.role is PartyRole.TENDERER:
        law = f"Anbudet lämnas av en grupp av leverantörer enligt 4 kap. 5 § {LAW}."
        others = _others(offer, party)
    else:
        law = (
            "Anbudet åberopar vår ekonomiska och finansiella ställning. Köparen kräver gemensamt ansvar enligt 14 kap. "
            f"8 § {LAW}."
        )
        others = listing([one.name for one in with_role(offer, PartyRole.TENDERER)]) or "anbudsgivaren"
    promise = (
        f"Tilldelas anbudet kontrakt svarar vi solidariskt med {others} mot köparen för att hela kontraktet fullgörs. "
        "Köparen får vända sig till vem som helst av oss för hela förpliktelsen."
    )
    return PartyText(
        kind=DocumentKind.LIABILITY_DECLARATION,
        title="Försäkran om gemensamt ansvar",
        facts=(Fact("Den som försäkrar", _named(party)), *_tender(offer)),
        paragraphs=(law, promise),
        closing=(f"Försäkran {HOLDS_FOR_THE_CONTRACT}",),
    )


_WRITERS = {
    DocumentKind.POWER_OF_ATTORNEY: _power_of_attorney,
    DocumentKind.COMMITMENT_LETTER: _commitment,
    DocumentKind.LIABILITY_DECLARATION: _liability,
    DocumentKind.LETTER_OF_INTENT: letter_of_intent.text_of,
}


def _named(party: Party) -> str:
    """Name and number: what an address becomes changes nothing that was signed."""
    return f"{party.name}, org.nr {party.org_number}"


def _others(offer: Offer, party: Party) -> str:
    names = [one.name for one in with_role(offer, PartyRole.TENDERER) if one.key != party.key]
    return listing(names) or "de andra i gruppen"


def _tender(offer: Offer) -> Iterator[Fact]:
    yield Fact("Upphandling", offer.title)
    if offer.diary_number:
        yield Fact("Diarienummer", offer.diary_number)
    yield Fact("Köpare", ", ".join(filter(None, (offer.buyer.name, offer.buyer.org_number))))
    if offer.lots:
        yield Fact("Anbudsområden", "; ".join(f"{lot.ref} {lot.title}" for lot in offer.lots))


def _lent(offer: Offer, party: Party) -> Iterator[str]:
    """What the party is relied on for: rows that it delivers, figures that it helps to reach, requirements."""
    yield from _rows(offer, party)
    yield from _figures(offer, party)
    texts = {(one.ref, one.lot_ref): one.text for one in offer.requirements}
    for answer in offer.answers:
        if answer.responsible == party.key:
            words = " ".join(texts.get((answer.requirement_ref, answer.lot_ref), "").split())
            short = words if len(words) <= LONGEST_QUOTE else f"{words[:LONGEST_QUOTE].rstrip()}…"
            yield f"krav {answer.requirement_ref}{_in_lot(answer.lot_ref)}" + (f": {short}" if short else "")


def _rows(offer: Offer, party: Party) -> Iterator[str]:
    for row in offer.rows:
        for share in row.shares:
            if share.party_key == party.key and share.quantity > 0:
                much = f"{number(share.quantity)} {row.unit_label} per år"
                yield f"{ROW} {row.ref}{_in_lot(row.lot_ref)}, {row.text}: {much}"


def _performs(lent: tuple[str, ...]) -> bool:
    return any(one.startswith(ROW) for one in lent)


def _figures(offer: Offer, party: Party) -> Iterator[str]:
    if offer.form is BidForm.SUBCONTRACTORS and party.role is not PartyRole.RELIED_ON:
        return
    brings = {
        QualificationKind.TURNOVER: bool(party.turnover),
        QualificationKind.INSURANCE: any(one.kind is DocumentKind.INSURANCE for one in party.documents),
        QualificationKind.REFERENCES: any(one.party_key == party.key for one in offer.references),
    }
    for figure in offer.qualifications:
        if brings.get(figure.kind, False) and not figure.each:
            ref = f" (krav {figure.ref})" if figure.ref else ""
            yield f"köparens krav på {figure.kind.label.lower()}{ref}{_in_lot(figure.lot_ref)}"


def _in_lot(ref: str | None) -> str:
    return f" i anbudsområde {ref}" if ref else ""
