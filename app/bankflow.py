"""THE STORY of an invoice that is paid by bank: found by its reference, paid in parts or whole, and a mistake undone.

How an invoice stands is never written down: it is what was asked for, less what was credited and what has come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app import clock, jobs
from app.accounts.models import User
from app.errors import Refused
from app.household import claiming
from app.household import queries as household
from app.household.models import PartState, ReliefDeduction
from app.invoicing import crediting
from app.invoicing import queries as invoices
from app.invoicing.actions import values_of
from app.invoicing.models import InvoiceRecord
from app.money import NOUGHT, Money
from app.payments import actions as payments
from app.payments import receipts
from app.payments.models import Payment
from app.payments.queries import standing
from app.payments.receipt_models import BankReceipt
from app.payments.states import TaskKind
from app.reliefs import Work


@dataclass(frozen=True, slots=True)
class Balance:
    """How an invoice stands. With VAT."""

    asked: Money
    """What the customer was to pay: the sum, less what a deduction for household work takes off."""
    credited: Money
    by_card: Money
    """Less what has been given back to the card."""
    by_bank: Money
    lost: Money = NOUGHT
    """Of what the card paid, what the customer's bank has taken back for good."""
    held: Money = NOUGHT
    """What a card is held for, and will pay when it is drawn."""

    @property
    def paid(self) -> Money:
        """What has come in all."""
        return self.by_card + self.by_bank - self.lost

    @property
    def left(self) -> Money:
        """What is still to be paid; below nought when too much has been."""
        return self.asked - self.credited - self.paid - self.held

    @property
    def outstanding(self) -> Money:
        """What is still to be paid."""
        return max(self.left, NOUGHT)

    @property
    def overpaid(self) -> Money:
        """What has come too much, or was paid before it was credited."""
        return max(-self.left, NOUGHT)

    @property
    def to_pay_back(self) -> Money:
        """What of that came by bank, so that a person must pay it back: what a card paid goes back to it by itself.

        The card gets only what is beyond what came by bank, so it is the same before and after that.
        """
        return min(self.overpaid, self.by_bank)


def balance_of(record: InvoiceRecord) -> Balance:
    """How one invoice stands."""
    return balances([record])[record.id]


def balances(records: Sequence[InvoiceRecord]) -> dict[int, Balance]:
    """How invoices stand, by id: a few statements, however many they are. Credit notes stand for themselves nowhere."""
    asked = {one.id: one for one in records if not one.is_credit_note}
    notes = invoices.credit_notes_of(asked)
    cards = receipts.by_card([*asked, *(note.id for note in notes)])
    banks = receipts.by_bank(asked)
    orders = {one.order_id for one in asked.values() if one.order_id is not None}
    held, lost = receipts.held_for(orders), _lost(orders)
    credited: dict[int, Money] = defaultdict(lambda: NOUGHT)
    given_back: dict[int, Money] = defaultdict(lambda: NOUGHT)
    for note in notes:
        if note.credits_id is not None:
            credited[note.credits_id] += _asked(note)
            given_back[note.credits_id] += cards.get(note.id, NOUGHT)
    return {
        id_: Balance(
            asked=_asked(record),
            credited=credited[id_],
            by_card=cards.get(id_, NOUGHT) - given_back[id_],
            by_bank=banks.get(id_, NOUGHT),
            lost=lost.get(id_, NOUGHT),
            held=values_of(record).paid if record.order_id in held else NOUGHT,
        )
        for id_, record in asked.items()
    }


def _lost(orders: set[int]) -> dict[int, Money]:
    """What banks have taken back for good, by the invoice that it had paid.

    What was drawn and pays no invoice goes first, then the newest invoice. Where nothing is lost it is one statement.
    """
    found: dict[int, Money] = {}
    for payment in receipts.lost_to_banks(orders):
        stands, documents = standing(payment), invoices.documents_of(payment.order)
        cards = receipts.by_card([one.id for one in documents])
        net: dict[int, Money] = defaultdict(lambda: NOUGHT)
        for one in documents:
            paid = cards.get(one.id, NOUGHT)
            net[one.credits_id or one.id] += -paid if one.is_credit_note else paid
        rest = min(stands.lost, Money.total(net.values()) - stands.kept)
        for id_ in sorted(net, reverse=True):
            found[id_] = max(min(rest, net[id_]), NOUGHT)
            rest -= found[id_]
    return found


