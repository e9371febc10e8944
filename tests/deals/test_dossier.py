"""The record of a deal: what is refused, and that nothing is lost between document and tables."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings

from config.lib.documents import dump_yaml, load_yaml
from deals.dossier import (
    Catalogue,
    RecordError,
    as_document,
    build,
    build_documents,
    incomplete,
    read,
    write,
)
from deals.importing import Document as ImportedDocument
from deals.importing import import_documents, read_paths
from deals.indexing import stored_record
from deals.models import Citation, Company, Deal, Edition, FinancingLine, Milestone, Party, Source
from deals.models.financing import FinancingEvent
from tests.deals.any_record import records
from tests.deals.records import (
    DFC,
    EXIM,
    Document,
    a_line,
    a_record,
    a_source,
    a_value,
    an_event,
    written,
)


@pytest.fixture
def catalogue(db: None) -> Catalogue:
    return Catalogue.load()


def problems_of(document: object, catalogue: Catalogue | None = None) -> dict[str, str]:
    """Path → reason of everything that is wrong."""
    with pytest.raises(RecordError) as caught:
        read(document, catalogue)
    return {problem.path: problem.reason for problem in caught.value.problems}


def test_a_least_record_is_read_and_can_be_published(catalogue: Catalogue) -> None:
    record = read(a_record(), catalogue)

    assert record.title == "A deal for tests"
    assert incomplete(record) == []


@pytest.mark.parametrize(
    ("fields", "path", "words"),
    [
        ({"valeu": {}}, "valeu", "no key of a record"),
        ({"minerals_unspecified": "yes"}, "minerals_unspecified", "true or false"),
        ({"minerals_unspecified": 1}, "minerals_unspecified", "true or false"),
        ({"title": 5}, "title", "must be text"),
        ({"title": " "}, "title", "is empty"),
        ({"title": "one\ntwo"}, "title", "several lines"),
        ({"title": "a\u0007b"}, "title", "control character U+0007"),
        ({"title": "a\u0090b"}, "title", "control character U+0090"),
        ({"title": "a\u2028b"}, "title", "control character U+2028"),
        ({"title": "x" * 201}, "title", "longer than 200"),
        ({"title": "\u0958" * 101}, "title", "longer than 200"),  # grows when normalised
        ({"summary": "x" * 10_001}, "summary", "longer than 10000"),
        ({"key": "Not A Key"}, "key", "has not the form"),
        ({"kind": "offtak"}, "kind", "did you mean “offtake”?"),
        ({"status": "signed"}, "status", "is no known code"),
        ({"announced_on": "6 November 2025"}, "announced_on", "YYYY-MM-DD"),
        ({"announced_on": "2025-02-30"}, "announced_on", "calendar"),
        ({"announced_on": 2025}, "announced_on", "must be text"),
        ({"announced_on": "9999"}, "announced_on", "too late"),
        ({"verified_on": "2025-11"}, "verified_on", "no single day"),
        ({"signed_on": "2026", "closed_on": "2025"}, "closed_on", "before the signing"),
        ({"value": a_value(low=-1)}, "value.low", "not above 0"),
        ({"value": a_value(low=2, high=1)}, "value", "low 2 is above high 1"),
        ({"value": a_value(low="5")}, "value.low", "must be a number"),
        ({"value": a_value(low=True)}, "value.low", "must be a number"),
        ({"value": a_value(high=10**17)}, "value.high", "whole units"),
        ({"value": a_value(low=1.001)}, "value.low", "more than two decimals"),
        ({"value": a_value(currency="usd")}, "value.currency", "has not the form"),
        ({"value": 5}, "value", "must be a mapping"),
        ({"countries": {"country": "KZ"}}, "countries", "must be a list"),
        ({"countries": [{"country": "KA", "role": "host"}]}, "countries[0].country", "country"),
        ({"countries": [{"role": "host"}]}, "countries[0]", "either a country or a bloc"),
        ({"minerals": ["tungstn"]}, "minerals[0]", "did you mean “tungsten”?"),
        ({"minerals": ["tin", "tin"]}, "minerals", "stands 2 times"),
        ({"event": "c51-washingon-2025"}, "event", "did you mean “c51-washington-2025”?"),
        ({"also_kinds": ["offtake"]}, "also_kinds", "main kind already"),
        ({"links": [{"type": "part_of", "deal": "zz-test-deal"}]}, "links[0].deal", "no known"),
        ({"sources": [a_source(url="example.org")]}, "sources[0].url", "no web address"),
        ({"sources": [a_source(url="https://a.b:99999/")]}, "sources[0].url", "no web address"),
        ({"sources": [a_source(url="https://[a.b/")]}, "sources[0].url", "no web address"),
        ({"sources": [a_source(url="https://a.b/" + "я" * 999)]}, "sources[0].url", "2000 bytes"),
        (
            {"sources": [a_source(), a_source(ref="s2", url="https://example.org/s1")]},
            "sources",
            "2",
        ),
        ({"sources": [a_source(), a_source(url="https://example.org/x")]}, "sources.ref", "“s1”"),
        (
            {"milestones": [{"ref": "m1", "note": "x", "source": "s9"}]},
            "milestones[0].source",
            "s9",
        ),
        ({"milestones": [{"ref": "M 1", "note": "x"}]}, "milestones[0].ref", "has not the form"),
    ],
)
def test_a_wrong_field_is_named_with_value_and_way_out(
    catalogue: Catalogue, fields: Document, path: str, words: str
) -> None:
    found = problems_of(a_record(**fields), catalogue)

    assert list(found) == [path]
    assert words in found[path]


@pytest.mark.parametrize(
    ("line", "path", "words"),
    [
        (a_line(usd=-5), "financing[0].amount", "not above 0"),
        (a_line(providers=[]), "financing[0].providers", "at least one"),
        (a_line(providers=[DFC, DFC]), "financing[0].providers", "2 times"),
        (a_line(providers=["exim"]), "financing[0].providers[0]", "no known company"),
        (a_line(instrument="lone"), "financing[0].instrument", "did you mean “loan”?"),
        (a_line(usd=None, currency="USD"), "financing[0]", "needs a currency"),
        (a_line(within="f7"), "financing[0].within", "no financing line"),
        (a_line(within="f1"), "financing[0].within", "circle"),
        (a_line(status="promised"), "financing[0].events[0].status", "no known code"),
        (a_line() | {"events": []}, "financing[0].events", "at least one"),
        (
            a_line(events=[an_event(status="closed"), an_event(status="disbursed")]),
            "financing[0].events.ref",
            "2 times",
        ),
        (
            a_line(events=[an_event(status="closed", source="s4")]),
            "financing[0].events[0].source",
            "ref of no source",
        ),
    ],
)
def test_a_wrong_financing_line_is_refused(
    catalogue: Catalogue, line: Document, path: str, words: str
) -> None:
    found = problems_of(a_record(financing=[line]), catalogue)

    assert list(found) == [path]
    assert words in found[path]


@pytest.mark.parametrize(
    ("stake", "words"),
    [(120, "between 0 and 100"), (-1, "between 0 and 100"), (1.23456, "four decimals")],
)
def test_a_wrong_stake_is_refused(catalogue: Catalogue, stake: float, words: str) -> None:
    party = {"ref": "p1", "company": DFC, "role": "lender", "stake_percent": stake}

    found = problems_of(a_record(parties=[party]), catalogue)

    assert words in found["parties[0].stake_percent"]


def test_everything_wrong_is_found_at_once_and_each_thing_once(catalogue: Catalogue) -> None:
    document = a_record(
        kind="offtak",
        announced_on="soon",
        colour="red",
        parties=[{"ref": "p1", "company": DFC, "role": "lender", "stake_percent": "70"}],
    )
    del document["title"]

    with pytest.raises(RecordError) as caught:
        read(document, catalogue)

    assert sorted(problem.path for problem in caught.value.problems) == [
        "announced_on",
        "colour",
        "kind",
        "parties[0].stake_percent",
        "title",
    ]


def test_a_long_wrong_value_does_not_fill_the_screen(catalogue: Catalogue) -> None:
    found = problems_of(a_record(event="x" * 100_000, minerals=["y" * 500]), catalogue)

    assert all(len(reason) < 200 for reason in found.values())


@pytest.mark.parametrize("document", [None, [], "text", 5, {"record": []}, {}])
def test_what_is_no_record_is_refused(document: object) -> None:
    assert problems_of(document)


def test_an_envelope_is_opened_and_what_was_computed_is_ignored(catalogue: Catalogue) -> None:
    envelope = {"key": "zz-test-deal", "value_usd": -1, "is_disputed": "?", "record": a_record()}

    assert read(envelope, catalogue) == read(a_record(), catalogue)


@pytest.mark.parametrize(
    ("envelope", "path", "words"),
    [
        ({"key": "zz-other"}, "key", "the envelope says “zz-other”"),
        ({"title": "Another"}, "title", "the record “A deal for tests”"),
        ({"dossier_version": 99}, "dossier_version", "99 is not known"),
    ],
)
def test_an_envelope_that_contradicts_its_record_is_refused(
    catalogue: Catalogue, envelope: Document, path: str, words: str
) -> None:
    found = problems_of({**envelope, "record": a_record()}, catalogue)

    assert words in found[path]


def test_a_merged_companys_slug_reads_as_its_successors(db: None) -> None:
    Company.objects.create(
        slug="old-name", name="Old Name", merged_into=Company.objects.get(slug=DFC)
    )
    catalogue = Catalogue.load()

    record = read(a_record(financing=[a_line(providers=["old-name"])]), catalogue)
    twice = problems_of(a_record(financing=[a_line(providers=["old-name", DFC])]), catalogue)

    assert record.financing[0].providers == [DFC]
    assert "2 times" in twice["financing[0].providers"]


def test_text_is_trimmed_normalised_and_its_line_breaks_are_one_character() -> None:
    record = read(a_record(title="  Cafe\u0301 ", summary="one\r\ntwo\rthree"), None)

    assert record.title == "Café"
    assert record.summary == "one\ntwo\nthree"


def test_numbers_are_kept_in_their_shortest_form() -> None:
    record = read(a_record(value=a_value(low=70.0, high=70.5)), None)

    assert dump_yaml(as_document(record, mode="short")).count("70.0") == 0
    assert record.value and (record.value.low, record.value.high) == (70, 70.5)


@pytest.mark.parametrize(
    ("fields", "words"), [({"sources": []}, "source"), ({"countries": []}, "host country or bloc")]
)
def test_what_keeps_a_record_from_publication(fields: Document, words: str) -> None:
    assert words in str(incomplete(read(a_record(**fields), None))[0])


def test_writing_and_building_any_published_record_gives_it_back(db: None) -> None:
    editions = Edition.objects.current().select_related("document").order_by("key")
    records = [stored_record(edition.document) for edition in editions]
    Deal.objects.exclude(key__in=Edition.objects.current().values("key")).delete()
    sources = set(Source.objects.values_list("pk", flat=True))

    deals = write(records, Catalogue.load())

    assert len(records) > 400
    assert build_documents(deals) == [as_document(record) for record in records]
    assert set(Source.objects.values_list("pk", flat=True)) == sources


def test_a_new_deal_made_from_any_record_gives_it_back(db: None) -> None:
    """The same for rows that are inserted, not found."""
    editions = Edition.objects.current().select_related("document").order_by("key")
    documents = [as_document(stored_record(edition.document)) for edition in editions]
    for document in documents:
        document["key"] = f"zz-{document['key']}"[:80].strip("-")
        document["links"] = []

    deals = written(*documents)

    assert build_documents(deals) == documents


# -- Any record whatever --------------------------------------------------------------------------


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,  # the same records everywhere, so that nobody else's change fails here
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(first=records(), second=records())
def test_any_record_survives_file_and_tables(
    db: None, catalogue: Catalogue, first: Document, second: Document
) -> None:
    """A deal is made from one record and then becomes another, whatever the two are."""
    for document in (first, second):
        record = read(document, catalogue)
        short = as_document(record, mode="short")

        assert load_yaml(dump_yaml(short)) == short
        assert read(short, catalogue) == record
        assert build(write([record], catalogue)[0]) == record


# -- Changes ----------------------------------------------------------------------------------


def rich_record(**fields: Any) -> Document:
    return a_record(
        parties=[
            {"ref": "p1", "company": DFC, "role": "lender", "stake_percent": 70},
            {"ref": "p2", "company": EXIM, "role": "lender"},
        ],
        financing=[a_line(ref="f1"), a_line(ref="f2", usd=10, within="f1")],
        milestones=[{"ref": "m1", "note": "One", "source": "s1"}, {"ref": "m2", "note": "Two"}],
        sources=[a_source(ref="s1"), a_source(ref="s2")],
        citations=[{"ref": "c1", "source": "s1", "fact": "value"}],
        **fields,
    )


def keys_by_ref(model: Any) -> dict[str, int]:
    return dict(model._default_manager.filter(deal__key="zz-test-deal").values_list("ref", "pk"))


def test_an_item_with_a_known_ref_is_changed_and_not_made_anew(db: None) -> None:
    written(rich_record())
    models = (Party, FinancingLine, Milestone, Source, Citation)
    before = {model: keys_by_ref(model) for model in models}
    changed = rich_record(title="Another title")
    changed["parties"][0]["stake_percent"] = 12.5
    changed["financing"][1]["amount"] = 11
    changed["milestones"].reverse()

    (deal,) = written(changed)

    assert {model: keys_by_ref(model) for model in models} == before
    assert build(deal) == read(changed, None)


def test_two_sources_can_swap_addresses_and_two_parties_places(db: None) -> None:
    written(rich_record())
    before = keys_by_ref(Source) | keys_by_ref(Party)
    swapped = rich_record()
    first, second = swapped["sources"]
    first["url"], second["url"] = second["url"], first["url"]
    first, second = swapped["parties"]
    first["company"], second["company"] = second["company"], first["company"]

    (deal,) = written(swapped)

    assert build(deal) == read(swapped, None)
    assert keys_by_ref(Source) | keys_by_ref(Party) == before


def test_items_that_a_record_no_longer_names_are_removed(db: None) -> None:
    written(rich_record())

    (deal,) = written(a_record())

    assert build(deal) == read(a_record(), None)
    assert not FinancingEvent.objects.filter(line__deal=deal).exists()
    assert not any(keys_by_ref(model) for model in (Party, FinancingLine, Milestone, Citation))


def test_a_source_that_items_rest_on_can_go_and_they_move_to_another(db: None) -> None:
    written(rich_record())
    moved = rich_record()
    moved["sources"] = [a_source(ref="s3", url="https://example.org/s1")]
    moved["milestones"][0]["source"] = moved["citations"][0]["source"] = "s3"

    (deal,) = written(moved)

    assert build(deal) == read(moved, None)


def test_an_unchanged_record_writes_no_row(db: None) -> None:
    (deal,) = written(rich_record())
    stamps = Deal.objects.values_list("updated_at").get(pk=deal.pk)

    written(rich_record())

    assert Deal.objects.values_list("updated_at").get(pk=deal.pk) == stamps


def test_a_changed_record_says_when(db: None) -> None:
    (deal,) = written(rich_record())
    before = deal.updated_at

    written(rich_record(title="Another title"))

    assert Deal.objects.get(pk=deal.pk).updated_at > before


# -- Export and import ------------------------------------------------------------------------


def exported(folder: Path) -> dict[str, bytes]:
    call_command("export_deals", folder, verbosity=0, stdout=io.StringIO())
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_export_is_the_fixtures_byte_for_byte(db: None, tmp_path: Path, settings: Any) -> None:
    fixtures = {f.name: f.read_bytes() for f in (settings.BASE_DIR / "fixtures/deals").iterdir()}

    assert exported(tmp_path) == fixtures


def test_export_import_export_is_the_identity(db: None, tmp_path: Path) -> None:
    """Also where every deal said something else in between."""
    first = exported(tmp_path / "first")
    # Deals of Norway, dates that are only a year, names that are not ASCII: the traps of YAML.
    traps = [b'country: "NO"', b'announced_on: "2023"\n', "é".encode()]
    chosen = {next(name for name in first if trap in first[name]) for trap in traps}
    chosen |= set(sorted(first)[::10])
    others = [
        ImportedDocument(name, a_record(key=name.removesuffix(".yaml"))) for name in sorted(chosen)
    ]
    import_documents(others, publish=True)
    assert exported(tmp_path / "second") != first

    import_documents(read_paths([str(tmp_path / "first")]), publish=True)

    assert exported(tmp_path / "third") == first


def test_a_stream_of_detail_documents_is_read_back(db: None, tmp_path: Path) -> None:
    stream = tmp_path / "all.ndjson"
    texts = (
        Edition.objects.current().order_by("key").values_list("document__detail_text", flat=True)
    )
    stream.write_text("\n".join(texts), encoding="utf-8")

    report = import_documents(read_paths([str(stream)]), dry_run=True)

    assert len(report.unchanged) == len(texts)
    assert orjson.loads(texts[0])["record"]["key"] in report.unchanged
