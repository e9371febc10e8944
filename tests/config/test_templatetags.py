"""The tags and filters that every template stands on."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory

from config.lib import shapes, signs, words
from config.lib.imprecise import ImpreciseDate
from config.lib.paging import Page, paginate
from config.templatetags import __file__ as package_file

CONFIG: Final = Path(package_file).parent.parent
LABELS: Final = {"status": {"mou_signed": "MoU signed"}, "kind": {"offtake": "Offtake"}}


def render(markup: str, **context: Any) -> str:
    """The markup of one tag under these values."""
    return Template("{% load lodebook %}" + markup).render(Context(context))


def at(path: str, **context: Any) -> dict[str, Any]:
    """A context whose request is a GET of this address."""
    return {"request": RequestFactory().get(path), **context}


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (1_600_000_000, "$1.6bn"),
        (5_855_000_000, "$5.86bn"),
        (42_100_000_000, "$42.1bn"),
        (362_500_000_000, "$362.5bn"),
        (1_250_000_000_000, "$1.25tn"),
        (225_000_000, "$225m"),
        (224_600_000, "$225m"),
        (12_500_000, "$12.5m"),
        (995_000_000, "$995m"),
        (999_600_000, "$1bn"),
        (999_980_000_000, "$1tn"),
        (1_000_000, "$1m"),
        (950_000, "$950,000"),
        (0, "$0"),
        (Decimal("68000000.00"), "$68m"),
        (-5_000_000, "−$5m"),
    ],
)
def test_usd_has_three_figures_at_most(amount: words.Number, shown: str) -> None:
    assert render("{{ amount|usd }}", amount=amount) == shown


def test_an_empty_sum_is_nothing_never_zero_dollars() -> None:
    assert render("{{ amount|usd }}", amount=None) == "nothing"
    assert render('{{ amount|usd:"–" }}', amount=None) == "–"


@pytest.mark.parametrize(
    ("currency", "shown"),
    [
        ("EUR", "€150m"),
        ("AUD", "A$150m"),
        ("CZK", "CZK\u00a0150m"),
        ("JPY", "JPY\u00a0150m"),
        ("CNY", "CNY\u00a0150m"),
    ],
)
def test_a_sign_is_used_only_where_it_names_one_currency(currency: str, shown: str) -> None:
    assert render("{{ amount|money:currency }}", amount=150_000_000, currency=currency) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"low": 1_100_000_000, "high": 1_100_000_000, "currency": "USD"}, "$1.1bn"),
        ({"low": 10**9, "high": 2 * 10**9, "currency": "USD"}, "$1bn to $2bn"),
        ({"low": 5 * 10**7, "high": None, "currency": "EUR"}, "€50m"),
        (
            {"low": None, "high": 4 * 10**8, "currency": "USD"},
            '<span class="up-to">up to</span> $400m',
        ),
        (
            {"low": 4 * 10**8, "high": 4 * 10**8, "currency": "AUD", "basis": "up_to"},
            '<span class="up-to">up to</span> A$400m',
        ),
        ({"low": None, "high": None, "currency": None}, "–"),
        (None, "–"),
    ],
)
def test_a_stated_value(value: dict[str, Any] | None, shown: str) -> None:
    assert render("{% amount value %}", value=value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2025-11-06", "6 Nov 2025"),
        ("2025-12", "Dec 2025"),
        ("2026", "2026"),
        (ImpreciseDate.parse("2025-05"), "May 2025"),
        (datetime.date(2025, 9, 1), "1 Sep 2025"),
        (datetime.datetime(2025, 9, 1, 23, 59, tzinfo=datetime.UTC), "1 Sep 2025"),
        (None, "–"),
        ("", "–"),
    ],
)
def test_dates_are_shown_as_known(value: Any, shown: str) -> None:
    assert render("{{ value|imprecise }}", value=value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(70, "70%"), (12.5, "12.5%"), (Decimal("33.330"), "33.33%"), (100, "100%"), (None, "–")],
)
def test_a_stated_percentage_is_not_rounded(value: words.Number | None, shown: str) -> None:
    assert render("{{ value|percent }}", value=value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.39, "39%"), (0.004, "<1%"), (0, "0%"), (0.005, "1%"), (1, "100%"), (None, "–")],
)
def test_a_computed_share_is_whole(value: float | None, shown: str) -> None:
    assert words.share_in_words(value) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [(0, "no deal"), (1, "1 deal"), (2, "2 deals"), (1371, "1,371 deals")]
)
def test_counts(number: int, shown: str) -> None:
    assert render('{% count number "deal" %}', number=number) == shown


def test_an_odd_plural() -> None:
    assert render('{% count 2 "country" "countries" %}') == "2 countries"


def test_a_glyph_stands_with_its_word() -> None:
    shown = render("{% glyph_status code %}", code="mou_signed", labels=LABELS)
    assert 'href="#s-mou_signed"' in shown
    assert 'aria-hidden="true"' in shown
    assert shown.endswith("MoU signed</span>")


def test_a_word_may_be_given_or_left_out() -> None:
    assert "Terms agreed" in render('{% glyph_status "announced" "Terms agreed" %}')
    assert render('{% glyph_status "announced" "" %}').startswith("<svg")


def test_what_is_not_known_is_said_in_words() -> None:
    for tag in ("glyph_status", "glyph_stage"):
        shown = render("{% " + tag + " code %}", code=None)
        assert "not known" in shown
        assert "<svg" not in shown


@pytest.mark.parametrize("glyph", [shapes.status_glyph, shapes.stage_glyph, shapes.rung_glyph])
def test_an_unknown_code_is_refused(glyph: Any) -> None:
    with pytest.raises(KeyError):
        glyph("no_such_code")


def test_every_glyph_is_in_the_sprite() -> None:
    sprite = (CONFIG / "templates" / "parts" / "sprite.html").read_text()
    ids = {
        *(f"s-{code}" for code in shapes.STATUS_TONES),
        *(f"g-{code}" for code in shapes.STAGES),
        *(f"r-{code}" for code in (*shapes.RUNGS, "none")),
        *(f"i-{name}" for name in ("search", "remove", "arrow", "back", "disputed", "stale")),
        *("mark", "hatch"),
    }
    assert {found for found in ids if f'id="{found}"' not in sprite} == set()


def test_the_row_says_the_two_firmest_sums() -> None:
    deal = {
        "ladder": {"indicated": 1_800_000_000, "conditional": None, "committed": 2_900_000_000},
        "ladder_lines": {"indicated": 1, "conditional": 2, "committed": 3, "disbursed": 0},
        "lines_unknown": {"indicated": 0, "conditional": 2, "committed": 0, "disbursed": 0},
    }
    shown = render("{% ladder_row deal %}", deal=deal)
    places = [f'href="#r-{rung}"' in shown for rung in (*shapes.RUNGS, "none")]
    assert places == [True, True, True, False, True]
    assert "<b>$2.9bn</b> committed" in shown
    assert "<b>unknown</b> conditional" in shown
    assert "$1.8bn" not in shown


def test_an_amount_that_stands_in_no_sum_is_not_called_unknown() -> None:
    deal = {
        "ladder": dict.fromkeys(shapes.RUNGS),
        "ladder_lines": {"indicated": 1},
        "lines_unknown": {"indicated": 0},
    }
    assert "indicated, not summed" in render("{% ladder_row deal %}", deal=deal)


def test_no_money_is_four_dots_and_the_words() -> None:
    shown = render("{% ladder_row deal %}", deal={"ladder": None, "ladder_lines": {}})
    assert shown.count('href="#r-none"') == 4
    assert "none on record" in shown


def test_lanes_have_one_scale() -> None:
    shown = render(
        "{% ladder_lanes sums deals %}",
        sums={"indicated": 100, "conditional": 50, "committed": 0.1, "disbursed": None},
        deals={"indicated": 3, "conditional": 1, "committed": 1, "disbursed": 0},
    )
    assert 'class="rung-indicated" x="0.75" y="0.75" width="100%"' in shown
    assert 'width="50%"' in shown
    assert 'width="0.7%"' in shown  # the smallest that can be seen
    assert "nothing" in shown
    assert "no deal" in shown


def test_a_rung_without_a_sum_is_not_called_nothing() -> None:
    shown = render(
        "{% ladder_lanes sums deals %}", sums={"indicated": None}, deals={"indicated": 2}
    )
    assert "no sum" in shown
    assert shown.count("nothing</dd>") == 3


def test_rows_begin_with_the_headline() -> None:
    shown = render(
        '{% ladder_rows sums deals 400 "3 of 7 deals" "Headlines" %}',
        sums={"indicated": 100},
        deals={"indicated": 1},
    )
    assert shown.index("Headlines") < shown.index("Indicated") < shown.index("Disbursed")
    assert 'class="rung-headline" width="100%"' in shown
    assert 'width="25%"' in shown


def test_the_axis_shows_the_way_and_where_it_ended() -> None:
    under_way = render('{% axis_status "announced" %}')
    assert [under_way.count(f"axis-{state}") for state in ("passed", "present", "later")] == [
        2,
        1,
        3,
    ]
    assert "axis-ended" in render('{% axis_status "cancelled" %}')
    assert render("{% axis_stage None %}").count("g-track") == 6
    assert "#g-abandoned" in render('{% axis_stage "abandoned" %}')


def test_stakes_leave_open_what_nobody_is_named_for() -> None:
    shown = render("{% stakes_bar stakes %}", stakes=[70, None, 20])
    assert 'class="stake-1" x="0%"' in shown
    assert 'class="stake-2" x="70%"' in shown
    assert 'class="stake-unknown" x="90%"' in shown
    assert "stake-unknown" not in render("{% stakes_bar stakes %}", stakes=[70, 40])


def test_a_flag_is_silent_and_has_a_size() -> None:
    shown = render('{% flag "KZ" %}')
    assert 'src="/static/flags/kz.svg" width="20" height="15" alt="" loading="lazy"' in shown
    assert "flags/eu.svg" in render('{% flag "eu27" %}')
    assert render('{% flag "c5" %}') == render("{% flag None %}") == ""


def test_the_list_of_raster_flags_is_that_of_the_folder() -> None:
    flags = CONFIG / "static" / "flags"
    assert {path.stem for path in flags.glob("*.webp")} == signs.RASTER_FLAGS
    assert not {path.stem for path in flags.glob("*.svg")} & signs.RASTER_FLAGS
    assert len(list(flags.glob("*.svg")) + list(flags.glob("*.webp"))) == 250


def test_a_country_links_to_its_page() -> None:
    place = {"code": "KZ", "name": "Kazakhstan"}
    assert '<a href="/countries/kz/">Kazakhstan</a>' in render(
        "{% country place link=True %}", place=place
    )
    assert "<a" not in render(
        "{% country place link=True %}", place={"bloc": "msp", "name": "Minerals Security"}
    )


@pytest.mark.parametrize(
    ("mineral", "text"),
    [
        ({"slug": "tungsten", "name": "Tungsten", "symbol": "W"}, "W"),
        ({"slug": "rare-earths", "name": "Rare earths", "symbol": None}, "REE"),
        ({"slug": "potash", "name": "Potash", "symbol": None}, "Pot"),
    ],
)
def test_a_tile_never_borrows_a_symbol(mineral: dict[str, Any], text: str) -> None:
    assert signs.tile_text(mineral) == text


def test_three_tiles_or_two_and_how_many_more() -> None:
    minerals = [
        {"slug": symbol.lower(), "name": f"Name {symbol}", "symbol": symbol, "category": "ferrous"}
        for symbol in ("Fe", "Cr", "Mn", "Ni")
    ]
    assert render("{% mineral_tiles m %}", m=minerals[:3]).count('class="tile cat-3"') == 3
    four = render("{% mineral_tiles m %}", m=minerals)
    assert four.count('class="tile cat-3"') == 2
    assert "+2" in four
    assert "Name Mn, Name Ni" in four
    assert ">CM<" in render("{% mineral_tiles m %}", m=[])


def test_marks_carry_their_word() -> None:
    assert "disputed</span>" in render("{% mark_disputed %}")
    assert "stale</span>" in render("{% mark_stale %}")
    assert "presumed lapsed</span>" in render("{% mark_stale lapsed=True %}")


def test_names_are_escaped() -> None:
    hostile = {"code": "KZ", "name": "<script>", "slug": "x", "symbol": None, "category": None}
    for tag in ("{% country x %}", "{% mineral_tile x %}", "{% mineral_name x link=True %}"):
        assert "<script>" not in render(tag, x=hostile)
    assert "<script>" not in render('{% breadcrumb x "/a/" x %}', x="<script>")


def test_navigation_marks_where_the_reader_is() -> None:
    tag = '{% nav_item "/deals/" "Deals" %}'
    assert 'aria-current="page"' in render(tag, **at("/deals/"))
    assert 'aria-current="true"' in render(tag, **at("/deals/some-deal/"))
    assert "aria-current" not in render(tag, **at("/countries/"))
    assert "aria-current" not in render(tag)


def test_links_change_one_parameter_and_go_back_to_the_first_page() -> None:
    context = at("/deals/?host=KZ&host=UZ&q=tin&page=4")
    assert render('{% url_with view="map" %}', **context) == (
        "?host=KZ&amp;host=UZ&amp;q=tin&amp;view=map"
    )
    assert render("{% url_with q=None %}", **context) == "?host=KZ&amp;host=UZ"
    assert render('{% url_without "host" "KZ" %}', **context) == "?host=UZ&amp;q=tin"
    assert render('{% url_without "host" %}', **context) == "?q=tin"


def test_paging() -> None:
    page: Page[int] = paginate(range(457), QueryDict("q=tin&page=3"))
    shown = render("{% pagination page %}", page=page)
    assert 'href="?q=tin&amp;page=4" rel="next"' in shown
    assert 'href="?q=tin&amp;page=3" aria-current="page"' in shown
    assert "101 to 150 of 457 deals" in shown
    only = render("{% pagination page %}", page=paginate(range(3), QueryDict()))
    assert "<a" not in only
    assert "3 deals" in only


def test_a_head_sorts_and_then_turns_round() -> None:
    tag = '{% sort_head "Announced" "-announced_on" ordering %}'
    other = render(tag, ordering="title", **at("/deals/"))
    assert "?ordering=-announced_on" in other
    assert "aria-sort" not in other
    present = render(tag, ordering="-announced_on", **at("/deals/"))
    assert 'aria-sort="descending"' in present
    assert "?ordering=announced_on" in present
