"""Dates that say how precisely they are known: ``2025``, ``2025-11`` or ``2025-11-06``.

A source often gives a month or a year only. Storing the first of the month invents a day, so the
precision is part of the value and no day is ever made up. `ImpreciseDate` is the value,
`ImpreciseDateField` stores it, `ImpreciseDateFormField` reads it from a person.

**What a comparison means.** An imprecise date stands for one unknown day between `earliest` and
`latest`, both inclusive. A question about that day therefore has three answers: certainly,
certainly not, undecided. Is ``2025-11`` after ``2025-11-06``? Undecided: it may be the 3rd or the
20th. The methods keep the three apart: `certainly_after` is true only where every possible day
is after every possible day of the other; `possibly_after` where at least one is; `after` answers
``True``, ``False`` or ``None`` (undecided). Rules and filters use the certain form: a rule accuses
nobody of an order that nobody stated, and a filter shows no deal that may lie outside. The page
says how many were left out for it, and the possible form brings them in.

**Storage.** A PostgreSQL ``daterange``, so that the database answers the same questions:

====================================  ========  =====================================
question                              operator  lookup
====================================  ========  =====================================
certainly inside a window             ``<@``    ``announced_on__contained_by=window``
possibly inside a window              ``&&``    ``announced_on__overlap=window``
certainly before                      ``<<``    ``signed_on__fully_lt=F("closed_on")``
certainly after                       ``>>``    ``signed_on__fully_gt=F("closed_on")``
the earliest day                      lower     ``F("announced_on__startswith")``
the day after the latest              upper     ``F("announced_on__endswith")``
====================================  ========  =====================================

Lookups take an `ImpreciseDate`, its text, a ``datetime.date``, or a range such as `window` makes.
`imprecise_check` makes the constraint that a stored range is a whole year, month or day.

**Order** (``<``, `sorted`, `earliest_first`, `latest_first`) is for lists and is not a claim about
the world: by earliest day, then the more precise first. `latest_first` turns the days round, not
the precision; unknown dates come last in both directions.
"""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from django import forms
from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import BooleanField, CheckConstraint, F, Func
from django.db.models.expressions import OrderBy
from psycopg.types.range import Range

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

type Precision = Literal["year", "month", "day"]
type DayRange = Range[datetime.date]

FIRST_YEAR: Final = 1000
LAST_YEAR: Final = 9999
ACCEPTED_FORMS: Final = "YYYY, YYYY-MM or YYYY-MM-DD"

_FORM = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_ONE_DAY: Final = datetime.timedelta(days=1)


class ImpreciseDateError(ValueError):
    """A text that is no imprecise date; the message names it and the accepted forms."""


