"""What a notice does not tell, one Swedish sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from bids.notice_values import BID_DUE, Notice, NoticeKind

MOST_CODES = 5
"""So many unknown codes are written out."""


def missing(notice: Notice) -> tuple[str, ...]:
    """A sentence for each thing that somebody has to fill in by hand."""
    return (*_about_the_notice(notice), *_about_the_lots(notice))


def _about_the_notice(notice: Notice) -> Iterator[str]:
    if notice.kind is NoticeKind.PLAN:
        yield "Annonsen är en förhandsannons. Anmäl intresse, eller vänta på upphandlingen innan anbudet skrivs klart."
    if notice.kind is NoticeKind.AWARD:
        yield "Annonsen berättar om ett resultat. Upphandlingen är avslutad."
    if not notice.title:
        yield "Annonsen saknar rubrik. Skriv in upphandlingens namn."
    if not notice.buyers:
        yield "Annonsen namnger ingen köpare. Skriv in köparen."
    elif len(notice.buyers) > 1:
        yield (
            f"Annonsen har {len(notice.buyers)} köpare. Organisationsnumret som visas är {notice.buyers[0].name}s. "
            "Kontrollera vem som blir avtalspart."
        )
    if not all(any(letter.isdigit() for letter in buyer.org_number) for buyer in notice.buyers):
        yield "Köparens organisationsnummer saknas. Skriv in det."
    if notice.unknown_codes:
        yield f"Annonsen har koder som vi inte känner: {_listed(notice.unknown_codes)}. Läs i annonsen vad de betyder."
    if not notice.procedure:
        yield "Förfarandet framgår inte. Läs upphandlingsdokumenten och skriv in det."
    if not notice.reference:
        yield "Köparens diarienummer framgår inte. Skriv in det."
    if not notice.documents_url:
        yield "Länk till upphandlingsdokumenten saknas. Skriv in adressen."
    if not notice.submission_url:
        yield "Det framgår inte var anbudet lämnas. Skriv in adressen."
    if not notice.cpv_main:
        yield "Huvudsaklig CPV-kod saknas. Välj den som passar bäst."


def _about_the_lots(notice: Notice) -> Iterator[str]:
    if not notice.lots:
        yield "Annonsen har inga anbudsområden. Skriv in dem."
        return
    if notice.deadline is None:
        yield "Sista anbudsdag saknas. Skriv in dag, klockslag och tidszon."
    elif notice.deadline.what != BID_DUE:
        yield f"Annonsen säger inte när anbudet ska vara inne, bara: {notice.deadline.what.lower()}."
    elif not notice.deadline.zone:
        yield "Tidszonen för sista anbudsdag saknas. Svensk tid antas tills någon har kontrollerat den."
    if not any(lot.criteria for lot in notice.lots):
        yield "Tilldelningskriterier saknas. Läs upphandlingsdokumenten och skriv in dem."
    if not all(lot.reserved_participation for lot in notice.lots):
        yield "Det framgår inte om upphandlingen är reserverad. Kontrollera det."
    if not any(lot.validity for lot in notice.lots):
        yield "Anbudets giltighetstid framgår inte. Skriv in hur länge anbudet måste gälla."


def _listed(codes: tuple[str, ...]) -> str:
    more = f" och {len(codes) - MOST_CODES} till" if len(codes) > MOST_CODES else ""
    return ", ".join(f"”{code[:40]}”" for code in codes[:MOST_CODES]) + more
