"""The letter in which we ask a buyer or a funder for its reasons and papers, in Swedish as it goes out. Pure.

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
    is_call: bool = False
    """The letter goes to a funder."""


def subject_of(request: Request) -> str:
    """Such as ``Begäran om handlingar: Fruktkorgar, INK 2026/114``."""
    number = f", {request.diary_number}" if request.diary_number else ""
    return f"Begäran om handlingar: {request.title}{number}"


def text_of(request: Request) -> str:
    """The letter, for a person to read and change before it goes."""
    if request.is_call:
        return _to_a_funder(request)
    reasons = "12 kap. 13 §" if request.above_threshold else "19 kap. 20 §"
    report = "12 kap. 14 §" if request.above_threshold else "19 kap. 30 §"
    number = f" (diarienummer {request.diary_number})" if request.diary_number else ""
    why = (
        f"Med stöd av LOU {reasons} ber vi om skälen till att vårt anbud inte antogs, hur det antagna anbudet är bättre"
        " och vem som lämnade det."
        if request.lost
        else f"Med stöd av LOU {reasons} ber vi om skälen till ert beslut."
    )
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
            *_ending(request),
        )
    )


def _to_a_funder(request: Request) -> str:
    """The same to a funder. Only an authority is bound by the law that it names, so the letter asks kindly first."""
    number = f" (diarienummer {request.diary_number})" if request.diary_number else ""
    why = "Vi vill gärna lära oss av beslutet, och ber er berätta vad som avgjorde det."
    return "\n".join(
        (
            "Hej,",
            "",
            f"{request.company} har sökt medel i utlysningen {request.title}{number}.",
            "",
            why,
            "",
            "Vi ber också att få ta del av dessa handlingar, i elektronisk form om det går:",
            "",
            "- beslutet med motivering",
            "- bedömningen av vår ansökan, med poäng där sådana har satts",
            "- en förteckning över vilka som beviljades medel, och hur mycket",
            "",
            "Är ni en myndighet gör vi det med stöd av 2 kap. tryckfrihetsförordningen.",
            "",
            "Omfattas någon uppgift av sekretess ber vi om handlingen i övrigt, och om ett beslut som kan överklagas.",
            "",
            *_ending(request),
        )
    )


def _ending(request: Request) -> tuple[str, ...]:
    answer = f"Skicka svaret till {request.reply_to}." if request.reply_to else "Skicka svaret till oss med e-post."
    names = (one for one in (request.contact, request.company) if one)
    return (answer, "", "Med vänliga hälsningar", *names)
