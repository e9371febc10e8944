"""Minerals as a tree, the lists that name them, what is produced, and the policies on them."""

from __future__ import annotations

from typing import ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from config.lib.audit import audited
from config.lib.codes import CodeList, Vocabulary
from config.lib.imprecise import ImpreciseDateField, imprecise_check
from config.lib.keys import KEY_MAX_LENGTH, validate_key
from config.lib.sorting import sort_key
from countries.models import Bloc, Country, Reference


class Category(CodeList):
    """Family of a mineral. Origin: Lodebook, after USGS and IEA groupings."""

    BATTERY_METAL = "battery_metal", "Used above all in batteries.", "Battery metal"
    RARE_EARTH = "rare_earth", "The lanthanides and yttrium as a group.", "Rare earths"
    LIGHT_RARE_EARTH = "light_rare_earth", "Lanthanum to europium.", "Light rare earth"
    HEAVY_RARE_EARTH = (
        "heavy_rare_earth",
        "Gadolinium to lutetium, and yttrium.",
        "Heavy rare earth",
    )
    REFRACTORY_METAL = "refractory_metal", "High melting point; alloys.", "Refractory metal"
    FERROUS = "ferrous", "Iron and what steel is made with.", "Ferrous metal"
    MINOR_METAL = "minor_metal", "Mostly by-products; semiconductors.", "Minor metal"
    BASE_METAL = "base_metal", "Industrial metals traded in bulk.", "Base metal"
    PRECIOUS_METAL = "precious_metal", "Gold and silver.", "Precious metal"
    PLATINUM_GROUP = "platinum_group", "Platinum and its five relatives.", "Platinum group"
    ENERGY_MINERAL = "energy_mineral", "Uranium and coal.", "Energy mineral"
    INDUSTRIAL_MINERAL = "industrial_mineral", "Used for what it is, not for metal.", "Industrial"


class MineralQuerySet(models.QuerySet["Mineral"]):
    def roots(self) -> Self:
        """Minerals and groups that are part of no larger group."""
        return self.filter(parent__isnull=True)


class MineralManager(models.Manager["Mineral"]):
    def get_by_natural_key(self, slug: str) -> Mineral:
        return self.get(slug=slug)


NO_CYCLE = """
    IF NEW.parent_id IS NOT NULL AND EXISTS (
        WITH RECURSIVE above AS (
            SELECT id, parent_id FROM minerals_mineral WHERE id = NEW.parent_id
            UNION
            SELECT m.id, m.parent_id FROM minerals_mineral m JOIN above a ON m.id = a.parent_id
        ) SELECT 1 FROM above WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'mineral % cannot be part of itself', NEW.slug
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mineral_no_cycle';
    END IF;
    RETURN NEW;
"""


