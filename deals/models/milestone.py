"""What happened to a deal since, with dates."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from config.lib.audit import audited
from config.lib.imprecise import ImpreciseDateField, imprecise_check
from deals.codes import Stage, Status
from deals.models.deal import Deal
from deals.models.party import REF_HELP, REF_MAX_LENGTH
from deals.models.source import Source


@audited
class Milestone(models.Model):
    """A dated change of agreement or stage, or plain news."""

    deal = models.ForeignKey(
        Deal, on_delete=models.CASCADE, related_name="milestones", help_text="The deal."
    )
    ref = models.SlugField(max_length=REF_MAX_LENGTH, blank=True, help_text=REF_HELP)
    happened_on = ImpreciseDateField(
        null=True, blank=True, help_text="When, as exact as a source says."
    )
    status = models.CharField(
        max_length=20,
        choices=Status,
        blank=True,
        help_text="What the agreement changed to; empty if it did not change.",
    )
    stage = models.CharField(
        max_length=30,
        choices=Stage,
        blank=True,
        help_text="What the project changed to; empty if it did not change.",
    )
    note = models.CharField(max_length=500, help_text="What happened, in a sentence.")
    source = models.ForeignKey(
        Source,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The source that says so.",
    )
    order = models.PositiveSmallIntegerField(default=0, help_text="Place in the list.")

    class Meta:
        ordering = ("order", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(name="milestone_ref_once", fields=["deal", "ref"]),
            imprecise_check("milestone_happened_on", "happened_on"),
        ]

    def __str__(self) -> str:
        return f"{self.happened_on or 'undated'}: {self.note}"
