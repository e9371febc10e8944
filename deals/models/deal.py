"""The deal: staff's working record, its countries and its links to other deals."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from config.lib.audit import audited, audited_pairs
from config.lib.imprecise import ImpreciseDateField, imprecise_check
from config.lib.keys import KEY_MAX_LENGTH, validate_key
from countries.models import Bloc, Country
from deals.codes import (
    Confidence,
    CountryRole,
    Kind,
    LinkType,
    Stage,
    Status,
    SupplyChainStage,
    ValueBasis,
)
from deals.models.event import Event
from minerals.models import Mineral

CURRENCY_FORM = "^[A-Z]{3}$"
RESERVED_KEYS = ("charts", "compare", "embed", "export", "facets", "feed", "map", "new", "stats")
"""What stands, or may come to stand, in an address where a deal's key would."""


class ReviewState(models.TextChoices):
    """Where a working record stands in the newsroom. Never public."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted for review"
    APPROVED = "approved", "Published as it stands"


class DealManager(models.Manager["Deal"]):
    def get_by_natural_key(self, key: str) -> Deal:
        return self.get(key=key)


@audited
class Deal(models.Model):
    """One deal as staff work on it. The public reads its editions, never this table."""

    key = models.SlugField(
        max_length=KEY_MAX_LENGTH,
        unique=True,
        validators=[validate_key],
        help_text="Stable name in the address, such as kz-cove-kaz-tungsten.",
    )
    title = models.CharField(max_length=200, help_text="Who and what, in one line.")
    summary = models.TextField(help_text="What was agreed, in two or three sentences.")
    kind = models.CharField(max_length=30, choices=Kind, help_text="The main form of the deal.")
    also_kinds = ArrayField(
        models.CharField(max_length=30, choices=Kind),
        default=list,
        blank=True,
        help_text="What it is besides.",
    )
    status = models.CharField(
        max_length=20, choices=Status, help_text="How binding the agreement is, as last known."
    )
    stage = models.CharField(
        max_length=30,
        choices=Stage,
        blank=True,
        help_text="The project on the ground; empty if no source says.",
    )
    announced_on = ImpreciseDateField(
        null=True, blank=True, help_text="First made public, as exact as a source says."
    )
    signed_on = ImpreciseDateField(
        null=True, blank=True, help_text="Signed, as exact as a source says."
    )
    closed_on = ImpreciseDateField(
        null=True, blank=True, help_text="Completed, as exact as a source says."
    )
    value_low = models.DecimalField(
        max_digits=20,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Headline value in whole units, low end.",
    )
    value_high = models.DecimalField(
        max_digits=20,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="High end; the same if one figure is known.",
    )
    value_currency = models.CharField(
        max_length=3, blank=True, help_text="ISO 4217 code, such as USD."
    )
    value_basis = models.CharField(
        max_length=20, choices=ValueBasis, blank=True, help_text="What the value measures."
    )
    value_note = models.CharField(max_length=300, blank=True, help_text="What is included.")
    minerals = models.ManyToManyField(
        Mineral, blank=True, related_name="deals", help_text="Minerals the deal names."
    )
    minerals_unspecified = models.BooleanField(
        default=False, help_text="The sources speak of critical minerals in general."
    )
    supply_chain_stages = ArrayField(
        models.CharField(max_length=20, choices=SupplyChainStage),
        default=list,
        blank=True,
        help_text="Steps from ore to product that it is about.",
    )
    event = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deals",
        help_text="Where it was announced.",
    )
    terms = ArrayField(
        models.TextField(), default=list, blank=True, help_text="What was agreed, one point a line."
    )
    confidence = models.CharField(
        max_length=10, choices=Confidence, help_text="How sure the record is."
    )
    verified_on = models.DateField(
        null=True, blank=True, help_text="Day when someone last checked the record."
    )
    note = models.TextField(blank=True, help_text="Public caveats.")

    review_state = models.CharField(
        max_length=10,
        choices=ReviewState,
        default=ReviewState.DRAFT,
        editable=False,
        help_text="Where the working record stands. Never public.",
    )
    working_note = models.TextField(
        blank=True, help_text="For colleagues: what to check. Never public."
    )
    created_at = models.DateTimeField(auto_now_add=True, help_text="Entered.")
    updated_at = models.DateTimeField(auto_now=True, help_text="Last saved.")

    objects = DealManager()

    class Meta:
        ordering = ("key",)
        permissions: ClassVar = [
            ("publish_deal", "Can publish, withdraw and refresh deals"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="deal_key_not_reserved",
                condition=~Q(key__in=RESERVED_KEYS),
                violation_error_message=(
                    "This key is the address of another page: add what the deal is about."
                ),
            ),
            models.CheckConstraint(
                name="deal_value_whole",
                condition=Q(
                    value_low__isnull=True,
                    value_high__isnull=True,
                    value_currency="",
                    value_basis="",
                )
                | (
                    # A comparison with NULL is NULL, which a check lets pass.
                    Q(value_low__isnull=False, value_high__isnull=False)
                    & Q(value_low__gt=0, value_high__gte=F("value_low"))
                    & Q(value_currency__regex=CURRENCY_FORM)
                    & ~Q(value_basis="")
                ),
                violation_error_message=(
                    "A value needs low and high (low first, both above 0), a currency and a basis; "
                    "or leave all of them empty."
                ),
            ),
            models.CheckConstraint(
                name="deal_signed_before_closed",
                condition=Q(signed_on__isnull=True)
                | Q(closed_on__isnull=True)
                | ~Q(signed_on__fully_gt=F("closed_on")),
                violation_error_message="A deal cannot close before it is signed.",
            ),
            models.CheckConstraint(
                name="deal_kind_not_twice",
                condition=~Q(also_kinds__contains=[F("kind")]),
                violation_error_message="The main kind stands among the other kinds too.",
            ),
            imprecise_check("deal_announced_on", "announced_on"),
            imprecise_check("deal_signed_on", "signed_on"),
            imprecise_check("deal_closed_on", "closed_on"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("deals:detail", args=[self.key])

    def natural_key(self) -> tuple[str]:
        return (self.key,)


@audited
class DealCountry(models.Model):
    """A country or a bloc in a deal, with its role: the EU signs deals itself."""

    deal = models.ForeignKey(
        Deal, on_delete=models.CASCADE, related_name="deal_countries", help_text="The deal."
    )
    country = models.ForeignKey(
        Country,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The country, or leave empty and choose a bloc.",
    )
    bloc = models.ForeignKey(
        Bloc,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The bloc, if it is the bloc itself that takes part.",
    )
    role = models.CharField(max_length=12, choices=CountryRole, help_text="What it does.")
    order = models.PositiveSmallIntegerField(default=0, help_text="Place in the list.")

    class Meta:
        ordering = ("order", "id")
        verbose_name_plural = "deal countries"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="deal_country_or_bloc",
                condition=Q(country__isnull=False, bloc__isnull=True)
                | Q(country__isnull=True, bloc__isnull=False),
                violation_error_message="Choose either a country or a bloc.",
            ),
            models.UniqueConstraint(
                name="deal_country_once", fields=["deal", "country", "bloc"], nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country or self.bloc} ({self.get_role_display()})"

    @property
    def code(self) -> str:
        """ISO alpha-2 of the country, or the bloc's key."""
        return self.country_id or (self.bloc.key if self.bloc else "")


