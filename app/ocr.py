"""OCR references: by which number a payment is known again, formed as the bank has been told. Pure.

A company agrees with its bank how the references on its bankgiro are checked (Bankgirot, OCR-referenskontroll): not at
all, by a check digit (modulus 10), by a check digit and a length digit before it, or by a check digit and one or two
fixed lengths. An internet bank turns down, or warns of, whatever does not fit. Whether it warns or turns down is the
bank's business: the number is the same.

No two invoices of any series have the same reference under an agreement, and `OcrAgreement.read` finds both in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from stdnum import luhn

from app.errors import Refused

LONGEST = 25
"""Digits that a bankgiro payment has room for."""
_MEMBERS_SERIES = re.compile(r"M([1-9][0-9]{0,8})-")
_OWN_MOST, _THEIRS_MOST = 999_999_999, 99_999_999
_OWN, _THEIRS = "1", "2"
"""With what a reference of fixed length begins: noughts before a number get lost where people type."""


class OcrControl(StrEnum):
    """What the bank looks at."""

    NONE = "none"
    CHECK = "check"
    LENGTH = "length"
    """A length digit, and a check digit after it. Right also where the bank only looks at the check digit."""
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class OcrAgreement:
    """What is agreed with the bank about the references on one bankgiro."""

    control: OcrControl = OcrControl.LENGTH
    lengths: tuple[int, ...] = ()
    """One or two numbers of digits, all told; only where they are fixed."""

    def __post_init__(self) -> None:
        """Raises ValueError for what no bank agrees to."""
        if (self.control == OcrControl.FIXED) != bool(self.lengths):
            raise ValueError("lengths belong to fixed lengths")
        if len(self.lengths) > 2 or any(not 3 <= length <= LONGEST for length in self.lengths):
            raise ValueError(f"one or two lengths of 3 to {LONGEST} digits, not {self.lengths}")

    def reference(self, series: str, number: int) -> str:
        """The reference of one invoice, digits only.

        Raises ValueError for a series or number that cannot be, and Refused when it has no room in the lengths agreed.
        """
        base = _base(series, number)
        if self.control == OcrControl.NONE:
            return base
        if self.control == OcrControl.CHECK:
            return _checked(base)
        if self.control == OcrControl.LENGTH:
            return _checked(f"{base}{(len(base) + 2) % 10}")
        return _checked(self._filled(base, _THEIRS if series else _OWN))

    def read(self, reference: str) -> tuple[str, int]:
        """Series and number of a reference, as a bank or a person wrote it, spaces or not.

        Raises ValueError for one that is none of ours under this agreement.
        """
        digits = "".join(reference.split())
        if not re.fullmatch(r"[0-9]{1,25}", digits):
            raise ValueError(f"not a reference: {reference[:40]!r}")
        found = _named(self._bare(digits))
        if not self._is_of(digits, *found):
            raise ValueError(f"not a reference of ours: {digits}")
        return found

    def _is_of(self, digits: str, series: str, number: int) -> bool:
        try:
            return self.reference(series, number) == digits
        except (ValueError, Refused):
            return False

    def _filled(self, base: str, mark: str) -> str:
        """The base in the shortest length that holds it, without its check digit."""
        for length in sorted(self.lengths):
            if len(base) <= length - 2:
                return mark + base.zfill(length - 2)
        agreed = " eller ".join(str(length) for length in sorted(self.lengths))
        raise Refused(
            f"Fakturans nummer får inte plats i en OCR-referens på {agreed} siffror. Kom överens med banken om en"
            " längre, och skriv in den i OCR_LENGTHS."
        )

    def _bare(self, digits: str) -> str:
        """What is left without check digit and length digit, or without mark and noughts."""
        if self.control == OcrControl.NONE:
            return digits
        if self.control == OcrControl.FIXED:
            return digits[1:-1].lstrip("0")
        return digits[:-1] if self.control == OcrControl.CHECK else digits[:-2]


STANDARD = OcrAgreement()
"""What holds where nothing else is said: a length digit and a check digit."""


def _checked(digits: str) -> str:
    return digits + str(luhn.calc_check_digit(digits))


def _base(series: str, number: int) -> str:
    """Our own numbers as they are, in at most nine digits; a member's in ten or more.

    Those are how many digits the member's own number has, those digits, and the invoice's number in eight.
    """
    if not series:
        if not 0 < number <= _OWN_MOST:
            raise ValueError(f"no invoice number: {number}")
        return str(number)
    found = _MEMBERS_SERIES.fullmatch(series)
    if found is None or not 0 < number <= _THEIRS_MOST:
        raise ValueError(f"no invoice: {series}{number}")
    return f"{len(found[1])}{found[1]}{number:08d}"


def _named(base: str) -> tuple[str, int]:
    """The way back."""
    if len(base) < 10:
        return "", int(base or 0)
    member = base[1:-8]
    return f"M{member}-", int(base[-8:])
