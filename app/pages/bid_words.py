"""What the kinds and states of tenders and bids are called on screens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from app.tenders.models import BidState, PromiseState, TenderState
from app.tenders.noticing.models import ChangeState
from app.tenders.noticing.receipt import Outcome
from bids import legal_forms
from bids.kinds import AwardBasis, BidForm, DocumentKind, GapArea, PartyRole, RequirementKind, RequirementStage
from bids.notice_values import NoticeKind

TENDER_STATES = {
    TenderState.NOTICED: (_l("Noticed"), "info"),
    TenderState.BIDDING: (_l("Bid under way"), "wait"),
    TenderState.SUBMITTED: (_l("Bid handed in"), "good"),
    TenderState.WON: (_l("Won"), "good"),
    TenderState.LOST: (_l("Lost"), "neutral"),
    TenderState.CANCELLED: (_l("Called off by the buyer"), "neutral"),
    TenderState.DECLINED: (_l("We do not bid"), "neutral"),
}
NOTICE_OUTCOMES = {
    Outcome.REFUSED: _l("Could not be read"),
    Outcome.NEW: _l("New tenders"),
    Outcome.CHANGED: _l("Corrected"),
    Outcome.RESULT: _l("Results"),
    Outcome.CANCELLED: _l("Called off by the buyer"),
    Outcome.UNCHANGED: _l("Nothing new"),
    Outcome.OLDER: _l("Older than ours"),
    Outcome.SAME: _l("Read before"),
}
NOTICE_KINDS = {
    NoticeKind.PLAN: _l("Plan"),
    NoticeKind.CONTRACT: _l("Call for bids"),
    NoticeKind.AWARD: _l("Result"),
}
CHANGE_STATES = {
    ChangeState.APPLIED: (_l("Followed"), "info"),
    ChangeState.KEPT: (_l("Our own value stays"), "wait"),
    ChangeState.TAKEN: (_l("Taken from the notice"), "good"),
    ChangeState.TOLD: (_l("To know"), "neutral"),
}
BID_STATES = {
    BidState.DRAFT: (_l("Draft"), "wait"),
    BidState.SUBMITTED: (_l("Handed in"), "good"),
    BidState.WON: (_l("Won"), "good"),
    BidState.LOST: (_l("Lost"), "neutral"),
    BidState.CANCELLED: (_l("Called off"), "neutral"),
}
OUTCOMES = {
    BidState.WON: _l("We won"),
    BidState.LOST: _l("Somebody else won"),
    BidState.CANCELLED: _l("The buyer called the tender off"),
}
PROMISE_STATES = {
    PromiseState.ASKED: (_l("Asked"), "wait"),
    PromiseState.PROMISED: (_l("Promised"), "good"),
    PromiseState.DECLINED: (_l("Declined"), "bad"),
}
FORMS = {
    BidForm.GROUP: _l("Group of suppliers"),
    BidForm.RELIED_ON: _l("Main supplier relying on the capacity of others"),
    BidForm.SUBCONTRACTORS: _l("Main supplier with subcontractors"),
    BidForm.APPLICATION: _l("Application for a project together"),
}
BID_FORMS = {form: FORMS[form] for form in legal_forms.BID_FORMS}
ROLES = {
    PartyRole.TENDERER: _l("Tenderer"),
    PartyRole.REPRESENTATIVE: _l("Representative"),
    PartyRole.RELIED_ON: _l("Relied-on company"),
    PartyRole.SUBCONTRACTOR: _l("Subcontractor"),
    PartyRole.APPLICANT: _l("Applicant"),
    PartyRole.PARTNER: _l("Project partner"),
}
BID_ROLES = {role: ROLES[role] for role in legal_forms.BID_ROLES}
CALL_ROLES = {role: ROLES[role] for role in legal_forms.CALL_ROLES}
REQUIREMENTS = {
    RequirementKind.MUST: _l("Must requirement"),
    RequirementKind.SCORED: _l("Scored requirement"),
    RequirementKind.CONTRACT: _l("Contract term"),
    RequirementKind.INFORMATION: _l("Information"),
    RequirementKind.BUYER: _l("Answered by the buyer"),
    RequirementKind.QUESTION: _l("Question"),
}
BID_REQUIREMENTS = {kind: word for kind, word in REQUIREMENTS.items() if kind is not RequirementKind.QUESTION}
CALL_REQUIREMENTS = {
    RequirementKind.QUESTION: _l("Question, answered in words"),
    RequirementKind.MUST: _l("Condition, answered with yes or no"),
    RequirementKind.INFORMATION: _l("Information"),
}
STAGES = {
    RequirementStage.NOTICE: _l("Part of the notice"),
    RequirementStage.QUALIFICATION: _l("Qualification"),
    RequirementStage.AWARD: _l("Award"),
    RequirementStage.CONTRACT: _l("During the agreement"),
    RequirementStage.CATALOGUE: _l("Contract catalogue"),
}
BASES = {
    AwardBasis.PRICE: _l("Price"),
    AwardBasis.QUALITY_PRICE: _l("Best price-quality ratio"),
    AwardBasis.COST: _l("Cost"),
}
DOCUMENTS = {
    DocumentKind.ESPD: _l("Self-declaration (ESPD)"),
    DocumentKind.POWER_OF_ATTORNEY: _l("Power of attorney"),
    DocumentKind.COMMITMENT_LETTER: _l("Commitment of a relied-on company"),
    DocumentKind.LIABILITY_DECLARATION: _l("Declaration of joint liability"),
    DocumentKind.INSURANCE: _l("Insurance certificate"),
    DocumentKind.REGISTER_EXTRACT: _l("Certificate of registration"),
    DocumentKind.TAX_CERTIFICATE: _l("Certificate of taxes and fees"),
    DocumentKind.FOOD_REGISTRATION: _l("Food registration"),
    DocumentKind.ANNUAL_ACCOUNTS: _l("Annual accounts"),
    DocumentKind.SANCTIONS_DECLARATION: _l("Sanctions declaration"),
    DocumentKind.CERTIFICATE: _l("Certificate"),
    DocumentKind.REFERENCE: _l("Reference"),
    DocumentKind.POLICY: _l("Policy or routine"),
    DocumentKind.OTHER: _l("Other document"),
    DocumentKind.LETTER_OF_INTENT: _l("Letter of intent"),
}
AREAS = {
    GapArea.REQUIREMENT: _l("Requirements"),
    GapArea.PRICE: _l("Prices"),
    GapArea.PARTY: _l("Parties"),
    GapArea.DOCUMENT: _l("Documents"),
    GapArea.VALIDITY: _l("Validity"),
    GapArea.RESERVED: _l("Reserved tender"),
    GapArea.SANCTIONS: _l("Sanctions"),
    GapArea.FORM: _l("Bid form"),
    GapArea.DEADLINE: _l("Last day for bids"),
    GapArea.ADDENDUM: _l("Addenda"),
    GapArea.ECONOMY: _l("Economy and experience"),
    GapArea.COMPETITION: _l("Competition"),
    GapArea.CAPACITY: _l("Capacity"),
    GapArea.SECRECY: _l("Secrecy"),
    GapArea.BUDGET: _l("Budget"),
}


def choices(words: Mapping[Any, Any]) -> list[SelectChoice]:
    """What a select list offers: the stored values and what they are called."""
    return listed((str(kind), word) for kind, word in words.items())


def listed(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Pairs of value and label as a select list wants them."""
    return [SelectChoice(value, label) for value, label in pairs]
