"""The EU's list of criteria (ESPD-EDM 4.1, code list `criterion`): which part each is of, and its Swedish name."""

from __future__ import annotations

from collections.abc import Mapping

from bids.espd.values import Part

EXCLUSION: Mapping[str, str] = {
    "crime-org": "Deltagande i en kriminell organisation",
    "corruption": "Korruption",
    "fraud": "Bedrägerier",
    "terr-offence": "Terroristbrott eller brott med anknytning till terroristverksamhet",
    "finan-laund": "Penningtvätt eller finansiering av terrorism",
    "human-traffic": "Barnarbete och andra former av människohandel",
    "tax-pay": "Betalning av skatter",
    "socsec-pay": "Betalning av socialförsäkringsavgifter",
    "envir-law": "Skyldigheter enligt miljölagstiftningen",
    "socsec-law": "Skyldigheter enligt sociallagstiftningen",
    "labour-law": "Skyldigheter enligt arbetsrätten",
    "bankruptcy": "Konkurs",
    "insolvency": "Insolvens",
    "cred-arran": "Ackordsuppgörelse med borgenärer",
    "bankr-nat": "Situation som enligt nationell lagstiftning motsvarar konkurs",
    "liq-admin": "Tvångsförvaltning",
    "susp-act": "Avbruten näringsverksamhet",
    "prof-misconduct": "Allvarliga fel i yrkesutövningen",
    "distorsion": "Avtal med andra aktörer för att snedvrida konkurrensen",
    "partic-confl": "Intressekonflikt på grund av deltagande i upphandlingen",
    "prep-confl": "Deltagande i förberedelserna av upphandlingen",
    "sanction": "Förtida uppsägning, skadestånd eller andra jämförbara sanktioner",
    "misinterpr": "Felaktiga uppgifter, undanhållna handlingar eller otillbörlig påverkan",
    "misrepresent": "Felaktiga uppgifter, undanhållna handlingar eller otillbörlig påverkan",
    "nati-ground": "Nationella uteslutningsgrunder",
}
SELECTION: Mapping[str, str] = {
    "prof-regist": "Inskrivning i yrkesregister",
    "trade-regist": "Inskrivning i handelsregister",
    "autorisation": "Tjänstekontrakt: auktorisation av särskild organisation",
    "authorisation": "Tjänstekontrakt: auktorisation av särskild organisation",
    "membership": "Tjänstekontrakt: medlemskap i viss organisation",
    "gen-year-to": "Total årlig omsättning",
    "aver-year-to": "Genomsnittlig årlig omsättning",
    "spec-aver-to": "Specifik genomsnittlig omsättning",
    "spec-year-to": "Specifik årlig omsättning",
    "finan-rat": "Ekonomiska nyckeltal",
    "indem-insu": "Ansvarsförsäkring för verksamheten",
    "finan-requ": "Andra ekonomiska eller finansiella krav",
    "work-perform": "Byggentreprenader: utförda arbeten av angiven typ",
    "supply-perform": "Varukontrakt: utförda leveranser av angiven typ",
    "service-perform": "Tjänstekontrakt: utförda tjänster av angiven typ",
    "qual-cont-tech": "Tekniker och tekniska organ för kvalitetskontroll",
    "work-tech": "Byggentreprenader: tekniker och tekniska organ",
    "qual-facil": "Teknisk utrustning och åtgärder för att säkra kvalitet",
    "research-fac": "Undersöknings- och forskningsresurser",
    "chain-manage": "Hantering av leveranskedjan",
    "qualification": "Utbildnings- och yrkeskvalifikationer",
    "envir-measure": "Miljöskyddsåtgärder",
    "tech-equip": "Verktyg, maskiner och teknisk utrustning",
    "spec-req-check": "Kontroll av särskilda krav",
    "manage-staff": "Antal personer i ledningsfunktion",
    "year-manpower": "Antal anställda i medeltal per år",
    "suncont-port": "Underleverantörers andel",
    "wo-autent": "Varukontrakt: prover, beskrivningar eller fotografier utan äkthetsintyg",
    "w-autent": "Varukontrakt: prover, beskrivningar eller fotografier med äkthetsintyg",
    "qa-certif-inst": "Varukontrakt: intyg från institutioner för kvalitetskontroll",
    "qu-certif-indep": "Intyg från oberoende organ om kvalitetssäkring",
    "envir-certif-indep": "Intyg från oberoende organ om miljöledning",
}
PARTY: Mapping[str, str] = {
    "shelt-worksh": "Skyddad verkstad eller företag för social integration",
    "registered": "Registrerad i ett system för förhandsurval",
    "eo-group": "Deltar tillsammans med andra",
    "relied": "Åberopar andras kapacitet",
    "subco-ent": "Anlitar underleverantörer",
    "staff-red": "Minskning av antalet kvalificerade anbudsgivare",
    "sme": "Mikroföretag, litet eller medelstort företag",
}
NAMES = {**EXCLUSION, **SELECTION, **PARTY}
ABOUT_THIS_ONE = frozenset({"partic-confl", "prep-confl", "nati-ground", "staff-red", "misrepresent", "misinterpr"})
"""Criteria about this very procedure: what was said in an earlier one says nothing here."""


def part_of(code: str) -> Part:
    """The part that a code belongs to; one that is not in the list is the buyer's own."""
    for part, codes in ((Part.EXCLUSION, EXCLUSION), (Part.SELECTION, SELECTION), (Part.PARTY, PARTY)):
        if code in codes:
            return part
    return Part.UNKNOWN
