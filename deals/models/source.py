"""The pages that a deal rests on, and which fact each of them states."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlsplit, urlunsplit

from django.core.exceptions import ValidationError
from django.db import models

from config.lib.audit import audited
from config.lib.imprecise import ImpreciseDateField, imprecise_check
from deals.codes import Fact, SourceKind
from deals.models.deal import Deal
from deals.models.party import REF_HELP, REF_MAX_LENGTH

QUOTE_MAX_LENGTH = 300
TRACKING_PREFIXES = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid")


def normalised_url(url: str) -> str:
    """``url`` as a key for one page: no scheme, ``www.``, fragment, tracking or closing slash."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").removeprefix("www.")
    if parts.port and parts.port not in (80, 443):
        host = f"{host}:{parts.port}"
    query = "&".join(
        pair for pair in parts.query.split("&") if pair and not pair.startswith(TRACKING_PREFIXES)
    )
    return urlunsplit(("", host, parts.path.rstrip("/"), query, "")).lstrip("/")


@audited
class Source(models.Model):
    """One page that a deal rests on."""

    deal = models.ForeignKey(
        Deal, on_delete=models.CASCADE, related_name="sources", help_text="The deal."
    )
    ref = models.SlugField(max_length=REF_MAX_LENGTH, blank=True, help_text=REF_HELP)
    url = models.URLField(max_length=2000, help_text="Address of the page.")
    publisher = models.CharField(max_length=200, help_text="Who published it.")
    title = models.CharField(max_length=500, help_text="Title as the page gives it.")
    published_on = ImpreciseDateField(
        null=True, blank=True, help_text="Date of publication, as exact as the page says."
    )
    retrieved_on = models.DateField(null=True, blank=True, help_text="Day when it was read.")
    language = models.CharField(
        max_length=8, blank=True, help_text="ISO 639 code of its language, such as en."
    )
    kind = models.CharField(
        max_length=10, choices=SourceKind, blank=True, help_text="What sort of page, if known."
    )
    origin = models.CharField(
        max_length=200,
        blank=True,
        help_text="The wire story or release it repeats; empty unless that is known.",
    )
    order = models.PositiveSmallIntegerField(default=0, help_text="Place in the list.")

    class Meta:
        ordering = ("order", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(name="source_ref_once", fields=["deal", "ref"]),
            models.UniqueConstraint(
                name="source_url_once",
                fields=["deal", "url"],
                # Checked after the statement, so that an update may swap two rows.
                deferrable=models.Deferrable.IMMEDIATE,
            ),
            models.CheckConstraint(
                name="source_url_is_web", condition=models.Q(url__regex="^https?://")
            ),
            imprecise_check("source_published_on", "published_on"),
        ]

    def __str__(self) -> str:
        return f"{self.publisher}: {self.title}"


@audited
class Citation(models.Model):
    """A source speaks to a fact: it supports it, or states something else."""

    deal = models.ForeignKey(
        Deal, on_delete=models.CASCADE, related_name="citations", help_text="The deal."
    )
    ref = models.SlugField(max_length=REF_MAX_LENGTH, blank=True, help_text=REF_HELP)
    source = models.ForeignKey(
        Source, on_delete=models.CASCADE, related_name="citations", help_text="The source."
    )
    fact = models.CharField(max_length=12, choices=Fact, help_text="Which fact it speaks to.")
    item = models.SlugField(
        max_length=REF_MAX_LENGTH,
        blank=True,
        help_text="The nested item it is about, by ref, such as f1; empty for the fact as a whole.",
    )
    locator = models.CharField(max_length=120, blank=True, help_text="Page or paragraph.")
    quote = models.CharField(
        max_length=QUOTE_MAX_LENGTH, blank=True, help_text="Short quote, at most 300 characters."
    )
    stated = models.CharField(
        max_length=QUOTE_MAX_LENGTH,
        blank=True,
        help_text="What this source says where it differs from the record.",
    )
    order = models.PositiveSmallIntegerField(default=0, help_text="Place in the list.")

    class Meta:
        ordering = ("order", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(name="citation_ref_once", fields=["deal", "ref"]),
        ]

    def __str__(self) -> str:
        return f"{self.source.publisher} on {self.get_fact_display().lower()}"

    def clean(self) -> None:
        if self.source_id and self.deal_id and self.source.deal_id != self.deal_id:
            raise ValidationError({"source": "This source belongs to another deal."})
