"""For which parts of a bid secrecy is asked, and whether the reason will do: concrete harm, and for how long.

After the award a bid is public unless its parties can be supposed to suffer harm (offentlighets- och sekretesslagen
31 kap. 16 §); until then all of it is secret (19 kap. 3 §). A general phrase is no reason: what is asked for without
concrete harm is mostly given out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.money import Money
from bids.kinds import Labelled


class SecretKind(Labelled):
    """What can be kept secret. Sums are not among it: what a bid costs is public."""

    ANSWER = "answer", "Svar"
    ROW = "row", "Prisrad"
    PRICES = "prices", "Alla priser per enhet"
    APPENDIX = "appendix", "Bilaga"
    REFERENCE = "reference", "Referens"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """One part of the bid, what of it is secret, which harm it does when it is spread, and until when.

    ``ref`` and ``lot_ref`` name a requirement or a row, ``number`` an appendix or (from 1) a reference.
    """

    kind: SecretKind
    what: str
    harm: str
    until: date | None
    ref: str = ""
    lot_ref: str | None = None
    number: int | None = None

    @property
    def where(self) -> str:
        """Which part of the bid, in words."""
        lot = f" i anbudsområde {self.lot_ref}" if self.lot_ref else ""
        return {
            SecretKind.ANSWER: f"Svaret på krav {self.ref}{lot}",
            SecretKind.ROW: f"Priset i rad {self.ref}{lot}",
            SecretKind.PRICES: "Alla priser per enhet",
            SecretKind.APPENDIX: f"Bilaga {self.number}",
            SecretKind.REFERENCE: f"Referens {self.number}",
        }[self.kind]


@dataclass(frozen=True, slots=True)
class RowRef:
    """A row of the price schedule."""

    ref: str
    lot_ref: str | None


@dataclass(frozen=True, slots=True)
class LotSum:
    """What a lot costs in a year; ``lot_ref`` None for rows outside every lot."""

    lot_ref: str | None
    total: Money


@dataclass(frozen=True, slots=True)
class Mask:
    """What a masked copy shows in the place of prices: the sums, which cannot be counted from it any longer."""

    rows: tuple[RowRef, ...] = ()
    sums: tuple[LotSum, ...] = ()


LEAST_WORDS = 4
"""So many different words of its own a reason has; fewer say nothing of this bid."""
LEAST_LETTERS = 3
_OF_SECRECY = """
affärshemlighet affärshemligheter affärshemligheterna affärsförhållanden affärsförhållande affärsidé
affärsmässig affärsmässiga affärsskäl begär begäran begära begärs driftförhållanden driftsförhållanden enligt
enskild enskilda enskildas företag företaget företagets företagshemlighet företagshemligheter förmån hemlig
hemliga hemlighet hemligheter hemlighållas information informationen konfidentiell konfidentiella konfidentiellt
konkurrens konkurrensen konkurrensfördel konkurrensfördelar konkurrenskraft konkurrenskänslig konkurrensmässig
konkurrensnackdel konkurrensskada konkurrensskäl konkurrensskälen konkurrent konkurrenten konkurrenter
konkurrenterna känslig känsliga känsligt lida lider offentlig offentliga offentliggörs offentlighets offentligt
röja röjas röjs sekretess sekretessbelagd sekretessbelagt sekretesslagen sekretessen skada skadan skadar skadas
skador skyddas skydd sprida spridas sprids uppgift uppgiften uppgifter uppgifterna utlämnande lämnas paragraf
kapitel kap osl lagen lag anbud anbudet anbuds upphandling upphandlingen leverantör leverantören leverantörer
köpare köparen bolag bolaget verksamhet verksamheten
"""
"""Of the law and of secrecy in general: whoever writes only these has said nothing of the harm."""
_OF_THE_LANGUAGE = """
alla allt andra annan annat antas att av bara blir bli bör de dem den denna dess det detta dessa då där därför
efter eftersom ej ekonomisk ekonomiska eller en ens er ett finns från för få får före föreligger genom gör görs
ha han har hos hur här i in inte ingen inom ja kan kommer konkret konkreta kunde kunna känd kända känt mot
mycket må måste med medför men mellan mer nej nu när och om oss orsaka orsakar på risk risken risker samt sig
sin sina sitt ska skall skulle skäl som så särskild särskilda till två under upp ut utan vad var vara vi vid
vilka vilken vilket viktig viktiga viktigt vill vår våra vårt väsentlig väsentliga väsentligt allvarlig
allvarliga allvarligt stor stora stort är över övriga även annars motpart part parter parten parterna nackdel
negativ negativa negativt påverka påverkar påverkas
"""
PHRASES = frozenset((_OF_SECRECY + _OF_THE_LANGUAGE).split())
"""Words that anybody could write of any bid."""
_WORD = re.compile(r"[^\W\d_]+")


def harm_problem(harm: str) -> str:
    """Why the reason will not do, and what to write instead; empty where it tells of concrete harm."""
    if not harm.strip():
        return "Skriv vilken skada det gör om uppgiften sprids. En begäran utan skäl brukar avslås."
    own = {word for word in _WORD.findall(harm.lower()) if len(word) >= LEAST_LETTERS and word not in PHRASES}
    if len(own) < LEAST_WORDS:
        return (
            "Skälet är för allmänt. Skriv vad som händer om just den här uppgiften sprids: vem som får nytta av den, "
            "hur, och vad det kostar er."
        )
    return ""


def until_problem(until: date | None, deadline: date) -> str:
    """Why the last day of the secrecy will not do; empty where it will."""
    if until is None:
        return "Välj till och med vilken dag uppgiften ska vara hemlig."
    if until <= deadline:
        return "Uppgiften ska vara hemlig efter sista anbudsdag. Välj en senare dag."
    return ""


def problem(secret: Secret, deadline: date) -> str:
    """The first thing that is wrong with the reason."""
    return harm_problem(secret.harm) or until_problem(secret.until, deadline)


def masked_rows(secrets: tuple[Secret, ...], rows: tuple[RowRef, ...]) -> tuple[RowRef, ...]:
    """The rows whose price is secret, in the bid's order."""
    if any(secret.kind is SecretKind.PRICES for secret in secrets):
        return rows
    wanted = {(one.ref, one.lot_ref) for one in secrets if one.kind is SecretKind.ROW}
    return tuple(row for row in rows if (row.ref, row.lot_ref) in wanted)


def derivable(masked: tuple[RowRef, ...]) -> Iterator[RowRef]:
    """Rows whose price anybody can count from the lot's sum, because it is the only one that is hidden there."""
    for row in masked:
        if sum(other.lot_ref == row.lot_ref for other in masked) == 1:
            yield row
