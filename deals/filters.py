"""Every filter and order of deals, once, for pages, exports, feeds, facets and the API.

    filterset = DealFilterSet(request.GET)
    filterset.qs         # editions, in order; none while a value is invalid
    filterset.clock      # as_of and on, for `deals.reading`
    filterset.form       # with errors, labels and help texts
    filterset.raise_for_problems()   # for the API, exports and feeds: also unknown parameters

Values of one parameter are alternatives, parameters narrow each other. `provider`,
`provider_country`, `instrument` and `rung` must hold together on one financing line. With a past
`on` the status, the stage and the lines are those of that day.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Any, Self, cast

from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable, OrderBy
from django.http import QueryDict

from config.lib.filterset import (
    ArrayFilter,
    CodeFilter,
    CodesFilter,
    DayField,
    DayFilter,
    EmptyFilter,
    ImpreciseDateFilter,
    NumberFilter,
    Order,
    OrderingFilter,
    StrictFilterSet,
    StrictForm,
    TextFilter,
    TrueFalseFilter,
)
from config.lib.filterset.filters import Clause, StrictFilter
from countries.models import Bloc, Country
from deals.codes import Confidence, Instrument, Kind, Rung, Stage, Status, SupplyChainStage
from deals.models import Company, Edition, EditionState, Event
from deals.models.edition import EditionQuerySet
from deals.money import RUNG_RANK
from deals.reading import Clock, utc_today
from deals.search import Search
from minerals.models import Mineral

type Choices = list[tuple[Any, Any]]

LINES = "lines"
"""The group of filters that speak about one financing line."""


# -- What values there are --------------------------------------------------------------------


def bloc_choices() -> Choices:
    """Every bloc by its key."""
    return list(Bloc.objects.values_list("key", "short_name"))


def place_choices() -> Choices:
    """Blocs by key and countries by ISO 3166-1 alpha-2, in two groups."""
    return [
        ("Blocs", bloc_choices()),
        ("Countries", list(Country.objects.values_list("iso2", "name"))),
    ]


def mineral_choices() -> Choices:
    """Every mineral and group by its slug."""
    return list(Mineral.objects.values_list("slug", "name"))


def company_slugs(slug: str) -> Collection[str] | None:
    """The slugs under which editions know a company: its own and those merged into it.

    A merged company stands for its successor. None for what no edition names.
    """
    company = Company.objects.filter(slug=slug).select_related("merged_into").first()
    if company is None:
        return None
    successor = company.merged_into or company
    slugs = [successor.slug, *successor.merged_from.values_list("slug", flat=True)]
    is_public = Edition.objects.readable().filter(companies__overlap=slugs).exists()
    return slugs if is_public else None


def public_companies() -> Iterable[str]:
    """Slugs of companies that readers can see."""
    return Company.objects.public().values_list("slug", flat=True)


def event_keys(key: str) -> Collection[str] | None:
    """The event itself, if an edition names it."""
    return [key] if Edition.objects.readable().filter(event=key).exists() else None


def public_events() -> Iterable[str]:
    """Keys of events that readers can see."""
    return Event.objects.public().values_list("key", flat=True)


# -- Filters of deals alone -------------------------------------------------------------------


class PlaceFilter(ArrayFilter):
    """Countries and blocs in an array that names both; a bloc so finds its members' deals."""

    def __init__(self, column: str, *, label: str, help_text: str, **options: Any) -> None:
        options = {"what": "a country or bloc", "choices": place_choices, **options}
        super().__init__(column, label=label, help_text=help_text, **options)


class CompanyFilter(ArrayFilter):
    """Companies by slug; too many to be listed as choices."""

    def __init__(self, column: str, **options: Any) -> None:
        super().__init__(column, expand=company_slugs, candidates=public_companies, **options)


