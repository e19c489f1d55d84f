"""The kinds of things in a bid: one enum each, with the Swedish word the documents use."""

from __future__ import annotations

from enum import StrEnum


class Labelled(StrEnum):
    """A string enum whose members carry a Swedish label: ``BidForm.GROUP.label``."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Labelled:
        """Keep the value as the string and the label beside it."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class TenderKind(Labelled):
    """Who asks for what: a buyer that procures, or a funder that has money for projects."""

    PROCUREMENT = "procurement", "Upphandling"
    CALL = "call", "Utlysning"


class BidForm(Labelled):
    """The three legally different ways to bid together (LOU 4:5, LOU 14:6-8, and plain subcontracting).

    An application for project funding has a form of its own, which no procurement can have.
    """

    GROUP = "group", "Grupp av leverantörer"
    RELIED_ON = "relied_on", "Huvudleverantör som åberopar andras kapacitet"
    SUBCONTRACTORS = "subcontractors", "Huvudleverantör med underleverantörer"
    APPLICATION = "application", "Projektansökan i samverkan"


class PartyRole(Labelled):
    """What a party is in the bid. A representative signs for a group and is not itself a tenderer."""

    REPRESENTATIVE = "representative", "Ombud"
    TENDERER = "tenderer", "Anbudsgivare"
    RELIED_ON = "relied_on", "Åberopat företag"
    SUBCONTRACTOR = "subcontractor", "Underleverantör"
    APPLICANT = "applicant", "Sökande"
    """Applies for the money and answers for the project to the funder."""
    PARTNER = "partner", "Samverkanspart"


class RequirementKind(Labelled):
    """How the buyer uses a requirement."""

    MUST = "must", "Ska-krav"
    SCORED = "scored", "Utvärderingskrav"
    CONTRACT = "contract", "Kontraktsvillkor"
    INFORMATION = "information", "Upplysning"
    BUYER = "buyer", "Besvaras av köparen"
    """A field that the buyer itself fills in, such as the name of the agreement."""
    QUESTION = "question", "Fråga"
    """A funder's question: it is answered in words, not with yes or no."""

    @property
    def wants_answer(self) -> bool:
        """Whether the buyer waits for an answer of ours."""
        return self not in {RequirementKind.INFORMATION, RequirementKind.BUYER}

    def called(self, *, by_a_funder: bool) -> str:
        """What stands before its number where nobody asks how it is used; a funder sets terms, not requirements."""
        if self is RequirementKind.QUESTION:
            return self.label
        if not by_a_funder:
            return "Krav"
        return "Villkor" if self.wants_answer else self.label


class RequirementStage(Labelled):
    """When the buyer looks at a requirement, or of what it is a part."""

    NOTICE = "notice", "Del av annonsen"
    QUALIFICATION = "qualification", "Kvalificering"
    AWARD = "award", "Tilldelning"
    CONTRACT = "contract", "Avtalstid"
    CATALOGUE = "catalogue", "Kontraktskatalog"


class AwardBasis(Labelled):
    """The basis of award (LOU 16:1)."""

    PRICE = "price", "Pris"
    QUALITY_PRICE = "quality_price", "Bästa förhållandet mellan pris och kvalitet"
    COST = "cost", "Kostnad"


class OfferState(Labelled):
    """A draft may change; a frozen version never does."""

    DRAFT = "draft", "Utkast"
    FROZEN = "frozen", "Fastställt anbud"


class DocumentKind(Labelled):
    """What a party's document proves."""

    ESPD = "espd", "Egenförsäkran (ESPD)"
    POWER_OF_ATTORNEY = "power_of_attorney", "Fullmakt"
    COMMITMENT_LETTER = "commitment_letter", "Åtagande från åberopat företag"
    LIABILITY_DECLARATION = "liability_declaration", "Försäkran om gemensamt ansvar"
    INSURANCE = "insurance", "Försäkringsbevis"
    REGISTER_EXTRACT = "register_extract", "Registreringsbevis"
    TAX_CERTIFICATE = "tax_certificate", "Besked om skatter och avgifter"
    FOOD_REGISTRATION = "food_registration", "Livsmedelsregistrering"
    ANNUAL_ACCOUNTS = "annual_accounts", "Årsredovisning"
    SANCTIONS_DECLARATION = "sanctions_declaration", "Försäkran om sanktioner"
    CERTIFICATE = "certificate", "Certifikat"
    REFERENCE = "reference", "Referens"
    POLICY = "policy", "Policy eller rutin"
    OTHER = "other", "Annan handling"
    LETTER_OF_INTENT = "letter_of_intent", "Avsiktsförklaring"

    @property
    def names_a_tender(self) -> bool:
        """Whether it is given for one tender: a power of attorney, a promise of one's capacity or to take part."""
        return self in {
            DocumentKind.POWER_OF_ATTORNEY,
            DocumentKind.COMMITMENT_LETTER,
            DocumentKind.LETTER_OF_INTENT,
        }


class BudgetKind(Labelled):
    """What a row of a project's budget is: a kind of cost, or money that does not come from the funder."""

    STAFF = "staff", "Personal"
    TRAVEL = "travel", "Resor och logi"
    MATERIAL = "material", "Material och utrustning"
    EXTERNAL = "external", "Externa tjänster"
    OTHER = "other", "Övriga kostnader"
    INDIRECT = "indirect", "Indirekta kostnader"
    OWN = "own", "Egen insats"
    PUBLIC = "public", "Offentlig medfinansiering"
    PRIVATE = "private", "Privat medfinansiering"
    IN_KIND = "in_kind", "Bidrag i annat än pengar"

    @property
    def is_cost(self) -> bool:
        """Whether it costs something; the others pay."""
        return self not in {BudgetKind.OWN, BudgetKind.PUBLIC, BudgetKind.PRIVATE, BudgetKind.IN_KIND}


class GapArea(Labelled):
    """Which part of the bid a gap lies in."""

    REQUIREMENT = "requirement", "Krav"
    PRICE = "price", "Priser"
    PARTY = "party", "Parter"
    DOCUMENT = "document", "Handlingar"
    VALIDITY = "validity", "Giltighetstid"
    RESERVED = "reserved", "Reserverad upphandling"
    SANCTIONS = "sanctions", "Sanktioner"
    FORM = "form", "Anbudsform"
    DEADLINE = "deadline", "Sista anbudsdag"
    ADDENDUM = "addendum", "Kompletteringar"
    ECONOMY = "economy", "Ekonomi och erfarenhet"
    COMPETITION = "competition", "Konkurrens"
    CAPACITY = "capacity", "Kapacitet"
    SECRECY = "secrecy", "Sekretess"
    BUDGET = "budget", "Budget"
