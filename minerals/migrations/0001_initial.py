"""Initial tables, rules and triggers."""

import config.lib.imprecise
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("countries", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="CriticalityList",
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
                (
                    "label",
                    models.CharField(help_text="Short label, such as US 2025.", max_length=40),
                ),
                ("name", models.CharField(help_text="Title of the list.", max_length=200)),
                ("issuer", models.CharField(help_text="Who issued it.", max_length=200)),
                (
                    "legal_basis",
                    models.CharField(blank=True, help_text="Law or regulation.", max_length=300),
                ),
                (
                    "published_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Date of publication.", null=True
                    ),
                ),
                (
                    "url",
                    models.URLField(blank=True, help_text="Address of the list.", max_length=2000),
                ),
                (
                    "entry_count",
                    models.PositiveSmallIntegerField(help_text="Entries on the list itself."),
                ),
                (
                    "mapped_count",
                    models.PositiveSmallIntegerField(
                        help_text="Entries that are mapped to minerals here."
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="What to know about it.")),
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
                "ordering": ("label",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mapped_count__lte", models.F("entry_count"))),
                        name="criticality_list_mapped",
                    ),
                    models.CheckConstraint(
                        condition=config.lib.imprecise.IsWholePeriod(models.F("published_on")),
                        name="criticality_list_published_on",
                        violation_error_message="published_on must be a whole year, month or day.",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="criticalitylist",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "minerals_criticalitylistaudit" ("entry_count", "id", "issuer", "key", "label", "legal_basis", "mapped_count", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_on", "url") VALUES (NEW."entry_count", NEW."id", NEW."issuer", NEW."key", NEW."label", NEW."legal_basis", NEW."mapped_count", NEW."name", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."published_on", NEW."url"); RETURN NULL;',
                    hash="88e26a48fe68a9b79fdc2a778f8839c51b7088bf",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7633c",
                    table="minerals_criticalitylist",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="criticalitylist",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "minerals_criticalitylistaudit" ("entry_count", "id", "issuer", "key", "label", "legal_basis", "mapped_count", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_on", "url") VALUES (NEW."entry_count", NEW."id", NEW."issuer", NEW."key", NEW."label", NEW."legal_basis", NEW."mapped_count", NEW."name", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."published_on", NEW."url"); RETURN NULL;',
                    hash="adf33eb43218debfed7c4bce899a37d7ae199e53",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b9078",
                    table="minerals_criticalitylist",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="criticalitylist",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "minerals_criticalitylistaudit" ("entry_count", "id", "issuer", "key", "label", "legal_basis", "mapped_count", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_on", "url") VALUES (OLD."entry_count", OLD."id", OLD."issuer", OLD."key", OLD."label", OLD."legal_basis", OLD."mapped_count", OLD."name", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."published_on", OLD."url"); RETURN NULL;',
                    hash="2ce7c721207bd9e9112e6da9f6a1881ba64eb4f0",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_63795",
                    table="minerals_criticalitylist",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="CriticalityListAudit",
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
                (
                    "label",
                    models.CharField(help_text="Short label, such as US 2025.", max_length=40),
                ),
                ("name", models.CharField(help_text="Title of the list.", max_length=200)),
                ("issuer", models.CharField(help_text="Who issued it.", max_length=200)),
                (
                    "legal_basis",
                    models.CharField(blank=True, help_text="Law or regulation.", max_length=300),
                ),
                (
                    "published_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Date of publication.", null=True
                    ),
                ),
                (
                    "url",
                    models.URLField(blank=True, help_text="Address of the list.", max_length=2000),
                ),
                (
                    "entry_count",
                    models.PositiveSmallIntegerField(help_text="Entries on the list itself."),
                ),
                (
                    "mapped_count",
                    models.PositiveSmallIntegerField(
                        help_text="Entries that are mapped to minerals here."
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="What to know about it.")),
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
                        to="minerals.criticalitylist",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="criticalitylistaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="79899711141a0b74ec5545a3d55f44a019158420",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_e97a6",
                    table="minerals_criticalitylistaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Mineral",
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
                        help_text="Stable name, used in addresses and as a filter value.",
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
                    models.CharField(help_text="Name in English.", max_length=80, unique=True),
                ),
                (
                    "symbol",
                    models.CharField(
                        blank=True,
                        help_text="Element symbol; empty for what is no element.",
                        max_length=3,
                    ),
                ),
                (
                    "short_form",
                    models.CharField(
                        help_text="What its tile shows: the symbol, or three letters, such as REE.",
                        max_length=4,
                    ),
                ),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        help_text="Other names; search finds them.",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("battery_metal", "Battery metal"),
                            ("rare_earth", "Rare earths"),
                            ("light_rare_earth", "Light rare earth"),
                            ("heavy_rare_earth", "Heavy rare earth"),
                            ("refractory_metal", "Refractory metal"),
                            ("ferrous", "Ferrous metal"),
                            ("minor_metal", "Minor metal"),
                            ("base_metal", "Base metal"),
                            ("precious_metal", "Precious metal"),
                            ("platinum_group", "Platinum group"),
                            ("energy_mineral", "Energy mineral"),
                            ("industrial_mineral", "Industrial"),
                        ],
                        help_text="Family.",
                        max_length=20,
                    ),
                ),
                (
                    "uses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        blank=True,
                        default=list,
                        help_text="What it is used for.",
                    ),
                ),
                ("uses_note", models.TextField(blank=True, help_text="Where the uses come from.")),
                (
                    "sort_name",
                    models.CharField(editable=False, help_text="Name to sort by.", max_length=100),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        help_text="The group it is part of.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="minerals.mineral",
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
                "ordering": ("sort_name",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent__isnull", True),
                            models.Q(("parent", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="mineral_not_own_parent",
                        violation_error_message="A mineral cannot be part of itself.",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mineral",
            trigger=pgtrigger.compiler.Trigger(
                name="mineral_no_cycle",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NEW.parent_id IS NOT NULL AND EXISTS (\n        WITH RECURSIVE above AS (\n            SELECT id, parent_id FROM minerals_mineral WHERE id = NEW.parent_id\n            UNION\n            SELECT m.id, m.parent_id FROM minerals_mineral m JOIN above a ON m.id = a.parent_id\n        ) SELECT 1 FROM above WHERE id = NEW.id\n    ) THEN\n        RAISE EXCEPTION 'mineral % cannot be part of itself', NEW.slug\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'mineral_no_cycle';\n    END IF;\n    RETURN NEW;\n",
                    hash="47f82e8144eb0b1ec19e2b5b26498f7598bf0edb",
                    operation='INSERT OR UPDATE OF "parent_id"',
                    pgid="pgtrigger_mineral_no_cycle_b3495",
                    table="minerals_mineral",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mineral",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "minerals_mineralaudit" ("aliases", "category", "id", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_form", "slug", "sort_name", "symbol", "uses", "uses_note") VALUES (NEW."aliases", NEW."category", NEW."id", NEW."name", NEW."parent_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."short_form", NEW."slug", NEW."sort_name", NEW."symbol", NEW."uses", NEW."uses_note"); RETURN NULL;',
                    hash="08b64c4f1cc2f89b91a0c4484f2158ed0861985f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_96531",
                    table="minerals_mineral",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mineral",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "minerals_mineralaudit" ("aliases", "category", "id", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_form", "slug", "sort_name", "symbol", "uses", "uses_note") VALUES (NEW."aliases", NEW."category", NEW."id", NEW."name", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."short_form", NEW."slug", NEW."sort_name", NEW."symbol", NEW."uses", NEW."uses_note"); RETURN NULL;',
                    hash="1b9fdb852bd5d7bbad1af947b6947aab9af51c62",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_38923",
                    table="minerals_mineral",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mineral",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "minerals_mineralaudit" ("aliases", "category", "id", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_form", "slug", "sort_name", "symbol", "uses", "uses_note") VALUES (OLD."aliases", OLD."category", OLD."id", OLD."name", OLD."parent_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."short_form", OLD."slug", OLD."sort_name", OLD."symbol", OLD."uses", OLD."uses_note"); RETURN NULL;',
                    hash="953da217cc235e332d33400241ad9fb89609de05",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_7f15d",
                    table="minerals_mineral",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="MineralAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "slug",
                    models.SlugField(
                        db_index=False,
                        help_text="Stable name, used in addresses and as a filter value.",
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$",
                                "“%(value)s” is not a key: use lower-case letters, digits and single hyphens, such as kz-cove-tungsten.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(help_text="Name in English.", max_length=80)),
                (
                    "symbol",
                    models.CharField(
                        blank=True,
                        help_text="Element symbol; empty for what is no element.",
                        max_length=3,
                    ),
                ),
                (
                    "short_form",
                    models.CharField(
                        help_text="What its tile shows: the symbol, or three letters, such as REE.",
                        max_length=4,
                    ),
                ),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        help_text="Other names; search finds them.",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("battery_metal", "Battery metal"),
                            ("rare_earth", "Rare earths"),
                            ("light_rare_earth", "Light rare earth"),
                            ("heavy_rare_earth", "Heavy rare earth"),
                            ("refractory_metal", "Refractory metal"),
                            ("ferrous", "Ferrous metal"),
                            ("minor_metal", "Minor metal"),
                            ("base_metal", "Base metal"),
                            ("precious_metal", "Precious metal"),
                            ("platinum_group", "Platinum group"),
                            ("energy_mineral", "Energy mineral"),
                            ("industrial_mineral", "Industrial"),
                        ],
                        help_text="Family.",
                        max_length=20,
                    ),
                ),
                (
                    "uses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        blank=True,
                        default=list,
                        help_text="What it is used for.",
                    ),
                ),
                ("uses_note", models.TextField(blank=True, help_text="Where the uses come from.")),
                (
                    "sort_name",
                    models.CharField(editable=False, help_text="Name to sort by.", max_length=100),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The group it is part of.",
                        null=True,
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
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="audit_rows",
                        to="minerals.mineral",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mineralaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d7579000aa443c68d84351233cc493cfd3cf9c83",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_149b9",
                    table="minerals_mineralaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="PolicyMeasure",
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
                ("title", models.CharField(help_text="Title.", max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("export_control", "Export control"),
                            ("export_ban", "Export ban"),
                            ("quota", "Quota"),
                            ("import_tariff", "Import tariff"),
                            ("trade_status", "Trade status"),
                            ("incentive", "Incentive"),
                            ("stockpile", "Stockpile"),
                            ("list_designation", "List designation"),
                            ("partnership_framework", "Partnership framework"),
                        ],
                        help_text="Form of the measure.",
                        max_length=30,
                    ),
                ),
                (
                    "minerals_unspecified",
                    models.BooleanField(
                        default=False, help_text="It speaks of critical minerals in general."
                    ),
                ),
                (
                    "announced_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Announced.", null=True
                    ),
                ),
                (
                    "in_force_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="In force since.", null=True
                    ),
                ),
                (
                    "ended_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Ended or suspended on.", null=True
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("announced", "Announced"),
                            ("in_force", "In force"),
                            ("suspended", "Suspended"),
                            ("ended", "Ended"),
                            ("not_adopted", "Not adopted"),
                        ],
                        help_text="State as last known.",
                        max_length=15,
                    ),
                ),
                ("summary", models.TextField(help_text="What it does, in a few sentences.")),
                (
                    "issuer_bloc",
                    models.ForeignKey(
                        blank=True,
                        help_text="The bloc that issued it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="policies_issued",
                        to="countries.bloc",
                    ),
                ),
                (
                    "issuer_country",
                    models.ForeignKey(
                        blank=True,
                        help_text="The state that issued it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="policies_issued",
                        to="countries.country",
                    ),
                ),
                (
                    "minerals",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Minerals it names.",
                        related_name="policies",
                        to="minerals.mineral",
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
                (
                    "targets",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Countries it aims at.",
                        related_name="policies_targeting",
                        to="countries.country",
                    ),
                ),
            ],
            options={
                "ordering": ("-announced_on", "key"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("issuer_bloc__isnull", True), ("issuer_country__isnull", False)
                            ),
                            models.Q(
                                ("issuer_bloc__isnull", False), ("issuer_country__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="policy_one_issuer",
                        violation_error_message="Name either a country or a bloc as issuer.",
                    ),
                    models.CheckConstraint(
                        condition=config.lib.imprecise.IsWholePeriod(models.F("announced_on")),
                        name="policy_announced_on",
                        violation_error_message="announced_on must be a whole year, month or day.",
                    ),
                    models.CheckConstraint(
                        condition=config.lib.imprecise.IsWholePeriod(models.F("in_force_on")),
                        name="policy_in_force_on",
                        violation_error_message="in_force_on must be a whole year, month or day.",
                    ),
                    models.CheckConstraint(
                        condition=config.lib.imprecise.IsWholePeriod(models.F("ended_on")),
                        name="policy_ended_on",
                        violation_error_message="ended_on must be a whole year, month or day.",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="policymeasure",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "minerals_policymeasureaudit" ("announced_on", "ended_on", "id", "in_force_on", "issuer_bloc_id", "issuer_country_id", "key", "kind", "minerals_unspecified", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "summary", "title") VALUES (NEW."announced_on", NEW."ended_on", NEW."id", NEW."in_force_on", NEW."issuer_bloc_id", NEW."issuer_country_id", NEW."key", NEW."kind", NEW."minerals_unspecified", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."status", NEW."summary", NEW."title"); RETURN NULL;',
                    hash="e65736340d1723f3abe60d8cb4a144ec1cfb044b",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_3fa62",
                    table="minerals_policymeasure",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="policymeasure",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "minerals_policymeasureaudit" ("announced_on", "ended_on", "id", "in_force_on", "issuer_bloc_id", "issuer_country_id", "key", "kind", "minerals_unspecified", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "summary", "title") VALUES (NEW."announced_on", NEW."ended_on", NEW."id", NEW."in_force_on", NEW."issuer_bloc_id", NEW."issuer_country_id", NEW."key", NEW."kind", NEW."minerals_unspecified", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."status", NEW."summary", NEW."title"); RETURN NULL;',
                    hash="d0205b9654f000aee12bb8e48824cc6c0a04fd19",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d4c5b",
                    table="minerals_policymeasure",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="policymeasure",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "minerals_policymeasureaudit" ("announced_on", "ended_on", "id", "in_force_on", "issuer_bloc_id", "issuer_country_id", "key", "kind", "minerals_unspecified", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "summary", "title") VALUES (OLD."announced_on", OLD."ended_on", OLD."id", OLD."in_force_on", OLD."issuer_bloc_id", OLD."issuer_country_id", OLD."key", OLD."kind", OLD."minerals_unspecified", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."status", OLD."summary", OLD."title"); RETURN NULL;',
                    hash="8c898291efa77457e047aadef9e30d30cdb0d533",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2a355",
                    table="minerals_policymeasure",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="PolicyMeasureAudit",
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
                ("title", models.CharField(help_text="Title.", max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("export_control", "Export control"),
                            ("export_ban", "Export ban"),
                            ("quota", "Quota"),
                            ("import_tariff", "Import tariff"),
                            ("trade_status", "Trade status"),
                            ("incentive", "Incentive"),
                            ("stockpile", "Stockpile"),
                            ("list_designation", "List designation"),
                            ("partnership_framework", "Partnership framework"),
                        ],
                        help_text="Form of the measure.",
                        max_length=30,
                    ),
                ),
                (
                    "minerals_unspecified",
                    models.BooleanField(
                        default=False, help_text="It speaks of critical minerals in general."
                    ),
                ),
                (
                    "announced_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Announced.", null=True
                    ),
                ),
                (
                    "in_force_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="In force since.", null=True
                    ),
                ),
                (
                    "ended_on",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="Ended or suspended on.", null=True
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("announced", "Announced"),
                            ("in_force", "In force"),
                            ("suspended", "Suspended"),
                            ("ended", "Ended"),
                            ("not_adopted", "Not adopted"),
                        ],
                        help_text="State as last known.",
                        max_length=15,
                    ),
                ),
                ("summary", models.TextField(help_text="What it does, in a few sentences.")),
                (
                    "issuer_bloc",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The bloc that issued it.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="countries.bloc",
                    ),
                ),
                (
                    "issuer_country",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The state that issued it.",
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
                        to="minerals.policymeasure",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="policymeasureaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="62c93db37529da171e3b290486bd28cc7903d17f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c84f4",
                    table="minerals_policymeasureaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Production",
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
                        choices=[
                            ("mine_production", "mined"),
                            ("refinery_production", "refined"),
                            ("reserves", "reserves"),
                        ],
                        help_text="What is measured.",
                        max_length=20,
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(help_text="Year of the figure.")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=4, help_text="Amount, in the unit.", max_digits=20
                    ),
                ),
                ("unit", models.CharField(help_text="Unit, with what is counted.", max_length=60)),
                (
                    "world_total",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="World total that the source states, in the same unit.",
                        max_digits=20,
                        null=True,
                    ),
                ),
                (
                    "share_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="Share of the world total, in percent.",
                        max_digits=7,
                        null=True,
                    ),
                ),
                (
                    "rank",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="Place in the world.", null=True
                    ),
                ),
                (
                    "rank_basis",
                    models.CharField(
                        blank=True,
                        help_text="Among which countries the rank counts.",
                        max_length=200,
                    ),
                ),
                (
                    "is_estimated",
                    models.BooleanField(
                        default=False, help_text="The source calls it an estimate."
                    ),
                ),
                (
                    "is_preferred",
                    models.BooleanField(
                        default=True, help_text="The figure to show where sources differ."
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="What is included or left out.")),
                (
                    "country",
                    models.ForeignKey(
                        help_text="The country.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="production",
                        to="countries.country",
                    ),
                ),
                (
                    "mineral",
                    models.ForeignKey(
                        help_text="The mineral.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="production",
                        to="minerals.mineral",
                    ),
                ),
                (
                    "reference",
                    models.ForeignKey(
                        help_text="Its source.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="production",
                        to="countries.reference",
                    ),
                ),
            ],
            options={
                "ordering": ("mineral", "measure", "-year", "rank"),
                "indexes": [
                    models.Index(fields=["country", "measure", "-year"], name="production_country"),
                    models.Index(fields=["mineral", "measure", "-year"], name="production_mineral"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="production_amount"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("share_percent__isnull", True),
                            ("share_percent__range", (0, 100)),
                            _connector="OR",
                        ),
                        name="production_share",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="production",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "minerals_productionaudit" ("amount", "country_id", "id", "is_estimated", "is_preferred", "measure", "mineral_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "rank_basis", "reference_id", "share_percent", "unit", "world_total", "year") VALUES (NEW."amount", NEW."country_id", NEW."id", NEW."is_estimated", NEW."is_preferred", NEW."measure", NEW."mineral_id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."rank", NEW."rank_basis", NEW."reference_id", NEW."share_percent", NEW."unit", NEW."world_total", NEW."year"); RETURN NULL;',
                    hash="bd2d791aa42e7ebe4b43e118b16e062c62be57b0",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_38160",
                    table="minerals_production",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="production",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "minerals_productionaudit" ("amount", "country_id", "id", "is_estimated", "is_preferred", "measure", "mineral_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "rank_basis", "reference_id", "share_percent", "unit", "world_total", "year") VALUES (NEW."amount", NEW."country_id", NEW."id", NEW."is_estimated", NEW."is_preferred", NEW."measure", NEW."mineral_id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."rank", NEW."rank_basis", NEW."reference_id", NEW."share_percent", NEW."unit", NEW."world_total", NEW."year"); RETURN NULL;',
                    hash="4fa6631dcfaf4e801f3cbbed6ee0618e421e0beb",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7630e",
                    table="minerals_production",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="production",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "minerals_productionaudit" ("amount", "country_id", "id", "is_estimated", "is_preferred", "measure", "mineral_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "rank_basis", "reference_id", "share_percent", "unit", "world_total", "year") VALUES (OLD."amount", OLD."country_id", OLD."id", OLD."is_estimated", OLD."is_preferred", OLD."measure", OLD."mineral_id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."rank", OLD."rank_basis", OLD."reference_id", OLD."share_percent", OLD."unit", OLD."world_total", OLD."year"); RETURN NULL;',
                    hash="aa0cb53bf3b7bd97418100992d97ceaba367dd94",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fbdd3",
                    table="minerals_production",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ProductionAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("mine_production", "mined"),
                            ("refinery_production", "refined"),
                            ("reserves", "reserves"),
                        ],
                        help_text="What is measured.",
                        max_length=20,
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(help_text="Year of the figure.")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=4, help_text="Amount, in the unit.", max_digits=20
                    ),
                ),
                ("unit", models.CharField(help_text="Unit, with what is counted.", max_length=60)),
                (
                    "world_total",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="World total that the source states, in the same unit.",
                        max_digits=20,
                        null=True,
                    ),
                ),
                (
                    "share_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="Share of the world total, in percent.",
                        max_digits=7,
                        null=True,
                    ),
                ),
                (
                    "rank",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="Place in the world.", null=True
                    ),
                ),
                (
                    "rank_basis",
                    models.CharField(
                        blank=True,
                        help_text="Among which countries the rank counts.",
                        max_length=200,
                    ),
                ),
                (
                    "is_estimated",
                    models.BooleanField(
                        default=False, help_text="The source calls it an estimate."
                    ),
                ),
                (
                    "is_preferred",
                    models.BooleanField(
                        default=True, help_text="The figure to show where sources differ."
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="What is included or left out.")),
                (
                    "country",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The country.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="countries.country",
                    ),
                ),
                (
                    "mineral",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The mineral.",
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
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="audit_rows",
                        to="minerals.production",
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
            model_name="productionaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="57bd2a22ec54968c9d77caeecbb64a07b2a49f58",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6cbc4",
                    table="minerals_productionaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="TradeCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        help_text="Four or six digits.", max_length=6, verbose_name="HS code"
                    ),
                ),
                ("label", models.CharField(help_text="Text of the heading.", max_length=400)),
                (
                    "mineral",
                    models.ForeignKey(
                        help_text="The mineral.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trade_codes",
                        to="minerals.mineral",
                    ),
                ),
            ],
            options={
                "ordering": ("code",),
                "constraints": [
                    models.UniqueConstraint(fields=("mineral", "code"), name="trade_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9]{4}([0-9]{2})?$")),
                        name="trade_code_form",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tradecode",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "minerals_tradecodeaudit" ("code", "id", "label", "mineral_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."code", NEW."id", NEW."label", NEW."mineral_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="454cf31078c7b90a8098bfc2a82b5b42ff54a3e8",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_690e3",
                    table="minerals_tradecode",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tradecode",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "minerals_tradecodeaudit" ("code", "id", "label", "mineral_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."code", NEW."id", NEW."label", NEW."mineral_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="1d38e9ad189bb8e8dd486fbd1233b09fbf830483",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4f874",
                    table="minerals_tradecode",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tradecode",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "minerals_tradecodeaudit" ("code", "id", "label", "mineral_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."code", OLD."id", OLD."label", OLD."mineral_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                    hash="e31db5d1c8e708972cd3659f2420b7c2f35200cf",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_af979",
                    table="minerals_tradecode",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="TradeCodeAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "code",
                    models.CharField(
                        help_text="Four or six digits.", max_length=6, verbose_name="HS code"
                    ),
                ),
                ("label", models.CharField(help_text="Text of the heading.", max_length=400)),
                (
                    "mineral",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The mineral.",
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
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="audit_rows",
                        to="minerals.tradecode",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tradecodeaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="389f590199c208b8320d69c2140c4543e577ccf0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_82be4",
                    table="minerals_tradecodeaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="CountryFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("statement", models.TextField(help_text="The statement, in a sentence.")),
                (
                    "as_of",
                    models.CharField(
                        blank=True, help_text="Year or years it holds for.", max_length=20
                    ),
                ),
                (
                    "basis",
                    models.CharField(help_text="Stated by the source, or computed.", max_length=60),
                ),
                ("note", models.TextField(blank=True, help_text="What to keep in mind.")),
                (
                    "country",
                    models.ForeignKey(
                        help_text="The country.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="countries.country",
                    ),
                ),
                (
                    "reference",
                    models.ForeignKey(
                        blank=True,
                        help_text="Its source; empty where it is computed here.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="countries.reference",
                    ),
                ),
                (
                    "mineral",
                    models.ForeignKey(
                        blank=True,
                        help_text="The mineral it is about, if one.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="minerals.mineral",
                    ),
                ),
            ],
            options={
                "ordering": ("country", "id"),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="countryfact",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "minerals_countryfactaudit" ("as_of", "basis", "country_id", "id", "mineral_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference_id", "statement") VALUES (NEW."as_of", NEW."basis", NEW."country_id", NEW."id", NEW."mineral_id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reference_id", NEW."statement"); RETURN NULL;',
                    hash="4c3d9fa7575441f1c63bd3ba5ce5e8774b28b067",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_9cfb7",
                    table="minerals_countryfact",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="countryfact",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "minerals_countryfactaudit" ("as_of", "basis", "country_id", "id", "mineral_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference_id", "statement") VALUES (NEW."as_of", NEW."basis", NEW."country_id", NEW."id", NEW."mineral_id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reference_id", NEW."statement"); RETURN NULL;',
                    hash="b719f8b9ffde5f5d3a5e94d9a0b67cd4b42ee653",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e74ef",
                    table="minerals_countryfact",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="countryfact",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "minerals_countryfactaudit" ("as_of", "basis", "country_id", "id", "mineral_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference_id", "statement") VALUES (OLD."as_of", OLD."basis", OLD."country_id", OLD."id", OLD."mineral_id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reference_id", OLD."statement"); RETURN NULL;',
                    hash="f6aafb10b8eb83fc0f7330c759df11a619a9fe7c",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f44af",
                    table="minerals_countryfact",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Listing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "since",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="On the list since.", null=True
                    ),
                ),
                (
                    "note",
                    models.CharField(blank=True, help_text="Which grade or form.", max_length=300),
                ),
                (
                    "criticality_list",
                    models.ForeignKey(
                        help_text="The list.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listings",
                        to="minerals.criticalitylist",
                    ),
                ),
                (
                    "mineral",
                    models.ForeignKey(
                        help_text="The mineral.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listings",
                        to="minerals.mineral",
                    ),
                ),
                (
                    "via",
                    models.ForeignKey(
                        blank=True,
                        help_text="The listed group that it belongs to; empty if listed by name.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="minerals.mineral",
                    ),
                ),
            ],
            options={
                "ordering": ("criticality_list", "mineral"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("criticality_list", "mineral"), name="listing_once"
                    ),
                    models.CheckConstraint(
                        condition=config.lib.imprecise.IsWholePeriod(models.F("since")),
                        name="listing_since",
                        violation_error_message="since must be a whole year, month or day.",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listing",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "minerals_listingaudit" ("criticality_list_id", "id", "mineral_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "via_id") VALUES (NEW."criticality_list_id", NEW."id", NEW."mineral_id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."since", NEW."via_id"); RETURN NULL;',
                    hash="79342632afda9fcbaa61116dd04c7d5f4d886760",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a3e52",
                    table="minerals_listing",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listing",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "minerals_listingaudit" ("criticality_list_id", "id", "mineral_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "via_id") VALUES (NEW."criticality_list_id", NEW."id", NEW."mineral_id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."since", NEW."via_id"); RETURN NULL;',
                    hash="2820be14f21a9d03406b8c12e38b62a300086535",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6e630",
                    table="minerals_listing",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listing",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "minerals_listingaudit" ("criticality_list_id", "id", "mineral_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "via_id") VALUES (OLD."criticality_list_id", OLD."id", OLD."mineral_id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."since", OLD."via_id"); RETURN NULL;',
                    hash="97cfebbbb026b049a0b0f3d5a84ff7ed9fd4f8f3",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d22ad",
                    table="minerals_listing",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ListingAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "since",
                    config.lib.imprecise.ImpreciseDateField(
                        blank=True, help_text="On the list since.", null=True
                    ),
                ),
                (
                    "note",
                    models.CharField(blank=True, help_text="Which grade or form.", max_length=300),
                ),
                (
                    "criticality_list",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The list.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="minerals.criticalitylist",
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
                        to="minerals.listing",
                    ),
                ),
                (
                    "mineral",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The mineral.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="minerals.mineral",
                    ),
                ),
                (
                    "via",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The listed group that it belongs to; empty if listed by name.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="minerals.mineral",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listingaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8ed39f0826fb03fd46da85955677e494f1666584",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_14ad9",
                    table="minerals_listingaudit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="CountryFactAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("statement", models.TextField(help_text="The statement, in a sentence.")),
                (
                    "as_of",
                    models.CharField(
                        blank=True, help_text="Year or years it holds for.", max_length=20
                    ),
                ),
                (
                    "basis",
                    models.CharField(help_text="Stated by the source, or computed.", max_length=60),
                ),
                ("note", models.TextField(blank=True, help_text="What to keep in mind.")),
                (
                    "country",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The country.",
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
                        to="minerals.countryfact",
                    ),
                ),
                (
                    "reference",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Its source; empty where it is computed here.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="countries.reference",
                    ),
                ),
                (
                    "mineral",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The mineral it is about, if one.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="minerals.mineral",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="countryfactaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e1abf3a5146829b803baa7c9a2abf9bff18f2ecf",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7d025",
                    table="minerals_countryfactaudit",
                    when="BEFORE",
                ),
            ),
        ),
    ]
