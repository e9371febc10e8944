"""Where sources contradict each other."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from config.lib.audit import audited
from deals.codes import DisputeStatus, Fact
from deals.models.deal import Deal
from deals.models.party import REF_HELP, REF_MAX_LENGTH


@audited
class Dispute(models.Model):
    """A fact on which sources disagree, open or resolved with a reason."""

    deal = models.ForeignKey(
        Deal, on_delete=models.CASCADE, related_name="disputes", help_text="The deal."
    )
    ref = models.SlugField(max_length=REF_MAX_LENGTH, blank=True, help_text=REF_HELP)
    fact = models.CharField(max_length=12, choices=Fact, help_text="What is in dispute.")
    note = models.TextField(help_text="Who says what.")
    status = models.CharField(
        max_length=10,
        choices=DisputeStatus,
        default=DisputeStatus.OPEN,
        help_text="Open, or resolved.",
    )
    resolution = models.TextField(blank=True, help_text="Why it is resolved, and how.")
    order = models.PositiveSmallIntegerField(default=0, help_text="Place in the list.")

    class Meta:
        ordering = ("order", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(name="dispute_ref_once", fields=["deal", "ref"]),
            models.CheckConstraint(
                name="dispute_resolved_with_reason",
                condition=Q(status=DisputeStatus.OPEN, resolution="")
                | (Q(status=DisputeStatus.RESOLVED) & ~Q(resolution="")),
                violation_error_message="A resolved dispute needs a reason; an open one has none.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_fact_display()}: {self.note}"
