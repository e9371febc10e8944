"""The log of what changed in the index, for processes that hold it in memory."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class EditionChange(models.Model):
    """One statement that wrote current or past editions, or names that stand behind their codes.

    Written by triggers alone (migration 0006), and kept for seven days; see
    `deals.bitmap_index.freshness`.
    """

    xact = models.BigIntegerField(db_index=True, help_text="Number of its transaction.")
    made_at = models.DateTimeField(db_index=True, help_text="When.")
    editions = ArrayField(
        models.BigIntegerField(),
        null=True,
        help_text="Ids of the editions; none for names; null: too many to be listed.",
    )

    def __str__(self) -> str:
        return f"Transaction {self.xact}"
