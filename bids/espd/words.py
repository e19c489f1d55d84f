"""Swedish for what an ESPD asks in English: each ground in plain words, and the standard questions.

The law is LOU chapter 13; a buyer's own words, in whatever language, are shown as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal

from app.money import NO_BREAK_SPACE
from bids.espd.criteria_words import CRITERIA, CRITERIA_ALSO, YOUR_ANSWER
from bids.espd.taxonomy import NAMES
from bids.espd.values import Criterion, Kind, Part, Property
from bids.swedish import day, number

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
    "occupation": "Yrke",
    "url": "Webbadress",
    "select the periods applicable for all ratios": "Period",
    "ratio type": "Nyckeltal",
    "definition": "Så räknas det",
    "minimum ratio requirement": "Lägsta nyckeltal",
    "description of the economic or financial requirement": "Kravet",
    "descriptive requirement": "Kravet",
    "rating scheme description": "Så sätts betyget",
    "minimum rating": "Lägsta betyg",
    "please describe the educational or professional qualification": "Beskriv utbildningen eller yrkeskvalifikationen",
    "if possible please indicate the esco identifier for this qualification": "Kvalifikationens beteckning i ESCO, om "
    "ni vet den",
    "if possible please describe the esco qualification": "Kvalifikationen enligt ESCO, om ni vet den",
    "qualification name": "Kvalifikationens namn",
    "qualification number": "Kvalifikationens nummer",
    "qualification issuing date": "Utfärdad den dag",
    "qualification issuing body": "Utfärdad av",
    "does the registration or certification cover all of the required selection criteria": "Täcker registreringen "
    "eller intyget alla krav på kvalificering?",
}
_LONG: tuple[tuple[str, str], ...] = (
    ("if this breach of obligations was established through", "Var domen eller beslutet slutligt och bindande?"),
    ("in case of a conviction insofar as established directly", "Den tid som uteslutningen gäller enligt domen"),
    ("has the economic operator fulfilled its obligations by paying", "Har ni betalat, eller bundit er att betala?"),
    ("in case the information concerning turnover", "När företaget startade, om uppgifter saknas för hela perioden"),
    ("if required please provide details on whether the employees", "Vilka grupper de sysselsatta hör till"),
    ("please indicate the role of the economic operator in the group", "Er roll i gruppen"),
    ("please identify the other economic operators", "De andra i gruppen"),
    (
        "is the economic operator registered on an official list",
        "Finns ni i en officiell förteckning, eller har ni ett likvärdigt intyg?",
    ),
    ("please provide the name of the list or certificate", "Förteckningens eller intygets namn, och ert nummer i det"),
    ("if the certificate of registration or certification is available", "Var intyget finns elektroniskt"),
    ("please state the references on which the registration", "Vad registreringen bygger på, och er klass i den"),
    (
        "will the economic operator be able to provide a certificate with regard",
        "Kan ni lämna intyg om betalda skatter och avgifter, eller uppgifter så att köparen själv kan hämta dem?",
    ),
)
_ENGLISH = re.compile(r"\b(?:the|of|and)\b", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\[[^\[\]]*\]")
_AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]{1,4})?) ([A-Z]{3})", re.ASCII)
_PERIOD = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}/[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_BOXES = frozenset({"CHECKBOX_TRUE", "CHECKBOX_FALSE", "RADIO_BUTTON_TRUE", "RADIO_BUTTON_FALSE"})
_NOT_WORDS = re.compile(r"[^a-zåäö0-9]+")


def name_of(criterion: Criterion) -> str:
    """What a criterion is called in Swedish, or as the buyer calls it."""
    return NAMES.get(criterion.code, criterion.name or criterion.code)


def text_of(criterion: Criterion) -> str:
    """What it asks, in plain Swedish where we have words for it; else the buyer's own."""
    if criterion.part is Part.UNKNOWN:
        return criterion.text
    ground = GROUNDS.get(criterion.code) or GROUNDS_ALSO.get(criterion.code)
    if ground or (criterion.text and not _ENGLISH.search(criterion.text)):
        return ground or criterion.text
    return CRITERIA.get(criterion.code) or CRITERIA_ALSO.get(criterion.code) or criterion.text


def demands_of(criterion: Criterion) -> list[tuple[str, str]]:
    """What the buyer demands, as pairs of what and how much; not what it has left as its system filled it in."""
    return [
        (phrase_of(one), demand_in_words(one))
        for one in criterion.properties()
        if one.kind is Kind.REQUIREMENT
        and one.data_type != "LOT_IDENTIFIER"
        and one.expected
        and one.expected not in _BOXES
        and not _PLACEHOLDER.fullmatch(one.expected.strip())
    ]


def demand_in_words(demand: Property) -> str:
    """How much the buyer demands: an amount and a period as a Swede reads them; everything else as the buyer has it."""
    expected = demand.expected.strip()
    if amount := _AMOUNT.fullmatch(expected):
        return f"{number(Decimal(amount[1]))}{NO_BREAK_SPACE}{'kr' if amount[2] == 'SEK' else amount[2]}"
    if _PERIOD.fullmatch(expected):
        with suppress(ValueError):
            return " – ".join(day(date.fromisoformat(one)) for one in expected.split("/"))
    return expected


def phrase_nth(criterion: Criterion, question: Property, number: int) -> str:
    """The question in a group that is answered several times; of the first nothing is said."""
    phrase = phrase_of(question)
    if phrase == PHRASES["your answer"]:
        phrase = YOUR_ANSWER.get(criterion.code, phrase)
    return phrase if number == 1 else f"{phrase.rstrip(':')}{nth_words(number)}"


def nth_words(number: int) -> str:
    """What stands behind a question to tell which of several it belongs to."""
    return f" (nr {number})"


def phrase_of(asked: Property) -> str:
    """A question in Swedish where it is one of the standard ones; else as the buyer has written it."""
    if _PLACEHOLDER.fullmatch(asked.text.strip()):
        return PHRASES["please describe them"]
    plain = _NOT_WORDS.sub(" ", asked.text.lower()).strip()
    found = PHRASES.get(plain) or next((swedish for start, swedish in _LONG if plain.startswith(start)), None)
    return found or asked.text or "Ert svar"
