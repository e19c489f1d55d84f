"""What parties sign, the request for secrecy and the masked copy before foreign judges: veraPDF and qpdf."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime

import pikepdf
import pypdfium2 as pdfium
import pytest

from bids import masking, party_document_pdf, party_documents, secrecy_print
from bids.document import to_pdf
from bids.kinds import PartyRole
from bids.party_documents import PartySheet, Signed
from bids.secrecy import Secret, SecretKind
from tests.contracts.verapdf import broken_rules
from tests.core import bid_files
from tests.core.bid_samples import tender_a
from tests.core.call_samples import application

HARM = "Konkurrenter kan räkna ut våra inköpsavtal med odlarna och bjuda under oss nästa gång."
AT = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("papers")
    files = bid_files.appendices_a()
    offer = replace(tender_a(files), joint_liability=True)
    party = next(one for one in offer.parties if one.role is PartyRole.TENDERER)
    relied = replace(offer.parties[-1], role=PartyRole.RELIED_ON)
    made = {}
    project = application()
    for kind in party_documents.SIGNED_KINDS:
        text = (
            party_documents.text_of(offer, relied if kind == "commitment_letter" else party, kind)
            if (kind != "letter_of_intent")
            else party_documents.text_of(project, project.parties[1], kind)
        )
        names = (Signed("Lova Hittepå", "Två i förening", AT), Signed("Kim Exempel", "Två i förening", AT))
        made[f"{kind}-signed"] = party_document_pdf.to_pdf(PartySheet(text=text, signer=party.name, names=names))
        made[f"{kind}-blank"] = party_document_pdf.to_pdf(PartySheet(text=text, signer=party.name))
    number = offer.appendices[0].number
    secrets = tuple(
        Secret(kind=kind, what="Det hemliga", harm=HARM, until=date(2030, 12, 31), number=place)
        for kind, place in ((SecretKind.PRICES, None), (SecretKind.APPENDIX, number))
    )
    secret = replace(offer, secrets=secrets)
    page = secrecy_print.blank_page()
    copy = masking.masked(secret, hashlib.sha256(page).hexdigest())
    made |= {
        "page": page,
        "request": secrecy_print.to_pdf(secret),
        "masked": to_pdf(copy, {**files, number: page}),
        "with-signed": to_pdf(*_with_signed(made["power_of_attorney-signed"])),
    }
    for name, data in made.items():
        (folder / f"{name}.pdf").write_bytes(data)
    return folder


def _with_signed(data: bytes):
    """A bid that has the signed paper as its only appendix."""
    files = bid_files.appendices_a()
    offer = tender_a(files)
    first = replace(offer.appendices[0], number=1, sha256=hashlib.sha256(data).hexdigest())
    return replace(offer, appendices=(first,)), {1: data}


def test_verapdf_finds_nothing(printed):
    assert broken_rules(*sorted(printed.glob("*.pdf"))) == []


def test_they_are_whole(printed):
    if not shutil.which("qpdf"):
        pytest.skip("qpdf is not installed")
    for path in sorted(printed.glob("*.pdf")):
        done = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_lines_to_sign_stand_on_the_page_with_the_text(printed):
    for paper in sorted(printed.glob("*-blank.pdf")):
        with pikepdf.open(paper) as pdf:
            last = len(pdf.pages)
        said = subprocess.run(
            ["pdftotext", "-f", str(last), paper, "-"], capture_output=True, check=True
        ).stdout.decode()
        assert "Underskrift av firmatecknare" in said
        holds = "gäller under förutsättning att" if "letter_of_intent" in paper.name else "gäller så länge anbudet är"
        assert holds in " ".join(said.split())


def test_the_table_of_signatures_ends_where_the_text_does(printed):
    for paper in sorted(printed.glob("*-signed.pdf")):
        if paper.name == "with-signed.pdf":
            continue
        with pdfium.PdfDocument(paper) as pdf:
            page = pdf[len(pdf) - 1]
            right = max(one.get_bounds()[2] for one in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_PATH]))
            assert right <= page.get_width() - 24 / 25.4 * 72 + 1
