"""Downloads and the feed: the deals of the list, whole, and refusals that name what is wrong."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import orjson
import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from psycopg.errors import QueryCanceled

from config.lib.tables import csv_writer
from deals.batches import batches_of
from deals.columns import DEAL_COLUMNS
from deals.dossier import Catalogue, as_document, read
from deals.exporting import documents_of, rows_of, summaries_of
from deals.expunging import expunge
from deals.filters import DealFilterSet
from deals.importing import read_paths
from deals.models import Company, Deal, Edition, EditionRow
from deals.neighbours import Neighbours
from deals.publishing import withdraw
from deals.reading import Clock, details, summaries
from deals.renaming import refresh_company
from tests.deals.records import COVE_DEAL, a_record, published

pytestmark = pytest.mark.django_db

FILES = ("export.csv", "export.json", "export.ndjson", "export.xlsx")
COLUMNS = list(DEAL_COLUMNS)
ATOM = "{http://www.w3.org/2005/Atom}"


def got(path: str, query: str = "") -> tuple[Any, bytes]:
    response = Client().get(f"/deals/{path}?{query}")
    assert response.status_code == 200, response.content
    streaming = getattr(response, "streaming_content", None)
    return response, b"".join(streaming) if streaming else response.content


def keys(query: str = "") -> list[str]:
    return list(DealFilterSet(QueryDict(query)).qs.values_list("key", flat=True))


# -- Files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "host=c5&mineral=tungsten", "ordering=title&status=closed"])
def test_files_hold_the_deals_of_the_list_in_its_order(query: str) -> None:
    expected = keys(query)
    rows = list(csv.DictReader(io.StringIO(got("export.csv", query)[1].decode(), newline="")))
    assert [row["key"] for row in rows] == expected
    assert [one["key"] for one in orjson.loads(got("export.json", query)[1])] == expected
    lines = got("export.ndjson", query)[1].splitlines()
    assert [orjson.loads(line)["key"] for line in lines] == expected


def test_csv_has_every_column_unless_some_are_chosen() -> None:
    heading = got("export.csv", "mineral=tungsten")[1].split(b"\r\n")[0].decode()
    assert heading.split(",") == DEAL_COLUMNS.names
    heading = got("export.csv", "columns=title,key")[1].split(b"\r\n")[0].decode()
    assert heading == "title,key"


def test_every_column_has_a_value_somewhere_and_words() -> None:
    editions = Edition.objects.current().select_related("document")
    found = summaries(editions, Clock())
    for column in DEAL_COLUMNS:
        assert column.label
        assert column.help
        # No deal of the fixtures says when it was last checked.
        if column.name != "verified_on":
            assert any(column.cell(row) not in (None, "") for row in found), column.name


def test_every_member_of_a_summary_is_in_a_column() -> None:
    summary = summaries(Edition.objects.current().select_related("document")[:1], Clock())[0]
    parts = {"ladder", "ladder_lines", "value"}  # their members are columns
    assert set(summary) - set(DEAL_COLUMNS.names) <= parts | {"lines_unknown"}


def test_a_row_reads_right_to_the_last_figure() -> None:
    text = got("export.csv", "q=Severniy Katpar")[1].decode()
    rows = csv.DictReader(io.StringIO(text, newline=""))
    cove = next(row for row in rows if row["key"] == COVE_DEAL)
    assert cove["indicated_usd"] == "1600000000"
    assert cove["committed_usd"] == ""
    assert cove["is_disputed"] == "true"
    assert cove["hosts"] == "KZ"
    assert cove["party_names"].startswith("Cove Kaz Capital Group LLC (70%); Tau-Ken Samruk (30%)")


def test_ndjson_can_be_imported_and_says_the_same(tmp_path: Path) -> None:
    """Record and envelope: an import reads the one and ignores the other."""
    file = tmp_path / "deals.ndjson"
    file.write_bytes(got("export.ndjson", "host=c5")[1])
    catalogue = Catalogue.load()
    for document in read_paths([str(file)]):
        record = read(document.content, catalogue)  # type: ignore[union-attr]
        edition = Edition.objects.current().get(key=record.key)
        assert as_document(record) == orjson.loads(edition.document.record_text)


@pytest.mark.parametrize("days", [{}, {"as_of": "{published}"}, {"on": "2024-06-01"}])
def test_stored_texts_are_sent_as_documents_and_summaries_read(days: dict[str, str]) -> None:
    """What is put behind a text is what reading it would add, for each of the deals."""
    published = Edition.objects.latest("published_at").published_at.date()
    query = "&".join(f"{name}={day.format(published=published)}" for name, day in days.items())
    filterset = DealFilterSet(QueryDict(query))
    clock, loaded = filterset.clock, list(filterset.qs.select_related("document"))
    assert [orjson.loads(text) for text in documents_of(filterset)] == details(loaded, clock)
    read = summaries(loaded, clock)
    assert list(summaries_of(filterset)) == read
    assert [row.decode() for row in rows_of(filterset)] == list(map(csv_writer(COLUMNS), read))
    assert len({(one["is_stale"], one["is_presumed_lapsed"]) for one in read}) == 3


@pytest.mark.parametrize("many", [1, 10_000])
def test_a_document_names_no_deal_that_readers_cannot_see(
    many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though its stored text does, which was true when it was written."""
    monkeypatch.setattr("deals.batches.MANY", many)
    monkeypatch.setattr("deals.batches.FIRST", 1)
    published(a_record(key="zz-hidden"))
    published(a_record(key="zz-seen"))
    links = [{"type": "follows", "deal": f"zz-{name}"} for name in ("hidden", "seen")]
    published(a_record(key="zz-linked", links=links))
    withdraw(Deal.objects.get(key="zz-hidden"), by=None, reason="A mistake.")
    documents = [orjson.loads(text) for text in documents_of(DealFilterSet(QueryDict("")))]
    found = {one["key"]: one for one in documents if one["key"].startswith("zz-")}
    assert found["zz-linked"]["record"]["links"] == links[1:]
    assert [link["deal"] for link in found["zz-linked"]["links"]] == ["zz-seen"]
    assert [link["direction"] for link in found["zz-seen"]["links"]] == ["in"]
    assert b"zz-hidden" not in orjson.dumps(documents)


