"""Yearly exchange rates to the US dollar."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from config.lib.audit import audited
from countries.models import Reference
from deals.models.deal import CURRENCY_FORM


@audited
class ExchangeRate(models.Model):
    """What one unit of a currency was worth in US dollars, averaged over a year."""

    currency = models.CharField(max_length=3, help_text="ISO 4217 code.")
    year = models.PositiveSmallIntegerField(help_text="Year of the average.")
    usd_per_unit = models.DecimalField(
        max_digits=18, decimal_places=10, help_text="US dollars for one unit."
    )
    is_estimate = models.BooleanField(
        default=False, help_text="A sample or a part of the year, not an official average."
    )
    covered_until = models.DateField(
        null=True, blank=True, help_text="Last day covered, for a year that is not complete."
    )
    observation_count = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Daily rates averaged, if known."
    )
    reference = models.ForeignKey(
        Reference, on_delete=models.PROTECT, related_name="+", help_text="Its source."
    )

    class Meta:
        ordering = ("currency", "year")
        constraints: ClassVar = [
            models.UniqueConstraint(name="exchange_rate_once", fields=["currency", "year"]),
            models.CheckConstraint(name="exchange_rate_positive", condition=Q(usd_per_unit__gt=0)),
            models.CheckConstraint(
                name="exchange_rate_currency", condition=Q(currency__regex=CURRENCY_FORM)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.year}"
