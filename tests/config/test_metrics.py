"""`/metrics`: monitors read it, nobody else does, and its labels have few values."""

from __future__ import annotations

import json
import logging
import os
import signal
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.checks import run_checks
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import ResolverMatch
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import DjangoAssertNumQueries, Settings

from config.lib.metrics import METHODS, NO_VIEW, OTHER_METHOD, STATIC, MetricsMiddleware
from deals.models import Company, Edition, Renaming
from deals.publishing import submit
from tests.deals.records import COVE_DEAL, a_record, written
from tests.routes import public_routes
from tests.serving import Site, serving

HERE = {"host": "127.0.0.1"}
"""By this, and by its address, the tests' client asks from the same machine."""
TOKEN = "a-token-that-is-long-enough"
type Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Refusals are what is asked for here."""
    caplog.set_level(logging.CRITICAL, logger="django")
    caplog.set_level(logging.CRITICAL, logger="config.metrics")


def parsed(text: str) -> Samples:
    """Each sample by its name and labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scraped() -> Samples:
    answer = Client().get("/metrics", headers=HERE)
    assert answer.status_code == 200
    return parsed(answer.content.decode())


def one(samples: Samples, name: str, **labels: str) -> float:
    """The value of a sample; 0 for what was not counted yet."""
    return samples.get((name, frozenset(labels.items())), 0)


def of_name(samples: Samples, name: str) -> list[dict[str, str]]:
    """The labels of all samples of a name."""
    return [dict(labels) for found, labels in samples if found == name]


# -- Who may read it -------------------------------------------------------------------------------


def status_of(*, token: str = "", peer: str = "127.0.0.1", **headers: str) -> int:
    """How a reader is answered. Whoever is refused learns nothing, and no cache keeps either."""
    sent = HERE | {name.replace("_", "-"): value for name, value in headers.items()}
    if token:
        sent["authorization"] = token
    answer = Client().get("/metrics", headers=sent, REMOTE_ADDR=peer)
    assert answer["Cache-Control"] == "private, no-store"
    assert ("lodebook_" in answer.content.decode()) == (answer.status_code == 200)
    return answer.status_code


@pytest.mark.django_db
def test_a_reader_learns_nothing() -> None:
    for peer in ("192.0.2.7", "10.0.0.1", "2001:db8::1", ""):  # the last is a socket's
        assert status_of(peer=peer) == 403, peer
    refused = Client().get("/metrics", REMOTE_ADDR="192.0.2.7")
    assert "METRICS_TOKEN" in refused.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.9.10", "::1"])
def test_this_machine_reads_it_where_no_token_is_set(peer: str) -> None:
    assert status_of(peer=peer) == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers",
    [
        {"x_forwarded_for": "192.0.2.7"},
        {"x_forwarded_for": "127.0.0.1"},
        {"x_forwarded_proto": "https"},
        {"x_forwarded_host": "127.0.0.1"},
        {"x_real_ip": "127.0.0.1"},
        {"forwarded": "for=127.0.0.1"},
        {"via": "1.1 proxy"},
        {"host": "testserver"},
    ],
    ids=str,
)
def test_a_proxy_on_this_machine_is_not_this_machine(headers: dict[str, str]) -> None:
    """Whoever asks it would seem to be here. One that adds nothing still keeps the site's name."""
    assert status_of(**headers) == 403


@pytest.mark.django_db
def test_behind_a_proxy_a_token_is_needed(settings: Settings) -> None:
    settings.BEHIND_PROXY = True
    assert status_of() == 403
    settings.METRICS_TOKEN = TOKEN
    assert status_of() == 403
    assert status_of(token=f"Bearer {TOKEN}", x_forwarded_for="192.0.2.7", host="testserver") == 200