def asked_for(records: Iterable[InvoiceRecord]) -> dict[int, Money]:
    """The sum of each document as a list shows it; where it sells nothing anew, what it asks for all the same."""
    return {one.id: one.gross or _asked(one) for one in records}


def _asked(record: InvoiceRecord) -> Money:
    """What a document asks for, or gives back, whatever had been paid when it was issued."""
    values = values_of(record)
    return values.payable + values.paid


def find(reference: str) -> InvoiceRecord:
    """The invoice with this OCR reference, or else with this number, as a person types it. Raises Refused."""
    typed = "".join(reference.split())
    found = invoices.by_reference(typed)
    if found is None:
        raise Refused(f"Ingen faktura har OCR-numret eller fakturanumret {typed[:40]}. Läs av det en gång till.")
    if found.is_credit_note:
        raise Refused(f"{found.name} är en kreditfaktura. Skriv numret på fakturan som är betald.")
    return found


def enter(
    record: InvoiceRecord, amount: Money, paid_on: date, *, reference: str, ticket: str, by: User, now: datetime
) -> BankReceipt:
    """So much of an invoice has come by bank. The form's `ticket` makes one receipt, however often it is sent.

    What is too much is entered as it came, and lies with finance. When all has come the deduction on the invoice can be
    asked for. Raises Refused for nothing, and for a day before the invoice or to come.
    """
    record = crediting.hold(record.id)
    before = receipts.by_ticket(ticket)
    if before is not None:
        return before
    if amount <= NOUGHT:
        raise Refused("Skriv hur mycket som har kommit.")
    if not clock.local_date(record.issued_at) <= paid_on <= clock.local_date(now):
        raise Refused("Betalningsdagen ska ligga mellan fakturadagen och i dag.")
    row = receipts.enter(record.id, amount, paid_on, reference=reference, ticket=ticket, by=by, now=now)
    stands = balance_of(record)
    _tell_overpaid(record, stands, f"overpaid-{row.id}", now=now)
    if not stands.outstanding:
        _deduction_paid(record, by=by, now=now)
    return row


def hold_deduction(deduction_id: int) -> tuple[InvoiceRecord, ReliefDeduction]:
    """A deduction and the invoice that it is taken off, both held, in the order in which `enter` takes them."""
    record = crediting.hold(household.invoice_of(deduction_id))
    return record, household.deduction_with(deduction_id)


def pay_rest(
    record: InvoiceRecord,
    deduction: ReliefDeduction,
    paid_on: date | None,
    hours: Mapping[Work, int],
    *,
    ticket: str,
    by: User,
    now: datetime,
) -> ReliefDeduction:
    """All that was left of an invoice with a deduction came by bank on a day, and the work took so many hours.

    The day is never written down by itself: it is that of the last payment. Where nothing is left to pay the hours are
    written, and no day is needed. Raises Refused as `enter` and `claiming.pay` do.
    """
    left = balance_of(record).outstanding
    if left:
        if paid_on is None:
            raise Refused("Skriv vilken dag kunden betalade.")
        enter(record, left, paid_on, reference=record.name, ticket=ticket, by=by, now=now)
    day = _last_day(record) or deduction.paid_on
    return claiming.pay(deduction, day, hours, by=by, now=now) if day else deduction


def doubts(record: InvoiceRecord, amount: Money, paid_on: date) -> list[str]:
    """What whoever enters so much should look at once more: the same entered before, and more than is to be paid."""
    left, found = balance_of(record).outstanding, []
    same = [one for one in receipts.receipts_of(record.id) if one.undone_at is None and one.amount == amount]
    if any(one.paid_on == paid_on for one in same):
        found.append(f"{amount} är redan inskrivet på faktura {record.name} den {paid_on}. Är det en betalning till?")
    if amount > left:
        found.append(f"Det är {amount - left} mer än vad som är kvar att betala på faktura {record.name}. Stämmer det?")
    return found


