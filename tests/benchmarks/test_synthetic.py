"""Synthetic deals are the same for everybody, sound, and copied without a collision."""

from __future__ import annotations

from deals.dossier import incomplete, read
from tests.benchmarks.synthetic import (
    COMPANIES,
    HOT_COMPANIES,
    MOVED,
    RARE_WORDS,
    Synthesis,
    company_home,
    company_name,
    moved,
)

COUNTRIES = ["AU", "CL", "KZ", "US"]
MINERALS = ["cobalt", "rare-earths", "tungsten"]


def test_records_are_sound_and_always_the_same() -> None:
    records = list(Synthesis(COUNTRIES, MINERALS).records(50))
    assert records == list(Synthesis(COUNTRIES, MINERALS).records(50))
    assert len({record["key"] for record in records}) == 50
    for record in records:
        assert incomplete(read(record, None)) == []


def test_a_later_edition_differs_and_is_sound() -> None:
    synthesis = Synthesis(COUNTRIES, MINERALS)
    record = next(synthesis.records(1))
    later = synthesis.later(record, 2)
    assert read(later, None) != read(record, None)


def copied(text: str, copy: int) -> str:
    """A text as it stands in a copy of a hundred archetypes."""
    made = MOVED.sub(lambda found: moved(found[0], copy, 100), text.encode())
    return made.decode()


def test_a_copy_has_a_serial_of_its_own() -> None:
    keys = {copied("synthetic-n0000012", number) for number in range(50)}
    assert len(keys) == 50
    assert copied("https://news7.example/n0000012/2", 3) == "https://news7.example/n0000312/2"


def test_a_copy_has_companies_of_the_same_name_and_home() -> None:
    assert copied("{company-c00005}", 3) == "{company-c00005}"  # one of most deals' companies
    for number in range(HOT_COMPANIES, COMPANIES, 1_237):
        for copy in (1, 7, 330, 499):
            other = int(copied(f"c{number:05}", copy)[1:])
            assert HOT_COMPANIES <= other < COMPANIES
            assert company_home(other, COUNTRIES) == company_home(number, COUNTRIES)
            assert copied(company_name(number), copy) == company_name(other)
    assert copied("c00777", 1) != "c00777"


def test_exact_days_move_within_their_month_and_nothing_else_does() -> None:
    days = {copied("2020-02-14", number) for number in range(25)}
    assert days == {f"2020-02-{day:02}" for day in range(2, 27)}
    assert copied("{2020-02-14,2020-02-29}", 2) == "{2020-02-03,2020-02-29}"
    assert copied("[2020-02-26,2020-02-27)", 1) == "[2020-02-08,2020-02-09)"
    for text in ("2020-02", "[2020-02-01,2020-03-01)", "2020-12-31", "2026-11-22 02:53:09+00"):
        assert copied(text, 5) == text


def test_a_copy_is_published_in_its_own_minute() -> None:
    period = '["2026-01-05 00:00:00+00","2026-05-05 00:00:00+00")'
    assert copied(period, 61) == '["2026-01-05 01:01:00+00","2026-05-05 01:01:00+00")'
    assert copied('"2026-01-05T00:00:00Z"', 1_440) == '"2026-01-06T00:00:00Z"'


def test_a_rare_word_stays_rare_as_word_and_as_stem() -> None:
    for word in RARE_WORDS:
        found = [copy for copy in range(500) if copied(word, copy) == word]
        assert found == [0, 1, 2, 3]
        assert copied(f"'{word[:-1]}':7", 80) == f"'{copied(word, 80)[:-1]}':7"


def test_no_other_word_is_moved() -> None:
    for text in (
        "deals about cobalt",
        "news173",
        "c0042",
        "n00012",
        "company-c000012",
        "autunites",
    ):
        assert copied(text, 9) == text