class StateFilter(CodesFilter):
    """Status or stage as it stands, or by dated events on a past day."""

    def __init__(self, axis: EditionState.Axis, **options: Any) -> None:
        self.axis = axis
        super().__init__(axis.value, **options)

    def any_of(self, codes: Sequence[str]) -> Q:
        clock: Clock = self.parent.clock
        if not clock.is_past_world:
            return super().any_of(codes)
        return Q(Exists(state_on(clock, self.axis).filter(code__in=list(codes))))

    def companions(self, name: str) -> dict[str, StrictFilter]:
        return super().companions(name) | {
            f"{name}__empty": StateEmptyFilter(self.axis, label=f"{self.label}: unknown")
        }


class StateEmptyFilter(EmptyFilter):
    """Whether status or stage is unknown, now or on a past day."""

    def __init__(self, axis: EditionState.Axis, **options: Any) -> None:
        self.axis = axis
        super().__init__(is_empty=Q(**{axis.value: ""}), **options)

    def clauses(self, value: Any) -> Iterable[Clause]:
        clock: Clock = self.parent.clock
        if not clock.is_past_world:
            return super().clauses(value)
        return [Clause(Q(Exists(state_on(clock, self.axis))), is_negated=value)]


class RungFilter(CodesFilter):
    """A rung or a firmer one."""

    def any_of(self, codes: Sequence[str]) -> Q:
        return Q(rung_rank__gte=min(RUNG_RANK[code] for code in codes))


class PastDayField(DayField):
    """A day that is not in the future (UTC)."""

    def to_python(self, value: Any) -> datetime.date | None:
        day = super().to_python(value)
        if day is not None and day > (today := utc_today()):
            raise ValidationError(
                f"{day} lies in the future: today is {today} (UTC).",
                params={"value": str(day), "nearest": str(today)},
            )
        return day


class PastDayFilter(DayFilter):
    field_class = PastDayField


class DealOrderingFilter(OrderingFilter):
    """Orders, two of which depend on other parameters: relevance on `q`, status on the day."""

    def __init__(self, **options: Any) -> None:
        orders = {
            "announced_on": Order.by_date("Announced", "announced_on"),
            "value_usd": Order.by("Value in US dollars", "value_usd"),
            "title": Order.by("Title", "sort_title"),
            "status": Order.by("Agreement", "status"),
            "published_at": Order.by("Published", "published_at"),
        }
        super().__init__(orders, default="-announced_on", last="key", **options)
        choices = [*self.extra["choices"](), ("relevance", "Relevance to the search")]
        self.extra["choices"] = lambda: choices
        self.schema = {**self.schema, "enum": [code for code, _ in choices]}

    def terms(self, value: str | None) -> tuple[OrderBy | str, ...]:
        match value:
            case "relevance":
                return (*self.parent.search.ranking, self.last)
            case "status" | "-status":
                place = status_place(self.parent.clock)
                in_order = place.desc if value.startswith("-") else place.asc
                return (in_order(nulls_last=True), self.last)
        return super().terms(value)


def state_on(clock: Clock, axis: EditionState.Axis) -> Any:
    """The state of the outer query's edition on the day of `clock`."""
    return clock.states(axis).filter(edition=OuterRef("pk"))


def state_code(clock: Clock, axis: EditionState.Axis) -> Combinable:
    """Status or stage of an edition on the day of `clock`, as an expression."""
    if not clock.is_past_world:
        return F(axis.value)
    return Subquery(state_on(clock, axis).values("code")[:1])


def status_place(clock: Clock) -> Case:
    """The place of a status in its code list, from the loosest on."""
    if not clock.is_past_world:
        whens = [When(status=code, then=place) for place, code in enumerate(Status.values)]
    else:
        whens = [
            When(
                Exists(state_on(clock, EditionState.Axis.STATUS).filter(code=code)),
                then=place,
            )
            for place, code in enumerate(Status.values)
        ]
    return Case(*whens, default=Value(None))