@audited
class Mineral(models.Model):
    """A mineral, metal or group of them: neodymium < light rare earths < rare earths."""

    slug = models.SlugField(
        max_length=KEY_MAX_LENGTH,
        unique=True,
        validators=[validate_key],
        help_text="Stable name, used in addresses and as a filter value.",
    )
    name = models.CharField(max_length=80, unique=True, help_text="Name in English.")
    symbol = models.CharField(
        max_length=3, blank=True, help_text="Element symbol; empty for what is no element."
    )
    short_form = models.CharField(
        max_length=4, help_text="What its tile shows: the symbol, or three letters, such as REE."
    )
    aliases = ArrayField(
        models.CharField(max_length=80),
        default=list,
        blank=True,
        help_text="Other names; search finds them.",
    )
    category = models.CharField(max_length=20, choices=Category, help_text="Family.")
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        help_text="The group it is part of.",
    )
    uses = ArrayField(
        models.CharField(max_length=200), default=list, blank=True, help_text="What it is used for."
    )
    uses_note = models.TextField(blank=True, help_text="Where the uses come from.")
    references = models.ManyToManyField(
        Reference, blank=True, related_name="+", help_text="Sources of this entry."
    )
    sort_name = models.CharField(max_length=100, editable=False, help_text="Name to sort by.")

    objects = MineralManager.from_queryset(MineralQuerySet)()

    class Meta:
        ordering = ("sort_name",)
        constraints: ClassVar = [
            models.CheckConstraint(
                name="mineral_not_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")),
                violation_error_message="A mineral cannot be part of itself.",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="mineral_no_cycle",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
                func=NO_CYCLE,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_name = sort_key(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return reverse("minerals:detail", args=[self.slug])

    def clean(self) -> None:
        above = self.parent
        while above is not None:
            if above.pk == self.pk:
                raise ValidationError(
                    {"parent": f"{self.name} cannot be part of {self.parent}, which is part of it."}
                )
            above = above.parent

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    natural_key.dependencies = ["countries.reference"]  # type: ignore[attr-defined]


@audited
class TradeCode(models.Model):
    """A heading of the Harmonized System under which a mineral is traded."""

    mineral = models.ForeignKey(
        Mineral, on_delete=models.CASCADE, related_name="trade_codes", help_text="The mineral."
    )
    code = models.CharField("HS code", max_length=6, help_text="Four or six digits.")
    label = models.CharField(max_length=400, help_text="Text of the heading.")

    class Meta:
        ordering = ("code",)
        constraints: ClassVar = [
            models.UniqueConstraint(name="trade_code_once", fields=["mineral", "code"]),
            models.CheckConstraint(
                name="trade_code_form", condition=Q(code__regex="^[0-9]{4}([0-9]{2})?$")
            ),
        ]

    def __str__(self) -> str:
        return f"HS {self.code}"


class CriticalityListManager(models.Manager["CriticalityList"]):
    def get_by_natural_key(self, key: str) -> CriticalityList:
        return self.get(key=key)


@audited
class CriticalityList(models.Model):
    """An official list of critical or strategic minerals."""

    key = models.SlugField(
        max_length=KEY_MAX_LENGTH, unique=True, validators=[validate_key], help_text="Stable name."
    )
    label = models.CharField(max_length=40, help_text="Short label, such as US 2025.")
    name = models.CharField(max_length=200, help_text="Title of the list.")
    issuer = models.CharField(max_length=200, help_text="Who issued it.")
    legal_basis = models.CharField(max_length=300, blank=True, help_text="Law or regulation.")
    published_on = ImpreciseDateField(null=True, blank=True, help_text="Date of publication.")
    url = models.URLField(max_length=2000, blank=True, help_text="Address of the list.")
    entry_count = models.PositiveSmallIntegerField(help_text="Entries on the list itself.")
    mapped_count = models.PositiveSmallIntegerField(
        help_text="Entries that are mapped to minerals here."
    )
    note = models.TextField(blank=True, help_text="What to know about it.")
    references = models.ManyToManyField(
        Reference, blank=True, related_name="+", help_text="Sources of this entry."
    )

    objects = CriticalityListManager()

    class Meta:
        ordering = ("label",)
        constraints: ClassVar = [
            models.CheckConstraint(
                name="criticality_list_mapped",
                condition=Q(mapped_count__lte=models.F("entry_count")),
            ),
            imprecise_check("criticality_list_published_on", "published_on"),
        ]

    def __str__(self) -> str:
        return self.label

    def natural_key(self) -> tuple[str]:
        return (self.key,)


@audited
class Listing(models.Model):
    """A mineral on a list, by its own name or through a group that is listed."""

    criticality_list = models.ForeignKey(
        CriticalityList, on_delete=models.CASCADE, related_name="listings", help_text="The list."
    )
    mineral = models.ForeignKey(
        Mineral, on_delete=models.CASCADE, related_name="listings", help_text="The mineral."
    )
    since = ImpreciseDateField(null=True, blank=True, help_text="On the list since.")
    via = models.ForeignKey(
        Mineral,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The listed group that it belongs to; empty if listed by name.",
    )
    note = models.CharField(max_length=300, blank=True, help_text="Which grade or form.")

    class Meta:
        ordering = ("criticality_list", "mineral")
        constraints: ClassVar = [
            models.UniqueConstraint(name="listing_once", fields=["criticality_list", "mineral"]),
            imprecise_check("listing_since", "since"),
        ]

    def __str__(self) -> str:
        return f"{self.mineral} on {self.criticality_list}"


class Measure(CodeList):
    """What a production figure measures. Origin: USGS Mineral Commodity Summaries."""

    MINE_PRODUCTION = "mine_production", "Mined in the year.", "mined"
    REFINERY_PRODUCTION = "refinery_production", "Smelted or refined in the year.", "refined"
    RESERVES = "reserves", "Economic to extract at the time.", "reserves"


class ProductionQuerySet(models.QuerySet["Production"]):
    def preferred(self) -> Self:
        """The one figure to show where sources differ."""
        return self.filter(is_preferred=True)


@audited
class Production(models.Model):
    """One figure of one source: what a country mined, refined or holds in reserve."""

    mineral = models.ForeignKey(
        Mineral, on_delete=models.PROTECT, related_name="production", help_text="The mineral."
    )
    country = models.ForeignKey(
        Country, on_delete=models.PROTECT, related_name="production", help_text="The country."
    )
    measure = models.CharField(max_length=20, choices=Measure, help_text="What is measured.")
    year = models.PositiveSmallIntegerField(help_text="Year of the figure.")
    amount = models.DecimalField(max_digits=20, decimal_places=4, help_text="Amount, in the unit.")
    unit = models.CharField(max_length=60, help_text="Unit, with what is counted.")
    world_total = models.DecimalField(
        max_digits=20,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="World total that the source states, in the same unit.",
    )
    share_percent = models.DecimalField(
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="Share of the world total, in percent.",
    )
    rank = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Place in the world.")
    rank_basis = models.CharField(
        max_length=200, blank=True, help_text="Among which countries the rank counts."
    )
    is_estimated = models.BooleanField(default=False, help_text="The source calls it an estimate.")
    is_preferred = models.BooleanField(
        default=True, help_text="The figure to show where sources differ."
    )
    note = models.TextField(blank=True, help_text="What is included or left out.")
    reference = models.ForeignKey(
        Reference, on_delete=models.PROTECT, related_name="production", help_text="Its source."
    )

    objects = ProductionQuerySet.as_manager()

    class Meta:
        ordering = ("mineral", "measure", "-year", "rank")
        constraints: ClassVar = [
            models.CheckConstraint(name="production_amount", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="production_share",
                condition=Q(share_percent__isnull=True) | Q(share_percent__range=(0, 100)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["country", "measure", "-year"], name="production_country"),
            models.Index(fields=["mineral", "measure", "-year"], name="production_mineral"),
        ]

    def __str__(self) -> str:
        return f"{self.mineral}, {self.country}, {self.get_measure_display()} {self.year}"


class PolicyKind(CodeList):
    """Form of a policy measure. Origin: OECD inventory of export restrictions, extended."""

    EXPORT_CONTROL = "export_control", "A licence is needed to export.", "Export control"
    EXPORT_BAN = "export_ban", "Export is forbidden.", "Export ban"
    QUOTA = "quota", "Output or export is limited.", "Quota"
    IMPORT_TARIFF = "import_tariff", "A duty on imports.", "Import tariff"
    TRADE_STATUS = "trade_status", "Terms on which states trade.", "Trade status"
    INCENTIVE = "incentive", "Public money or relief.", "Incentive"
    STOCKPILE = "stockpile", "A state reserve.", "Stockpile"
    LIST_DESIGNATION = "list_designation", "A list of minerals or projects.", "List designation"
    PARTNERSHIP_FRAMEWORK = (
        "partnership_framework",
        "A standing format between states.",
        "Partnership framework",
    )


class PolicyStatus(CodeList):
    """State of a policy measure. Origin: Lodebook."""

    PROPOSED = "proposed", "Before a legislature or in consultation.", "Proposed"
    ANNOUNCED = "announced", "Decided, not yet in force.", "Announced"
    IN_FORCE = "in_force", "Applies.", "In force"
    SUSPENDED = "suspended", "Does not apply for now.", "Suspended"
    ENDED = "ended", "No longer applies.", "Ended"
    NOT_ADOPTED = "not_adopted", "Proposed and not adopted.", "Not adopted"


class PolicyMeasureQuerySet(models.QuerySet["PolicyMeasure"]):
    def bearing_on(self, *, countries: list[str], minerals: list[str]) -> Self:
        """Measures that name one of ``countries`` (ISO alpha-2) or of ``minerals`` (slugs)."""
        return self.filter(
            Q(issuer_country__in=countries)
            | Q(targets__in=countries)
            | Q(minerals__slug__in=minerals)
        ).distinct()


class PolicyMeasureManager(models.Manager["PolicyMeasure"]):
    def get_by_natural_key(self, key: str) -> PolicyMeasure:
        return self.get(key=key)


@audited
class PolicyMeasure(models.Model):
    """A rule or programme of a state or bloc that bears on minerals."""

    key = models.SlugField(
        max_length=KEY_MAX_LENGTH, unique=True, validators=[validate_key], help_text="Stable name."
    )
    title = models.CharField(max_length=300, help_text="Title.")
    kind = models.CharField(max_length=30, choices=PolicyKind, help_text="Form of the measure.")
    issuer_country = models.ForeignKey(
        Country,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="policies_issued",
        help_text="The state that issued it.",
    )
    issuer_bloc = models.ForeignKey(
        Bloc,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="policies_issued",
        help_text="The bloc that issued it.",
    )
    targets = models.ManyToManyField(
        Country, blank=True, related_name="policies_targeting", help_text="Countries it aims at."
    )
    minerals = models.ManyToManyField(
        Mineral, blank=True, related_name="policies", help_text="Minerals it names."
    )
    minerals_unspecified = models.BooleanField(
        default=False, help_text="It speaks of critical minerals in general."
    )
    announced_on = ImpreciseDateField(null=True, blank=True, help_text="Announced.")
    in_force_on = ImpreciseDateField(null=True, blank=True, help_text="In force since.")
    ended_on = ImpreciseDateField(null=True, blank=True, help_text="Ended or suspended on.")
    status = models.CharField(max_length=15, choices=PolicyStatus, help_text="State as last known.")
    summary = models.TextField(help_text="What it does, in a few sentences.")
    references = models.ManyToManyField(
        Reference, blank=True, related_name="+", help_text="Sources of this entry."
    )

    objects = PolicyMeasureManager.from_queryset(PolicyMeasureQuerySet)()

    class Meta:
        ordering = ("-announced_on", "key")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="policy_one_issuer",
                condition=Q(issuer_country__isnull=False, issuer_bloc__isnull=True)
                | Q(issuer_country__isnull=True, issuer_bloc__isnull=False),
                violation_error_message="Name either a country or a bloc as issuer.",
            ),
            imprecise_check("policy_announced_on", "announced_on"),
            imprecise_check("policy_in_force_on", "in_force_on"),
            imprecise_check("policy_ended_on", "ended_on"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("minerals:policy", args=[self.key])

    @property
    def issuer(self) -> Country | Bloc | None:
        """The state or bloc that issued it."""
        return self.issuer_country or self.issuer_bloc

    def natural_key(self) -> tuple[str]:
        return (self.key,)

    natural_key.dependencies = [  # type: ignore[attr-defined]
        "countries.country",
        "countries.bloc",
        "countries.reference",
        "minerals.mineral",
    ]


@audited
class CountryFact(models.Model):
    """A single statement about a country's minerals, with its source."""

    country = models.ForeignKey(
        Country, on_delete=models.PROTECT, related_name="facts", help_text="The country."
    )
    mineral = models.ForeignKey(
        Mineral,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="facts",
        help_text="The mineral it is about, if one.",
    )
    statement = models.TextField(help_text="The statement, in a sentence.")
    as_of = models.CharField(max_length=20, blank=True, help_text="Year or years it holds for.")
    basis = models.CharField(max_length=60, help_text="Stated by the source, or computed.")
    reference = models.ForeignKey(
        Reference,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="facts",
        help_text="Its source; empty where it is computed here.",
    )
    note = models.TextField(blank=True, help_text="What to keep in mind.")

    class Meta:
        ordering = ("country", "id")

    def __str__(self) -> str:
        return self.statement


VOCABULARIES = {
    vocabulary.name: vocabulary
    for vocabulary in (
        Vocabulary(
            "mineral_category", Category, "Family of a mineral", "Lodebook, after USGS, IEA"
        ),
        Vocabulary(
            "production_measure",
            Measure,
            "Measure of production",
            "USGS Mineral Commodity Summaries",
        ),
        Vocabulary(
            "policy_kind",
            PolicyKind,
            "Form of a policy measure",
            "OECD export restrictions, extended",
        ),
        Vocabulary("policy_status", PolicyStatus, "State of a policy measure", "Lodebook"),
    )
}
