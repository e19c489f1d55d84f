"""What roles in a bid, and what happens in it, are called on screens."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.tenders.models import BidTask
from app.tenders.working.duties import Duty
from app.tenders.working.models import QuestionState

DUTIES = {
    Duty.OWNER: _l("Owner: answers for the bid and hands it in"),
    Duty.WRITER: _l("Writer: writes answers, prices and texts"),
    Duty.REVIEWER: _l("Reviewer: reads answers through"),
    Duty.CONTACT: _l("The member's contact"),
}
QUESTIONS = {
    QuestionState.DRAFT: (_l("Draft"), "wait"),
    QuestionState.SENT: (_l("Waits for the buyer's answer"), "info"),
    QuestionState.ANSWERED: (_l("The buyer has answered"), "good"),
}
WHAT_HAPPENED = {
    "facts_changed": _l("The facts were changed"),
    "cancelled": _l("The buyer called the tender off"),
    "bidding": _l("The bid is being written"),
    "noticed": _l("The tender was entered"),
    "lot_added": _l("A lot was added"),
    "lot_removed": _l("A lot was removed"),
    "rows_added": _l("Price rows were added"),
    "row_changed": _l("A price row was changed"),
    "row_removed": _l("A price row was removed"),
    "requirements_added": _l("Requirements were added"),
    "requirement_changed": _l("A requirement was changed"),
    "requirement_removed": _l("A requirement was removed"),
    "form_chosen": _l("Form or lots were chosen"),
    "texts_written": _l("The texts were changed"),
    "party_added": _l("A party was added"),
    "party_changed": _l("A party was changed"),
    "party_removed": _l("A party left the bid"),
    "reference_added": _l("A reference was added"),
    "reference_removed": _l("A reference was removed"),
    "asked": _l("A party was asked for a row"),
    "not_asked": _l("A party is no longer asked for a row"),
    "invited": _l("A party was invited"),
    "promised": _l("A party has promised"),
    "declined": _l("A party has declined"),
    "budget_row_added": _l("A row of the budget was added"),
    "budget_row_changed": _l("A row of the budget was changed"),
    "budget_row_removed": _l("A row of the budget was removed"),
    "budget_answered": _l("A party has answered for its part of the budget"),
    "call_terms_set": _l("What the funder allows was changed"),
    "percentages_set": _l("Fee or margin was changed"),
    "row_priced": _l("A row got its own price"),
    "deduction_added": _l("An added value was entered"),
    "deduction_removed": _l("An added value was removed"),
    "answered": _l("An answer was changed"),
    "reviewed": _l("An answer was reviewed"),
    "evidence_added": _l("Proof was added"),
    "evidence_removed": _l("Proof was removed"),
    "drafted": _l("A member has written a draft"),
    "draft_taken": _l("A draft was put into the answer"),
    "answer_confirmed": _l("An answer was confirmed after an addendum"),
    "attached": _l("An appendix was added"),
    "arranged": _l("The sections were ordered"),
    "section_written": _l("A section was written"),
    "section_removed": _l("A section was taken away"),
    "picture_added": _l("A picture was added"),
    "picture_removed": _l("A picture was taken away"),
    "detached": _l("An appendix was removed"),
    "paper_signed": _l("A party has signed a document"),
    "marked_secret": _l("Something was marked as secret"),
    "unmarked_secret": _l("Something is no longer secret"),
    "receipt_noted": _l("The buyer's receipt was laid in"),
    "withdrawn_at_buyer": _l("The bid was withdrawn in the buyer's system"),
    "espd_request_in": _l("The buyer's ESPD request was read in"),
    "espd_request_left": _l("The buyer's ESPD request no longer counts"),
    "declared": _l("A party signed its declaration"),
    "declaration_opened": _l("A declaration was opened again"),
    "question_written": _l("A question to the buyer was written"),
    "question_sent": _l("A question was sent to the buyer"),
    "question_answered": _l("The buyer answered a question"),
    "question_removed": _l("A question was removed"),
    "question_time_set": _l("The last day for questions was changed"),
    "addendum_received": _l("An addendum came from the buyer"),
    "addendum_acknowledged": _l("An addendum was acknowledged"),
    "touch_confirmed": _l("What an addendum touches was gone through"),
    "task_given": _l("A task was given"),
    "task_changed": _l("A task was changed"),
    "task_done": _l("A task is done"),
    "task_reopened": _l("A task is to be done again"),
    "task_removed": _l("A task was removed"),
    "task_returned": _l("Tasks came back from a member"),
    "person_named": _l("Somebody got a role"),
    "person_left": _l("Somebody left the bid"),
    "commented": _l("A comment was written"),
    "submitted": _l("The bid was handed in"),
    "reopened": _l("A new draft was begun"),
    "won": _l("The bid was won"),
    "lost": _l("The bid was lost"),
}
"""Each act that is news (working.news), in words."""


def holder_of(task: BidTask) -> str:
    """Who has the task: one of us, a member, or nobody."""
    return task.user.name if task.user else task.party.member.name if task.party else ""
