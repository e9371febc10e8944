"""What is derived from a document: index columns, states by day, texts; and deriving it anew."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from countries.models import Bloc, Membership
from deals import codes
from deals.indexing import reindex
from deals.locking import PUBLISHING_LOCK
from deals.models import Company, Edition, EditionLine, EditionSource, EditionState, ExchangeRate
from minerals.models import Mineral
from tests.deals.records import (
    COVE_DEAL,
    DFC,
    Document,
    a_line,
    a_record,
    a_source,
    a_value,
    published,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def published_one(**fields: Any) -> Edition:
    return published(a_record(**fields))[0]


# -- Countries, blocs, minerals, companies --------------------------------------------------------


def test_places_stand_by_role_with_the_blocs_they_belong_to() -> None:
    edition = published_one(
        countries=[
            {"country": "KZ", "role": "host"},
            {"country": "DE", "role": "partner"},
            {"bloc": "g7", "role": "third_party"},
        ]
    )

    assert {"KZ", "c5"} <= set(edition.hosts)
    assert not {"DE", "eu27", "g7"} & set(edition.hosts)
    assert {"DE", "eu27", "g7"} <= set(edition.partners)
    assert {"KZ", "c5", "DE", "eu27", "g7"} <= set(edition.countries)
    assert edition.countries == sorted(set(edition.countries))


def test_a_bloc_that_takes_part_itself_does_not_bring_its_members() -> None:
    edition = published_one(countries=[{"bloc": "eu27", "role": "host"}])

    assert edition.hosts == ["eu27"]


@pytest.mark.parametrize(
    ("since", "until", "is_in"),
    [
        (None, None, True),
        ("2025-11-06", None, True),
        ("2025-11-07", None, False),
        ("2025-11", None, True),  # it may have joined before the 6th
        ("2025-12", None, False),
        (None, "2025-11-06", True),
        (None, "2025-11-05", False),
        (None, "2025", True),
    ],
)
def test_a_bloc_means_its_members_on_the_deals_day(
    since: str | None, until: str | None, is_in: bool
) -> None:
    bloc = Bloc.objects.create(key="zz-club", name="Club", short_name="Club", summary="A club.")
    Membership.objects.create(bloc=bloc, country_id="KZ", status="member", since=since, until=until)

    edition = published_one(announced_on="2025-11-06")

    assert ("zz-club" in edition.hosts) is is_in


@pytest.mark.parametrize(
    ("dates", "is_in"),
    [
        ({"announced_on": "2025", "signed_on": "2026"}, False),  # its earliest possible day
        ({"announced_on": None, "signed_on": "2026"}, True),
        ({"announced_on": None}, True),  # no date: today
    ],
)
def test_the_deals_day_is_the_earliest_of_its_announcement_else_signing_else_today(
    dates: Document, is_in: bool
) -> None:
    bloc = Bloc.objects.create(key="zz-club", name="Club", short_name="Club", summary="A club.")
    Membership.objects.create(bloc=bloc, country_id="KZ", status="member", since="2025-06")

    assert ("zz-club" in published_one(**dates).hosts) is is_in


def test_an_observer_is_no_member() -> None:
    bloc = Bloc.objects.create(key="zz-club", name="Club", short_name="Club", summary="A club.")
    Membership.objects.create(bloc=bloc, country_id="KZ", status="observer")

    assert "zz-club" not in published_one().hosts


def test_homes_of_parties_and_of_providers_are_kept_apart() -> None:
    edition = published_one(
        parties=[{"ref": "p1", "company": "tau-ken-samruk", "role": "seller"}],
        financing=[a_line(providers=[DFC])],
    )

    assert "KZ" in edition.party_countries
    assert "US" not in edition.party_countries
    (line,) = EditionLine.objects.filter(edition=edition, is_present=True)
    assert "US" in line.provider_countries
    assert edition.companies == ["tau-ken-samruk", DFC]


def test_minerals_bring_the_groups_above_them() -> None:
    edition = published_one(minerals=["neodymium"])

    above, mineral = [], Mineral.objects.get(slug="neodymium")
    while mineral.parent is not None:
        mineral = mineral.parent
        above.append(mineral.slug)
    assert "rare-earths" in above
    assert edition.minerals == sorted(["neodymium", *above])


# -- States by day --------------------------------------------------------------------------------


def statuses(**fields: Any) -> list[tuple[str, str]]:
    """(first day, status) in order."""
    states = EditionState.objects.filter(edition=published_one(**fields), axis="status")
    return [(str(state.from_on), state.code) for state in states.order_by("from_on")]


def test_dated_events_move_the_status_from_their_latest_possible_day() -> None:
    found = statuses(
        status="closed",
        announced_on="2023",
        signed_on="2024-02",
        closed_on="2025-03-04",
        milestones=[
            {"ref": "m1", "note": "Stopped", "happened_on": "2024-09-01", "status": "suspended"},
            {"ref": "m2", "note": "News", "happened_on": "2024-10-01"},
            {"ref": "m3", "note": "Undated", "status": "cancelled"},
        ],
    )

    assert found == [
        ("2023-12-31", "announced"),
        ("2024-02-29", "agreement_signed"),
        ("2024-09-01", "suspended"),
        ("2025-03-04", "closed"),
    ]


def test_spans_follow_each_other_without_gap() -> None:
    edition = published_one(announced_on="2023", signed_on="2024-02", closed_on="2025-03-04")

    spans = list(EditionState.objects.filter(edition=edition).order_by("from_on"))

    assert [s.until_on for s in spans] == [*(s.from_on for s in spans[1:]), None]


def test_of_several_changes_on_one_day_the_most_binding_holds() -> None:
    day = "2025-09-09"
    milestone = {"ref": "m1", "note": "Announced", "happened_on": day, "status": "announced"}

    found = statuses(announced_on=day, signed_on=day, milestones=[milestone])

    assert found == [(day, "agreement_signed")]


def test_an_announcement_after_the_signing_lowers_nothing() -> None:
    assert statuses(signed_on="2025-01-10", announced_on="2025-02-01") == [
        ("2025-01-10", "agreement_signed")
    ]


@pytest.mark.parametrize("status", ["rumoured", "proposed"])
def test_what_was_only_offered_is_neither_announced_nor_signed(status: str) -> None:
    """A letter of intent has a signing date and binds nobody."""
    found = statuses(status=status, announced_on="2025-08-26", signed_on="2025-08-26")

    assert found == [("2025-08-26", status)]


@pytest.mark.parametrize(
    ("fields", "signed"),
    [
        ({"status": "mou_signed"}, "mou_signed"),
        ({"status": "suspended", "kind": "mou"}, "mou_signed"),
        ({"status": "announced"}, "mou_signed"),  # a contract would not stand as announced
        ({"status": "suspended"}, "agreement_signed"),
        ({"status": "closed"}, "agreement_signed"),
    ],
)
def test_what_was_signed_follows_from_kind_and_status(fields: Document, signed: str) -> None:
    assert statuses(announced_on=None, signed_on="2025-01-10", **fields) == [("2025-01-10", signed)]


def test_a_deal_without_dates_has_no_known_past() -> None:
    assert statuses(announced_on=None) == []


def test_no_deals_past_is_more_binding_than_its_present() -> None:
    place = {code: number for number, code in enumerate(codes.Status.values)}
    last = {
        state.edition_id: state.code
        for state in EditionState.objects.filter(axis="status", until_on=None)
    }
    overstated = [
        edition.key
        for edition in Edition.objects.current()
        if edition.pk in last and place[last[edition.pk]] > place[edition.status]
    ]

    assert overstated == []


def test_stages_come_from_milestones_alone() -> None:
    edition = published_one(
        stage="operating",
        milestones=[
            {"ref": "m1", "note": "b", "happened_on": "2025-05", "stage": "operating"},
            {"ref": "m2", "note": "a", "happened_on": "2024", "stage": "construction"},
        ],
    )
    states = EditionState.objects.filter(edition=edition, axis="stage").order_by("from_on")

    assert [(str(s.from_on), s.code) for s in states] == [
        ("2024-12-31", "construction"),
        ("2025-05-31", "operating"),
    ]


# -- News and staleness ---------------------------------------------------------------------------


def test_the_last_news_is_the_latest_possible_day_of_anything_dated() -> None:
    edition = published_one(
        announced_on="2023-01",
        sources=[a_source(published_on="2023-05-06")],
        milestones=[{"ref": "m1", "note": "x", "happened_on": "2024-02"}],
        financing=[a_line(on="2023")],
    )

    assert list(map(str, edition.news_days)) == [
        "2023-01-31",
        "2023-05-06",
        "2023-12-31",
        "2024-02-29",
    ]
    assert str(edition.last_news_on) == "2024-02-29"


@pytest.mark.parametrize("status", codes.Status.values)
def test_only_what_is_not_yet_binding_goes_stale(status: str) -> None:
    can = {"rumoured", "proposed", "announced", "mou_signed"}

    assert published_one(status=status).can_go_stale is (status in can)


@pytest.mark.parametrize("kind", ["grant", "project_designation", "mining_licence"])
def test_acts_of_a_state_do_not_go_stale(kind: str) -> None:
    assert not published_one(status="announced", kind=kind).can_go_stale


# -- Disputes and citations -----------------------------------------------------------------------


def test_a_fact_is_disputed_by_an_open_dispute_or_a_source_that_differs() -> None:
    edition = published_one(
        disputes=[
            {"ref": "d1", "fact": "dates", "note": "Two days.", "status": "open"},
            {"ref": "d2", "fact": "stake", "note": "x", "status": "resolved", "resolution": "y"},
        ],
        citations=[
            {"ref": "c1", "source": "s1", "fact": "value", "stated": "$5m"},
            {"ref": "c2", "source": "s1", "fact": "terms"},
        ],
    )

    assert edition.is_disputed
    assert '"disputed_facts":["value","dates"]' in edition.document.detail_text


def test_a_fact_without_a_citation_of_its_own_is_marked() -> None:
    citations = [{"ref": "c1", "source": "s1", "fact": "value"}]

    edition = published_one(value=a_value(), stage="operating", citations=citations)

    assert '"uncited_facts":["status","stage","dates"]' in edition.document.detail_text


# -- Bounds ---------------------------------------------------------------------------------------


def test_a_record_as_long_as_may_be_is_indexed() -> None:
    words = " ".join(f"{number:x}" for number in range(2000))[:9_900]

    edition = published_one(
        title="\ufdfa" * 200,  # eighteen letters each when decomposed
        summary=words,
        terms=[f"{number} {words}" for number in range(60)],
    )

    assert len(edition.sort_title) <= 220


# -- Deriving it anew -----------------------------------------------------------------------------


def side_rows(model: type[Model]) -> list[tuple[Any, ...]]:
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    return sorted(model._default_manager.values_list(*names), key=repr)


def index_of_all() -> dict[str, object]:
    editions = Edition.objects.order_by("pk")
    return {
        "columns": list(editions.values_list()),
        "texts": list(editions.values_list("document__summary_text", "document__detail_text")),
        "lines": side_rows(EditionLine),
        "states": side_rows(EditionState),
        "sources": side_rows(EditionSource),
    }


def test_deriving_every_edition_anew_changes_nothing() -> None:
    published(a_record(), a_record(title="A second edition"))
    before = index_of_all()

    count = reindex(Edition.objects.all())

    assert count == Edition.objects.readable().count() > 400
    assert index_of_all() == before


def test_a_new_rate_reaches_past_editions_too() -> None:
    old = published_one(value=a_value(currency="XTS"))
    new = published_one(value=a_value(currency="XTS"), title="A second edition")
    reference = ExchangeRate.objects.first()
    assert reference and old.value_usd is None
    ExchangeRate.objects.create(
        currency="XTS", year=2025, usd_per_unit=2, reference=reference.reference
    )

    reindex(Edition.objects.filter(key="zz-test-deal"))

    for edition in (old, new):
        edition.refresh_from_db()
        assert edition.value_usd == 200
        assert '"value_usd":200,' in Edition.objects.get(pk=edition.pk).document.summary_text


def test_a_new_group_of_minerals_reaches_editions() -> None:
    edition = published_one(minerals=["tungsten"])
    group = Mineral.objects.create(slug="zz-group", name="Group", category="group")
    Mineral.objects.filter(slug="tungsten").update(parent=group)

    reindex(Edition.objects.filter(pk=edition.pk))

    edition.refresh_from_db()
    assert edition.minerals == ["tungsten", "zz-group"]


def test_an_edition_is_indexed_with_the_names_of_its_own_day() -> None:
    edition = published_one(financing=[a_line(providers=[DFC])])
    text = edition.document.detail_text
    Company.objects.filter(slug=DFC).update(name="Another name", country_id="NO")
    reindex(Edition.objects.filter(pk=edition.pk))

    assert Edition.objects.get(pk=edition.pk).document.detail_text == text


def test_nobody_publishes_or_expunges_while_a_batch_is_derived(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = []

    def look(batch: list[Edition], *_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            )
            held.append((len(batch), [row[0] for row in cursor.fetchall()]))

    monkeypatch.setattr("deals.indexing.rebuilding.reindex_batch", look)
    reindex(Edition.objects.filter(key=COVE_DEAL))

    assert held == [(1, [PUBLISHING_LOCK])]


def test_indexing_is_dated_by_no_clock() -> None:
    """A document tells the same whenever it is derived: what depends on today is added later."""
    today = timezone.now().date()
    edition = published_one(announced_on=str(today - datetime.timedelta(days=3000)))

    assert "is_stale" not in edition.document.detail_text
