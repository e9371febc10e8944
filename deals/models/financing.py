"""Whose money, how much and how firm: financing lines and the events that move them."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from config.lib.audit import audited, audited_pairs
from config.lib.imprecise import ImpreciseDateField, imprecise_check
from deals.codes import FinancingStatus, Instrument
from deals.models.company import Company
from deals.models.deal import CURRENCY_FORM, Deal
from deals.models.party import REF_HELP, REF_MAX_LENGTH
from deals.models.source import Source

NO_WITHIN_CYCLE = """
    IF NEW.within_id IS NOT NULL AND EXISTS (
        WITH RECURSIVE above AS (
            SELECT id, within_id FROM deals_financingline WHERE id = NEW.within_id
            UNION
            SELECT l.id, l.within_id FROM deals_financingline l JOIN above a ON l.id = a.within_id
        ) SELECT 1 FROM above WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'a financing line cannot lie within itself'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'financing_line_no_cycle';
    END IF;
    RETURN NEW;
"""


@audited
class FinancingLine(models.Model):
    """One sum of money, or one promise of it, by one provider or several jointly."""

    deal = models.ForeignKey(
        Deal, on_delete=models.CASCADE, related_name="financing_lines", help_text="The deal."
    )
    ref = models.SlugField(max_length=REF_MAX_LENGTH, blank=True, help_text=REF_HELP)
    providers = models.ManyToManyField(
        Company, related_name="financing_lines", help_text="Whose money; joint lenders together."
    )
    instrument = models.CharField(max_length=20, choices=Instrument, help_text="Form of the money.")
    amount = models.DecimalField(
        max_digits=20,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Whole units; empty if no source states it.",
    )
    currency = models.CharField(max_length=3, blank=True, help_text="ISO 4217 code.")
    within = models.ForeignKey(
        "self",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="parts",
        help_text="The line that this one is part of: a drawing lies within its facility.",
    )
    note = models.CharField(max_length=300, blank=True, help_text="Conditions; “up to”.")
    order = models.PositiveSmallIntegerField(default=0, help_text="Place in the list.")

    class Meta:
        ordering = ("order", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(name="financing_line_ref_once", fields=["deal", "ref"]),
            models.CheckConstraint(
                name="financing_line_amount",
                condition=Q(amount__isnull=True, currency="")
                # A comparison with NULL is NULL, which a check lets pass.
                | Q(amount__isnull=False, amount__gt=0, currency__regex=CURRENCY_FORM),
                violation_error_message=(
                    "An amount lies above 0 and has a currency; leave both empty if unknown."
                ),
            ),
            models.CheckConstraint(
                name="financing_line_not_within_itself",
                condition=Q(within__isnull=True) | ~Q(within=F("id")),
                violation_error_message="A line cannot lie within itself.",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="financing_line_no_cycle",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("within_id"),
                func=NO_WITHIN_CYCLE,
            ),
        ]

    def __str__(self) -> str:
        amount = f"{self.currency} {self.amount:,.0f}" if self.amount else "unknown amount"
        return f"{self.ref}: {self.get_instrument_display()}, {amount}"

    def clean(self) -> None:
        if self.within is not None and self.within.deal_id != self.deal_id:
            raise ValidationError({"within": "That line belongs to another deal."})


@audited
class FinancingEvent(models.Model):
    """A dated step of a financing line. The latest one says how firm the line is."""

    line = models.ForeignKey(
        FinancingLine, on_delete=models.CASCADE, related_name="events", help_text="The line."
    )
    ref = models.SlugField(max_length=REF_MAX_LENGTH, blank=True, help_text=REF_HELP)
    status = models.CharField(max_length=20, choices=FinancingStatus, help_text="How firm it is.")
    happened_on = ImpreciseDateField(
        null=True, blank=True, help_text="When, as exact as a source says."
    )
    note = models.CharField(max_length=300, blank=True, help_text="What happened.")
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
            models.UniqueConstraint(name="financing_event_ref_once", fields=["line", "ref"]),
            imprecise_check("financing_event_happened_on", "happened_on"),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()}, {self.happened_on or 'undated'}"


@audited_pairs
class FinancingProvider(FinancingLine.providers.through):  # type: ignore[name-defined,misc]
    """A company that provides a financing line."""

    class Meta:
        proxy = True
