"""The official lists of critical minerals, and what stands on them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from config.lib.audit import audited
from config.lib.imprecise import ImpreciseDateField, imprecise_check
from config.lib.keys import KEY_MAX_LENGTH, validate_key
from countries.models import Reference
from minerals.models.mineral import Mineral


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
