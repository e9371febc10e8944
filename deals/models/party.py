"""Who takes part in a deal, in which role and with which stake."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from config.lib.audit import audited
from deals.codes import PartyRole
from deals.models.company import Company
from deals.models.deal import Deal

REF_MAX_LENGTH = 12
REF_HELP = "Stable name of this item within the deal; made when left empty."


@audited
class Party(models.Model):
    """A company in a deal."""

    deal = models.ForeignKey(
        Deal, on_delete=models.CASCADE, related_name="parties", help_text="The deal."
    )
    ref = models.SlugField(max_length=REF_MAX_LENGTH, blank=True, help_text=REF_HELP)
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="parties", help_text="Who takes part."
    )
    role = models.CharField(max_length=20, choices=PartyRole, help_text="In which role.")
    stake_percent = models.DecimalField(
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="Stake in percent, if a source states one.",
    )
    note = models.CharField(
        max_length=300, blank=True, help_text="What the stake is of; whether it is an option."
    )
    order = models.PositiveSmallIntegerField(default=0, help_text="Place in the list.")

    class Meta:
        ordering = ("order", "id")
        verbose_name_plural = "parties"
        constraints: ClassVar = [
            models.UniqueConstraint(name="party_ref_once", fields=["deal", "ref"]),
            models.UniqueConstraint(
                name="party_once",
                fields=["deal", "company", "role"],
                # Checked after the statement, so that an update may swap two rows.
                deferrable=models.Deferrable.IMMEDIATE,
            ),
            models.CheckConstraint(
                name="party_stake",
                condition=Q(stake_percent__isnull=True) | Q(stake_percent__range=(0, 100)),
                violation_error_message="A stake lies between 0 and 100 percent.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company}, {self.get_role_display().lower()}"
