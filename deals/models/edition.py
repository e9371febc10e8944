"""Editions: what the public reads. Immutable documents with index tables that can be rebuilt.

`Edition` is the narrow index of one edition, `EditionDocument` its text, `EditionRow` its row in
a file, `EditionLine` its money, `EditionState` its dated history and `EditionSource` the pages it
rests on. Only
`deals.publishing` makes editions; only `deals.indexing` fills the index.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.db.models import F, Func, Q
from django.urls import reverse

from config.lib.imprecise import ImpreciseDateField
from config.lib.keys import KEY_MAX_LENGTH
from deals.codes import Cause, Rung
from deals.models.deal import Deal

EXPUNGING = "lodebook.expunging"
"""Session setting that lets `expunge`, run by the tables' owner, through the triggers below."""

SORT_TITLE_MAX_LENGTH = 220

GUARD = f"""
    IF current_setting('{EXPUNGING}', true) = 'on'
        AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')
    THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
"""


class Unnest(Func):
    """The elements of an array column, one a row."""

    function = "unnest"
    set_returning = True


def codes_field(help_text: str) -> ArrayField[list[str], list[str]]:
    """An array of codes or slugs in an index table."""
    return ArrayField(models.TextField(), default=list, help_text=help_text)


class EditionQuerySet(models.QuerySet["Edition"]):
    def current(self) -> Self:
        """Editions that readers see now."""
        return self.filter(period__upper_inf=True).exclude(cause__in=Cause.hidden())

    def as_of(self, moment: datetime) -> Self:
        """Editions that readers saw at ``moment``."""
        return self.filter(period__contains=moment).exclude(cause__in=Cause.hidden())

    def readable(self) -> Self:
        """All editions that have a document: past and present, not withdrawals or removals."""
        return self.exclude(cause__in=Cause.hidden())

    def news(self) -> Self:
        """Editions that change what is said; refreshed names are folded away."""
        return self.exclude(cause=Cause.REFRESH)

    def for_list(self) -> Self:
        """With the summary that a list shows, and without the texts that only others need."""
        return self.select_related("document").defer(
            "search",
            "search_names",
            "document__record_text",
            "document__names_text",
            "document__detail_text",
        )

    def named(self, column: str) -> models.QuerySet[Edition, object]:
        """The distinct codes or slugs that stand in an array ``column``, or in ``event``."""
        if column == "event":
            return self.exclude(event="").values_list("event", flat=True).distinct()
        return (
            self.annotate(named_code=Unnest(F(column), output_field=models.TextField()))
            .values_list("named_code", flat=True)
            .distinct()
        )


def pointing_to(links: Collection[str]) -> list[int]:
    """Primary keys of the editions, past ones too, that have one of these links (``type:key``).

    One look into the index a link, and into no other: PostgreSQL takes links that it never saw for
    common ones, and would rather read all editions, or an index of all that are open, than look for
    several at once and then at the few that it finds.
    """
    table = Edition._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pointing.id FROM unnest(%s::text[]) AS sought(link), LATERAL ("
            f"SELECT id FROM {table} WHERE links @> ARRAY[sought.link] OFFSET 0) AS pointing",
            [list(links)],
        )
        return [pk for (pk,) in cursor.fetchall()]