@pytest.mark.django_db
def test_the_token_opens_it_from_anywhere(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    for token in (f"Bearer {TOKEN}", f"bearer {TOKEN}", f"Bearer  {TOKEN} "):
        assert status_of(token=token, peer="192.0.2.7") == 200, token


@pytest.mark.django_db
@pytest.mark.parametrize(
    "token",
    ["", TOKEN, "Bearer", "Bearer ", f"Basic {TOKEN}", f"Bearer {TOKEN[:-1]}", "Bearer tökén"],
)
def test_no_other_token_opens_it(settings: Settings, token: str) -> None:
    """Nor does this machine then: a token that is set is needed by all."""
    settings.METRICS_TOKEN = TOKEN
    assert status_of(token=token) == 403


@pytest.mark.django_db
def test_a_token_opens_nothing_where_none_is_set() -> None:
    assert status_of(token="Bearer ", peer="192.0.2.7") == 403
    assert status_of(token="Bearer None", peer="192.0.2.7") == 403


def test_it_is_only_read() -> None:
    answer = Client(enforce_csrf_checks=True).post("/metrics", headers=HERE)
    assert (answer.status_code, answer["Cache-Control"]) == (405, "private, no-store")


@pytest.mark.django_db
def test_it_is_asked_over_plain_http_from_within(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/deals/", headers=HERE).status_code == 301
    assert status_of() == 200


@pytest.mark.parametrize(
    "token", ["only-short", "with a space and long enough", "längerundlängerundlänger"]
)
def test_a_token_that_is_weak_or_no_header_can_hold_is_refused(
    settings: Settings, token: str
) -> None:
    """At the start, and without repeating it: errors end up in logs."""
    settings.METRICS_TOKEN = token
    (found,) = run_checks(tags=["settings"])
    assert found.id == "config.E006"
    assert token not in str(found)
    settings.METRICS_TOKEN = TOKEN
    assert run_checks(tags=["settings"]) == []


@pytest.mark.django_db
def test_no_map_leads_there() -> None:
    assert "\nDisallow: /metrics\n" in Client().get("/robots.txt").content.decode()
    assert "metrics" not in Client().get("/sitemap-pages.xml").content.decode()


# -- What the database says ------------------------------------------------------------------------


@pytest.mark.django_db
def test_it_says_what_is_published(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(4):
        samples = scraped()
    newest = Edition.objects.latest("seq")
    assert one(samples, "lodebook_database_up") == 1
    assert one(samples, "lodebook_published_deals") == Edition.objects.current().count() > 400
    assert one(samples, "lodebook_newest_edition_seq") == newest.seq
    published_at = one(samples, "lodebook_newest_edition_timestamp_seconds")
    assert published_at == pytest.approx(newest.published_at.timestamp())


@pytest.mark.django_db
def test_drafts_that_wait_are_counted_and_not_named() -> None:
    (deal,) = written(a_record(title="A secret title"))
    assert one(scraped(), "lodebook_deals_to_review") == 0
    submit(deal)
    answer = Client().get("/metrics", headers=HERE).content.decode()
    assert one(parsed(answer), "lodebook_deals_to_review") == 1
    assert "secret" not in answer
    assert deal.key not in answer


@pytest.mark.django_db
def test_renamings_are_counted_by_state() -> None:
    """Each state is there from the beginning, so that an alarm can be set on it."""
    name = "lodebook_renamings"
    expected = {"waiting": 0.0, "running": 0.0, "failed": 0.0}
    samples = scraped()
    assert {labels["state"]: one(samples, name, **labels) for labels in of_name(samples, name)} == (
        expected
    )
    for state in ("waiting", "failed", "failed", "finished"):
        company = Company.objects.order_by("pk")[Renaming.objects.count()]
        Renaming.objects.create(company=company, state=state, total=0, new_name="Another")
    samples = scraped()
    assert one(samples, name, state="waiting") == 1
    assert one(samples, name, state="failed") == 2
    assert len(of_name(samples, name)) == 3


def test_without_a_database_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what was answered all the same: then it is looked at most."""

    def away(*args: object) -> None:
        raise OperationalError("gone") from psycopg.OperationalError("gone")

    monkeypatch.setattr(connection, "ensure_connection", away)
    samples = scraped()
    assert one(samples, "lodebook_database_up") == 0
    assert of_name(samples, "lodebook_published_deals") == []
    assert one(samples, "lodebook_http_requests_in_progress") == 1


def test_the_index_of_each_process_is_told(own_database: str, settings: Settings) -> None:
    """Of a process by itself it is the one that answers."""
    settings.BITMAPS_FROM_DEALS = 1
    count = Edition.objects.current().count()
    samples = scraped()
    assert one(samples, "lodebook_index_loaded") == 1
    assert one(samples, "lodebook_index_deals") == count
    assert one(samples, "lodebook_index_bytes") > 10_000
    assert one(samples, "lodebook_published_deals") == count

    assert one(samples, "process_resident_memory_bytes", pid=str(os.getpid())) > 10_000_000


# -- What was answered -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_requests_are_counted_by_view_method_and_status() -> None:
    asked = [
        ("deals:detail", "GET", "200", f"/deals/{COVE_DEAL}/"),
        ("deals:detail", "GET", "404", "/deals/nothing/"),
        ("deals:detail", "HEAD", "200", f"/deals/{COVE_DEAL}/"),
        ("api:deal-list", "GET", "400", "/api/v1/deals/?hots=kz"),
        ("deals:list", "POST", "405", "/deals/"),
        ("admin:index", "GET", "302", "/admin/"),
        (NO_VIEW, "GET", "404", "/nothing/here"),
        (STATIC, "GET", "404", "/static/nothing.css"),
    ]
    before = scraped()
    for _, method, _, address in asked:
        Client().generic(method, address)
    after = scraped()
    for view, method, status, address in asked:
        name, labels = "lodebook_http_requests_total", {"view": view, "method": method}
        more = one(after, name, **labels, status=status) - one(
            before, name, **labels, status=status
        )
        assert more == 1, address
        name = "lodebook_http_request_seconds_count"
        of_all = sum(1 for other in asked if other[:2] == (view, method))
        assert one(after, name, **labels) - one(before, name, **labels) == of_all, address
        bucket = one(after, "lodebook_http_request_seconds_bucket", **labels, le="+Inf")
        assert bucket == one(after, name, **labels)


@pytest.mark.django_db
def test_labels_are_none_of_what_is_typed() -> None:
    """Else anybody could fill a monitor's memory, and read there what others looked for."""
    odd = [
        *("/wp-login.php", "/a/b/c/d", "/%00", "/deals/%FF/", "/deals/%22%0A/", "/metrics/", "//"),
        *(f"/deals/zz-{number}/" for number in range(5)),
        *("/static/nothing.css", "/countries/%F0%9F%98%80/", "/deals/?q=looked-for", "/admin/odd/"),
    ]
    client = Client(raise_request_exception=False)
    before = scraped()
    for address in odd:
        for method in ("GET", "BREW", "GET\N{SNOWMAN}"):
            client.generic(method, address)
    client.get("/deals/", headers={"host": "evil.example"})
    # Other tests of this process asked views of their own.
    samples = {key: value for key, value in scraped().items() if value != before.get(key)}

    labels = of_name(samples, "lodebook_http_requests_total")
    assert len(labels) > 5
    known = {route.name for route in public_routes()} | {"metrics", NO_VIEW, STATIC}
    others = {label["view"] for label in labels} - known
    assert all(view.startswith(("admin:", "config.root_files.")) for view in others), others
    assert {label["method"] for label in labels} <= METHODS | {OTHER_METHOD}
    assert {label["status"] for label in labels} <= {str(status) for status in range(200, 600)}
    text = json.dumps([sorted(key[1]) for key in samples])
    assert not any(word in text for word in ("zz-", "wp-", "BREW", "looked-for", "evil", "odd"))


def answered(request: HttpRequest, view: Callable[[HttpRequest], Any]) -> Any:
    request.resolver_match = ResolverMatch(view, (), {}, url_name="of-a-test")
    return MetricsMiddleware(view)(request)


def in_progress() -> float:
    """Besides the request that asks."""
    return one(scraped(), "lodebook_http_requests_in_progress") - 1


@pytest.mark.django_db
def test_what_is_in_progress_is_counted(rf: RequestFactory) -> None:
    seen: list[float] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(in_progress())
        return HttpResponse()

    answered(rf.get("/"), view)
    assert (seen, in_progress()) == ([1], 0)


@pytest.mark.django_db
@pytest.mark.parametrize("is_read", [True, False])
def test_a_file_is_in_progress_until_it_is_sent(rf: RequestFactory, *, is_read: bool) -> None:
    """Or until its reader goes away, even before the first byte."""

    def count() -> float:
        return one(scraped(), "lodebook_http_request_seconds_count", view="of-a-test", method="GET")

    before = count()
    parts = iter([b"a", b"b"])
    answer = answered(rf.get("/"), lambda request: StreamingHttpResponse(parts))
    assert (in_progress(), count()) == (1, before)
    if is_read:
        assert b"".join(answer.streaming_content) == b"ab"
    answer.close()
    answer.close()
    assert (in_progress(), count()) == (0, before + 1)


@pytest.mark.django_db
def test_a_view_that_breaks_down_is_not_in_progress_for_ever(rf: RequestFactory) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise SystemExit

    with pytest.raises(SystemExit):
        answered(rf.get("/"), view)
    assert in_progress() == 0


# -- Several processes -----------------------------------------------------------------------------


def fetched(site: Site, path: str, **headers: str) -> str:
    request = urllib.request.Request(f"{site.url}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        text: str = answer.read().decode()
    return text


def scraped_until(site: Site, is_right: Callable[[Samples, set[str]], bool]) -> Samples:
    """The first scrape that is right by itself and by the processes that it names."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        samples = parsed(fetched(site, "/metrics"))
        pids = {labels["pid"] for labels in of_name(samples, "lodebook_index_loaded")}
        if is_right(samples, pids):
            return samples
    raise AssertionError(f"Not within a minute; the processes are {pids}")


def test_all_workers_are_counted_together(own_database: str, tmp_path: Path) -> None:
    """As production runs, with the file that gunicorn reads there; one of them dies meanwhile."""

    def health_checks(samples: Samples) -> float:
        name, labels = "lodebook_http_requests_total", {"view": "healthz", "method": "GET"}
        return one(samples, name, **labels, status="200")

    with serving(own_database, tmp_path / "static", options=("--workers", "2")) as site:
        folders = list(Path(tempfile.gettempdir()).glob(f"lodebook-metrics-{site.pid}-*"))
        assert len(folders) == 1
        samples = scraped_until(site, lambda samples, pids: len(pids) == 2)
        before = {labels["pid"] for labels in of_name(samples, "lodebook_index_loaded")}
        assert health_checks(samples) == 1  # by which the test waited for the server
        for _ in range(20):
            fetched(site, "/healthz")
        samples = parsed(fetched(site, "/metrics"))
        assert health_checks(samples) == 21
        assert one(samples, "lodebook_http_requests_in_progress") == 1
        memory = of_name(samples, "process_resident_memory_bytes")
        assert {labels["pid"] for labels in memory} == before
        with pytest.raises(urllib.error.HTTPError, match="403"):
            fetched(site, "/metrics", **{"X-Forwarded-For": "127.0.0.1"})

        killed = min(before)
        os.kill(int(killed), signal.SIGKILL)
        samples = scraped_until(site, lambda _, pids: len(pids) == 2 and killed not in pids)
        assert health_checks(samples) == 21
    assert not folders[0].exists()