class ImpreciseDate:
    """One unknown day within a whole year, month or day. Immutable, hashable, sortable.

    Made by `parse` from text or `from_date` from a day. Two are equal when day and precision
    are: ``2025-01`` and ``2025-01-01`` differ.
    """

    # Not a dataclass: orjson would write one as an object of its fields without being asked.
    __slots__ = ("earliest", "precision")
    earliest: datetime.date
    precision: Precision

    def __init__(self, earliest: datetime.date, precision: Precision) -> None:
        if not FIRST_YEAR <= earliest.year <= LAST_YEAR:
            raise ImpreciseDateError(
                f"The year of {earliest} is not one of {FIRST_YEAR} to {LAST_YEAR}."
            )
        starts_its_period = {
            "year": earliest.month == 1 and earliest.day == 1,
            "month": earliest.day == 1,
            "day": True,
        }
        if not starts_its_period[precision]:
            raise ImpreciseDateError(f"{earliest} is not the first day of a {precision}.")
        object.__setattr__(self, "earliest", earliest)
        object.__setattr__(self, "precision", precision)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"An ImpreciseDate cannot be changed: make another than {self}.")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"An ImpreciseDate cannot be changed: {self} keeps its {name}.")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ImpreciseDate):
            return NotImplemented
        return self.earliest == other.earliest and self.precision == other.precision

    def __hash__(self) -> int:
        return hash((self.earliest, self.precision))

    def __reduce__(self) -> tuple[object, ...]:
        return ImpreciseDate, (self.earliest, self.precision)

    @classmethod
    def parse(cls, text: str) -> ImpreciseDate:
        """The date written as ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, and in no other way."""
        match = _FORM.fullmatch(text)
        if match is None:
            raise ImpreciseDateError(f"“{_shortened(text)}” is no date: write {ACCEPTED_FORMS}.")
        year, month, day = match.groups()
        precision: Precision = "day" if day else "month" if month else "year"
        try:
            return cls(datetime.date(int(year), int(month or 1), int(day or 1)), precision)
        except ValueError as error:
            raise ImpreciseDateError(
                f"“{text}” is no day of the calendar of the years {FIRST_YEAR} to {LAST_YEAR}: "
                f"write {ACCEPTED_FORMS}."
            ) from error

    @classmethod
    def from_date(cls, day: datetime.date) -> ImpreciseDate:
        """That very day."""
        if isinstance(day, datetime.datetime):
            raise ImpreciseDateError(f"{day} is a moment, not a day: take its date in UTC first.")
        return cls(day, "day")

    @classmethod
    def from_range(cls, days: DayRange) -> ImpreciseDate:
        """The date whose possible days are `days`, a half-open range as PostgreSQL returns it."""
        earliest, after = days.lower, days.upper
        if earliest is not None and after is not None and days.bounds == "[)":
            if after - earliest == _ONE_DAY:
                return cls(earliest, "day")
            if earliest.day == 1:
                if after == _next_month(earliest):
                    return cls(earliest, "month")
                if earliest.month == 1 and after == earliest.replace(year=earliest.year + 1):
                    return cls(earliest, "year")
        raise ImpreciseDateError(f"The range {days} is not a whole year, month or day.")

    @property
    def latest(self) -> datetime.date:
        """The last possible day (inclusive)."""
        if self.precision == "day":
            return self.earliest
        if self.precision == "year":
            return self.earliest.replace(month=12, day=31)
        if self.earliest.month == 12:
            return self.earliest.replace(day=31)
        return _next_month(self.earliest) - _ONE_DAY

    @property
    def year(self) -> int:
        """The year, which is always known."""
        return self.earliest.year

    def __str__(self) -> str:
        return self.earliest.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.precision]]

    def __repr__(self) -> str:
        return f"ImpreciseDate.parse({str(self)!r})"

    def display(self) -> str:
        """As a British reader writes it: ``6 Nov 2025``, ``Nov 2025``, ``2025``."""
        year, month = str(self.earliest.year), _MONTHS[self.earliest.month - 1]
        if self.precision == "year":
            return year
        if self.precision == "month":
            return f"{month} {year}"
        return f"{self.earliest.day} {month} {year}"

    def as_range(self) -> DayRange:
        """All possible days, both ends inclusive."""
        return Range(self.earliest, self.latest, "[]")

    # Claims about the world; `other` may be a plain day.

    def certainly_before(self, other: ImpreciseDate | datetime.date) -> bool:
        return self.latest < _imprecise(other).earliest

    def certainly_after(self, other: ImpreciseDate | datetime.date) -> bool:
        return self.earliest > _imprecise(other).latest

    def possibly_before(self, other: ImpreciseDate | datetime.date) -> bool:
        return self.earliest < _imprecise(other).latest

    def possibly_after(self, other: ImpreciseDate | datetime.date) -> bool:
        return self.latest > _imprecise(other).earliest

    def before(self, other: ImpreciseDate | datetime.date) -> bool | None:
        """Whether the day is before the other's; None where that is undecided."""
        return (
            True if self.certainly_before(other) else None if self.possibly_before(other) else False
        )

    def after(self, other: ImpreciseDate | datetime.date) -> bool | None:
        """Whether the day is after the other's; None where that is undecided."""
        return (
            True if self.certainly_after(other) else None if self.possibly_after(other) else False
        )

    def within(self, other: ImpreciseDate | datetime.date) -> bool:
        """Whether all its possible days are the other's too: ``2025-11`` is within ``2025``."""
        period = _imprecise(other)
        return period.earliest <= self.earliest and self.latest <= period.latest

    # The order of lists.

    def __lt__(self, other: ImpreciseDate) -> bool:
        return (self.earliest, self.latest) < (other.earliest, other.latest)

    def __le__(self, other: ImpreciseDate) -> bool:
        return (self.earliest, self.latest) <= (other.earliest, other.latest)

    def __gt__(self, other: ImpreciseDate) -> bool:
        return (self.earliest, self.latest) > (other.earliest, other.latest)

    def __ge__(self, other: ImpreciseDate) -> bool:
        return (self.earliest, self.latest) >= (other.earliest, other.latest)


