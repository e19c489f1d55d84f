"""The demonstration's files: references lead somewhere, sums are what they should be, and nobody in them is real."""

import re
import tomllib
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from stdnum import ean
from stdnum.se import orgnr, vat

from app import cpv, places, units
from app.catalog.drafts import Draft, Part
from app.catalog.food import emphasised
from app.catalog.kind_checks import check
from app.catalog.kinds import ArticleKind, Withdrawal
from app.money import Money
from app.vat import VatClass, VatPart, VatRule, rule_on
from bids.kinds import AwardBasis, BidForm, DocumentKind, PartyRole, RequirementKind, RequirementStage

APP = Path(__file__).parents[2] / "app"
DEMO_FILES = sorted((APP / "demo").glob("*.toml"))
AMOUNTS = ("min_quantity", "quantity_step", "pack_size", "content")
STARTED = datetime(2026, 11, 23, 12, tzinfo=UTC)
FICTIONAL_PHONES = re.compile(r"031-390 06 \d\d|040-628 04 \d\d|08-465 004 \d\d|0980-319 2\d\d|070-174 06 \d\d")


def load(name):
    with (APP / "demo" / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def by(key, rows):
    """Rows by a key that none of them may share."""
    found = {row[key]: row for row in rows}
    assert len(found) == len(rows)
    return found


COMPANY = load("company")
MEMBERS = by("slug", load("members")["member"])
CATEGORIES = by("slug", tomllib.loads((APP / "data" / "categories.toml").read_text("utf-8"))["category"])
ARTICLES = by("number", load("articles")["article"])
AREAS = load("articles")["areas"]
CUSTOMERS = by("slug", load("customers")["customer"])
TENDERS = by("slug", load("tenders")["tender"])
TENDER_A = TENDERS["fruktkorgar-till-arbetsplatser"]
TENDER_B = TENDERS["trappstad-fonsterputs-gronyta"]
PARTIES = {"samklang": COMPANY["company"], **MEMBERS}
CPV = {entry.written for entry in cpv.builtin()}


def leaves(value):
    """Every text in a tree of tables, with the key it stands under."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        if isinstance(child, str):
            yield key, child
        yield from leaves(child)


def texts(key):
    return [text for file in DEMO_FILES for name, text in leaves(tomllib.loads(file.read_text("utf-8"))) if name == key]


def served(offering):
    return {code for area in offering["areas"] for code in AREAS[area]}


def makers(number, municipality):
    """Weekly capacity by member, of those who make the article for a place."""
    offerings = ARTICLES[number]["offerings"]
    return {one["member"]: one["capacity_per_week"] for one in offerings if municipality in served(one)}


def share(party):
    count = party["head_count"][-1]
    return Decimal(100 * count["target_group"]) / count["occupied"]


def row_sum(lot):
    return Money.total(Money.kronor(row["price"]).times(row["quantity"]) for row in lot["row"])


# Nobody is real


@pytest.mark.parametrize("file", DEMO_FILES, ids=lambda file: file.name)
def test_every_file_begins_by_saying_that_it_is_fictional(file):
    assert file.read_text("utf-8").startswith("# Fictional: ")


def test_the_files_are_there():
    names = {file.stem for file in DEMO_FILES}
    assert names == {
        "agreements",
        "articles",
        "calls",
        "changes",
        "company",
        "customers",
        "library",
        "members",
        "prices",
        "profiles",
        "routing",
        "tenders",
    }


def test_every_address_and_number_is_one_that_nobody_has():
    emails, phones = texts("email"), texts("phone")
    assert len(emails) > 20
    assert len(phones) > 20
    assert all(re.fullmatch(r"[a-z]+@[a-z]+\.example", email) for email in emails)
    assert all(FICTIONAL_PHONES.fullmatch(phone) for phone in phones)
    assert all(re.fullmatch(r"\d{3} 00", postcode) for postcode in texts("postcode"))


def test_organisation_and_vat_numbers_are_well_formed_and_all_different():
    numbers = [number for number in texts("org_number") if number]
    assert len(numbers) == len(set(numbers)) == 16
    assert all(orgnr.is_valid(number) for number in numbers)
    for party in PARTIES.values():
        assert vat.is_valid(party["vat_number"])
        assert party["vat_number"] == f"SE{party['org_number'].replace('-', '')}01"


def test_electronic_addresses_carry_the_customers_own_number():
    for customer in CUSTOMERS.values():
        scheme, _, identifier = customer["electronic_address"].partition(":")
        assert scheme in {"", "0007", "0088"}
        assert scheme != "0007" or identifier == customer["org_number"].replace("-", "")
        assert scheme != "0088" or ean.is_valid(identifier)


# Members and customers


def test_shares_of_occupied_persons_are_exact():
    shares = {slug: share(party) for slug, party in PARTIES.items()}
    assert shares == {
        "samklang": 25, "ljungbacken": 62, "kokljus": 48, "renarum": 55, "gronahander": 70, "snickarboden": 66,
        "tradotryck": 58, "rullande": 44, "hjulet": 61, "lovskogen": 39, "stegvis": 34,
    }  # fmt: skip
    assert all(party["head_count"][-1]["counted_on"] == date(2026, 9, 30) for party in PARTIES.values())


def test_every_place_is_a_municipality():
    codes = [*texts("municipality"), *(code for area in AREAS.values() for code in area)]
    codes += [code for tender in TENDERS.values() for lot in tender["lot"] for code in lot["municipalities"]]
    assert len(codes) > 60
    assert all(places.municipality(code) for code in codes)


def test_members_live_where_they_should():
    homes = {slug: places.municipality(member["municipality"]).name for slug, member in MEMBERS.items()}
    assert homes == {
        "ljungbacken": "Göteborg", "kokljus": "Göteborg", "renarum": "Mölndal", "gronahander": "Skövde",
        "snickarboden": "Borås", "tradotryck": "Göteborg", "rullande": "Trollhättan", "hjulet": "Norrköping",
        "lovskogen": "Vadstena", "stegvis": "Motala",
    }  # fmt: skip


def test_members_have_papers_of_known_kinds_that_end_after_they_begin():
    for member in MEMBERS.values():
        for paper in member["document"]:
            assert DocumentKind(paper["kind"])
            assert paper["valid_from"] < paper.get("valid_to", date.max)
        assert {"espd", "insurance", "tax_certificate"} <= {paper["kind"] for paper in member["document"]}


def test_presentations_are_two_to_four_sentences():
    assert all(2 <= len(re.findall(r"[.!?](?: |$)", member["about"])) <= 4 for member in MEMBERS.values())


def test_accounts_are_those_that_the_readme_promises():
    assert [person["email"] for person in COMPANY["staff"]] == [
        "admin@samklang.example", "salj@samklang.example", "ekonomi@samklang.example",
    ]  # fmt: skip
    assert [person["role"] for person in COMPANY["staff"]] == ["admin", "sales", "finance"]
    assert all(member["email"] == f"{slug}@medlem.example" for slug, member in MEMBERS.items())
    assert [person["email"] for customer in CUSTOMERS.values() for person in customer["contact"]] == [
        "inkop@vasterhamn.example", "inkop@vattervik.example", "inkop@kvarnen.example",
        "styrelsen@solstralen.example", "kontor@nordbyn.example", "otto@nordbyn.example", "ingrid@exempel.example",
    ]  # fmt: skip


def test_customers_have_a_kind_lawful_payment_days_and_a_site():
    for customer in CUSTOMERS.values():
        assert customer["kind"] in {"private", "company", "public"}
        assert 0 < customer["payment_days"] <= 30  # RänteL 2 a §
        assert customer["site"]
        assert (customer["kind"] == "private") == (customer["org_number"] == "")


# The catalogue


def test_articles_lead_to_what_they_name():
    by("slug", ARTICLES.values())
    assert len(ARTICLES) == 53
    for article in ARTICLES.values():
        assert article["category"] in CATEGORIES
        assert units.unit(article["unit"])
        assert VatClass(article["vat_class"])
        assert article["cpv"] in CPV or not article.get("in_catalogue", True)
        assert 2 <= len(re.findall(r"[.!?](?: |$)", article["description"])) <= 5


def draft_of_entry(article):
    """What the demonstration says of an article, as the catalogue would take it from a form."""
    amounts = {name: Decimal(article[name]) for name in AMOUNTS if name in article}
    parts = article.get("parts", ())
    ids = {number: place for place, number in enumerate(ARTICLES, 1)}
    return Draft(
        article["name"], article["description"], 1, article["unit"], article["unit_text"],
        VatClass(article["vat_class"]), cpv=article["cpv"] or None, kind=ArticleKind(article["kind"]), **amounts,
        content_unit=article.get("content_unit"), ingredients=article.get("ingredients", ""),
        allergens=tuple(article.get("allergens", ())), withdrawal=Withdrawal(article.get("withdrawal", "right")),
        deposit=Money.kronor(article.get("deposit", "0")), rut=article.get("rut", False),
        parts=tuple(Part(ids[one["number"]], Decimal(one["quantity"]), one["to_next"]) for one in parts),
    )  # fmt: skip


@pytest.mark.parametrize("number", ARTICLES)
def test_every_article_is_sound_as_what_it_is(number):
    draft = draft_of_entry(ARTICLES[number])
    assert check(draft.checked()) == draft
    assert draft.kind != ArticleKind.SECOND_HAND or [
        one["capacity_per_week"] for one in ARTICLES[number]["offerings"]
    ] == [1]
    for code in draft.allergens:
        assert any(bold for _text, bold in emphasised(draft.ingredients, [code])), (
            f"{code} is not among the ingredients"
        )
    if draft.vat_class in {VatClass.FOOD, VatClass.RESTAURANT}:
        assert draft.ingredients


def test_all_kinds_are_there_and_one_bundle_is_a_chain_of_two_members():
    assert {article["kind"] for article in ARTICLES.values()} == {kind.value for kind in ArticleKind}
    (bundle,) = (article for article in ARTICLES.values() if article["kind"] == "bundle")
    parts = [ARTICLES[part["number"]] for part in bundle["parts"]]
    assert [part["to_next"] for part in bundle["parts"]] == [True, True, False]
    makers = [part["offerings"][0] for part in parts]
    assert [maker["member"] for maker in makers] == ["tradotryck", "tradotryck", "stegvis"]
    for maker, following in pairwise(makers):
        assert MEMBERS[following["member"]]["municipality"] in served(maker), "it delivers where the next step is made"
    paid = Money.total(Money.kronor(maker["price"]) for maker in makers)
    assert paid < Money.kronor(bundle["price"]) <= Money.total(Money.kronor(part["price"]) for part in parts)


def test_home_cleaning_gives_a_deduction_and_fruit_baskets_have_a_deposit():
    assert {n for n, article in ARTICLES.items() if article.get("rut")} >= {"STA-005", "GRO-002", "FLY-001"}
    deposits = {n: Money.kronor(article["deposit"]) for n, article in ARTICLES.items() if "deposit" in article}
    assert set(deposits) == {"FRU-001", "FRU-002", "FRU-003"}
    assert set(deposits.values()) == {Money.kronor(ARTICLES["FRU-006"]["price"])}


def test_every_category_has_articles_and_a_picture():
    assert {article["category"] for article in ARTICLES.values()} == set(CATEGORIES)
    for category in CATEGORIES.values():
        assert (APP / "static" / "img" / f"{category['illustration']}.svg").exists()


def test_offerings_are_possible():
    for article in ARTICLES.values():
        price = Money.parse(article["price"])
        by("member", article["offerings"])
        for offering in article["offerings"]:
            assert offering["member"] in (PARTIES if article.get("for_members") else MEMBERS)
            assert price.percent(88) <= Money.parse(offering["price"]) <= price.percent(92)
            assert units.check_quantity(article["unit"], Decimal(offering["capacity_per_week"]))
            assert 0 <= offering["lead_days"] <= 20
            assert served(offering)


def test_every_member_sells_something_and_many_articles_have_a_choice_of_makers():
    for_all = [article for article in ARTICLES.values() if not article.get("for_members")]
    assert {one["member"] for article in for_all for one in article["offerings"]} == set(MEMBERS)
    several = [number for number, article in ARTICLES.items() if len(article["offerings"]) > 1]
    assert len(several) >= 10
    assert {"FRU-001", "STA-001", "MAT-002", "FLY-001"} <= set(several)


@pytest.mark.parametrize(
    ("number", "price", "unit", "vat_class"),
    [
        ("FRU-001", "212", "H87", "food"),
        ("FRU-006", "60", "H87", "standard"),
        ("MAT-001", "165", "IE", "restaurant"),
        ("STA-003", "13.50", "MTK", "standard"),
        ("GRO-001", "5.40", "C62", "standard"),
        ("SNI-003", "1400", "H87", "margin"),
        ("TEX-005", "890", "CEN", "standard"),
        ("FLY-002", "8200", "DAY", "standard"),
        ("CYK-003", "950", "C62", "repair"),
        ("KON-001", "425", "IE", "conference"),
        ("KON-003", "790", "C62", "lodging"),
        ("ARB-001", "285", "DAY", "exempt"),
    ],
)
def test_prices_units_and_vat_classes(number, price, unit, vat_class):
    article = ARTICLES[number]
    assert Money.parse(article["price"]) == Money.kronor(price)
    assert (article["unit"], article["vat_class"]) == (unit, vat_class)


def test_an_article_measured_as_one_says_what_one_is():
    assert all(article["unit_text"] for article in ARTICLES.values() if article["unit"] == "C62")


def test_gothenburg_trollhattan_and_skovde_have_a_choice():
    for place in ("1480", "1488", "1496"):
        choices = [number for number in ARTICLES if len(makers(number, place)) > 1]
        assert len(choices) >= 8
        assert {"FRU-001", "STA-001"} <= set(choices)


def test_forty_baskets_are_carried_by_one_and_a_hundred_and_twenty_by_two():
    for place in ("1480", "1488", "1496"):
        capacities = makers("FRU-001", place).values()
        assert min(capacities) >= 40
        assert max(capacities) < 120 <= sum(capacities)


def test_fruit_cleaning_and_sandwiches_in_gothenburg_take_three_members_with_one_to_spare_for_each():
    made = [set(makers(number, "1480")) for number in ("FRU-001", "STA-001", "MAT-002")]
    assert all(len(members) > 1 for members in made)
    assert len(set.union(*made)) == sum(len(members) for members in made)


# VAT


def vat_rules():
    with (APP / "data" / "vat.toml").open("rb") as file:
        rows = tomllib.load(file)["rate"]
    for row in rows:
        parts = tuple(VatPart(share, rate, row["category"]) for share, rate in row["parts"])
        yield VatRule(VatClass(row["class"]), row["valid_from"], parts, row["legal"])


def test_every_vat_class_has_a_rule_whose_parts_make_a_whole():
    rules = list(vat_rules())
    assert {rule.vat_class for rule in rules} == set(VatClass)
    assert all(sum(part.share for part in rule.parts) == 100 for rule in rules)
    assert {part.rate for rule in rules for part in rule.parts if part.category == "S"} == {25, 12, 6}
    assert all(bool(rule.note) == (part.category == "E") for rule in rules for part in rule.parts)


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2026, 3, 31), 12),
        (date(2026, 4, 1), 6),
        (date(2027, 12, 31), 6),
        (date(2028, 1, 1), 12),
    ],
)
def test_food_is_cheaper_for_a_while(day, rate):
    assert [part.rate for part in rule_on(vat_rules(), VatClass.FOOD, day).parts] == [rate]
    assert [part.rate for part in rule_on(vat_rules(), VatClass.RESTAURANT, day).parts] == [12]
    conference = rule_on(vat_rules(), VatClass.CONFERENCE, day).parts
    assert [(part.share, part.rate) for part in conference] == [(60, 12), (40, 25)]


# The tenders


def test_lots_come_to_the_published_sums():
    sums = {(tender["diary_number"], lot["ref"]): row_sum(lot) for tender in TENDERS.values() for lot in tender["lot"]}
    assert sums == {
        ("INK 2026/114", "1"): Money.kronor(940_400),
        ("INK 2026/114", "2"): Money.kronor(506_100),
        ("26-031", "A"): Money.kronor(778_960),
        ("26-031", "B"): Money.kronor(151_800),
        ("26-031", "C"): Money.kronor(777_900),
    }


def test_the_stated_sums_are_the_sums():
    for tender in TENDERS.values():
        assert all(row_sum(lot) == Money.parse(lot["total_per_year"]) for lot in tender["lot"])


def test_a_stays_below_its_ceiling_for_four_years():
    years = TENDER_A["term_years"] + sum(TENDER_A["option_years"])
    whole = Money.total(row_sum(lot) for lot in TENDER_A["lot"]).times(years)
    assert whole == Money.kronor(5_786_000)
    assert whole < Money.parse(TENDER_A["ceiling"])


def test_the_comparison_figure_of_b():
    deducted = Money.total(
        Money.parse(one["max_amount"]).percent(one["expected_percent"]) for one in TENDER_B["deduction"]
    )
    figure = Money.total(row_sum(lot) for lot in TENDER_B["lot"]) - deducted
    assert figure == Money.parse(TENDER_B["comparison_figure"]) == Money.kronor(1_578_660)
    assert all(one["expected_percent"] in one["grades_percent"] for one in TENDER_B["deduction"])


@pytest.mark.parametrize("tender", TENDERS.values(), ids=lambda tender: tender["diary_number"])
def test_rows_are_carried_in_full_at_member_prices_that_give_the_bid_price(tender):
    kept = 100 - Decimal(tender["framework_fee_percent"]) - Decimal(tender["margin_percent"])
    parties = {party["member"] for party in tender["party"]}
    for row in (row for lot in tender["lot"] for row in lot["row"]):
        assert sum(carrier["quantity"] for carrier in row["carriers"]) == row["quantity"]
        assert units.unit(row["unit"])
        assert row["article"] in {"", *ARTICLES}
        for carrier in row["carriers"]:
            assert Money.parse(carrier["price"]).times(100) == Money.parse(row["price"]).times(kept)
            assert carrier["quantity"] <= carrier["capacity"]
            assert carrier["member"] in parties


def test_in_a_the_packer_has_92_per_cent_of_the_value_and_the_driver_8():
    values = {"ljungbacken": Money(0), "rullande": Money(0)}
    for row in (row for lot in TENDER_A["lot"] for row in lot["row"]):
        for carrier in row["carriers"]:
            values[carrier["member"]] += Money.parse(row["price"]).times(carrier["quantity"])
    whole = Money.total(values.values())
    assert values == {"ljungbacken": whole.percent(92), "rullande": whole.percent(8)}
    stated = {party["member"]: party["share_percent"] for party in TENDER_A["party"]}
    assert stated == {"samklang": "0", "ljungbacken": "92", "rullande": "8"}


def test_the_group_of_a_passes_the_gate_and_the_sales_company_alone_does_not():
    tenderers = [party["member"] for party in TENDER_A["party"] if party["role"] == "tenderer"]
    assert tenderers == ["ljungbacken", "rullande"]
    assert all(share(PARTIES[slug]) >= TENDER_A["reserved_share_percent"] == 30 for slug in tenderers)
    assert share(PARTIES["samklang"]) < 30


@pytest.mark.parametrize(
    ("tender", "refs"),
    [
        (TENDER_A, [f"A{n}" for n in range(1, 15)]),
        (TENDER_B, [*(f"B{n}" for n in range(1, 11)), "U1", "U2"]),
    ],
    ids=["A", "B"],
)
def test_every_requirement_is_there_answered_and_provable(tender, refs):
    requirements = tender["requirement"]
    assert [one["ref"] for one in requirements] == refs
    lots = {"", *(lot["ref"] for lot in tender["lot"])}
    for one in requirements:
        assert (RequirementKind(one["kind"]) == "contract") == (RequirementStage(one["stage"]) == "contract")
        assert one["lot"] in lots
        assert one["text"]
        assert one["answer"]
        assert one["proof"] == ("document" in one)
    scored = {one["ref"] for one in requirements if one["kind"] == "scored"}
    assert scored == {one["requirement"] for one in tender.get("deduction", [])}


@pytest.mark.parametrize("tender", TENDERS.values(), ids=lambda tender: tender["diary_number"])
def test_what_must_be_proven_by_a_paper_is_valid_on_the_deadline(tender):
    day = tender["deadline"].date()
    for party in (party for party in tender["party"] if party["role"] == "tenderer"):
        papers = [*MEMBERS[party["member"]]["document"], *party["documents"]]
        held = {(p["kind"], p["title"]) for p in papers if p["valid_from"] <= day <= p.get("valid_to", date.max)}
        for one in (one for one in tender["requirement"] if one.get("per_party")):
            title = one.get("document_title")
            assert any(kind == one["document"] and title in {None, name} for kind, name in held), (party, one)


@pytest.mark.parametrize("tender", TENDERS.values(), ids=lambda tender: tender["diary_number"])
def test_a_tender_is_open_and_its_words_are_known(tender):
    assert tender["deadline"] > STARTED
    assert tender["required_validity"] > tender["deadline"].date()
    assert tender["buyer"] in CUSTOMERS
    assert CUSTOMERS[tender["buyer"]]["name"] == tender["buyer_name"]
    assert BidForm(tender["form"])
    assert AwardBasis(tender["award_basis"])
    assert {*tender["cpv"], *(code for lot in tender["lot"] for code in lot["cpv"])} <= CPV
    lots = {lot["ref"] for lot in tender["lot"]}
    for party in tender["party"]:
        assert PartyRole(party["role"])
        assert set(party["lots"]) <= lots
        assert party["signed_by"] == PARTIES[party["member"]]["signatories"]
        assert bool(party["reason_not_alone"]) == (party["role"] != "representative")
