"""Companies and other bodies that take part in deals, and who owns whom."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from config.lib.audit import audited
from config.lib.imprecise import ImpreciseDateField, imprecise_check
from config.lib.keys import KEY_MAX_LENGTH, validate_key
from config.lib.sorting import PlainNames, sort_key
from countries.models import Country, Reference
from deals.codes import CompanyType, OwnershipKind


class CompanyQuerySet(models.QuerySet["Company"]):
    def public(self) -> Self:
        """Companies that a current edition names; merged ones are left to their successor."""
        from deals.models.edition import Edition

        return self.active().filter(slug__in=Edition.objects.current().named("companies"))

    def active(self) -> Self:
        """Companies that are not merged into another."""
        return self.filter(merged_into__isnull=True)


class CompanyManager(models.Manager["Company"]):
    def get_by_natural_key(self, slug: str) -> Company:
        return self.get(slug=slug)


@audited
class Company(models.Model):
    """Any body that takes part: a firm, a state body, a bank, a fund, or a party nobody names."""

    slug = models.SlugField(
        max_length=KEY_MAX_LENGTH,
        unique=True,
        validators=[validate_key],
        help_text="Stable name, kept when the company is renamed.",
    )
    name = models.CharField(max_length=160, unique=True, help_text="Name as commonly used.")
    aliases = ArrayField(
        models.CharField(max_length=160),
        default=list,
        blank=True,
        help_text="Other and former names, separated by commas; search finds them.",
    )
    type = models.CharField(max_length=30, choices=CompanyType, help_text="What sort of body.")
    country = models.ForeignKey(
        Country,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="companies",
        help_text="Home country; empty where it is unknown or shared by several states.",
    )
    ownership = models.CharField(
        max_length=10, choices=OwnershipKind, blank=True, help_text="Who owns it, if known."
    )
    tickers = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        help_text="Exchange and symbol, such as ASX:LYC, separated by commas.",
    )
    lei = models.CharField(
        "LEI", max_length=20, blank=True, help_text="Legal Entity Identifier (ISO 17442)."
    )
    website = models.URLField(max_length=500, blank=True, help_text="Its own site.")
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        help_text="The record that replaces this one. Addresses and filters follow it.",
    )
    note = models.TextField(blank=True, help_text="Public remarks.")
    references = models.ManyToManyField(
        Reference, blank=True, related_name="+", help_text="Sources of this entry."
    )
    sort_name = models.CharField(max_length=180, editable=False, help_text="Name to sort by.")

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta:
        ordering = ("sort_name",)
        verbose_name_plural = "companies"
        indexes: ClassVar = [
            GinIndex(
                OpClass(PlainNames("name", "aliases"), name="gin_trgm_ops"), name="company_names"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="company_lei_form",
                condition=Q(lei="") | Q(lei__regex="^[0-9A-Z]{18}[0-9]{2}$"),
                violation_error_message="An LEI has 18 letters or digits and two check digits.",
            ),
            models.CheckConstraint(
                name="company_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                violation_error_message="A company cannot be merged into itself.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_name = sort_key(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return reverse("deals:company", args=[self.slug])

    def clean(self) -> None:
        if self.merged_into is not None and self.merged_into.merged_into_id is not None:
            raise ValidationError(
                {
                    "merged_into": f"{self.merged_into} is itself merged into "
                    f"{self.merged_into.merged_into}: choose that one."
                }
            )

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    natural_key.dependencies = ["countries.country", "countries.reference"]  # type: ignore[attr-defined]


class OwnershipQuerySet(models.QuerySet["Ownership"]):
    def in_order(self) -> Self:
        """Largest share first, unknown shares last."""
        return self.order_by(Coalesce(F("percent"), -1.0).desc(), "owner__sort_name")


@audited
class Ownership(models.Model):
    """One company holds another, or part of it, over a time as far as it is known."""

    owner = models.ForeignKey(
        Company, on_delete=models.CASCADE, related_name="holdings", help_text="Who holds."
    )
    owned = models.ForeignKey(
        Company, on_delete=models.CASCADE, related_name="owners", help_text="Who is held."
    )
    percent = models.DecimalField(
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="Share in percent; empty if unknown.",
    )
    since = ImpreciseDateField(null=True, blank=True, help_text="Since, as far as known.")
    until = ImpreciseDateField(null=True, blank=True, help_text="Until; empty if it still holds.")
    reference = models.ForeignKey(
        Reference,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Its source.",
    )
    note = models.CharField(max_length=300, blank=True, help_text="What to keep in mind.")

    objects = OwnershipQuerySet.as_manager()

    class Meta:
        ordering = ("owned", "owner")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="ownership_not_of_itself",
                condition=~Q(owner=F("owned")),
                violation_error_message="A company cannot own itself.",
            ),
            models.CheckConstraint(
                name="ownership_percent",
                condition=Q(percent__isnull=True) | Q(percent__gt=0, percent__lte=100),
                violation_error_message="A share lies above 0 and at most at 100 percent.",
            ),
            models.CheckConstraint(
                name="ownership_dates_in_order",
                condition=Q(since__isnull=True)
                | Q(until__isnull=True)
                | ~Q(since__fully_gt=F("until")),
                violation_error_message="It cannot end before it began.",
            ),
            imprecise_check("ownership_since", "since"),
            imprecise_check("ownership_until", "until"),
            models.UniqueConstraint(
                name="ownership_once",
                fields=["owner", "owned", "since"],
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        share = f"{self.percent.normalize():f}% of " if self.percent is not None else ""
        return f"{self.owner} holds {share}{self.owned}"
