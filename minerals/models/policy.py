"""Rules and programmes of states and blocs that bear on minerals."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.urls import reverse

from config.lib.audit import audited
from config.lib.codes import CodeList
from config.lib.imprecise import ImpreciseDateField, imprecise_check
from config.lib.keys import KEY_MAX_LENGTH, validate_key
from countries.models import Bloc, Country, Reference
from minerals.models.mineral import Mineral


class PolicyKind(CodeList):
    """Form of a policy measure. Origin: OECD inventory of export restrictions, extended."""

    EXPORT_CONTROL = "export_control", "A licence is needed to export.", "Export control"
    EXPORT_BAN = "export_ban", "Export is forbidden.", "Export ban"
    QUOTA = "quota", "Output or export is limited.", "Quota"
    IMPORT_TARIFF = "import_tariff", "A duty on imports.", "Import tariff"
    TRADE_STATUS = "trade_status", "Terms on which states trade.", "Trade status"
    INCENTIVE = "incentive", "Public money or relief.", "Incentive"
    STOCKPILE = "stockpile", "A state reserve.", "Stockpile"
    LIST_DESIGNATION = "list_designation", "A list of minerals or projects.", "List designation"
    PARTNERSHIP_FRAMEWORK = (
        "partnership_framework",
        "A standing format between states.",
        "Partnership framework",
    )


DOMESTIC_KINDS = frozenset(
    {
        PolicyKind.INCENTIVE,
        PolicyKind.STOCKPILE,
        PolicyKind.LIST_DESIGNATION,
        PolicyKind.PARTNERSHIP_FRAMEWORK,
    }
)
"""Measures that bear at home where they aim at no other country; limits on trade bear anywhere."""


class PolicyStatus(CodeList):
    """State of a policy measure. Origin: Lodebook."""

    PROPOSED = "proposed", "Before a legislature or in consultation.", "Proposed"
    ANNOUNCED = "announced", "Decided, not yet in force.", "Announced"
    IN_FORCE = "in_force", "Applies.", "In force"
    SUSPENDED = "suspended", "Does not apply for now.", "Suspended"
    ENDED = "ended", "No longer applies.", "Ended"
    NOT_ADOPTED = "not_adopted", "Proposed and not adopted.", "Not adopted"


class PolicyMeasureQuerySet(models.QuerySet["PolicyMeasure"]):
    def bearing_on(self, *, countries: list[str], minerals: list[str]) -> Self:
        """Measures that name one of ``countries`` (ISO alpha-2) or of ``minerals`` (slugs)."""
        return self.filter(
            Q(issuer_country__in=countries)
            | Q(targets__in=countries)
            | Q(minerals__slug__in=minerals)
        ).distinct()

    def general_last(self) -> Self:
        """Those that aim at a country or name a mineral before what a state does in general."""
        names = [
            Exists(through.objects.filter(policymeasure=OuterRef("pk")))
            for through in (PolicyMeasure.targets.through, PolicyMeasure.minerals.through)
        ]
        is_general = Case(*(When(name, then=0) for name in names), default=1)
        return self.order_by(is_general, *self.query.order_by)

    def applying_to(self, *, places: list[str], minerals: list[str]) -> Self:
        """Measures whose every kind of name fits a deal in ``places`` about ``minerals``.

        Places are ISO alpha-2 codes and keys of blocs. One of the countries aimed at must be among
        them, where it aims at any; one of the minerals named among those, where it names any. A
        measure that aims at none must be issued in one of the places, if it bears at home alone
        or names no mineral.
        """
        aimed = Q(targets__iso2__in=places)
        named = Q(minerals__slug__in=minerals)
        issued = Q(issuer_country__in=places) | Q(issuer_bloc__key__in=places)
        anywhere, anything = Q(targets__isnull=True), Q(minerals__isnull=True)
        fitting = self.model._default_manager.filter(
            (aimed & (named | anything))
            | (anywhere & named & (issued | ~Q(kind__in=DOMESTIC_KINDS)))
            | (anywhere & anything & issued)
        )
        return self.filter(pk__in=fitting.values("pk"))


class PolicyMeasureManager(models.Manager["PolicyMeasure"]):
    def get_by_natural_key(self, key: str) -> PolicyMeasure:
        return self.get(key=key)


@audited
class PolicyMeasure(models.Model):
    """A rule or programme of a state or bloc that bears on minerals."""

    key = models.SlugField(
        max_length=KEY_MAX_LENGTH, unique=True, validators=[validate_key], help_text="Stable name."
    )
    title = models.CharField(max_length=300, help_text="Title.")
    kind = models.CharField(max_length=30, choices=PolicyKind, help_text="Form of the measure.")
    issuer_country = models.ForeignKey(
        Country,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="policies_issued",
        help_text="The state that issued it.",
    )
    issuer_bloc = models.ForeignKey(
        Bloc,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="policies_issued",
        help_text="The bloc that issued it.",
    )
    targets = models.ManyToManyField(
        Country, blank=True, related_name="policies_targeting", help_text="Countries it aims at."
    )
    minerals = models.ManyToManyField(
        Mineral, blank=True, related_name="policies", help_text="Minerals it names."
    )
    minerals_unspecified = models.BooleanField(
        default=False, help_text="It speaks of critical minerals in general."
    )
    announced_on = ImpreciseDateField(null=True, blank=True, help_text="Announced.")
    in_force_on = ImpreciseDateField(null=True, blank=True, help_text="In force since.")
    ended_on = ImpreciseDateField(null=True, blank=True, help_text="Ended or suspended on.")
    status = models.CharField(max_length=15, choices=PolicyStatus, help_text="State as last known.")
    summary = models.TextField(help_text="What it does, in a few sentences.")
    references = models.ManyToManyField(
        Reference, blank=True, related_name="+", help_text="Sources of this entry."
    )

    objects = PolicyMeasureManager.from_queryset(PolicyMeasureQuerySet)()

    class Meta:
        ordering = ("-announced_on", "key")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="policy_one_issuer",
                condition=Q(issuer_country__isnull=False, issuer_bloc__isnull=True)
                | Q(issuer_country__isnull=True, issuer_bloc__isnull=False),
                violation_error_message="Name either a country or a bloc as issuer.",
            ),
            imprecise_check("policy_announced_on", "announced_on"),
            imprecise_check("policy_in_force_on", "in_force_on"),
            imprecise_check("policy_ended_on", "ended_on"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("minerals:policy", args=[self.key])

    @property
    def issuer(self) -> Country | Bloc | None:
        """The state or bloc that issued it."""
        return self.issuer_country or self.issuer_bloc

    def natural_key(self) -> tuple[str]:
        return (self.key,)

    natural_key.dependencies = [  # type: ignore[attr-defined]
        "countries.country",
        "countries.bloc",
        "countries.reference",
        "minerals.mineral",
    ]
