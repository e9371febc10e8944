"""Single statements about a country's minerals."""

from __future__ import annotations

from django.db import models

from config.lib.audit import audited
from countries.models import Country, Reference
from minerals.models.mineral import Mineral


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