def test_a_row_that_is_not_stored_or_has_other_columns_is_made_when_it_is_read() -> None:
    filterset = DealFilterSet(QueryDict("host=c5"))
    rows = list(rows_of(filterset))
    first, second, third = filterset.qs.values_list("pk", flat=True)[:3]
    EditionRow.objects.filter(edition=first).delete()
    EditionRow.objects.filter(edition=second).update(layout="earlier", text="of,other,columns")
    EditionRow.objects.filter(edition=third).update(text="\x1f,\x1f")
    again = list(rows_of(filterset))
    assert again[:2] == rows[:2]
    assert again[2].count(b",") == 1  # the others were read as they are stored
    assert again[3:] == rows[3:]


@pytest.mark.parametrize("days", ["", "as_of={published}"])
def test_links_that_are_looked_up_for_all_at_once_are_the_same(
    days: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = Edition.objects.latest("published_at").published_at.date()
    query = days.format(published=published)
    one_by_one = list(documents_of(DealFilterSet(QueryDict(query))))
    monkeypatch.setattr("deals.batches.MANY", 1)
    monkeypatch.setattr("deals.batches.FIRST", 1)
    monkeypatch.setattr("deals.batches.BATCH", 60)
    loads: list[Clock] = []

    def load(clock: Clock) -> Neighbours:
        loads.append(clock)
        return Neighbours.load(clock)

    monkeypatch.setattr("deals.exporting.Neighbours", SimpleNamespace(load=load))
    assert list(documents_of(DealFilterSet(QueryDict(query)))) == one_by_one
    assert len(loads) == 1
    assert sum(bool(orjson.loads(text)["links"]) for text in one_by_one) > 100


def test_a_deal_that_is_expunged_meanwhile_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its key was read before, its text is read after."""
    monkeypatch.setattr("deals.batches.FIRST", 1)
    monkeypatch.setattr("deals.batches.BATCH", 2)
    published(a_record(key="zz-a-deal"))
    published(a_record())
    published(a_record(key="zz-linked", links=[{"type": "follows", "deal": "zz-test-deal"}]))
    editions = Edition.objects.current().filter(key__startswith="zz-")
    filterset = DealFilterSet(QueryDict("ordering=announced_on"), editions)
    texts, read, rows = documents_of(filterset), summaries_of(filterset), rows_of(filterset)
    assert [next(texts), next(read), next(rows)]
    expunge(Deal.objects.get(key="zz-test-deal"), by=None, reason="Asked for by its subject.")
    assert [orjson.loads(text)["key"] for text in texts] == ["zz-linked"]
    assert [row["key"] for row in read] == ["zz-linked"]
    assert [row.split(b",")[0] for row in rows] == [b"zz-linked"]


@pytest.mark.parametrize("pieces", [1, 2, 3])
def test_a_file_that_is_left_keeps_nothing_open(
    pieces: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deals.batches.FIRST", 1)
    monkeypatch.setattr("deals.batches.BATCH", 2)
    threads = threading.active_count()
    for read_all in (documents_of, summaries_of, rows_of):
        with closing(read_all(DealFilterSet(QueryDict("")))) as file:
            for _ in range(pieces):
                next(file)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_cursors")
        assert cursor.fetchall() == []
    assert threading.active_count() == threads


def test_many_documents_read_as_each_alone() -> None:
    """Links are looked up for all at once, and none gets another's."""
    editions = list(
        Edition.objects.current().exclude(links=[]).select_related("document").order_by("key")[:40]
    )
    clock = Clock()
    assert details(editions, clock) == [details([one], clock)[0] for one in editions]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("", "lodebook-deals-{today}.csv"),
        ("host=kz&on=2025-06-01", "lodebook-deals-host-kz-on-2025-06-01-{today}.csv"),
        (
            "mineral=tungsten&mineral=antimony&status__not=closed&as_of={today}&ordering=title",
            "lodebook-deals-mineral-tungsten-antimony-status-not-closed-as-of-{today}.csv",
        ),
        ("disputed=true&announced_after=2025-06", "lodebook-deals-{found}-{today}.csv"),
        ("q=" + "x" * 90, "lodebook-deals-selection-{today}.csv"),
        ("q=%C2%AB%22Türkiye%22/..%0D%0A", "lodebook-deals-q-turkiye-{today}.csv"),
    ],
)
def test_files_are_named_by_what_they_hold(query: str, name: str) -> None:
    words = {"today": Clock().today, "found": "announced-after-2025-06-disputed-yes"}
    response, _ = got("export.csv", query.format(**words))
    expected = name.format(**words)
    assert response["Content-Disposition"] == f'attachment; filename="{expected}"'


