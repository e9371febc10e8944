"""Two to four records side by side: facts, differences, wrong questions, file and ticks."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from countries.models import Country
from deals.comparing import Comparison, Fact, compare_countries, compare_deals, compare_minerals
from deals.dossier import RecordError, read
from deals.finding import find_edition
from deals.models import Deal
from deals.models.deal import RESERVED_KEYS
from deals.publishing import withdraw
from deals.reading import Clock
from minerals.models import Mineral
from tests.deals.records import COVE_DEAL, a_record, a_source, published

pytestmark = pytest.mark.django_db

OTHER_DEAL = "kz-jogmec-tau-ken-samruk-mou"


def facts(comparison: Comparison) -> dict[str, Fact]:
    return {fact.label: fact for group in comparison.groups for fact in group.facts}


def deals_compared(*keys: str, clock: Clock | None = None) -> Comparison:
    clock = clock or Clock()
    return compare_deals([find_edition(key, clock) for key in keys], clock)


# -- What is compared -----------------------------------------------------------------------------


def test_deals_fact_by_fact() -> None:
    found = facts(deals_compared(COVE_DEAL, OTHER_DEAL))
    assert found["On paper"].cells[0].words == ("Agreement signed",)
    assert found["Indicated"].cells[0].words == ("$1.6bn",)
    assert found["Indicated"].cells[1].words == ("nothing",)
    assert found["Indicated"].differs
    assert not found["Host"].differs
    assert (
        "Cove Kaz Capital Group LLC 70% (equity investor)"
        in found["Parties and stakes"].cells[0].words
    )
    assert found["On the ground"].cells[0].words == ()
    assert found["Disputed"].cells[0].words[0].startswith("Sources differ on ")


def test_only_what_differs() -> None:
    whole = deals_compared(COVE_DEAL, OTHER_DEAL)
    short = whole.only_differences()
    assert 0 < short.count == whole.differing < whole.count
    assert all(fact.differs for fact in facts(short).values())
    same = deals_compared(COVE_DEAL, COVE_DEAL)
    assert same.differing == 0


def test_deals_as_they_stood_on_a_day() -> None:
    then = Clock.parse(on="2025-11-30")
    found = facts(deals_compared(COVE_DEAL, clock=then))
    assert found["On paper"].cells[0].words == ("Announced",)
    assert found["Indicated"].cells[0].words == ("$900m",)


def test_countries_and_minerals() -> None:
    pair = list(Country.objects.filter(iso2__in=["KZ", "UZ"]))
    found = facts(compare_countries(pair, Clock()))
    assert found["Hosted"].cells[0].words != ("0",)
    assert any("of the world, rank 1" in line for line in found["Uranium, mined"].cells[0].words)
    metals = list(Mineral.objects.filter(slug__in=["lithium", "tungsten"]))
    found = facts(compare_minerals(metals, Clock()))
    assert found["Deals"].cells[0].words != ("0",)
    assert found["Other names"].cells[1].words[0] == "wolfram"
    lists = next(
        group for group in compare_minerals(metals, Clock()).groups if "lists" in group.label
    )
    said = {line for fact in lists.facts for cell in fact.cells for line in cell.words}
    assert "listed" in said


# -- The page -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "names"),
    [
        (f"/deals/compare/?deal={COVE_DEAL}&deal={OTHER_DEAL}", ["Cove Kaz", "JOGMEC"]),
        ("/countries/compare/?country=KZ&country=UZ", ["Kazakhstan", "Uzbekistan"]),
        (
            "/minerals/compare/?mineral=tungsten&mineral=lithium&mineral=cobalt",
            ["Tungsten", "Lithium", "Cobalt"],
        ),
    ],
)
def test_records_side_by_side(client: Client, address: str, names: list[str]) -> None:
    response = client.get(address)
    assert response.status_code == 200
    heads = re.findall(r'<th scope="col">.*?</th>', response.text, re.DOTALL)
    assert len(heads) == len(names)
    assert all(name in head for name, head in zip(names, heads, strict=True))
    assert "differs</span>" in response.text
    only = client.get(f"{address}&only=differences").text
    assert only.count('<th scope="row">') == only.count(", differs</span>") > 0
    assert 'name="add"' in only


def test_fewer_than_two_lead_to_the_field_that_adds(client: Client) -> None:
    empty = client.get("/deals/compare/")
    assert (empty.status_code, "Choose two to four." in empty.text) == (200, True)
    one = client.get("/deals/compare/", {"deal": COVE_DEAL})
    assert (one.status_code, "add one to three more" in one.text) == (200, True)
    assert f'name="deal" value="{COVE_DEAL}"' in one.text
    assert ", differs</span>" not in one.text


def test_more_than_four_are_refused_with_the_first_four(client: Client) -> None:
    codes = ["KZ", "UZ", "KG", "TJ", "TM"]
    response = client.get("/countries/compare/", {"country": codes})
    assert response.status_code == 400
    assert 'country=KZ&amp;country=UZ&amp;country=KG&amp;country=TJ"' in response.text


def test_unknown_and_withdrawn_deals_say_so(client: Client) -> None:
    unknown = client.get("/deals/compare/", {"deal": [COVE_DEAL, "zz-nothing"]})
    assert unknown.status_code == 404
    assert "zz-nothing" in unknown.text
    assert f'?deal={COVE_DEAL}">Go on without it' in unknown.text
    (edition,) = published(a_record(key="zz-withdrawn"))
    withdraw(edition.deal, by=None, reason="It never was.")
    gone = client.get("/deals/compare/", {"deal": [COVE_DEAL, "zz-withdrawn"]})
    assert gone.status_code == 410
    assert "withdrawn" in gone.text
    assert client.get("/countries/compare/", {"country": ["KZ", "QQ"]}).status_code == 404
    assert client.get("/minerals/compare/", {"mineral": ["tin", "tn"]}).status_code == 404


def test_duplicates_and_other_ways_to_write_lead_to_the_plain_address(client: Client) -> None:
    response = client.get("/countries/compare/", {"country": ["kz", "KZ", "uz"]})
    assert response.status_code == 302
    assert response["Location"] == "/countries/compare/?country=KZ&country=UZ"


def test_another_is_added_by_key_or_by_name(client: Client) -> None:
    for words in ("UZ", "uzbekistan", "uzbekstan"):
        response = client.get("/countries/compare/", {"country": "KZ", "add": words})
        assert response["Location"] == "/countries/compare/?country=KZ&country=UZ"
    several = client.get("/minerals/compare/", {"mineral": "tin", "add": "rare"})
    assert several.status_code == 200
    assert "?mineral=tin&amp;mineral=heavy-rare-earths" in several.text
    nothing = client.get("/minerals/compare/", {"mineral": "tin", "add": "<b>qqq"})
    assert "Nothing is called “&lt;b&gt;qqq”" in nothing.text


def test_a_wrong_day_is_an_error(client: Client) -> None:
    assert client.get("/deals/compare/", {"deal": COVE_DEAL, "as_of": "soon"}).status_code == 400


def test_before_the_first_edition_there_is_nothing(client: Client) -> None:
    query = {"deal": [COVE_DEAL, OTHER_DEAL], "as_of": "2020-01-01"}
    assert client.get("/deals/compare/", query).status_code == 404


def test_queries_do_not_grow_with_facts(
    client: Client, django_assert_max_num_queries: object
) -> None:
    query = {"deal": [COVE_DEAL, OTHER_DEAL]}
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        assert client.get("/deals/compare/", query).status_code == 200
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        client.get("/countries/compare/?country=KZ&country=UZ")
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        client.get("/minerals/compare/?mineral=tin&mineral=tungsten")


# -- The file -------------------------------------------------------------------------------------


def test_the_same_as_csv(client: Client) -> None:
    response = client.get("/deals/compare.csv", {"deal": [COVE_DEAL, OTHER_DEAL]})
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert list(rows[0]) == ["group", "fact", COVE_DEAL, OTHER_DEAL, "differs"]
    money = next(row for row in rows if row["fact"] == "Indicated")
    assert (money[COVE_DEAL], money[OTHER_DEAL], money["differs"]) == ("$1.6bn", "nothing", "true")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 400),
        ({"deal": COVE_DEAL}, 400),
        ({"deal": [COVE_DEAL, "zz-nothing"]}, 404),
        ({"deal": [COVE_DEAL, OTHER_DEAL], "on": "never"}, 400),
    ],
)
def test_a_file_that_cannot_be_made_is_a_problem(
    client: Client, query: dict[str, str | list[str]], status: int
) -> None:
    response = client.get("/deals/compare.csv", query)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"


# -- Ways here ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "name", "action"),
    [
        ("/deals/", "deal", "/deals/compare/"),
        ("/countries/", "country", "/countries/compare/"),
        ("/minerals/", "mineral", "/minerals/compare/"),
    ],
)
def test_lists_have_ticks(client: Client, address: str, name: str, action: str) -> None:
    text = client.get(address).text
    assert f'id="compare-form" action="{action}" method="get"' in text
    assert re.search(rf'type="checkbox" name="{name}" value="[^"]+" form="compare-form"', text)


@pytest.mark.parametrize(
    ("address", "link"),
    [
        (f"/deals/{COVE_DEAL}/", f"/deals/compare/?deal={COVE_DEAL}"),
        ("/countries/kz/", "/countries/compare/?country=KZ"),
        ("/minerals/tin/", "/minerals/compare/?mineral=tin"),
    ],
)
def test_profiles_lead_here(client: Client, address: str, link: str) -> None:
    assert f'href="{link}">Compare with…' in client.get(address).text


@pytest.mark.parametrize("key", RESERVED_KEYS)
def test_a_deal_cannot_take_the_address_of_a_page(key: str) -> None:
    with pytest.raises(RecordError, match="address of another page"):
        read(a_record(key=key), None)
    with pytest.raises(ValidationError, match="address of another page"):
        Deal(key=key, title="T", summary="S", kind="offtake").validate_constraints()


def test_last_news_of_a_year_are_not_dated_to_its_last_day(client: Client) -> None:
    """A day to come cannot have brought news."""
    keys = ("zz-year", "zz-day")
    published(
        a_record(key=keys[0], announced_on="2026", sources=[a_source(published_on="2026")]),
        a_record(key=keys[1], announced_on="2025-11-06"),
    )
    page = client.get("/deals/compare/", {"deal": keys}).text
    row = page[page.index(">Last news") :].partition("</tr>")[0]
    assert "2026" in row
    assert "31 Dec" not in row
