"""Policy measures on a time axis."""

from __future__ import annotations

import datetime

import pytest

from countries.models import Country
from deals.charts.policy_timeline import policy_timeline
from minerals.models import PolicyKind, PolicyMeasure, PolicyStatus

TODAY = datetime.date(2026, 11, 22)


def a_measure(**changes: object) -> PolicyMeasure:
    measure = PolicyMeasure(
        key="a-ban",
        title="A ban on exporting ore",
        kind=PolicyKind.EXPORT_BAN,
        status=PolicyStatus.IN_FORCE,
        issuer_country=Country(iso2="KZ", name="Kazakhstan"),
        **changes,
    )
    measure.full_clean(exclude=["issuer_country", "summary", "key"], validate_constraints=False)
    return measure


def widths_of(drawing: str, class_: str) -> list[float]:
    """The widths of the bars of a class below the key."""
    found = []
    for piece in drawing.split("<rect ")[1:]:
        attributes = dict(part.split("=", 1) for part in piece.split("/>")[0].split(" "))
        if attributes["class"] == f'"{class_}"' and float(attributes["y"].strip('"')) > 20:
            found.append(float(attributes["width"].strip('"')))
    return found


def test_without_a_date_there_is_nothing_to_draw() -> None:
    assert policy_timeline([], TODAY) is None
    assert policy_timeline([a_measure()], TODAY) is None


def test_one_without_a_date_stands_in_the_table_and_the_note() -> None:
    figure = policy_timeline([a_measure(announced_on="2025-10-29"), a_measure()], TODAY)
    assert figure is not None
    assert [row.cells[2] for row in figure.rows] == ["29 Oct 2025", "–"]
    assert figure.note == "1 measure without a date not drawn."
    assert figure.title == "2 measures, all in force"


def test_a_date_that_is_not_exact_is_drawn_as_wide_as_it_may_be() -> None:
    exact, month, year = (
        policy_timeline([a_measure(announced_on="2024-01-01", in_force_on=date)], TODAY)
        for date in ("2025-06-15", "2025-06", "2025")
    )
    assert exact and month and year
    vague = [
        widths_of(figure.wide, "fill-open")[0] - widths_of(figure.wide, "fill-bound")[0]
        for figure in (exact, month, year)
    ]
    assert vague[0] == pytest.approx(0, abs=0.01)
    assert 0 < vague[1] < vague[2]
    assert vague[2] / vague[1] == pytest.approx(364 / 29, rel=0.02)


def test_in_force_without_a_date_is_not_drawn_as_known() -> None:
    figure = policy_timeline([a_measure(announced_on="2024-05-01")], TODAY)
    assert figure is not None
    assert widths_of(figure.wide, "fill-bound") == []
    assert len(widths_of(figure.wide, "fill-open")) == 1
    assert "In force, since when not exact" in figure.wide


def test_an_old_measure_enters_at_the_edge_with_its_year() -> None:
    old = a_measure(announced_on="1974")
    recent = a_measure(announced_on="2024-05-01")
    figure = policy_timeline([recent, old], TODAY)
    assert figure is not None
    assert "in force since 1974" in figure.wide
    assert ">2024<" in figure.wide
    assert ">2022<" not in figure.wide


def test_an_ended_one_stops_and_says_when() -> None:
    measure = a_measure(announced_on="2024-01-01", in_force_on="2024-01-01", ended_on="2025-01-01")
    measure.status = PolicyStatus.ENDED
    figure = policy_timeline([measure], TODAY)
    assert figure is not None
    assert "ended 1 Jan 2025" in figure.wide
    still = policy_timeline([a_measure(announced_on="2024-01-01", in_force_on="2024-01-01")], TODAY)
    assert still is not None
    assert widths_of(figure.wide, "fill-bound")[0] < widths_of(still.wide, "fill-bound")[0]


def test_titles_are_escaped_and_lead_to_the_measure() -> None:
    measure = a_measure(announced_on="2025-10-29")
    measure.title = "Ore <b>& metal</b>"
    figure = policy_timeline([measure], TODAY)
    assert figure is not None
    assert "<b>" not in figure.wide
    assert 'href="/policies/a-ban/"' in figure.narrow