class DealForm(StrictForm):
    """Refuses an order by relevance to nothing."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("ordering") == "relevance" and not cleaned.get("q"):
            self.add_error(
                "ordering",
                ValidationError(
                    "“relevance” needs a search: add “q” or choose another order.",
                    params={"value": "relevance", "nearest": "-announced_on"},
                ),
            )
        return cleaned


class ClockFilterSet(StrictFilterSet):
    """The two times of a reading, for answers that depend on no other parameter."""

    on = PastDayFilter(
        label="State of the world on",
        help_text=(
            "A day, YYYY-MM-DD: deals announced by then with status, stage and money by their "
            "dated events, as known now."
        ),
    )
    as_of = PastDayFilter(
        label="As Lodebook had it on",
        help_text="A day, YYYY-MM-DD: the editions that readers saw at its end (UTC).",
    )

    class Meta:
        model = Edition
        fields: Sequence[str] = []

    @cached_property
    def clock(self) -> Clock:
        """The times that the parameters name; without valid ones it is now."""
        if not self.is_bound:
            return Clock()
        self.form.is_valid()
        days = {name: self.form.cleaned_data.get(name) for name in ("as_of", "on")}
        return Clock.parse(**{name: str(day) for name, day in days.items() if day})


class DealFilterSet(ClockFilterSet):
    """Deals by all that a reader may ask for.

    Without a queryset it reads the editions of its clock. A queryset that is given is narrowed
    instead and must already be of the right time.
    """

    form_base = DealForm

    q = TextFilter(
        label="Search",
        help_text=(
            "Words in titles, summaries, parties and their other names, minerals, countries, "
            "terms and publishers. “Quotes” keep words together, a hyphen before a word leaves "
            "it out, or between two takes either."
        ),
        where=lambda filterset, _: filterset.search.condition,
    )
    country = PlaceFilter(
        "countries",
        label="Country in any role",
        help_text=(
            "ISO 3166-1 alpha-2 code or key of a bloc. A bloc stands for itself and for its "
            "members on the day of the deal."
        ),
    )
    host = PlaceFilter(
        "hosts", label="Host", help_text="Where the ore, mine or plant is: a country or a bloc."
    )
    partner = PlaceFilter(
        "partners", label="Partner", help_text="The counterpart: a country or a bloc."
    )
    party_country = PlaceFilter(
        "party_countries",
        label="Home of a party",
        help_text="Home country of a company or body that takes part, or a bloc of such.",
    )
    bloc = PlaceFilter(
        "countries",
        label="Bloc in any role",
        help_text="A bloc that takes part or has a member on the day of the deal that does.",
        what="a bloc",
        choices=bloc_choices,
    )
    mineral = ArrayFilter(
        "minerals",
        label="Mineral",
        help_text="A mineral, or a group, which finds all its members.",
        what="a mineral",
        choices=mineral_choices,
        all_of=True,
    )
    company = CompanyFilter(
        "companies",
        label="Company",
        help_text="A party or provider by its slug; one that was merged finds its successor.",
        what="a company of a published deal",
    )
    event = CodesFilter(
        "event",
        label="Event",
        help_text="The summit or signing where the deal was announced, by its key.",
        what="an event of a published deal",
        expand=event_keys,
        candidates=public_events,
    )
    kind = ArrayFilter(
        "kinds",
        label="Kind",
        help_text="The main kind of the deal or one of the others.",
        what="a kind of deal",
        choices=Kind.choices,
    )
    status = StateFilter(
        EditionState.Axis.STATUS,
        label="Agreement",
        help_text="How binding the agreement is.",
        what="a status",
        choices=Status.choices,
    )
    stage = StateFilter(
        EditionState.Axis.STAGE,
        label="Stage",
        help_text="How far the project on the ground is.",
        what="a stage",
        choices=Stage.choices,
    )
    supply_chain_stage = ArrayFilter(
        "supply_chain_stages",
        label="Supply chain stage",
        help_text="A step from ore to product that the deal is about.",
        what="a supply chain stage",
        choices=SupplyChainStage.choices,
    )
    confidence = CodesFilter(
        "confidence",
        label="Confidence",
        help_text="How sure the record is.",
        what="a degree of confidence",
        choices=Confidence.choices,
    )
    provider = CompanyFilter(
        "providers",
        label="Provider of money",
        help_text=(
            "A provider of a financing line by its slug; with instrument and rung it must be "
            "the same line."
        ),
        what="a company of a published deal",
        group=LINES,
    )
    provider_country = PlaceFilter(
        "provider_countries",
        label="Home of a provider",
        help_text="Home country of a provider of a financing line, or a bloc of such.",
        group=LINES,
    )
    instrument = CodesFilter(
        "instrument",
        label="Instrument",
        help_text="The form of a financing line.",
        what="an instrument",
        choices=Instrument.choices,
        group=LINES,
    )
    rung = RungFilter(
        "rung",
        label="Money",
        help_text="A financing line stands on this rung of the money ladder or a firmer one.",
        what="a rung",
        choices=Rung.choices,
        group=LINES,
    )
    announced_after = ImpreciseDateFilter(
        "announced_on",
        side="after",
        label="Announced from",
        help_text="Year, month or day; that day included.",
    )
    announced_before = ImpreciseDateFilter(
        "announced_on",
        side="before",
        label="Announced to",
        help_text="Year, month or day; that day included.",
    )
    signed_after = ImpreciseDateFilter(
        "signed_on",
        side="after",
        label="Signed from",
        help_text="Year, month or day; that day included.",
    )
    signed_before = ImpreciseDateFilter(
        "signed_on",
        side="before",
        label="Signed to",
        help_text="Year, month or day; that day included.",
    )
    dates = CodeFilter(
        label="Dates not known to the day",
        help_text=(
            "Deals whose date lies certainly within the time asked for, or all whose date "
            "possibly does."
        ),
        what="a way to read dates",
        choices=[("certain", "Certainly within"), ("possible", "Possibly within")],
    )
    min_usd = NumberFilter(
        label="Value from",
        help_text="Headline value in US dollars; of a range, its high end counts.",
        where=lambda _, value: Q(value_usd_high__gte=value),
    )
    max_usd = NumberFilter(
        label="Value to",
        help_text="Headline value in US dollars; of a range, its low end counts.",
        where=lambda _, value: Q(value_usd_low__lte=value),
    )
    has_value = TrueFalseFilter(
        label="Value stated",
        help_text="Whether a headline value is stated, in whatever currency.",
        where=lambda _, value: ~Q(stated_value="") if value else Q(stated_value=""),
    )
    counts_toward_total = TrueFalseFilter(
        "counts_toward_total",
        label="Counts toward totals",
        help_text="Whether its headline value may stand in a sum with others.",
    )
    disputed = TrueFalseFilter(
        "is_disputed", label="Disputed", help_text="Whether sources disagree on a fact."
    )
    stale = TrueFalseFilter(
        label="Stale",
        help_text="Whether it is not binding and there was no news of it for two years.",
        where=lambda filterset, value: (
            filterset.clock.stale() if value else ~filterset.clock.stale()
        ),
    )
    ordering = DealOrderingFilter(
        help_text="Unknown values come last both ways; equal ones are ordered by key."
    )

    class Meta(ClockFilterSet.Meta):
        pass

    def __init__(
        self,
        data: QueryDict | None = None,
        queryset: EditionQuerySet | None = None,
        *,
        request: Any = None,
        prefix: str | None = None,
    ) -> None:
        self._given = queryset
        super().__init__(data, Edition.objects.none(), request=request, prefix=prefix)

    @property
    def editions(self) -> EditionQuerySet:
        """What is filtered: the editions of the clock, or those that were given."""
        return self.clock.editions() if self._given is None else self._given

    @property
    def qs(self) -> EditionQuerySet:
        if not hasattr(self, "_qs"):
            self._qs = self.sorted(self.filtered(self.editions))
        return cast(EditionQuerySet, self._qs)

    @cached_property
    def search(self) -> Search:
        """The search that `q` asks for."""
        return Search(self.cleaned.get("q", ""), self.editions)

    def filtered(self, queryset: QuerySet[Any], without: Collection[str] = ()) -> EditionQuerySet:
        return cast(EditionQuerySet, super().filtered(queryset, without))

    def in_group(self, group: str, condition: Q) -> Q:
        lines = self.clock.lines().filter(condition, edition=OuterRef("pk"))
        return Q(Exists(lines))

    def with_parameters(self, **values: str) -> Self:
        data = self.data.copy()
        for name, value in values.items():
            data[name] = value
        return type(self)(data, self._given, request=self.request)