def window(
    after: ImpreciseDate | str | None = None, before: ImpreciseDate | str | None = None
) -> DayRange:
    """The days from the first possible one of `after` to the last possible one of `before`.

    Both ends are inclusive, None leaves an end open, and a window that ends before it starts is
    empty: ``window("2025-06")`` starts on 1 June 2025. For ``__contained_by`` and ``__overlap``.
    """
    first = _parsed(after).earliest if after is not None else None
    last = _parsed(before).latest if before is not None else None
    if first is not None and last is not None and first > last:
        return Range(empty=True)
    return Range(first, last, ("[" if first else "(") + ("]" if last else ")"))


# --- Form ----------------------------------------------------------------------------------


class ImpreciseDateFormField(forms.CharField):
    """A text input that reads an `ImpreciseDate`; blank is None."""

    def __init__(self, **kwargs: Any) -> None:
        # Model fields and django-filter both hand these on; neither means anything here.
        kwargs.pop("max_length", None)
        kwargs["empty_value"] = None
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {
            **super().widget_attrs(widget),
            "placeholder": ACCEPTED_FORMS,
            # Not "numeric": that keyboard has no hyphen on some phones.
            "inputmode": "text",
            "maxlength": "10",
            "autocomplete": "off",
            "size": "24",
        }

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, ImpreciseDate) else value

    def to_python(self, value: Any) -> Any:  # CharField promises str here; we give a date.
        if value is None or isinstance(value, ImpreciseDate):
            return value
        text = super().to_python(value)
        return None if text is None else _validated(text)


# --- Model ---------------------------------------------------------------------------------

_ST = TypeVar("_ST", contravariant=True)
_GT = TypeVar("_GT", covariant=True)

if TYPE_CHECKING:
    # The stub of DateRangeField is not generic, so that every such attribute would be Any.
    class _RangeField(models.Field[_ST, _GT]):
        _pyi_private_set_type: ImpreciseDate | str
        _pyi_private_get_type: ImpreciseDate
        _pyi_lookup_exact_type: ImpreciseDate | str
else:

    class _RangeField(DateRangeField):
        def __class_getitem__(cls, item):
            return cls


