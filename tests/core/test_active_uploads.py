"""A PDF that runs something, or carries what is no document, is refused when it comes, in words."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from bids.inspection import check_upload
from bids.refusal import AppendixRefused
from tests.core import bid_files


def changed(change) -> bytes:
    with pikepdf.open(BytesIO(bid_files.paper("Intyg", "Gäller."))) as pdf:
        change(pdf)
        out = BytesIO()
        pdf.save(out)
    return out.getvalue()


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def opens(action):
    def change(pdf):
        pdf.Root.OpenAction = action

    return change


def noted(**note):
    def change(pdf):
        pdf.pages[0].obj.Annots = Array([Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **note)])

    return change


def carrying(name):
    def change(pdf):
        pdf.attachments[name] = b"MZ"

    return change


def by_name(pdf):
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script()])))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (opens(script()), "innehåller ett program"),
        (opens(Dictionary(S=Name.GoTo, Next=Array([script()]))), "innehåller ett program"),
        (opens(Dictionary(S=Name.Launch, F=String("cmd.exe"))), "innehåller ett program"),
        (by_name, "innehåller ett program"),
        (noted(Subtype=Name.Link, A=script()), "innehåller ett program"),
        (noted(Subtype=Name.Screen, Parent=Dictionary(AA=Dictionary(K=script()))), "innehåller ett program"),
        (noted(Subtype=Name.RichMedia), "innehåller ett program"),
        (noted(Subtype=Name.FileAttachment, FS=Dictionary(F=String("evil.exe"))), "ligger filen evil.exe"),
        (carrying("evil.exe"), "ligger filen evil.exe"),
        (carrying("utan"), "ligger filen utan"),
    ],
)
def test_what_acts_by_itself_is_refused_and_told(change, says):
    with pytest.raises(AppendixRefused, match=says):
        check_upload(changed(change))


@pytest.mark.parametrize(
    "change",
    [
        opens(Array([Name.Fit])),
        opens(Dictionary(S=Name.URI, URI=String("https://a.example"))),
        noted(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://a.example"))),
        carrying("bevis.html"),
        carrying("faktura.XML"),
    ],
)
def test_links_and_documents_within_are_taken(change):
    assert check_upload(changed(change)).pages == 1


def test_papers_as_they_really_come_are_taken():
    for data in (*bid_files.appendices_a().values(), *bid_files.strange_papers()):
        assert check_upload(data)
