"""A selection said as a sentence: every filter, its opposite, what is unknown, and all together."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from deals.filters import DealFilterSet
from deals.selecting import Selection
from deals.sentences import PHRASES, joined
from tests.deals.records import EXIM

pytestmark = pytest.mark.django_db

SENTENCES = {
    "": "All deals",
    "on=2025-06-01": "All deals",
    "status=agreement_signed&mineral=tungsten&mineral=antimony&host=KZ&announced_after=2024": (
        "Signed tungsten or antimony deals hosted in Kazakhstan, announced since 2024"
    ),
    "status=mou_signed": "MoU-stage deals",
    "status=mou_signed&status=closed": "MoU-stage or closed deals",
    "status__not=cancelled&status__not=expired": "Deals that are not cancelled or expired",
    "mineral=rare-earths": "Rare-earth deals",
    "mineral=light-rare-earths&mineral=lithium": "Light rare-earth or lithium deals",
    "mineral=lithium&mineral__not=nickel": "Lithium deals without nickel",
    "mineral__all=copper&mineral__all=cobalt": "Deals covering copper and cobalt",
    "mineral=tungsten&mineral__all=copper": "Tungsten deals covering copper",
    "mineral__empty=true": "Deals of minerals not specified",
    "host=KZ&host=UZ&host=TJ": "Deals hosted in Kazakhstan, Uzbekistan or Tajikistan",
    "host=KZ&host=UZ&host=TJ&host=KG&host=TM&host=MN": (
        "Deals hosted in Kazakhstan, Uzbekistan, Tajikistan or 3 more"
    ),
    "host=c5&host__not=KZ": "Deals hosted in the Central Asia five (C5), not hosted in Kazakhstan",
    "host__empty=true": "Deals with no host on record",
    "country=CN": "Deals involving China",
    "country__not=CN": "Deals not involving China",
    "bloc=eu27": "Deals involving the European Union",
    "partner=JP&partner=US": "Deals with Japan or the United States as partner",
    "partner__not=CN": "Deals without China as partner",
    "partner__empty=true": "Deals with no partner on record",
    "partner__empty=false": "Deals with a partner on record",
    "party_country=US": "Deals with a party from the United States",
    "party_country__empty=true": "Deals with parties of unknown home",
    "company=kazatomprom": "Deals with Kazatomprom as party or provider",
    "company__not=kazatomprom": "Deals without Kazatomprom as party or provider",
    "event=c51-washington-2025": "Deals announced at C5+1 Washington summit 2025",
    "event__empty=true": "Deals announced at no event on record",
    "kind=offtake": "Offtake deals",
    "kind=joint_venture&mineral=tungsten&status=closed": "Closed tungsten joint venture deals",
    "kind=loan&kind=grant&mineral=tin": "Tin deals of the kinds loan or grant",
    "kind__not=mou": "Deals not of the kind memorandum",
    "stage=construction&stage=operating": "Deals whose project is under construction or operating",
    "stage__not=abandoned": "Deals whose project is not abandoned",
    "stage__empty=true": "Deals whose project’s stage is not known",
    "supply_chain_stage=refining": "Deals about refining",
    "confidence=high": "Deals of high confidence",
    f"provider={EXIM}": "Deals with money from Export-Import Bank of the United States",
    f"provider={EXIM}&rung=committed": (
        "Deals with money from Export-Import Bank of the United States committed or firmer"
    ),
    "provider_country=US&instrument=loan": (
        "Deals with a provider from the United States, financed by loan"
    ),
    "instrument__not=grant": "Deals not financed by grant",
    "rung=committed": "Deals with money committed or firmer",
    "rung=committed&rung=indicated": "Deals with money indicated or firmer",
    "rung=disbursed": "Deals with money disbursed",
    "rung__not=committed": "Deals without money committed or firmer",
    "rung__empty=true": "Deals with no financing on record",
    "announced_after=2025&announced_before=2025": "Deals announced in 2025",
    "announced_after=2023-05&announced_before=2025": "Deals announced May 2023 to 2025",
    "signed_before=2024-06-01": "Deals signed up to 1 Jun 2024",
    "announced_after=2025&dates=possible": "Deals possibly announced since 2025",
    "min_usd=100000000": "Deals worth $100m or more",
    "min_usd=10000000&max_usd=100000000": "Deals worth $10m to $100m",
    "has_value=false": "Deals without a stated value",
    "disputed=true&stale=false": "Deals with disputed facts, that are not stale",
    "counts_toward_total=false": "Deals whose value does not count toward totals",
    "q=wolfram&host=KZ": "Deals matching “wolfram”, hosted in Kazakhstan",
}


@pytest.mark.parametrize("query", SENTENCES)
def test_it_says_the_selection(query: str) -> None:
    filterset = DealFilterSet(QueryDict(query))

    assert Selection(filterset, {}).sentence == SENTENCES[query]


def test_every_list_filter_has_words() -> None:
    filters = DealFilterSet.base_filters
    assert set(PHRASES) == {name for name, one in filters.items() if one.is_many} - {
        name for name in filters if "__" in name
    }


def test_many_words_are_cut() -> None:
    assert joined(["a"]) == "a"
    assert joined(["a", "b"], "and") == "a and b"
    assert joined(list("abcde")) == "a, b, c or 2 more"


@pytest.mark.parametrize(
    ("query", "chips"),
    [
        ("announced_after=2023", ["Announced: since 2023"]),
        ("announced_after=2023&announced_before=2025", ["Announced: 2023 to 2025"]),
        ("min_usd=10000000&max_usd=100000000", ["Value: $10m to $100m"]),
        ("host__not=CN&host=KZ", ["Host: Kazakhstan", "Host: not China"]),
        ("stage__empty=true", ["Stage: not known"]),
    ],
)
def test_a_chip_says_one_choice(query: str, chips: list[str]) -> None:
    selection = Selection(DealFilterSet(QueryDict(query)), {})

    assert [f"{chip.name}: {chip.value}" for chip in selection.chips] == chips


def test_a_span_is_taken_back_as_one() -> None:
    query = "announced_after=2023&announced_before=2025&host=KZ"
    chip = Selection(DealFilterSet(QueryDict(query)), {}).chips[-1]

    assert chip.href == "?host=KZ"