def undo(row: BankReceipt, why: str, *, by: User, now: datetime) -> BankReceipt:
    """It was entered by mistake: the invoice is as unpaid as before. Raises Refused without a reason, or done twice."""
    record = crediting.hold(row.invoice_id)
    receipts.undo(row, why, by=by, now=now)
    stands = balance_of(record)
    _tell_overpaid(record, stands, f"overpaid-{row.id}-undone", now=now)
    if stands.outstanding:
        _deduction_unpaid(record, by=by, now=now)
    return row


def _tell_overpaid(record: InvoiceRecord, stands: Balance, mark: str, *, now: datetime) -> None:
    """Finance has one task about what came too much for an invoice, with the sum that it is now; or none."""
    kind = TaskKind.OVERPAID
    payments.close_tasks_of(record.id, kind, f"Nu är det {stands.to_pay_back} för mycket.", now=now)
    if stands.to_pay_back:
        words = f"Faktura {record.name} är betald med {stands.to_pay_back} för mycket. Betala tillbaka det till kunden."
        if stands.by_card:
            words += " Det gäller det som kom via bank. Det som är betalt med kort går tillbaka av sig självt."
        payments.tell_finance(kind, mark, words, None, now=now, invoice_id=record.id)


@jobs.job
def look_for_overpaid(invoice_id: int) -> None:
    """An invoice has been credited: what had come for it by bank may be too much now, also beside a card.

    Or it may be all that is to be paid now, so that the deduction can be asked for.
    Run twice, it finds the same sum told.
    """
    record = crediting.hold(invoice_id)
    stands = balance_of(record)
    if not stands.outstanding:
        _deduction_paid(record, by=None, now=clock.now())
    mark = f"overpaid-{record.id}-credited-{stands.credited.ore}"
    if stands.to_pay_back and not payments.is_told(mark):
        _tell_overpaid(record, stands, mark, now=clock.now())


def card_lost(payment: Payment, *, now: datetime) -> None:
    """A bank may have taken back what had paid invoices: what they deduct cannot be asked for until that has come."""
    records = [one for one in invoices.documents_of(payment.order) if not one.is_credit_note]
    stands = balances(records)
    for record in records:
        if stands[record.id].lost and stands[record.id].outstanding:
            _deduction_unpaid(record, by=None, now=now)


def _last_day(record: InvoiceRecord) -> date | None:
    """When the last of what stands came by bank."""
    return max((one.paid_on for one in receipts.receipts_of(record.id) if one.undone_at is None), default=None)


def _deduction_paid(record: InvoiceRecord, *, by: User | None, now: datetime) -> None:
    """The tax agency asks on which day the customer had paid the rest: that of the last receipt."""
    deduction, day = household.deduction_on(record.id), _last_day(record)
    if deduction is not None and day is not None and deduction.paid_on is None and _is_open(deduction):
        claiming.pay(deduction, day, {}, by=by, now=now)


def _deduction_unpaid(record: InvoiceRecord, *, by: User | None, now: datetime) -> None:
    deduction = household.deduction_on(record.id)
    if deduction is None or deduction.paid_on is None:
        return
    if _is_open(deduction):
        claiming.unpaid(deduction, clock.local_date(record.issued_at), by=by, now=now)
    else:
        words = (
            f"Avdraget på faktura {record.name} är begärt hos Skatteverket med betalningsdagen {deduction.paid_on}, "
            "men inbetalningen är borta igen. Rätta det hos Skatteverket."
        )
        payments.tell_finance(
            TaskKind.DEDUCTION, f"deduction-{deduction.id}-unpaid", words, None, now=now, invoice_id=record.id
        )


def _is_open(deduction: ReliefDeduction) -> bool:
    return all(part.state == PartState.OPEN for part in deduction.parts)
