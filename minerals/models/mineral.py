"""Minerals as a tree: neodymium < light rare earths < rare earths."""

from __future__ import annotations

from typing import ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from config.lib.audit import audited
from config.lib.codes import CodeList
from config.lib.keys import KEY_MAX_LENGTH, validate_key
from config.lib.sorting import sort_key
from countries.models import Reference


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
