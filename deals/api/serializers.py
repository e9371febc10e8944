"""Reference records as the API gives them. Labels and help texts are the models' own.

No field here is private: names of staff, review comments and working notes stand in no model that
is listed. Numbers of deals count current editions.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.lib.imprecise import ImpreciseDateField
from countries.models import Bloc, Country, Membership, Reference
from deals.models import Company, EditionSource, Event, Ownership, Project
from deals.models.project import ProjectFigure
from minerals.models import (
    CountryFact,
    CriticalityList,
    Listing,
    Mineral,
    PolicyMeasure,
    Production,
    TradeCode,
)


class ImpreciseDateText(serializers.CharField):
    """An imprecise date in canonical form: YYYY, YYYY-MM or YYYY-MM-DD."""

    def to_representation(self, value: Any) -> str:
        return str(value)


class RecordSerializer(serializers.ModelSerializer[Any]):
    """A record, read only."""

    serializer_field_mapping: ClassVar[dict[type[models.Field[Any, Any]], Any]] = {
        **serializers.ModelSerializer.serializer_field_mapping,
        ImpreciseDateField: ImpreciseDateText,
    }


class CountryName(serializers.ModelSerializer[Country]):
    code = serializers.CharField(source="iso2", help_text="ISO 3166-1 alpha-2.")

    class Meta:
        model = Country
        fields = ("code", "name")


class BlocName(serializers.ModelSerializer[Bloc]):
    class Meta:
        model = Bloc
        fields = ("key", "name", "short_name")


class MineralName(serializers.ModelSerializer[Mineral]):
    class Meta:
        model = Mineral
        fields = ("slug", "name", "symbol", "short_form")


class CompanyName(serializers.ModelSerializer[Company]):
    class Meta:
        model = Company
        fields = ("slug", "name")


class ReferenceSerializer(RecordSerializer):
    class Meta:
        model = Reference
        fields = ("key", "url", "title", "publisher", "edition", "licence", "published_on")


class CountsDeals(RecordSerializer):
    """Adds how many current deals name the record; the view counts them all at once."""

    deal_count = serializers.SerializerMethodField(help_text="Deals that name it now.")

    def get_deal_count(self, record: Any) -> int:
        counts: dict[str, int] = self.context.get("deal_counts", {})
        return counts.get(str(getattr(record, self.context["name_field"])), 0)


# -- Countries --------------------------------------------------------------------------------


class CountryMembershipSerializer(RecordSerializer):
    bloc = BlocName()

    class Meta:
        model = Membership
        fields = ("bloc", "status", "since", "until")


class BlocMembershipSerializer(RecordSerializer):
    country = CountryName(allow_null=True)

    class Meta:
        model = Membership
        fields = ("country", "body", "status", "since", "until")


class CountrySerializer(CountsDeals):
    code = serializers.CharField(source="iso2", help_text="ISO 3166-1 alpha-2.")
    blocs = CountryMembershipSerializer(source="memberships", many=True)
    url = serializers.CharField(source="get_absolute_url", help_text="Path of its page.")

    class Meta:
        model = Country
        fields: tuple[str, ...] = (
            "code",
            "iso3",
            "numeric",
            "name",
            "iso_name",
            "official_name",
            "aliases",
            "region",
            "subregion",
            "blocs",
            "deal_count",
            "url",
        )


class CountryFactSerializer(RecordSerializer):
    mineral = MineralName(allow_null=True)
    reference = ReferenceSerializer(allow_null=True)

    class Meta:
        model = CountryFact
        fields = ("mineral", "statement", "as_of", "basis", "reference", "note")


class CountryDetailSerializer(CountrySerializer):
    facts = CountryFactSerializer(many=True)

    class Meta(CountrySerializer.Meta):
        fields = (*CountrySerializer.Meta.fields, "facts")


class BlocSerializer(CountsDeals):
    members = BlocMembershipSerializer(source="memberships", many=True)
    references = ReferenceSerializer(many=True)

    class Meta:
        model = Bloc
        fields: tuple[str, ...] = (
            "key",
            "name",
            "short_name",
            "summary",
            "note",
            "members",
            "references",
            "deal_count",
        )


# -- Minerals ---------------------------------------------------------------------------------


class TradeCodeSerializer(RecordSerializer):
    class Meta:
        model = TradeCode
        fields = ("code", "label")


class CriticalityListName(RecordSerializer):
    class Meta:
        model = CriticalityList
        fields = ("key", "label")


class MineralListingSerializer(RecordSerializer):
    criticality_list = CriticalityListName()
    via = MineralName(allow_null=True)

    class Meta:
        model = Listing
        fields = ("criticality_list", "since", "via", "note")


class ListingSerializer(RecordSerializer):
    mineral = MineralName()
    via = MineralName(allow_null=True)

    class Meta:
        model = Listing
        fields = ("mineral", "since", "via", "note")


class MineralSerializer(CountsDeals):
    parent = MineralName(allow_null=True)
    lists = MineralListingSerializer(source="listings", many=True)
    url = serializers.CharField(source="get_absolute_url", help_text="Path of its page.")

    class Meta:
        model = Mineral
        fields: tuple[str, ...] = (
            "slug",
            "name",
            "symbol",
            "short_form",
            "aliases",
            "category",
            "parent",
            "uses",
            "lists",
            "deal_count",
            "url",
        )


class MineralDetailSerializer(MineralSerializer):
    members = MineralName(source="children", many=True)
    trade_codes = TradeCodeSerializer(many=True)
    references = ReferenceSerializer(many=True)

    class Meta(MineralSerializer.Meta):
        fields: tuple[str, ...] = (
            *MineralSerializer.Meta.fields,
            "members",
            "trade_codes",
            "uses_note",
            "references",
        )


class CriticalityListSerializer(RecordSerializer):
    class Meta:
        model = CriticalityList
        fields: tuple[str, ...] = (
            "key",
            "label",
            "name",
            "issuer",
            "legal_basis",
            "published_on",
            "url",
            "entry_count",
            "mapped_count",
            "note",
        )


class CriticalityListDetailSerializer(CriticalityListSerializer):
    listings = ListingSerializer(many=True)
    references = ReferenceSerializer(many=True)

    class Meta(CriticalityListSerializer.Meta):
        fields = (*CriticalityListSerializer.Meta.fields, "listings", "references")


class ProductionSerializer(RecordSerializer):
    mineral = MineralName()
    country = CountryName()
    reference = ReferenceSerializer()

    class Meta:
        model = Production
        fields: tuple[str, ...] = (
            "mineral",
            "country",
            "measure",
            "year",
            "amount",
            "unit",
            "world_total",
            "share_percent",
            "rank",
            "rank_basis",
            "is_estimated",
            "is_preferred",
            "note",
            "reference",
        )


class PolicySerializer(RecordSerializer):
    issuer_country = CountryName(allow_null=True)
    issuer_bloc = BlocName(allow_null=True)
    targets = CountryName(many=True)
    minerals = MineralName(many=True)
    references = ReferenceSerializer(many=True)
    url = serializers.CharField(source="get_absolute_url", help_text="Path of its page.")

    class Meta:
        model = PolicyMeasure
        fields: tuple[str, ...] = (
            "key",
            "title",
            "kind",
            "status",
            "issuer_country",
            "issuer_bloc",
            "targets",
            "minerals",
            "minerals_unspecified",
            "announced_on",
            "in_force_on",
            "ended_on",
            "summary",
            "references",
            "url",
        )


# -- Deals ------------------------------------------------------------------------------------


class CompanySerializer(CountsDeals):
    country = CountryName(allow_null=True)
    url = serializers.CharField(source="get_absolute_url", help_text="Path of its page.")

    class Meta:
        model = Company
        fields: tuple[str, ...] = (
            "slug",
            "name",
            "aliases",
            "type",
            "country",
            "ownership",
            "tickers",
            "lei",
            "website",
            "note",
            "deal_count",
            "url",
        )


class OwnerSerializer(RecordSerializer):
    owner = CompanyName()
    reference = ReferenceSerializer(allow_null=True)

    class Meta:
        model = Ownership
        fields = ("owner", "percent", "since", "until", "note", "reference")


class HoldingSerializer(RecordSerializer):
    owned = CompanyName()
    reference = ReferenceSerializer(allow_null=True)

    class Meta:
        model = Ownership
        fields = ("owned", "percent", "since", "until", "note", "reference")


class CompanyDetailSerializer(CompanySerializer):
    owners = OwnerSerializer(source="public_owners", many=True)
    holdings = HoldingSerializer(source="public_holdings", many=True)
    references = ReferenceSerializer(many=True)

    class Meta(CompanySerializer.Meta):
        fields = (*CompanySerializer.Meta.fields, "owners", "holdings", "references")


class EventSerializer(CountsDeals):
    country = CountryName(allow_null=True)
    participants = CountryName(many=True)
    references = ReferenceSerializer(many=True)
    url = serializers.CharField(source="get_absolute_url", help_text="Path of its page.")

    class Meta:
        model = Event
        fields: tuple[str, ...] = (
            "key",
            "name",
            "happened_on",
            "ends_on",
            "city",
            "country",
            "participants",
            "summary",
            "references",
            "deal_count",
            "url",
        )


class ProjectFigureSerializer(RecordSerializer):
    reference = ReferenceSerializer(allow_null=True)

    class Meta:
        model = ProjectFigure
        fields = ("measure", "amount", "unit", "statement", "reference")


class DealName(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="Key of the deal.")
    title = serializers.CharField(help_text="Title of the deal.")


class NamesDeals(RecordSerializer):
    """Adds the current deals that name the record; the view finds them all at once."""

    deals = serializers.SerializerMethodField(help_text="Deals that name it now.")
    name_field: ClassVar[str]

    @extend_schema_field(DealName(many=True))
    def get_deals(self, record: Any) -> list[dict[str, str]]:
        deals: dict[str, list[dict[str, str]]] = self.context.get("deals", {})
        return deals.get(getattr(record, self.name_field), [])


class ProjectSerializer(NamesDeals):
    name_field = "slug"
    country = CountryName()
    figures = ProjectFigureSerializer(many=True)
    references = ReferenceSerializer(many=True)

    class Meta:
        model = Project
        fields: tuple[str, ...] = (
            "slug",
            "name",
            "country",
            "region",
            "latitude",
            "longitude",
            "note",
            "figures",
            "references",
            "deals",
        )


class SourceSerializer(NamesDeals):
    """A page, once, with all current deals that rest on it."""

    name_field = "url_key"

    class Meta:
        model = EditionSource
        fields = ("url", "publisher", "title", "published_on", "kind", "origin", "deals")
