"""What a notice does not tell, one Swedish sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bids.notice_values import BID_DUE, Notice, NoticeDeadline, NoticeKind
from bids.swedish import day, ended, local_day, moment

MOST_CODES = 5
"""So many unknown codes, and lots, are written out."""
SWEDEN = "Europe/Stockholm"


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
            f"Annonsen har {len(notice.buyers)} köpare. Organisationsnumret som visas tillhör "
            f"{ended(notice.buyers[0].name)} Kontrollera vem som blir avtalspart."
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
    else:
        yield from _about_the_clock(notice.deadline)
    yield from _about_other_days(notice)
    if not any(lot.criteria for lot in notice.lots):
        yield "Tilldelningskriterier saknas. Läs upphandlingsdokumenten och skriv in dem."
    yield from _about_reservation(notice)
    if not any(lot.validity for lot in notice.lots):
        yield "Anbudets giltighetstid framgår inte. Skriv in hur länge anbudet måste gälla."


def _about_reservation(notice: Notice) -> Iterator[str]:
    """Nothing of what the notice does say: that it is reserved, or that a lot of it is."""
    silent = [lot.id for lot in notice.lots if not lot.reserved_participation and not lot.is_reserved]
    if not silent:
        return
    if not notice.is_reserved:
        yield "Det framgår inte om upphandlingen är reserverad. Kontrollera det."
    else:
        yield f"Det framgår inte om anbudsområde {_some(silent)} också är reserverat. Kontrollera det."


def _about_the_clock(deadline: NoticeDeadline) -> Iterator[str]:
    if not deadline.has_clock:
        yield (
            "Annonsen säger vilken dag anbudet ska vara inne men inte vilket klockslag. Klockan\u00a023.59 är vårt "
            "antagande. Kontrollera klockslaget."
        )
    if not deadline.zone:
        yield "Tidszonen för sista anbudsdag saknas. Svensk tid antas tills någon har kontrollerat den."


def _about_other_days(notice: Notice) -> Iterator[str]:
    """The tender has one last day, its lots' first. Those that have a later one are named, and those that have none."""
    first = notice.deadline
    without = [lot.id for lot in notice.lots if first and lot.deadline is None]
    if first and without:
        yield (
            f"Sista anbudsdag saknas eller går inte att läsa för {_some(without)}. Dagen som visas, "
            f"{_in_words(first)}, är ett annat anbudsområdes. Kontrollera den."
        )
    later = [(lot.id, lot.deadline) for lot in notice.lots if first and lot.deadline and lot.deadline.at > first.at]
    if first and later:
        named = [f"{ref}: {_in_words(due)}" for ref, due in later]
        yield (
            f"Anbudsområdena har olika sista dag. Hos oss gäller den första för alla: {_in_words(first)}. "
            f"Senare dag har {_some(named, '; ')}."
        )
    if notice.asks_too_late:
        yield "Sista dag för frågor ligger efter sista anbudsdag i annonsen och används inte. Kontrollera dagen."
    elif notice.questions and not notice.questions.has_clock:
        yield "Annonsen säger inte vilket klockslag frågor senast tas emot. Klockan\u00a023.59 är vårt antagande."


def _in_words(due: NoticeDeadline) -> str:
    return moment(due.at, SWEDEN) if due.has_clock else day(local_day(due.at, SWEDEN))


def _listed(codes: tuple[str, ...]) -> str:
    return _some([f"”{code[:40]}”" for code in codes])


def _some(words: Sequence[str], between: str = ", ") -> str:
    more = f" och {len(words) - MOST_CODES} till" if len(words) > MOST_CODES else ""
    return between.join(words[:MOST_CODES]) + more
