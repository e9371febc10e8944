"""The page of one deal, on the real fixtures and on deals made for a rule."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client

from countries.models import Reference
from deals.models import Company, Deal, Edition, Ownership
from deals.publishing import publish_many, withdraw
from deals.renaming import rename_key
from tests.deals.pages import links_in, queries_for, section, words_of
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
COVE = f"/deals/{COVE_DEAL}/"


def test_cove_answers_the_three_questions(client: Client) -> None:
    words = words_of(client.get(COVE))

    assert "On paper rumoured closed Agreement signed 12 Mar 2026; announced 6 Nov 2025" in words
    assert "$1.6bn indicated Two letters of interest. Nothing conditional, committed" in words
    assert "Stage not known No source read states one for Northern Katpar or Upper" in words


def test_cove_states_its_facts(client: Client) -> None:
    words = words_of(client.get(COVE))

    assert "Headline value $1.1bn total investment" in words
    assert "Host Kazakhstan Karaganda region" in words
    assert "Partner United States" in words
    assert "Mineral W Tungsten" in words
    assert "High 8 sources 5 facts disputed" in words
    assert "How fresh 12 Mar 2026 last news" in words


def test_cove_ladder_names_each_line_with_its_rung_and_date(client: Client) -> None:
    money = section(client.get(COVE), "money")

    assert "Export-Import Bank of the United States Letter of interest, loan" in money
    assert "up to $900m indicated 6 Nov 2025" in money
    assert "up to $700m indicated 11 Feb 2026" in money
    assert "Sum of each rung $1.6bn indicated nothing nothing nothing" in money
    assert "The $1.6bn indicated exceeds the $1.1bn headline" in money


def test_cove_stakes_are_parts_of_one_whole(client: Client) -> None:
    response = client.get(COVE)
    who = section(response, "who")

    assert "70% Cove Kaz Capital Group LLC" in who
    assert "30% Tau-Ken Samruk Partner; of Severniy Katpar LLP" in who
    assert 'class="stakes-bar"' in response.content.decode()


def test_cove_sources_stand_side_by_side_where_they_differ(client: Client) -> None:
    said = section(client.get(COVE), "sources-say")

    assert "Headline value 6 sources agree $1.1bn total investment" in said
    assert "Volume sources disagree about 1.4 million t of WO₃ in JORC resources" in said
    assert "410,000 t of tungsten (MINEX Forum, Project Blue)" in said
    assert "Minerals no source of its own Tungsten" in said


def test_cove_timeline_is_in_order_and_says_how_long_it_has_been_quiet(client: Client) -> None:
    timeline = section(client.get(COVE), "timeline")

    places = [timeline.index(day) for day in ("6 Nov 2025", "11 Feb 2026", "12 Mar 2026")]
    assert places == sorted(places)
    assert "Money, indicated. DFC letters of interest of up to $700m" in timeline
    assert "No news found for" in timeline


def test_citations_point_to_sources_that_are_there(client: Client) -> None:
    response = client.get(COVE)
    content = response.content.decode()
    cited = {href for href in links_in(response) if href.startswith("#source-")}

    assert cited
    assert all(f'id="{href[1:]}"' in content for href in cited)


def test_every_published_deal_has_a_page(client: Client) -> None:
    keys = Edition.objects.current().values_list("key", flat=True)
    broken = [key for key in keys if client.get(f"/deals/{key}/").status_code != 200]

    assert not broken


def test_a_withdrawn_line_is_struck_through_and_stands_on_no_rung(client: Client) -> None:
    events = [
        an_event(status="conditional", on="2024-05", ref="e1"),
        an_event(status="withdrawn", on="2025-02-01", ref="e2"),
    ]
    published(a_record(financing=[a_line(usd=50_000_000, events=events)]))
    response = client.get("/deals/zz-test-deal/")

    assert '<tr class="withdrawn">' in response.content.decode()
    assert "Withdrawn One loan withdrawn." in words_of(response)
    assert "Withdrawn 1 Feb 2025, loan" in section(response, "money")


def test_a_climb_keeps_the_dates_of_the_rungs_below(client: Client) -> None:
    events = [
        an_event(status="letter_of_interest", on="2024-01", ref="e1"),
        an_event(status="committed", on="2025-10", ref="e2"),
    ]
    published(a_record(financing=[a_line(usd=400_000_000, events=events)]))
    response = client.get("/deals/zz-test-deal/")

    assert "indicated Jan 2024 $400m committed Oct 2025" in section(response, "money").replace(
        " ·", ""
    )
    assert "$400m committed One loan." in words_of(response)


def test_an_unknown_amount_is_said_and_never_guessed(client: Client) -> None:
    published(a_record(financing=[a_line(usd=None, on="2025-01-01")]))
    response = client.get("/deals/zz-test-deal/")

    assert "Unknown sum committed One loan." in words_of(response)
    assert "One line has no amount on record" in section(response, "money")


def test_a_guarantee_is_shown_and_not_summed(client: Client) -> None:
    published(a_record(financing=[a_line(usd=5_000_000, instrument="guarantee")]))
    response = client.get("/deals/zz-test-deal/")
    money = section(response, "money")

    assert "$5m committed, not summed One guarantee." in words_of(response)
    assert "not in sums" in money
    assert "Sum of each rung nothing nothing not summed committed nothing" in money


def test_a_deal_of_which_little_is_known_says_so(client: Client) -> None:
    published(a_record(announced_on=None))
    words = words_of(client.get("/deals/zz-test-deal/"))

    assert "no source read states one" in words
    assert "None on record" in words
    assert "No source read states a stake." in words
    assert "No event of this deal is dated." in words


def test_stakes_of_more_than_one_whole_draw_no_bar(client: Client) -> None:
    parties = [
        {"ref": f"p{n}", "company": slug, "role": "partner", "stake_percent": 80}
        for n, slug in enumerate([DFC, "tau-ken-samruk"], start=1)
    ]
    published(a_record(parties=parties))
    response = client.get("/deals/zz-test-deal/")

    assert "stakes-bar" not in response.content.decode()
    assert "These stakes are not parts of one whole" in words_of(response)


def test_links_are_told_from_both_sides_and_only_to_what_is_published(client: Client) -> None:
    published(
        a_record(key="zz-whole", title="The whole"),
        a_record(key="zz-part", title="The part", links=[{"type": "part_of", "deal": "zz-whole"}]),
    )

    assert "The part Part of this deal" in section(client.get("/deals/zz-whole/"), "links")
    assert "The whole This deal is part of" in section(client.get("/deals/zz-part/"), "links")

    withdraw(Deal.objects.get(key="zz-part"), by=None, reason="It was one deal twice.")
    assert "The part" not in words_of(client.get("/deals/zz-whole/"))


def test_a_value_that_does_not_count_says_why(client: Client) -> None:
    published(a_record(value=a_value(basis="programme")))
    words = words_of(client.get("/deals/zz-test-deal/"))

    assert "not in sums" in words
    assert "stands in no sum: it is the budget of a programme" in words


def test_news_are_dated_no_closer_than_their_source(client: Client) -> None:
    published(a_record(announced_on="2025", signed_on="2026-03"))

    assert "How fresh Mar 2026 last news" in words_of(client.get("/deals/zz-test-deal/"))


def test_text_of_a_record_is_escaped(client: Client) -> None:
    published(a_record(title="<script>alert(1)</script>", summary="<b>Two</b> firms."))
    content = client.get("/deals/zz-test-deal/").content.decode()

    assert "<script>alert" not in content
    assert "&lt;b&gt;Two" in content


def test_on_a_past_day_the_deal_stands_as_it_stood(client: Client) -> None:
    words = words_of(client.get(COVE, {"on": "2025-12-01"}))

    assert "$900m indicated One letter of interest." in words
    assert "Announced 6 Nov 2025" in words
    assert "11 Feb 2026 Money" not in words


def test_a_draft_is_not_found(client: Client) -> None:
    written(a_record(key="zz-draft", title="Quagga secret"))
    response = client.get("/deals/zz-draft/")

    assert response.status_code == 404
    assert b"Quagga" not in response.content


@pytest.mark.parametrize("key", ["no-such-deal", "x" * 400])
def test_an_unknown_key_is_not_found(client: Client, key: str) -> None:
    assert client.get(f"/deals/{key}/").status_code == 404


def test_a_withdrawn_deal_is_gone_and_names_its_last_edition(client: Client) -> None:
    published(a_record(title="A deal that was none"))
    withdraw(Deal.objects.get(key="zz-test-deal"), by=None, reason="It never was.")
    response = client.get("/deals/zz-test-deal/")

    assert response.status_code == 410
    words = words_of(response)
    assert "A deal that was none: withdrawn" in words
    assert "Reason given: It never was." in words
    assert "Its last edition was edition 1" in words
    assert "/deals/zz-test-deal/history/" in links_in(response)


def test_a_renamed_key_leads_on_for_good(client: Client) -> None:
    published(a_record(key="zz-old"))
    rename_key(Deal.objects.get(key="zz-old"), "zz-new", by=None)
    response = client.get("/deals/zz-old/", {"on": "2026-01-01"})

    assert response.status_code == 301
    assert response["Location"] == "/deals/zz-new/?on=2026-01-01"
    assert client.get("/deals/zz-new/").status_code == 200


def test_before_its_first_edition_a_deal_says_since_when_it_is_there(client: Client) -> None:
    response = client.get(COVE, {"as_of": "2020-01-01"})

    assert response.status_code == 404
    assert "By 1 Jan 2020 Lodebook had published no edition of this deal" in words_of(response)


@pytest.mark.parametrize("query", [{"as_of": "yesterday"}, {"on": "2025-11"}, {"on": "2999-01-01"}])
def test_a_wrong_day_is_named(client: Client, query: dict[str, str]) -> None:
    response = client.get(COVE, query)

    assert response.status_code == 400
    [(name, value)] = query.items()
    assert f"{name}: {value}" in words_of(response)


def test_an_edit_that_is_not_published_is_not_seen(client: Client) -> None:
    published(a_record(title="As published"))
    Deal.objects.filter(key="zz-test-deal").update(title="Reworked in private")

    assert "Reworked" not in words_of(client.get("/deals/zz-test-deal/"))


def test_a_deal_needs_few_queries_whatever_hangs_on_it(client: Client) -> None:
    sources = [a_source(ref=f"s{n}", url=f"https://example.org/{n}") for n in range(1, 30)]
    lines = [a_line(ref=f"f{n}") for n in range(1, 20)]
    published(a_record(sources=sources, financing=lines))

    assert len(queries_for(client, "/deals/zz-test-deal/")) == 3
    assert len(queries_for(client, COVE)) == 6
    assert len(client.get(COVE).content) < 60_000


def test_publishing_again_shows_the_new_text(client: Client) -> None:
    published(a_record(title="First title"))
    publish_many(written(a_record(title="Second title")), by=None)

    assert "Second title" in words_of(client.get("/deals/zz-test-deal/"))


def test_the_margin_tells_the_world_market_and_the_policies(client: Client) -> None:
    response = client.get(COVE)
    producers, policies = section(response, "producers"), section(response, "policies")

    assert "World tungsten , 2025" in producers
    assert "Kazakhstan 2,400" in producers
    assert "China has 79% of the world." in producers
    assert "in force since 4 Feb 2025" in policies
    # Of what bears on other minerals or other countries nothing is said.
    assert "Kyrgyz" not in policies
    assert "scrap" not in policies


def test_a_deal_without_minerals_has_no_world_market(client: Client) -> None:
    published(a_record(minerals=[], minerals_unspecified=True))

    assert "producers" not in client.get("/deals/zz-test-deal/").content.decode()


def test_percentages_stand_in_the_style_of_the_house_and_quotes_as_written(client: Client) -> None:
    source = a_source(title="Stake of 30 % sold")
    published(a_record(summary="It sold 30 %.", terms=["9.5 % of output"], sources=[source]))
    words = words_of(client.get("/deals/zz-test-deal/"))

    assert "It sold 30%." in words
    assert "9.5% of output" in words
    assert "Stake of 30 % sold" in words


def test_what_a_source_says_of_one_line_names_the_line(client: Client) -> None:
    said = section(client.get("/deals/us-korea-zinc-clarksville-smelter/"), "sources-say")
    line = "Of $1.9bn committed by Crucible JV:"

    assert line in said
    assert "$2.15bn of first US and investor money" in said[said.index(line) :]


def test_a_stake_that_nobody_is_named_for_is_shown_as_such(client: Client) -> None:
    party = {"ref": "p1", "company": "tau-ken-samruk", "role": "partner", "stake_percent": 30}
    published(a_record(parties=[party]))

    assert "70% not stated no source read names a holder" in section(
        client.get("/deals/zz-test-deal/"), "who"
    )


def test_owners_stand_above_a_party_to_the_end_of_the_chain(client: Client) -> None:
    names = ["kazatomprom", "tau-ken-samruk", "cove-kaz-capital-group-llc"]
    below, middle, top = (Company.objects.get(slug=slug) for slug in names)
    Ownership.objects.filter(owned__in=[below, middle, top]).delete()
    reference = Reference.objects.create(
        url="https://example.org/owners", title="Annual report", publisher="Example Press"
    )
    Ownership.objects.create(
        owner=middle, owned=below, percent="75.5", since="2019", reference=reference
    )
    Ownership.objects.create(owner=top, owned=middle, until="2024-06")
    Ownership.objects.create(owner=below, owned=top, percent=1)  # a ring
    parties = [{"ref": "p1", "company": below.slug, "role": "partner", "stake_percent": 100}]
    published(a_record(parties=parties))
    response = client.get("/deals/zz-test-deal/")
    who = section(response, "who")

    assert f"held by {middle.name} , 75.5% since 2019 Example Press" in who
    assert f"held by {top.name} , share not known until Jun 2024" in who
    assert f"held by {below.name} , 1%; shown above" in who
    assert "https://example.org/owners" in links_in(response)
    assert 'class="owner-2' in response.content.decode()


def test_the_first_screen_names_who_takes_part(client: Client) -> None:
    words = words_of(client.get(COVE))

    assert "Who 70% Cove Kaz Capital Group LLC 30% Tau-Ken Samruk Severniy Katpar LLP" in words
    assert "and 3 more" in words


def test_a_line_tells_all_its_dated_events(client: Client) -> None:
    events = [
        an_event(status="letter_of_interest", on="2024-01", ref="e1"),
        an_event(status="committed", on="2025-10", ref="e2", note="board approval"),
        an_event(status="closed", on="2026-02-03", ref="e3"),
    ]
    published(a_record(financing=[a_line(events=events)]))

    assert (
        "Letter of interest, Jan 2024 Committed, Oct 2025: board approval Closed, 3 Feb 2026"
    ) in section(client.get("/deals/zz-test-deal/"), "money")


def test_fifteen_parties_and_the_longest_title_stay_in_their_place(client: Client) -> None:
    slugs = Company.objects.order_by("slug").values_list("slug", flat=True)[:15]
    parties = [
        {"ref": f"p{n}", "company": slug, "role": "partner", "stake_percent": 6}
        for n, slug in enumerate(slugs, start=1)
    ]
    published(a_record(title="Longest " * 25, parties=parties))
    response = client.get("/deals/zz-test-deal/")
    who = section(response, "who")

    assert who.count("6%") == 15
    assert "10% not stated" in who
    assert "and 12 more" in words_of(response)


def test_on_a_past_day_strip_and_citation_say_so(client: Client) -> None:
    response = client.get(COVE, {"on": "2025-12-01"})
    words = words_of(response)

    assert "On 1 Dec 2025. Agreement, money and project as they stood that day" in words
    assert "as the world stood on 1 Dec 2025." in words
    cited = f"http://testserver{COVE}editions/1/?on=2025-12-01"
    assert cited in links_in(response)
    again = words_of(client.get(cited))
    assert "$900m indicated One letter of interest." in again
    assert "Edition 1." in again


def test_on_a_past_day_linked_deals_stand_as_they_stood_and_keep_the_day(client: Client) -> None:
    published(
        a_record(key="zz-whole", title="The whole", signed_on="2026-02-01"),
        a_record(key="zz-part", links=[{"type": "part_of", "deal": "zz-whole"}]),
    )
    response = client.get("/deals/zz-part/", {"on": "2025-12-01"})

    assert "The whole This deal is part of · Announced" in section(response, "links")
    assert "/deals/zz-whole/?on=2025-12-01" in links_in(response)


def test_as_of_a_day_the_edition_of_that_day_is_cited(client: Client) -> None:
    response = client.get(COVE, {"as_of": str(datetime.datetime.now(datetime.UTC).date())})

    assert f"http://testserver{COVE}editions/1/" in links_in(response)
