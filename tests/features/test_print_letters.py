"""Letters to members on paper wait at the desk, are printed together, and go to the post once."""

from __future__ import annotations

import subprocess
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
from sqlalchemy import select

from app import clock as app_clock
from app.accounts.models import RoleName
from app.audit import AuditEvent
from app.db import db
from app.mail import LetterState
from app.members.emails import write_to
from app.members.models import Reach
from app.members.paper import actions
from app.members.paper.models import PaperLetter, PaperRun
from tests import make
from tests.order_case import furnish, member, order
from tests.people import text, together

SAM, QUEUE = "sam@samklang.example", "/personal/brev/papper"


@pytest.fixture
def waiting(app) -> PaperLetter:
    """Ljungbacken is reached on paper, and has been asked for six baskets."""
    fruit = furnish()
    member("ljungbacken").reached_by = Reach.PAPER
    order({fruit.id: Decimal(6)})
    return db.session.scalars(select(PaperLetter)).one()


def write(words: str, count: int = 1) -> None:
    for _ in range(count):
        write_to(member("ljungbacken"), kind="assignment_offer", subject=words, body=words, now=app_clock.now())
    db.session.commit()


def printed_words(data: bytes, tmp_path) -> str:
    """What a reader finds in the PDF."""
    (tmp_path / "paper.pdf").write_bytes(data)
    done = subprocess.run(["pdftotext", "-layout", str(tmp_path / "paper.pdf"), "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode().replace("\u00a0", " ").split())


def runs() -> list[PaperRun]:
    db.session.expire_all()
    return list(db.session.scalars(select(PaperRun).order_by(PaperRun.id)))


def test_no_worker_sends_it_and_the_desk_counts_it(waiting, visit, work_off, outbox):
    work_off()
    db.session.expire_all()
    assert waiting.letter.state == LetterState.PAPER
    assert outbox.to("ljungbacken@medlem.example") == []
    assert "1 brev att skriva ut och posta" in text(visit(SAM).page("/personal/"))
    assert "Ska skrivas ut" in text(visit(SAM).page("/personal/brev"))


def test_the_letter_says_whom_to_call_and_has_no_link(waiting):
    assert "http" not in waiting.letter.body
    assert "Ring oss på 031-700 00 00" in waiting.letter.body


def test_it_is_printed_posted_and_written_down(waiting, visit, tmp_path):
    sam = visit(SAM)
    answer = sam.fill(QUEUE, {})
    assert answer.status_code == 303
    run = runs()[0]
    pdf = sam.get(f"{QUEUE}/{run.id}.pdf")
    said = printed_words(pdf.data, tmp_path)
    for words in (
        "Ljungbacken Frukt ek. för.",
        "Kim Exempel",
        "411 01 Göteborg",
        "Fruktkorg 5 kg: 6 st",
        "Sam Exempel",
    ):
        assert words in said
    assert "kopia" not in said
    assert "1 brev att skriva ut och posta" in text(sam.page("/personal/")), "until it has gone"
    assert sam.fill(f"{QUEUE}/{run.id}", {}, form="form[action$='/postat']").status_code == 303
    run = runs()[0]
    assert (run.made_by, run.sent_by) == ("Sam Exempel", "Sam Exempel")
    assert run.letters[0].letter.state == LetterState.SENT
    assert "0 brev att skriva ut och posta" in text(sam.page("/personal/"))
    whats = db.session.scalars(select(AuditEvent.what).where(AuditEvent.subject_kind == "PaperRun")).all()
    assert whats == ["printed", "taken to the post"]


def test_the_print_is_a_tagged_pdf_in_swedish(waiting, visit):
    sam = visit(SAM)
    sam.fill(QUEUE, {})
    with pikepdf.open(BytesIO(sam.get(f"{QUEUE}/{runs()[0].id}.pdf").data)) as paper:
        assert paper.Root.MarkInfo.Marked
        assert paper.Root.Lang == "sv"
        assert paper.Root.StructTreeRoot.K


def test_what_has_gone_is_printed_again_only_as_a_copy(waiting, visit, tmp_path):
    sam = visit(SAM)
    sam.fill(QUEUE, {})
    run = runs()[0].id
    sam.post(f"{QUEUE}/{run}/postat")
    said = printed_words(sam.get(f"{QUEUE}/{run}.pdf").data, tmp_path)
    assert "Det här är en kopia" in said
    assert "av Sam Exempel" in said


def test_the_second_press_prints_and_posts_nothing(waiting, visit):
    sam = visit(SAM)
    sam.post(f"{QUEUE}/skriv-ut")
    again = sam.post(f"{QUEUE}/skriv-ut")
    assert again.status_code == 409
    assert "Inga brev väntar" in again.text
    run = runs()[0].id
    assert sam.post(f"{QUEUE}/{run}/postat").status_code == 303
    sent_at = runs()[0].sent_at
    twice = sam.post(f"{QUEUE}/{run}/postat")
    assert twice.status_code == 409
    assert "har redan skrivit att breven är postade" in twice.text
    assert [one.sent_at for one in runs()] == [sent_at]


@pytest.mark.both
def test_two_who_print_at_once_print_each_letter_once(waiting, visit):
    write("Ett till")
    one, other = visit(SAM), visit(SAM)
    answers = together(
        lambda: one.post(f"{QUEUE}/skriv-ut").status_code, lambda: other.post(f"{QUEUE}/skriv-ut").status_code
    )
    db.session.rollback()
    assert sorted(answers) == [303, 409]
    assert [len(run.letters) for run in runs()] == [2]


def test_many_are_printed_the_oldest_first_and_none_is_lost(waiting, visit, queries):
    sam = visit(SAM)
    sam.get(QUEUE)
    with queries() as few:
        sam.get(QUEUE)
    write("Fler", actions.MOST + 9)
    with queries() as many:
        page = sam.page(QUEUE)
    assert len(many) == len(few), "a full page asks as often as one row"
    assert "60 brev väntar" in text(page)
    assert len(page.cssselect("tbody tr")) == 50
    sam.post(f"{QUEUE}/skriv-ut")
    sam.post(f"{QUEUE}/skriv-ut")
    assert [len(run.letters) for run in runs()] == [50, 10]
    assert max(one.id for one in runs()[0].letters) < min(one.id for one in runs()[1].letters)


def test_the_address_is_that_of_the_day_on_which_it_was_written(waiting, visit, tmp_path):
    member("ljungbacken").street = "Nya gatan 9"
    sam = visit(SAM)
    sam.fill(QUEUE, {})
    assert "Provgatan 1" in printed_words(sam.get(f"{QUEUE}/{runs()[0].id}.pdf").data, tmp_path)


@pytest.mark.both
def test_what_waits_is_printed_also_when_the_member_signs_in_meanwhile(waiting, visit):
    member("ljungbacken").reached_by = Reach.CONNECTED
    visit(SAM).post(f"{QUEUE}/skriv-ut")
    assert [len(run.letters) for run in runs()] == [1]


def test_words_cannot_become_markup(waiting, visit, tmp_path):
    write("<h1>Hej</h1> & <script>x</script>")
    sam = visit(SAM)
    sam.post(f"{QUEUE}/skriv-ut")
    assert "<script>x</script>" in printed_words(sam.get(f"{QUEUE}/{runs()[0].id}.pdf").data, tmp_path)


def test_finance_may_look_and_no_more(waiting, visit):
    make.make_sam(RoleName.FINANCE, email="eko@samklang.example")
    finance = visit("eko@samklang.example")
    assert finance.get(QUEUE).status_code == 200
    assert finance.post(f"{QUEUE}/skriv-ut").status_code == 403
    assert runs() == []
    visit(SAM).post(f"{QUEUE}/skriv-ut")
    for path in (f"{runs()[0].id}.pdf", f"{runs()[0].id}/postat"):
        assert finance.open(f"{QUEUE}/{path}", method="GET" if path.endswith("pdf") else "POST").status_code == 403
    assert visit("rullande@medlem.example").get(QUEUE).status_code == 403
    assert visit(SAM).get(f"{QUEUE}/999").status_code == 404
