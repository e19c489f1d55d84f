"""Our own forms, for buyers who have not sent an ESPD request: the same grounds, and the sanctions against Russia.

The groups are built as in the EU's taxonomy, so that what is said in one form is known in the other.
"""

from __future__ import annotations

from bids.espd.taxonomy import EXCLUSION, NAMES, part_of
from bids.espd.values import (
    ALWAYS,
    AMOUNT,
    CODE,
    IF_YES,
    INDICATOR,
    INTEGER,
    OPERATOR,
    PERCENTAGE,
    TEXT,
    Criterion,
    Form,
    Group,
    Kind,
    Part,
    Property,
    Request,
)
from bids.espd.words import GROUNDS

LEFT_OUT = {"misinterpr", "nati-ground"}
"""The older code for the same ground, and what only a buyer can word."""
SANCTIONS_CODE = "sanction-5k"
SANCTIONS: tuple[tuple[str, str], ...] = (
    ("own", "Är ni ryska medborgare, eller etablerade i Ryssland?"),
    ("owned", "Ägs ni, direkt eller indirekt, till mer än 50 procent av någon som är etablerad i Ryssland?"),
    ("acts", "Agerar ni för, eller på uppdrag av, någon som är rysk eller ägs så?"),
)
SANCTIONS_OTHERS = (
    "others",
    (
        "Är någon underleverantör, leverantör eller någon vars kapacitet ni åberopar, och som står för mer än 10 "
        "procent av kontraktets värde, en sådan person eller ett sådant företag?"
    ),
)


def own_form(*, reserved: bool) -> Request:
    """The self-declaration that is made when the buyer has no ESPD request (LOU 13 and 14 kap., 19 kap. 17 §)."""
    party = ["eo-group", "relied", "subco-ent", "sme"]
    codes = [*(["shelt-worksh"] if reserved else []), *party, *(code for code in EXCLUSION if code not in LEFT_OUT)]
    return Request(form=Form.OWN, criteria=tuple(_criterion(code) for code in codes))


def sanctions_form(*, tenders: bool) -> Request:
    """The declaration under article 5k of regulation 833/2014; a tenderer answers for those under it too."""
    asked = (*SANCTIONS, SANCTIONS_OTHERS) if tenders else SANCTIONS
    questions = tuple(Property(f"{SANCTIONS_CODE}/{key}", Kind.QUESTION, INDICATOR, words) for key, words in asked)
    groups = tuple(Group(f"{one.id}/g", ALWAYS, (one,)) for one in questions)
    criterion = Criterion(
        id=SANCTIONS_CODE,
        code=SANCTIONS_CODE,
        name="Sanktionerna mot Ryssland",
        text="Rådets förordning (EU) nr 833/2014 artikel 5k.",
        groups=groups,
        part=Part.EXCLUSION,
    )
    return Request(form=Form.SANCTIONS, criteria=(criterion,))


def _criterion(code: str) -> Criterion:
    followed = tuple(
        Property(f"{code}/Q1/{place}", Kind.QUESTION, data_type, words)
        for place, (data_type, words) in enumerate(FOLLOWED.get(code, MORE), 1)
    )
    asked = Property(f"{code}/Q1", Kind.QUESTION, INDICATOR, "Your answer")
    inner = Group(f"{code}/G1.1", IF_YES, followed)
    group = Group(f"{code}/G1", ALWAYS, (asked,), (inner,))
    return Criterion(code, code, NAMES[code], GROUNDS[code], (group,), part=part_of(code))


MORE = ((TEXT, "Vad har hänt, när, och vad har ni gjort för att det inte ska hända igen (LOU 13 kap. 5 §)?"),)
FOLLOWED: dict[str, tuple[tuple[str, str], ...]] = {
    "shelt-worksh": (
        (PERCENTAGE, "What is the corresponding percentage of disabled or disadvantaged workers?"),
        (TEXT, "Vilka grupper de sysselsatta hör till, och hur ni har räknat"),
    ),
    "eo-group": ((CODE, "Er roll i gruppen"), (TEXT, "De andra i gruppen"), (TEXT, "Gruppens namn")),
    "relied": ((TEXT, "Name of the entity"), (OPERATOR, "ID of the entity")),
    "subco-ent": ((TEXT, "Name of the entity"), (OPERATOR, "ID of the subcontractor")),
    "sme": ((INTEGER, "Number of employees"), (AMOUNT, "Turnover")),
}
