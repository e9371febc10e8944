"""Initial tables, rules and triggers."""

import config.lib.imprecise
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reference",
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
                        help_text="Stable name of this source.",
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
                    "url",
                    models.URLField(
                        blank=True,
                        help_text="Address; empty for a source without one.",
                        max_length=2000,
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        blank=True, help_text="Title as the source gives it.", max_length=500
                    ),
                ),
                (
                    "publisher",
                    models.CharField(blank=True, help_text="Who published it.", max_length=200),
                ),
                (
                    "edition",
                    models.CharField(blank=True, help_text="Edition or release.", max_length=200),
                ),
                (
                    "licence",
                    models.CharField(blank=True, help_text="Terms of reuse.", max_length=500),
                ),
                (
                    "published_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Date of publication.", null=True
                    ),
                ),
            ],
            options={
                "ordering": ("publisher", "title", "key"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("url", ""), _negated=True),
                            models.Q(("title", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="reference_says_something",
                        violation_error_message="A reference needs an address or a title.",
                    ),
                    models.CheckConstraint(
                        condition=config.lib.imprecise.IsWholePeriod(models.F("published_on")),
                        name="reference_published_on",
                        violation_error_message="published_on must be a whole year, month or day.",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reference",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "countries_referenceaudit" ("edition", "id", "key", "licence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_on", "publisher", "title", "url") VALUES (NEW."edition", NEW."id", NEW."key", NEW."licence", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."published_on", NEW."publisher", NEW."title", NEW."url"); RETURN NULL;',
                    hash="1eebb1ff35c66017e86cb6d9d5e1b4e8c76e824d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_fe442",
                    table="countries_reference",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reference",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "countries_referenceaudit" ("edition", "id", "key", "licence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_on", "publisher", "title", "url") VALUES (NEW."edition", NEW."id", NEW."key", NEW."licence", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."published_on", NEW."publisher", NEW."title", NEW."url"); RETURN NULL;',
                    hash="520fea60113b7200c7e0323cfc3e111c7a97d896",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_df409",
                    table="countries_reference",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reference",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "countries_referenceaudit" ("edition", "id", "key", "licence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_on", "publisher", "title", "url") VALUES (OLD."edition", OLD."id", OLD."key", OLD."licence", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."published_on", OLD."publisher", OLD."title", OLD."url"); RETURN NULL;',
                    hash="c905486d974b28fe1e608b792eb30a51d949857f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e55c8",
                    table="countries_reference",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ReferenceAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "key",
                    models.SlugField(
                        db_index=False,
                        help_text="Stable name of this source.",
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$",
                                "“%(value)s” is not a key: use lower-case letters, digits and single hyphens, such as kz-cove-tungsten.",
                            )
                        ],
                    ),
                ),
                (
                    "url",
                    models.URLField(
                        blank=True,
                        help_text="Address; empty for a source without one.",
                        max_length=2000,
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        blank=True, help_text="Title as the source gives it.", max_length=500
                    ),
                ),
                (
                    "publisher",
                    models.CharField(blank=True, help_text="Who published it.", max_length=200),
                ),
                (
                    "edition",
                    models.CharField(blank=True, help_text="Edition or release.", max_length=200),
                ),
                (
                    "licence",
                    models.CharField(blank=True, help_text="Terms of reuse.", max_length=500),
                ),
                (
                    "published_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Date of publication.", null=True
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
                        to="countries.reference",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="referenceaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="56efd3c66dd8fa698c7991bab94ad8aa4110083a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_72b6e",
                    table="countries_referenceaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Country",
            fields=[
                (
                    "iso2",
                    models.CharField(
                        help_text="ISO 3166-1 alpha-2, upper case.",
                        max_length=2,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ISO alpha-2",
                    ),
                ),
                (
                    "iso3",
                    models.CharField(
                        help_text="ISO 3166-1 alpha-3.",
                        max_length=3,
                        unique=True,
                        verbose_name="ISO alpha-3",
                    ),
                ),
                (
                    "numeric",
                    models.CharField(
                        help_text="ISO 3166-1 numeric, three digits.",
                        max_length=3,
                        unique=True,
                        verbose_name="ISO numeric",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Short name (Unicode CLDR).", max_length=100, unique=True
                    ),
                ),
                (
                    "iso_name",
                    models.CharField(
                        help_text="Name in ISO 3166-1.", max_length=100, verbose_name="ISO name"
                    ),
                ),
                (
                    "official_name",
                    models.CharField(blank=True, help_text="Formal name.", max_length=200),
                ),
                ("region", models.CharField(help_text="UN M49 region.", max_length=60)),
                (
                    "subregion",
                    models.CharField(blank=True, help_text="UN M49 sub-region.", max_length=60),
                ),
                (
                    "sort_name",
                    models.CharField(editable=False, help_text="Name to sort by.", max_length=120),
                ),
            ],
            options={
                "verbose_name_plural": "countries",
                "ordering": ("sort_name",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("iso2__regex", "^[A-Z]{2}$")), name="country_iso2_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("iso3__regex", "^[A-Z]{3}$")), name="country_iso3_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("numeric__regex", "^[0-9]{3}$")),
                        name="country_numeric_form",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="country",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "countries_countryaudit" ("iso2", "iso3", "iso_name", "name", "numeric", "official_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region", "sort_name", "subregion") VALUES (NEW."iso2", NEW."iso3", NEW."iso_name", NEW."name", NEW."numeric", NEW."official_name", _pgh_attach_context(), NOW(), \'insert\', NEW."iso2", NEW."region", NEW."sort_name", NEW."subregion"); RETURN NULL;',
                    hash="f19fe7d83821b72a80454c96a602e22a82964647",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_1b65e",
                    table="countries_country",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="country",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "countries_countryaudit" ("iso2", "iso3", "iso_name", "name", "numeric", "official_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region", "sort_name", "subregion") VALUES (NEW."iso2", NEW."iso3", NEW."iso_name", NEW."name", NEW."numeric", NEW."official_name", _pgh_attach_context(), NOW(), \'update\', NEW."iso2", NEW."region", NEW."sort_name", NEW."subregion"); RETURN NULL;',
                    hash="03e01c2a4df02a525c048eff00752a667e209954",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_35a7b",
                    table="countries_country",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="country",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "countries_countryaudit" ("iso2", "iso3", "iso_name", "name", "numeric", "official_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region", "sort_name", "subregion") VALUES (OLD."iso2", OLD."iso3", OLD."iso_name", OLD."name", OLD."numeric", OLD."official_name", _pgh_attach_context(), NOW(), \'delete\', OLD."iso2", OLD."region", OLD."sort_name", OLD."subregion"); RETURN NULL;',
                    hash="650cf16fe41fb19ba2e480aa5d0c87cdb3df772f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_0b57e",
                    table="countries_country",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Bloc",
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
                        help_text="Stable name, used as a filter value.",
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
                ("name", models.CharField(help_text="Full name.", max_length=120, unique=True)),
                (
                    "short_name",
                    models.CharField(
                        help_text="Short name, shown where room is scarce.", max_length=40
                    ),
                ),
                ("summary", models.TextField(blank=True, help_text="What it is, in a sentence.")),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="What is uncertain about its membership."
                    ),
                ),
                (
                    "sort_name",
                    models.CharField(editable=False, help_text="Name to sort by.", max_length=120),
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
                "ordering": ("sort_name",),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bloc",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "countries_blocaudit" ("id", "key", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_name", "sort_name", "summary") VALUES (NEW."id", NEW."key", NEW."name", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."short_name", NEW."sort_name", NEW."summary"); RETURN NULL;',
                    hash="a1f1262dc5eed34298e951f4fa485466c6a3a6cf",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ce002",
                    table="countries_bloc",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bloc",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "countries_blocaudit" ("id", "key", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_name", "sort_name", "summary") VALUES (NEW."id", NEW."key", NEW."name", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."short_name", NEW."sort_name", NEW."summary"); RETURN NULL;',
                    hash="63585af43e7b52c297d0784cbb442b7a4c90507a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b7771",
                    table="countries_bloc",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bloc",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "countries_blocaudit" ("id", "key", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_name", "sort_name", "summary") VALUES (OLD."id", OLD."key", OLD."name", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."short_name", OLD."sort_name", OLD."summary"); RETURN NULL;',
                    hash="d5ad00b7b428df074c96a9e37f7ae90541ae2967",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_05e07",
                    table="countries_bloc",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="CountryAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "iso2",
                    models.CharField(
                        help_text="ISO 3166-1 alpha-2, upper case.",
                        max_length=2,
                        serialize=False,
                        verbose_name="ISO alpha-2",
                    ),
                ),
                (
                    "iso3",
                    models.CharField(
                        help_text="ISO 3166-1 alpha-3.", max_length=3, verbose_name="ISO alpha-3"
                    ),
                ),
                (
                    "numeric",
                    models.CharField(
                        help_text="ISO 3166-1 numeric, three digits.",
                        max_length=3,
                        verbose_name="ISO numeric",
                    ),
                ),
                ("name", models.CharField(help_text="Short name (Unicode CLDR).", max_length=100)),
                (
                    "iso_name",
                    models.CharField(
                        help_text="Name in ISO 3166-1.", max_length=100, verbose_name="ISO name"
                    ),
                ),
                (
                    "official_name",
                    models.CharField(blank=True, help_text="Formal name.", max_length=200),
                ),
                ("region", models.CharField(help_text="UN M49 region.", max_length=60)),
                (
                    "subregion",
                    models.CharField(blank=True, help_text="UN M49 sub-region.", max_length=60),
                ),
                (
                    "sort_name",
                    models.CharField(editable=False, help_text="Name to sort by.", max_length=120),
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
                        to="countries.country",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="countryaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="1d9a37fb67eeb638b56d5cbc7296883576cdd841",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c86be",
                    table="countries_countryaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "body",
                    models.CharField(
                        blank=True,
                        help_text="A member that is no country, such as the EU.",
                        max_length=120,
                    ),
                ),
                (
                    "since",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Member since, as far as known.", null=True
                    ),
                ),
                (
                    "until",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Member until; empty if still.", null=True
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("member", "Member"),
                            ("partner", "Partner"),
                            ("observer", "Observer"),
                            ("disputed", "Disputed"),
                        ],
                        default="member",
                        help_text="How it belongs.",
                        max_length=10,
                    ),
                ),
                (
                    "bloc",
                    models.ForeignKey(
                        help_text="The bloc.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="countries.bloc",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        help_text="The country; empty for a body that is none.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="countries.country",
                    ),
                ),
            ],
            options={
                "ordering": ("bloc", "country", "body"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("bloc", "country", "body"),
                        name="membership_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body", ""), ("country__isnull", False)),
                            models.Q(
                                ("country__isnull", True), models.Q(("body", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="membership_country_or_body",
                        violation_error_message="Name either a country or another body.",
                    ),
                    models.CheckConstraint(
                        condition=config.lib.imprecise.IsWholePeriod(models.F("since")),
                        name="membership_since",
                        violation_error_message="since must be a whole year, month or day.",
                    ),
                    models.CheckConstraint(
                        condition=config.lib.imprecise.IsWholePeriod(models.F("until")),
                        name="membership_until",
                        violation_error_message="until must be a whole year, month or day.",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "countries_membershipaudit" ("bloc_id", "body", "country_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "status", "until") VALUES (NEW."bloc_id", NEW."body", NEW."country_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."since", NEW."status", NEW."until"); RETURN NULL;',
                    hash="c379a7fc7cfebbe4421977032a4b9c7ffb770d7a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f0ef6",
                    table="countries_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "countries_membershipaudit" ("bloc_id", "body", "country_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "status", "until") VALUES (NEW."bloc_id", NEW."body", NEW."country_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."since", NEW."status", NEW."until"); RETURN NULL;',
                    hash="8ea8d1ecb086c71dc0e777edec5f4e9b4464b5c9",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_85db7",
                    table="countries_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "countries_membershipaudit" ("bloc_id", "body", "country_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "status", "until") VALUES (OLD."bloc_id", OLD."body", OLD."country_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."since", OLD."status", OLD."until"); RETURN NULL;',
                    hash="efa070d7feca9f6c5eea0fa403e27ff88070645d",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_15f35",
                    table="countries_membership",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="MembershipAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "body",
                    models.CharField(
                        blank=True,
                        help_text="A member that is no country, such as the EU.",
                        max_length=120,
                    ),
                ),
                (
                    "since",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Member since, as far as known.", null=True
                    ),
                ),
                (
                    "until",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Member until; empty if still.", null=True
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("member", "Member"),
                            ("partner", "Partner"),
                            ("observer", "Observer"),
                            ("disputed", "Disputed"),
                        ],
                        default="member",
                        help_text="How it belongs.",
                        max_length=10,
                    ),
                ),
                (
                    "bloc",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The bloc.",
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
                        help_text="The country; empty for a body that is none.",
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
                        to="countries.membership",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membershipaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c7f8f2bf8e69ed36efd332fe23743dc5851165c4",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c5a1f",
                    table="countries_membershipaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="BlocAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "key",
                    models.SlugField(
                        db_index=False,
                        help_text="Stable name, used as a filter value.",
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$",
                                "“%(value)s” is not a key: use lower-case letters, digits and single hyphens, such as kz-cove-tungsten.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(help_text="Full name.", max_length=120)),
                (
                    "short_name",
                    models.CharField(
                        help_text="Short name, shown where room is scarce.", max_length=40
                    ),
                ),
                ("summary", models.TextField(blank=True, help_text="What it is, in a sentence.")),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="What is uncertain about its membership."
                    ),
                ),
                (
                    "sort_name",
                    models.CharField(editable=False, help_text="Name to sort by.", max_length=120),
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
                        to="countries.bloc",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="blocaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c7aea231fdf310e2486b0287df41fa54ad1211c7",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_af7a7",
                    table="countries_blocaudit",
                    when="BEFORE",
                ),
            ),
        ),
    ]
