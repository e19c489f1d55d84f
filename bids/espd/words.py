"""Swedish for what an ESPD asks in English: each ground in plain words, and the standard questions.

The law is LOU chapter 13; a buyer's own words, in whatever language, are shown as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bids.espd.taxonomy import NAMES
from bids.espd.values import Criterion, Part, Property

_CONVICTED = (
    "Har ni, eller någon som sitter i er styrelse eller som leder, kontrollerar eller företräder er, de senaste fem "
    "åren dömts slutligt för {crime}? Svara ja också om en längre tid står i domen och den inte har gått ut."
)
GROUNDS: Mapping[str, str] = {
    "crime-org": _CONVICTED.format(crime="brott som rör deltagande i en kriminell organisation"),
    "corruption": _CONVICTED.format(crime="givande eller tagande av muta eller annan korruption"),
    "fraud": _CONVICTED.format(crime="bedrägeri"),
    "terr-offence": _CONVICTED.format(crime="terroristbrott eller brott med koppling till terrorism"),
    "finan-laund": _CONVICTED.format(crime="penningtvätt eller finansiering av terrorism"),
    "human-traffic": _CONVICTED.format(crime="barnarbete eller annan människohandel"),
    "tax-pay": "Har ni inte betalat skatter som ni är skyldiga att betala?",
    "socsec-pay": "Har ni inte betalat socialförsäkringsavgifter som ni är skyldiga att betala?",
    "envir-law": "Har ni, såvitt ni vet, brutit mot skyldigheter enligt miljölagstiftningen?",
    "socsec-law": "Har ni, såvitt ni vet, brutit mot skyldigheter enligt sociallagstiftningen?",
    "labour-law": "Har ni, såvitt ni vet, brutit mot skyldigheter enligt arbetsrätten?",
    "bankruptcy": "Är ni i konkurs?",
    "insolvency": "Är ni insolventa eller under likvidation?",
    "cred-arran": "Har ni en pågående ackordsuppgörelse med era borgenärer?",
    "bankr-nat": "Är ni i någon annan situation som motsvarar konkurs, till exempel företagsrekonstruktion?",
    "liq-admin": "Förvaltas era tillgångar av en likvidator eller av domstol?",
    "susp-act": "Har ni avbrutit er näringsverksamhet?",
    "prof-misconduct": "Har ni begått något allvarligt fel i yrkesutövningen?",
    "distorsion": "Har ni avtalat med andra leverantörer för att snedvrida konkurrensen? Ett tillåtet gemensamt anbud "
    "är inget sådant avtal.",
    "partic-confl": "Känner ni till någon intressekonflikt på grund av att ni deltar i den här upphandlingen?",
    "prep-confl": "Har ni, eller ett företag med koppling till er, gett köparen råd eller på annat sätt varit med och "
    "förberett den här upphandlingen?",
    "sanction": "Har ett tidigare offentligt kontrakt sagts upp i förtid, eller lett till skadestånd eller liknande "
    "påföljder, för att ni inte fullgjorde det?",
    "misrepresent": "Stämmer något av detta: ni har lämnat allvarligt oriktiga uppgifter, ni har undanhållit "
    "uppgifter, ni har inte kunnat lämna begärda handlingar, eller ni har otillbörligt försökt påverka köparens beslut "
    "eller få fram sekretessbelagda uppgifter?",
    "nati-ground": "Gäller någon nationell uteslutningsgrund som köparen har angett?",
    "shelt-worksh": "Är ni en skyddad verkstad, eller ett företag vars huvudsyfte är social och yrkesmässig "
    "integration, med minst 30 procent av de sysselsatta ur målgruppen (LOU 4 kap. 18 §)?",
    "registered": "Har landet en officiell förteckning över godkända leverantörer? I Sverige finns ingen.",
    "eo-group": "Deltar ni i upphandlingen tillsammans med andra, som en grupp av leverantörer (LOU 4 kap. 5 §)?",
    "relied": "Åberopar ni andra företags kapacitet för att klara kraven (LOU 14 kap. 6 §)?",
    "subco-ent": "Tänker ni låta underleverantörer utföra någon del av kontraktet?",
    "sme": "Är ni ett mikroföretag, ett litet eller ett medelstort företag?",
}
GROUNDS_ALSO = {"misinterpr": GROUNDS["misrepresent"]}

PHRASES: Mapping[str, str] = {
    "your answer": "Ert svar",
    "evidence supplied": "Bevis",
    "is this information available electronically": "Finns uppgiften att hämta elektroniskt?",
    "is this information available online": "Finns uppgiften att hämta elektroniskt?",
    "name of the entity": "Företagets namn",
    "id of the entity": "Företagets organisationsnummer",
    "id of the subcontractor": "Underleverantörens organisationsnummer",
    "please describe them": "Beskriv",
    "please specify": "Beskriv",
    "in the case of no relied upon or not": "Om nej: åberopar ni ett annat företag för det?",
    "does the eo fulfil the criteria by itself": "Uppfyller ni kravet på egen hand?",
    "have you taken measures to demonstrate your reliability self cleaning": "Har ni vidtagit åtgärder som visar att "
    "ni ändå är tillförlitliga (LOU 13 kap. 5 §)?",
    "have you taken measures to demonstrate your reliability": "Har ni vidtagit åtgärder som visar att ni ändå är "
    "tillförlitliga (LOU 13 kap. 5 §)?",
    "who has been convicted": "Vem har dömts?",
    "reason": "Skäl",
    "length of the period of exclusion": "Den tid som uteslutningen gäller",
    "date of conviction": "Datum för domen",
    "indicate reasons for being nevertheless to perform the contract": "Varför kan ni ändå fullgöra kontraktet?",
    "amount": "Belopp",
    "registration number": "Registreringsnummer",
    "reasons why your are not registered": "Varför är ni inte registrerade?",
    "other information": "Annan upplysning",
    "additional information": "Upplysning",
    "total amount": "Sammanlagt belopp",
    "specific amount": "Belopp för den angivna delen",
    "start date end date": "Från och till",
    "period start and end dates": "Från och till",
    "reference description": "Beskriv uppdragen",
    "recipient name": "Mottagare",
    "activity of the economic operator": "Vad ni gjorde",
    "confidential": "Är uppgiften hemlig?",
    "contact person name": "Kontaktperson",
    "contact email": "Kontaktpersonens e-post",
    "contact telephone": "Kontaktpersonens telefon",
    "first name": "Förnamn",
    "last name": "Efternamn",
    "name": "Namn",
    "profession": "Yrke",
    "experience": "Erfarenhet",
    "experience area": "Område",
    "how long with eo": "Hur många år hos er",
    "if not please explain why and state which other means of proof can be provided": "Om nej: varför, och vilka andra "
    "bevis kan ni lämna?",
    "year": "År",
    "number": "Antal",
    "number of employees": "Antal anställda",
    "turnover": "Omsättning",
    "rating": "Betyg",
    "average for the required period": "Genomsnitt för perioden",
    "please provide your ratio": "Ert nyckeltal",
    "country or member state concerned": "Land som det gäller",
    "amount concerned": "Belopp som det gäller",
    "please describe which means were used": "Hur har det fastställts?",
    "please indicate the date of conviction or decision": "Datum för domen eller beslutet",
    "has this breach of obligations been established by means other than a judicial or administrative decision": "Har "
    "det fastställts på annat sätt än genom dom eller myndighetsbeslut?",
    "i am exempt": "Vi är undantagna från kravet",
    "as an eo i will commit to obtain the minimum amount required": "Vi åtar oss att teckna försäkring på minst det "
    "belopp som krävs",
    "do you allow checks": "Tillåter ni kontroller?",
    "what is the corresponding percentage of disabled or disadvantaged workers": "Hur stor andel av de sysselsatta hör "
    "till målgruppen?",
    "where applicable name of the participating group": "Gruppens namn",
    "lot identifier": "Anbudsområde",
    "requirement": "Krav",
    "number of fiscal years": "Antal räkenskapsår",
    "minimum amount requirement": "Lägsta belopp",
    "minimum amount": "Lägsta belopp",
    "minimum amount threshold": "Lägsta belopp som räknas",
    "minimum number of references": "Lägsta antal referenser",
    "minimum number of years": "Antal år",
    "business domain description": "Verksamhetsområde",
    "type of insurance": "Typ av försäkring",
    "register name": "Register",
}
_LONG: tuple[tuple[str, str], ...] = (
    ("if this breach of obligations was established through", "Var domen eller beslutet slutligt och bindande?"),
    ("in case of a conviction insofar as established directly", "Den tid som uteslutningen gäller enligt domen"),
    ("has the economic operator fulfilled its obligations by paying", "Har ni betalat, eller bundit er att betala?"),
    ("in case the information concerning turnover", "När företaget startade, om uppgifter saknas för hela perioden"),
    ("if required please provide details on whether the employees", "Vilka grupper de sysselsatta hör till"),
    ("please indicate the role of the economic operator in the group", "Er roll i gruppen"),
    ("please identify the other economic operators", "De andra i gruppen"),
)
_NOT_WORDS = re.compile(r"[^a-zåäö0-9]+")


def name_of(criterion: Criterion) -> str:
    """What a criterion is called in Swedish, or as the buyer calls it."""
    return NAMES.get(criterion.code, criterion.name or criterion.code)


def text_of(criterion: Criterion) -> str:
    """What it asks, in plain Swedish where we have words for it; else the buyer's own."""
    if criterion.part is Part.UNKNOWN:
        return criterion.text
    return GROUNDS.get(criterion.code) or GROUNDS_ALSO.get(criterion.code) or criterion.text


def phrase_nth(question: Property, number: int) -> str:
    """The question in a group that is answered several times; of the first nothing is said."""
    phrase = phrase_of(question)
    return phrase if number == 1 else f"{phrase.rstrip(':')} (nr {number})"


def phrase_of(asked: Property) -> str:
    """A question in Swedish where it is one of the standard ones; else as the buyer has written it."""
    plain = _NOT_WORDS.sub(" ", asked.text.lower()).strip()
    found = PHRASES.get(plain) or next((swedish for start, swedish in _LONG if plain.startswith(start)), None)
    return found or asked.text or "Ert svar"