class Edition(models.Model):
    """One edition of a deal: who may cite it (number, dates) and the index that finds it."""

    deal = models.ForeignKey(
        Deal, on_delete=models.PROTECT, related_name="editions", help_text="The deal."
    )
    number = models.PositiveIntegerField(help_text="1 for the first edition of this deal.")
    seq = models.BigIntegerField(unique=True, help_text="Order of publication over all deals.")
    cause = models.CharField(max_length=10, choices=Cause, help_text="Why it was made.")
    published_at = models.DateTimeField(help_text="When readers first saw it.")
    period = DateTimeRangeField(help_text="From its publication until the next edition.")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who published it. Never public.",
    )
    reason = models.TextField(blank=True, help_text="Why, for readers: a withdrawal, a removal.")

    # The index: derived from the document, see deals.indexing.
    key = models.CharField(max_length=KEY_MAX_LENGTH, help_text="Key of the deal.")
    title = models.CharField(max_length=200, blank=True, help_text="Title.")
    sort_title = models.CharField(
        max_length=SORT_TITLE_MAX_LENGTH, blank=True, help_text="Title to sort by."
    )
    kind = models.CharField(max_length=30, blank=True, help_text="Main kind.")
    kinds = codes_field("Main kind and others.")
    status = models.CharField(max_length=20, blank=True, help_text="How binding.")
    stage = models.CharField(max_length=30, blank=True, help_text="On the ground; empty: unknown.")
    confidence = models.CharField(max_length=10, blank=True, help_text="How sure.")
    event = models.CharField(max_length=KEY_MAX_LENGTH, blank=True, help_text="Key of the event.")
    announced_on = ImpreciseDateField(null=True, help_text="Announced.")
    signed_on = ImpreciseDateField(null=True, help_text="Signed.")
    closed_on = ImpreciseDateField(null=True, help_text="Closed.")
    countries = codes_field("Countries in any role, with the blocs they belong to.")
    hosts = codes_field("Host countries, with their blocs.")
    partners = codes_field("Partner countries, with their blocs.")
    party_countries = codes_field("Home countries of parties, with their blocs.")
    minerals = codes_field("Minerals with the groups above them.")
    companies = codes_field("Parties and providers.")
    projects = codes_field("Projects.")
    supply_chain_stages = codes_field("Supply chain stages.")
    links = codes_field("Links to other deals, as type:key.")
    stated_value = models.CharField(
        max_length=60,
        blank=True,
        help_text="The value as stated, to compare two.",
    )
    value_basis = models.CharField(max_length=20, blank=True, help_text="Basis of the value.")
    value_usd_low = models.DecimalField(
        max_digits=20, decimal_places=2, null=True, help_text="Low end in US dollars."
    )
    value_usd_high = models.DecimalField(
        max_digits=20, decimal_places=2, null=True, help_text="High end in US dollars."
    )
    value_usd = models.DecimalField(
        max_digits=20,
        decimal_places=2,
        null=True,
        help_text="What sorts and sums: the low end, or the limit of an “up to”.",
    )
    counts_toward_total = models.BooleanField(
        default=False, help_text="Its value may stand in a sum of values."
    )
    is_disputed = models.BooleanField(default=False, help_text="Sources disagree on a fact.")
    indicated_usd = models.DecimalField(
        max_digits=20, decimal_places=2, null=True, help_text="Sum of the rung."
    )
    conditional_usd = models.DecimalField(
        max_digits=20, decimal_places=2, null=True, help_text="Sum of the rung."
    )
    committed_usd = models.DecimalField(
        max_digits=20, decimal_places=2, null=True, help_text="Sum of the rung."
    )
    disbursed_usd = models.DecimalField(
        max_digits=20, decimal_places=2, null=True, help_text="Sum of the rung."
    )
    news_days = ArrayField(
        models.DateField(), default=list, help_text="Latest possible day of each piece of news."
    )
    last_news_on = models.DateField(null=True, help_text="The last of them.")
    can_go_stale = models.BooleanField(
        default=False, help_text="Its status and kind are of those that go stale."
    )
    search = SearchVectorField(null=True, help_text="Words of the deal, weighted.")
    search_names = models.TextField(
        blank=True, help_text="Names without accents, for searches with typing errors."
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ("-seq",)
        constraints: ClassVar = [
            models.UniqueConstraint(name="edition_number_once", fields=["deal", "number"]),
            ExclusionConstraint(
                name="edition_periods_apart",
                expressions=[
                    ("deal", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="edition_period_not_empty", condition=Q(period__isempty=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                F("announced_on__startswith").desc(nulls_last=True),
                F("announced_on__endswith").asc(),
                F("key"),
                name="edition_current_newest",
                condition=Q(period__upper_inf=True),
            ),
            # With all that is asked of many at once, so that the wide table is left alone.
            models.Index(
                fields=["key"],
                name="edition_current_by_key",
                condition=Q(period__upper_inf=True),
                include=["id", "cause"],
            ),
            models.Index(
                fields=["value_usd"],
                name="edition_current_value",
                condition=Q(period__upper_inf=True),
            ),
            models.Index(
                fields=["key"],
                name="edition_linking",
                condition=~Q(links=[]),
                include=["id", "cause", "period", "links"],
            ),
            GinIndex(fields=["countries"], name="edition_countries"),
            GinIndex(fields=["hosts"], name="edition_hosts"),
            GinIndex(fields=["partners"], name="edition_partners"),
            GinIndex(fields=["party_countries"], name="edition_party_countries"),
            GinIndex(fields=["minerals"], name="edition_minerals"),
            GinIndex(fields=["companies"], name="edition_companies"),
            GinIndex(fields=["kinds"], name="edition_kinds"),
            GinIndex(fields=["links"], name="edition_links"),
            GinIndex(fields=["search"], name="edition_search"),
            GinIndex(
                fields=["search_names"], name="edition_search_names", opclasses=["gin_trgm_ops"]
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="edition_identity_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=GUARD
                + """
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an edition is not deleted: withdraw the deal or expunge it'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.deal_id, OLD.number, OLD.seq, OLD.cause, OLD.published_at, lower(OLD.period))
        IS DISTINCT FROM
        (NEW.deal_id, NEW.number, NEW.seq, NEW.cause, NEW.published_at, lower(NEW.period))
        OR (upper(OLD.period) IS NOT NULL AND upper(OLD.period) IS DISTINCT FROM upper(NEW.period))
    THEN
        RAISE EXCEPTION 'an edition keeps its number, dates and cause'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
""",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}, edition {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("deals:edition", args=[self.key, self.number])

    @property
    def is_current(self) -> bool:
        """Readers see it now."""
        return self.period.upper is None and self.cause not in Cause.hidden()


class EditionDocument(models.Model):
    """The text of an edition.

    ``record_text`` is what staff asserted and ``names_text`` the names that stood behind its slugs
    on that day; neither ever changes. ``summary_text`` and ``detail_text`` are what the list and
    the API answer: both are made from the first two, with sums, flags and rates, and are rebuilt
    with the index.
    """

    edition = models.OneToOneField(
        Edition,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="document",
        help_text="The edition.",
    )
    record_text = models.TextField(help_text="The record as canonical JSON.")
    names_text = models.TextField(help_text="Names behind its slugs and codes, as JSON.")
    summary_text = models.TextField(help_text="One deal in a list, as JSON.")
    detail_text = models.TextField(help_text="Record and computed envelope, as JSON.")

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="edition_document_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=GUARD
                + """
    IF TG_OP = 'DELETE' OR (OLD.edition_id, OLD.record_text, OLD.names_text)
        IS DISTINCT FROM (NEW.edition_id, NEW.record_text, NEW.names_text)
    THEN
        RAISE EXCEPTION 'the document of an edition does not change'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
""",
            ),
        ]

    def __str__(self) -> str:
        return f"Document of {self.edition}"


class EditionRow(models.Model):
    """The row of an edition in a CSV file of all columns, as `deals.columns.rows` writes it.

    It has a table of its own, because a file of everything reads it from there several times as
    fast as from beside the long texts of `EditionDocument`. An edition without one, or with one of
    other columns, is in files all the same: then the row is made when it is read.
    """

    edition = models.OneToOneField(
        Edition,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="row",
        help_text="The edition.",
    )
    layout = models.CharField(max_length=8, help_text="Tells apart rows of other columns.")
    text = models.TextField(help_text="The row, with a gap for what depends on the day.")

    def __str__(self) -> str:
        return f"Row of {self.edition_id}"


class EditionLineQuerySet(models.QuerySet["EditionLine"]):
    def present(self) -> Self:
        """Lines as they stand now."""
        return self.filter(is_present=True)

    def counted(self) -> Self:
        """Lines that stand in a sum."""
        return self.filter(is_counted=True)


class EditionLine(models.Model):
    """One financing line of an edition on one rung: as it stands, or over a past span of days.

    Exactly one row a line ``is_present``. The others say on which rung it stood from ``from_on``
    until the day before ``until_on``, for `on=`.
    """

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="lines", help_text="The edition."
    )
    ref = models.CharField(max_length=12, help_text="The line's ref in the deal.")
    providers = codes_field("Slugs of its providers.")
    provider_countries = codes_field("Home countries of its providers, with their blocs.")
    instrument = models.CharField(max_length=20, help_text="Form of the money.")
    status = models.CharField(max_length=20, help_text="How firm it is.")
    rung = models.CharField(max_length=12, blank=True, help_text="Rung; empty if withdrawn.")
    rung_rank = models.PositiveSmallIntegerField(
        default=0, help_text="1 indicated to 4 disbursed; 0 withdrawn."
    )
    amount_usd = models.DecimalField(
        max_digits=20, decimal_places=2, null=True, help_text="US dollars, if known."
    )
    is_counted = models.BooleanField(
        default=False, help_text="Stands in the sum of its rung: see deals.money."
    )
    is_present = models.BooleanField(default=True, help_text="As it stands now.")
    from_on = models.DateField(null=True, help_text="First day of the span.")
    until_on = models.DateField(null=True, help_text="Day after the last; null: still.")

    objects = EditionLineQuerySet.as_manager()

    class Meta:
        ordering = ("edition", "ref")
        indexes: ClassVar = [
            GinIndex(fields=["providers"], name="edition_line_providers"),
            GinIndex(fields=["provider_countries"], name="edition_line_countries"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} of {self.edition_id}: {self.rung or 'withdrawn'}"


class EditionState(models.Model):
    """Status or stage of a deal over a span of days, by its dated events: for `on=`."""

    class Axis(models.TextChoices):
        STATUS = "status", "Agreement"
        STAGE = "stage", "Stage"

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="states", help_text="The edition."
    )
    axis = models.CharField(max_length=6, choices=Axis, help_text="What changed.")
    code = models.CharField(max_length=30, help_text="Status or stage.")
    from_on = models.DateField(help_text="First day on which it certainly held.")
    until_on = models.DateField(null=True, help_text="Day after the last; null: until today.")

    class Meta:
        ordering = ("edition", "axis", "from_on")
        indexes: ClassVar = [
            models.Index(fields=["edition", "axis", "from_on"], name="edition_state_span"),
        ]

    def __str__(self) -> str:
        return f"{self.axis} {self.code} from {self.from_on}"


class EditionSource(models.Model):
    """A page that an edition rests on, under its normalised address: for `/sources/`."""

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="sources", help_text="The edition."
    )
    ref = models.CharField(max_length=12, help_text="The source's ref in the deal.")
    url_key = models.TextField(help_text="Normalised address: one page, one key.")
    url = models.TextField(help_text="Address.")
    publisher = models.CharField(max_length=200, help_text="Publisher.")
    title = models.CharField(max_length=500, help_text="Title.")
    published_on = ImpreciseDateField(null=True, help_text="Date of publication.")
    kind = models.CharField(max_length=10, blank=True, help_text="What sort of page.")
    origin = models.CharField(max_length=200, blank=True, help_text="What it repeats.")

    class Meta:
        ordering = ("edition", "id")
        indexes: ClassVar = [
            models.Index(Func("url_key", function="md5"), name="edition_source_url"),
            models.Index(fields=["publisher"], name="edition_source_publisher"),
        ]

    def __str__(self) -> str:
        return f"{self.publisher}: {self.title}"


RUNG_RANK: dict[str, int] = {rung.value: rank for rank, rung in enumerate(Rung, start=1)}
