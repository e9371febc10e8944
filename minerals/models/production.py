"""What countries mine, refine and hold in reserve, by source."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from config.lib.audit import audited
from config.lib.codes import CodeList
from countries.models import Country, Reference
from minerals.models.mineral import Mineral


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
