"""Imprecise dates: the value, its comparisons, the form field and the stored range."""

import copy
import datetime
import json
import pickle
from collections.abc import Iterator
from typing import Any, ClassVar

import orjson
import pytest
from django import forms
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.writer import MigrationWriter
from django.db.models import F, Q
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.range import Range

from config.lib.imprecise import (
    ImpreciseDate,
    ImpreciseDateError,
    ImpreciseDateField,
    ImpreciseDateFormField,
    earliest_first,
    imprecise_check,
    latest_first,
    window,
)

parse = ImpreciseDate.parse
day = datetime.date


@st.composite
def imprecise_dates(draw: st.DrawFn) -> ImpreciseDate:
    some_day = draw(st.dates(day(1000, 1, 1), day(9998, 12, 31)))
    return parse(some_day.isoformat()[: draw(st.sampled_from((4, 7, 10)))])


# --- The value ---


@pytest.mark.parametrize(
    ("text", "precision", "earliest", "latest", "shown"),
    [
        ("2025", "year", day(2025, 1, 1), day(2025, 12, 31), "2025"),
        ("2025-11", "month", day(2025, 11, 1), day(2025, 11, 30), "Nov 2025"),
        ("2025-12", "month", day(2025, 12, 1), day(2025, 12, 31), "Dec 2025"),
        ("2024-02", "month", day(2024, 2, 1), day(2024, 2, 29), "Feb 2024"),
        ("2025-11-06", "day", day(2025, 11, 6), day(2025, 11, 6), "6 Nov 2025"),
        ("2025-01-01", "day", day(2025, 1, 1), day(2025, 1, 1), "1 Jan 2025"),
        ("1000", "year", day(1000, 1, 1), day(1000, 12, 31), "1000"),
        ("9999-12", "month", day(9999, 12, 1), day(9999, 12, 31), "Dec 9999"),
    ],
)
def test_parses_each_form(
    text: str, precision: str, earliest: day, latest: day, shown: str
) -> None:
    date = parse(text)
    assert (date.precision, date.earliest, date.latest) == (precision, earliest, latest)
    assert str(date) == text
    assert date.display() == shown
    assert date.year == earliest.year


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 2025",
        "2025\n",
        "25",
        "0999",
        "0000",
        "20250",
        "2025-1",
        "2025-13",
        "2025-00",
        "2025-11-6",
        "2025-11-31",
        "2025-02-29",
        "2025-11-06T00:00",
        "2025/11",
        "20251106",
        "Nov 2025",
        "٢٠٢٥",
        "2025-",
        "-2025",
        "+2025",
        "2025-W45",
        "x" * 10_000,
    ],
)
def test_refuses_anything_else_and_names_it(text: str) -> None:
    with pytest.raises(ImpreciseDateError) as caught:
        parse(text)
    message = str(caught.value)
    assert text[:20] in message
    assert "YYYY, YYYY-MM or YYYY-MM-DD" in message
    assert len(message) < 200


def test_is_immutable_hashable_and_copied_by_value() -> None:
    november = parse("2025-11")
    with pytest.raises(AttributeError):
        november.earliest = day(2025, 1, 1)
    with pytest.raises(AttributeError):
        del november.precision
    assert not hasattr(november, "__dict__")
    assert {november: 1}[parse("2025-11")] == 1
    assert copy.deepcopy(november) == pickle.loads(pickle.dumps(november)) == november
    with pytest.raises(TypeError):
        orjson.dumps(november)
    assert repr(november) == "ImpreciseDate.parse('2025-11')"


def test_equality_counts_precision() -> None:
    assert parse("2025-01") != parse("2025-01-01") != parse("2025")
    assert parse("2025").__eq__("2025") is NotImplemented


def test_cannot_be_made_inconsistent() -> None:
    with pytest.raises(ImpreciseDateError, match="first day of a month"):
        ImpreciseDate(day(2025, 11, 6), "month")
    with pytest.raises(ImpreciseDateError, match="first day of a year"):
        ImpreciseDate(day(2025, 11, 1), "year")
    with pytest.raises(ImpreciseDateError, match="a moment"):
        ImpreciseDate.from_date(datetime.datetime(2025, 11, 6, tzinfo=datetime.UTC))


@given(imprecise_dates())
def test_text_and_range_come_back(date: ImpreciseDate) -> None:
    assert parse(str(date)) == date
    stored = Range(date.earliest, date.latest + datetime.timedelta(days=1))
    assert ImpreciseDate.from_range(stored) == date
    assert date.within(date)
    assert date.within(parse(str(date)[:4]))


