"""Summits, visits and conferences where deals are announced."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.urls import reverse

from config.lib.audit import audited
from config.lib.imprecise import ImpreciseDateField, imprecise_check
from config.lib.keys import KEY_MAX_LENGTH, validate_key
from countries.models import Country, Reference


class EventQuerySet(models.QuerySet["Event"]):
    def public(self) -> Self:
        """Events that a current edition names."""
        from deals.models.edition import Edition

        return self.filter(key__in=Edition.objects.current().named("event"))


class EventManager(models.Manager["Event"]):
    def get_by_natural_key(self, key: str) -> Event:
        return self.get(key=key)


@audited
class Event(models.Model):
    """A summit, visit or conference."""

    key = models.SlugField(
        max_length=KEY_MAX_LENGTH, unique=True, validators=[validate_key], help_text="Stable name."
    )
    name = models.CharField(max_length=160, help_text="Name.")
    happened_on = ImpreciseDateField(help_text="First day.")
    ends_on = ImpreciseDateField(null=True, blank=True, help_text="Last day, if later.")
    city = models.CharField(max_length=80, blank=True, help_text="Place.")
    country = models.ForeignKey(
        Country,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events_held",
        help_text="Country where it was held.",
    )
    participants = models.ManyToManyField(
        Country, blank=True, related_name="events_attended", help_text="Countries that took part."
    )
    summary = models.TextField(help_text="What it was, in a sentence or two.")
    references = models.ManyToManyField(
        Reference, blank=True, related_name="+", help_text="Sources of this entry."
    )

    objects = EventManager.from_queryset(EventQuerySet)()

    class Meta:
        ordering = ("-happened_on", "key")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="event_dates_in_order",
                condition=models.Q(ends_on__isnull=True)
                | ~models.Q(happened_on__fully_gt=models.F("ends_on")),
                violation_error_message="An event cannot end before it begins.",
            ),
            imprecise_check("event_happened_on", "happened_on"),
            imprecise_check("event_ends_on", "ends_on"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("deals:event", args=[self.key])

    def natural_key(self) -> tuple[str]:
        return (self.key,)

    natural_key.dependencies = ["countries.country", "countries.reference"]  # type: ignore[attr-defined]
