"""The filter set of deals: every parameter, each once, with its label and help text."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any, Final, Self, cast

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from config.lib.filterset import (
    ArrayFilter,
    CodeFilter,
    CodesFilter,
    ImpreciseDateFilter,
    NumberFilter,
    StrictFilterSet,
    StrictForm,
    TextFilter,
    TrueFalseFilter,
)
from deals.codes import Confidence, Instrument, Kind, Rung, Stage, Status, SupplyChainStage
from deals.filters.choices import bloc_choices, event_keys, mineral_choices, public_events
from deals.filters.kinds import (
    CompanyFilter,
    DealOrderingFilter,
    PastDayFilter,
    PlaceFilter,
    RungFilter,
    StateFilter,
)
from deals.models import Edition, EditionState
from deals.models.edition import EditionQuerySet
from deals.reading import Clock
from deals.search import MOST_RANKED, Search

LINES = "lines"
"""The group of filters that speak about one financing line."""

_NEVER_READ: Final = Edition.objects.none()
"""Stands for the queryset of a filter set that reads `DealFilterSet.editions` instead."""


class OnOneLine(Exists):
    """That one financing line, of those that stand on the day of a clock, meets a condition."""

    def __init__(self, clock: Clock, condition: Q) -> None:
        super().__init__(clock.lines().filter(condition, edition=OuterRef("pk")))
        self.condition = condition
        """Kept, for whoever holds the lines in memory."""


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
        self.checked.is_valid()
        days = {name: self.checked.cleaned_data.get(name) for name in ("as_of", "on")}
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
        help_text=(
            "Unknown values come last both ways; equal ones are ordered by key. “relevance” puts "
            f"the newest deals found in order, at most {MOST_RANKED:,}; any others follow, the "
            "newest first."
        )
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
        super().__init__(data, _NEVER_READ, request=request, prefix=prefix)

    @property
    def editions(self) -> EditionQuerySet:
        """What is filtered: the editions of the clock, or those that were given."""
        return self.clock.editions() if self._given is None else self._given

    @property
    def reads_its_own(self) -> bool:
        """Whether it filters the editions of its clock, and not a queryset that was given."""
        return self._given is None

    @property
    def qs(self) -> EditionQuerySet:
        if not hasattr(self, "_qs"):
            self._qs = self.sorted(self.filtered(self.editions))
        return cast(EditionQuerySet, self._qs)

    @property
    def newest_first(self) -> EditionQuerySet:
        """`qs` in the usual order, whatever order is asked for."""
        return self.filtered(self.editions).order_by(*self.filters["ordering"].terms(None))

    @cached_property
    def search(self) -> Search:
        """The search that `q` asks for."""
        is_of_now = self.reads_its_own and not (self.clock.as_of or self.clock.is_past_world)
        return Search(self.cleaned.get("q", ""), self.editions, is_among_all=is_of_now)

    def filtered(self, queryset: QuerySet[Any], without: Collection[str] = ()) -> EditionQuerySet:
        return cast(EditionQuerySet, super().filtered(queryset, without))

    def in_group(self, group: str, condition: Q) -> Q:
        return Q(OnOneLine(self.clock, condition))

    def with_parameters(self, **values: str) -> Self:
        data = self.data.copy()
        for name, value in values.items():
            data[name] = value
        return type(self)(data, self._given, request=self.request)
