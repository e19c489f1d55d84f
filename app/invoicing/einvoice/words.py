"""Rules of EN 16931 that our own documents can come to break, in Swedish; others keep their official English. Pure."""

from __future__ import annotations

WORDS = {
    "BR-16": "Fakturan har ingen rad.",
    "BR-25": "En rad saknar namn på det som är sålt.",
    "BR-27": "Ett pris är under noll.",
    "BR-CO-15": "Summan med moms är inte summan utan moms och momsen tillsammans.",
    "BR-CO-25": "Det finns ett belopp att betala men varken förfallodag eller betalningsvillkor.",
    "BR-CO-26": "Säljaren har varken organisationsnummer, momsnummer eller annat nummer.",
    "BR-S-02": "Säljarens momsnummer saknas. Det måste stå på en faktura med moms.",
    "BR-S-03": "Säljarens momsnummer saknas. Det måste stå på en faktura med moms.",
    "BR-S-04": "Säljarens momsnummer saknas. Det måste stå på en faktura med moms.",
    "BR-E-02": "Säljaren har varken momsnummer eller F-skatt. Något av dem måste stå på en momsfri faktura.",
    "BR-E-03": "Säljaren har varken momsnummer eller F-skatt. Något av dem måste stå på en momsfri faktura.",
    "BR-E-04": "Säljaren har varken momsnummer eller F-skatt. Något av dem måste stå på en momsfri faktura.",
    "BR-AE-02": "Vid omvänd betalningsskyldighet måste säljarens och köparens momsnummer stå på fakturan.",
    "BR-AE-03": "Vid omvänd betalningsskyldighet måste säljarens och köparens momsnummer stå på fakturan.",
    "BR-AE-04": "Vid omvänd betalningsskyldighet måste säljarens och köparens momsnummer stå på fakturan.",
    "BR-CL-24": "En bilaga är av ett slag som inte får följa med en e-faktura.",
}


def in_swedish(rule: str, official: str) -> str:
    """What a rule says, in Swedish where we have it."""
    return WORDS.get(rule, official)
