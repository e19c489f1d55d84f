"""What people and companies write about themselves: names, addresses, and numbers with check digits, each checked."""

from __future__ import annotations

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email
from stdnum import ean, luhn
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.se import orgnr, vat

from app import places
from app.errors import Refused
from app.units import counted

LONGEST_LINE = 120
LONGEST_EMAIL = 200
LONGEST_TEXT = 2000
_GLN_DIGITS = 13


class Taken(Refused):
    """The organisation number is entered already. Shown beside its field."""


def line(typed: str, what: str, *, longest: int = LONGEST_LINE, needed: bool = True) -> str:
    """One line with single spaces. `what` begins the sentence of the refusal, such as "Namnet"."""
    return _readable(" ".join(typed.split()), what, longest, needed=needed)


def paragraphs(typed: str, what: str, *, longest: int = LONGEST_TEXT) -> str:
    """Text that may have several lines, or none at all."""
    return _readable(typed.replace("\r\n", "\n").replace("\t", " ").strip(), what, longest, needed=False)


def email(typed: str) -> str:
    """An address to which a letter can go, in small letters; its domain as the post offices of the net write it."""
    try:
        found = validate_email(typed.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as wrong:
        raise Refused("Skriv en e-postadress, som namn@exempel.se.") from wrong
    address = (found.ascii_email or found.normalized).lower()
    if len(address) > LONGEST_EMAIL:
        raise Refused("E-postadressen är för lång.")
    return address


def phone(typed: str) -> str:
    """A telephone number as people write it, or nothing."""
    number = " ".join(typed.split())
    if number and not re.fullmatch(r"\+?[0-9][0-9 ()/-]{4,28}", number):
        raise Refused("Skriv telefonnumret med siffror, som 031-390 06 01.")
    return number


def postcode(typed: str) -> str:
    """Five figures, written 411 01."""
    figures = "".join(typed.split())
    if not re.fullmatch(r"[0-9]{5}", figures):
        raise Refused("Skriv postnumret med fem siffror, som 411 01.")
    return f"{figures[:3]} {figures[3:]}"


def municipality(code: str) -> str:
    """One of the 290, by SCB's code."""
    try:
        return places.municipality(code).code
    except KeyError as unknown:
        raise Refused("Välj kommunen i listan.") from unknown


def org_number(typed: str) -> str:
    """Ten figures with a hyphen before the last four; the last one is a check digit (Luhn)."""
    try:
        figures: str = orgnr.validate(typed)
    except ValidationError as wrong:
        raise Refused("Organisationsnumret stämmer inte. Skriv tio siffror, som 769999-0003.") from wrong
    return f"{figures[:6]}-{figures[6:]}"


def vat_number(typed: str) -> str | None:
    """SE and twelve figures: the organisation number and 01. None where nothing is written (ML 2023:200)."""
    if not typed.strip():
        return None
    if not re.match(r"\s*SE", typed, re.IGNORECASE):
        raise Refused("Momsnumret ska börja med SE, som SE769999000301.")
    try:
        return f"SE{vat.validate(typed)}"
    except ValidationError as wrong:
        raise Refused("Momsnumret stämmer inte. Skriv SE och tolv siffror, som SE769999000301.") from wrong


def buyers_vat_number(typed: str) -> str | None:
    """A VAT number of any country of the union, with its check digits; None where nothing is written."""
    if typed.strip()[:2].upper() in {"", "SE"}:
        return vat_number(typed)
    try:
        return str(eu_vat.validate(typed))
    except ValidationError as wrong:
        raise Refused("Momsnumret stämmer inte. Skriv det med landets två bokstäver först.") from wrong


def bankgiro(typed: str) -> str | None:
    """Seven or eight figures with a hyphen before the last four, the last a check digit (Luhn); None for nothing."""
    if not typed.strip():
        return None
    figures = re.sub(r"[ -]", "", typed.strip())
    if not re.fullmatch(r"[0-9]{7,8}", figures) or not luhn.is_valid(figures):
        raise Refused("Bankgironumret stämmer inte. Skriv sju eller åtta siffror, som 999-0003.")
    return f"{figures[:-4]}-{figures[-4:]}"


def stripe_account(typed: str) -> str | None:
    """An account with Stripe that is connected to ours, as Stripe writes it (acct_…); None for nothing."""
    found = typed.strip()
    if not found:
        return None
    if not re.fullmatch(r"acct_[A-Za-z0-9]{8,60}", found, re.ASCII):
        raise Refused("Kontot hos Stripe stämmer inte. Det börjar med acct_ och följs av bokstäver och siffror.")
    return found


def electronic_address(typed: str) -> str | None:
    """A Peppol endpoint: 0007 and an organisation number, or 0088 and a location number (GLN); None for nothing."""
    scheme, _, number = "".join(typed.split()).partition(":")
    if not scheme:
        return None
    if scheme == "0007":
        try:
            return f"0007:{org_number(number).replace('-', '')}"
        except Refused as wrong:
            told = "Organisationsnumret i adressen stämmer inte. Skriv 0007: och dess tio siffror"
            raise Refused(f"{told}, som 0007:7699990003.") from wrong
    if scheme != "0088":
        raise Refused("Den elektroniska adressen ska börja med 0007: (organisationsnummer) eller 0088: (GLN).")
    if not (number.isascii() and len(number) == _GLN_DIGITS and ean.is_valid(number)):
        raise Refused("GLN-numret stämmer inte. Skriv 0088: och tretton siffror.")
    return f"0088:{number}"


def slugify(name: str, otherwise: str) -> str:
    """The name as a part of an address: ``Lådan, små`` becomes ladan-sma. `otherwise` is for a name without letters."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-") or otherwise


def _readable(text: str, what: str, longest: int, *, needed: bool) -> str:
    if needed and not text:
        raise Refused(f"{what} saknas.")
    if len(text) > longest:
        most = counted(longest, "tecken", "tecken")
        raise Refused(f"{what} får ha högst {most}. Nu är det {counted(len(text), 'tecken', 'tecken')}.")
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Co"} and sign != "\n" for sign in text):
        raise Refused(f"{what} innehåller tecken som inte går att läsa.")
    return text
