"""What a person types as an answer -> the one way in which it is written; and back into words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from bids.espd.values import (
    AMOUNT,
    CODE,
    COUNTRY,
    DATE,
    INDICATOR,
    INTEGER,
    NO,
    PERCENTAGE,
    PERIOD,
    QUANTITY,
    URL,
    YEAR,
    YES,
    Property,
)
from bids.swedish import day, number

LONGEST = 4000
MOST = Decimal(10) ** 12
ROLES = {
    "group-lead": "Gruppens ledare",
    "group-mem": "Medlem i gruppen",
    "sole-tenderer": "Ensam anbudsgivare",
    "oeron": "Åberopat företag",
    "subcont": "Underleverantör",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class AnswerRefused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The answer is not of the kind that is asked for. The message is a Swedish sentence to show as it stands."""


def written(question: Property, typed: str) -> str:
    """The answer as it is kept. Raises AnswerRefused for one of another kind; nothing typed is nothing kept."""
    plain = typed.strip()
    if len(plain) > LONGEST:
        raise AnswerRefused(f"Svaret får ha högst {number(LONGEST)} tecken. Korta det.")
    if _CONTROL.search(plain):
        raise AnswerRefused("Svaret innehåller tecken som inte går att läsa. Skriv det på nytt.")
    return _WRITTEN.get(question.data_type, _as_it_is)(plain) if plain else ""


def spoken(question: Property, value: str) -> str:
    """The answer as a Swede reads it."""
    return _SPOKEN.get(question.data_type, _as_it_is)(value)


def in_field(question: Property, value: str) -> str:
    """The answer as it stands in a field, where it can be written anew: figures as people write them."""
    return number(Decimal(value)) if question.data_type in _FIGURES else value


def _spoken_period(value: str) -> str:
    start, _, end = value.partition("/")
    return f"{day(date.fromisoformat(start))} – {day(date.fromisoformat(end))}"


_FIGURES = {AMOUNT, PERCENTAGE, INTEGER, QUANTITY}
_SPOKEN: Mapping[str, Callable[[str], str]] = {
    INDICATOR: lambda value: {YES: "Ja", NO: "Nej"}.get(value, value),
    AMOUNT: lambda value: f"{number(Decimal(value))} kr",
    PERCENTAGE: lambda value: f"{number(Decimal(value))}\u00a0%",
    DATE: lambda value: day(date.fromisoformat(value)),
    PERIOD: _spoken_period,
    INTEGER: lambda value: number(Decimal(value)),
    QUANTITY: lambda value: number(Decimal(value)),
    CODE: lambda value: ROLES.get(value, value),
}


def _as_it_is(plain: str) -> str:
    return plain


def _yes_or_no(plain: str) -> str:
    if plain not in {YES, NO}:
        raise AnswerRefused("Välj ja eller nej.")
    return plain


def _figure(plain: str) -> Decimal:
    """``1 234,50``, with or without kr or a percent sign behind it."""
    bare = re.sub(r"(?i)\s|\u00a0|kr|sek|%", "", plain).replace(",", ".").replace("−", "-")
    try:
        found = Decimal(bare)
    except InvalidOperation as wrong:
        raise AnswerRefused("Skriv svaret med siffror, som 1250000 eller 12,5.") from wrong
    if not found.is_finite() or abs(found) > MOST:
        raise AnswerRefused("Talet är för stort. Kontrollera antalet siffror.")
    return found


def _amount(plain: str) -> str:
    found = _figure(plain)
    if found < 0:
        raise AnswerRefused("Beloppet kan inte vara mindre än noll.")
    return f"{found:.2f}"


def _percentage(plain: str) -> str:
    found = _figure(plain)
    if not 0 <= found <= 100:
        raise AnswerRefused("Skriv en andel från 0 till 100 procent.")
    return _plain(found)


def _quantity(plain: str) -> str:
    return _plain(_figure(plain))


def _whole(plain: str) -> str:
    found = _figure(plain)
    if found != found.to_integral_value() or found < 0:
        raise AnswerRefused("Skriv ett helt tal, som 12.")
    return str(int(found))


def _plain(found: Decimal) -> str:
    text = f"{found:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(plain: str) -> str:
    try:
        return date.fromisoformat(plain).isoformat()
    except ValueError as wrong:
        raise AnswerRefused("Skriv datumet som 2026-11-23.") from wrong


def _period(plain: str) -> str:
    """Two days with a slash between, or with what people write in its place."""
    start, *rest = re.split(r"\s*(?:/|–|—|till|\s-\s)\s*", plain)
    try:
        days = (_day(start.strip()), _day(rest[0].strip() if len(rest) == 1 else ""))
    except AnswerRefused as wrong:
        raise AnswerRefused("Skriv två datum med snedstreck emellan, som 2025-01-01/2025-12-31.") from wrong
    if days[1] < days[0]:
        raise AnswerRefused("Perioden slutar innan den börjar. Rätta datumen.")
    return "/".join(days)


def _country(plain: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", plain):
        raise AnswerRefused("Skriv landet med tre bokstäver, som SWE.")
    return plain.upper()


def _code(plain: str) -> str:
    return " ".join(plain.split())[:100]


def _link(plain: str) -> str:
    try:
        parts = urlsplit(plain)
    except ValueError as wrong:
        raise AnswerRefused("Skriv hela adressen, som https://exempel.se.") from wrong
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in plain:
        raise AnswerRefused("Skriv hela adressen, som https://exempel.se.")
    return plain


_WRITTEN: Mapping[str, Callable[[str], str]] = {
    INDICATOR: _yes_or_no,
    AMOUNT: _amount,
    PERCENTAGE: _percentage,
    QUANTITY: _quantity,
    INTEGER: _whole,
    YEAR: _whole,
    DATE: _day,
    PERIOD: _period,
    COUNTRY: _country,
    CODE: _code,
    URL: _link,
}
