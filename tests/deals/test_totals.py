"""Which headline values may stand in a sum, and that linked deals follow each other's changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deals.codes import BASES_NOT_COUNTED, ValueBasis
from deals.models import Deal, Edition
from deals.publishing import publish_many, withdraw
from deals.renaming import rename_key
from deals.totals import LinkWeb
from tests.deals.records import Document, a_record, a_value, published, written

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def a_deal(key: str, *links: tuple[str, str], usd: float | None = 100, **value: Any) -> Document:
    """A deal that states a value, or none, and links ``(type, key)``."""
    stated = {} if usd is None else {"value": a_value(usd=usd, **value)}
    return a_record(key=key, links=[{"type": kind, "deal": to} for kind, to in links], **stated)


def counting() -> set[str]:
    """Of the deals that a test made, those that count by column, summary and detail alike."""
    editions = Edition.objects.current().filter(key__startswith="zz-").select_related("document")
    for edition in editions:
        flag = '"counts_toward_total":' + str(edition.counts_toward_total).lower()
        assert flag in edition.document.summary_text
        assert flag in edition.document.detail_text
    return {edition.key for edition in editions if edition.counts_toward_total}


@pytest.mark.parametrize("basis", ValueBasis.values)
def test_a_value_counts_unless_it_is_a_programmes_or_a_whole_companys(basis: str) -> None:
    published(a_deal("zz-a", basis=basis))

    assert counting() == (set() if basis in {"programme", "enterprise_value"} else {"zz-a"})
    assert {str(basis) for basis in BASES_NOT_COUNTED} == {"programme", "enterprise_value"}


def test_a_deal_without_value_has_nothing_to_count() -> None:
    published(a_deal("zz-a", usd=None))

    assert counting() == set()


def test_an_umbrella_with_a_valued_part_does_not_count() -> None:
    published(a_deal("zz-whole", usd=500), a_deal("zz-part", ("part_of", "zz-whole")))

    assert counting() == {"zz-part"}


def test_an_umbrella_whose_parts_state_no_value_counts() -> None:
    published(a_deal("zz-whole"), a_deal("zz-part", ("part_of", "zz-whole"), usd=None))

    assert counting() == {"zz-whole"}


def test_a_valued_part_of_a_part_is_enough() -> None:
    published(
        a_deal("zz-whole"),
        a_deal("zz-part", ("part_of", "zz-whole"), usd=None),
        a_deal("zz-piece", ("part_of", "zz-part")),
    )

    assert counting() == {"zz-piece"}


def test_a_superseded_deal_does_not_count() -> None:
    published(a_deal("zz-old"), a_deal("zz-new", ("supersedes", "zz-old"), usd=None))

    assert counting() == set()


def test_of_a_chain_that_states_one_value_the_latest_counts() -> None:
    published(
        a_deal("zz-1"),
        a_deal("zz-2", ("follows", "zz-1")),
        a_deal("zz-3", ("follows", "zz-2")),
    )

    assert counting() == {"zz-3"}


def test_a_chain_may_be_silent_on_the_value_in_between() -> None:
    published(
        a_deal("zz-1"),
        a_deal("zz-2", ("follows", "zz-1"), usd=None),
        a_deal("zz-3", ("follows", "zz-2")),
    )

    assert counting() == {"zz-3"}


def test_a_chain_with_another_value_or_currency_counts_each() -> None:
    published(
        a_deal("zz-1"),
        a_deal("zz-2", ("follows", "zz-1"), usd=101),
        a_deal("zz-3", ("follows", "zz-2"), currency="EUR"),
    )

    assert counting() == {"zz-1", "zz-2", "zz-3"}


def test_of_a_circle_that_states_one_value_one_deal_counts() -> None:
    published(a_deal("zz-1"), a_deal("zz-2", ("follows", "zz-1")), a_deal("zz-3"))
    published(a_deal("zz-1", ("follows", "zz-2")))

    assert counting() == {"zz-2", "zz-3"}


def test_what_follows_a_circle_is_later_than_all_of_it() -> None:
    published(
        a_deal("zz-2"), a_deal("zz-3", ("follows", "zz-2")), a_deal("zz-1", ("follows", "zz-3"))
    )
    published(a_deal("zz-2", ("follows", "zz-3")))

    assert counting() == {"zz-1"}


def test_deals_on_the_same_project_count_each() -> None:
    published(a_deal("zz-1"), a_deal("zz-2", ("same_project", "zz-1")))

    assert counting() == {"zz-1", "zz-2"}


def test_drafts_take_no_part() -> None:
    published(a_deal("zz-whole"))
    written(a_deal("zz-part", ("part_of", "zz-whole")))

    assert counting() == {"zz-whole"}


def test_publishing_and_withdrawing_a_part_judges_the_umbrella_anew() -> None:
    published(a_deal("zz-whole"))
    assert counting() == {"zz-whole"}

    (part,) = published(a_deal("zz-part", ("part_of", "zz-whole")))
    assert counting() == {"zz-part"}

    withdraw(part.deal, by=None, reason="Wrong")
    assert counting() == {"zz-whole"}


def test_withdrawing_the_middle_of_a_chain_breaks_it() -> None:
    _, middle, _ = published(
        a_deal("zz-1"), a_deal("zz-2", ("follows", "zz-1")), a_deal("zz-3", ("follows", "zz-2"))
    )

    withdraw(middle.deal, by=None, reason="Wrong")

    assert counting() == {"zz-1", "zz-3"}


def test_a_link_that_goes_frees_the_deal_it_led_to() -> None:
    published(a_deal("zz-whole"), a_deal("zz-part", ("part_of", "zz-whole")))

    published(a_deal("zz-part"))

    assert counting() == {"zz-whole", "zz-part"}


def test_a_part_that_loses_its_value_gives_it_back_to_the_umbrella() -> None:
    published(a_deal("zz-whole"), a_deal("zz-part", ("part_of", "zz-whole")))

    published(a_deal("zz-part", ("part_of", "zz-whole"), usd=None))

    assert counting() == {"zz-whole"}


def test_a_link_to_a_draft_counts_from_its_publication() -> None:
    written(a_deal("zz-whole"))
    published(a_deal("zz-part", ("part_of", "zz-whole")))

    publish_many([Deal.objects.get(key="zz-whole")], by=None)

    assert counting() == {"zz-part"}


def test_a_renamed_key_leads_the_same_way() -> None:
    whole, _ = published(a_deal("zz-whole"), a_deal("zz-part", ("part_of", "zz-whole")))

    rename_key(whole.deal, "zz-umbrella", by=None)

    assert counting() == {"zz-part"}


def test_a_past_edition_keeps_what_it_said() -> None:
    (first,) = published(a_deal("zz-whole"))
    published(a_deal("zz-whole", usd=200))
    published(a_deal("zz-part", ("part_of", "zz-whole")))

    first.refresh_from_db()

    assert first.counts_toward_total
    assert counting() == {"zz-part"}


def test_every_column_agrees_with_the_rules_applied_to_all_deals_together() -> None:
    web = LinkWeb.of(Edition.objects.current())
    wrong = [
        edition.key
        for edition in Edition.objects.current()
        if edition.counts_toward_total != web.counts(edition.key)
    ]

    assert len(web.stated) > 400
    assert wrong == []


def test_the_web_around_a_deal_is_not_all_deals() -> None:
    published(a_deal("zz-whole"), a_deal("zz-part", ("part_of", "zz-whole")))

    with CaptureQueriesContext(
        connection,
    ) as queries:
        web = LinkWeb.around(["zz-part"], Edition.objects.current())

    assert set(web.stated) == {"zz-whole", "zz-part"}
    assert len(queries) <= 4
