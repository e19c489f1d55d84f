"""What staff write about a member, as a value that can be checked before anything is stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app import particulars
from app.errors import Refused
from app.members.models import SellerModel
from app.treatments import VatStatus

LARGEST_SHARE = 1000


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """Who a member is. The fields are those of `Member`; a VAT number, bankgiro or account not there is empty."""

    name: str
    org_number: str
    legal_form: str
    street: str
    postcode: str
    city: str
    municipality: str
    email: str
    vat_number: str | None = None
    f_tax: bool = True
    about: str = ""
    purpose: str = ""
    phone: str = ""
    contact_name: str = ""
    signatories: str = ""
    bankgiro: str | None = None
    stripe_account: str | None = None
    work_share: int = 1
    vat_status: VatStatus = VatStatus.REGISTERED
    vat_since: date | None = None
    seller_model: SellerModel = SellerModel.OWN_NAME

    def checked(self, *, whole: bool = True) -> MemberFacts:
        """The same facts in the form in which they are kept. Raises Refused for the first that cannot be.

        With `whole=False` the address may wait until somebody writes it.
        """
        if not 1 <= self.work_share <= LARGEST_SHARE:
            raise Refused(f"Andelen av arbetet ska vara ett helt tal från 1 till {LARGEST_SHARE}.")
        if self.vat_status != VatStatus.REGISTERED and (self.vat_number or "").strip():
            raise Refused(
                "Den som inte är registrerad för moms har inget momsnummer. Ta bort numret eller ändra momsen."
            )
        return replace(
            self,
            name=particulars.line(self.name, "Namnet"),
            org_number=particulars.org_number(self.org_number),
            legal_form=particulars.line(self.legal_form, "Den juridiska formen"),
            street=particulars.line(self.street, "Gatuadressen", needed=whole),
            postcode=particulars.postcode(self.postcode) if whole or self.postcode else "",
            city=particulars.line(self.city, "Orten", needed=whole),
            municipality=particulars.municipality(self.municipality) if whole or self.municipality else "",
            email=particulars.email(self.email),
            vat_number=particulars.vat_number(self.vat_number or ""),
            about=particulars.paragraphs(self.about, "Beskrivningen"),
            purpose=particulars.paragraphs(self.purpose, "Ändamålet"),
            phone=particulars.phone(self.phone),
            contact_name=particulars.line(self.contact_name, "Kontaktpersonen", needed=False),
            signatories=particulars.line(self.signatories, "Firmatecknarna", longest=300, needed=False),
            bankgiro=particulars.bankgiro(self.bankgiro or ""),
            stripe_account=particulars.stripe_account(self.stripe_account or ""),
        )


@dataclass(frozen=True, slots=True)
class WorkplaceFacts:
    """A place where a member works. The fields are those of `Workplace`."""

    name: str
    street: str
    postcode: str
    city: str
    municipality: str

    def checked(self) -> WorkplaceFacts:
        """The same facts in the form in which they are kept. Raises Refused for the first that cannot be."""
        return replace(
            self,
            name=particulars.line(self.name, "Arbetsplatsens namn"),
            street=particulars.line(self.street, "Gatuadressen"),
            postcode=particulars.postcode(self.postcode),
            city=particulars.line(self.city, "Orten"),
            municipality=particulars.municipality(self.municipality),
        )
