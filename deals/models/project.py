"""Projects, the assets that deals are about, with their stated figures."""

from __future__ import annotations

from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from config.lib.audit import audited
from config.lib.keys import KEY_MAX_LENGTH, validate_key
from config.lib.sorting import sort_key
from countries.models import Country, Reference
from deals.models.deal import Deal


class ProjectQuerySet(models.QuerySet["Project"]):
    def public(self) -> Self:
        """Projects that a current edition names."""
        from deals.models.edition import Edition

        return self.filter(slug__in=Edition.objects.current().named("projects"))


class ProjectManager(models.Manager["Project"]):
    def get_by_natural_key(self, slug: str) -> Project:
        return self.get(slug=slug)


@audited
class Project(models.Model):
    """A mine, deposit, plant or line on the ground."""

    slug = models.SlugField(
        max_length=KEY_MAX_LENGTH, unique=True, validators=[validate_key], help_text="Stable name."
    )
    name = models.CharField(max_length=160, help_text="Name.")
    country = models.ForeignKey(
        Country, on_delete=models.PROTECT, related_name="projects", help_text="Where it is."
    )
    region = models.CharField(max_length=120, blank=True, help_text="Region or province.")
    latitude = models.FloatField(
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text="Decimal degrees north, only if a source states the place.",
    )
    longitude = models.FloatField(
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text="Decimal degrees east, only if a source states the place.",
    )
    note = models.TextField(blank=True, help_text="Public remarks.")
    references = models.ManyToManyField(
        Reference, blank=True, related_name="+", help_text="Sources of this entry."
    )
    sort_name = models.CharField(max_length=180, editable=False, help_text="Name to sort by.")

    objects = ProjectManager.from_queryset(ProjectQuerySet)()

    class Meta:
        ordering = ("sort_name", "slug")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="project_place_whole",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                # A comparison with NULL is NULL, which a check lets pass.
                | Q(latitude__isnull=False, longitude__isnull=False)
                & Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                violation_error_message="Give both latitude and longitude, or neither.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_name = sort_key(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    natural_key.dependencies = ["countries.country", "countries.reference"]  # type: ignore[attr-defined]


@audited
class ProjectFigure(models.Model):
    """A capacity or resource figure of a project, as one source states it."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="figures", help_text="The project."
    )
    measure = models.CharField(
        max_length=80, help_text="What is measured, such as resource or annual capacity."
    )
    amount = models.DecimalField(
        max_digits=20, decimal_places=4, null=True, blank=True, help_text="Amount, in the unit."
    )
    unit = models.CharField(max_length=60, blank=True, help_text="Unit, with what is counted.")
    statement = models.CharField(max_length=300, blank=True, help_text="The figure in words.")
    reference = models.ForeignKey(
        Reference,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Its source.",
    )

    class Meta:
        ordering = ("project", "measure", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="project_figure_says_something",
                condition=Q(amount__isnull=False) | ~Q(statement=""),
                violation_error_message="Give an amount or a statement.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}: {self.statement or self.amount} {self.unit}".strip()


@audited
class DealProject(models.Model):
    """A project that a deal is about."""

    deal = models.ForeignKey(
        Deal, on_delete=models.CASCADE, related_name="deal_projects", help_text="The deal."
    )
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="deal_projects", help_text="The project."
    )
    order = models.PositiveSmallIntegerField(default=0, help_text="Place in the list.")
    note = models.CharField(max_length=300, blank=True, help_text="How it is involved.")

    class Meta:
        ordering = ("order", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(name="deal_project_once", fields=["deal", "project"]),
        ]

    def __str__(self) -> str:
        return f"{self.project} in {self.deal}"
