"""The timeline of a selection: which events it draws, where, and that nothing is made up."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping

import pytest
from django.http import QueryDict
from django.test import Client

from config.lib.problems import InvalidParameters
from deals.charts.catalogue import draw
from deals.charts.lanes import Timeline
from deals.filters import DealFilterSet
from deals.models import Edition
from deals.presenting.lanes import Lane, lane_of
from deals.reading import Clock, detail
from tests.deals.pages import links_in, queries_for, words_of
from tests.deals.records import (
    COVE_DEAL,
    Document,
    a_line,
    a_record,
    a_source,
    an_event,
    published,
)

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"
ALL = "/deals/?view=timeline"


def a_milestone(*, on: str | None, ref: str = "m1", **fields: object) -> Document:
    dated = {"happened_on": on} if on else {}
    return {"ref": ref, "note": "Something happened", **dated, **fields}


def lane(record: Document) -> Lane:
    [edition] = published(record)
    return lane_of(detail(Edition.objects.select_related("document").get(pk=edition.pk), Clock()))


def shapes(record: Document) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Date and shapes of each event of a deal with this record."""
    return [(str(one.happened_on or ""), one.shapes) for one in lane(record).happenings]


def a_timeline(query: str) -> Timeline:
    figure = draw("timeline", DealFilterSet(QueryDict(query)))
    assert isinstance(figure, Timeline)
    return figure


def drawn_titles(picture: str) -> list[str]:
    """What the events of a drawing say when pointed at."""
    root = ET.fromstring(picture)
    return [group.text or "" for group in root.findall(f".//{SVG}g/{SVG}title")]


def test_agreement_money_and_project_have_shapes_of_their_own() -> None:
    events = [an_event(status="letter_of_interest", on="2025-12-01")]
    record = a_record(
        milestones=[
            a_milestone(on="2026-02-01", status="agreement_signed"),
            a_milestone(on="2026-03-01", ref="m2", stage="construction"),
            a_milestone(on="2026-04-01", ref="m3"),
        ],
        financing=[a_line(events=events)],
    )

    assert shapes(record) == [
        ("2025-11-06", (("paper", "announced"),)),
        ("2025-12-01", (("money", "indicated"),)),
        ("2026-02-01", (("paper", "agreement_signed"),)),
        ("2026-03-01", (("ground", "construction"),)),
        ("2026-04-01", (("news", ""),)),
    ]


def test_a_milestone_that_moves_agreement_and_project_has_both_shapes() -> None:
    moved = a_milestone(on="2026-02", status="closed", stage="operating")

    assert shapes(a_record(milestones=[moved]))[-1] == (
        "2026-02",
        (("paper", "closed"), ("ground", "operating")),
    )


def test_an_announcement_of_what_was_signed_before_changes_nothing() -> None:
    record = a_record(announced_on="2025-11-06", signed_on="2025-10-01")

    assert shapes(record) == [
        ("2025-10-01", (("paper", "agreement_signed"),)),
        ("2025-11-06", (("news", ""),)),
    ]


def test_an_offer_made_public_stays_an_offer() -> None:
    assert shapes(a_record(status="proposed")) == [("2025-11-06", (("paper", "proposed"),))]


def test_a_lane_says_where_the_deal_stands() -> None:
    found = lane(a_record(stage="permitting", financing=[a_line(usd=5_000_000)]))

    assert (found.hosts, found.status_words) == ("Kazakhstan", "Agreement signed")
    assert (found.money_words, found.stage_words) == ("$5m committed", "Permitting")


def bands(picture: str) -> list[Mapping[str, str]]:
    root = ET.fromstring(picture)
    return [node.attrib for node in root.iter(f"{SVG}rect") if node.get("class") == "date-span"]