@pytest.mark.parametrize(
    "bounds",
    [
        Range(day(2025, 1, 1), day(2025, 3, 1)),
        Range(day(2025, 1, 2), day(2025, 2, 2)),
        Range(day(2025, 7, 1), day(2026, 7, 1)),
        Range(day(2025, 1, 1), None),
        Range(None, day(2025, 1, 1)),
        Range(empty=True),
    ],
)
def test_a_range_that_is_no_period_is_refused(bounds: Range[day]) -> None:
    with pytest.raises(ImpreciseDateError, match="not a whole year, month or day"):
        ImpreciseDate.from_range(bounds)


# --- Comparison ---


@pytest.mark.parametrize(
    ("one", "other", "is_before", "is_after"),
    [
        ("2025-11", "2025-11-06", None, None),
        ("2025-11-06", "2025-11", None, None),
        ("2025", "2025", None, None),
        ("2025-11-06", "2025-11-06", False, False),
        ("2025-10", "2025-11-06", True, False),
        ("2025-12", "2025-11-06", False, True),
        ("2025-11-01", "2025-11", None, False),
        ("2025-11-30", "2025-11", False, None),
        ("2024", "2025", True, False),
        ("2024-12-31", "2025", True, False),
    ],
)
def test_three_valued_comparison(
    one: str, other: str, is_before: bool | None, is_after: bool | None
) -> None:
    assert parse(one).before(parse(other)) is is_before
    assert parse(one).after(parse(other)) is is_after


@given(imprecise_dates(), imprecise_dates())
def test_certain_and_possible_agree_with_all_possible_days(
    one: ImpreciseDate, other: ImpreciseDate
) -> None:
    """Certainty is the extreme days' comparison; and certainly-not is not-possibly."""
    assert one.certainly_before(other) == (one.latest < other.earliest)
    assert one.possibly_before(other) == (one.earliest < other.latest)
    assert one.certainly_after(other) == other.certainly_before(one)
    assert one.possibly_after(other) == other.possibly_before(one)
    assert not one.certainly_before(other) or one.possibly_before(other)


def test_a_plain_day_can_be_compared_with() -> None:
    assert parse("2025-11").certainly_before(day(2025, 12, 1))
    assert parse("2025-11-06").within(day(2025, 11, 6))
    assert not parse("2025").within(parse("2025-11"))


def test_list_order_is_earliest_then_more_precise() -> None:
    texts = [
        "2024-12-31",
        "2025-01-01",
        "2025-01",
        "2025",
        "2025-01-02",
        "2025-02",
        "2026",
    ]
    dates = [parse(text) for text in texts]
    assert sorted(set(dates)) == dates
    assert parse("2025-01") < parse("2025") <= parse("2025")
    assert parse("2025") > parse("2025-01") >= parse("2025-01")


def test_window() -> None:
    assert window("2025-06") == Range(day(2025, 6, 1), None, "[)")
    assert window(before="2025-06") == Range(None, day(2025, 6, 30), "(]")
    assert window("2025", parse("2025")) == Range(day(2025, 1, 1), day(2025, 12, 31), "[]")
    assert window("2026", "2025").isempty
    with pytest.raises(ImpreciseDateError, match="soon"):
        window("soon")


# --- Form field ---


class DateForm(forms.Form):
    announced_on = ImpreciseDateFormField(required=False)


def test_form_reads_and_shows_the_canonical_text() -> None:
    form = DateForm({"announced_on": " 2025-11 "})
    assert form.is_valid()
    assert form.cleaned_data == {"announced_on": parse("2025-11")}
    html = str(DateForm(initial={"announced_on": parse("2025-11")})["announced_on"])
    assert 'type="text"' in html
    assert 'value="2025-11"' in html
    assert 'placeholder="YYYY, YYYY-MM or YYYY-MM-DD"' in html


@pytest.mark.parametrize("blank", ["", "   "])
def test_form_blank_is_none(blank: str) -> None:
    form = DateForm({"announced_on": blank})
    assert form.is_valid()
    assert form.cleaned_data == {"announced_on": None}


@pytest.mark.parametrize("text", ["2025-13", "last week", "2025\x00"])
def test_form_error_names_the_value(text: str) -> None:
    form = DateForm({"announced_on": text})
    assert text.rstrip("\x00") in form.errors["announced_on"][0]
    assert "YYYY-MM-DD" in form.errors["announced_on"][0]


