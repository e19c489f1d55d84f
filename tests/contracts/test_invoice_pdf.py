"""Invoices of all kinds before foreign judges: veraPDF, poppler, and a reader of QR codes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from app.invoicing.payment_qr import payment_text
from app.invoicing.printing import to_pdf
from tests.contracts.verapdf import broken_rules
from tests.invoice_kinds import KINDS, MEMBERS, PLAIN, RUT

TO_PAY = ["plain", "collective", "members", "reversed", "exempt", "partly", "rut", "bundled", "long"]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("invoices")
    for name, invoice in KINDS.items():
        (folder / f"{name}.pdf").write_bytes(to_pdf(invoice))
    return folder


@pytest.fixture(scope="module")
def words(printed: Path) -> Callable[[str], str]:
    """All words of one of them, as a screen reader comes to them, spaces and lines as one space."""

    def read(name: str) -> str:
        done = subprocess.run(
            ["pdftotext", "-raw", str(printed / f"{name}.pdf"), "-"], capture_output=True, text=True, check=True
        )
        return " ".join(done.stdout.split())

    return read


def squares(pdf: Path, folder: Path) -> list[str]:
    """What the squares on the first page say, read from its picture."""
    subprocess.run(
        ["pdftoppm", "-r", "150", "-png", "-f", "1", "-singlefile", str(pdf), str(folder / pdf.stem)], check=True
    )
    with Image.open(folder / f"{pdf.stem}.png") as picture:
        return [found.text for found in zxingcpp.read_barcodes(picture)]


def info(pdf: Path, *more: str) -> str:
    return subprocess.run(["pdfinfo", *more, str(pdf)], capture_output=True, text=True, check=True).stdout


def test_everybody_can_read_them(printed):
    assert broken_rules(*sorted(printed.glob("*.pdf"))) == []


@pytest.mark.parametrize("name", TO_PAY)
def test_a_banks_app_reads_what_is_to_be_paid(printed, tmp_path, name):
    (said,) = squares(printed / f"{name}.pdf", tmp_path)
    assert said == payment_text(KINDS[name])
    paid = json.loads(said)
    assert paid["due"] * 100 == pytest.approx(KINDS[name].payable.ore)
    assert (paid["iref"], paid["acc"], paid["pt"]) == (KINDS[name].ocr, KINDS[name].bankgiro, "BG")


@pytest.mark.parametrize("name", ["credit", "paid"])
def test_where_nothing_is_to_be_paid_there_is_no_square_and_no_bankgiro(printed, words, tmp_path, name):
    assert squares(printed / f"{name}.pdf", tmp_path) == []
    assert "Bankgiro" not in words(name)
    assert "OCR" not in words(name)


def test_the_square_is_read_aloud_as_what_it_is_for(printed):
    with pikepdf.open(printed / "plain.pdf") as pdf:
        heard = [str(one.Alt) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
    assert [words.replace("\u00a0", " ") for words in heard] == [
        "QR-kod för betalning i bankens app: 3 539,51 kr till bankgiro 999-0003, OCR 1000173, senast 2026-12-31"
    ]


def test_the_square_pays_whoever_takes_in_the_money():
    """The bank compares the name with the bankgiro's own."""
    paid, own = json.loads(payment_text(MEMBERS)), json.loads(payment_text(PLAIN))
    assert [paid[key] for key in ("nme", "cid", "acc", "adr")] == [own[key] for key in ("nme", "cid", "acc", "adr")]
    assert paid["nme"] == "Samklang Sälj ek. för."


def test_the_vat_in_the_square_is_that_of_each_rate():
    paid = json.loads(payment_text(PLAIN))
    assert (paid["vh"], paid["vm"], paid["vl"], paid["due"]) == (528.13, 0.0, 50.88, 3539.51)
    assert json.loads(payment_text(RUT))["due"] == 1125.0, "what the tax agency pays is taken off"


@pytest.mark.parametrize(
    ("name", "pages"),
    [("plain", 1), ("members", 1), ("credit", 1), ("reversed", 1), ("exempt", 1), ("paid", 1), ("rut", 1),
     ("collective", 3)],
)  # fmt: skip
def test_a_short_one_is_one_page(printed, name, pages):
    assert int(info(printed / f"{name}.pdf").split("Pages:")[1].split()[0]) == pages


def test_each_page_of_a_long_one_has_its_number_and_the_heads_of_its_columns(printed, words):
    pages = int(info(printed / "long.pdf").split("Pages:")[1].split()[0])
    assert pages > 3
    for page in range(1, pages + 1):
        assert f"Faktura 10010 Sida {page} av {pages}" in words("long")
    assert words("long").count("Artikel Levererat Antal") >= pages - 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("credit", ["Kreditfaktura 10003", "Faktura 10001 från 2026-12-01", "En av korgarna var skadad",
                    "Krediteras 427,85 kr", "betalar vi tillbaka beloppet"]),
        ("members", ["Ljungbacken Frukt ek. för. Faktura M7-10001",
                     "Utställd av Samklang Sälj ek. för. i säljarens namn.", "170001000125", "4 kap. 6 §",
                     "tar emot betalningen åt säljaren, Ljungbacken Frukt ek. för."]),
        ("plain", ["Betalas till Samklang Sälj ek. för.", "Bankgiro 999-0003"]),
        ("reversed", ["Omvänd betalningsskyldighet (16 kap. 13 §",
                      "Köparens momsregistreringsnummer: SE559999202001."]),
        ("exempt", ["10 kap. 14 §", "Vinstmarginalbeskattning för begagnade varor.", "25 % + 12 %",
                    "Undantaget från moms 17 650,00 0,00 17 650,00"]),
        ("paid", ["Betald", "Det finns inget kvar att betala.", "Betalt i förväg −3 539,51", "Att betala 0,00 kr"]),
        ("partly", ["Betalt i förväg −1 000,00", "Att betala 2 539,51 kr"]),
        ("rut", ["Rutavdrag −975,00", "Arbetskostnad inklusive moms 1 950,00 kr", "slutar på 1234, 9876",
                 "Att betala 1 125,00 kr"]),
        ("bundled", ["Kasse, packad och klar", "per 0,05 tim", "Bilagor",
                     "tidrapport-november.pdf – Timmar dag för dag", "leveranser.csv"]),
        ("collective", ["Beställning 1001 3 825,50", "Beställning 1008 3 775,50", "Avtal Dnr INK 2026/114",
                        "Leveransperiod 2026-11-01 – 2026-11-30", "Rådhuset, receptionen", "Er referens 7412-ALVA",
                        "Referens RAD-1003", "Kostnadsställe 7733", "Prisavdrag: Fruktkorg 5 kg"]),
    ],
)  # fmt: skip
def test_each_kind_says_what_it_is(words, name, shown):
    found = words(name).replace("\u00a0", " ")
    assert [one for one in shown if one not in found] == []


def test_a_seller_without_vat_number_shows_none(words):
    assert "Org.nr 769999-0011. Godkänd för F-skatt." in words("members")
