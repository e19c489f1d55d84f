"""Forms for what a member's public page tells."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired

from app.members.proof import HOURS_EACH, LONGEST_HOW, MOST_PEOPLE, Outcome
from app.members.proof_models import Criterion, OutcomeYear, SocialProof
from app.pages import web
from app.pages.bid_fields import BelievableDay, Needed, at_most, line
from app.pages.plain_fields import DateField, IntegerField
from app.pages.rules import Between
from app.particulars import LONGEST_TEXT

CRITERIA = {
    Criterion.PURPOSE: _l("It exists to bring people into work who have great difficulty getting or keeping one."),
    Criterion.PARTICIPATION: _l("Those who work there take part in decisions, as owners, by agreement or otherwise."),
    Criterion.REINVESTMENT: _l("It puts its profit mainly into its own or similar activity."),
    Criterion.INDEPENDENCE: _l("It is independent of the public sector in its organisation."),
}
"""The definition as the state gives it (Tillväxtverket, and Skoopi's criteria)."""
CRITERIA_NAMES = {
    Criterion.PURPOSE: _l("Purpose"),
    Criterion.PARTICIPATION: _l("Participation"),
    Criterion.REINVESTMENT: _l("The profit stays"),
    Criterion.INDEPENDENCE: _l("Independence"),
}


def _number(label: Any, most: int) -> IntegerField:
    sentence = _l("Write a whole number.")
    return IntegerField(label, [InputRequired(sentence), Between(0, most, sentence)])


def _day(label: Any) -> DateField:
    return DateField(label, [InputRequired(_l("Choose a day.")), BelievableDay()])


class OutcomeForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """The figures of a year: numbers, never names."""

    year = _number(_l("Year"), 9999)
    places = _number(_l("People who had a place"), MOST_PEOPLE)
    hours = _number(_l("Hours of work, training and practice"), MOST_PEOPLE * HOURS_EACH)
    to_work = _number(_l("Went on to work"), MOST_PEOPLE)
    to_studies = _number(_l("Went on to studies"), MOST_PEOPLE)

    def outcome(self) -> Outcome:
        """What was typed."""
        fields = (self.year, self.places, self.hours, self.to_work, self.to_studies)
        return Outcome(*(web.given(field.data) for field in fields))

    @classmethod
    def showing(cls, row: OutcomeYear | None) -> OutcomeForm:
        """The form as it was sent, or with what is known of the year."""
        return cls(obj=row)


class CriterionForm(FlaskForm):  # type: ignore[misc]
    """What staff found about a criterion."""

    fulfilled = BooleanField(_l("The member fulfils it"))
    how = line(_l("What shows it"), LONGEST_HOW, Needed(_l("Write what shows it. Everybody can read it.")))
    checked_on = _day(_l("Checked on"))

    @classmethod
    def showing(cls, row: SocialProof | None) -> CriterionForm:
        """The form as it was sent, or with what was found last time."""
        return cls(obj=row)


class CertificateForm(FlaskForm):  # type: ignore[misc]
    """A certificate."""

    name = line(_l("Name"), 120, Needed(_l("Write what the certificate is called.")))
    number = line(_l("Number"), 40, Needed(_l("Write the certificate's number.")))
    issued_on = _day(_l("Issued on"))
    valid_to = _day(_l("Valid to"))


class AboutForm(FlaskForm):  # type: ignore[misc]
    """Who the member is, in its own words."""

    about = TextAreaField(
        _l("About you"), [Needed(_l("Write some sentences about yourselves.")), at_most(LONGEST_TEXT)]
    )