def test_form_notices_change_by_value() -> None:
    initial = {"announced_on": parse("2025-11")}
    assert not DateForm({"announced_on": "2025-11"}, initial=initial).has_changed()
    assert DateForm({"announced_on": "2025"}, initial=initial).has_changed()
    assert DateForm({"announced_on": ""}, initial=initial).has_changed()
    assert not DateForm({"announced_on": ""}).has_changed()


# --- Model field ---


class Signing(models.Model):
    name = models.CharField(max_length=20)
    signed_on = ImpreciseDateField("signed", null=True, blank=True, help_text="When it was signed.")
    closed_on = ImpreciseDateField(null=True, blank=True)

    objects: ClassVar[models.Manager["Signing"]] = models.Manager()

    class Meta:
        app_label = "imprecise_tests"
        constraints = (
            imprecise_check("signing_signed_on_is_whole", "signed_on"),
            models.CheckConstraint(
                name="signing_closed_after_signed",
                condition=~Q(closed_on__fully_lt=F("signed_on")),
            ),
        )

    def __str__(self) -> str:
        return self.name


class SigningForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Signing
        fields = ("name", "signed_on")


@pytest.fixture
def table(db: None) -> Iterator[type[Signing]]:
    """The table of `Signing`, for this test alone."""
    with connection.schema_editor() as editor:
        editor.create_model(Signing)
    yield Signing


def add(*texts: str | None) -> None:
    for text in texts:
        Signing.objects.create(name=text or "unknown", signed_on=text)


def names(queryset: models.QuerySet[Signing]) -> list[str]:
    return [signing.name for signing in queryset]


def test_field_deconstructs_stably() -> None:
    field = Signing._meta.get_field("signed_on")
    _, path, args, kwargs = field.deconstruct()
    assert path == "config.lib.imprecise.ImpreciseDateField"
    assert ImpreciseDateField(*args, **kwargs).deconstruct()[1:] == (path, args, kwargs)
    written, imports = MigrationWriter.serialize(Signing._meta.constraints[0])
    assert "config.lib.imprecise.IsWholePeriod(" in written
    assert "import config.lib.imprecise" in imports
    assert imprecise_check("n", "f") == imprecise_check("n", "f")