def test_a_year_is_a_band_as_long_as_the_year_and_a_day_has_none() -> None:
    published(
        a_record(key="zz-year", title="Quagga year", announced_on="2024"),
        a_record(key="zz-month", title="Quagga month", announced_on="2024-03"),
        a_record(key="zz-day", title="Quagga day", announced_on="2024-03-05"),
    )
    _, *drawn = bands(a_timeline("q=Quagga").wide)  # the first is that of the key

    year, month = sorted((float(band["width"]) for band in drawn), reverse=True)
    assert year / month == pytest.approx(365 / 30, rel=0.02)


def test_every_event_is_in_the_table_with_its_source() -> None:
    source = a_source(url="https://example.org/news", publisher="Example Wire")
    record = a_record(
        title="Quagga deal",
        sources=[source],
        milestones=[a_milestone(on=None, source="s1", note="Nobody dates this")],
    )
    published(record)
    figure = a_timeline("q=Quagga")

    assert [(row.name, row.cells) for row in figure.rows] == [
        ("Quagga deal", ("2025-11-06", "Announced.", "", "")),
        (
            "Quagga deal",
            ("", "Nobody dates this.", "Example Wire", "https://example.org/news"),
        ),
    ]


def test_deals_without_a_date_are_listed_apart(client: Client) -> None:
    published(
        a_record(key="zz-dated", title="Quagga dated"),
        a_record(key="zz-undated", title="Quagga undated", announced_on=None),
    )
    figure = a_timeline("q=Quagga")
    words = words_of(client.get(f"{ALL}&q=Quagga"))

    assert "1 deal without any dated event not drawn." in figure.note
    assert [deal.title for deal in figure.undated] == ["Quagga undated"]
    assert "1 deal without a dated event Quagga undated Agreement signed" in words


def test_on_a_past_day_nothing_later_is_drawn_and_links_keep_the_day(client: Client) -> None:
    query = "q=cove+kaz+tau-ken+tungsten&on=2025-12-01"
    titles = drawn_titles(a_timeline(query).wide)

    assert any(title.startswith("6 Nov 2025: Announced.") for title in titles)
    assert not any("2026" in title for title in titles)
    response = client.get(f"{ALL}&{query}")
    assert f"/deals/{COVE_DEAL}/?on=2025-12-01" in links_in(response)
    assert "stands 1 Dec 2025" in words_of(response)


def test_pages_follow_the_order_of_the_list_on_one_axis() -> None:
    first, second = (a_timeline(f"ordering=title&page_size=5&page={page}") for page in (1, 2))

    in_order = [
        edition.title for edition in Edition.objects.current().order_by("sort_title", "key")[:10]
    ]
    names = [name for figure in (first, second) for name in _deals_of(figure)]
    assert names == in_order
    assert "deals 6 to 10 of 457" in second.subtitle
    assert "page=2" in second.query
    assert "ordering=title" in second.query


def _deals_of(figure: Timeline) -> list[str]:
    return list(dict.fromkeys(row.name for row in figure.rows))


def test_a_wrong_page_is_refused() -> None:
    with pytest.raises(InvalidParameters):
        draw("timeline", DealFilterSet(QueryDict("page=zero")))


def test_titles_are_escaped_and_the_longest_fit_their_column() -> None:
    published(a_record(title="Quagga <b>" + "very " * 37))
    picture = a_timeline("q=Quagga").wide
    root = ET.fromstring(picture)
    lines = [
        node.text or "" for node in root.iter(f"{SVG}text") if node.get("class") == "lane-title"
    ]

    assert len(lines) == 2
    assert all(len(line) <= 40 for line in lines)
    assert lines[1].endswith("…")
    assert "<b>" not in picture


def test_a_timeline_needs_few_queries_however_long(client: Client) -> None:
    table, timeline = (
        len(queries_for(client, f"/deals/?page_size=200{view}")) for view in ("", "&view=timeline")
    )
    past_table, past = (
        len(queries_for(client, f"/deals/?page_size=200&on=2025-12-01{view}"))
        for view in ("", "&view=timeline")
    )

    assert timeline - table <= 2
    assert past - past_table <= 4
