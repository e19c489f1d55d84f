"""The letter in which we ask a buyer for its reasons and its papers, in Swedish as it goes out. Pure.

Sources: LOU 12 kap. 13 § and 19 kap. 20 § (reasons on request, within 15 days), LOU 19 kap. 30 § and 12 kap. 14 §
(the award report), tryckfrihetsförordningen 2 kap. (public papers, handed out without delay). Unit prices and names may
be kept secret (OSL 31 kap. 16 §), a whole bid hardly ever.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the letter must name."""

    title: str
    diary_number: str
    company: str
    contact: str
    """Who signs."""
    reply_to: str
    above_threshold: bool
    lost: bool


def subject_of(request: Request) -> str:
    """Such as ``Begäran om handlingar: Fruktkorgar, INK 2026/114``."""
    number = f", {request.diary_number}" if request.diary_number else ""
    return f"Begäran om handlingar: {request.title}{number}"


def text_of(request: Request) -> str:
    """The letter, for a person to read and change before it goes."""
    reasons = "12 kap. 13 §" if request.above_threshold else "19 kap. 20 §"
    report = "12 kap. 14 §" if request.above_threshold else "19 kap. 30 §"
    number = f" (diarienummer {request.diary_number})" if request.diary_number else ""
    why = (
        f"Med stöd av LOU {reasons} ber vi om skälen till att vårt anbud inte antogs, hur det antagna anbudet är bättre"
        " och vem som lämnade det."
        if request.lost
        else f"Med stöd av LOU {reasons} ber vi om skälen till ert beslut."
    )
    answer = f"Skicka svaret till {request.reply_to}." if request.reply_to else "Skicka svaret till oss med e-post."
    return "\n".join(
        (
            "Hej,",
            "",
            f"{request.company} har lämnat anbud i upphandlingen {request.title}{number}.",
            "",
            why,
            "",
            "Vi ber också att få ta del av dessa handlingar, i elektronisk form om det går:",
            "",
            "- tilldelningsbeslutet",
            f"- upphandlingsrapporten eller den dokumentation som ersätter den (LOU {report})",
            "- utvärderingen med poäng och pris för varje anbud",
            "- det vinnande anbudet",
            "",
            "Omfattas någon uppgift av sekretess ber vi om handlingen i övrigt, och om ett beslut som kan överklagas.",
            "",
            answer,
            "",
            "Med vänliga hälsningar",
            *(one for one in (request.contact, request.company) if one),
        )
    )
