"""Rules of EN 16931 in Swedish: those that our own documents can come to break, and a sentence for each family. Pure.

What the rule itself says, in English, is kept beside it (`Finding.official`).
"""

from __future__ import annotations

import re

SUMS = "Beloppen på fakturan stämmer inte med varandra"
NUMBERED = "Det måste stå på en faktura med moms."
BY_ITSELF = "Säljaren har varken momsnummer eller F-skatt. Något av dem måste stå på en momsfri faktura."
BOTH = "Vid omvänd betalningsskyldighet måste säljarens och köparens momsnummer stå på fakturan."
NOBODY = "Det som är utanför momsen får inte ha någons momsnummer på fakturan."

WORDS = {
    "BR-01": "Fakturan säger inte vilken standard den följer.",
    "BR-02": "Fakturan har inget nummer.",
    "BR-03": "Fakturan har inget datum.",
    "BR-05": "Fakturan säger inte i vilken valuta den är.",
    "BR-06": "Säljarens namn saknas på fakturan.",
    "BR-07": "Köparens namn saknas på fakturan.",
    "BR-08": "Säljarens adress saknas på fakturan.",
    "BR-09": "Säljarens land saknas på fakturan.",
    "BR-10": "Köparens adress saknas på fakturan.",
    "BR-11": "Köparens land saknas på fakturan.",
    "BR-12": f"{SUMS}: summan av raderna saknas.",
    "BR-13": f"{SUMS}: summan utan moms saknas.",
    "BR-14": f"{SUMS}: summan med moms saknas.",
    "BR-15": f"{SUMS}: det står inte vad som ska betalas.",
    "BR-16": "Fakturan har ingen rad.",
    "BR-17": "Den som ska ha betalt saknar namn.",
    "BR-21": "En rad saknar nummer.",
    "BR-22": "En rad saknar antal.",
    "BR-23": "En rad saknar enhet.",
    "BR-24": "En rad saknar belopp.",
    "BR-25": "En rad saknar namn på det som är sålt.",
    "BR-26": "En rad saknar pris.",
    "BR-27": "Ett pris är under noll.",
    "BR-28": "Ett pris före rabatt är under noll.",
    "BR-29": "Fakturans period slutar innan den börjar.",
    "BR-30": "En rads period slutar innan den börjar.",
    "BR-49": "Det står inte hur fakturan ska betalas.",
    "BR-50": "Bankgirot eller kontot att betala till saknas.",
    "BR-52": "En bilaga saknar beteckning.",
    "BR-55": "Kreditfakturan säger inte vilken faktura den gäller.",
    "BR-57": "Leveransadressen saknar land.",
    "BR-61": "Bankgirot eller kontot att betala till saknas.",
    "BR-62": "Säljarens elektroniska adress saknar beteckning för vilket slag av nummer den är.",
    "BR-63": "Köparens elektroniska adress saknar beteckning för vilket slag av nummer den är.",
    "BR-CO-04": "En rad säger inte vilken moms den har.",
    "BR-CO-09": "Ett momsnummer börjar inte med landets bokstäver, som SE.",
    "BR-CO-10": f"{SUMS}: summan av raderna är en annan än raderna tillsammans.",
    "BR-CO-11": f"{SUMS}: summan av avdragen är en annan än avdragen tillsammans.",
    "BR-CO-12": f"{SUMS}: summan av avgifterna är en annan än avgifterna tillsammans.",
    "BR-CO-13": f"{SUMS}: summan utan moms är inte raderna med avgifter och avdrag.",
    "BR-CO-14": f"{SUMS}: momsen är inte momsen på varje sats tillsammans.",
    "BR-CO-15": f"{SUMS}: summan med moms är inte summan utan moms och momsen tillsammans.",
    "BR-CO-16": f"{SUMS}: att betala är inte summan med moms minus det som är betalt.",
    "BR-CO-17": f"{SUMS}: momsen på en sats är inte underlaget gånger satsen.",
    "BR-CO-18": "Fakturan säger inte hur momsen är uppdelad.",
    "BR-CO-19": "Fakturans period har varken början eller slut.",
    "BR-CO-20": "En rads period har varken början eller slut.",
    "BR-CO-26": "Säljaren har varken organisationsnummer, momsnummer eller annat nummer.",
    **{f"BR-S-0{n}": f"Säljarens momsnummer saknas. {NUMBERED}" for n in (2, 3, 4)},
    **{f"BR-Z-0{n}": f"Säljarens momsnummer saknas. {NUMBERED}" for n in (2, 3, 4)},
    **{f"BR-E-0{n}": BY_ITSELF for n in (2, 3, 4)},
    **{f"BR-AE-0{n}": BOTH for n in (2, 3, 4)},
    **{f"BR-O-0{n}": NOBODY for n in (2, 3, 4)},
    **{f"BR-O-{n}": "Det som är utanför momsen får inte stå på samma faktura som annat." for n in (11, 12, 13, 14)},
    "BR-CL-24": "En bilaga är av ett slag som inte får följa med en e-faktura.",
}

CATEGORIES = {
    "S": "det som har moms",
    "Z": "det som har nollsats",
    "E": "det som är undantaget från moms",
    "AE": "det som har omvänd betalningsskyldighet",
    "O": "det som är utanför momsen",
    "G": "export",
    "IC": "försäljning till andra EU-länder",
}
OF_VAT = {
    "01": "Momsspecifikationen stämmer inte: {what} står på en rad och inte i den, eller tvärtom.",
    "05": "En rad har fel momssats för {what}.",
    "06": "Ett avdrag har fel momssats för {what}.",
    "07": "En avgift har fel momssats för {what}.",
    "08": "Momsspecifikationen stämmer inte: underlaget för {what} är inte summan av raderna.",
    "09": "Momsspecifikationen stämmer inte: momsen på {what} är inte den som följer av underlaget.",
    "10": "Skälet till att ingen moms visas saknas för {what}, eller står där det inte ska stå.",
}
_OF_VAT = re.compile(r"BR-(S|Z|E|AE|O|G|IC)-(01|05|06|07|08|09|10)")
FAMILIES = (
    ("BR-DEC-", "Ett belopp på fakturan har fler än två decimaler."),
    ("BR-CL-", "En kod på fakturan finns inte i den lista som den ska vara tagen ur."),
    ("BR-CO-1", f"{SUMS}."),
    ("BR-CO-", "Två uppgifter på fakturan stämmer inte med varandra."),
    ("BR-", "En uppgift som måste stå på en e-faktura saknas eller är fel."),
    ("UBL-XSD", "E-fakturan följer inte formatet UBL 2.1: något saknas, står på fel plats eller har fel innehåll."),
    ("UBL-", "E-fakturan innehåller något som standarden inte har plats för."),
)
ANY = "E-fakturan bryter mot en regel i standarden EN 16931."


def in_swedish(rule: str) -> str:
    """What a rule says: in words of its own, or in those of its family."""
    if rule in WORDS:
        return WORDS[rule]
    if named := _OF_VAT.fullmatch(rule):
        return OF_VAT[named[2]].format(what=CATEGORIES[named[1]])
    return next((words for start, words in FAMILIES if rule.startswith(start)), ANY)
