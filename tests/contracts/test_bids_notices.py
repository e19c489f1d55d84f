"""eForms notices, our own made-up ones and the four real ones, and files that are none."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app.money import Money
from bids.notice import NoticeKind, NoticeRefused, read_notice
from bids.notice_results import NoticeOrganisation
from bids.notice_values import NoticeAmount, NoticePeriod

OURS = Path(__file__).parent / "notices"
REAL = Path(__file__).parents[3] / "shared" / "data" / "eforms"
FRUIT = (OURS / "fruktkorgar.xml").read_bytes()


def changed(old: str, new: str) -> bytes:
    text = FRUIT.decode()
    assert old in text
    return text.replace(old, new).encode()


def test_all_of_a_notice_in_swedish():
    notice = read_notice(FRUIT)
    assert (notice.kind, notice.type_code, notice.subtype) == (NoticeKind.CONTRACT, "cn-standard", "16")
    assert (notice.id, notice.version) == ("00000000-0000-4000-8000-000000000114", "02")
    assert (notice.languages, notice.language) == (("ENG", "SWE"), "SWE")
    assert notice.buyers == (
        NoticeOrganisation("Västerhamns kommun", "212099-9012"),
        NoticeOrganisation("Västerhamns bostäder AB", "559999-3010"),
    )
    assert notice.title == "Fruktkorgar till arbetsplatser"
    assert notice.description == "Kommunen köper fruktkorgar\ntill sina arbetsplatser."
    assert notice.reference == "INK 2026/114"
    assert (notice.procedure_code, notice.procedure, notice.is_framework) == ("open", "Öppet förfarande", True)
    assert (notice.cpv_main, notice.cpv_additional) == ("03222000", ("60100000",))
    assert notice.places == ("Västerhamn (SE232)",)
    assert (notice.value, notice.framework_maximum.kronor) == (
        NoticeAmount(Decimal(6_000_000), "SEK"),
        Money.kronor(7_500_000),
    )
    assert notice.deadline.at == datetime(2026, 5, 12, 21, 59, tzinfo=UTC)
    assert (notice.deadline.zone, notice.deadline.what) == ("+02:00", "Sista dag att lämna anbud")


def test_its_lots():
    notice = read_notice(FRUIT)
    centre, north = notice.lots
    assert notice.is_reserved
    assert (centre.id, centre.title, centre.cpv) == ("LOT-0001", "Centrum", ("03222000",))
    assert (centre.reserved_participation, centre.reserved_execution) == ("res-ws", "yes")
    assert (centre.term, centre.validity) == (NoticePeriod(2, "YEAR"), NoticePeriod(4, "MONTH"))
    (price,) = centre.criteria
    assert (price.kind, price.name, price.weight, price.weight_words) == (
        "price",
        "Pris",
        Decimal("87.5"),
        "87,5\u00a0%",
    )
    assert (north.title, north.is_reserved) == ("North", False)
    assert north.deadline.at == datetime(2026, 5, 20, 21, 59, tzinfo=UTC)
    assert north.deadline.zone == ""


def test_only_web_addresses_are_links():
    notice = read_notice(FRUIT)
    assert notice.documents_url == "https://upphandling.vasterhamn.example/114"
    assert notice.submission_url == "https://upphandling.vasterhamn.example/114/anbud"


@pytest.mark.parametrize(
    "address",
    [
        "ftp://a.example/",
        "https:///no-host",
        "http://[",
        "data:text/html,x",
        "https://a.example/&quot;onclick=1",
        "//a",
    ],
)
def test_other_addresses_are_dropped(address):
    assert read_notice(changed("https://upphandling.vasterhamn.example/114/anbud", address)).submission_url == ""


def test_english_when_there_is_no_swedish():
    notice = read_notice(
        changed("<cac:AdditionalNoticeLanguage><cbc:ID>SWE</cbc:ID></cac:AdditionalNoticeLanguage>", "")
    )
    assert (notice.language, notice.title) == ("ENG", "Fruit baskets for workplaces")


def test_a_plan_says_what_it_lacks():
    notice = read_notice((OURS / "plan.xml").read_bytes())
    assert (notice.kind, notice.language, notice.lots, notice.deadline) == (NoticeKind.PLAN, "FIN", (), None)
    told = " ".join(notice.missing)
    for word in ("förhandsannons", "rubrik", "köpare", "Förfarandet", "diarienummer", "CPV", "anbudsområden"):
        assert word in told


def test_what_nobody_can_believe_is_left_out():
    assert read_notice(changed(">87.5<", ">NaN<")).lots[0].criteria[0].weight is None
    assert read_notice(changed(">7500000<", ">1E+400<")).framework_maximum is None
    assert read_notice(changed("2026-05-12+02:00", "2026-02-30+02:00")).lots[0].deadline is None
    assert read_notice(changed("2026-05-12+02:00", "0001-01-01+14:00")).lots[0].deadline is None
    title = read_notice(changed("Fruktkorgar till arbetsplatser", "å" * 5_000)).title
    assert (len(title), title[-1]) == (400, "…")


def test_a_last_day_without_a_clock_says_that_the_time_is_assumed():
    told = " ".join(read_notice(changed("<cbc:EndTime>23:59:00+02:00</cbc:EndTime>", "")).missing)
    assert "Klockan\u00a023.59 är vårt antagande." in told
    assert "antagande" not in " ".join(read_notice(FRUIT).missing)


def test_without_a_clock_and_a_zone_both_are_told():
    bare = changed(
        "<cbc:EndDate>2026-05-12+02:00</cbc:EndDate><cbc:EndTime>23:59:00+02:00</cbc:EndTime>",
        "<cbc:EndDate>2026-05-12</cbc:EndDate>",
    )
    told = " ".join(read_notice(bare).missing)
    assert "antagande" in told
    assert "Tidszonen" in told


def test_lots_with_a_later_last_day_are_named():
    told = " ".join(read_notice(FRUIT).missing)
    assert (
        "den första för alla: 12\u00a0maj 2026 klockan\u00a023.59. Senare dag har LOT-0002: 20\u00a0maj 2026." in told
    )
    same = changed("<cbc:EndDate>2026-05-20</cbc:EndDate>", "<cbc:EndDate>2026-05-12+02:00</cbc:EndDate>")
    assert "olika sista dag" not in " ".join(read_notice(same).missing)


def test_a_lot_whose_last_day_cannot_be_is_named():
    told = " ".join(read_notice(changed("2026-05-12+02:00", "2026-02-31+02:00")).missing)
    assert "Sista anbudsdag saknas eller går inte att läsa för LOT-0001." in told
    assert "20\u00a0maj 2026, är ett annat anbudsområdes" in told


def test_one_lot_of_several_may_say_nothing_of_being_reserved():
    told = read_notice(FRUIT).missing
    assert "Det framgår inte om upphandlingen är reserverad. Kontrollera det." not in told
    assert "Det framgår inte om anbudsområde LOT-0002 också är reserverat. Kontrollera det." in told


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_two_bytes_a_letter_are_read_as_well(encoding):
    text = FRUIT.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    data = text.encode(encoding) if encoding == "utf-16" else ("\ufeff" + text).encode(encoding)
    assert read_notice(data) == read_notice(FRUIT)


def asking(*days: str) -> bytes:
    """The notice with those days for questions, one for each lot from the first on."""
    text = FRUIT.decode()
    for day in days:
        period = f"<cac:AdditionalInformationRequestPeriod>{day}</cac:AdditionalInformationRequestPeriod>"
        text = text.replace("<cac:TenderSubmission", f"{period}<cac:Tendersubmission", 1)
    return text.replace("<cac:Tendersubmission", "<cac:TenderSubmission").encode()


def test_the_last_day_for_questions_is_the_lots_first():
    dated = "<cbc:EndDate>2026-05-0{}+02:00</cbc:EndDate><cbc:EndTime>12:00:00+02:00</cbc:EndTime>"
    notice = read_notice(asking(dated.format(5), dated.format(2)))
    assert notice.questions_until == datetime(2026, 5, 2, 10, 0, tzinfo=UTC)
    assert read_notice(FRUIT).questions is None


def test_a_day_for_questions_without_a_clock_lasts_to_its_end_and_says_so():
    notice = read_notice(asking("<cbc:EndDate>2026-05-02+02:00</cbc:EndDate>"))
    assert notice.questions_until == datetime(2026, 5, 2, 21, 59, tzinfo=UTC)
    assert any("frågor senast" in sentence for sentence in notice.missing)


def test_a_day_for_questions_after_the_last_day_is_not_used_and_says_so():
    notice = read_notice(asking("<cbc:EndDate>2026-05-13+02:00</cbc:EndDate>"))
    assert notice.questions_until is None
    assert any("används inte" in sentence for sentence in notice.missing)


def test_a_name_that_ends_with_a_stop_gets_no_second():
    told = " ".join(read_notice(changed("Västerhamns kommun", "Fruit Ltd.")).missing)
    assert "Fruit Ltd. Kontrollera" in told


BOMB = (
    b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>"""
)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "tom"),
        (b" \n", "tom"),
        (b"%PDF-1.7", "inte XML"),
        (b"\x89PNG\r\n", "inte XML"),
        (b"<", "välformad"),
        (FRUIT[:-40], "välformad"),
        (FRUIT[:2_000], "välformad"),
        (FRUIT.replace("Västerhamns".encode(), b"V\xe4sterhamns"), "välformad"),
        (b"<x>" * 5_000, "välformad"),
        (b"<x>&unknown;</x>", "välformad"),
        (BOMB, "DOCTYPE"),
        (b'<!doctype x SYSTEM "file:///etc/passwd"><x/>', "DOCTYPE"),
        (BOMB.decode().encode("utf-16"), "DOCTYPE"),
        ("\ufeff<x".encode("utf-16-le") + b"\x00\xd8", "teckenkodning"),
        ("<x/>".encode("utf-16-le"), "teckenkodning"),
        (b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-<x/>', "teckenkodning"),
        (b"<html><body/></html>", "ingen eForms-annons"),
        (b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>", "ingen eForms-annons"),
        (b"<ContractNotice/>", "följer inte eForms"),
        (FRUIT.replace(b"eforms-sdk-1.13", b"other"), "följer inte eForms"),
        (b"<x>" + b"a" * 10 * 1024 * 1024 + b"</x>", "10 MB"),
        (FRUIT.replace(b"<cac:RealizedLocation>", b"<cac:RealizedLocation/>" * 201 + b"<cac:RealizedLocation>"), "200"),
    ],
)
def test_what_is_no_notice_is_refused_with_a_sentence(data, words):
    with pytest.raises(NoticeRefused, match=words) as refusal:
        read_notice(data)
    assert str(refusal.value).endswith(".")


