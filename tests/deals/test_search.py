"""Search: words, phrases, other names, typing errors, order by relevance, and any input at all."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from deals.bitmap_index import selected
from deals.filters import DealFilterSet
from deals.models import Company, Edition
from deals.ranking import ranking_notice
from deals.renaming import refresh_company
from deals.search import Term, parse
from tests.deals.records import COVE_DEAL, a_record, published, written

pytestmark = pytest.mark.django_db


def searched(text: str, query: str = "") -> DealFilterSet:
    data = QueryDict(query, mutable=True)
    data["q"] = text
    return DealFilterSet(data)


def keys(text: str) -> set[str]:
    found = searched(text)
    assert found.problems() == []
    return set(found.qs.values_list("key", flat=True))


def with_mineral(slug: str) -> set[str]:
    editions = Edition.objects.current().filter(minerals__contains=[slug])
    return set(editions.values_list("key", flat=True))


# -- What is asked for ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "alternatives"),
    [
        ("", []),
        ("rare earth", [[Term("rare"), Term("earth")]]),
        ('"rare earth"', [[Term("rare earth", is_phrase=True)]]),
        ("tungsten -Kazakhstan", [[Term("tungsten"), Term("Kazakhstan", is_negated=True)]]),
        (
            'tungsten -"letter of interest"',
            [[Term("tungsten"), Term("letter of interest", is_phrase=True, is_negated=True)]],
        ),
        ("lithium OR cobalt mine", [[Term("lithium")], [Term("cobalt"), Term("mine")]]),
        ('"open', [[Term("open", is_phrase=True)]]),
        ('"" or  or tin', [[Term("tin")]]),
    ],
)
def test_parse(text: str, alternatives: list[list[Term]]) -> None:
    assert parse(text) == alternatives


# -- What is found --------------------------------------------------------------------------------


def test_wolfram_finds_the_tungsten_deals() -> None:
    assert keys("wolfram")
    assert keys("wolfram") == with_mineral("tungsten")


def test_parties_projects_countries_and_their_other_names_are_found() -> None:
    for text in (
        "Cove Kaz",
        "Severniy Katpar",
        "EXIM tungsten",
        "Upper Kairakty",
        "Kazakhstan tungsten",
        "Astana Times tungsten",
        "ammonium OR APT",
    ):
        assert COVE_DEAL in keys(text), text


def test_words_are_found_in_all_their_forms_and_without_accents() -> None:
    published(a_record(key="zz-forms", title="Orléans refineries étude"))
    assert "zz-forms" in keys("orleans refinery")
    assert "zz-forms" in keys("Orléans Étude")


def test_a_phrase_keeps_words_together() -> None:
    published(
        a_record(key="zz-apart", title="Zebra quartz and then finally yellow quagga"),
        a_record(key="zz-together", title="The yellow zebra"),
    )
    assert {"zz-apart", "zz-together"} <= keys("zebra yellow")
    assert keys('"yellow zebra"') == {"zz-together"}


def test_a_hyphen_leaves_out() -> None:
    assert keys("tungsten -Kazakhstan") == keys("tungsten") - keys("Kazakhstan")
    everything = set(Edition.objects.current().values_list("key", flat=True))
    assert keys("-tungsten") == everything - keys("tungsten")


def test_or_takes_either() -> None:
    assert keys("tungsten or gallium") == keys("tungsten") | keys("gallium")


# -- Typing errors --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("misspelt", "right"),
    [
        ("tungstn", "tungsten"),
        ("tugnsten", "tungsten"),
        ("Kazakstan", "Kazakhstan"),
        ("Kazahkstan", "Kazakhstan"),
        ("Uzbekstan", "Uzbekistan"),
        ("Denaly", "Denali"),
        ("lithum", "lithium"),
        ("neodimium", "neodymium"),
        ("wolfarm", "wolfram"),
        ("Kazatomrpom", "Kazatomprom"),
    ],
)
def test_typing_errors_in_names_are_forgiven(misspelt: str, right: str) -> None:
    named = Edition.objects.current().filter(search_names__contains=right.lower())
    expected = set(named.values_list("key", flat=True))
    assert expected
    assert expected <= keys(misspelt)


def test_words_that_no_deal_has_are_named() -> None:
    """So that the page can say for which of them it shows similar names."""
    assert [term.text for term in searched("tungstn in Kazakhstan").search.misspelt] == ["tungstn"]
    assert searched('"tungstn" -tungstn tin').search.misspelt == []


def test_each_word_is_forgiven_on_its_own() -> None:
    assert COVE_DEAL in keys("Kazakstan tungstn")
    assert keys("Kazakstan tungstn") <= keys("Kazakhstan") & keys("tungsten")


def test_a_right_word_is_not_mixed_with_similar_ones() -> None:
    """Iron is near Iran, and gold near Golden; both are words that deals have."""
    for word in ("iron", "gold", "nickel"):
        found = searched(word)
        assert found.search.misspelt == []
        assert keys(word) == keys(f'"{word}"')


def test_what_is_nowhere_finds_nothing() -> None:
    for text in ("xylophonist", '"tungsten zebra"', "tungsten xylophonist", "qqqq", "12345678901"):
        assert keys(text) == set(), text


def test_a_draft_is_found_by_no_word() -> None:
    written(a_record(key="zz-draft", title="Quokkaburra agreement", summary="Quokkaburra."))
    assert keys("quokkaburra") == set()
    assert keys("quokkabura") == set()


def test_a_new_name_of_a_company_is_found_once_it_is_refreshed() -> None:
    company = Company.objects.get(slug="tau-ken-samruk")
    company.name = "Quokkaburra Holding"
    company.save()
    assert keys("quokkaburra") == set()
    refresh_company(company, by=None)
    assert COVE_DEAL in keys("quokkaburra")


# -- Order ----------------------------------------------------------------------------------------


def test_relevance_puts_a_title_before_a_mention() -> None:
    published(
        a_record(key="zz-mention", title="A plain deal", terms=["Quaggas may graze on the site"]),
        a_record(key="zz-title", title="The quagga agreement", announced_on="2001"),
    )
    found = searched("quagga", "ordering=relevance").qs.values_list("key", flat=True)
    assert list(found) == ["zz-title", "zz-mention"]
    assert list(searched("quagga").qs.values_list("key", flat=True)) == ["zz-mention", "zz-title"]


@pytest.mark.parametrize(
    "text", ["q" * 200, f"tungsten {'q' * 190}", "qz " * 66, " ".join(["qxqz" * 10] * 4), "q " * 99]
)
def test_however_long_a_word_is_it_is_answered(client: Client, text: str) -> None:
    for address in ("/api/v1/deals/", "/deals/"):
        answer = client.get(address, {"q": text, "ordering": "relevance"})
        assert answer.status_code == 200, text


def test_relevance_of_a_misspelt_name_is_the_nearest_first() -> None:
    found = searched("Denaly", "ordering=relevance").qs.values_list("key", flat=True)
    assert list(found) == ["uz-denali-exploration-mining-ministry"]


@pytest.mark.parametrize("text", ["-tungsten", "the", "the -the", "!!!"])
def test_relevance_without_a_word_to_weigh_is_the_order_of_keys(text: str) -> None:
    found = list(searched(text, "ordering=relevance").qs.values_list("key", flat=True))
    assert found == sorted(found)


def test_the_newest_found_are_ranked_and_the_others_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deals.filters.kinds.MOST_RANKED", 3)
    monkeypatch.setattr("deals.ranking.MOST_RANKED", 3)
    published(
        a_record(key="zz-old-title", title="The quagga agreement", announced_on="2001"),
        a_record(key="zz-older", summary="Of quaggas.", announced_on="2000"),
        a_record(key="zz-term", terms=["Quaggas may graze on the site"], announced_on="2004"),
        a_record(key="zz-title", title="Quagga mine", announced_on="2002"),
        a_record(key="zz-summary", summary="A quagga.", announced_on="2003"),
    )
    found = searched("quagga", "ordering=relevance")
    in_order = ["zz-title", "zz-summary", "zz-term", "zz-old-title", "zz-older"]
    assert list(found.qs.values_list("key", flat=True)) == in_order
    for start, stop in ((0, 2), (2, 4), (3, 5), (0, 50), (5, 10)):
        page = selected(found).page(start, stop)
        assert list(page.values_list("key", flat=True)) == in_order[start:stop]
        assert selected(found).page_pks(start, stop) == list(page.values_list("pk", flat=True))
    assert ranking_notice(found, 5) == (
        "The newest 3 of 5 deals found are in order of relevance; older ones follow, the newest "
        "first."
    )
    assert ranking_notice(found, 3) is None
    assert ranking_notice(searched("quagga"), 5) is None
    assert ranking_notice(searched("-quagga", "ordering=relevance"), 5) is None


def test_of_equally_near_deals_the_newest_comes_first() -> None:
    published(
        *(
            a_record(key=f"zz-{year}", title="The quagga agreement", announced_on=year)
            for year in ("2002", "2004", "2003")
        )
    )
    found = searched("quagga", "ordering=relevance").qs.values_list("key", flat=True)
    assert list(found) == ["zz-2004", "zz-2003", "zz-2002"]


def test_readers_are_told_what_is_not_ranked(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deals.filters.kinds.MOST_RANKED", 3)
    monkeypatch.setattr("deals.ranking.MOST_RANKED", 3)
    told = "The newest 3 of "
    query = {"q": "tungsten", "ordering": "relevance"}
    assert client.get("/api/v1/deals/", query).json()["notice"].startswith(told)
    assert told in client.get("/deals/", query).text
    assert "notice" not in client.get("/api/v1/deals/", {"q": "tungsten"}).json()
    assert told not in client.get("/deals/", {"q": "tungsten"}).text


# -- Any input ------------------------------------------------------------------------------------


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=200),
        st.text("\"'-–+&|!()<>:*\\ %_abcor", max_size=40),
        st.lists(
            st.sampled_from(
                [
                    "the",
                    "or",
                    "-",
                    '"',
                    "tungsten",
                    "tungstn",
                    "c5+1",
                    "$1.1bn",
                    "https://a.b/c",
                    "é",
                ]
            ),
            max_size=20,
        ).map(" ".join),
    )
)
@example("x" * 200)
@example("a " * 100)
@example("' OR 1=1 --")
@example("%s %(name)s {} \\x00")
@example(":* <-> & | !")
def test_whatever_is_typed_is_answered(text: str) -> None:
    """With and without order by relevance, alone and beside a filter; and counted too."""
    for query in ("", "host=c5"):
        found = searched(text, query)
        assert found.problems() == []
        assert found.qs.count() == len(found.qs.values_list("pk"))
    if text.strip():
        found = searched(text, "ordering=relevance")
        assert len(list(found.qs.values_list("pk")[:5])) <= 5


@pytest.mark.parametrize("misspelt", ["Tau-Kan Samruk", "Tau Kan Samruk", "tauken samruk"])
def test_a_name_of_several_words_is_found_as_a_whole(misspelt: str) -> None:
    assert COVE_DEAL in keys(misspelt)


def test_a_wrong_word_is_not_forgotten_for_a_right_one_beside_it() -> None:
    assert keys("qxqx lithium") == set()
    assert keys("lithium qx") == set()


def test_words_parted_by_a_dash_are_words() -> None:
    published(a_record(key="zz-dash", title="Quagga–Zebra’s mine"))
    assert keys("zebra quagga") == {"zz-dash"}
    assert keys("Quagga–Zebra") == {"zz-dash"}
