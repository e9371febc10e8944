"""The history of a deal: editions side by side, each with an address of its own."""

from __future__ import annotations

import copy

import pytest
from django.test import Client

from deals.differences import FIELD_NAMES, Difference, differences
from deals.dossier import Record
from deals.models import Company, Deal, Edition
from deals.publishing import publish_many, withdraw
from deals.reading import Clock, detail
from deals.renaming import refresh_company, rename_key
from tests.deals.pages import queries_for, section, words_of
from tests.deals.records import (
    COVE_DEAL,
    DFC,
    a_line,
    a_record,
    a_source,
    a_value,
    an_event,
    published,
    written,
)

pytestmark = pytest.mark.django_db


def changes(*documents: dict[str, object]) -> list[Difference]:
    """What changed between two records of one deal."""
    details = []
    for document in documents:
        [edition] = publish_many(written(document), by=None)
        edition = Edition.objects.select_related("document").get(pk=edition.pk)
        details.append(detail(edition, Clock()))
    return differences(*details)


def test_every_field_of_a_record_has_a_name() -> None:
    assert set(FIELD_NAMES) == set(Record.model_fields)


def test_a_change_of_status_and_date_is_told_in_words() -> None:
    found = changes(
        a_record(status="announced"),
        a_record(status="agreement_signed", signed_on="2026-03-12"),
    )

    assert found == [
        Difference("Agreement", "Announced", "Agreement signed"),
        Difference("Signed", "", "12 Mar 2026"),
    ]


def test_money_that_climbs_is_told_line_by_line() -> None:
    first = an_event(status="letter_of_interest", on="2025-11", ref="e1")
    second = an_event(status="committed", on="2026-02", ref="e2")
    found = changes(
        a_record(financing=[a_line(usd=900_000_000, events=[first])]),
        a_record(financing=[a_line(usd=700_000_000, events=[first, second])]),
    )

    name = "Financing “US International Development Finance Corporation”"
    assert found == [
        Difference(f"{name}, amount", "$900m", "$700m"),
        Difference(
            f"{name}, events",
            "letter of interest Nov 2025",
            "letter of interest Nov 2025; committed Feb 2026",
        ),
    ]


def test_items_are_matched_by_ref_not_by_place() -> None:
    one, two = a_source(ref="s1"), a_source(ref="s2", title="Another page")

    assert changes(a_record(sources=[one, two]), a_record(sources=[two, one])) == []


def test_what_comes_and_goes_is_told_as_such() -> None:
    party = {"ref": "p1", "company": DFC, "role": "lender", "stake_percent": 10}
    found = changes(
        a_record(terms=["Kept", "Dropped"], parties=[party]),
        a_record(terms=["Kept", "Added"], minerals=["tungsten"]),
    )

    assert Difference("Terms", "Dropped", "") in found
    assert Difference("Terms", "", "Added") in found
    assert Difference("Minerals", "", "Tungsten") in found
    assert (
        Difference("Party", "US International Development Finance Corporation, Lender, 10%", "")
        in found
    )


def test_values_are_told_with_what_they_measure() -> None:
    found = changes(
        a_record(value=a_value(usd=1_100_000_000)),
        a_record(value=a_value(usd=2_000_000_000, basis="up_to")),
    )

    assert found == [Difference("Headline value", "$1.1bn total investment", "up to $2bn")]


def test_a_record_differs_in_nothing_from_itself(client: Client) -> None:
    edition = Edition.objects.select_related("document").get(key=COVE_DEAL)
    document = detail(edition, Clock())

    assert differences(document, copy.deepcopy(document)) == []


def test_history_shows_each_edition_with_what_it_changed(client: Client) -> None:
    published(a_record(title="First title"))
    publish_many(written(a_record(title="Second title")), by=None)
    words = words_of(client.get("/deals/zz-test-deal/history/"))

    assert words.index("Edition 2") < words.index("Edition 1")
    assert "Title before: First title after: Second title" in words
    assert "First published." in words


def test_the_page_names_the_last_change_in_its_margin(client: Client) -> None:
    published(a_record(status="announced"))
    publish_many(written(a_record(status="agreement_signed", title="Renamed")), by=None)

    words = words_of(client.get("/deals/zz-test-deal/"))
    assert "agreement: Announced → Agreement signed and 1 more change" in words


