"""Initial tables, rules and triggers."""

import config.lib.imprecise
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.contrib.postgres.search
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "__first__"),
        ("countries", "0001_initial"),
        ("minerals", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        django.contrib.postgres.operations.TrigramExtension(),
        django.contrib.postgres.operations.UnaccentExtension(),
        django.contrib.postgres.operations.BtreeGinExtension(),
        django.contrib.postgres.operations.BtreeGistExtension(),
        # English words without accents: Ruzomberok finds Ružomberok.
        migrations.RunSQL(
            sql=[
                "CREATE TEXT SEARCH CONFIGURATION lodebook (COPY = english)",
                "ALTER TEXT SEARCH CONFIGURATION lodebook "
                "ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem",
            ],
            reverse_sql="DROP TEXT SEARCH CONFIGURATION lodebook",
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.SlugField(
                        help_text="Stable name.",
                        max_length=80,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$",
                                "“%(value)s” is not a key: use lower-case letters, digits and single hyphens, such as kz-cove-tungsten.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(help_text="Name.", max_length=160)),
                ("happened_on", config.lib.imprecise.ImpreciseDateField(help_text="First day.")),
                (
                    "ends_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Last day, if later.", null=True
                    ),
                ),
                ("city", models.CharField(blank=True, help_text="Place.", max_length=80)),
                ("summary", models.TextField(help_text="What it was, in a sentence or two.")),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        help_text="Country where it was held.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events_held",
                        to="countries.country",
                    ),
                ),
                (
                    "participants",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Countries that took part.",
                        related_name="events_attended",
                        to="countries.country",
                    ),
                ),
                (
                    "references",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Sources of this entry.",
                        related_name="+",
                        to="countries.reference",
                    ),
                ),
            ],
            options={
                "ordering": ("-happened_on", "key"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            models.Q(("happened_on__fully_gt", models.F("ends_on")), _negated=True),
                            _connector="OR",
                        ),
                        name="event_dates_in_order",
                        violation_error_message="An event cannot end before it begins.",
                    ),
                    models.CheckConstraint(
                        condition=config.lib.imprecise.IsWholePeriod(models.F("happened_on")),
                        name="event_happened_on",
                        violation_error_message="happened_on must be a whole year, month or day.",
                    ),
                    models.CheckConstraint(
                        condition=config.lib.imprecise.IsWholePeriod(models.F("ends_on")),
                        name="event_ends_on",
                        violation_error_message="ends_on must be a whole year, month or day.",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_eventaudit" ("city", "country_id", "ends_on", "happened_on", "id", "key", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "summary") VALUES (NEW."city", NEW."country_id", NEW."ends_on", NEW."happened_on", NEW."id", NEW."key", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."summary"); RETURN NULL;',
                    hash="4c9fe4ce1957a9acc6a876920387d791cfedda99",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_dc52f",
                    table="deals_event",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "deals_eventaudit" ("city", "country_id", "ends_on", "happened_on", "id", "key", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "summary") VALUES (NEW."city", NEW."country_id", NEW."ends_on", NEW."happened_on", NEW."id", NEW."key", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."summary"); RETURN NULL;',
                    hash="7d5c46a93ee96d5500e2ef9203663ad63b4914d3",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a3a13",
                    table="deals_event",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_eventaudit" ("city", "country_id", "ends_on", "happened_on", "id", "key", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "summary") VALUES (OLD."city", OLD."country_id", OLD."ends_on", OLD."happened_on", OLD."id", OLD."key", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."summary"); RETURN NULL;',
                    hash="6f3979d05801a2ed1e97bcca69097428cb411ae4",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_acf98",
                    table="deals_event",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="EventAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "key",
                    models.SlugField(
                        db_index=False,
                        help_text="Stable name.",
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$",
                                "“%(value)s” is not a key: use lower-case letters, digits and single hyphens, such as kz-cove-tungsten.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(help_text="Name.", max_length=160)),
                ("happened_on", config.lib.imprecise.ImpreciseDateField(help_text="First day.")),
                (
                    "ends_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Last day, if later.", null=True
                    ),
                ),
                ("city", models.CharField(blank=True, help_text="Place.", max_length=80)),
                ("summary", models.TextField(help_text="What it was, in a sentence or two.")),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Country where it was held.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="countries.country",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="audit_rows",
                        to="deals.event",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="eventaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ba467fc9650638278f354c971324b4628806d9fa",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d7ae5",
                    table="deals_eventaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ExchangeRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(help_text="ISO 4217 code.", max_length=3)),
                ("year", models.PositiveSmallIntegerField(help_text="Year of the average.")),
                (
                    "usd_per_unit",
                    models.DecimalField(
                        decimal_places=10, help_text="US dollars for one unit.", max_digits=18
                    ),
                ),
                (
                    "is_estimate",
                    models.BooleanField(
                        default=False,
                        help_text="A sample or a part of the year, not an official average.",
                    ),
                ),
                (
                    "covered_until",
                    models.DateField(
                        blank=True,
                        help_text="Last day covered, for a year that is not complete.",
                        null=True,
                    ),
                ),
                (
                    "observation_count",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="Daily rates averaged, if known.", null=True
                    ),
                ),
                (
                    "reference",
                    models.ForeignKey(
                        help_text="Its source.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="countries.reference",
                    ),
                ),
            ],
            options={
                "ordering": ("currency", "year"),
                "constraints": [
                    models.UniqueConstraint(fields=("currency", "year"), name="exchange_rate_once"),
                    models.CheckConstraint(
                        condition=models.Q(("usd_per_unit__gt", 0)), name="exchange_rate_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="exchange_rate_currency",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="exchangerate",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_exchangerateaudit" ("covered_until", "currency", "id", "is_estimate", "observation_count", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference_id", "usd_per_unit", "year") VALUES (NEW."covered_until", NEW."currency", NEW."id", NEW."is_estimate", NEW."observation_count", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reference_id", NEW."usd_per_unit", NEW."year"); RETURN NULL;',
                    hash="e71b6560b36e0a96b64242f8c4b2b2c205fed610",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a08ca",
                    table="deals_exchangerate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="exchangerate",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "deals_exchangerateaudit" ("covered_until", "currency", "id", "is_estimate", "observation_count", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference_id", "usd_per_unit", "year") VALUES (NEW."covered_until", NEW."currency", NEW."id", NEW."is_estimate", NEW."observation_count", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reference_id", NEW."usd_per_unit", NEW."year"); RETURN NULL;',
                    hash="6d1ecd984410af5f02bad3c09779fff69de0f0da",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f9f9f",
                    table="deals_exchangerate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="exchangerate",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_exchangerateaudit" ("covered_until", "currency", "id", "is_estimate", "observation_count", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference_id", "usd_per_unit", "year") VALUES (OLD."covered_until", OLD."currency", OLD."id", OLD."is_estimate", OLD."observation_count", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reference_id", OLD."usd_per_unit", OLD."year"); RETURN NULL;',
                    hash="e5c26909c508bbc8298833b642eae8a107e8334c",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d156d",
                    table="deals_exchangerate",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ExchangeRateAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("currency", models.CharField(help_text="ISO 4217 code.", max_length=3)),
                ("year", models.PositiveSmallIntegerField(help_text="Year of the average.")),
                (
                    "usd_per_unit",
                    models.DecimalField(
                        decimal_places=10, help_text="US dollars for one unit.", max_digits=18
                    ),
                ),
                (
                    "is_estimate",
                    models.BooleanField(
                        default=False,
                        help_text="A sample or a part of the year, not an official average.",
                    ),
                ),
                (
                    "covered_until",
                    models.DateField(
                        blank=True,
                        help_text="Last day covered, for a year that is not complete.",
                        null=True,
                    ),
                ),
                (
                    "observation_count",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="Daily rates averaged, if known.", null=True
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="audit_rows",
                        to="deals.exchangerate",
                    ),
                ),
                (
                    "reference",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="Its source.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="countries.reference",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="exchangerateaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="92a1a519c927c5fb50ce12c63c1082092d5adc15",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a9a65",
                    table="deals_exchangerateaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        help_text="Stable name.",
                        max_length=80,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$",
                                "“%(value)s” is not a key: use lower-case letters, digits and single hyphens, such as kz-cove-tungsten.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(help_text="Name.", max_length=160)),
                (
                    "region",
                    models.CharField(blank=True, help_text="Region or province.", max_length=120),
                ),
                (
                    "latitude",
                    models.FloatField(
                        blank=True,
                        help_text="Decimal degrees north, only if a source states the place.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-90),
                            django.core.validators.MaxValueValidator(90),
                        ],
                    ),
                ),
                (
                    "longitude",
                    models.FloatField(
                        blank=True,
                        help_text="Decimal degrees east, only if a source states the place.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-180),
                            django.core.validators.MaxValueValidator(180),
                        ],
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="Public remarks.")),
                (
                    "sort_name",
                    models.CharField(editable=False, help_text="Name to sort by.", max_length=180),
                ),
                (
                    "country",
                    models.ForeignKey(
                        help_text="Where it is.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="countries.country",
                    ),
                ),
                (
                    "references",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Sources of this entry.",
                        related_name="+",
                        to="countries.reference",
                    ),
                ),
            ],
            options={
                "ordering": ("sort_name", "slug"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                            models.Q(
                                ("latitude__isnull", False),
                                ("longitude__isnull", False),
                                ("latitude__range", (-90, 90)),
                                ("longitude__range", (-180, 180)),
                            ),
                            _connector="OR",
                        ),
                        name="project_place_whole",
                        violation_error_message="Give both latitude and longitude, or neither.",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="project",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_projectaudit" ("country_id", "id", "latitude", "longitude", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region", "slug", "sort_name") VALUES (NEW."country_id", NEW."id", NEW."latitude", NEW."longitude", NEW."name", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."region", NEW."slug", NEW."sort_name"); RETURN NULL;',
                    hash="41440990a4e8814013c671977a6a79ededa74c6b",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_3a8ba",
                    table="deals_project",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="project",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "deals_projectaudit" ("country_id", "id", "latitude", "longitude", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region", "slug", "sort_name") VALUES (NEW."country_id", NEW."id", NEW."latitude", NEW."longitude", NEW."name", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."region", NEW."slug", NEW."sort_name"); RETURN NULL;',
                    hash="d3037c846c3d2d563f37b4185fcf97cc597a0cf5",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e6a5a",
                    table="deals_project",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="project",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_projectaudit" ("country_id", "id", "latitude", "longitude", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region", "slug", "sort_name") VALUES (OLD."country_id", OLD."id", OLD."latitude", OLD."longitude", OLD."name", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."region", OLD."slug", OLD."sort_name"); RETURN NULL;',
                    hash="60edad3a9cfec1cda2c3ec636cf07bf8e31ad969",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d024c",
                    table="deals_project",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ProjectAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "slug",
                    models.SlugField(
                        db_index=False,
                        help_text="Stable name.",
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$",
                                "“%(value)s” is not a key: use lower-case letters, digits and single hyphens, such as kz-cove-tungsten.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(help_text="Name.", max_length=160)),
                (
                    "region",
                    models.CharField(blank=True, help_text="Region or province.", max_length=120),
                ),
                (
                    "latitude",
                    models.FloatField(
                        blank=True,
                        help_text="Decimal degrees north, only if a source states the place.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-90),
                            django.core.validators.MaxValueValidator(90),
                        ],
                    ),
                ),
                (
                    "longitude",
                    models.FloatField(
                        blank=True,
                        help_text="Decimal degrees east, only if a source states the place.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-180),
                            django.core.validators.MaxValueValidator(180),
                        ],
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="Public remarks.")),
                (
                    "sort_name",
                    models.CharField(editable=False, help_text="Name to sort by.", max_length=180),
                ),
                (
                    "country",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="Where it is.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="countries.country",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="audit_rows",
                        to="deals.project",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="projectaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9f82d62a36903569d68b1a407c712cc4b8f8da88",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a9d2d",
                    table="deals_projectaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ProjectFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "measure",
                    models.CharField(
                        help_text="What is measured, such as resource or annual capacity.",
                        max_length=80,
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="Amount, in the unit.",
                        max_digits=20,
                        null=True,
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        blank=True, help_text="Unit, with what is counted.", max_length=60
                    ),
                ),
                (
                    "statement",
                    models.CharField(blank=True, help_text="The figure in words.", max_length=300),
                ),
                (
                    "project",
                    models.ForeignKey(
                        help_text="The project.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="figures",
                        to="deals.project",
                    ),
                ),
                (
                    "reference",
                    models.ForeignKey(
                        blank=True,
                        help_text="Its source.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="countries.reference",
                    ),
                ),
            ],
            options={
                "ordering": ("project", "measure", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__isnull", False),
                            models.Q(("statement", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="project_figure_says_something",
                        violation_error_message="Give an amount or a statement.",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="projectfigure",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_projectfigureaudit" ("amount", "id", "measure", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "reference_id", "statement", "unit") VALUES (NEW."amount", NEW."id", NEW."measure", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."project_id", NEW."reference_id", NEW."statement", NEW."unit"); RETURN NULL;',
                    hash="339057891a037733481df52c303fad93ae5d529e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_00bc3",
                    table="deals_projectfigure",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="projectfigure",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "deals_projectfigureaudit" ("amount", "id", "measure", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "reference_id", "statement", "unit") VALUES (NEW."amount", NEW."id", NEW."measure", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."project_id", NEW."reference_id", NEW."statement", NEW."unit"); RETURN NULL;',
                    hash="095b5c802caf2d020f841d2459a402823623c9a8",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_271f9",
                    table="deals_projectfigure",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="projectfigure",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_projectfigureaudit" ("amount", "id", "measure", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "reference_id", "statement", "unit") VALUES (OLD."amount", OLD."id", OLD."measure", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."project_id", OLD."reference_id", OLD."statement", OLD."unit"); RETURN NULL;',
                    hash="9e1c4ffa59c779497e19ed13937adea99b72e345",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e8fa5",
                    table="deals_projectfigure",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ProjectFigureAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "measure",
                    models.CharField(
                        help_text="What is measured, such as resource or annual capacity.",
                        max_length=80,
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="Amount, in the unit.",
                        max_digits=20,
                        null=True,
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        blank=True, help_text="Unit, with what is counted.", max_length=60
                    ),
                ),
                (
                    "statement",
                    models.CharField(blank=True, help_text="The figure in words.", max_length=300),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="audit_rows",
                        to="deals.projectfigure",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The project.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.project",
                    ),
                ),
                (
                    "reference",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Its source.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="countries.reference",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="projectfigureaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="84b24d1184eb92360020597da0e160324683f986",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7565d",
                    table="deals_projectfigureaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Company",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        help_text="Stable name, kept when the company is renamed.",
                        max_length=80,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$",
                                "“%(value)s” is not a key: use lower-case letters, digits and single hyphens, such as kz-cove-tungsten.",
                            )
                        ],
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Name as commonly used.", max_length=160, unique=True
                    ),
                ),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=160),
                        blank=True,
                        default=list,
                        help_text="Other and former names, separated by commas; search finds them.",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("company", "Company"),
                            ("state_owned_enterprise", "State-owned enterprise"),
                            ("government", "Government"),
                            ("export_credit_agency", "Export credit agency"),
                            ("development_finance", "Development finance institution"),
                            ("multilateral", "Multilateral"),
                            ("commercial_bank", "Commercial bank"),
                            ("fund", "Fund"),
                            ("research", "Research body"),
                            ("consortium", "Consortium"),
                            ("unnamed", "Unnamed"),
                        ],
                        help_text="What sort of body.",
                        max_length=30,
                    ),
                ),
                (
                    "ownership",
                    models.CharField(
                        blank=True,
                        choices=[("state", "State"), ("listed", "Listed"), ("private", "Private")],
                        help_text="Who owns it, if known.",
                        max_length=10,
                    ),
                ),
                (
                    "tickers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        help_text="Exchange and symbol, such as ASX:LYC, separated by commas.",
                    ),
                ),
                (
                    "lei",
                    models.CharField(
                        blank=True,
                        help_text="Legal Entity Identifier (ISO 17442).",
                        max_length=20,
                        verbose_name="LEI",
                    ),
                ),
                ("website", models.URLField(blank=True, help_text="Its own site.", max_length=500)),
                ("note", models.TextField(blank=True, help_text="Public remarks.")),
                (
                    "sort_name",
                    models.CharField(editable=False, help_text="Name to sort by.", max_length=180),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        help_text="Home country; empty where it is unknown or shared by several states.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="companies",
                        to="countries.country",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        help_text="The record that replaces this one. Addresses and filters follow it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_from",
                        to="deals.company",
                    ),
                ),
                (
                    "references",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Sources of this entry.",
                        related_name="+",
                        to="countries.reference",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "companies",
                "ordering": ("sort_name",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lei", ""), ("lei__regex", "^[0-9A-Z]{18}[0-9]{2}$"), _connector="OR"
                        ),
                        name="company_lei_form",
                        violation_error_message="An LEI has 18 letters or digits and two check digits.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into__isnull", True),
                            models.Q(("merged_into", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="company_not_merged_into_itself",
                        violation_error_message="A company cannot be merged into itself.",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="company",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_companyaudit" ("aliases", "country_id", "id", "lei", "merged_into_id", "name", "note", "ownership", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "sort_name", "tickers", "type", "website") VALUES (NEW."aliases", NEW."country_id", NEW."id", NEW."lei", NEW."merged_into_id", NEW."name", NEW."note", NEW."ownership", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."slug", NEW."sort_name", NEW."tickers", NEW."type", NEW."website"); RETURN NULL;',
                    hash="6ec9b9268fb71648277afcd18ebb632bb1662335",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_62361",
                    table="deals_company",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="company",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "deals_companyaudit" ("aliases", "country_id", "id", "lei", "merged_into_id", "name", "note", "ownership", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "sort_name", "tickers", "type", "website") VALUES (NEW."aliases", NEW."country_id", NEW."id", NEW."lei", NEW."merged_into_id", NEW."name", NEW."note", NEW."ownership", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."slug", NEW."sort_name", NEW."tickers", NEW."type", NEW."website"); RETURN NULL;',
                    hash="5af418813409580f6a905716576b8e6ea5b873e9",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_31060",
                    table="deals_company",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="company",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_companyaudit" ("aliases", "country_id", "id", "lei", "merged_into_id", "name", "note", "ownership", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "sort_name", "tickers", "type", "website") VALUES (OLD."aliases", OLD."country_id", OLD."id", OLD."lei", OLD."merged_into_id", OLD."name", OLD."note", OLD."ownership", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."slug", OLD."sort_name", OLD."tickers", OLD."type", OLD."website"); RETURN NULL;',
                    hash="155f036b19af6ae27a4b5518a60ebea32dbea25b",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e338f",
                    table="deals_company",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="CompanyAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "slug",
                    models.SlugField(
                        db_index=False,
                        help_text="Stable name, kept when the company is renamed.",
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$",
                                "“%(value)s” is not a key: use lower-case letters, digits and single hyphens, such as kz-cove-tungsten.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(help_text="Name as commonly used.", max_length=160)),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=160),
                        blank=True,
                        default=list,
                        help_text="Other and former names, separated by commas; search finds them.",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("company", "Company"),
                            ("state_owned_enterprise", "State-owned enterprise"),
                            ("government", "Government"),
                            ("export_credit_agency", "Export credit agency"),
                            ("development_finance", "Development finance institution"),
                            ("multilateral", "Multilateral"),
                            ("commercial_bank", "Commercial bank"),
                            ("fund", "Fund"),
                            ("research", "Research body"),
                            ("consortium", "Consortium"),
                            ("unnamed", "Unnamed"),
                        ],
                        help_text="What sort of body.",
                        max_length=30,
                    ),
                ),
                (
                    "ownership",
                    models.CharField(
                        blank=True,
                        choices=[("state", "State"), ("listed", "Listed"), ("private", "Private")],
                        help_text="Who owns it, if known.",
                        max_length=10,
                    ),
                ),
                (
                    "tickers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        help_text="Exchange and symbol, such as ASX:LYC, separated by commas.",
                    ),
                ),
                (
                    "lei",
                    models.CharField(
                        blank=True,
                        help_text="Legal Entity Identifier (ISO 17442).",
                        max_length=20,
                        verbose_name="LEI",
                    ),
                ),
                ("website", models.URLField(blank=True, help_text="Its own site.", max_length=500)),
                ("note", models.TextField(blank=True, help_text="Public remarks.")),
                (
                    "sort_name",
                    models.CharField(editable=False, help_text="Name to sort by.", max_length=180),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Home country; empty where it is unknown or shared by several states.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="countries.country",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The record that replaces this one. Addresses and filters follow it.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.company",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="audit_rows",
                        to="deals.company",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="companyaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d41a769ffc6fa70616ec8d6a42c52cad3b4e0642",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_4128d",
                    table="deals_companyaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Deal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.SlugField(
                        help_text="Stable name in the address, such as kz-cove-kaz-tungsten.",
                        max_length=80,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$",
                                "“%(value)s” is not a key: use lower-case letters, digits and single hyphens, such as kz-cove-tungsten.",
                            )
                        ],
                    ),
                ),
                ("title", models.CharField(help_text="Who and what, in one line.", max_length=200)),
                (
                    "summary",
                    models.TextField(help_text="What was agreed, in two or three sentences."),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mou", "Memorandum"),
                            ("framework_agreement", "Framework agreement"),
                            ("joint_venture", "Joint venture"),
                            ("offtake", "Offtake"),
                            ("supply_contract", "Supply contract"),
                            ("equity_investment", "Equity investment"),
                            ("acquisition", "Acquisition"),
                            ("divestment", "Divestment"),
                            ("loan", "Loan"),
                            ("grant", "Grant"),
                            ("guarantee", "Guarantee"),
                            ("exploration_licence", "Exploration licence"),
                            ("mining_licence", "Mining licence"),
                            ("right_of_first_refusal", "Right of first refusal"),
                            ("geological_mapping", "Geological mapping"),
                            ("project_development", "Project development"),
                            ("processing_plant", "Processing plant"),
                            ("infrastructure", "Infrastructure"),
                            ("stockpile_purchase", "Stockpile purchase"),
                            ("royalty_or_stream", "Royalty or stream"),
                            ("technical_cooperation", "Technical cooperation"),
                            ("price_support", "Price support"),
                            ("project_designation", "Project designation"),
                            ("other", "Other"),
                        ],
                        help_text="The main form of the deal.",
                        max_length=30,
                    ),
                ),
                (
                    "also_kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("mou", "Memorandum"),
                                ("framework_agreement", "Framework agreement"),
                                ("joint_venture", "Joint venture"),
                                ("offtake", "Offtake"),
                                ("supply_contract", "Supply contract"),
                                ("equity_investment", "Equity investment"),
                                ("acquisition", "Acquisition"),
                                ("divestment", "Divestment"),
                                ("loan", "Loan"),
                                ("grant", "Grant"),
                                ("guarantee", "Guarantee"),
                                ("exploration_licence", "Exploration licence"),
                                ("mining_licence", "Mining licence"),
                                ("right_of_first_refusal", "Right of first refusal"),
                                ("geological_mapping", "Geological mapping"),
                                ("project_development", "Project development"),
                                ("processing_plant", "Processing plant"),
                                ("infrastructure", "Infrastructure"),
                                ("stockpile_purchase", "Stockpile purchase"),
                                ("royalty_or_stream", "Royalty or stream"),
                                ("technical_cooperation", "Technical cooperation"),
                                ("price_support", "Price support"),
                                ("project_designation", "Project designation"),
                                ("other", "Other"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        help_text="What it is besides.",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("rumoured", "Rumoured"),
                            ("proposed", "Proposed"),
                            ("announced", "Announced"),
                            ("mou_signed", "MoU signed"),
                            ("agreement_signed", "Agreement signed"),
                            ("closed", "Closed"),
                            ("suspended", "Suspended"),
                            ("cancelled", "Cancelled"),
                            ("expired", "Expired"),
                        ],
                        help_text="How binding the agreement is, as last known.",
                        max_length=20,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("exploration", "Exploration"),
                            ("feasibility", "Feasibility"),
                            ("permitting", "Permitting"),
                            ("construction", "Construction"),
                            ("commissioning", "Commissioning"),
                            ("operating", "Operating"),
                            ("care_and_maintenance", "Care and maintenance"),
                            ("completed", "Completed"),
                            ("abandoned", "Abandoned"),
                        ],
                        help_text="The project on the ground; empty if no source says.",
                        max_length=30,
                    ),
                ),
                (
                    "announced_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True,
                        help_text="First made public, as exact as a source says.",
                        null=True,
                    ),
                ),
                (
                    "signed_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Signed, as exact as a source says.", null=True
                    ),
                ),
                (
                    "closed_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Completed, as exact as a source says.", null=True
                    ),
                ),
                (
                    "value_low",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Headline value in whole units, low end.",
                        max_digits=20,
                        null=True,
                    ),
                ),
                (
                    "value_high",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="High end; the same if one figure is known.",
                        max_digits=20,
                        null=True,
                    ),
                ),
                (
                    "value_currency",
                    models.CharField(
                        blank=True, help_text="ISO 4217 code, such as USD.", max_length=3
                    ),
                ),
                (
                    "value_basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("total_investment", "total investment"),
                            ("up_to", "up to"),
                            ("estimated", "estimated"),
                            ("acquisition_price", "acquisition price"),
                            ("loan", "loan"),
                            ("grant", "grant"),
                            ("offtake_value", "offtake value"),
                            ("programme", "programme"),
                            ("enterprise_value", "enterprise value"),
                            ("other", "other"),
                        ],
                        help_text="What the value measures.",
                        max_length=20,
                    ),
                ),
                (
                    "value_note",
                    models.CharField(blank=True, help_text="What is included.", max_length=300),
                ),
                (
                    "minerals_unspecified",
                    models.BooleanField(
                        default=False,
                        help_text="The sources speak of critical minerals in general.",
                    ),
                ),
                (
                    "supply_chain_stages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("exploration", "Exploration"),
                                ("mining", "Mining"),
                                ("processing", "Processing"),
                                ("refining", "Refining"),
                                ("manufacturing", "Manufacturing"),
                                ("recycling", "Recycling"),
                                ("logistics", "Logistics"),
                                ("trading", "Trading"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        help_text="Steps from ore to product that it is about.",
                    ),
                ),
                (
                    "terms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        blank=True,
                        default=list,
                        help_text="What was agreed, one point a line.",
                    ),
                ),
                (
                    "confidence",
                    models.CharField(
                        choices=[("high", "High"), ("medium", "Medium"), ("low", "Low")],
                        help_text="How sure the record is.",
                        max_length=10,
                    ),
                ),
                (
                    "verified_on",
                    models.DateField(
                        blank=True, help_text="Day when someone last checked the record.", null=True
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="Public caveats.")),
                (
                    "review_state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted for review"),
                            ("approved", "Published as it stands"),
                        ],
                        default="draft",
                        editable=False,
                        help_text="Where the working record stands. Never public.",
                        max_length=10,
                    ),
                ),
                (
                    "working_note",
                    models.TextField(
                        blank=True, help_text="For colleagues: what to check. Never public."
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, help_text="Entered.")),
                ("updated_at", models.DateTimeField(auto_now=True, help_text="Last saved.")),
                (
                    "minerals",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Minerals the deal names.",
                        related_name="deals",
                        to="minerals.mineral",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        help_text="Where it was announced.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deals",
                        to="deals.event",
                    ),
                ),
            ],
            options={
                "ordering": ("key",),
                "permissions": [("publish_deal", "Can publish, withdraw and refresh deals")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("value_basis", ""),
                                ("value_currency", ""),
                                ("value_high__isnull", True),
                                ("value_low__isnull", True),
                            ),
                            models.Q(
                                ("value_high__isnull", False),
                                ("value_low__isnull", False),
                                ("value_high__gte", models.F("value_low")),
                                ("value_low__gt", 0),
                                ("value_currency__regex", "^[A-Z]{3}$"),
                                models.Q(("value_basis", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="deal_value_whole",
                        violation_error_message="A value needs low and high (low first, both above 0), a currency and a basis; or leave all of them empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signed_on__isnull", True),
                            ("closed_on__isnull", True),
                            models.Q(("signed_on__fully_gt", models.F("closed_on")), _negated=True),
                            _connector="OR",
                        ),
                        name="deal_signed_before_closed",
                        violation_error_message="A deal cannot close before it is signed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("also_kinds__contains", [models.F("kind")]), _negated=True
                        ),
                        name="deal_kind_not_twice",
                        violation_error_message="The main kind stands among the other kinds too.",
                    ),
                    models.CheckConstraint(
                        condition=config.lib.imprecise.IsWholePeriod(models.F("announced_on")),
                        name="deal_announced_on",
                        violation_error_message="announced_on must be a whole year, month or day.",
                    ),
                    models.CheckConstraint(
                        condition=config.lib.imprecise.IsWholePeriod(models.F("signed_on")),
                        name="deal_signed_on",
                        violation_error_message="signed_on must be a whole year, month or day.",
                    ),
                    models.CheckConstraint(
                        condition=config.lib.imprecise.IsWholePeriod(models.F("closed_on")),
                        name="deal_closed_on",
                        violation_error_message="closed_on must be a whole year, month or day.",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deal",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_dealaudit" ("also_kinds", "announced_on", "closed_on", "confidence", "created_at", "event_id", "id", "key", "kind", "minerals_unspecified", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "review_state", "signed_on", "stage", "status", "summary", "supply_chain_stages", "terms", "title", "updated_at", "value_basis", "value_currency", "value_high", "value_low", "value_note", "verified_on", "working_note") VALUES (NEW."also_kinds", NEW."announced_on", NEW."closed_on", NEW."confidence", NEW."created_at", NEW."event_id", NEW."id", NEW."key", NEW."kind", NEW."minerals_unspecified", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."review_state", NEW."signed_on", NEW."stage", NEW."status", NEW."summary", NEW."supply_chain_stages", NEW."terms", NEW."title", NEW."updated_at", NEW."value_basis", NEW."value_currency", NEW."value_high", NEW."value_low", NEW."value_note", NEW."verified_on", NEW."working_note"); RETURN NULL;',
                    hash="bb56d9dea35b16bbee00e475b190076b44687bc0",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_107f7",
                    table="deals_deal",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deal",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "deals_dealaudit" ("also_kinds", "announced_on", "closed_on", "confidence", "created_at", "event_id", "id", "key", "kind", "minerals_unspecified", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "review_state", "signed_on", "stage", "status", "summary", "supply_chain_stages", "terms", "title", "updated_at", "value_basis", "value_currency", "value_high", "value_low", "value_note", "verified_on", "working_note") VALUES (NEW."also_kinds", NEW."announced_on", NEW."closed_on", NEW."confidence", NEW."created_at", NEW."event_id", NEW."id", NEW."key", NEW."kind", NEW."minerals_unspecified", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."review_state", NEW."signed_on", NEW."stage", NEW."status", NEW."summary", NEW."supply_chain_stages", NEW."terms", NEW."title", NEW."updated_at", NEW."value_basis", NEW."value_currency", NEW."value_high", NEW."value_low", NEW."value_note", NEW."verified_on", NEW."working_note"); RETURN NULL;',
                    hash="5a32617c7b39b0d114f444f8cef1fe9ebaa13e34",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e9aad",
                    table="deals_deal",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deal",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_dealaudit" ("also_kinds", "announced_on", "closed_on", "confidence", "created_at", "event_id", "id", "key", "kind", "minerals_unspecified", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "review_state", "signed_on", "stage", "status", "summary", "supply_chain_stages", "terms", "title", "updated_at", "value_basis", "value_currency", "value_high", "value_low", "value_note", "verified_on", "working_note") VALUES (OLD."also_kinds", OLD."announced_on", OLD."closed_on", OLD."confidence", OLD."created_at", OLD."event_id", OLD."id", OLD."key", OLD."kind", OLD."minerals_unspecified", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."review_state", OLD."signed_on", OLD."stage", OLD."status", OLD."summary", OLD."supply_chain_stages", OLD."terms", OLD."title", OLD."updated_at", OLD."value_basis", OLD."value_currency", OLD."value_high", OLD."value_low", OLD."value_note", OLD."verified_on", OLD."working_note"); RETURN NULL;',
                    hash="ef3d24c5e790d2ca0973b9bca21bfc151ccf0ce7",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_8271c",
                    table="deals_deal",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="DealAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "key",
                    models.SlugField(
                        db_index=False,
                        help_text="Stable name in the address, such as kz-cove-kaz-tungsten.",
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$",
                                "“%(value)s” is not a key: use lower-case letters, digits and single hyphens, such as kz-cove-tungsten.",
                            )
                        ],
                    ),
                ),
                ("title", models.CharField(help_text="Who and what, in one line.", max_length=200)),
                (
                    "summary",
                    models.TextField(help_text="What was agreed, in two or three sentences."),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mou", "Memorandum"),
                            ("framework_agreement", "Framework agreement"),
                            ("joint_venture", "Joint venture"),
                            ("offtake", "Offtake"),
                            ("supply_contract", "Supply contract"),
                            ("equity_investment", "Equity investment"),
                            ("acquisition", "Acquisition"),
                            ("divestment", "Divestment"),
                            ("loan", "Loan"),
                            ("grant", "Grant"),
                            ("guarantee", "Guarantee"),
                            ("exploration_licence", "Exploration licence"),
                            ("mining_licence", "Mining licence"),
                            ("right_of_first_refusal", "Right of first refusal"),
                            ("geological_mapping", "Geological mapping"),
                            ("project_development", "Project development"),
                            ("processing_plant", "Processing plant"),
                            ("infrastructure", "Infrastructure"),
                            ("stockpile_purchase", "Stockpile purchase"),
                            ("royalty_or_stream", "Royalty or stream"),
                            ("technical_cooperation", "Technical cooperation"),
                            ("price_support", "Price support"),
                            ("project_designation", "Project designation"),
                            ("other", "Other"),
                        ],
                        help_text="The main form of the deal.",
                        max_length=30,
                    ),
                ),
                (
                    "also_kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("mou", "Memorandum"),
                                ("framework_agreement", "Framework agreement"),
                                ("joint_venture", "Joint venture"),
                                ("offtake", "Offtake"),
                                ("supply_contract", "Supply contract"),
                                ("equity_investment", "Equity investment"),
                                ("acquisition", "Acquisition"),
                                ("divestment", "Divestment"),
                                ("loan", "Loan"),
                                ("grant", "Grant"),
                                ("guarantee", "Guarantee"),
                                ("exploration_licence", "Exploration licence"),
                                ("mining_licence", "Mining licence"),
                                ("right_of_first_refusal", "Right of first refusal"),
                                ("geological_mapping", "Geological mapping"),
                                ("project_development", "Project development"),
                                ("processing_plant", "Processing plant"),
                                ("infrastructure", "Infrastructure"),
                                ("stockpile_purchase", "Stockpile purchase"),
                                ("royalty_or_stream", "Royalty or stream"),
                                ("technical_cooperation", "Technical cooperation"),
                                ("price_support", "Price support"),
                                ("project_designation", "Project designation"),
                                ("other", "Other"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        help_text="What it is besides.",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("rumoured", "Rumoured"),
                            ("proposed", "Proposed"),
                            ("announced", "Announced"),
                            ("mou_signed", "MoU signed"),
                            ("agreement_signed", "Agreement signed"),
                            ("closed", "Closed"),
                            ("suspended", "Suspended"),
                            ("cancelled", "Cancelled"),
                            ("expired", "Expired"),
                        ],
                        help_text="How binding the agreement is, as last known.",
                        max_length=20,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("exploration", "Exploration"),
                            ("feasibility", "Feasibility"),
                            ("permitting", "Permitting"),
                            ("construction", "Construction"),
                            ("commissioning", "Commissioning"),
                            ("operating", "Operating"),
                            ("care_and_maintenance", "Care and maintenance"),
                            ("completed", "Completed"),
                            ("abandoned", "Abandoned"),
                        ],
                        help_text="The project on the ground; empty if no source says.",
                        max_length=30,
                    ),
                ),
                (
                    "announced_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True,
                        help_text="First made public, as exact as a source says.",
                        null=True,
                    ),
                ),
                (
                    "signed_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Signed, as exact as a source says.", null=True
                    ),
                ),
                (
                    "closed_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Completed, as exact as a source says.", null=True
                    ),
                ),
                (
                    "value_low",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Headline value in whole units, low end.",
                        max_digits=20,
                        null=True,
                    ),
                ),
                (
                    "value_high",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="High end; the same if one figure is known.",
                        max_digits=20,
                        null=True,
                    ),
                ),
                (
                    "value_currency",
                    models.CharField(
                        blank=True, help_text="ISO 4217 code, such as USD.", max_length=3
                    ),
                ),
                (
                    "value_basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("total_investment", "total investment"),
                            ("up_to", "up to"),
                            ("estimated", "estimated"),
                            ("acquisition_price", "acquisition price"),
                            ("loan", "loan"),
                            ("grant", "grant"),
                            ("offtake_value", "offtake value"),
                            ("programme", "programme"),
                            ("enterprise_value", "enterprise value"),
                            ("other", "other"),
                        ],
                        help_text="What the value measures.",
                        max_length=20,
                    ),
                ),
                (
                    "value_note",
                    models.CharField(blank=True, help_text="What is included.", max_length=300),
                ),
                (
                    "minerals_unspecified",
                    models.BooleanField(
                        default=False,
                        help_text="The sources speak of critical minerals in general.",
                    ),
                ),
                (
                    "supply_chain_stages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("exploration", "Exploration"),
                                ("mining", "Mining"),
                                ("processing", "Processing"),
                                ("refining", "Refining"),
                                ("manufacturing", "Manufacturing"),
                                ("recycling", "Recycling"),
                                ("logistics", "Logistics"),
                                ("trading", "Trading"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        help_text="Steps from ore to product that it is about.",
                    ),
                ),
                (
                    "terms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        blank=True,
                        default=list,
                        help_text="What was agreed, one point a line.",
                    ),
                ),
                (
                    "confidence",
                    models.CharField(
                        choices=[("high", "High"), ("medium", "Medium"), ("low", "Low")],
                        help_text="How sure the record is.",
                        max_length=10,
                    ),
                ),
                (
                    "verified_on",
                    models.DateField(
                        blank=True, help_text="Day when someone last checked the record.", null=True
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="Public caveats.")),
                (
                    "review_state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted for review"),
                            ("approved", "Published as it stands"),
                        ],
                        default="draft",
                        editable=False,
                        help_text="Where the working record stands. Never public.",
                        max_length=10,
                    ),
                ),
                (
                    "working_note",
                    models.TextField(
                        blank=True, help_text="For colleagues: what to check. Never public."
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, help_text="Entered.")),
                ("updated_at", models.DateTimeField(auto_now=True, help_text="Last saved.")),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="audit_rows",
                        to="deals.deal",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Where it was announced.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.event",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dealaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5c32425d35e381e7f0f25fb9cd49748749d7f9e3",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b16d8",
                    table="deals_dealaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="DealCountry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("host", "Host"),
                            ("partner", "Partner"),
                            ("third_party", "Third party"),
                        ],
                        help_text="What it does.",
                        max_length=12,
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Place in the list."),
                ),
                (
                    "bloc",
                    models.ForeignKey(
                        blank=True,
                        help_text="The bloc, if it is the bloc itself that takes part.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="countries.bloc",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        help_text="The country, or leave empty and choose a bloc.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="countries.country",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        help_text="The deal.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deal_countries",
                        to="deals.deal",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "deal countries",
                "ordering": ("order", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bloc__isnull", True), ("country__isnull", False)),
                            models.Q(("bloc__isnull", False), ("country__isnull", True)),
                            _connector="OR",
                        ),
                        name="deal_country_or_bloc",
                        violation_error_message="Choose either a country or a bloc.",
                    ),
                    models.UniqueConstraint(
                        fields=("deal", "country", "bloc"),
                        name="deal_country_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dealcountry",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_dealcountryaudit" ("bloc_id", "country_id", "deal_id", "id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (NEW."bloc_id", NEW."country_id", NEW."deal_id", NEW."id", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role"); RETURN NULL;',
                    hash="66e91802897d868cba5beee225ae58c3f5faf3a6",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_30c1b",
                    table="deals_dealcountry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dealcountry",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "deals_dealcountryaudit" ("bloc_id", "country_id", "deal_id", "id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (NEW."bloc_id", NEW."country_id", NEW."deal_id", NEW."id", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role"); RETURN NULL;',
                    hash="8147b1498ac7a0a932c7dd7c1db1fb2b6ccdad8d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_86043",
                    table="deals_dealcountry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dealcountry",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_dealcountryaudit" ("bloc_id", "country_id", "deal_id", "id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (OLD."bloc_id", OLD."country_id", OLD."deal_id", OLD."id", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role"); RETURN NULL;',
                    hash="cd84d68a3fc3231d2c643b9e418606b1fc68a65f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_395b2",
                    table="deals_dealcountry",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="DealCountryAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("host", "Host"),
                            ("partner", "Partner"),
                            ("third_party", "Third party"),
                        ],
                        help_text="What it does.",
                        max_length=12,
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Place in the list."),
                ),
                (
                    "bloc",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The bloc, if it is the bloc itself that takes part.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="countries.bloc",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The country, or leave empty and choose a bloc.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="countries.country",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The deal.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.deal",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="audit_rows",
                        to="deals.dealcountry",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dealcountryaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f9d05637e6d0a545559b1468518c762341828998",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6b8c2",
                    table="deals_dealcountryaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="DealLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("part_of", "Part of"),
                            ("supersedes", "Supersedes"),
                            ("follows", "Follows"),
                            ("same_project", "Same project"),
                        ],
                        help_text="How they relate.",
                        max_length=15,
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Place in the list."),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        help_text="The deal.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="deals.deal",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        help_text="The other deal.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_here",
                        to="deals.deal",
                    ),
                ),
            ],
            options={
                "ordering": ("order", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("deal", "target", "type"), name="deal_link_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("deal", models.F("target")), _negated=True),
                        name="deal_link_not_to_itself",
                        violation_error_message="A deal cannot link to itself.",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deallink",
            trigger=pgtrigger.compiler.Trigger(
                name="deal_link_no_cycle",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NEW.type = 'part_of' AND EXISTS (\n        WITH RECURSIVE above AS (\n            SELECT target_id FROM deals_deallink WHERE deal_id = NEW.target_id AND type = 'part_of'\n            UNION\n            SELECT l.target_id FROM deals_deallink l JOIN above a ON l.deal_id = a.target_id\n            WHERE l.type = 'part_of'\n        ) SELECT 1 FROM above WHERE target_id = NEW.deal_id\n    ) THEN\n        RAISE EXCEPTION 'a deal cannot be part of its own part'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'deal_link_no_cycle';\n    END IF;\n    RETURN NEW;\n",
                    hash="b7458abe6df116a1b73e648d9f9e2a6ec35da2e0",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_deal_link_no_cycle_06cf6",
                    table="deals_deallink",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deallink",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_deallinkaudit" ("deal_id", "id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "target_id", "type") VALUES (NEW."deal_id", NEW."id", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."target_id", NEW."type"); RETURN NULL;',
                    hash="d868401b70b45abbd70b9dd7bb09d0879dfeba92",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d19a9",
                    table="deals_deallink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deallink",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "deals_deallinkaudit" ("deal_id", "id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "target_id", "type") VALUES (NEW."deal_id", NEW."id", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."target_id", NEW."type"); RETURN NULL;',
                    hash="740c38aed6200957ede936441069b620b58ae823",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4eac3",
                    table="deals_deallink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deallink",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_deallinkaudit" ("deal_id", "id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "target_id", "type") VALUES (OLD."deal_id", OLD."id", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."target_id", OLD."type"); RETURN NULL;',
                    hash="f47b8510b142f29034e1153a33847f3e33716f18",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_5c215",
                    table="deals_deallink",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="DealLinkAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("part_of", "Part of"),
                            ("supersedes", "Supersedes"),
                            ("follows", "Follows"),
                            ("same_project", "Same project"),
                        ],
                        help_text="How they relate.",
                        max_length=15,
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Place in the list."),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The deal.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.deal",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="audit_rows",
                        to="deals.deallink",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The other deal.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.deal",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deallinkaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f4b9d471dfaa6193109279b0840e4d736b6d0ac4",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_767f0",
                    table="deals_deallinkaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="DealMineralAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "deal",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.deal",
                    ),
                ),
                (
                    "mineral",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="minerals.mineral",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dealmineralaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c2454b8e039ec8d3b3d5eba3716988b703cdf461",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_98d78",
                    table="deals_dealmineralaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="DealProject",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Place in the list."),
                ),
                (
                    "note",
                    models.CharField(blank=True, help_text="How it is involved.", max_length=300),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        help_text="The deal.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deal_projects",
                        to="deals.deal",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        help_text="The project.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deal_projects",
                        to="deals.project",
                    ),
                ),
            ],
            options={
                "ordering": ("order", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("deal", "project"), name="deal_project_once")
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dealproject",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_dealprojectaudit" ("deal_id", "id", "note", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id") VALUES (NEW."deal_id", NEW."id", NEW."note", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."project_id"); RETURN NULL;',
                    hash="953f73b19dba7e7461190e28677e79da874d2d56",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_4844e",
                    table="deals_dealproject",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dealproject",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "deals_dealprojectaudit" ("deal_id", "id", "note", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id") VALUES (NEW."deal_id", NEW."id", NEW."note", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."project_id"); RETURN NULL;',
                    hash="babcfac51e9fb6c8b97519b80c884b6c7a2d98b6",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ee048",
                    table="deals_dealproject",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dealproject",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_dealprojectaudit" ("deal_id", "id", "note", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id") VALUES (OLD."deal_id", OLD."id", OLD."note", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."project_id"); RETURN NULL;',
                    hash="cf05ad1974532d10a471812896147e08a0cdd653",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_be980",
                    table="deals_dealproject",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="DealProjectAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Place in the list."),
                ),
                (
                    "note",
                    models.CharField(blank=True, help_text="How it is involved.", max_length=300),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The deal.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.deal",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="audit_rows",
                        to="deals.dealproject",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The project.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.project",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dealprojectaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f5ccb81a7b78fa7dfe1cf4a45fe7ae86179254ce",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_af95b",
                    table="deals_dealprojectaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="DealRedirect",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(help_text="The former key.", max_length=80, unique=True)),
                (
                    "deal",
                    models.ForeignKey(
                        help_text="The deal.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="redirects",
                        to="deals.deal",
                    ),
                ),
            ],
            options={
                "ordering": ("key",),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dealredirect",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_dealredirectaudit" ("deal_id", "id", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."deal_id", NEW."id", NEW."key", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="878305f9e7cceb216b944a47270ce1f7f485e7ce",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_8be1f",
                    table="deals_dealredirect",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dealredirect",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "deals_dealredirectaudit" ("deal_id", "id", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."deal_id", NEW."id", NEW."key", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="b33c40007c724af33b02ead71b9b21f825a11fc2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7f771",
                    table="deals_dealredirect",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dealredirect",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_dealredirectaudit" ("deal_id", "id", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."deal_id", OLD."id", OLD."key", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                    hash="1b04db2a578660c8efd31e0f96da68ec936e2c4b",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d00d9",
                    table="deals_dealredirect",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="DealRedirectAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "key",
                    models.SlugField(db_index=False, help_text="The former key.", max_length=80),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The deal.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.deal",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="audit_rows",
                        to="deals.dealredirect",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dealredirectaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="1fec28eb18a5a95b7ad4b3739055f035f956fcef",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_25308",
                    table="deals_dealredirectaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ref",
                    models.SlugField(
                        blank=True,
                        help_text="Stable name of this item within the deal; made when left empty.",
                        max_length=12,
                    ),
                ),
                (
                    "fact",
                    models.CharField(
                        choices=[
                            ("value", "Headline value"),
                            ("stake", "Stake"),
                            ("financing", "Financing"),
                            ("parties", "Parties"),
                            ("status", "Agreement"),
                            ("stage", "Stage"),
                            ("dates", "Dates"),
                            ("minerals", "Minerals"),
                            ("terms", "Terms"),
                            ("projects", "Projects"),
                            ("volume", "Volume"),
                            ("location", "Place"),
                            ("other", "Other"),
                        ],
                        help_text="What is in dispute.",
                        max_length=12,
                    ),
                ),
                ("note", models.TextField(help_text="Who says what.")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("resolved", "Resolved")],
                        default="open",
                        help_text="Open, or resolved.",
                        max_length=10,
                    ),
                ),
                (
                    "resolution",
                    models.TextField(blank=True, help_text="Why it is resolved, and how."),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Place in the list."),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        help_text="The deal.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="disputes",
                        to="deals.deal",
                    ),
                ),
            ],
            options={
                "ordering": ("order", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("deal", "ref"), name="dispute_ref_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolution", ""), ("status", "open")),
                            models.Q(
                                ("status", "resolved"), models.Q(("resolution", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="dispute_resolved_with_reason",
                        violation_error_message="A resolved dispute needs a reason; an open one has none.",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dispute",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_disputeaudit" ("deal_id", "fact", "id", "note", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "resolution", "status") VALUES (NEW."deal_id", NEW."fact", NEW."id", NEW."note", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."ref", NEW."resolution", NEW."status"); RETURN NULL;',
                    hash="ec514c46a6203d099223d300ebf01018e7b9f00f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_36376",
                    table="deals_dispute",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dispute",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "deals_disputeaudit" ("deal_id", "fact", "id", "note", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "resolution", "status") VALUES (NEW."deal_id", NEW."fact", NEW."id", NEW."note", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."ref", NEW."resolution", NEW."status"); RETURN NULL;',
                    hash="5ce18ae37683ba7abfdd30336a3dbc9838c29a78",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_957d9",
                    table="deals_dispute",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dispute",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_disputeaudit" ("deal_id", "fact", "id", "note", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "resolution", "status") VALUES (OLD."deal_id", OLD."fact", OLD."id", OLD."note", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."ref", OLD."resolution", OLD."status"); RETURN NULL;',
                    hash="6979c70cdccfff8ce17bcf030982a96013cef863",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_7043a",
                    table="deals_dispute",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="DisputeAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "ref",
                    models.SlugField(
                        blank=True,
                        db_index=False,
                        help_text="Stable name of this item within the deal; made when left empty.",
                        max_length=12,
                    ),
                ),
                (
                    "fact",
                    models.CharField(
                        choices=[
                            ("value", "Headline value"),
                            ("stake", "Stake"),
                            ("financing", "Financing"),
                            ("parties", "Parties"),
                            ("status", "Agreement"),
                            ("stage", "Stage"),
                            ("dates", "Dates"),
                            ("minerals", "Minerals"),
                            ("terms", "Terms"),
                            ("projects", "Projects"),
                            ("volume", "Volume"),
                            ("location", "Place"),
                            ("other", "Other"),
                        ],
                        help_text="What is in dispute.",
                        max_length=12,
                    ),
                ),
                ("note", models.TextField(help_text="Who says what.")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("resolved", "Resolved")],
                        default="open",
                        help_text="Open, or resolved.",
                        max_length=10,
                    ),
                ),
                (
                    "resolution",
                    models.TextField(blank=True, help_text="Why it is resolved, and how."),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Place in the list."),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The deal.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.deal",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="audit_rows",
                        to="deals.dispute",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="disputeaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="14757020518fb036d7f7efcd361d5a560f6ecf13",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7e9af",
                    table="deals_disputeaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(help_text="1 for the first edition of this deal."),
                ),
                (
                    "seq",
                    models.BigIntegerField(
                        help_text="Order of publication over all deals.", unique=True
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("publish", "Published"),
                            ("refresh", "Refreshed"),
                            ("withdraw", "Withdrawn"),
                            ("expunge", "Removed"),
                        ],
                        help_text="Why it was made.",
                        max_length=10,
                    ),
                ),
                ("published_at", models.DateTimeField(help_text="When readers first saw it.")),
                (
                    "period",
                    django.contrib.postgres.fields.ranges.DateTimeRangeField(
                        help_text="From its publication until the next edition."
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why, for readers: a withdrawal, a removal."
                    ),
                ),
                ("key", models.CharField(help_text="Key of the deal.", max_length=80)),
                ("title", models.CharField(blank=True, help_text="Title.", max_length=200)),
                (
                    "sort_title",
                    models.CharField(blank=True, help_text="Title to sort by.", max_length=220),
                ),
                ("kind", models.CharField(blank=True, help_text="Main kind.", max_length=30)),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        default=list,
                        help_text="Main kind and others.",
                    ),
                ),
                ("status", models.CharField(blank=True, help_text="How binding.", max_length=20)),
                (
                    "stage",
                    models.CharField(
                        blank=True, help_text="On the ground; empty: unknown.", max_length=30
                    ),
                ),
                ("confidence", models.CharField(blank=True, help_text="How sure.", max_length=10)),
                (
                    "event",
                    models.CharField(blank=True, help_text="Key of the event.", max_length=80),
                ),
                (
                    "announced_on",
                    config.lib.imprecise.ImpreciseDateField(help_text="Announced.", null=True),
                ),
                (
                    "signed_on",
                    config.lib.imprecise.ImpreciseDateField(help_text="Signed.", null=True),
                ),
                (
                    "closed_on",
                    config.lib.imprecise.ImpreciseDateField(help_text="Closed.", null=True),
                ),
                (
                    "countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        default=list,
                        help_text="Countries in any role, with the blocs they belong to.",
                    ),
                ),
                (
                    "hosts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        default=list,
                        help_text="Host countries, with their blocs.",
                    ),
                ),
                (
                    "partners",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        default=list,
                        help_text="Partner countries, with their blocs.",
                    ),
                ),
                (
                    "party_countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        default=list,
                        help_text="Home countries of parties, with their blocs.",
                    ),
                ),
                (
                    "minerals",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        default=list,
                        help_text="Minerals with the groups above them.",
                    ),
                ),
                (
                    "companies",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        default=list,
                        help_text="Parties and providers.",
                    ),
                ),
                (
                    "projects",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, help_text="Projects."
                    ),
                ),
                (
                    "supply_chain_stages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        default=list,
                        help_text="Supply chain stages.",
                    ),
                ),
                (
                    "links",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        default=list,
                        help_text="Links to other deals, as type:key.",
                    ),
                ),
                (
                    "stated_value",
                    models.CharField(
                        blank=True, help_text="The value as stated, to compare two.", max_length=60
                    ),
                ),
                (
                    "value_basis",
                    models.CharField(blank=True, help_text="Basis of the value.", max_length=20),
                ),
                (
                    "value_usd_low",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="Low end in US dollars.",
                        max_digits=20,
                        null=True,
                    ),
                ),
                (
                    "value_usd_high",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="High end in US dollars.",
                        max_digits=20,
                        null=True,
                    ),
                ),
                (
                    "value_usd",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="What sorts and sums: the low end, or the limit of an “up to”.",
                        max_digits=20,
                        null=True,
                    ),
                ),
                (
                    "counts_toward_total",
                    models.BooleanField(
                        default=False, help_text="Its value may stand in a sum of values."
                    ),
                ),
                (
                    "is_disputed",
                    models.BooleanField(default=False, help_text="Sources disagree on a fact."),
                ),
                (
                    "indicated_usd",
                    models.DecimalField(
                        decimal_places=2, help_text="Sum of the rung.", max_digits=20, null=True
                    ),
                ),
                (
                    "conditional_usd",
                    models.DecimalField(
                        decimal_places=2, help_text="Sum of the rung.", max_digits=20, null=True
                    ),
                ),
                (
                    "committed_usd",
                    models.DecimalField(
                        decimal_places=2, help_text="Sum of the rung.", max_digits=20, null=True
                    ),
                ),
                (
                    "disbursed_usd",
                    models.DecimalField(
                        decimal_places=2, help_text="Sum of the rung.", max_digits=20, null=True
                    ),
                ),
                (
                    "news_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(),
                        default=list,
                        help_text="Latest possible day of each piece of news.",
                    ),
                ),
                ("last_news_on", models.DateField(help_text="The last of them.", null=True)),
                (
                    "can_go_stale",
                    models.BooleanField(
                        default=False, help_text="Its status and kind are of those that go stale."
                    ),
                ),
                (
                    "search",
                    django.contrib.postgres.search.SearchVectorField(
                        help_text="Words of the deal, weighted.", null=True
                    ),
                ),
                (
                    "search_names",
                    models.TextField(
                        blank=True,
                        help_text="Names without accents, for searches with typing errors.",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        help_text="The deal.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="deals.deal",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who published it. Never public.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-seq",),
                "indexes": [
                    models.Index(
                        models.OrderBy(
                            models.F("announced_on__startswith"), descending=True, nulls_last=True
                        ),
                        models.OrderBy(models.F("announced_on__endswith")),
                        models.F("key"),
                        condition=models.Q(("period__upper_inf", True)),
                        name="edition_current_newest",
                    ),
                    models.Index(
                        condition=models.Q(("period__upper_inf", True)),
                        fields=["key"],
                        name="edition_current_key",
                    ),
                    models.Index(
                        condition=models.Q(("period__upper_inf", True)),
                        fields=["value_usd"],
                        name="edition_current_value",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["countries"], name="edition_countries"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["hosts"], name="edition_hosts"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["partners"], name="edition_partners"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["party_countries"], name="edition_party_countries"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["minerals"], name="edition_minerals"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["companies"], name="edition_companies"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["kinds"], name="edition_kinds"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["links"], name="edition_links"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search"], name="edition_search"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_names"],
                        name="edition_search_names",
                        opclasses=["gin_trgm_ops"],
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("deal", "number"), name="edition_number_once"),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("deal", "="), ("period", "&&")], name="edition_periods_apart"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period__isempty", False)),
                        name="edition_period_not_empty",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="edition",
            trigger=pgtrigger.compiler.Trigger(
                name="edition_identity_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF current_setting('lodebook.expunging', true) = 'on'\n        AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')\n    THEN\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        RETURN NEW;\n    END IF;\n\n    IF TG_OP = 'DELETE' THEN\n        RAISE EXCEPTION 'an edition is not deleted: withdraw the deal or expunge it'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    IF (OLD.deal_id, OLD.number, OLD.seq, OLD.cause, OLD.published_at, lower(OLD.period))\n        IS DISTINCT FROM\n        (NEW.deal_id, NEW.number, NEW.seq, NEW.cause, NEW.published_at, lower(NEW.period))\n        OR (upper(OLD.period) IS NOT NULL AND upper(OLD.period) IS DISTINCT FROM upper(NEW.period))\n    THEN\n        RAISE EXCEPTION 'an edition keeps its number, dates and cause'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="4ba64d81c02b6bf2b7e5f7aa3e9e704e5453a59a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_edition_identity_stays_caa8c",
                    table="deals_edition",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="EditionLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ref", models.CharField(help_text="The line's ref in the deal.", max_length=12)),
                (
                    "providers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        default=list,
                        help_text="Slugs of its providers.",
                    ),
                ),
                (
                    "provider_countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        default=list,
                        help_text="Home countries of its providers, with their blocs.",
                    ),
                ),
                ("instrument", models.CharField(help_text="Form of the money.", max_length=20)),
                ("status", models.CharField(help_text="How firm it is.", max_length=20)),
                (
                    "rung",
                    models.CharField(
                        blank=True, help_text="Rung; empty if withdrawn.", max_length=12
                    ),
                ),
                (
                    "rung_rank",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="1 indicated to 4 disbursed; 0 withdrawn."
                    ),
                ),
                (
                    "amount_usd",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="US dollars, if known.",
                        max_digits=20,
                        null=True,
                    ),
                ),
                (
                    "is_counted",
                    models.BooleanField(
                        default=False, help_text="Stands in the sum of its rung: see deals.money."
                    ),
                ),
                ("is_present", models.BooleanField(default=True, help_text="As it stands now.")),
                ("from_on", models.DateField(help_text="First day of the span.", null=True)),
                (
                    "until_on",
                    models.DateField(help_text="Day after the last; null: still.", null=True),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        help_text="The edition.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="deals.edition",
                    ),
                ),
            ],
            options={
                "ordering": ("edition", "ref"),
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["providers"], name="edition_line_providers"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["provider_countries"], name="edition_line_countries"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EditionSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ref", models.CharField(help_text="The source's ref in the deal.", max_length=12)),
                ("url_key", models.TextField(help_text="Normalised address: one page, one key.")),
                ("url", models.TextField(help_text="Address.")),
                ("publisher", models.CharField(help_text="Publisher.", max_length=200)),
                ("title", models.CharField(help_text="Title.", max_length=500)),
                (
                    "published_on",
                    config.lib.imprecise.ImpreciseDateField(
                        help_text="Date of publication.", null=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(blank=True, help_text="What sort of page.", max_length=10),
                ),
                (
                    "origin",
                    models.CharField(blank=True, help_text="What it repeats.", max_length=200),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        help_text="The edition.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sources",
                        to="deals.edition",
                    ),
                ),
            ],
            options={
                "ordering": ("edition", "id"),
                "indexes": [
                    models.Index(models.Func("url_key", function="md5"), name="edition_source_url"),
                    models.Index(fields=["publisher"], name="edition_source_publisher"),
                ],
            },
        ),
        migrations.CreateModel(
            name="EditionState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "axis",
                    models.CharField(
                        choices=[("status", "Agreement"), ("stage", "Stage")],
                        help_text="What changed.",
                        max_length=6,
                    ),
                ),
                ("code", models.CharField(help_text="Status or stage.", max_length=30)),
                ("from_on", models.DateField(help_text="First day on which it certainly held.")),
                (
                    "until_on",
                    models.DateField(help_text="Day after the last; null: until today.", null=True),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        help_text="The edition.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="states",
                        to="deals.edition",
                    ),
                ),
            ],
            options={
                "ordering": ("edition", "axis", "from_on"),
                "indexes": [
                    models.Index(fields=["edition", "axis", "from_on"], name="edition_state_span")
                ],
            },
        ),
        migrations.CreateModel(
            name="FinancingLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ref",
                    models.SlugField(
                        blank=True,
                        help_text="Stable name of this item within the deal; made when left empty.",
                        max_length=12,
                    ),
                ),
                (
                    "instrument",
                    models.CharField(
                        choices=[
                            ("loan", "Loan"),
                            ("equity", "Equity"),
                            ("grant", "Grant"),
                            ("guarantee", "Guarantee"),
                            ("insurance", "Insurance"),
                            ("bond", "Bond"),
                            ("convertible", "Convertible"),
                            ("stream_or_royalty", "Stream or royalty"),
                            ("prepayment", "Prepayment"),
                            ("price_floor", "Price floor"),
                            ("tax_credit", "Tax credit"),
                            ("programme", "Programme"),
                            ("unspecified", "Unspecified"),
                        ],
                        help_text="Form of the money.",
                        max_length=20,
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Whole units; empty if no source states it.",
                        max_digits=20,
                        null=True,
                    ),
                ),
                (
                    "currency",
                    models.CharField(blank=True, help_text="ISO 4217 code.", max_length=3),
                ),
                (
                    "note",
                    models.CharField(blank=True, help_text="Conditions; “up to”.", max_length=300),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Place in the list."),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        help_text="The deal.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="financing_lines",
                        to="deals.deal",
                    ),
                ),
                (
                    "providers",
                    models.ManyToManyField(
                        help_text="Whose money; joint lenders together.",
                        related_name="financing_lines",
                        to="deals.company",
                    ),
                ),
                (
                    "within",
                    models.ForeignKey(
                        blank=True,
                        help_text="The line that this one is part of: a drawing lies within its facility.",
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="parts",
                        to="deals.financingline",
                    ),
                ),
            ],
            options={
                "ordering": ("order", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("deal", "ref"), name="financing_line_ref_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__isnull", True), ("currency", "")),
                            models.Q(
                                ("amount__gt", 0),
                                ("amount__isnull", False),
                                ("currency__regex", "^[A-Z]{3}$"),
                            ),
                            _connector="OR",
                        ),
                        name="financing_line_amount",
                        violation_error_message="An amount lies above 0 and has a currency; leave both empty if unknown.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("within__isnull", True),
                            models.Q(("within", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="financing_line_not_within_itself",
                        violation_error_message="A line cannot lie within itself.",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financingline",
            trigger=pgtrigger.compiler.Trigger(
                name="financing_line_no_cycle",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NEW.within_id IS NOT NULL AND EXISTS (\n        WITH RECURSIVE above AS (\n            SELECT id, within_id FROM deals_financingline WHERE id = NEW.within_id\n            UNION\n            SELECT l.id, l.within_id FROM deals_financingline l JOIN above a ON l.id = a.within_id\n        ) SELECT 1 FROM above WHERE id = NEW.id\n    ) THEN\n        RAISE EXCEPTION 'a financing line cannot lie within itself'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'financing_line_no_cycle';\n    END IF;\n    RETURN NEW;\n",
                    hash="c7324b533157874ed8327166aba87ae66e1efb00",
                    operation='INSERT OR UPDATE OF "within_id"',
                    pgid="pgtrigger_financing_line_no_cycle_48699",
                    table="deals_financingline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financingline",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_financinglineaudit" ("amount", "currency", "deal_id", "id", "instrument", "note", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "within_id") VALUES (NEW."amount", NEW."currency", NEW."deal_id", NEW."id", NEW."instrument", NEW."note", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."ref", NEW."within_id"); RETURN NULL;',
                    hash="3f0b3efcd72e2f205791526c6c84f0091ec769ac",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_6f6f5",
                    table="deals_financingline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financingline",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "deals_financinglineaudit" ("amount", "currency", "deal_id", "id", "instrument", "note", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "within_id") VALUES (NEW."amount", NEW."currency", NEW."deal_id", NEW."id", NEW."instrument", NEW."note", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."ref", NEW."within_id"); RETURN NULL;',
                    hash="27e09898be9343b135ab4e991582473da1f9fc13",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_15165",
                    table="deals_financingline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financingline",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_financinglineaudit" ("amount", "currency", "deal_id", "id", "instrument", "note", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "within_id") VALUES (OLD."amount", OLD."currency", OLD."deal_id", OLD."id", OLD."instrument", OLD."note", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."ref", OLD."within_id"); RETURN NULL;',
                    hash="a7c570124adc19c98702ecacb254e4a60353c40b",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_beb8c",
                    table="deals_financingline",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="FinancingLineAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "ref",
                    models.SlugField(
                        blank=True,
                        db_index=False,
                        help_text="Stable name of this item within the deal; made when left empty.",
                        max_length=12,
                    ),
                ),
                (
                    "instrument",
                    models.CharField(
                        choices=[
                            ("loan", "Loan"),
                            ("equity", "Equity"),
                            ("grant", "Grant"),
                            ("guarantee", "Guarantee"),
                            ("insurance", "Insurance"),
                            ("bond", "Bond"),
                            ("convertible", "Convertible"),
                            ("stream_or_royalty", "Stream or royalty"),
                            ("prepayment", "Prepayment"),
                            ("price_floor", "Price floor"),
                            ("tax_credit", "Tax credit"),
                            ("programme", "Programme"),
                            ("unspecified", "Unspecified"),
                        ],
                        help_text="Form of the money.",
                        max_length=20,
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Whole units; empty if no source states it.",
                        max_digits=20,
                        null=True,
                    ),
                ),
                (
                    "currency",
                    models.CharField(blank=True, help_text="ISO 4217 code.", max_length=3),
                ),
                (
                    "note",
                    models.CharField(blank=True, help_text="Conditions; “up to”.", max_length=300),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Place in the list."),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The deal.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.deal",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="audit_rows",
                        to="deals.financingline",
                    ),
                ),
                (
                    "within",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The line that this one is part of: a drawing lies within its facility.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.financingline",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financinglineaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b9a5f6ecd7c0aa8c464cc19ceaeaea08412d1b8b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7897f",
                    table="deals_financinglineaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="FinancingProviderAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.company",
                    ),
                ),
                (
                    "financingline",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.financingline",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financingprovideraudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d83628b428b3b2f54fa4896b0e2743631ffc82be",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ac903",
                    table="deals_financingprovideraudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Ownership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="Share in percent; empty if unknown.",
                        max_digits=7,
                        null=True,
                    ),
                ),
                (
                    "since",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Since, as far as known.", null=True
                    ),
                ),
                (
                    "until",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Until; empty if it still holds.", null=True
                    ),
                ),
                (
                    "note",
                    models.CharField(blank=True, help_text="What to keep in mind.", max_length=300),
                ),
                (
                    "owned",
                    models.ForeignKey(
                        help_text="Who is held.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="owners",
                        to="deals.company",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        help_text="Who holds.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holdings",
                        to="deals.company",
                    ),
                ),
                (
                    "reference",
                    models.ForeignKey(
                        blank=True,
                        help_text="Its source.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="countries.reference",
                    ),
                ),
            ],
            options={
                "ordering": ("owned", "owner"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("owner", models.F("owned")), _negated=True),
                        name="ownership_not_of_itself",
                        violation_error_message="A company cannot own itself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("percent__isnull", True),
                            models.Q(("percent__gt", 0), ("percent__lte", 100)),
                            _connector="OR",
                        ),
                        name="ownership_percent",
                        violation_error_message="A share lies above 0 and at most at 100 percent.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("since__isnull", True),
                            ("until__isnull", True),
                            models.Q(("since__fully_gt", models.F("until")), _negated=True),
                            _connector="OR",
                        ),
                        name="ownership_dates_in_order",
                        violation_error_message="It cannot end before it began.",
                    ),
                    models.CheckConstraint(
                        condition=config.lib.imprecise.IsWholePeriod(models.F("since")),
                        name="ownership_since",
                        violation_error_message="since must be a whole year, month or day.",
                    ),
                    models.CheckConstraint(
                        condition=config.lib.imprecise.IsWholePeriod(models.F("until")),
                        name="ownership_until",
                        violation_error_message="until must be a whole year, month or day.",
                    ),
                    models.UniqueConstraint(
                        fields=("owner", "owned", "since"),
                        name="ownership_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ownership",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_ownershipaudit" ("id", "note", "owned_id", "owner_id", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference_id", "since", "until") VALUES (NEW."id", NEW."note", NEW."owned_id", NEW."owner_id", NEW."percent", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reference_id", NEW."since", NEW."until"); RETURN NULL;',
                    hash="deaa048b35990cde58acd2f18340888ecbcbe312",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_fbad8",
                    table="deals_ownership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ownership",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "deals_ownershipaudit" ("id", "note", "owned_id", "owner_id", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference_id", "since", "until") VALUES (NEW."id", NEW."note", NEW."owned_id", NEW."owner_id", NEW."percent", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reference_id", NEW."since", NEW."until"); RETURN NULL;',
                    hash="fcfaa81b477a2b72bf06963c7555bb77f35dceaa",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b298f",
                    table="deals_ownership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ownership",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_ownershipaudit" ("id", "note", "owned_id", "owner_id", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference_id", "since", "until") VALUES (OLD."id", OLD."note", OLD."owned_id", OLD."owner_id", OLD."percent", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reference_id", OLD."since", OLD."until"); RETURN NULL;',
                    hash="12130e3f4119ba010507884d3c2e1ddcb30b1c9a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_dd755",
                    table="deals_ownership",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="OwnershipAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="Share in percent; empty if unknown.",
                        max_digits=7,
                        null=True,
                    ),
                ),
                (
                    "since",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Since, as far as known.", null=True
                    ),
                ),
                (
                    "until",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Until; empty if it still holds.", null=True
                    ),
                ),
                (
                    "note",
                    models.CharField(blank=True, help_text="What to keep in mind.", max_length=300),
                ),
                (
                    "owned",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="Who is held.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.company",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="Who holds.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.company",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="audit_rows",
                        to="deals.ownership",
                    ),
                ),
                (
                    "reference",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Its source.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="countries.reference",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ownershipaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="0c12c93bf0fbffe6ea66c697f00c3e7039630a63",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_0a441",
                    table="deals_ownershipaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ref",
                    models.SlugField(
                        blank=True,
                        help_text="Stable name of this item within the deal; made when left empty.",
                        max_length=12,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("equity_investor", "Equity investor"),
                            ("operator", "Operator"),
                            ("seller", "Seller"),
                            ("offtaker", "Offtaker"),
                            ("lender", "Lender"),
                            ("guarantor", "Guarantor"),
                            ("grantor", "Grantor"),
                            ("host_government", "Host government"),
                            ("partner_government", "Partner government"),
                            ("partner", "Partner"),
                            ("supplier", "Supplier"),
                            ("contractor", "Contractor"),
                            ("advisor", "Advisor"),
                            ("target", "Target"),
                            ("claimant", "Claimant"),
                        ],
                        help_text="In which role.",
                        max_length=20,
                    ),
                ),
                (
                    "stake_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="Stake in percent, if a source states one.",
                        max_digits=7,
                        null=True,
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        help_text="What the stake is of; whether it is an option.",
                        max_length=300,
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Place in the list."),
                ),
                (
                    "company",
                    models.ForeignKey(
                        help_text="Who takes part.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parties",
                        to="deals.company",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        help_text="The deal.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parties",
                        to="deals.deal",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "parties",
                "ordering": ("order", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("deal", "ref"), name="party_ref_once"),
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
                        fields=("deal", "company", "role"),
                        name="party_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stake_percent__isnull", True),
                            ("stake_percent__range", (0, 100)),
                            _connector="OR",
                        ),
                        name="party_stake",
                        violation_error_message="A stake lies between 0 and 100 percent.",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="party",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_partyaudit" ("company_id", "deal_id", "id", "note", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "role", "stake_percent") VALUES (NEW."company_id", NEW."deal_id", NEW."id", NEW."note", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."ref", NEW."role", NEW."stake_percent"); RETURN NULL;',
                    hash="dda2545e5dba0da07d9d445592d86f42bd94cb00",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_83ad7",
                    table="deals_party",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="party",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "deals_partyaudit" ("company_id", "deal_id", "id", "note", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "role", "stake_percent") VALUES (NEW."company_id", NEW."deal_id", NEW."id", NEW."note", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."ref", NEW."role", NEW."stake_percent"); RETURN NULL;',
                    hash="c1a067905d6a914f31a3a517032ed358fb7e487b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ca6ed",
                    table="deals_party",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="party",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_partyaudit" ("company_id", "deal_id", "id", "note", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "role", "stake_percent") VALUES (OLD."company_id", OLD."deal_id", OLD."id", OLD."note", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."ref", OLD."role", OLD."stake_percent"); RETURN NULL;',
                    hash="e17697f4d688e3653bcc067a7154ff364417abf5",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ad7b5",
                    table="deals_party",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="PartyAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "ref",
                    models.SlugField(
                        blank=True,
                        db_index=False,
                        help_text="Stable name of this item within the deal; made when left empty.",
                        max_length=12,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("equity_investor", "Equity investor"),
                            ("operator", "Operator"),
                            ("seller", "Seller"),
                            ("offtaker", "Offtaker"),
                            ("lender", "Lender"),
                            ("guarantor", "Guarantor"),
                            ("grantor", "Grantor"),
                            ("host_government", "Host government"),
                            ("partner_government", "Partner government"),
                            ("partner", "Partner"),
                            ("supplier", "Supplier"),
                            ("contractor", "Contractor"),
                            ("advisor", "Advisor"),
                            ("target", "Target"),
                            ("claimant", "Claimant"),
                        ],
                        help_text="In which role.",
                        max_length=20,
                    ),
                ),
                (
                    "stake_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="Stake in percent, if a source states one.",
                        max_digits=7,
                        null=True,
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        help_text="What the stake is of; whether it is an option.",
                        max_length=300,
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Place in the list."),
                ),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="Who takes part.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.company",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The deal.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.deal",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="audit_rows",
                        to="deals.party",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partyaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="fec1c83af509a16657d8930562226ed7a8d2c316",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_5e9ed",
                    table="deals_partyaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ref",
                    models.SlugField(
                        blank=True,
                        help_text="Stable name of this item within the deal; made when left empty.",
                        max_length=12,
                    ),
                ),
                ("url", models.URLField(help_text="Address of the page.", max_length=2000)),
                ("publisher", models.CharField(help_text="Who published it.", max_length=200)),
                (
                    "title",
                    models.CharField(help_text="Title as the page gives it.", max_length=500),
                ),
                (
                    "published_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True,
                        help_text="Date of publication, as exact as the page says.",
                        null=True,
                    ),
                ),
                (
                    "retrieved_on",
                    models.DateField(blank=True, help_text="Day when it was read.", null=True),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        help_text="ISO 639 code of its language, such as en.",
                        max_length=8,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("primary", "Primary"),
                            ("wire", "Wire"),
                            ("press", "Press"),
                            ("mirror", "Mirror"),
                        ],
                        help_text="What sort of page, if known.",
                        max_length=10,
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        blank=True,
                        help_text="The wire story or release it repeats; empty unless that is known.",
                        max_length=200,
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Place in the list."),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        help_text="The deal.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sources",
                        to="deals.deal",
                    ),
                ),
            ],
            options={
                "ordering": ("order", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("deal", "ref"), name="source_ref_once"),
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
                        fields=("deal", "url"),
                        name="source_url_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("url__regex", "^https?://")), name="source_url_is_web"
                    ),
                    models.CheckConstraint(
                        condition=config.lib.imprecise.IsWholePeriod(models.F("published_on")),
                        name="source_published_on",
                        violation_error_message="published_on must be a whole year, month or day.",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="source",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_sourceaudit" ("deal_id", "id", "kind", "language", "order", "origin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_on", "publisher", "ref", "retrieved_on", "title", "url") VALUES (NEW."deal_id", NEW."id", NEW."kind", NEW."language", NEW."order", NEW."origin", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."published_on", NEW."publisher", NEW."ref", NEW."retrieved_on", NEW."title", NEW."url"); RETURN NULL;',
                    hash="6b33a77d5eb9636248c8da8ebb08f9643c7c6806",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7e756",
                    table="deals_source",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="source",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "deals_sourceaudit" ("deal_id", "id", "kind", "language", "order", "origin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_on", "publisher", "ref", "retrieved_on", "title", "url") VALUES (NEW."deal_id", NEW."id", NEW."kind", NEW."language", NEW."order", NEW."origin", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."published_on", NEW."publisher", NEW."ref", NEW."retrieved_on", NEW."title", NEW."url"); RETURN NULL;',
                    hash="ad76188b5a2ab02c9ad6cb7c5b505f421d626cf6",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d22b9",
                    table="deals_source",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="source",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_sourceaudit" ("deal_id", "id", "kind", "language", "order", "origin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_on", "publisher", "ref", "retrieved_on", "title", "url") VALUES (OLD."deal_id", OLD."id", OLD."kind", OLD."language", OLD."order", OLD."origin", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."published_on", OLD."publisher", OLD."ref", OLD."retrieved_on", OLD."title", OLD."url"); RETURN NULL;',
                    hash="4418c835777ebd958e42e49526f7e04645612de9",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_8a271",
                    table="deals_source",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="SourceAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "ref",
                    models.SlugField(
                        blank=True,
                        db_index=False,
                        help_text="Stable name of this item within the deal; made when left empty.",
                        max_length=12,
                    ),
                ),
                ("url", models.URLField(help_text="Address of the page.", max_length=2000)),
                ("publisher", models.CharField(help_text="Who published it.", max_length=200)),
                (
                    "title",
                    models.CharField(help_text="Title as the page gives it.", max_length=500),
                ),
                (
                    "published_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True,
                        help_text="Date of publication, as exact as the page says.",
                        null=True,
                    ),
                ),
                (
                    "retrieved_on",
                    models.DateField(blank=True, help_text="Day when it was read.", null=True),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        help_text="ISO 639 code of its language, such as en.",
                        max_length=8,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("primary", "Primary"),
                            ("wire", "Wire"),
                            ("press", "Press"),
                            ("mirror", "Mirror"),
                        ],
                        help_text="What sort of page, if known.",
                        max_length=10,
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        blank=True,
                        help_text="The wire story or release it repeats; empty unless that is known.",
                        max_length=200,
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Place in the list."),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The deal.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.deal",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="audit_rows",
                        to="deals.source",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sourceaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c39a5ce42cb75d5ca61093eeb75bb7541aeca583",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_fc49a",
                    table="deals_sourceaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="EditionDocument",
            fields=[
                (
                    "edition",
                    models.OneToOneField(
                        help_text="The edition.",
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="document",
                        serialize=False,
                        to="deals.edition",
                    ),
                ),
                ("record_text", models.TextField(help_text="The record as canonical JSON.")),
                (
                    "names_text",
                    models.TextField(help_text="Names behind its slugs and codes, as JSON."),
                ),
                ("summary_text", models.TextField(help_text="One deal in a list, as JSON.")),
                (
                    "detail_text",
                    models.TextField(help_text="Record and computed envelope, as JSON."),
                ),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="editiondocument",
            trigger=pgtrigger.compiler.Trigger(
                name="edition_document_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF current_setting('lodebook.expunging', true) = 'on'\n        AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')\n    THEN\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        RETURN NEW;\n    END IF;\n\n    IF TG_OP = 'DELETE' OR (OLD.edition_id, OLD.record_text, OLD.names_text)\n        IS DISTINCT FROM (NEW.edition_id, NEW.record_text, NEW.names_text)\n    THEN\n        RAISE EXCEPTION 'the document of an edition does not change'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="f2d9327546624ce60b0bf6508ad1e29e51c0c742",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_edition_document_stays_4f06b",
                    table="deals_editiondocument",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="DealMineral",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("deals.deal_minerals",),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dealmineral",
            trigger=pgtrigger.compiler.Trigger(
                name="add_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_dealmineralaudit" ("deal_id", "id", "mineral_id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (NEW."deal_id", NEW."id", NEW."mineral_id", _pgh_attach_context(), NOW(), \'add\'); RETURN NULL;',
                    hash="2888c69361856256ed7744e151cbd9683b72e429",
                    operation="INSERT",
                    pgid="pgtrigger_add_insert_345a4",
                    table="deals_deal_minerals",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dealmineral",
            trigger=pgtrigger.compiler.Trigger(
                name="remove_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_dealmineralaudit" ("deal_id", "id", "mineral_id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (OLD."deal_id", OLD."id", OLD."mineral_id", _pgh_attach_context(), NOW(), \'remove\'); RETURN NULL;',
                    hash="e0f42f665fd27339aea939485851baf36fae93fb",
                    operation="DELETE",
                    pgid="pgtrigger_remove_delete_6933b",
                    table="deals_deal_minerals",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="FinancingProvider",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("deals.financingline_providers",),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financingprovider",
            trigger=pgtrigger.compiler.Trigger(
                name="add_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_financingprovideraudit" ("company_id", "financingline_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (NEW."company_id", NEW."financingline_id", NEW."id", _pgh_attach_context(), NOW(), \'add\'); RETURN NULL;',
                    hash="2aa7de80a8317be2120f750d1aecd304aec40960",
                    operation="INSERT",
                    pgid="pgtrigger_add_insert_665ad",
                    table="deals_financingline_providers",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financingprovider",
            trigger=pgtrigger.compiler.Trigger(
                name="remove_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_financingprovideraudit" ("company_id", "financingline_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (OLD."company_id", OLD."financingline_id", OLD."id", _pgh_attach_context(), NOW(), \'remove\'); RETURN NULL;',
                    hash="c3098e46b2080ad582a83f5f3b27c4205d5d5900",
                    operation="DELETE",
                    pgid="pgtrigger_remove_delete_c85b0",
                    table="deals_financingline_providers",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Citation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ref",
                    models.SlugField(
                        blank=True,
                        help_text="Stable name of this item within the deal; made when left empty.",
                        max_length=12,
                    ),
                ),
                (
                    "fact",
                    models.CharField(
                        choices=[
                            ("value", "Headline value"),
                            ("stake", "Stake"),
                            ("financing", "Financing"),
                            ("parties", "Parties"),
                            ("status", "Agreement"),
                            ("stage", "Stage"),
                            ("dates", "Dates"),
                            ("minerals", "Minerals"),
                            ("terms", "Terms"),
                            ("projects", "Projects"),
                            ("volume", "Volume"),
                            ("location", "Place"),
                            ("other", "Other"),
                        ],
                        help_text="Which fact it speaks to.",
                        max_length=12,
                    ),
                ),
                (
                    "item",
                    models.SlugField(
                        blank=True,
                        help_text="The nested item it is about, by ref, such as f1; empty for the fact as a whole.",
                        max_length=12,
                    ),
                ),
                (
                    "locator",
                    models.CharField(blank=True, help_text="Page or paragraph.", max_length=120),
                ),
                (
                    "quote",
                    models.CharField(
                        blank=True, help_text="Short quote, at most 300 characters.", max_length=300
                    ),
                ),
                (
                    "stated",
                    models.CharField(
                        blank=True,
                        help_text="What this source says where it differs from the record.",
                        max_length=300,
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Place in the list."),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        help_text="The deal.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="citations",
                        to="deals.deal",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        help_text="The source.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="citations",
                        to="deals.source",
                    ),
                ),
            ],
            options={
                "ordering": ("order", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("deal", "ref"), name="citation_ref_once")
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="citation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_citationaudit" ("deal_id", "fact", "id", "item", "locator", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quote", "ref", "source_id", "stated") VALUES (NEW."deal_id", NEW."fact", NEW."id", NEW."item", NEW."locator", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."quote", NEW."ref", NEW."source_id", NEW."stated"); RETURN NULL;',
                    hash="188c3fdd565b260ee54bca05ff82aeeba0905f8a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0bd4d",
                    table="deals_citation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="citation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "deals_citationaudit" ("deal_id", "fact", "id", "item", "locator", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quote", "ref", "source_id", "stated") VALUES (NEW."deal_id", NEW."fact", NEW."id", NEW."item", NEW."locator", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."quote", NEW."ref", NEW."source_id", NEW."stated"); RETURN NULL;',
                    hash="da8099b906975e875ab60471a30dc5b608d90a3c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d05a9",
                    table="deals_citation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="citation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_citationaudit" ("deal_id", "fact", "id", "item", "locator", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quote", "ref", "source_id", "stated") VALUES (OLD."deal_id", OLD."fact", OLD."id", OLD."item", OLD."locator", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."quote", OLD."ref", OLD."source_id", OLD."stated"); RETURN NULL;',
                    hash="57f168d222455b980c639e5b2c17f10287858c94",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_7e034",
                    table="deals_citation",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="FinancingEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ref",
                    models.SlugField(
                        blank=True,
                        help_text="Stable name of this item within the deal; made when left empty.",
                        max_length=12,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("considered", "Considered"),
                            ("letter_of_interest", "Letter of interest"),
                            ("conditional", "Conditional"),
                            ("committed", "Committed"),
                            ("closed", "Closed"),
                            ("disbursed", "Disbursed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        help_text="How firm it is.",
                        max_length=20,
                    ),
                ),
                (
                    "happened_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="When, as exact as a source says.", null=True
                    ),
                ),
                ("note", models.CharField(blank=True, help_text="What happened.", max_length=300)),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Place in the list."),
                ),
                (
                    "line",
                    models.ForeignKey(
                        help_text="The line.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="deals.financingline",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        help_text="The source that says so.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="deals.source",
                    ),
                ),
            ],
            options={
                "ordering": ("order", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("line", "ref"), name="financing_event_ref_once"
                    ),
                    models.CheckConstraint(
                        condition=config.lib.imprecise.IsWholePeriod(models.F("happened_on")),
                        name="financing_event_happened_on",
                        violation_error_message="happened_on must be a whole year, month or day.",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financingevent",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_financingeventaudit" ("happened_on", "id", "line_id", "note", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "source_id", "status") VALUES (NEW."happened_on", NEW."id", NEW."line_id", NEW."note", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."ref", NEW."source_id", NEW."status"); RETURN NULL;',
                    hash="e915fbab2f20856fa17a4b1f8ae21c9060af5ac3",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2d5f3",
                    table="deals_financingevent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financingevent",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "deals_financingeventaudit" ("happened_on", "id", "line_id", "note", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "source_id", "status") VALUES (NEW."happened_on", NEW."id", NEW."line_id", NEW."note", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."ref", NEW."source_id", NEW."status"); RETURN NULL;',
                    hash="3d8bb29e7a711ba29db9200037ddfedf28a03db0",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_36227",
                    table="deals_financingevent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financingevent",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_financingeventaudit" ("happened_on", "id", "line_id", "note", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "source_id", "status") VALUES (OLD."happened_on", OLD."id", OLD."line_id", OLD."note", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."ref", OLD."source_id", OLD."status"); RETURN NULL;',
                    hash="ddc65253623f661f146556d83e47c8d100714277",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_61fe7",
                    table="deals_financingevent",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="FinancingEventAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "ref",
                    models.SlugField(
                        blank=True,
                        db_index=False,
                        help_text="Stable name of this item within the deal; made when left empty.",
                        max_length=12,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("considered", "Considered"),
                            ("letter_of_interest", "Letter of interest"),
                            ("conditional", "Conditional"),
                            ("committed", "Committed"),
                            ("closed", "Closed"),
                            ("disbursed", "Disbursed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        help_text="How firm it is.",
                        max_length=20,
                    ),
                ),
                (
                    "happened_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="When, as exact as a source says.", null=True
                    ),
                ),
                ("note", models.CharField(blank=True, help_text="What happened.", max_length=300)),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Place in the list."),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="audit_rows",
                        to="deals.financingevent",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The line.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.financingline",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The source that says so.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.source",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financingeventaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5c0a40dbd0653ccd894a5571e4b26c71648df6ac",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f6a24",
                    table="deals_financingeventaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ref",
                    models.SlugField(
                        blank=True,
                        help_text="Stable name of this item within the deal; made when left empty.",
                        max_length=12,
                    ),
                ),
                (
                    "happened_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="When, as exact as a source says.", null=True
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("rumoured", "Rumoured"),
                            ("proposed", "Proposed"),
                            ("announced", "Announced"),
                            ("mou_signed", "MoU signed"),
                            ("agreement_signed", "Agreement signed"),
                            ("closed", "Closed"),
                            ("suspended", "Suspended"),
                            ("cancelled", "Cancelled"),
                            ("expired", "Expired"),
                        ],
                        help_text="What the agreement changed to; empty if it did not change.",
                        max_length=20,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("exploration", "Exploration"),
                            ("feasibility", "Feasibility"),
                            ("permitting", "Permitting"),
                            ("construction", "Construction"),
                            ("commissioning", "Commissioning"),
                            ("operating", "Operating"),
                            ("care_and_maintenance", "Care and maintenance"),
                            ("completed", "Completed"),
                            ("abandoned", "Abandoned"),
                        ],
                        help_text="What the project changed to; empty if it did not change.",
                        max_length=30,
                    ),
                ),
                (
                    "note",
                    models.CharField(help_text="What happened, in a sentence.", max_length=500),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Place in the list."),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        help_text="The deal.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestones",
                        to="deals.deal",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        help_text="The source that says so.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="deals.source",
                    ),
                ),
            ],
            options={
                "ordering": ("order", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("deal", "ref"), name="milestone_ref_once"),
                    models.CheckConstraint(
                        condition=config.lib.imprecise.IsWholePeriod(models.F("happened_on")),
                        name="milestone_happened_on",
                        violation_error_message="happened_on must be a whole year, month or day.",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="milestone",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_milestoneaudit" ("deal_id", "happened_on", "id", "note", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "source_id", "stage", "status") VALUES (NEW."deal_id", NEW."happened_on", NEW."id", NEW."note", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."ref", NEW."source_id", NEW."stage", NEW."status"); RETURN NULL;',
                    hash="06dd6d2126de5e62b803124655a86b844e8f6f4f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_73033",
                    table="deals_milestone",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="milestone",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "deals_milestoneaudit" ("deal_id", "happened_on", "id", "note", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "source_id", "stage", "status") VALUES (NEW."deal_id", NEW."happened_on", NEW."id", NEW."note", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."ref", NEW."source_id", NEW."stage", NEW."status"); RETURN NULL;',
                    hash="92bb750f9b9b4c3315ab497447c99d06c6786b20",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_884fc",
                    table="deals_milestone",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="milestone",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "deals_milestoneaudit" ("deal_id", "happened_on", "id", "note", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "source_id", "stage", "status") VALUES (OLD."deal_id", OLD."happened_on", OLD."id", OLD."note", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."ref", OLD."source_id", OLD."stage", OLD."status"); RETURN NULL;',
                    hash="a5f14d30967808d1e5a87c3bd9d9fefc79870a5b",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e6ed9",
                    table="deals_milestone",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="MilestoneAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "ref",
                    models.SlugField(
                        blank=True,
                        db_index=False,
                        help_text="Stable name of this item within the deal; made when left empty.",
                        max_length=12,
                    ),
                ),
                (
                    "happened_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="When, as exact as a source says.", null=True
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("rumoured", "Rumoured"),
                            ("proposed", "Proposed"),
                            ("announced", "Announced"),
                            ("mou_signed", "MoU signed"),
                            ("agreement_signed", "Agreement signed"),
                            ("closed", "Closed"),
                            ("suspended", "Suspended"),
                            ("cancelled", "Cancelled"),
                            ("expired", "Expired"),
                        ],
                        help_text="What the agreement changed to; empty if it did not change.",
                        max_length=20,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("exploration", "Exploration"),
                            ("feasibility", "Feasibility"),
                            ("permitting", "Permitting"),
                            ("construction", "Construction"),
                            ("commissioning", "Commissioning"),
                            ("operating", "Operating"),
                            ("care_and_maintenance", "Care and maintenance"),
                            ("completed", "Completed"),
                            ("abandoned", "Abandoned"),
                        ],
                        help_text="What the project changed to; empty if it did not change.",
                        max_length=30,
                    ),
                ),
                (
                    "note",
                    models.CharField(help_text="What happened, in a sentence.", max_length=500),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Place in the list."),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The deal.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.deal",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="audit_rows",
                        to="deals.milestone",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The source that says so.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.source",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="milestoneaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5889a43635200ce6a28d96248cdb96b2f974756a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_648a3",
                    table="deals_milestoneaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="CitationAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "ref",
                    models.SlugField(
                        blank=True,
                        db_index=False,
                        help_text="Stable name of this item within the deal; made when left empty.",
                        max_length=12,
                    ),
                ),
                (
                    "fact",
                    models.CharField(
                        choices=[
                            ("value", "Headline value"),
                            ("stake", "Stake"),
                            ("financing", "Financing"),
                            ("parties", "Parties"),
                            ("status", "Agreement"),
                            ("stage", "Stage"),
                            ("dates", "Dates"),
                            ("minerals", "Minerals"),
                            ("terms", "Terms"),
                            ("projects", "Projects"),
                            ("volume", "Volume"),
                            ("location", "Place"),
                            ("other", "Other"),
                        ],
                        help_text="Which fact it speaks to.",
                        max_length=12,
                    ),
                ),
                (
                    "item",
                    models.SlugField(
                        blank=True,
                        db_index=False,
                        help_text="The nested item it is about, by ref, such as f1; empty for the fact as a whole.",
                        max_length=12,
                    ),
                ),
                (
                    "locator",
                    models.CharField(blank=True, help_text="Page or paragraph.", max_length=120),
                ),
                (
                    "quote",
                    models.CharField(
                        blank=True, help_text="Short quote, at most 300 characters.", max_length=300
                    ),
                ),
                (
                    "stated",
                    models.CharField(
                        blank=True,
                        help_text="What this source says where it differs from the record.",
                        max_length=300,
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Place in the list."),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="audit_rows",
                        to="deals.citation",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The deal.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.deal",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The source.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deals.source",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="citationaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8a58b36e4cab832888dbbd9ac1e0abc6c649f347",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_e6eed",
                    table="deals_citationaudit",
                    when="BEFORE",
                ),
            ),
        ),
    ]
