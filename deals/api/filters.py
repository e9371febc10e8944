"""Filters of reference records: fewer and plainer than those of deals, and as strict."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Q

from config.lib.filterset import (
    CodesFilter,
    ImpreciseDateFilter,
    NumberFilter,
    Order,
    OrderingFilter,
    StrictFilterSet,
    TextFilter,
    TrueFalseFilter,
)
from config.lib.filterset.filters import StrictFilter
from config.lib.sorting import sort_key
from countries.models import Bloc, Country
from deals.codes import CompanyType, SourceKind
from deals.filters import Choices, bloc_choices, mineral_choices
from deals.models import Company, Edition, EditionSource, Event, Project
from minerals.models import (
    Category,
    CriticalityList,
    Measure,
    Mineral,
    PolicyKind,
    PolicyMeasure,
    PolicyStatus,
    Production,
)


def country_choices() -> Choices:
    """Every country by ISO 3166-1 alpha-2."""
    return list(Country.objects.values_list("iso2", "name"))


def list_choices() -> Choices:
    """Every criticality list by its key."""
    return list(CriticalityList.objects.values_list("key", "label"))


def region_choices() -> Choices:
    """The regions of UN M49."""
    names = Country.objects.order_by("region").values_list("region", flat=True).distinct()
    return [(name, name) for name in names]


def mineral_and_members(slug: str) -> Collection[str] | None:
    """A mineral and all that is part of it."""
    parents = dict(Mineral.objects.values_list("slug", "parent__slug"))
    if slug not in parents:
        return None
    found = [slug]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


class NamesFilter(TextFilter):
    """Records one of whose names has the letters given, whatever their case or accents."""

    def __init__(self, *columns: str, **options: Any) -> None:
        def where(_: Any, text: str) -> Q:
            found = Q()
            for column in columns:
                letters = sort_key(text) if column == "sort_name" else text
                found |= Q(**{f"{column}__icontains": letters})
            return found

        super().__init__(
            label="Name", help_text="Letters that stand in the name.", where=where, **options
        )


class CountryFilter(CodesFilter):
    def __init__(self, column: str, *, label: str = "Country", **options: Any) -> None:
        super().__init__(
            column,
            label=label,
            help_text="ISO 3166-1 alpha-2 code.",
            what="a country",
            choices=country_choices,
            **options,
        )

    def is_empty(self) -> Q:
        return Q(**{f"{self.column}__isnull": True})


class RelatedFilter(CodesFilter):
    """Records with one of the codes among their many related ones; never doubles a record."""

    def any_of(self, codes: Sequence[str]) -> Q:
        related = self.model._default_manager.filter(**{f"{self.column}__in": list(codes)})
        return Q(pk__in=related.order_by().values("pk"))

    def companions(self, name: str) -> dict[str, StrictFilter]:
        return {
            companion: made
            for companion, made in super().companions(name).items()
            if not companion.endswith("__empty")
        }


class MineralFilter(CodesFilter):
    def __init__(self, column: str, **options: Any) -> None:
        super().__init__(
            column,
            label="Mineral",
            help_text="A mineral by its slug; a group finds its members.",
            what="a mineral",
            choices=mineral_choices,
            expand=mineral_and_members,
            **options,
        )

    def is_empty(self) -> Q:
        return Q(**{f"{self.column}__isnull": True})


class RelatedMineralFilter(RelatedFilter, MineralFilter):
    pass


def has_deals(column: str, field: str) -> TrueFalseFilter:
    """Whether a current deal names the record: `field` stands in an index array `column`."""

    def where(_: Any, value: bool) -> Q:
        named = Q(**{f"{field}__in": Edition.objects.current().named(column)})
        return named if value else ~named

    return TrueFalseFilter(
        label="In deals", help_text="Whether a published deal names it.", where=where
    )


class CountryFilterSet(StrictFilterSet):
    q = NamesFilter("sort_name", "iso_name", "official_name")
    region = CodesFilter(
        "region",
        label="Region",
        help_text="A region of UN M49.",
        what="a region",
        choices=region_choices,
    )
    bloc = RelatedFilter(
        "memberships__bloc__key",
        label="Bloc",
        help_text="A bloc to which it belongs in whatever way, by key.",
        what="a bloc",
        choices=bloc_choices,
    )
    has_deals = has_deals("countries", "iso2")
    ordering = OrderingFilter(
        {"name": Order.by("Name", "sort_name"), "code": Order.by("Code", "iso2")},
        default="name",
        last="iso2",
    )

    class Meta:
        model = Country
        fields: Sequence[str] = []


class BlocFilterSet(StrictFilterSet):
    q = NamesFilter("sort_name", "short_name")
    country = RelatedFilter(
        "memberships__country",
        label="Country",
        help_text="A country that belongs to it in whatever way.",
        what="a country",
        choices=country_choices,
    )
    ordering = OrderingFilter({"name": Order.by("Name", "sort_name")}, default="name", last="key")

    class Meta:
        model = Bloc
        fields: Sequence[str] = []


class MineralFilterSet(StrictFilterSet):
    q = NamesFilter("sort_name", "aliases")
    category = CodesFilter(
        "category",
        label="Family",
        help_text="Family of the mineral.",
        what="a family of minerals",
        choices=Category.choices,
    )
    group = MineralFilter("slug")
    criticality_list = RelatedFilter(
        "listings__criticality_list__key",
        label="List",
        help_text="A list on which it stands, by key.",
        what="a criticality list",
        choices=list_choices,
    )
    has_deals = has_deals("minerals", "slug")
    ordering = OrderingFilter({"name": Order.by("Name", "sort_name")}, default="name", last="slug")

    class Meta:
        model = Mineral
        fields: Sequence[str] = []


class CriticalityListFilterSet(StrictFilterSet):
    mineral = RelatedMineralFilter("listings__mineral__slug")
    ordering = OrderingFilter(
        {
            "label": Order.by("Label", "label"),
            "published_on": Order.by_date("Published", "published_on"),
        },
        default="label",
        last="key",
    )

    class Meta:
        model = CriticalityList
        fields: Sequence[str] = []


class ProductionFilterSet(StrictFilterSet):
    mineral = MineralFilter("mineral__slug")
    country = CountryFilter("country")
    measure = CodesFilter(
        "measure",
        label="Measure",
        help_text="What the figure measures.",
        what="a measure of production",
        choices=Measure.choices,
    )
    year = NumberFilter("year", label="Year", help_text="Year of the figure.")
    is_preferred = TrueFalseFilter(
        "is_preferred",
        label="Preferred",
        help_text="Whether it is the figure to show where sources differ.",
    )
    ordering = OrderingFilter(
        {
            "mineral": Order.by("Mineral", "mineral__sort_name", "measure", "country"),
            "year": Order.by("Year", "year"),
            "share_percent": Order.by("Share", "share_percent"),
        },
        default="mineral",
        last="pk",
    )

    class Meta:
        model = Production
        fields: Sequence[str] = []


class PolicyFilterSet(StrictFilterSet):
    q = NamesFilter("title", "summary")
    issuer = CountryFilter("issuer_country", label="Issuing country")
    issuer_bloc = CodesFilter(
        "issuer_bloc__key",
        label="Issuing bloc",
        help_text="A bloc by its key.",
        what="a bloc",
        choices=bloc_choices,
    )
    target = RelatedFilter(
        "targets",
        label="Target",
        help_text="A country at which it aims.",
        what="a country",
        choices=country_choices,
    )
    mineral = RelatedMineralFilter("minerals__slug")
    kind = CodesFilter(
        "kind",
        label="Form",
        help_text="Form of the measure.",
        what="a form of policy measure",
        choices=PolicyKind.choices,
    )
    status = CodesFilter(
        "status",
        label="State",
        help_text="State as last known.",
        what="a state of a policy measure",
        choices=PolicyStatus.choices,
    )
    announced_after = ImpreciseDateFilter(
        "announced_on", side="after", label="Announced from", help_text="Year, month or day."
    )
    announced_before = ImpreciseDateFilter(
        "announced_on", side="before", label="Announced to", help_text="Year, month or day."
    )
    ordering = OrderingFilter(
        {
            "announced_on": Order.by_date("Announced", "announced_on"),
            "title": Order.by("Title", "title"),
        },
        default="-announced_on",
        last="key",
    )

    class Meta:
        model = PolicyMeasure
        fields: Sequence[str] = []


class CompanyFilterSet(StrictFilterSet):
    q = NamesFilter("sort_name", "aliases")
    country = CountryFilter("country", label="Home country")
    type = CodesFilter(
        "type",
        label="Type",
        help_text="What sort of body it is.",
        what="a type of body",
        choices=CompanyType.choices,
    )
    ordering = OrderingFilter({"name": Order.by("Name", "sort_name")}, default="name", last="slug")

    class Meta:
        model = Company
        fields: Sequence[str] = []


class EventFilterSet(StrictFilterSet):
    q = NamesFilter("name")
    country = CountryFilter("country")
    participant = RelatedFilter(
        "participants",
        label="Participant",
        help_text="A country that took part.",
        what="a country",
        choices=country_choices,
    )
    happened_after = ImpreciseDateFilter(
        "happened_on", side="after", label="From", help_text="Year, month or day."
    )
    happened_before = ImpreciseDateFilter(
        "happened_on", side="before", label="To", help_text="Year, month or day."
    )
    ordering = OrderingFilter(
        {
            "happened_on": Order.by_date("Date", "happened_on"),
            "name": Order.by("Name", "name"),
        },
        default="-happened_on",
        last="key",
    )

    class Meta:
        model = Event
        fields: Sequence[str] = []


class ProjectFilterSet(StrictFilterSet):
    q = NamesFilter("sort_name")
    country = CountryFilter("country")
    ordering = OrderingFilter({"name": Order.by("Name", "sort_name")}, default="name", last="slug")

    class Meta:
        model = Project
        fields: Sequence[str] = []


class SourceFilterSet(StrictFilterSet):
    q = NamesFilter("title", "publisher", "url")
    publisher = CodesFilter(
        "publisher",
        label="Publisher",
        help_text="Name of a publisher.",
        what="a publisher of a current source",
        expand=lambda name: (
            [name]
            if EditionSource.objects.filter(
                edition__in=Edition.objects.current(), publisher=name
            ).exists()
            else None
        ),
        candidates=lambda: (
            EditionSource.objects.filter(edition__in=Edition.objects.current())
            .order_by()
            .values_list("publisher", flat=True)
            .distinct()
        ),
    )
    kind = CodesFilter(
        "kind",
        label="Kind",
        help_text="What sort of page it is.",
        what="a kind of source",
        choices=SourceKind.choices,
    )
    deal = TextFilter(
        label="Deal",
        help_text="Key of a deal that rests on it.",
        where=lambda _, key: Q(edition__key=key),
    )

    class Meta:
        model = EditionSource
        fields: Sequence[str] = []


__all__ = [
    "BlocFilterSet",
    "CompanyFilterSet",
    "CountryFilterSet",
    "CriticalityListFilterSet",
    "EventFilterSet",
    "MineralFilterSet",
    "PolicyFilterSet",
    "ProductionFilterSet",
    "ProjectFilterSet",
    "SourceFilterSet",
]
