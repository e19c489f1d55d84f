"""Files handed in: looked through before they are kept, then attached to a bid or laid in a member's vault."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app import audit, files, office, uploads
from app.accounts.models import User
from app.clock import local_date
from app.db import db
from app.errors import Refused
from app.files import StoredFile
from app.members.models import MemberDocument
from app.tenders.answer_actions import take_mark_away
from app.tenders.bid_actions import check_draft
from app.tenders.models import Appendix, Bid, BidParty
from bids import checks
from bids.kinds import DocumentKind
from bids.offer import Offer
from bids.party_documents import text_hash

LARGEST_FILE = 15 * 1024 * 1024
ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came from a browser; its name and its claims about itself are not believed."""

    name: str
    data: bytes


def keep(upload: Upload, *, now: datetime) -> StoredFile:
    """Look through a PDF, PNG or JPEG and keep it. Raises Refused, and keeps nothing, for anything else.

    A Word file is for a worker: `word_files` takes it where one may be handed in.
    """
    if not upload.data:
        raise Refused("Filen är tom. Välj en annan.")
    if len(upload.data) > LARGEST_FILE:
        raise Refused("Filen är större än 15 MB. Gör den mindre och försök igen.")
    if office.is_word(upload.data):
        raise Refused(f"En Word-fil tas inte emot här. {office.SAVE_AS_PDF}")
    media_type = uploads.look_through(upload.data).media_type
    stem = files.tidy_name(upload.name).rpartition(".")[0] or files.tidy_name(upload.name)
    return files.save(upload.data, name=f"{stem[:100]}.{ENDINGS[media_type]}", media_type=media_type, now=now)


def same_file(bid: Bid, file: StoredFile) -> Appendix | None:
    """The appendix of the bid that is the very same file, where one is."""
    return next((one for one in bid.appendices if one.file.sha256 == file.sha256), None)


def check_new(bid: Bid, file: StoredFile) -> None:
    """Raises Refused where the very same file is an appendix of the bid already, and says which."""
    same = same_file(bid, file)
    if same is not None:
        raise Refused(f"Filen finns redan i anbudet, som bilaga {same.number}: {same.title}.")


def attach(
    bid: Bid,
    file: StoredFile,
    *,
    title: str,
    kind: DocumentKind = DocumentKind.OTHER,
    party: BidParty | None = None,
    document: MemberDocument | None = None,
    by: User | None,
    now: datetime,
) -> Appendix:
    """Make the file the bid's next appendix."""
    check_draft(bid)
    appendix = Appendix(
        number=max((appendix.number for appendix in bid.appendices), default=0) + 1,
        title=title,
        kind=kind,
        file=file,
        file_id=file.id,
        party_id=party.id if party else None,
        document_id=document.id if document else None,
    )
    bid.appendices.append(appendix)
    audit.record(bid, "attached", by=by, now=now, number=appendix.number, title=title)
    return appendix


def attach_document(bid: Bid, party: BidParty, document: MemberDocument, *, by: User | None, now: datetime) -> Appendix:
    """Make a paper of the party's vault an appendix; once is enough. Raises Refused when it has no file."""
    found = next((appendix for appendix in bid.appendices if appendix.document_id == document.id), None)
    if found is not None:
        return found
    if document.file is None:
        raise Refused("Handlingen har ingen fil än. Ladda upp den, eller vänta tills den har gjorts om till PDF.")
    if document.for_bid_id is not None and not bid.may_be_for(document):
        raise Refused("Handlingen gäller ett annat anbud. Be om en som gäller det här.")
    if document.kind == DocumentKind.ESPD and not bid.may_be_for(document):
        raise Refused("Handlingen är äldre än köparens ESPD-begäran. Låt parten svara på begäran i stället.")
    if document.fault:
        raise Refused(f"Handlingen är underkänd: {document.fault} Be medlemmen om en ny.")
    title = _title(document)
    return attach(
        bid, document.file, title=title, kind=kind_of(document), party=party, document=document, by=by, now=now
    )


def attach_wanted(bid: Bid, offer: Offer, *, by: User | None, now: datetime) -> list[Appendix]:
    """Make appendices of the papers that the rules want and the parties' vaults hold, valid on the deadline's day.

    What a buyer may reject a bid for lacking must not hang on somebody remembering to press a button.
    """
    parties = {party.member.slug: party for party in bid.parties}
    due = local_date(offer.deadline)
    held = {(appendix.party_id, appendix.kind): appendix for appendix in bid.appendices}
    outdated = set(outdated_in(bid, offer))
    made = []
    for wanted, kind in checks.papers_wanted(offer):
        party = parties[wanted.key]
        paper, there = _best(party, kind, due, text_hash(offer, wanted, kind)), held.get((party.id, kind))
        if paper is not None and there is None:
            made.append(attach_document(bid, party, paper, by=by, now=now))
        elif paper is not None and there in outdated and there is not None:
            made.append(exchange(bid, there, paper, by=by, now=now))
    return made