def test_any_two_editions_can_be_set_side_by_side(client: Client) -> None:
    published(a_record(title="First title", status="announced"))
    publish_many(written(a_record(title="Second title", status="announced")), by=None)
    publish_many(written(a_record(title="Third title", status="mou_signed")), by=None)
    path = "/deals/zz-test-deal/history/"

    compared = section(client.get(path, {"from": "1", "to": "3"}), "compared")
    assert "Title before: First title after: Third title" in compared
    assert "Agreement before: Announced after: MoU signed" in compared
    assert "Second title" not in compared
    assert section(client.get(path, {"from": "3", "to": "1"}), "compared") == compared
    alone = section(client.get(path, {"from": "2"}), "compared")
    assert "Title before: Second title after: Third title" in alone


@pytest.mark.parametrize("number", ["0", "9", "two", "²", "1" * 5000])
def test_an_edition_that_is_none_is_named_and_the_history_stays(
    client: Client, number: str
) -> None:
    published(a_record())
    response = client.get("/deals/zz-test-deal/history/", {"from": "1", "to": number})

    assert response.status_code == 400
    words = words_of(response)
    assert f"to: {number[:40]}. There is no such edition to read: the first is 1" in words
    assert "First published." in words


def test_what_changed_on_cove_since_it_was_announced_is_said_at_one_look(client: Client) -> None:
    response = client.get(f"/deals/{COVE_DEAL}/history/")

    assert (
        "Since 6 Nov 2025: on paper from announced to agreement signed; in money from $900m "
        "indicated to $1.6bn indicated; on the ground no change is dated."
    ) in words_of(response)
    since = section(response, "since")
    assert "On paper Announced Agreement signed" in since
    assert "In money $900m indicated $1.6bn indicated" in since
    assert "12 Mar 2026 Agreement signed." in section(response, "timeline")


def test_without_a_dated_announcement_nothing_is_said_of_what_came_since(client: Client) -> None:
    published(a_record(announced_on=None))
    content = client.get("/deals/zz-test-deal/history/").content.decode()

    assert 'id="since"' not in content
    assert "First published." in content


def test_refreshes_are_folded(client: Client) -> None:
    published(a_record(parties=[{"ref": "p1", "company": DFC, "role": "lender"}]))
    company = Company.objects.get(slug=DFC)
    company.name = "Renamed Finance Corporation"
    company.save()
    refresh_company(company, by=None)
    words = words_of(client.get("/deals/zz-test-deal/history/"))

    assert "1 later edition brought only new names" in words
    assert "Edition 2" not in words
    assert client.get("/deals/zz-test-deal/editions/2/").status_code == 200


def test_a_past_edition_stays_as_it_was_and_is_marked(client: Client) -> None:
    published(a_record(title="First title"))
    publish_many(written(a_record(title="Second title")), by=None)
    past = client.get("/deals/zz-test-deal/editions/1/")

    assert "First title" in words_of(past)
    assert "and replaced on" in words_of(past)
    assert b'content="noindex"' in past.content
    present = words_of(client.get("/deals/zz-test-deal/editions/2/"))
    assert "Second title" in present
    assert "replaced on" not in present


def test_editions_of_a_withdrawn_deal_stay_readable_and_marked(client: Client) -> None:
    published(a_record(title="A deal that was none"))
    withdraw(Deal.objects.get(key="zz-test-deal"), by=None, reason="It never was.")

    edition = client.get("/deals/zz-test-deal/editions/1/")
    assert edition.status_code == 200
    assert "This deal has been withdrawn from publication." in words_of(edition)
    assert client.get("/deals/zz-test-deal/editions/2/").status_code == 410
    history = client.get("/deals/zz-test-deal/history/")
    assert history.status_code == 200
    assert "Reason given: It never was." in words_of(history)


def test_editions_under_a_former_key_lead_on(client: Client) -> None:
    published(a_record(key="zz-old"))
    rename_key(Deal.objects.get(key="zz-old"), "zz-new", by=None)

    assert client.get("/deals/zz-old/history/")["Location"] == "/deals/zz-new/history/"
    assert client.get("/deals/zz-new/editions/1/")["Location"] == "/deals/zz-old/editions/1/"
    assert client.get("/deals/zz-old/editions/1/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/deals/no-such-deal/history/",
        "/deals/no-such-deal/editions/1/",
        f"/deals/{COVE_DEAL}/editions/99/",
        f"/deals/{COVE_DEAL}/editions/0/",
    ],
)
def test_what_was_never_published_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_draft_has_no_history(client: Client) -> None:
    written(a_record(key="zz-draft"))

    assert client.get("/deals/zz-draft/history/").status_code == 404


def test_history_needs_few_queries_however_long_it_is(client: Client) -> None:
    published(a_record(title="Title 0"))
    for n in range(1, 6):
        publish_many(written(a_record(title=f"Title {n}")), by=None)

    assert len(queries_for(client, "/deals/zz-test-deal/history/")) <= 5
