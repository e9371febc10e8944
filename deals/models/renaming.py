"""New names on their way into the editions that readers see."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from deals.models.company import Company


class RenamingQuerySet(models.QuerySet["Renaming"]):
    def unfinished(self) -> Self:
        """Those that wait for a worker or that one is at, oldest first."""
        return self.filter(
            state__in=(Renaming.State.WAITING, Renaming.State.RUNNING),
        ).order_by("asked_at", "pk")


class Renaming(models.Model):
    """A company's names, brought into every current edition that names it.

    A few editions are made at once, many by `run_renamings`, a batch a transaction. Beside each
    batch stands how far it came (``after_seq``), so that whoever goes on after an interruption
    leaves nothing out. Editions that say the new name already are left alone.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waits"
        RUNNING = "running", "Under way"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Stopped"

    company = models.ForeignKey(
        Company,
        on_delete=models.CASCADE,
        related_name="renamings",
        help_text="The company whose names changed; after a merge, the one that stays.",
    )
    old_name = models.CharField(max_length=160, help_text="Name that readers saw.")
    new_name = models.CharField(max_length=160, help_text="Name that they are to see.")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who asked for it. Never public.",
    )
    asked_at = models.DateTimeField(auto_now_add=True, help_text="When it was asked for.")
    finished_at = models.DateTimeField(null=True, help_text="When it was finished, or stopped.")
    state = models.CharField(
        max_length=10, choices=State, default=State.WAITING, help_text="Where it stands."
    )
    total = models.PositiveIntegerField(help_text="Published deals that name the company.")
    done = models.PositiveIntegerField(default=0, help_text="Deals that were looked at.")
    after_seq = models.BigIntegerField(
        default=0, help_text="The last edition that was looked at, in the order of publication."
    )
    until_seq = models.BigIntegerField(
        null=True,
        help_text="The last edition there was when it began; later ones are looked at only where"
        " they may have copied the old name.",
    )
    failure = models.TextField(blank=True, help_text="Why it stopped, and what to do.")

    objects = RenamingQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="renaming_waits_once",
                fields=["company"],
                condition=Q(state="waiting"),
                violation_error_message="A renaming of this company waits already.",
            ),
            models.CheckConstraint(
                name="renaming_done_in_total", condition=Q(done__lte=F("total"))
            ),
        ]

    def __str__(self) -> str:
        if self.old_name == self.new_name:
            return f"{self.new_name}, its names as they are"
        return f"{self.old_name} → {self.new_name}"

    @property
    def is_unfinished(self) -> bool:
        """It waits, or a worker is at it."""
        return self.state in (self.State.WAITING, self.State.RUNNING)
