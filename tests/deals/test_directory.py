"""Names held in the process: found by how they, or their words, begin; and never out of date."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS
from django.test import Client

from deals.bitmap_index.keeping import Held, held_now
from deals.deal_counts import COLUMNS, by_columns, by_sql, deals_naming
from deals.directory import Entry, Section, directory
from deals.models import Company, Edition
from deals.publishing import withdraw
from deals.suggesting import suggest
from tests.deals.records import a_record, published

SECTION = Section(
    [
        Entry("altai", "Altai Mining", ("Алтай", "Altyn"), ("ALM",), ()),
        Entry("emile", "Émile-Altai & Co.", (), (), ()),
        Entry("mining", "Mining of Altai", ("ALT",), (), ()),
        Entry("dots", "…", ("(-)",), ("",), ()),
    ]
)


def keys(places: object) -> list[str]:
    return [SECTION.entries[place].key for place in places.tolist()]  # type: ignore[attr-defined]


def test_names_and_words_are_found_by_how_they_begin() -> None:
    assert keys(SECTION.beginning("alt")) == ["altai"]
    assert keys(SECTION.beginning("emile alt")) == ["emile"]
    assert keys(SECTION.otherwise_beginning("алт")) == ["altai"]
    assert keys(SECTION.with_words("alt")) == ["altai", "emile", "mining"]
    assert keys(SECTION.with_words("alt min")) == ["altai", "mining"]
    assert keys(SECTION.with_words("ltai")) == []


def test_the_same_is_a_whole_name_or_a_code() -> None:
    assert keys(SECTION.same("altai mining")) == ["altai"]
    assert keys(SECTION.same("alm")) == ["altai"]
    assert keys(SECTION.same("alt")) == ["mining"]
    assert keys(SECTION.same("altai")) == []


@pytest.mark.parametrize("text", ["", " ", "-", "(", "\U0010ffff", "\0"])
def test_signs_alone_find_nothing(text: str) -> None:
    for found in (SECTION.beginning, SECTION.otherwise_beginning, SECTION.with_words):
        assert keys(found(text)) == []


def test_a_changed_section_finds_what_one_made_anew_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    pick = random.Random(7)
    words = ("altai", "mining", "Ertis", "émile", "co")

    def an_entry(number: int) -> Entry:
        names = [" ".join(pick.sample(words, 2)) for _ in range(pick.randint(1, 3))]
        return Entry(f"key-{number:02}", names[0], tuple(names[1:]), (pick.choice(words),), ())

    entries = {number: an_entry(number) for number in range(0, 60, 2)}
    section = Section(list(entries.values()))
    made = 0
    for _ in range(40):
        for number in pick.sample(range(60), 3):
            if number in entries and pick.random() < 0.5:
                del entries[number]
            else:
                entries[number] = an_entry(number)
        ordered = [entries[number] for number in sorted(entries)]
        new = Section(ordered)
        monkeypatch.setattr("deals.directory.Section.__init__", refused)
        section = section.changed(ordered)
        monkeypatch.undo()
        assert (section.entries, section.places) == (new.entries, new.places)
        for text in ("altai", "mining", "ertis", "emile", "co", "altai co", "m", "e a"):
            for way in ("same", "beginning", "otherwise_beginning", "with_words"):
                found = getattr(section, way)(text).tolist()
                assert found == getattr(new, way)(text).tolist(), (way, text)
                made += bool(found)
    assert made > 300


def refused(*_: object) -> None:
    raise AssertionError("All was put in order anew.")


@pytest.mark.django_db
def test_a_name_that_was_just_given_is_known() -> None:
    Company.objects.create(slug="zz-quagga", name="Quagga Mining", type="company")
    section = directory().sections["company"]
    assert "zz-quagga" in section.places
    Company.objects.filter(slug="zz-quagga").update(name="Zebra Mining")
    section = directory().sections["company"]
    assert section.entries[section.places["zz-quagga"]].name == "Zebra Mining"


@pytest.mark.django_db
def test_deals_are_counted_for_each_kind() -> None:
    wanted = {
        "mineral": ["tungsten", "nothing"],
        "country": ["KZ"],
        "bloc": ["c5"],
        "company": ["export-import-bank-of-the-united-states"],
        "event": ["c51-washington-2025"],
    }
    found = deals_naming({kind: [(key,) for key in some] for kind, some in wanted.items()})
    for kind, some in wanted.items():
        column = COLUMNS[kind]
        for key, count in zip(some, found[kind], strict=True):
            asked = {column: key} if column == "event" else {f"{column}__contains": [key]}
            assert count == Edition.objects.current().filter(**asked).count(), key
            assert count or key == "nothing"


# -- Held where what was written is committed: a database of its own ------------------------------


@pytest.fixture
def indexed(own_database: str, settings: Any) -> Held:
    """All deals of a database of its own, held in memory."""
    settings.BITMAPS_FROM_DEALS = 1
    return held_again()


def held_again() -> Held:
    held = held_now(DEFAULT_DB_ALIAS)
    assert held is not None
    return held


def suggested(text: str) -> str:
    answer = Client().get("/suggest/", {"q": text})
    assert answer.status_code == 200
    return str(answer.text)


def test_what_is_renamed_or_withdrawn_is_suggested_so_at_once(indexed: Held) -> None:
    company = Company.objects.create(slug="zz-quagga", name="Quagga Mining", type="company")
    address = "/companies/zz-quagga/"
    assert address not in suggested("quagga")
    (edition,) = published(
        a_record(parties=[{"ref": "p1", "company": "zz-quagga", "role": "partner"}])
    )
    assert address in suggested("quagga")

    company.name = "Okapi Mining"
    company.save()

    assert address not in suggested("quagga")
    assert address in suggested("okapi")

    withdraw(edition.deal, by=None, reason="A mistake.")

    assert address not in suggested("okapi")


def test_only_names_whose_table_changed_are_read_again(indexed: Held) -> None:
    before = directory().sections
    assert directory().sections is before

    Company.objects.create(slug="zz-quagga", name="Quagga Mining", type="company")

    after = directory().sections
    assert "zz-quagga" in after["company"].places
    assert [kind for kind in before if after[kind] is not before[kind]] == ["company"]


def test_deals_are_counted_in_memory_as_by_the_database(indexed: Held) -> None:
    records = {
        kind: [entry.keys for entry in section.entries]
        for kind, section in directory().sections.items()
    }
    found = by_sql(records)
    assert all(len(set(counts)) > 2 for counts in found.values())
    assert by_columns(records, indexed) == found

    # Two that become one, and a deal that names both, published after everything was loaded.
    left, right = "tau-ken-samruk", "kazatomprom"
    published(
        a_record(
            parties=[
                {"ref": f"p{place}", "company": slug, "role": role}
                for place, (slug, role) in enumerate(((left, "seller"), (right, "partner")), 1)
            ]
        )
    )
    Company.objects.filter(slug=left).update(merged_into=Company.objects.get(slug=right))
    section = directory().sections["company"]
    assert left not in section.places
    keys = section.entries[section.places[right]].keys
    assert keys == (right, left)
    total = Edition.objects.current().filter(companies__overlap=keys).count()
    for counts in (by_columns({"company": [keys]}, held_again()), by_sql({"company": [keys]})):
        assert counts == {"company": [total]}


@pytest.mark.django_db
def test_a_word_half_typed_finds_titles_with_the_whole_word() -> None:
    published(a_record(key="zz-mining", title="Quagga mining"))
    for typed in ("quagga m", "quagga minin", "quagga mining", "mining quag"):
        assert [hit.key for group in suggest(typed, ["deal"]) for hit in group.hits] == [
            "zz-mining"
        ], typed
