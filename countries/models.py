"""Countries, blocs and the sources of reference facts."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from config.lib.audit import audited
from config.lib.codes import CodeList, Vocabulary
from config.lib.imprecise import ImpreciseDateField, imprecise_check
from config.lib.keys import KEY_MAX_LENGTH, validate_key
from config.lib.sorting import sort_key


class ReferenceManager(models.Manager["Reference"]):
    def get_by_natural_key(self, key: str) -> Reference:
        return self.get(key=key)


@audited
class Reference(models.Model):
    """The source of a reference fact: a page, a data set or a named article without an address."""

    key = models.SlugField(
        max_length=KEY_MAX_LENGTH,
        unique=True,
        validators=[validate_key],
        help_text="Stable name of this source.",
    )
    url = models.URLField(
        max_length=2000, blank=True, help_text="Address; empty for a source without one."
    )
    title = models.CharField(max_length=500, blank=True, help_text="Title as the source gives it.")
    publisher = models.CharField(max_length=200, blank=True, help_text="Who published it.")
    edition = models.CharField(max_length=200, blank=True, help_text="Edition or release.")
    licence = models.CharField(max_length=500, blank=True, help_text="Terms of reuse.")
    published_on = ImpreciseDateField(null=True, blank=True, help_text="Date of publication.")

    objects = ReferenceManager()

    class Meta:
        ordering = ("publisher", "title", "key")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="reference_says_something",
                condition=~Q(url="") | ~Q(title=""),
                violation_error_message="A reference needs an address or a title.",
            ),
            imprecise_check("reference_published_on", "published_on"),
        ]

    def __str__(self) -> str:
        return self.title or self.url

    def natural_key(self) -> tuple[str]:
        return (self.key,)


class CountryManager(models.Manager["Country"]):
    def get_by_natural_key(self, iso2: str) -> Country:
        return self.get(iso2=iso2)


@audited
class Country(models.Model):
    """A country or territory with an ISO 3166-1 code; regions are those of UN M49."""

    iso2 = models.CharField(
        "ISO alpha-2", max_length=2, primary_key=True, help_text="ISO 3166-1 alpha-2, upper case."
    )
    iso3 = models.CharField(
        "ISO alpha-3", max_length=3, unique=True, help_text="ISO 3166-1 alpha-3."
    )
    numeric = models.CharField(
        "ISO numeric", max_length=3, unique=True, help_text="ISO 3166-1 numeric, three digits."
    )
    name = models.CharField(
        max_length=100,
        unique=True,
        help_text="Short name (Unicode CLDR; the two Congos as DR Congo and Congo (Republic)).",
    )
    iso_name = models.CharField("ISO name", max_length=100, help_text="Name in ISO 3166-1.")
    official_name = models.CharField(max_length=200, blank=True, help_text="Formal name.")
    aliases = ArrayField(
        models.CharField(max_length=100),
        default=list,
        blank=True,
        help_text="Other and former names and short forms, such as DRC; search finds them.",
    )
    region = models.CharField(max_length=60, help_text="UN M49 region.")
    subregion = models.CharField(max_length=60, blank=True, help_text="UN M49 sub-region.")
    sort_name = models.CharField(max_length=120, editable=False, help_text="Name to sort by.")

    objects = CountryManager()

    class Meta:
        ordering = ("sort_name",)
        verbose_name_plural = "countries"
        constraints: ClassVar = [
            models.CheckConstraint(name="country_iso2_form", condition=Q(iso2__regex="^[A-Z]{2}$")),
            models.CheckConstraint(name="country_iso3_form", condition=Q(iso3__regex="^[A-Z]{3}$")),
            models.CheckConstraint(
                name="country_numeric_form", condition=Q(numeric__regex="^[0-9]{3}$")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_name = sort_key(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return reverse("countries:detail", args=[self.iso2.lower()])

    def natural_key(self) -> tuple[str]:
        return (self.iso2,)


class BlocManager(models.Manager["Bloc"]):
    def get_by_natural_key(self, key: str) -> Bloc:
        return self.get(key=key)


@audited
class Bloc(models.Model):
    """A group of states that acts or is spoken of together."""

    key = models.SlugField(
        max_length=KEY_MAX_LENGTH,
        unique=True,
        validators=[validate_key],
        help_text="Stable name, used as a filter value.",
    )
    name = models.CharField(max_length=120, unique=True, help_text="Full name.")
    short_name = models.CharField(
        max_length=40, help_text="Short name, shown where room is scarce."
    )
    summary = models.TextField(blank=True, help_text="What it is, in a sentence.")
    note = models.TextField(blank=True, help_text="What is uncertain about its membership.")
    references = models.ManyToManyField(
        Reference, blank=True, related_name="+", help_text="Sources of this entry."
    )
    sort_name = models.CharField(max_length=120, editable=False, help_text="Name to sort by.")

    objects = BlocManager()

    class Meta:
        ordering = ("sort_name",)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_name = sort_key(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def natural_key(self) -> tuple[str]:
        return (self.key,)


class MembershipStatus(CodeList):
    """How a country belongs to a bloc. Origin: the blocs' own terms."""

    MEMBER = "member", "A full member.", "Member"
    PARTNER = "partner", "A partner or associate.", "Partner"
    OBSERVER = "observer", "An observer.", "Observer"
    DISPUTED = "disputed", "Sources disagree on its membership.", "Disputed"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def full(self) -> Self:
        """Countries that are members, not partners or observers."""
        return self.filter(country__isnull=False, status=MembershipStatus.MEMBER)

    def on(self, day: date) -> Self:
        """Memberships that may hold on ``day``; an unknown start counts as always."""
        return self.filter(
            Q(since__isnull=True) | Q(since__startswith__lte=day),
            Q(until__isnull=True) | Q(until__endswith__gt=day),
        )


