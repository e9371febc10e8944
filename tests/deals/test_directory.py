"""Names held in the process: found by how they, or their words, begin; and never out of date."""

from __future__ import annotations

import pytest

from deals.deal_counts import COLUMNS, deals_naming
from deals.directory import Entry, Section, directory
from deals.models import Company, Edition
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
    found = deals_naming(wanted)
    for kind, some in wanted.items():
        column = COLUMNS[kind]
        for key, count in zip(some, found[kind], strict=True):
            asked = {column: key} if column == "event" else {f"{column}__contains": [key]}
            assert count == Edition.objects.current().filter(**asked).count(), key
            assert count or key == "nothing"


@pytest.mark.django_db
def test_a_word_half_typed_finds_titles_with_the_whole_word() -> None:
    published(a_record(key="zz-mining", title="Quagga mining"))
    for typed in ("quagga m", "quagga minin", "quagga mining", "mining quag"):
        assert [hit.key for group in suggest(typed, ["deal"]) for hit in group.hits] == [
            "zz-mining"
        ], typed
