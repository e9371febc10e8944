"""Every count of the rail is that of a count by brute force, for selections made by chance."""

from __future__ import annotations

import random

import pytest
from django.http import QueryDict

from deals.facet_list import FACETS, UNKNOWN
from deals.facets import values_of
from deals.filters import DealFilterSet
from deals.models import Edition
from deals.rail import BANDS, minerals_by_slug, options_of, tally_for_rail
from deals.tallying import ANNOUNCED, WORTH, tally
from tests.deals.oracle import LIST_FILTERS, SAMPLES, World

pytestmark = pytest.mark.django_db

type Parameters = dict[str, list[str]]

VALUES_CHECKED = 3
FLAGS = ("disputed", "stale", "counts_toward_total", "has_value")


def a_selection(seed: int) -> Parameters:
    """Two to five choices: some several values of one filter, some negated, some unknown."""
    pick = random.Random(seed)
    chosen: Parameters = {}
    for name in pick.sample(sorted(LIST_FILTERS), pick.randint(1, 3)):
        values = pick.sample(SAMPLES[name], pick.randint(1, min(3, len(SAMPLES[name]))))
        form = pick.choice(["", "", "__not", "__not", "__empty"])
        if form == "__empty":
            chosen[f"{name}__empty"] = [pick.choice(["true", "false"])]
        elif form == "" and len(values) > 1 and pick.random() < 0.5:
            chosen[name], chosen[f"{name}__not"] = values[:1], values[1:]
        else:
            chosen[f"{name}{form}"] = values
    for name in pick.sample([*FLAGS, *ANNOUNCED, "min_usd", "max_usd"], pick.randint(0, 2)):
        chosen[name] = [pick.choice(SAMPLES[name])]
    return chosen


def filterset_of(parameters: Parameters) -> DealFilterSet:
    query = QueryDict(mutable=True)
    for name, values in parameters.items():
        query.setlist(name, values)
    filterset = DealFilterSet(query)
    assert filterset.problems() == []
    return filterset


def without(parameters: Parameters, *names: str) -> Parameters:
    return {name: values for name, values in parameters.items() if name not in names}


@pytest.mark.parametrize("text", ["the", "or", "- -", '"the of"', "the -the"])
def test_words_that_say_nothing_find_none_of_all_deals(text: str) -> None:
    counted = tally(filterset_of({"q": [text]}), ["status"])
    assert (counted.found, counted.total) == (0, Edition.objects.current().count())


@pytest.mark.parametrize("seed", range(12))
def test_counts_are_those_of_the_documents(seed: int) -> None:
    world, chosen = World.load(), a_selection(seed)
    filterset = filterset_of(chosen)
    counted = tally_for_rail(filterset)
    pick = random.Random(seed)

    assert counted.total == len(world.deals)
    assert counted.found == len(world.keys(chosen)) == filterset.qs.count()

    for name, values in values_of(filterset, counted).items():
        certain = [one for one in values if one.is_set]
        for one in {*certain, *pick.sample(values, min(VALUES_CHECKED, len(values)))}:
            dropped = [name, f"{name}__empty", *([f"{name}__not"] if one.is_excluded else [])]
            expected = world.keys(without(chosen, *dropped) | {name: [one.value]})
            assert one.count == len(expected), (chosen, name, one)

    for name in UNKNOWN:
        rest = without(chosen, name, f"{name}__empty")
        assert counted.unknown[name] == len(world.keys(rest | {f"{name}__empty": ["true"]})), (
            chosen,
            name,
        )

    undated = without(chosen, *ANNOUNCED)
    years = [year for year in counted.years if counted.years[year]]
    assert sum(counted.years.values()) + counted.undated == len(world.keys(undated))
    for year in pick.sample(years, min(VALUES_CHECKED, len(years))):
        within = dict.fromkeys(ANNOUNCED, [str(year)])
        assert counted.years[year] == len(world.keys(undated | within)), (chosen, year)

    for (label, band), count in zip(BANDS, counted.bands, strict=True):
        asked = {name: [str(value).lower()] for name, value in band.items()}
        assert count == len(world.keys(without(chosen, *WORTH) | asked)), (chosen, label)


def test_selections_made_by_chance_are_of_every_form() -> None:
    """Negated, unknown and multiple choices do occur among them, on lines and on deals."""
    made = [a_selection(seed) for seed in range(12)]
    names = {name for chosen in made for name in chosen}

    assert {name for name in names if name.endswith("__not")}
    assert {name for name in names if name.endswith("__empty")}
    assert any(len(values) > 1 for chosen in made for values in chosen.values())
    assert any(FACETS[name.partition("__")[0]].in_lines for name in names & LINES_AND_COMPANIONS)


LINES_AND_COMPANIONS = {
    f"{name}{form}" for name in FACETS if FACETS[name].in_lines for form in ("", "__not", "__empty")
}


def test_a_line_facet_counts_what_is_unknown_beside_the_other_line_choices() -> None:
    world = World.load()
    for chosen in (
        {"provider_country": ["US"], "rung": ["committed"]},
        {"instrument": ["loan"], "rung__empty": ["false"]},
        {"provider_country__not": ["US"], "rung": ["indicated"], "instrument": ["loan", "grant"]},
    ):
        counted = tally_for_rail(filterset_of(chosen))
        for name in ("rung", "provider"):
            rest = without(chosen, name, f"{name}__empty")
            expected = world.keys(rest | {f"{name}__empty": ["true"]})
            assert counted.unknown[name] == len(expected), (chosen, name)


def test_minerals_are_a_tree_with_counts_on_groups() -> None:
    filterset = filterset_of({})
    facets = values_of(filterset, tally_for_rail(filterset))
    options = options_of("mineral", facets["mineral"], minerals_by_slug())
    rare_earths = next(one for one in options if one.value.value == "rare-earths")
    light = next(one for one in rare_earths.inside if one.value.value == "light-rare-earths")
    neodymium = next(one for one in light.inside if one.value.value == "neodymium")

    for one in (rare_earths, light, neodymium):
        chosen = filterset_of({"mineral": [one.value.value]})
        assert one.value.count == chosen.qs.count() > 0
    assert "neodymium" not in {one.value.value for one in options}


def test_a_group_is_unfolded_where_a_choice_lies_inside() -> None:
    filterset = filterset_of({"mineral__not": ["neodymium"]})
    facets = values_of(filterset, tally_for_rail(filterset))
    options = options_of("mineral", facets["mineral"], minerals_by_slug())

    assert [one.value.value for one in options if one.is_open] == ["rare-earths"]


def test_code_lists_show_every_code_and_dim_what_is_not_there() -> None:
    filterset = filterset_of({"host": ["KZ"], "mineral": ["neodymium"]})
    facets = values_of(filterset, tally_for_rail(filterset))

    for name in ("status", "stage", "rung", "confidence"):
        options = options_of(name, facets[name], {})
        codes = [one.value.value for one in options]
        assert codes == [str(code) for code, _ in FACETS[name].names.choices]  # type: ignore[union-attr]


def test_one_statement_counts_it_all(django_assert_num_queries: pytest.FixtureRequest) -> None:
    filterset = filterset_of({"rung": ["committed"], "disputed": ["false"]})
    assert filterset.cleaned
    with django_assert_num_queries(1):  # type: ignore[operator]
        tally_for_rail(filterset)