class MembershipManager(models.Manager["Membership"]):
    def get_by_natural_key(self, bloc: str, country: str | None, body: str) -> Membership:
        return self.get(bloc__key=bloc, country_id=country, body=body)


@audited
class Membership(models.Model):
    """A country, or another body, in a bloc, with the dates that are known."""

    bloc = models.ForeignKey(
        Bloc, on_delete=models.CASCADE, related_name="memberships", help_text="The bloc."
    )
    country = models.ForeignKey(
        Country,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        help_text="The country; empty for a body that is none.",
    )
    body = models.CharField(
        max_length=120, blank=True, help_text="A member that is no country, such as the EU."
    )
    since = ImpreciseDateField(null=True, blank=True, help_text="Member since, as far as known.")
    until = ImpreciseDateField(null=True, blank=True, help_text="Member until; empty if still.")
    status = models.CharField(
        max_length=10,
        choices=MembershipStatus,
        default=MembershipStatus.MEMBER,
        help_text="How it belongs.",
    )

    objects = MembershipManager.from_queryset(MembershipQuerySet)()

    class Meta:
        ordering = ("bloc", "country", "body")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="membership_once",
                fields=["bloc", "country", "body"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="membership_country_or_body",
                condition=Q(country__isnull=False, body="")
                | (Q(country__isnull=True) & ~Q(body="")),
                violation_error_message="Name either a country or another body.",
            ),
            imprecise_check("membership_since", "since"),
            imprecise_check("membership_until", "until"),
        ]

    def __str__(self) -> str:
        return f"{self.country or self.body} in {self.bloc}"

    def natural_key(self) -> tuple[str, str | None, str]:
        return (self.bloc.key, self.country_id, self.body)

    natural_key.dependencies = ["countries.bloc", "countries.country"]  # type: ignore[attr-defined]


VOCABULARIES = {
    "membership_status": Vocabulary(
        "membership_status", MembershipStatus, "Membership of a bloc", "The blocs' own terms"
    ),
}