def test_field_cleans_and_serialises() -> None:
    signing = Signing(name="Cove", signed_on="2025-11")
    signing.clean_fields()
    assert signing.signed_on == parse("2025-11")
    text = serializers.serialize("json", [signing])
    assert json.loads(text)[0]["fields"]["signed_on"] == "2025-11"
    assert json.loads(text)[0]["fields"]["closed_on"] is None
    field = Signing._meta.get_field("signed_on")
    assert field.to_python(field.value_to_string(signing)) == parse("2025-11")


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ("2025-13", "2025-13"),
        ("soon", "YYYY, YYYY-MM or YYYY-MM-DD"),
        (2025, "2025"),
        ("9999", "cannot be stored"),
        (datetime.datetime(2025, 11, 6, tzinfo=datetime.UTC), "a moment"),
    ],
)
def test_field_refuses_with_the_value_named(value: Any, part: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Signing(name="x", signed_on=value).clean_fields()
    assert part in " ".join(caught.value.message_dict["signed_on"])


def test_field_takes_days_and_ranges() -> None:
    field = Signing._meta.get_field("signed_on")
    assert field.to_python(day(2025, 11, 6)) == parse("2025-11-06")
    assert field.to_python(Range(day(2025, 1, 1), day(2026, 1, 1))) == parse("2025")
    assert field.to_python("") is None


def test_model_form_uses_the_form_field(table: type[Signing]) -> None:
    form = SigningForm({"name": "Cove", "signed_on": "2025-11"})
    assert isinstance(form.fields["signed_on"], ImpreciseDateFormField)
    assert form.fields["signed_on"].help_text == "When it was signed."
    assert form.save().signed_on == parse("2025-11")
    assert not SigningForm({"name": "Cove", "signed_on": "9999"}).is_valid()


@pytest.mark.parametrize("text", ["2025", "2025-11", "2025-11-06", "2024-02-29", "9998", "1000"])
def test_round_trip_through_the_database(table: type[Signing], text: str) -> None:
    add(text)
    assert Signing.objects.get().signed_on == parse(text)
    assert Signing.objects.get(signed_on=text).signed_on == parse(text)
    assert Signing.objects.values_list("signed_on", flat=True).get() == parse(text)


def test_null_round_trip(table: type[Signing]) -> None:
    add(None)
    assert Signing.objects.get(signed_on=None).signed_on is None
    Signing(name="unknown", signed_on=None).full_clean()
    Signing.objects.update(signed_on=parse("2025"))
    assert Signing.objects.get().signed_on == parse("2025")


def test_windows_certainly_and_possibly(table: type[Signing]) -> None:
    add("2024", "2025", "2025-06", "2025-05", "2025-06-01", "2025-12-31", "2026", None)
    certain = Signing.objects.order_by("id").filter(signed_on__contained_by=window("2025-06"))
    assert names(certain) == ["2025-06", "2025-06-01", "2025-12-31", "2026"]
    possible = Signing.objects.order_by("id").filter(signed_on__overlap=window("2025-06"))
    assert names(possible) == ["2025", "2025-06", "2025-06-01", "2025-12-31", "2026"]
    whole = Signing.objects.order_by("id").filter(signed_on__contained_by=window("2025", "2025"))
    assert names(whole) == ["2025", "2025-06", "2025-05", "2025-06-01", "2025-12-31"]
    assert names(whole) == names(
        Signing.objects.order_by("id").filter(signed_on__contained_by=parse("2025"))
    )
    for nothing in (window("2026", "2025"), window("9999-12-31")):
        assert not Signing.objects.filter(signed_on__contained_by=nothing).exists()
        assert not Signing.objects.filter(signed_on__overlap=nothing).exists()
    assert Signing.objects.filter(signed_on__overlap=window()).count() == 7


def test_other_lookups(table: type[Signing]) -> None:
    add("2024", "2025-06", "2026-01-01")
    rows = Signing.objects.order_by("id")
    assert names(rows.filter(signed_on__fully_lt=parse("2025-06"))) == ["2024"]
    assert names(rows.filter(signed_on__fully_gt="2025")) == ["2026-01-01"]
    assert names(rows.filter(signed_on__contains=day(2025, 6, 6))) == ["2025-06"]
    assert names(rows.filter(signed_on__in=["2024", parse("2025-06")])) == [
        "2024",
        "2025-06",
    ]
    assert names(rows.filter(signed_on__startswith__year=2026)) == ["2026-01-01"]


def test_lists_put_the_unknown_last_both_ways(table: type[Signing]) -> None:
    add(None, "2025", "2026", "2025-01-01", "2025-01", "2024-12-31")
    assert names(Signing.objects.order_by(*earliest_first("signed_on"))) == [
        "2024-12-31",
        "2025-01-01",
        "2025-01",
        "2025",
        "2026",
        "unknown",
    ]
    assert names(Signing.objects.order_by(*latest_first("signed_on"))) == [
        "2026",
        "2025-01-01",
        "2025-01",
        "2025",
        "2024-12-31",
        "unknown",
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "[2025-01-01,2025-03-01)",
        "[2025-01-02,2025-02-02)",
        "[2025-07-01,2026-07-01)",
        "[2025-01-01,)",
        "(,2025-01-01)",
        "(,)",
        "empty",
        "[9999-01-01,10000-01-01)",
        "[0999-01-01,1000-01-01)",
    ],
)
def test_the_database_refuses_what_is_no_period(table: type[Signing], sql: str) -> None:
    with (
        pytest.raises(IntegrityError, match="signing_signed_on_is_whole"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO imprecise_tests_signing (name, signed_on) VALUES ('x', %s::daterange)",
            [sql],
        )


def test_full_clean_checks_the_constraint_too(table: type[Signing]) -> None:
    signing = Signing(name="x", signed_on=Range(day(2025, 1, 1), day(2025, 1, 9)))
    with pytest.raises(ValidationError, match="whole year, month or day"):
        signing.validate_constraints()
    Signing(name="x", signed_on="2025-11", closed_on="2025").full_clean()


def test_a_rule_between_two_dates_holds_where_certain(table: type[Signing]) -> None:
    Signing.objects.create(name="undecided", signed_on="2025-11-06", closed_on="2025-11")
    Signing.objects.create(name="open", signed_on="2025-11-06")
    with (
        pytest.raises(IntegrityError, match="signing_closed_after_signed"),
        transaction.atomic(),
    ):
        Signing.objects.create(name="wrong", signed_on="2025-11-06", closed_on="2025-10")