@pytest.fixture(scope="module")
def real():
    if not REAL.is_dir():
        pytest.skip("the real notices are not here")
    return lambda name: read_notice((REAL / f"{name}.xml").read_bytes())


def test_the_open_procedure(real):
    notice = real("cn_24_open")
    assert (notice.language, notice.reference, notice.buyers[0].name) == (
        "ENG",
        "RC-CPU-19-065",
        "Renfrewshire Council",
    )
    assert notice.deadline.at == datetime(2020, 4, 3, 11, 0, tzinfo=UTC)
    assert [criterion.weight for criterion in notice.lots[0].criteria] == [15, 5, 3, 2, 75]
    assert notice.cpv_additional == ("71314100", "50300000", "31600000")


def test_the_multilingual_one_is_read_in_swedish(real):
    notice = real("cn_24_multilingual")
    assert (notice.language, len(notice.languages)) == ("SWE", 24)
    assert notice.title.startswith("Tillhandahållande av IT-tjänster")
    assert notice.buyers[0].name == "Europeiska unionens publikationsbyrå"
    assert notice.value == NoticeAmount(Decimal(4_500_000), "EUR")
    assert notice.value.kronor is None


def test_the_minimal_one_shows_what_is_missing(real):
    notice = real("cn_24_minimal")
    assert (notice.title[:12], notice.cpv_main) == ("Provision of", "72230000")
    assert any("Tilldelningskriterier" in sentence for sentence in notice.missing)


def test_the_plan_for_social_services(real):
    notice = real("pin-cfc-social_24")
    assert (notice.kind, notice.is_reserved) == (NoticeKind.PLAN, True)
    assert notice.deadline.what == "Sista dag att anmäla intresse"
    assert len(notice.missing) >= 6