class ImpreciseDateField(_RangeField[_ST, _GT]):
    """A model field that holds an `ImpreciseDate` in a ``daterange`` column.

    Text is accepted where a value is (`full_clean` turns it into an `ImpreciseDate`) and is how the
    field is serialised. Add `imprecise_check` to the model's constraints.
    """

    description = "Date known to the year, month or day"
    form_field = ImpreciseDateFormField

    def to_python(self, value: Any) -> ImpreciseDate | None:
        match value:
            case None | "":
                return None
            case ImpreciseDate():
                date = value
            case str() | datetime.date() | Range():
                date = _validated(value)
            case _:
                raise ValidationError(
                    "“%(value)s” is no date: write %(forms)s.",
                    code="invalid",
                    params={"value": _shortened(repr(value)), "forms": ACCEPTED_FORMS},
                )
        if date.year == LAST_YEAR:
            # Its range ends on 10000-01-01, which Python's date cannot read back.
            raise ValidationError(
                "“%(value)s” cannot be stored: the last year is %(last)s.",
                code="invalid",
                params={"value": date, "last": LAST_YEAR - 1},
            )
        return date

    def from_db_value(
        self, value: DayRange | None, expression: object, connection: object
    ) -> ImpreciseDate | None:
        return None if value is None else ImpreciseDate.from_range(value)

    def get_prep_value(self, value: Any) -> Any:
        match value:
            case "":
                return None
            case ImpreciseDate():
                return value.as_range()
            case str():
                return ImpreciseDate.parse(value).as_range()
            case datetime.date():
                return ImpreciseDate.from_date(value).as_range()
        return super().get_prep_value(value)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        # The serialisers write null themselves where the value is None.
        return "" if value is None else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": self.form_field, **kwargs})


class IsWholePeriod(Func):
    """Whether a ``daterange`` is NULL or exactly one year, month or day that Python can hold.

    Plain date arithmetic, because date_trunc() depends on the session's time zone.
    """

    arity = 1
    output_field = BooleanField()
    _sql = (
        "({range} IS NULL OR coalesce("
        "lower({range}) >= '1000-01-01' AND upper({range}) <= '9999-01-01' AND ("
        "upper({range}) = lower({range}) + 1"
        " OR extract(day FROM lower({range})) = 1"
        " AND upper({range}) = (lower({range}) + interval '1 month')::date"
        " OR extract(doy FROM lower({range})) = 1"
        " AND upper({range}) = (lower({range}) + interval '1 year')::date"
        # An empty range or an open end makes all of this NULL, which a check would let pass.
        "), false))"
    )

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[Any, ...]]:
        sql, params = compiler.compile(self.get_source_expressions()[0])
        return (
            self._sql.format(range=f"({sql})::daterange"),
            tuple(params) * self._sql.count("{range}"),
        )


def imprecise_check(name: str, field: str) -> CheckConstraint:
    """The constraint `name` that `field` is unknown or a whole year, month or day."""
    return CheckConstraint(
        name=name,
        condition=IsWholePeriod(F(field)),
        violation_error_message=f"{field} must be a whole year, month or day.",
    )


def earliest_first(field: str) -> tuple[OrderBy, OrderBy]:
    """Terms for `order_by`: by earliest possible day, the more precise first, unknown last."""
    return (
        F(f"{field}__startswith").asc(nulls_last=True),
        F(f"{field}__endswith").asc(nulls_last=True),
    )


def latest_first(field: str) -> tuple[OrderBy, OrderBy]:
    """Terms for `order_by`: as `earliest_first` with the days turned round; unknown still last."""
    return (
        F(f"{field}__startswith").desc(nulls_last=True),
        F(f"{field}__endswith").asc(nulls_last=True),
    )


def _imprecise(value: ImpreciseDate | datetime.date) -> ImpreciseDate:
    return value if isinstance(value, ImpreciseDate) else ImpreciseDate.from_date(value)


def _parsed(value: ImpreciseDate | str) -> ImpreciseDate:
    return value if isinstance(value, ImpreciseDate) else ImpreciseDate.parse(value)


def _validated(value: str | datetime.date | DayRange) -> ImpreciseDate:
    try:
        match value:
            case str():
                return ImpreciseDate.parse(value)
            case Range():
                return ImpreciseDate.from_range(value)
        return ImpreciseDate.from_date(value)
    except ImpreciseDateError as error:
        raise ValidationError(str(error), code="invalid") from error


def _next_month(first: datetime.date) -> datetime.date:
    """The first day of the month after that of `first`, itself the first of a month."""
    return (first + datetime.timedelta(days=31)).replace(day=1)


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