def outdated_in(bid: Bid, offer: Offer) -> list[Appendix]:
    """Papers that parties signed on screen and whose text the bid no longer says; the offer has left them out."""
    parties = {one.key: one for one in offer.parties}
    found = []
    for one in bid.appendices:
        signer = parties.get(one.document.member.slug) if one.document and one.document.signed_text else None
        if signer is None or one.document is None:
            continue
        if one.document.signed_text != text_hash(offer, signer, kind_of(one.document)):
            found.append(one)
    return found


def take_out_outdated(bid: Bid, offer: Offer, *, by: User, now: datetime) -> None:
    """What nobody will sign anew, when the bid is handed in: those after them move up."""
    for appendix in outdated_in(bid, offer):
        detach(bid, appendix, by=by, now=now)


def kind_of(document: MemberDocument) -> DocumentKind:
    """The kind of a paper in a vault; a word that nobody knows is another paper."""
    return next((kind for kind in DocumentKind if kind == document.kind), DocumentKind.OTHER)


def exchange(bid: Bid, appendix: Appendix, document: MemberDocument, *, by: User | None, now: datetime) -> Appendix:
    """Let a newer paper take the place of the one that an appendix is. Its number, and what it proves, stay.

    Raises Refused when the bid is handed in, and when the newer one is no paper to show.
    """
    check_draft(bid)
    if not document.is_usable or document.file is None:
        raise Refused("Den nyare handlingen har ingen fil eller är underkänd. Öppna den i medlemmens handlingar.")
    older = appendix.document
    for answer in bid.answers:
        for piece in answer.evidence:
            if piece.appendix_id == appendix.id and older is not None and piece.valid_to == older.valid_to:
                piece.valid_to = document.valid_to
                piece.title = _title(document) if piece.title == appendix.title else piece.title
    appendix.title, appendix.file_id, appendix.file = _title(document), document.file.id, document.file
    appendix.document_id, appendix.document = document.id, document
    audit.record(bid, "appendix_exchanged", by=by, now=now, number=appendix.number, title=appendix.title)
    return appendix


def _title(document: MemberDocument) -> str:
    return f"{document.title}, {document.member.name}"


def _best(party: BidParty, kind: DocumentKind, due: date, text: str) -> MemberDocument | None:
    """The paper in the party's vault that is valid then, and longest; one that a newer has replaced comes last.

    One that was signed on screen counts while the text with the hash ``text`` is what would be signed now, and has
    taken the place of what was handed in before.
    """
    own = [paper for paper in party.member.documents if paper.kind == kind and party.bid.may_be_for(paper)]
    current = {paper.id for paper in party.member.current_documents}
    signed = max((paper.id for paper in own if paper.signed_text), default=0)
    fitting = [
        paper
        for paper in own
        if paper.is_usable and paper.holds_on(due)
        if (paper.signed_text == text if paper.signed_text else paper.id > signed)
    ]
    return max(fitting, key=lambda paper: (paper.id in current, paper.valid_to or date.max), default=None)


def detach(bid: Bid, appendix: Appendix, *, by: User, now: datetime) -> None:
    """Take an appendix out; those after it move up, and answers no longer point at it."""
    check_draft(bid)
    for answer in bid.answers:
        left = [piece for piece in answer.evidence if piece.appendix_id != appendix.id]
        if len(left) < len(answer.evidence):
            answer.evidence = left
            take_mark_away(answer)
    db.session.flush()
    bid.appendices.remove(appendix)
    for number, one in enumerate(sorted(bid.appendices, key=lambda one: one.number), 1):
        one.number = number
    audit.record(bid, "detached", by=by, now=now, title=appendix.title)


def detach_papers_of(bid: Bid, party: BidParty, *, by: User, now: datetime) -> None:
    """What the party has brought goes with it: signed papers, declarations, proofs. They stay in its vault.

    A file that staff have attached and only said to be about the party stays, for it may show something else.
    """
    for appendix in [one for one in bid.appendices if one.party_id == party.id and one.is_brought]:
        detach(bid, appendix, by=by, now=now)
