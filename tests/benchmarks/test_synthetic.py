"""Synthetic deals are the same for everybody, sound, and copied without a collision."""

from __future__ import annotations

from deals.dossier import incomplete, read
from tests.benchmarks.synthetic import COMPANIES, HOMES, HOT_COMPANIES, Synthesis, copied

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


def test_a_copy_has_other_serials_and_the_same_homes() -> None:
    line = b'synthetic-n0000012\tc00005 {"company-c00777","Delta Metals c00777"}\n'
    copies = {copied(line, number, 100) for number in range(1, 50)}
    assert len(copies) == 49
    assert copied(line, 3, 100).startswith(b"synthetic-n0000312\tc00005 ")
    moved = int(copied(line, 3, 100).split(b"company-c")[1][:5])
    assert moved != 777
    assert moved % HOMES == 777 % HOMES
    assert HOT_COMPANIES <= moved < COMPANIES