def test_a_file_says_its_licence_and_what_to_cite() -> None:
    response, _ = got("export.csv", "host=kz&columns=title&on=2025-06-01")
    today = Clock().today
    assert response["Link"] == (
        '<https://creativecommons.org/licenses/by/4.0/>; rel="license", '
        f'<http://testserver/deals/?host=kz&on=2025-06-01&as_of={today}>; rel="cite-as"'
    )
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("path", FILES)
def test_the_head_of_a_file_reads_no_deal_and_says_the_same(path: str) -> None:
    response, content = got(path, "host=kz")
    with CaptureQueriesContext(connection) as captured:
        head = Client().head(f"/deals/{path}?host=kz")
    assert head.status_code == 200
    assert not [query for query in captured if "deals_edition" in query["sql"]]
    for name in ("Content-Disposition", "Content-Type", "Link"):
        assert head[name] == response[name]
    assert "Content-Length" not in head or int(head["Content-Length"]) == len(content)


@pytest.mark.parametrize("path", FILES)
def test_a_file_is_kept_until_something_changes(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Other tests' databases on the same server move the real version.
    monkeypatch.setattr("config.lib.caching.present_version", lambda: ("as it stands",))
    response, _ = got(path, "host=kz")
    again = Client().get(f"/deals/{path}?host=kz", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", FILES)
def test_what_cannot_be_read_at_first_is_no_file(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OperationalError from QueryCanceled("canceling statement due to statement timeout")

    monkeypatch.setattr("deals.batches.islice", fails)
    response = Client().get(f"/deals/{path}")
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", FILES[:3])
def test_what_breaks_off_midway_does_not_look_complete(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server closes the connection before the end of the last chunk."""

    def breaks_off(*arguments: Any, **options: Any) -> Iterator[Any]:
        yield next(batches_of(*arguments, **options))
        raise OperationalError from QueryCanceled("canceling statement due to statement timeout")

    monkeypatch.setattr("deals.exporting.batches_of", breaks_off)
    response: Any = Client().get(f"/deals/{path}")
    assert response.status_code == 200
    with pytest.raises(OperationalError):
        b"".join(response.streaming_content)


def test_a_withdrawn_deal_is_in_no_file() -> None:
    published(a_record(title="Quokkaburra"))
    withdraw(Deal.objects.get(key="zz-test-deal"), by=None, reason="No.")
    for path in FILES[:3]:
        assert b"quokkaburra" not in got(path)[1].lower()


@pytest.mark.parametrize(
    ("path", "queries"), [("export.csv", 3), ("export.ndjson", 10), ("export.xlsx", 6)]
)
def test_a_file_costs_few_queries(path: str, queries: int) -> None:
    """One for the keys of all deals; then three for the links of some hundred at once."""
    with CaptureQueriesContext(connection) as captured:
        got(path)
    assert len(captured) <= queries


@pytest.mark.parametrize("path", [*FILES, "feed.atom"])
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("minral=tungsten", "minral"),
        ("mineral=tungstn", "mineral"),
        ("page=2", "page"),
        ("view=map", "view"),
        ("as_of=2999-01-01", "as_of"),
        ("utm_source=x", "utm_source"),
    ],
)
def test_what_is_wrong_is_named(path: str, query: str, parameter: str) -> None:
    response = Client().get(f"/deals/{path}?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert [error["parameter"] for error in response.json()["errors"]] == [parameter]


def test_a_wrong_column_is_named() -> None:
    response = Client().get("/deals/export.csv?columns=titel")
    assert response.json()["errors"][0]["nearest"] == "title"
    assert Client().get("/deals/export.json?columns=title").status_code == 400
    assert Client().get("/deals/export.xlsx?columns=title,titel").status_code == 400


def test_a_group_of_columns_is_what_the_screen_shows_of_it() -> None:
    heading = got("export.csv", "columns=where,stage,hosts")[1].split(b"\r\n")[0].decode()
    assert heading == "hosts,host_names,partners,partner_names,stage"


def test_csv_for_spreadsheets_has_words_and_no_formula() -> None:
    published(a_record(title="=1+1", summary="@SUM(A1)"))
    content = got("export.csv", "for=spreadsheet&columns=title,summary&q=%22=1%2B1%22")[1]
    assert content.startswith(b"\xef\xbb\xbfDeal,Summary\r\n")
    assert b"'=1+1,'@SUM(A1)" in content
    response = Client().get("/deals/export.csv?for=people")
    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] == "for"


@pytest.mark.parametrize("path", [*FILES, "feed.atom"])
def test_nothing_can_be_posted(path: str) -> None:
    assert Client().post(f"/deals/{path}").status_code == 405


# -- The feed -------------------------------------------------------------------------------------


def entries(query: str = "") -> list[ElementTree.Element]:
    response, content = got("feed.atom", query)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(content).findall(f"{ATOM}entry")


def texts(found: list[ElementTree.Element], tag: str) -> list[str]:
    return [entry.findtext(f"{ATOM}{tag}") or "" for entry in found]


def test_the_feed_has_what_was_published_newest_first() -> None:
    published(a_record(title="First words"))
    published(a_record(title="Second words"))
    assert texts(entries(), "title")[:2] == ["Second words (edition 2)", "First words"]
    assert len(entries()) == 50


def test_an_entry_is_an_edition_for_good() -> None:
    published(a_record())
    entry = entries()[0]
    assert entry.findtext(f"{ATOM}id") == "http://testserver/deals/zz-test-deal/editions/1/"
    assert entry.findtext(f"{ATOM}summary") == "Two firms agree on something."


def test_a_later_edition_says_what_it_changed() -> None:
    published(a_record(status="mou_signed"))
    published(a_record(status="agreement_signed", note="Terms are open."))
    assert texts(entries(), "summary")[:2] == [
        "Agreement: MoU signed → Agreement signed. Caveats, new: Terms are open.",
        "Two firms agree on something.",
    ]


def test_the_pages_of_the_feed_leave_nothing_out() -> None:
    """Though something is published while they are read."""
    address, found = "feed.atom?ordering=title", []
    while address:
        path, _, query = address.rpartition("/")[2].partition("?")
        feed = ElementTree.fromstring(got(path, query)[1])
        assert feed.findtext(f"{ATOM}id") == "http://testserver/deals/feed.atom?ordering=title"
        found += texts(feed.findall(f"{ATOM}entry"), "id")
        links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
        if not address.startswith("feed"):
            assert links["first"] == "http://testserver/deals/feed.atom?ordering=title"
        address = links.get("next") or ""
        published(a_record(title=f"Meanwhile {len(found)}"))
    old = Edition.objects.exclude(key="zz-test-deal").order_by("-seq")
    assert found == [f"http://testserver{edition.get_absolute_url()}" for edition in old]


def test_a_feed_names_itself_its_author_and_its_licence() -> None:
    feed = ElementTree.fromstring(got("feed.atom", "host=KZ&mineral=tungsten")[1])
    assert feed.findtext(f"{ATOM}title") == "Lodebook: Tungsten deals hosted in Kazakhstan"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Lodebook"
    assert feed.findtext(f"{ATOM}rights") == "CC BY 4.0"


@pytest.mark.parametrize("before", ["x", "-1", "0", "1.5", "9" * 30])
def test_a_place_in_the_feed_that_is_none_is_refused(before: str) -> None:
    response = Client().get(f"/deals/feed.atom?before={before}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] == "before"


def test_the_feed_costs_few_queries() -> None:
    for number in range(3):
        published(a_record(title=f"Version {number}"))
    with CaptureQueriesContext(connection) as captured:
        got("feed.atom", "ordering=title")
    assert len(captured) <= 3


def test_the_feed_of_a_selection() -> None:
    published(a_record(title="In Kazakhstan"))
    assert texts(entries("host=c5"), "title")[0] == "In Kazakhstan"
    assert "In Kazakhstan" not in texts(entries("host=CD"), "title")


def test_a_new_name_of_a_company_is_no_news() -> None:
    before = texts(entries("q=Severniy"), "id")
    company = Company.objects.get(slug="tau-ken-samruk")
    company.name = "Renamed"
    company.save()
    assert (refreshed := refresh_company(company, by=None)) and refreshed.done
    assert texts(entries("q=Severniy"), "id") == before


def test_as_of_shows_what_was_published_by_then() -> None:
    published(a_record(title="Today's"))
    first_day = Edition.objects.earliest("published_at").published_at.date()
    titles = texts(entries(f"as_of={first_day}"), "title")
    newest = Edition.objects.get(key="zz-test-deal").published_at.date()
    assert ("Today's" in titles) == (newest == first_day)
    assert titles


def test_the_feed_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    # Other tests' databases on the same server move the real version.
    monkeypatch.setattr("config.lib.caching.present_version", lambda: ("as it stands",))
    response, _ = got("feed.atom")
    again = Client().get("/deals/feed.atom", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
