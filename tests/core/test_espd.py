"""A declaration is filled from what is known, and asks the rest: reading, filling, answering, differing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.money import Money
from bids.canonical import dumps, loads
from bids.espd.answering import AnswerRefused, in_field, spoken, written
from bids.espd.facts import Entity, entity_of, kind_delivered
from bids.espd.filling import Line, Source, asked, lines
from bids.espd.own_forms import own_form, sanctions_form
from bids.espd.reading import RequestRefused, read_request
from bids.espd.snapshot import Sheet, answers_of, differences, signed
from bids.espd.taxonomy import EXCLUSION
from bids.espd.values import Kind, Part, Property, Request
from bids.kinds import BidForm, DocumentKind, PartyRole
from bids.offer import Reference
from bids.parties import PartyDocument
from tests.core.bid_samples import tender_a
from tests.espd_requests import criterion, espd_request, ground, group, own_question, place, references, turnover

OFFER = tender_a()
FRUIT = next(party for party in OFFER.parties if party.role is PartyRole.TENDERER)
REQUEST = read_request(espd_request())


def entity(offer=OFFER, party=FRUIT, **told: str) -> Entity:
    return entity_of(offer, party, tuple(told.items()))


def by_question(found: tuple[Line, ...]) -> dict[str, Line]:
    return {line.question.id: line for line in found}


def no_to_all(found: tuple[Line, ...]) -> dict[str, str]:
    return {line.question.id: "false" for line in asked(found) if line.question.data_type == "INDICATOR"}


def test_everything_in_a_request_is_read():
    assert (REQUEST.version, REQUEST.folder, REQUEST.buyer) == ("4.1.0", "INK 2026/114", "Västerhamns kommun")
    assert [one.code for one in REQUEST.criteria] == [
        "crime-org", "corruption", "partic-confl", "aver-year-to", "eo-group", "x-kitchen",
    ]  # fmt: skip
    assert [one.part for one in REQUEST.criteria] == [Part.EXCLUSION] * 3 + [Part.SELECTION, Part.PARTY, Part.UNKNOWN]
    least = next(one for one in REQUEST.criteria[3].properties() if one.id == "t/least")
    assert (least.kind, least.expected) == (Kind.REQUIREMENT, "1000000 SEK")
    assert loads(dumps(REQUEST), Request) == REQUEST


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "tom"),
        (b"PK\x03\x04", "inte XML"),
        (espd_request(before='<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'), "DOCTYPE"),
        (espd_request()[:-30], "välformad"),
        (espd_request(version="ESPD-EDMv3.3.0"), "version 3.3.0. Här läses version 4.1"),
        (espd_request(version="ESPD-EDMv4.10.0"), "version 4.10.0"),
        (espd_request(version=""), "säger inte vilken version"),
        (espd_request(root="QualificationApplicationResponse"), "ett svar"),
        (espd_request(root="ESPDRequest"), "version 1"),
        (espd_request(root="Invoice"), "börjar med ”Invoice”"),
        (espd_request([]), "inga frågor"),
        (espd_request([ground("fraud"), ground("fraud")]), "står på två frågor"),
        (b"<a>" + b" " * (10 * 1024 * 1024), "större än 10 MB"),
    ],
)
def test_another_file_is_refused_in_words(data, said):
    with pytest.raises(RequestRefused, match=said):
        read_request(data)


def test_questions_in_more_levels_than_anybody_answers_are_refused():
    deep = place("q", "?", "INDICATOR")
    for level in range(40):
        deep = group(f"g{level}", "ON*", deep, top=level == 39)
    with pytest.raises(RequestRefused, match="nivåer"):
        read_request(espd_request([criterion("fraud", deep)]))


def test_a_national_part_of_a_criterion_is_asked_too():
    part = own_question().replace("TenderingCriterion>", "SubTenderingCriterion>")
    whole = ground("fraud").replace("</cac:TenderingCriterion>", f"{part}</cac:TenderingCriterion>")
    read = read_request(espd_request([whole]))
    assert [one.name for one in read.criteria] == ["fraud", "Köket"]
    assert "own/q" in by_question(lines(read, entity(), {}))


def test_what_the_bid_and_the_partys_facts_say_is_filled_in_and_the_rest_is_asked():
    found = by_question(lines(REQUEST, entity(), {}))
    assert found["eo/q"].value == "true"
    assert found["eo/role"].value == "group-lead"
    assert found["eo/others"].value == "Rullande Hjälpen Flytt & Bud ek. för. (769999-0060)"
    assert found["t/average"].value == "10473333.33"
    assert found["t/q"].value == "true"
    assert {line.question.id for line in asked(tuple(found.values()))} == {
        "crime-org/QG1/Q1", "corruption/QG1/Q1", "partic-confl/QG1/Q1", "own/q", "own/sort",
    }  # fmt: skip


def test_a_yes_leads_to_what_happened_and_a_no_does_not():
    yes = lines(REQUEST, entity(), {"crime-org/QG1/Q1": "true"})
    no = lines(REQUEST, entity(), {"crime-org/QG1/Q1": "false"})
    assert by_question(yes)["crime-org/QG1/QSG1/Q1"].is_asked
    assert "crime-org/QG1/QSG1/Q1" not in by_question(no)


def test_that_proof_is_to_be_had_electronically_is_never_asked():
    line = by_question(lines(REQUEST, entity(), {}))["crime-org/QG2/Q1"]
    assert (line.value, line.source) == ("false", Source.HOUSE)


@pytest.mark.parametrize(
    ("least", "currency", "says"), [("10000000", "SEK", "true"), ("11000000", "SEK", None), ("1000", "EUR", None)]
)
def test_that_the_party_meets_a_figure_alone_is_said_only_where_its_own_figures_show_it(least, currency, says):
    read = read_request(espd_request([turnover(least, currency)]))
    assert by_question(lines(read, entity(), {}))["t/q"].value == says


def test_a_year_that_is_not_known_is_asked_for():
    poor = replace(FRUIT, turnover=FRUIT.turnover[:1])
    assert by_question(lines(REQUEST, entity(party=poor), {}))["t/average"].is_asked


def test_who_relies_on_others_names_them_where_it_does_not_meet_a_criterion_itself():
    other = next(party for party in OFFER.parties if party.role is PartyRole.TENDERER and party != FRUIT)
    parties = (FRUIT, replace(other, role=PartyRole.RELIED_ON))
    offer = replace(OFFER, form=BidForm.RELIED_ON, parties=parties)
    found = by_question(lines(REQUEST, entity(offer), {"t/q": "false"}))
    assert found["t/relied"].is_asked, "whether it relies on others here, only the party can say"
    found = by_question(lines(REQUEST, entity(offer), {"t/q": "false", "t/relied": "true"}))
    assert (found["t/name"].value, found["t/id"].value) == (other.name, other.org_number)
    alone = by_question(lines(REQUEST, entity(), {"t/q": "false"}))
    assert alone["t/relied"].value == "false", "the bid has nobody to rely on"
    relied = entity(offer, parties[1])
    assert (relied.role_code, relied.relies, relied.in_group) == ("oeron", False, False)


def test_nobody_stands_in_a_register_for_somebody_else():
    other = next(party for party in OFFER.parties if party.role is PartyRole.TENDERER and party != FRUIT)
    offer = replace(OFFER, form=BidForm.RELIED_ON, parties=(FRUIT, replace(other, role=PartyRole.RELIED_ON)))
    request = read_request(espd_request([turnover("1000000").replace("aver-year-to", "prof-regist")]))
    assert by_question(lines(request, entity(offer), {"t/q": "false"}))["t/relied"].value == "false"


def test_of_several_companies_only_the_party_knows_on_which_it_relies():
    others = [replace(FRUIT, key=name, name=name, role=PartyRole.RELIED_ON) for name in ("Ett", "Två")]
    offer = replace(OFFER, form=BidForm.RELIED_ON, parties=(FRUIT, *others))
    found = by_question(lines(REQUEST, entity(offer), {"t/q": "false", "t/relied": "true"}))
    assert found["t/name"].is_asked


@pytest.mark.parametrize(
    ("cpv", "under"),
    [
        ("90919200-4", "service-perform"),
        ("15311000", "supply-perform"),
        ("48000000", "supply-perform"),
        ("45214000-0", "work-perform"),
        ("", ""),
    ],
)
def test_references_stand_under_the_kind_that_the_tender_is_of(cpv, under):
    assert kind_delivered(cpv) == under
    codes = ("work-perform", "supply-perform", "service-perform")
    kinds = [references().replace("supply-perform", code).replace(">r/", f">{code}/") for code in codes]
    who = entity_of(OFFER, FRUIT, delivers=kind_delivered(cpv))
    assert who.references
    found = by_question(lines(read_request(espd_request(kinds)), who, {}))
    assert {code for code in codes if found[f"{code}/what"].value} == ({under} if under else set())
    (alone,) = [one for one in kinds if "supply-perform" in one]
    assert by_question(lines(read_request(espd_request([alone])), who, {}))["supply-perform/what"].value


def test_what_is_lacking_of_each_reference_that_the_bid_has_is_asked():
    two = tuple(Reference(customer=f"Kund {n}", what="Frukt", party_key=FRUIT.key) for n in (1, 2))
    found = by_question(lines(read_request(espd_request([references()])), entity(replace(OFFER, references=two)), {}))
    assert found["r/amount"].is_asked
    assert found["r/amount/N2"].is_asked
    assert not found["r/amount/N3"].is_asked, "one more may be added"


def test_what_was_said_before_is_known_but_not_what_concerned_another_procedure():
    before = lines(REQUEST, entity(), {})
    told = {line.key: "false" for line in before if line.key and line.question.data_type == "INDICATOR"}
    found = by_question(lines(REQUEST, entity(**told), {}))
    assert (found["crime-org/QG1/Q1"].value, found["crime-org/QG1/Q1"].source) == ("false", Source.BEFORE)
    assert found["partic-confl/QG1/Q1"].is_asked
    assert by_question(before)["partic-confl/QG1/Q1"].key == ""


def test_the_same_ground_is_known_in_our_own_form_and_in_the_buyers():
    own = by_question(lines(own_form(reserved=False), entity(), {}))
    theirs = by_question(lines(REQUEST, entity(), {}))
    assert own["crime-org/Q1"].key == theirs["crime-org/QG1/Q1"].key == "crime-org:main"


def test_a_demand_in_other_words_is_another_question():
    keys = {
        by_question(lines(read_request(espd_request([turnover(least)])), entity(), {}))["t/q"].key
        for least in ("1", "2")
    }
    assert len(keys) == 2


def test_a_question_of_the_buyers_own_keeps_its_words_and_its_kind_of_answer():
    kitchen = REQUEST.unknown[0]
    assert (kitchen.name, kitchen.text) == ("Köket", "Beskriv ert kök.")
    assert by_question(lines(REQUEST, entity(), {"own/sort": "Gas"}))["own/sort"].value == "Gas"


def test_our_own_form_has_every_ground_of_the_list_and_the_share_only_where_it_is_reserved():
    own = own_form(reserved=True)
    codes = {one.code for one in own.criteria}
    assert codes >= set(EXCLUSION) - {"misinterpr", "nati-ground"}
    assert "shelt-worksh" in codes
    assert "shelt-worksh" not in {one.code for one in own_form(reserved=False).criteria}
    found = lines(own, entity(), {})
    share = next(line for line in found if line.question.data_type == "PERCENTAGE")
    assert share.value == "62"
    assert not asked(lines(own, entity(), no_to_all(found)))


def test_only_a_tenderer_answers_for_those_under_it_about_sanctions():
    assert len(lines(sanctions_form(tenders=True), entity(), {})) == 4
    assert len(lines(sanctions_form(tenders=False), entity(), {})) == 3


def test_who_delivers_over_a_tenth_is_named_by_its_tenderer():
    other = next(party for party in OFFER.parties if party.role is PartyRole.TENDERER and party != FRUIT)
    heavy, light = replace(FRUIT, role=PartyRole.SUBCONTRACTOR), replace(other, role=PartyRole.SUBCONTRACTOR)
    under = replace(OFFER, form=BidForm.SUBCONTRACTORS)
    assert [one.name for one in entity(replace(under, parties=(heavy, other)), other).over_a_tenth] == [FRUIT.name]
    (named,) = entity(replace(under, parties=(heavy, other)), other).over_a_tenth
    assert named.percent.endswith("%")
    assert str(named) == f"{FRUIT.name} ({FRUIT.org_number})", "how much it delivers stands on no paper"
    assert entity(replace(under, parties=(FRUIT, light))).over_a_tenth == ()
    assert entity().knows_parts
    without = replace(OFFER.rows[-1], fixed_unit_price=None, shares=())
    assert not entity(replace(OFFER, rows=(*OFFER.rows[:-1], without))).knows_parts
    assert entity(replace(under, parties=(FRUIT, light))).subcontractors[0].name == other.name


@pytest.mark.parametrize(
    ("employees", "kronor", "size"),
    [(9, "21999999", "micro"), (10, "1", "small"), (9, "22000100", "small"), (249, "1", "medium"), (250, "1", "large")],
)
def test_the_size_follows_from_employees_and_turnover(employees, kronor, size):
    year = replace(FRUIT.turnover[-1], amount=Money.kronor(kronor))
    assert entity(party=replace(FRUIT, employees=employees, turnover=(year,))).size == size


@pytest.mark.parametrize(
    ("data_type", "typed", "kept", "read"),
    [
        ("INDICATOR", "true", "true", "Ja"),
        ("AMOUNT", "1 250 000,50 kr", "1250000.50", "1\u00a0250\u00a0000,5 kr"),
        ("PERCENTAGE", "62,5 %", "62.5", "62,5\u00a0%"),
        ("DATE", "2026-11-03", "2026-11-03", "3\u00a0november 2026"),
        ("PERIOD", "2025-01-01/2025-12-31", "2025-01-01/2025-12-31", "1\u00a0januari 2025 – 31\u00a0december 2025"),
        ("PERIOD", "2025-01-01 – 2025-12-31", "2025-01-01/2025-12-31", "1\u00a0januari 2025 – 31\u00a0december 2025"),
        (
            "PERIOD",
            "2025-01-01 till 2025-12-31",
            "2025-01-01/2025-12-31",
            "1\u00a0januari 2025 – 31\u00a0december 2025",
        ),
        ("QUANTITY_INTEGER", "12", "12", "12"),
        ("CODE_COUNTRY", "swe", "SWE", "SWE"),
        ("URL", "https://exempel.se/a", "https://exempel.se/a", "https://exempel.se/a"),
        ("STOVE", " Gas ", "Gas", "Gas"),
        ("DESCRIPTION", "", "", ""),
    ],
)
def test_an_answer_is_kept_in_one_way_and_read_in_swedish(data_type, typed, kept, read):
    question = Property("q", Kind.QUESTION, data_type, "?")
    assert written(question, typed) == kept
    assert (spoken(question, kept) if kept else "") == read


@pytest.mark.parametrize(
    ("data_type", "typed"),
    [
        ("INDICATOR", "kanske"),
        ("AMOUNT", "mycket"),
        ("AMOUNT", "-1"),
        ("AMOUNT", "1e5000"),
        ("AMOUNT", "NaN"),
        ("PERCENTAGE", "101"),
        ("DATE", "i går"),
        ("PERIOD", "2025-12-31/2025-01-01"),
        ("PERIOD", "2025-12-31"),
        ("QUANTITY_INTEGER", "1,5"),
        ("CODE_COUNTRY", "Sverige"),
        ("URL", "javascript:alert(1)"),
        ("DESCRIPTION", "x" * 4001),
        ("DESCRIPTION", "a\x00b"),
    ],
)
def test_an_answer_of_another_kind_is_refused(data_type, typed):
    with pytest.raises(AnswerRefused):
        written(Property("q", Kind.QUESTION, data_type, "?"), typed)


@pytest.mark.parametrize("typed", ["förra året", "2025-12-31", "2025-13-01/2025-12-31"])
def test_who_writes_no_period_reads_how_one_is_written(typed):
    with pytest.raises(AnswerRefused, match="2025-01-01/2025-12-31"):
        written(Property("q", Kind.QUESTION, "PERIOD", "?"), typed)


@pytest.mark.parametrize("typed", ["2026-11-23", "2025", "2025-01-01/2025-02-30", "2025-01-01/2025-02-01/2025-03-01"])
def test_a_period_that_is_none_is_told_what_the_field_asks_for(typed):
    with pytest.raises(AnswerRefused, match="två datum med snedstreck emellan, som 2025-01-01/2025-12-31"):
        written(Property("q", Kind.QUESTION, "PERIOD", "?"), typed)


@given(st.sampled_from(["AMOUNT", "DATE", "PERIOD", "PERCENTAGE", "URL", "QUANTITY", "DESCRIPTION"]), st.text())
def test_whatever_is_typed_is_kept_or_refused_and_what_is_kept_is_kept_again(data_type, typed):
    question = Property("q", Kind.QUESTION, data_type, "?")
    try:
        kept = written(question, typed)
    except AnswerRefused:
        return
    assert written(question, kept) == kept
    assert not kept or written(question, in_field(question, kept)) == kept, "sent back as it stands, it is the same"
    assert spoken(question, kept) if kept else True


@given(st.dictionaries(st.sampled_from([one.id for c in REQUEST.criteria for one in c.properties()]), st.just("true")))
def test_each_question_is_asked_at_most_once_and_in_the_requests_order(said):
    order = [one.id for criterion in REQUEST.criteria for one in criterion.properties()]
    found = [line.question.id for line in lines(REQUEST, entity(), said)]
    assert found == sorted(set(found), key=order.index)
    assert all(by_question(lines(REQUEST, entity(), said))[key].value == "true" for key in found if key in said)


def test_what_differs_from_last_time_is_told_and_what_is_new_is_not():
    before = answers_of(lines(REQUEST, entity(), {"crime-org/QG1/Q1": "false"}))
    richer = replace(FRUIT, employees=37, turnover=(*FRUIT.turnover[1:], replace(FRUIT.turnover[0], year=2026)))
    now = answers_of(lines(REQUEST, entity(party=richer), {"crime-org/QG1/Q1": "true", "own/sort": "Gas"}))
    told = {(one.criterion, one.question): (one.before, one.now) for one in differences(before, now)}
    assert told["Deltagande i en kriminell organisation", "Ert svar"] == ("Nej", "Ja")
    assert ("Köket", "Vilken sorts spis?") not in told
    assert not differences(before, before)


def test_what_was_signed_has_a_hash_of_its_own_and_can_be_read_again():
    found = lines(REQUEST, entity(), no_to_all(lines(REQUEST, entity(), {})))
    facts = {"buyer": "K", "tender": "T", "diary_number": "", "lots": ("1",), "signed_on": "2026-11-23 14:05"}
    one = signed(REQUEST, entity(), found, signed_by="Anna Berg", **facts)
    other = signed(REQUEST, entity(), found, signed_by="Bo Ek", **facts)
    assert one.sha256 != other.sha256
    sheet = Sheet(one, entity())
    assert loads(dumps(sheet), Sheet) == sheet
    assert loads(dumps(sheet), Sheet).signed.sha256 == one.sha256


def test_insurance_is_told_by_the_policy_that_holds_on_the_last_day():
    policy = PartyDocument(DocumentKind.INSURANCE, "Försäkring", amount=Money.kronor("5000000"))
    assert entity(party=replace(FRUIT, documents=(policy,))).insured == Money.kronor("5000000")
    late = replace(policy, valid_to=date(2000, 1, 1))
    assert entity(party=replace(FRUIT, documents=(late,))).insured is None