NO_PART_OF_CYCLE = """
    IF NEW.type = 'part_of' AND EXISTS (
        WITH RECURSIVE above AS (
            SELECT target_id FROM deals_deallink WHERE deal_id = NEW.target_id AND type = 'part_of'
            UNION
            SELECT l.target_id FROM deals_deallink l JOIN above a ON l.deal_id = a.target_id
            WHERE l.type = 'part_of'
        ) SELECT 1 FROM above WHERE target_id = NEW.deal_id
    ) THEN
        RAISE EXCEPTION 'a deal cannot be part of its own part'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'deal_link_no_cycle';
    END IF;
    RETURN NEW;
"""


@audited
class DealLink(models.Model):
    """How a deal relates to another: ``deal`` is part of, supersedes or follows ``target``."""

    deal = models.ForeignKey(
        Deal, on_delete=models.CASCADE, related_name="links", help_text="The deal."
    )
    target = models.ForeignKey(
        Deal, on_delete=models.PROTECT, related_name="links_here", help_text="The other deal."
    )
    type = models.CharField(max_length=15, choices=LinkType, help_text="How they relate.")
    order = models.PositiveSmallIntegerField(default=0, help_text="Place in the list.")

    class Meta:
        ordering = ("order", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(name="deal_link_once", fields=["deal", "target", "type"]),
            models.CheckConstraint(
                name="deal_link_not_to_itself",
                condition=~Q(deal=F("target")),
                violation_error_message="A deal cannot link to itself.",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="deal_link_no_cycle",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=NO_PART_OF_CYCLE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal.key} {self.get_type_display().lower()} {self.target.key}"

    def clean(self) -> None:
        if self.type != LinkType.PART_OF or self.deal_id is None or self.target_id is None:
            return
        seen: set[int] = set()
        above = {self.target_id}
        while above:
            if self.deal_id in above:
                raise ValidationError(
                    {"target": f"{self.target} is part of this deal: that would be a circle."}
                )
            seen |= above
            above = (
                set(
                    DealLink.objects.filter(deal__in=above, type=LinkType.PART_OF).values_list(
                        "target_id", flat=True
                    )
                )
                - seen
            )


@audited
class DealRedirect(models.Model):
    """A former key of a deal; its address leads to the present one for good."""

    key = models.SlugField(max_length=KEY_MAX_LENGTH, unique=True, help_text="The former key.")
    deal = models.ForeignKey(
        Deal, on_delete=models.CASCADE, related_name="redirects", help_text="The deal."
    )

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return f"{self.key} → {self.deal.key}"


@audited_pairs
class DealMineral(Deal.minerals.through):  # type: ignore[name-defined,misc]
    """A mineral that a deal names."""

    class Meta:
        proxy = True
